package discordbot

import (
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"rounds/bot/service"
)

// Routes are the endpoints, empty without a public key.
func (p *Platform) Routes() map[string]http.Handler {
	if p.key == nil {
		return nil
	}
	return map[string]http.Handler{"POST /discord/interactions": http.HandlerFunc(p.serve)}
}

var errReplayed = errors.New("the interaction came before")

// verify checks Discord's signature over the time and the raw body, and that the time is now. Discord's documents ask for the signature alone,
// and no library of it checks the time.
func verify(h http.Header, body []byte, key ed25519.PublicKey, now time.Time) error {
	stamp, sent := h.Get("X-Signature-Timestamp"), h.Get("X-Signature-Ed25519")
	if stamp == "" || sent == "" || len(key) != ed25519.PublicKeySize {
		return service.ErrUnsigned
	}
	sig, err := hex.DecodeString(sent)
	if err != nil || len(sig) != ed25519.SignatureSize {
		return service.ErrForged
	}
	if !ed25519.Verify(key, append([]byte(stamp), body...), sig) {
		return service.ErrForged
	}
	return service.Fresh(stamp, now)
}

func (p *Platform) serve(w http.ResponseWriter, r *http.Request) {
	body, err := service.Body(w, r)
	if err != nil {
		p.bad(w, http.StatusRequestEntityTooLarge, err)
		return
	}
	if err := verify(r.Header, body, p.key, p.cfg.Now()); err != nil {
		p.bad(w, http.StatusUnauthorized, err)
		return
	}
	in, err := DecodeInteraction(body, p.cfg.Menus)
	switch {
	case err != nil:
		p.bad(w, http.StatusBadRequest, err)
		return
	case in.Source == Ping:
		writeJSON(w, Callback{Type: respondPong})
		return
	case !in.Taken() && in.Target.Own.Verb == "":
		p.left(in)
		p.bad(w, http.StatusBadRequest, errors.New(in.Why))
		return
	}
	take, life := p.intake.Taker()
	if take == nil {
		http.Error(w, "starting or stopping", http.StatusServiceUnavailable)
		return
	}
	// Discord sends an interaction once. Whoever sends the same bytes again wants to read the answer of somebody else.
	if !p.first(in) {
		p.count(func(c *Counters) { c.Duplicates++ })
		p.bad(w, http.StatusUnauthorized, errReplayed)
		return
	}
	reply := p.handle(life, take, in)
	if reply.Body == nil {
		w.WriteHeader(http.StatusAccepted)
	} else {
		writeJSON(w, reply.Body)
	}
	p.after(life, in, reply)
}

// bad refuses a request without saying why: whoever forges one need not know. Discord itself sends bad signatures now and
// then, to see that they are refused.
func (p *Platform) bad(w http.ResponseWriter, status int, err error) {
	p.count(func(c *Counters) { c.BadRequests++ })
	p.cfg.Logger.Warn("discord request refused", "status", status, "why", err.Error())
	http.Error(w, http.StatusText(status), status)
}

// left counts what is left alone.
func (p *Platform) left(in Incoming) {
	p.intake.Heard(p.cfg.Now())
	p.count(func(c *Counters) { c.Came(in.Source) })
}

func writeJSON(w http.ResponseWriter, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(b)
}
