package webbot

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"mime"
	"net"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

//go:embed page
var page embed.FS

// problem is an error as the page shows it.
type problem struct {
	Error string `json:"error"`
}

// sentence makes an error's text a sentence.
func sentence(err error) string {
	s := err.Error()
	r, n := utf8.DecodeRuneInString(s)
	s = string(unicode.ToUpper(r)) + s[n:]
	if !strings.HasSuffix(s, ".") {
		s += "."
	}
	return s
}

func respond(w http.ResponseWriter, status int, body any) {
	b, err := json.Marshal(body)
	if err != nil {
		status, b = http.StatusInternalServerError, []byte(`{"error":"Something went wrong here. Try again."}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(b)
}

// patient lifts a server's limit on the time of an answer: waiting for a slow call, or playing a
// month of demo time, has limits of its own.
func patient(w http.ResponseWriter) { _ = http.NewResponseController(w).SetWriteDeadline(time.Time{}) }

func fail(w http.ResponseWriter, status int, s string) { respond(w, status, problem{s}) }

// readJSON reads a request's body. It takes JSON only: a foreign page can send a form or plain
// text anywhere without asking, but not JSON.
func readJSON(w http.ResponseWriter, r *http.Request, into any) bool {
	if t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || t != "application/json" {
		fail(w, http.StatusUnsupportedMediaType, "This address takes JSON only.")
		return false
	}
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		fail(w, http.StatusRequestEntityTooLarge, "That is too long: send it in parts.")
		return false
	case err != nil || json.Unmarshal(b, into) != nil:
		fail(w, http.StatusBadRequest, "That request cannot be read: reload the page.")
		return false
	}
	return true
}

// guard lets a request in that names an allowed host and does not come from a foreign site,
// and sets the headers that keep the page to itself.
func (p *Platform) guard(next http.Handler) http.Handler {
	foreign := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "+
			"connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if !p.hostAllowed(r.Host) {
			fail(w, http.StatusMisdirectedRequest, "This chat answers on this machine only: open it as http://localhost with its port.")
			return
		}
		if foreign.Check(r) != nil || r.Header.Get("Sec-Fetch-Site") == "cross-site" && strings.HasPrefix(r.URL.Path, "/web/") {
			fail(w, http.StatusForbidden, "This request came from another site.")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// hostAllowed keeps out requests whose Host is a foreign name that was pointed at this machine.
func (p *Platform) hostAllowed(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.Trim(strings.ToLower(name), "[]")
	if ip := net.ParseIP(name); ip != nil && ip.IsLoopback() {
		return true
	}
	return name == "localhost" || slices.ContainsFunc(p.cfg.Hosts, func(ok string) bool {
		return strings.EqualFold(ok, name) || strings.EqualFold(ok, host)
	})
}

// assets serves the embedded files. Their tag is a hash of the content, so that a browser asks
// every time and reads only what changed.
func assets() (http.Handler, error) {
	type asset struct {
		body []byte
		tag  string
	}
	files := map[string]asset{}
	err := fs.WalkDir(page, "page", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := page.ReadFile(name)
		sum := sha256.Sum256(b)
		files[strings.TrimPrefix(name, "page/")] = asset{b, `"` + hex.EncodeToString(sum[:8]) + `"`}
		return err
	})
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/web/assets/")
		if r.URL.Path == "/" {
			name = "index.html"
		}
		f, ok := files[name]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("ETag", f.tag)
		w.Header().Set("Cache-Control", "no-cache")
		// Not by the machine's table of types: on some the one for .js is wrong.
		w.Header().Set("Content-Type", map[string]string{
			".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8",
			".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
		}[path.Ext(name)])
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.body))
	}), nil
}

func (p *Platform) index(w http.ResponseWriter, r *http.Request) { p.pages.ServeHTTP(w, r) }

// hello tells the page all that does not change while it is open.
func (p *Platform) hello(w http.ResponseWriter, _ *http.Request) {
	type personView struct {
		ID       string `json:"id"`
		Handle   string `json:"handle"`
		Name     string `json:"name"`
		Role     string `json:"role"`
		Campus   string `json:"campus,omitempty"`
		Featured bool   `json:"featured,omitempty"`
	}
	people := []personView{}
	for _, x := range p.cfg.Personas() {
		people = append(people, personView{x.Account.User, x.Handle, x.Name, x.Role, x.Campus, x.Featured})
	}
	home := slices.ContainsFunc(p.meta, func(c commandInfo) bool { return c.home })
	respond(w, http.StatusOK, map[string]any{
		"district": p.cfg.District,
		"demo":     p.cfg.Clock != nil,
		"home":     home,
		"personas": people,
		"commands": p.meta,
		"max":      maxTyped,
	})
}

// listRooms lists the rooms of a persona, with the newest message of each for the unread dots.
func (p *Platform) listRooms(w http.ResponseWriter, r *http.Request) {
	who, ok := p.persona(r.FormValue("as"))
	if !ok {
		fail(w, http.StatusForbidden, "Choose who you are first.")
		return
	}
	type roomView struct {
		ID      string `json:"id"`
		Name    string `json:"name"`
		Topic   string `json:"topic,omitempty"`
		Members int    `json:"members,omitempty"`
		Direct  bool   `json:"direct,omitempty"`
		Last    string `json:"last,omitempty"`
	}
	rooms := []roomView{}
	for _, x := range p.roomsOf(who) {
		last, err := p.store.last(r.Context(), x.Room.ID)
		if err != nil {
			res := p.away(err)
			respond(w, res.status, res.body)
			return
		}
		rooms = append(rooms, roomView{x.Room.ID, x.Name, x.Topic, x.Members, x.Direct, last})
	}
	respond(w, http.StatusOK, map[string]any{"rooms": rooms})
}

// listMessages gives one page of a room's history, oldest first.
func (p *Platform) listMessages(w http.ResponseWriter, r *http.Request) {
	who, ok := p.persona(r.FormValue("as"))
	roomID := r.FormValue("room")
	if ok {
		_, ok = p.sees(who, roomID)
	}
	if !ok {
		fail(w, http.StatusForbidden, "That room is not one of yours.")
		return
	}
	n, err := strconv.Atoi(r.FormValue("limit"))
	if err != nil || n <= 0 {
		n = firstPage
	}
	messages, more, err := p.store.page(r.Context(), roomID, r.FormValue("before"), min(n, maxPage))
	if err != nil {
		res := p.away(err)
		respond(w, res.status, res.body)
		return
	}
	names, views := p.names(), []messageView{}
	for _, m := range messages {
		views = append(views, p.view(r.Context(), roomID, m, names))
	}
	respond(w, http.StatusOK, map[string]any{"messages": views, "more": more})
}
