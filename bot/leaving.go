package bot

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

// leaving makes an answer ready for a platform: what a handler may not say is refused, open
// cards pass the guard, buttons and options are sealed.
func (r *Router) leaving(c Call, a Answer) (Answer, error) {
	s := seals{r.cfg.Sealer, SealDay(c.At)}
	switch a := a.(type) {
	case nil:
		return Nothing{}, nil
	case Whisper:
		card, err := s.card(a.Card.private)
		return Whisper{Private{card}}, err
	case Say:
		card, err := r.openCard(c, s, a.Card)
		return Say{card}, err
	case OpenForm:
		f, err := s.form(a.Form)
		return OpenForm{f}, err
	case Update:
		switch {
		case (a.Private == nil) == (a.Open == nil):
			return nil, errors.New("an Update needs exactly one of its two cards")
		case a.Open != nil:
			card, err := r.openCard(c, s, *a.Open)
			return Update{Open: &card}, err
		}
		card, err := s.card(a.Private.private)
		return Update{Private: &Private{card}}, err
	case Choices:
		out, err := s.choices(a)
		return Choices(out), err
	case HomeView:
		card, err := s.card(a.Card.private)
		return HomeView{Private{card}}, err
	case FieldErrors:
		if len(a) == 0 {
			return nil, errors.New("field errors without a field")
		}
		return a, nil
	case Nothing:
		return a, nil
	}
	return nil, fmt.Errorf("a handler answered with %T", a)
}

func (r *Router) openCard(c Call, s seals, o Open) (Open, error) {
	if r.cfg.Guard != nil {
		if err := r.cfg.Guard(c.District, c.Room, o.open); err != nil {
			r.count(func(s *Stats) { s.Guarded++ })
			return Open{}, fmt.Errorf("guard: %w", err)
		}
	}
	card, err := s.card(o.open)
	return Open{card}, err
}

// failed turns an error into an answer for the caller, and logs what they need not see.
func (r *Router) failed(c Call, e AuditEntry, err error) Answer {
	code := ErrorCode(err)
	r.count(func(s *Stats) { s.Errors[code]++ })
	var be *Error
	if !errors.As(err, &be) {
		be = &Error{Code: Internal, Err: err}
	}
	shown := be.Sentence
	if code == Internal || shown == "" {
		id := errorID(c.ID, c.At)
		r.cfg.Logger.Error("call failed", "error_id", id, "kind", c.Kind.String(), "what", e.What, "call", c.ID, "err", err)
		if shown == "" {
			shown = "Something went wrong on my side."
		}
		shown += " (Error " + id + ", if you report it.)"
	} else if be.Err != nil {
		r.cfg.Logger.Warn("call refused", "code", string(code), "kind", c.Kind.String(), "what", e.What, "call", c.ID, "err", be.Err)
	}
	switch c.Kind {
	case Submit:
		if be.Field != "" && len(be.Choices) == 0 {
			return FieldErrors{be.Field: shown}
		}
	}
	blocks := []Block{Text{Text: shown}}
	if len(be.Choices) > 0 {
		card, err := seals{r.cfg.Sealer, SealDay(c.At)}.card(Card{[]Block{Buttons{Items: be.Choices[:min(5, len(be.Choices))]}}})
		if err == nil {
			blocks = append(blocks, card.Blocks...)
		} else {
			r.cfg.Logger.Error("choices of an error", "what", e.What, "err", err)
		}
	}
	return fit(c.Kind, Whisper{PrivateCard(blocks...)})
}

// fail is an answer that needs no sealing.
func fail(k Kind, sentence string) Answer {
	return fit(k, Whisper{PrivateCard(Text{Text: sentence})})
}

// fit gives a whisper the shape that a kind of call can be answered with.
func fit(k Kind, a Answer) Answer {
	w, ok := a.(Whisper)
	switch {
	case k == Complete:
		if c, ok := a.(Choices); ok {
			return c
		}
		return Choices(nil)
	case k == Home && ok:
		return HomeView(w)
	}
	return a
}

// late is what a deferred answer becomes. A form can no longer be opened by then, so
// it waits behind a button that opens it at once.
func (r *Router) late(c Call, f *flight) Answer {
	if _, ok := f.answer.(OpenForm); !ok || f.form == nil {
		return f.answer
	}
	key := errorID("form "+c.ID, c.At)
	r.mu.Lock()
	r.ready.put(key, readyForm{f.who, *f.form}, time.Now())
	r.mu.Unlock()
	card, err := seals{r.cfg.Sealer, SealDay(r.cfg.Now())}.card(Card{[]Block{
		Text{Text: "That took me longer than it should. It is ready now."},
		Buttons{Items: []Button{{Label: "Open it", Press: Press{Action: actionReady, Subject: key}, Style: Primary}}},
	}})
	if err != nil {
		return fail(c.Kind, "That took me too long. Please try again.")
	}
	return Whisper{Private{card}}
}

// errorID is short enough to read out, and the same for the same call.
func errorID(call string, at time.Time) string {
	if call == "" {
		call = at.String()
	}
	sum := sha256.Sum256([]byte(call))
	return hex.EncodeToString(sum[:4])
}

func stack() string {
	s := string(debug.Stack())
	const most = 4000
	return s[:min(most, len(s))]
}

func stranger(Call) Answer {
	return Whisper{PrivateCard(Text{Text: "I do not know you yet, so I cannot show you anything. " +
		"Whoever looks after Rounds in your district can add you to the staff list."})}
}
