package discordbot

import (
	"context"
	"crypto/cipher"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"rounds/bot"
	"rounds/bot/service"
)

// apiURL is Discord's own.
const apiURL = "https://discord.com/api/v10"

// Config says how to reach one Discord application. BotToken and Application are needed.
type Config struct {
	BotToken    string
	Application string        // its id
	PublicKey   string        // in hex: interactions come by HTTP, see Routes; else by the gateway
	APIURL      string        // other base address of the API, for tests and rehearsals
	HTTP        *http.Client  // nil for one with a timeout of 10 s
	Keep        bot.Keep      // remembers conversations, long posts and registrations over a restart; may be nil
	Turn        Turn          // which replica holds the gateway; nil where there is one
	Commands    []bot.Command // are registered with Discord
	Menus       []Menu        // in the menu of a message
	// Roles are the ids of the server's roles whose members the bot answers; empty for everybody whose account is linked.
	// A Discord server knows no district, so this says who of its members belongs to one.
	Roles []string
	// Meeting tells whether what is posted in a room on schedule is for a meeting, which gets a thread to talk in.
	Meeting func(bot.Room) bool
	Now     func() time.Time
	Logger  *slog.Logger
	Name    string // what modals without a heading are called; "Rounds" if empty
}

// Turn lets one replica at a time hold the gateway: a lease of the store.
type Turn interface {
	// Claim takes the lease for a while, and tells whether it is ours.
	Claim(ctx context.Context, lease time.Duration) (bool, error)
	// Renew prolongs it; false when somebody else has it.
	Renew(ctx context.Context, lease time.Duration) (bool, error)
	// Done gives it up.
	Done(ctx context.Context) error
}

// Platform is Discord. It is safe for concurrent use.
type Platform struct {
	cfg   Config
	key   ed25519.PublicKey // nil without HTTP interactions
	http  *http.Client
	base  string
	agent string
	aead  cipher.AEAD

	once   service.Calls[struct{}]
	keep   service.Memo
	intake service.Intake
	pace   pace
	forms  shelf[[]byte]
	held   shelf[heldAnswer]
	asks   shelf[string]   // questions of buttons by custom_id
	roles  shelf[[]string] // of people who write directly

	dead atomic.Bool // the token is refused

	mu       sync.Mutex // guards the following
	self     string     // the bot's own user id
	guilds   []string
	counters Counters

	storing sync.Mutex // one form at a time is written to the store

	work service.Work // what goes on after a response

	// Changed by tests only, which never sleep.
	pause func(context.Context, time.Duration) error
	grace time.Duration // how long a closing gateway is waited for
}

var (
	_ bot.Platform = (*Platform)(nil)
	_ bot.Editor   = (*Platform)(nil)
	_ bot.Finder   = (*Platform)(nil)
	_ bot.Server   = (*Platform)(nil)
	_ bot.Doctor   = (*Platform)(nil)
)

// New checks the configuration. It asks nothing of Discord.
func New(cfg Config) (*Platform, error) {
	p := &Platform{cfg: cfg, pause: service.Pause, grace: 3 * time.Second, agent: userAgent}
	switch {
	case cfg.BotToken == "":
		return nil, errors.New("discord: the bot token is missing (DISCORD_BOT_TOKEN)")
	case strings.HasPrefix(cfg.BotToken, "Bot "):
		return nil, errors.New(`discord: the bot token stands without "Bot " before it (DISCORD_BOT_TOKEN)`)
	case cfg.Application == "":
		return nil, errors.New("discord: the application's id is missing (DISCORD_APPLICATION_ID)")
	case strings.Trim(cfg.Application, "0123456789") != "":
		return nil, errors.New("discord: the application's id is a number (DISCORD_APPLICATION_ID)")
	}
	if cfg.PublicKey != "" {
		k, err := hex.DecodeString(cfg.PublicKey)
		if err != nil || len(k) != ed25519.PublicKeySize {
			return nil, errors.New("discord: the public key is not 64 hexadecimal characters (DISCORD_PUBLIC_KEY)")
		}
		p.key = k
	}
	p.base = strings.TrimSuffix(or(cfg.APIURL, apiURL), "/")
	if u, err := url.Parse(p.base); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, fmt.Errorf("discord: %q is not the address of an API (DISCORD_API_URL)", cfg.APIURL)
	}
	if _, err := Registration(cfg.Commands, cfg.Menus); err != nil {
		return nil, err
	}
	if p.cfg.Now == nil {
		p.cfg.Now = time.Now
	}
	if p.cfg.Logger == nil {
		p.cfg.Logger = slog.New(slog.DiscardHandler)
	}
	p.http = service.Client(cfg.HTTP)
	p.keep.Keep = cfg.Keep
	p.work.Panicked = func(v any) { p.cfg.Logger.Error("discord answer panicked", "panic", v) }
	p.pace.now = time.Now
	var err error
	p.aead, err = aeadOf(cfg.BotToken)
	return p, err
}

// Name is "discord".
func (p *Platform) Name() string { return Name }

// Run receives calls until ctx ends. It first learns who the bot is, which a refused token ends for good, and registers the
// commands if they changed; then it holds the gateway, and the endpoint of Routes answers.
func (p *Platform) Run(ctx context.Context, take bot.Taker) error {
	life, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	if err := p.hello(ctx); err != nil || ctx.Err() != nil {
		return err
	}
	p.intake.Begin(life, take)
	p.work.Go(func() { p.register(ctx) })
	err := p.runGateway(ctx)
	p.intake.End()
	// Answers that are on their way may arrive.
	p.work.Wait(5 * time.Second)
	return err
}

// hello asks who the bot is and in which servers until Discord answers.
func (p *Platform) hello(ctx context.Context) error {
	for n := 0; ; n++ {
		var me user
		var in []struct {
			ID string `json:"id"`
		}
		err := p.do(ctx, request{method: "GET", path: "/users/@me", out: &me, again: true})
		if err == nil {
			err = p.do(ctx, request{method: "GET", path: "/users/@me/guilds", out: &in, again: true})
		}
		switch {
		case err == nil:
			p.mu.Lock()
			p.self, p.guilds = me.ID, nil
			for _, g := range in {
				p.guilds = append(p.guilds, g.ID)
			}
			p.mu.Unlock()
			return nil
		case errors.Is(err, errRevoked):
			return err
		case ctx.Err() != nil:
			return nil
		}
		p.cfg.Logger.Warn("discord does not answer", "err", kindOf(err))
		if p.pause(ctx, backoff(n, err)) != nil {
			return nil
		}
	}
}

// Connected tells whether this replica does its part, for readiness: it holds the gateway, or another one does.
func (p *Platform) Connected() bool { return p.intake.Connected() }

// LastEvent is when something last came in, or the zero time.
func (p *Platform) LastEvent() time.Time { return p.intake.LastEvent() }

func (p *Platform) botUser() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.self
}

// guild is the server of an account that wrote in a direct conversation: the one it was last seen in, or the only
// one there is.
func (p *Platform) guild(ctx context.Context, user string) string {
	if g := p.keep.Get(ctx, "discord/guild/"+user); g != "" {
		return g
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.guilds) == 1 {
		return p.guilds[0]
	}
	return ""
}

// joined notes a server that the bot was added to.
func (p *Platform) joined(guild string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if guild != "" && !slices.Contains(p.guilds, guild) {
		p.guilds = append(p.guilds, guild)
	}
}

func (p *Platform) render() Render { return Render{Pictures: true, Name: p.cfg.Name} }

// Counters count what a Platform did since it was made.
type Counters struct {
	service.Counts[Source]
	Registered int64 // times that the commands were sent
	Expired    int64 // interactions that were answered too late
	ClosedDMs  int64 // direct messages to people who take none
	Barred     int64 // calls of people without an allowed role
}

// Counters are the counts so far.
func (p *Platform) Counters() Counters {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.counters
	c.Counts = c.Clone()
	return c
}

func (p *Platform) count(f func(*Counters)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f(&p.counters)
}

// reported counts and logs what a rendering had to change.
func (p *Platform) reported(r Report) {
	if len(r) == 0 {
		return
	}
	p.count(func(c *Counters) {
		c.Folded += int64(len(r))
		c.Split += int64(r.Splits())
	})
	p.cfg.Logger.Info("discord rendering changed a card", "report", []string(r))
}

// backoff is how long to wait before the next try.
func backoff(n int, err error) time.Duration {
	var asked time.Duration
	if retry, ok := errors.AsType[*bot.RetryError](err); ok {
		asked = retry.After
	}
	return service.Backoff(n, asked)
}
