package webbot

import (
	"context"
	"net/http"
	"strings"

	"rounds/bot"
)

// clockView is the demo's clock as the header shows it.
type clockView struct {
	Now  stamp     `json:"now"`
	Zone string    `json:"zone"`
	Next *nextView `json:"next,omitempty"` // only where asked for, and where something is planned
}

type nextView struct {
	At   string `json:"at"`
	What string `json:"what"`
}

// moved is what a move of the clock did.
type moved struct {
	Clock  clockView `json:"clock"`
	What   []string  `json:"what"`
	Landed []landed  `json:"landed"`
}

// landed is a room where something was posted, and who may be shown it.
type landed struct {
	Room  string `json:"room"`
	Name  string `json:"name"`
	As    string `json:"as"`
	Who   string `json:"who"`
	Count int    `json:"count"`
}

func (p *Platform) clockView(ctx context.Context, next bool) clockView {
	v := clockView{Now: stampOf(p.now()), Zone: p.zone().String()}
	if !next {
		return v
	}
	at, what, ok, err := p.cfg.Clock.Next(ctx)
	switch {
	case err != nil:
		p.log.Error("web: what comes next", "err", err)
	case ok:
		v.Next = &nextView{At: at.In(p.zone()).Format("Mon, Jan 2 · 3:04 PM MST"), What: what}
	}
	return v
}

func (p *Platform) readClock(w http.ResponseWriter, r *http.Request) {
	if p.cfg.Clock == nil {
		fail(w, http.StatusNotFound, "There is no clock to move here.")
		return
	}
	p.clockMu.Lock()
	v := p.clockView(r.Context(), r.FormValue("next") != "")
	p.clockMu.Unlock()
	respond(w, http.StatusOK, v)
}

// move is a request to move the clock.
type move struct{ ID, As, To string }

func (p *Platform) playNext(w http.ResponseWriter, r *http.Request) {
	p.moveClock(w, r, func(ctx context.Context, _ move) ([]string, error) { return p.cfg.Clock.Play(ctx) })
}

func (p *Platform) jump(w http.ResponseWriter, r *http.Request) {
	p.moveClock(w, r, func(ctx context.Context, m move) ([]string, error) {
		to, err := when(m.To, p.now())
		if err != nil {
			return nil, &bot.Error{Code: bot.Invalid, Sentence: sentence(err)}
		}
		return p.cfg.Clock.Jump(ctx, to)
	})
}

// moveClock moves the clock once, and tells every page. It notes where messages were
// posted meanwhile, so that the page can lead there: what happened next may well have
// happened to somebody else.
func (p *Platform) moveClock(w http.ResponseWriter, r *http.Request, work func(context.Context, move) ([]string, error)) {
	var m move
	if !readJSON(w, r, &m) {
		return
	}
	who, ok := p.persona(m.As)
	switch {
	case p.cfg.Clock == nil:
		fail(w, http.StatusNotFound, "There is no clock to move here.")
		return
	case !ok:
		fail(w, http.StatusForbidden, "Choose who you are first.")
		return
	case !uuid.MatchString(m.ID):
		fail(w, http.StatusBadRequest, "This page sent no call id: reload it.")
		return
	}
	patient(w)
	ctx := context.WithoutCancel(r.Context())
	res := p.once.do("clock "+m.ID, func() result {
		p.clockMu.Lock()
		defer p.clockMu.Unlock()
		var rooms []bot.Room
		p.setLanding(&rooms)
		what, err := work(ctx, m)
		p.setLanding(nil)
		v := p.clockView(ctx, true)
		p.streams.send("clock", v, everyone)
		if err != nil {
			return p.clockProblem(err)
		}
		if what == nil {
			what = []string{}
		}
		return result{http.StatusOK, moved{Clock: v, What: what, Landed: p.landings(who, rooms)}}
	})
	respond(w, res.status, res.body)
}

func (p *Platform) setLanding(to *[]bot.Room) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.landing = to
}

func (p *Platform) clockProblem(err error) result {
	switch e := asError(err); {
	case e == nil:
		p.log.Error("web: clock", "err", err)
		return result{http.StatusInternalServerError, problem{"The clock could not be moved all the way. Look at what the header says now, and try again."}}
	case e.Code == bot.Unavailable:
		return result{http.StatusServiceUnavailable, problem{e.Sentence}}
	default:
		return result{http.StatusUnprocessableEntity, problem{e.Sentence}}
	}
}

// landings says for every room where something was posted who may be shown it: the persona who
// moved the clock if they see it, else the first who does, the featured ones before others.
func (p *Platform) landings(who Persona, rooms []bot.Room) []landed {
	out := []landed{}
	seen := map[string]int{}
	var order []Persona
	for _, r := range rooms {
		if i, ok := seen[r.ID]; ok {
			out[i].Count++
			continue
		}
		if order == nil {
			order = append(order, who)
			var others []Persona
			for _, x := range p.cfg.Personas() {
				if x.Featured {
					order = append(order, x)
				} else {
					others = append(others, x)
				}
			}
			order = append(order, others...)
		}
		for _, x := range order {
			if user, ok := strings.CutPrefix(r.ID, "dm-"); ok && user != x.Account.User {
				continue // asking for somebody's rooms is the slow part
			}
			if info, ok := p.sees(x, r.ID); ok {
				seen[r.ID] = len(out)
				out = append(out, landed{Room: r.ID, Name: info.Name, As: x.Account.User, Who: x.Name, Count: 1})
				break
			}
		}
	}
	return out
}
