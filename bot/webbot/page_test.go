package webbot

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
)

// server runs a platform behind HTTP without a bot; run connects one.
func server(t *testing.T, p *Platform) string {
	t.Helper()
	mux := http.NewServeMux()
	for pattern, h := range p.Routes() {
		mux.Handle(pattern, h)
	}
	s := httptest.NewServer(mux)
	t.Cleanup(func() {
		p.streams.closeAll() // or Close waits for the pages
		s.Close()
	})
	return s.URL
}

func newUUID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b)
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// httpPage is the page without a browser: it does over HTTP what the page's modules do, and
// keeps in memory what they keep.
type httpPage struct {
	base, as, page string

	mu       sync.Mutex
	privates []*card
	home     *card
	forms    []*filledForm
	late     map[string]source
	last     []byte // the last action as it was sent
	ready    chan struct{}
	seen     []string // names of the events that came
}

// source is where a press was made, or where a form was opened from.
type source struct {
	private *card
	home    bool
	form    *filledForm
	room    string
}

type filledForm struct {
	form   form
	values map[string][]string
	errors map[string]string
	from   source
}

func newHTTPPage(base, as string) *httpPage {
	return &httpPage{base: base, as: as, page: newUUID(), late: map[string]source{}, ready: make(chan struct{})}
}

// listen reads the event stream until ctx ends.
func (h *httpPage) listen(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, h.base+"/web/live?"+url.Values{"as": {h.as}, "page": {h.page}}.Encode(), nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req) //nolint:bodyclose // the stream is read, and closed, by the goroutine below
	if err != nil {
		return err
	}
	go func() {
		defer res.Body.Close()
		in := bufio.NewScanner(res.Body)
		in.Buffer(nil, 8<<20)
		event := ""
		for in.Scan() {
			if e, ok := strings.CutPrefix(in.Text(), "event: "); ok {
				event = e
			} else if d, ok := strings.CutPrefix(in.Text(), "data: "); ok {
				h.event(event, []byte(d))
			}
		}
	}()
	<-h.ready
	return nil
}

func (h *httpPage) event(name string, data []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seen = append(h.seen, name)
	switch name {
	case "hello":
		close(h.ready)
	case "home":
		var e struct{ Card card }
		if json.Unmarshal(data, &e) == nil {
			h.home = &e.Card
		}
	case "answer":
		var e struct {
			Call   string
			Answer answer
		}
		if json.Unmarshal(data, &e) == nil {
			if from, ok := h.late[e.Call]; ok {
				delete(h.late, e.Call)
				h.apply(e.Answer, from)
			}
		}
	}
}

// send posts a body and decodes the answer; a refusal is an error with the server's sentence.
func (h *httpPage) send(path string, body []byte, into any) error {
	res, err := http.Post(h.base+"/web/"+path, "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	return decodeResponse(res, into)
}

func (h *httpPage) get(path string, q url.Values, into any) error {
	q.Set("as", h.as)
	res, err := http.Get(h.base + "/web/" + path + "?" + q.Encode())
	if err != nil {
		return err
	}
	return decodeResponse(res, into)
}

func decodeResponse(res *http.Response, into any) error {
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		var p problem
		_ = json.NewDecoder(res.Body).Decode(&p)
		return fmt.Errorf("%d: %s", res.StatusCode, p.Error)
	}
	return json.NewDecoder(res.Body).Decode(into)
}

// act does one action and shows its answer.
func (h *httpPage) act(a action, from source) (reply, error) {
	a.ID, a.As, a.Page = newUUID(), h.as, h.page
	body, _ := json.Marshal(a)
	h.mu.Lock()
	h.last = body
	h.late["web:"+a.ID] = from
	h.mu.Unlock()
	var got reply
	if err := h.send("act", body, &got); err != nil {
		return got, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if got.Answer.Kind != "later" {
		delete(h.late, "web:"+a.ID)
		h.apply(got.Answer, from)
	}
	return got, nil
}

// apply shows an answer as main.js does. Called with mu held.
func (h *httpPage) apply(a answer, from source) {
	if from.form != nil && a.Kind != "errors" {
		h.forms = slices.DeleteFunc(h.forms, func(f *filledForm) bool { return f == from.form })
	}
	switch a.Kind {
	case "private":
		h.privates = append(h.privates, a.Card)
	case "home":
		h.home = a.Card
	case "update":
		switch {
		case a.Message != nil: // the room shows it
		case from.private != nil:
			*from.private = *a.Card
		case from.home:
			h.home = a.Card
		default:
			h.privates = append(h.privates, a.Card)
		}
	case "form":
		f := &filledForm{form: *a.Form, values: map[string][]string{}, from: from}
		for _, fd := range a.Form.Fields {
			f.values[fd.Name] = fd.Value
		}
		f.from.form = nil
		h.forms = append(h.forms, f)
	case "errors":
		from.form.errors = a.Errors
	}
}

// messages are a room's messages, oldest first.
func (h *httpPage) messages(roomID string) ([]messageView, error) {
	var got struct{ Messages []messageView }
	err := h.get("messages", url.Values{"room": {roomID}, "limit": {"200"}}, &got)
	return got.Messages, err
}

func (h *httpPage) rooms() ([]string, error) {
	var got struct{ Rooms []struct{ ID string } }
	err := h.get("rooms", url.Values{}, &got)
	var out []string
	for _, r := range got.Rooms {
		out = append(out, r.ID)
	}
	return out, err
}

// place is a card that is before somebody.
type place struct {
	card card
	at   source
	id   string // of a posted message
}

func (h *httpPage) places() []place {
	var out []place
	rooms, _ := h.rooms()
	for _, r := range rooms {
		messages, _ := h.messages(r)
		for _, m := range messages {
			if m.Card != nil {
				out = append(out, place{*m.Card, source{room: r}, m.ID})
			}
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range h.privates {
		out = append(out, place{*c, source{private: c}, ""})
	}
	if h.home != nil {
		out = append(out, place{*h.home, source{home: true}, ""})
	}
	return out
}

// buttons are all buttons of a card in order.
func (c card) buttons() []button {
	var out []button
	for _, b := range c.Blocks {
		out = append(out, b.Buttons...)
		for _, it := range b.Items {
			if it.Button != nil {
				out = append(out, *it.Button)
			}
		}
	}
	return out
}

func (h *httpPage) click(label string) (reply, error) {
	for _, pl := range slices.Backward(h.places()) {
		for _, b := range pl.card.buttons() {
			if b.Label == label {
				return h.act(action{Kind: "click", Button: b.ID, Room: pl.at.room, Message: pl.id}, pl.at)
			}
		}
	}
	return reply{}, fmt.Errorf("%s sees no button %q", h.as, label)
}
