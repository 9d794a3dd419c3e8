package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"
)

// HubConfig is what a [Hub] is made of. Directory, Sealer and Now are needed.
type HubConfig struct {
	Directory Directory
	Sealer    *Sealer
	Now       func() time.Time // the bot's clock, which dates the seals
	// Guard looks over every card before any platform sees it; see [NameGuard].
	Guard  func(District, Room, Card) error
	Logger *slog.Logger
}

// ErrNotRunning says that no platform of that name runs here.
var ErrNotRunning = errors.New("that chat platform is not running")

// ErrGuarded says that the guard refused a card; nothing was sent.
var ErrGuarded = errors.New("the card may not be posted")

// Target is where a post goes: a [Room], or a [Person] for a direct message to the
// account last used.
type Target interface{ isTarget() }

func (Room) isTarget()   {}
func (Person) isTarget() {}

// A Hub is the one place from which anything is posted: it finds the platform, asks the guard,
// seals the buttons. It is safe for concurrent use.
type Hub struct {
	cfg       HubConfig
	platforms map[string]Platform

	mu     sync.Mutex // guards the following
	direct map[Account]Room
	stats  HubStats
}

// HubStats are a hub's counters since it was made.
type HubStats struct {
	Posted, Edited, Published uint64
	Refused                   uint64 // by the guard
	Failed                    uint64 // by a platform, panics among them
	Panics                    uint64
}

// NewHub makes a hub over the platforms that run. It panics if two have one name.
func NewHub(cfg HubConfig, platforms ...Platform) *Hub {
	if cfg.Directory == nil || cfg.Sealer == nil || cfg.Now == nil {
		panic("bot: a hub needs a Directory, a Sealer and Now")
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	h := &Hub{cfg: cfg, platforms: map[string]Platform{}, direct: map[Account]Room{}}
	for _, p := range platforms {
		if h.platforms[p.Name()] != nil {
			panic(fmt.Sprintf("bot: two platforms are called %q", p.Name()))
		}
		h.platforms[p.Name()] = p
	}
	return h
}

// Post says an open card, once, and returns where it stands and in which room. The ref
// names the platform too, and only Edit reads it. The marker lets Find see
// later whether a post whose outcome is unknown stands. Errors are those of
// [Platform], ErrNoAccount, ErrNotRunning and ErrGuarded.
func (h *Hub) Post(ctx context.Context, d District, to Target, card Open, marker string) (Ref, Room, error) {
	p, room, who, err := h.where(ctx, d, to)
	if err != nil {
		return "", room, err
	}
	sealed, err := h.ready(d, room, card)
	if err != nil {
		return "", room, err
	}
	var ref Ref
	err = h.call(ctx, "post", p, func() (err error) {
		ref, err = p.Post(ctx, room, sealed, marker)
		return err
	})
	if err != nil {
		if who != nil && errors.Is(err, ErrNotInRoom) { // the conversation may have a new id
			h.mu.Lock()
			delete(h.direct, *who)
			h.mu.Unlock()
		}
		return "", room, err
	}
	h.count(func(s *HubStats) { s.Posted++ })
	return joinRef(p.Name(), ref), room, nil
}

// Edit replaces what a ref of Post points to. errors.ErrUnsupported says that the platform
// cannot edit.
func (h *Hub) Edit(ctx context.Context, d District, ref Ref, card Open) error {
	name, own, ok := cutRef(ref)
	p := h.platforms[name]
	if !ok || p == nil {
		return fmt.Errorf("edit: %w", ErrNotRunning)
	}
	e, ok := p.(Editor)
	if !ok {
		return fmt.Errorf("edit on %s: %w", name, errors.ErrUnsupported)
	}
	sealed, err := h.ready(d, Room{Platform: name}, card)
	if err != nil {
		return err
	}
	if err := h.call(ctx, "edit", p, func() error { return e.Edit(ctx, own, sealed) }); err != nil {
		return err
	}
	h.count(func(s *HubStats) { s.Edited++ })
	return nil
}

// Find looks a post up by its marker. errors.ErrUnsupported says that the platform cannot.
func (h *Hub) Find(ctx context.Context, d District, in Target, marker string, since time.Time) (ref Ref, room Room, found bool, err error) {
	p, room, _, err := h.where(ctx, d, in)
	if err != nil {
		return "", room, false, err
	}
	f, ok := p.(Finder)
	if !ok {
		return "", room, false, fmt.Errorf("find on %s: %w", p.Name(), errors.ErrUnsupported)
	}
	err = h.call(ctx, "find", p, func() (err error) {
		ref, found, err = f.Find(ctx, room, marker, since)
		return err
	})
	if err != nil || !found {
		return "", room, false, err
	}
	return joinRef(p.Name(), ref), room, true, nil
}

// Publish renews the home view of a person on every platform that has one.
func (h *Hub) Publish(ctx context.Context, d District, who Person, card Private) error {
	c, err := seals{h.cfg.Sealer, SealDay(h.cfg.Now())}.card(card.private)
	if err != nil {
		return err
	}
	var errs []error
	for _, a := range h.cfg.Directory.Accounts(d, who) {
		p := h.platforms[a.Platform]
		homer, ok := p.(Homer)
		if !ok {
			continue
		}
		err := h.call(ctx, "publish", p, func() error { return homer.Publish(ctx, a, Private{c}) })
		if err == nil {
			h.count(func(s *HubStats) { s.Published++ })
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// Stats are the counters now.
func (h *Hub) Stats() HubStats {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.stats
}

func (h *Hub) count(f func(*HubStats)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	f(&h.stats)
}

// where finds the platform and the room of a target; who is set for a direct message.
func (h *Hub) where(ctx context.Context, d District, to Target) (p Platform, room Room, who *Account, err error) {
	switch to := to.(type) {
	case Room:
		if p = h.platforms[to.Platform]; p == nil {
			return nil, to, nil, fmt.Errorf("%w: %q", ErrNotRunning, to.Platform)
		}
		return p, to, nil, nil
	case Person:
		for _, a := range h.cfg.Directory.Accounts(d, to) {
			if p = h.platforms[a.Platform]; p == nil {
				continue
			}
			room, err = h.directRoom(ctx, p, a)
			return p, room, &a, err
		}
		return nil, Room{}, nil, ErrNoAccount
	}
	return nil, Room{}, nil, fmt.Errorf("a target of type %T", to)
}

func (h *Hub) directRoom(ctx context.Context, p Platform, a Account) (Room, error) {
	h.mu.Lock()
	room, ok := h.direct[a]
	h.mu.Unlock()
	if ok {
		return room, nil
	}
	err := h.call(ctx, "direct", p, func() (err error) {
		room, err = p.Direct(ctx, a)
		return err
	})
	// Opening a conversation says nothing to anybody, so an unknown outcome is only a
	// failure that may be tried again.
	if unknown, ok := errors.AsType[*UnknownError](err); ok {
		err = &RetryError{Err: unknown.Err}
	}
	if err != nil {
		return Room{}, err
	}
	h.mu.Lock()
	h.direct[a] = room
	h.mu.Unlock()
	return room, nil
}

// ready passes a card by the guard and seals it.
func (h *Hub) ready(d District, room Room, card Open) (Open, error) {
	if h.cfg.Guard != nil {
		if err := h.cfg.Guard(d, room, card.open); err != nil {
			h.count(func(s *HubStats) { s.Refused++ })
			h.cfg.Logger.Error("guard refused a post", "district", string(d), "platform", room.Platform, "err", err)
			return Open{}, fmt.Errorf("%w: %w", ErrGuarded, err)
		}
	}
	c, err := seals{h.cfg.Sealer, SealDay(h.cfg.Now())}.card(card.open)
	return Open{c}, err
}

// call runs a platform's method. A panic is an UnknownError: nobody can say how far it came.
func (h *Hub) call(ctx context.Context, what string, p Platform, f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			h.count(func(s *HubStats) { s.Panics++ })
			h.cfg.Logger.Error("platform panicked", "platform", p.Name(), "what", what, "panic", fmt.Sprint(v), "stack", stack())
			err = &UnknownError{Err: fmt.Errorf("%s on %s panicked", what, p.Name())}
		}
		if err != nil {
			h.count(func(s *HubStats) { s.Failed++ })
		}
	}()
	if err := ctx.Err(); err != nil {
		return err // nothing was sent yet
	}
	return f()
}

// A hub's refs are the platform's name, a colon, and the platform's own ref.
func joinRef(platform string, own Ref) Ref { return Ref(platform + ":" + string(own)) }

func cutRef(ref Ref) (platform string, own Ref, ok bool) {
	name, rest, ok := strings.Cut(string(ref), ":")
	return name, Ref(rest), ok
}
