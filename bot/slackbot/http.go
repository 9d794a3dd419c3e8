package slackbot

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"rounds/bot/service"
)

// Routes are the endpoints, empty without a signing secret. Commands, interactions and events
// may all come to any of them.
func (p *Platform) Routes() map[string]http.Handler {
	if p.cfg.SigningSecret == "" {
		return nil
	}
	h := http.HandlerFunc(p.serve)
	return map[string]http.Handler{
		"POST /slack/events":        h,
		"POST /slack/commands":      h,
		"POST /slack/interactivity": h,
	}
}

// verify checks Slack's signature over the raw body. It does not tell a replay within
// five minutes; that is what Call.ID is for.
func verify(h http.Header, body []byte, secret string, now time.Time) error {
	stamp := h.Get("X-Slack-Request-Timestamp")
	sent, ok := strings.CutPrefix(h.Get("X-Slack-Signature"), "v0=")
	if !ok || stamp == "" || secret == "" {
		return service.ErrUnsigned
	}
	if err := service.Fresh(stamp, now); err != nil {
		return err
	}
	given, err := hex.DecodeString(sent)
	if err != nil {
		return service.ErrForged
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + stamp + ":"))
	mac.Write(body)
	if !hmac.Equal(given, mac.Sum(nil)) {
		return service.ErrForged
	}
	return nil
}

func (p *Platform) serve(w http.ResponseWriter, r *http.Request) {
	body, err := service.Body(w, r)
	if err != nil {
		p.bad(w, http.StatusRequestEntityTooLarge, err)
		return
	}
	if err := verify(r.Header, body, p.cfg.SigningSecret, p.cfg.Now()); err != nil {
		p.bad(w, http.StatusUnauthorized, err)
		return
	}
	in, answer, err := p.decode(r.Header.Get("Content-Type"), body)
	switch {
	case err != nil:
		p.bad(w, http.StatusBadRequest, err)
		return
	case answer != nil:
		writeJSON(w, answer)
		return
	case !in.Taken():
		p.left(in)
		w.WriteHeader(http.StatusOK)
		return
	}
	take, base := p.intake.Taker()
	if take == nil {
		// Slack sends an event again after this; a person sees that it did not work.
		http.Error(w, "starting or stopping", http.StatusServiceUnavailable)
		return
	}
	call, first := p.once.First(in.Call.ID, time.Now(), newTaken())
	if !first {
		p.count(func(c *Counters) { c.Duplicates++ })
		ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
		defer cancel()
		writeRaw(w, call.wait(ctx))
		return
	}
	if !in.waiting() { // acknowledged first; the work goes on
		call.end(nil)
		p.work.Go(func() { p.handle(base, take, in, false) })
		w.WriteHeader(http.StatusOK)
		return
	}
	var out []byte
	defer func() { call.end(out) }()
	if b := p.handle(base, take, in, true); b != nil {
		if out, err = json.Marshal(b); err != nil {
			p.cfg.Logger.Error("slack answer", "err", err)
		}
	}
	writeRaw(w, out)
}

// decode tells the three sorts of requests apart by their content. answer is set where
// Slack only wants to know that we are here.
func (p *Platform) decode(contentType string, body []byte) (in Incoming, answer any, err error) {
	if kind, _, _ := mime.ParseMediaType(contentType); kind == "application/json" {
		var e struct {
			Type      string `json:"type"`
			Challenge string `json:"challenge"`
		}
		if err := json.Unmarshal(body, &e); err != nil {
			return in, nil, errors.New("a body that is no JSON")
		}
		switch e.Type {
		case "url_verification":
			return in, map[string]string{"challenge": e.Challenge}, nil
		case "event_callback":
			in, err = DecodeEvent(body, p.botUser())
			return in, nil, err
		}
		return Incoming{Source: Ignored, Why: "request " + e.Type}, nil, nil
	}
	form, err := url.ParseQuery(string(body))
	switch {
	case err != nil:
		return in, nil, errors.New("a body that is no form")
	case form.Get("ssl_check") == "1":
		return Incoming{Source: Ignored, Why: "ssl_check"}, nil, nil
	case form.Has("payload"):
		in, err = DecodeInteraction([]byte(form.Get("payload")))
	default:
		in, err = DecodeCommand(form)
	}
	return in, nil, err
}

// bad refuses a request without saying why: whoever forges one need not know.
func (p *Platform) bad(w http.ResponseWriter, status int, err error) {
	p.count(func(c *Counters) { c.BadRequests++ })
	p.cfg.Logger.Warn("slack request refused", "status", status, "why", err.Error())
	http.Error(w, http.StatusText(status), status)
}

// left counts what is acknowledged and left alone. That the app was removed is said in the
// log, because nothing will work from now on.
func (p *Platform) left(in Incoming) {
	p.intake.Heard(p.cfg.Now())
	p.count(func(c *Counters) { c.Came(in.Source) })
	switch in.Source {
	case Uninstalled, Revoked:
		p.cfg.Logger.Error("slack: " + in.Why + "; install the app again and set its new tokens")
	}
}

func writeJSON(w http.ResponseWriter, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	writeRaw(w, b)
}

// writeRaw answers with JSON, or with nothing where there is nothing to say.
func writeRaw(w http.ResponseWriter, b []byte) {
	if len(b) > 0 {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
	}
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(b)
}
