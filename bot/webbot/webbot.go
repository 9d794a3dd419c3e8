package webbot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"rounds/bot"
)

// Platform and Workspace are the first two parts of every account and room here.
const (
	platformName = "web"
	workspace    = "web"
)

// Config is what the web chat needs to know.
type Config struct {
	Keep     bot.Keep                 // where open messages are stored
	Now      func() time.Time         // the bot's clock; messages carry its time
	Clock    Clock                    // the demo's clock; nil outside the demo
	Personas func() []Persona         // everybody one can be, in the order to show
	Rooms    func(Persona) []RoomInfo // the rooms somebody sees; the direct one is added if missing
	// Known tells whether a room is there, seen by a persona or not; nil: those that the personas see are all.
	Known    func(room string) bool
	Commands []bot.Command // for completion and the examples on empty pages
	Logger   *slog.Logger  // nil: nothing is logged
	District string        // shown beside the brand
	// Hosts are names in the Host header that are allowed besides loopback ones.
	Hosts []string
}

// Clock is the demo's clock, as the page's header works it. Its methods are called one at
// a time.
type Clock interface {
	Now() time.Time
	Zone() *time.Location
	// Next says what comes next, without doing it; ok is false when nothing is planned.
	Next(ctx context.Context) (at time.Time, what string, ok bool, err error)
	// Play goes to the next thing and does it; what lists what happened, in words.
	Play(ctx context.Context) (what []string, err error)
	// Jump goes forward to a time and does all that lies between.
	Jump(ctx context.Context, to time.Time) (what []string, err error)
}

// Persona is somebody whom one can be on the page.
type Persona struct {
	Account  bot.Account // platform and workspace "web"; User is the persona's id
	Handle   string      // what is typed after "@", without it
	Name     string
	Role     string // in words: "Coach"
	Campus   string
	Featured bool // shown first in the switch, role before name
}

// RoomInfo is a room as the sidebar shows it.
type RoomInfo struct {
	Room    bot.Room
	Name    string
	Topic   string
	Members int
	Direct  bool
}

// Platform is the web chat. Make one with [New].
type Platform struct {
	cfg     Config
	log     *slog.Logger
	store   *store
	streams *streams
	once    *once
	pages   http.Handler
	meta    []commandInfo
	wait    time.Duration // how long an HTTP response waits for a deferred answer

	clockMu sync.Mutex // one clock move at a time

	mu      sync.Mutex // guards what follows
	take    bot.Taker
	ctx     context.Context   // of Run
	seenBy  map[string]string // by room id, a persona who saw it
	landing *[]bot.Room       // set while the clock moves: where messages were posted
}

var (
	_ bot.Platform = (*Platform)(nil)
	_ bot.Editor   = (*Platform)(nil)
	_ bot.Finder   = (*Platform)(nil)
	_ bot.Homer    = (*Platform)(nil)
	_ bot.Server   = (*Platform)(nil)
)

// New makes the web chat. It answers calls once Run is called.
func New(cfg Config) (*Platform, error) {
	switch {
	case cfg.Keep == nil:
		return nil, errors.New("webbot: Config.Keep is missing")
	case cfg.Personas == nil:
		return nil, errors.New("webbot: Config.Personas is missing")
	case cfg.Rooms == nil:
		return nil, errors.New("webbot: Config.Rooms is missing")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
		if cfg.Clock != nil {
			cfg.Now = cfg.Clock.Now
		}
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	pages, err := assets()
	if err != nil {
		return nil, fmt.Errorf("webbot: %w", err)
	}
	return &Platform{
		cfg:     cfg,
		log:     cfg.Logger,
		store:   newStore(cfg.Keep),
		streams: newStreams(),
		once:    newOnce(),
		pages:   pages,
		meta:    describe(cfg.Commands),
		wait:    20 * time.Second,
		seenBy:  map[string]string{},
	}, nil
}

// Name is "web".
func (p *Platform) Name() string { return platformName }

// Run answers the page's calls with take until ctx ends, and then closes the pages'
// event streams, so that an HTTP server can shut down.
func (p *Platform) Run(ctx context.Context, take bot.Taker) error {
	p.mu.Lock()
	p.take, p.ctx = take, ctx
	p.mu.Unlock()
	<-ctx.Done()
	p.mu.Lock()
	p.take = nil
	p.mu.Unlock()
	p.streams.closeAll()
	return nil
}

func (p *Platform) zone() *time.Location {
	if p.cfg.Clock != nil {
		return p.cfg.Clock.Zone()
	}
	return p.cfg.Now().Location()
}

func (p *Platform) now() time.Time { return p.cfg.Now().In(p.zone()) }

// persona finds who has that id.
func (p *Platform) persona(id string) (Persona, bool) {
	for _, x := range p.cfg.Personas() {
		if x.Account.User == id {
			return x, true
		}
	}
	return Persona{}, false
}

// directID is the id of the room where one account talks with the bot.
func directID(user string) string { return "dm-" + user }

func room(id string) bot.Room { return bot.Room{Platform: platformName, Workspace: workspace, ID: id} }

// roomsOf lists what a persona sees, the direct conversation among it.
func (p *Platform) roomsOf(who Persona) []RoomInfo {
	rooms := p.cfg.Rooms(who)
	own := directID(who.Account.User)
	for i := range rooms {
		if rooms[i].Room.ID == own {
			rooms[i].Direct = true
			return rooms
		}
	}
	direct := RoomInfo{
		Room: room(own), Name: "Rounds", Direct: true, Members: 2,
		Topic: "Between you and Rounds alone",
	}
	return append([]RoomInfo{direct}, rooms...)
}

// sees finds a room among those a persona sees.
func (p *Platform) sees(who Persona, id string) (RoomInfo, bool) {
	for _, r := range p.roomsOf(who) {
		if r.Room.ID == id {
			return r, true
		}
	}
	return RoomInfo{}, false
}

// exists tells whether anybody sees the room. Who saw it last is asked first, because asking
// everybody is slow in a large district.
func (p *Platform) exists(id string) bool {
	if p.cfg.Known != nil {
		return p.cfg.Known(id)
	}
	if user, ok := strings.CutPrefix(id, "dm-"); ok {
		if _, ok := p.persona(user); ok {
			return true
		}
	}
	p.mu.Lock()
	last := p.seenBy[id]
	p.mu.Unlock()
	if who, ok := p.persona(last); ok {
		if _, ok := p.sees(who, id); ok {
			return true
		}
	}
	for _, who := range p.cfg.Personas() {
		if _, ok := p.sees(who, id); ok {
			p.mu.Lock()
			p.seenBy[id] = who.Account.User
			p.mu.Unlock()
			return true
		}
	}
	return false
}

func (p *Platform) taker() bot.Taker {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.take
}
