package slackbot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"rounds/bot"
	"rounds/bot/service"

	"github.com/slack-go/slack"
)

// Config says how to reach one Slack workspace. BotToken is needed, and of AppToken (Socket
// Mode) and SigningSecret (HTTP) at least one.
type Config struct {
	BotToken      string       // xoxb-…
	AppToken      string       // xapp-…: calls come by Socket Mode
	SigningSecret string       // calls come by HTTP, see Routes
	APIURL        string       // other base address of the Web API, for tests and rehearsals
	HTTP          *http.Client // nil for one with a timeout of 10 s
	Keep          bot.Keep     // remembers conversations and long posts over a restart; may be nil
	Now           func() time.Time
	Logger        *slog.Logger
	Commands      []bot.Command // for the doctor, which checks that a manifest can hold them
	Name          string        // what modals without a heading are called; "Rounds" if empty
}

// Platform is Slack. It is safe for concurrent use.
type Platform struct {
	cfg  Config
	api  *slack.Client
	http *http.Client
	host string // of APIURL, if it is not Slack's

	once   service.Calls[*taken]
	keep   service.Memo
	intake service.Intake
	files  pictureCache
	homes  homes

	noTables atomic.Bool // Slack refused a table block once

	mu       sync.Mutex // guards all following
	self     string     // the bot's own user id
	team     string
	counters Counters

	work service.Work // what goes on after an acknowledgement

	// Changed by tests only, which never sleep.
	pause func(context.Context, time.Duration) error
	grace time.Duration // how long a submitted form may keep Slack waiting
}

var (
	_ bot.Platform = (*Platform)(nil)
	_ bot.Editor   = (*Platform)(nil)
	_ bot.Finder   = (*Platform)(nil)
	_ bot.Homer    = (*Platform)(nil)
	_ bot.Server   = (*Platform)(nil)
	_ bot.Doctor   = (*Platform)(nil)
	_ bot.Linker   = (*Platform)(nil)
)

// New checks the configuration. It asks nothing of Slack.
func New(cfg Config) (*Platform, error) {
	switch {
	case cfg.BotToken == "":
		return nil, errors.New("slack: the bot token is missing (SLACK_BOT_TOKEN)")
	case !strings.HasPrefix(cfg.BotToken, "xoxb-"):
		return nil, errors.New("slack: the bot token does not begin with xoxb- (SLACK_BOT_TOKEN)")
	case cfg.AppToken != "" && !strings.HasPrefix(cfg.AppToken, "xapp-"):
		return nil, errors.New("slack: the app token does not begin with xapp- (SLACK_APP_TOKEN)")
	case cfg.AppToken == "" && cfg.SigningSecret == "":
		return nil, errors.New("slack: set an app token for Socket Mode (SLACK_APP_TOKEN) or a signing secret for HTTP (SLACK_SIGNING_SECRET)")
	}
	p := &Platform{cfg: cfg, grace: 2600 * time.Millisecond, pause: service.Pause}
	p.cfg.APIURL = cmp.Or(cfg.APIURL, slack.APIURL)
	if !strings.HasSuffix(p.cfg.APIURL, "/") {
		p.cfg.APIURL += "/"
	}
	u, err := url.Parse(p.cfg.APIURL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, fmt.Errorf("slack: %q is not the address of an API (SLACK_API_URL)", cfg.APIURL)
	}
	if p.cfg.APIURL != slack.APIURL {
		p.host = u.Hostname()
	}
	if p.cfg.Now == nil {
		p.cfg.Now = time.Now
	}
	if p.cfg.Logger == nil {
		p.cfg.Logger = slog.New(slog.DiscardHandler)
	}
	p.http = service.Client(cfg.HTTP)
	p.keep.Keep = cfg.Keep
	p.work.Panicked = func(v any) { p.cfg.Logger.Error("slack answer panicked", "panic", v) }
	// Retries are off in slack-go unless asked for; a write is never repeated there.
	p.api = slack.New(cfg.BotToken,
		slack.OptionAPIURL(p.cfg.APIURL),
		slack.OptionHTTPClient(p.http),
		slack.OptionAppLevelToken(cfg.AppToken),
		slack.OptionLog(log.New(io.Discard, "", 0)),
	)
	return p, nil
}

// Name is "slack".
func (p *Platform) Name() string { return Name }

// Run receives calls until ctx ends. It first learns who the bot is, which a revoked token
// ends for good; then Socket Mode connects, where there is an app token, and the
// endpoints of Routes answer.
func (p *Platform) Run(ctx context.Context, take bot.Taker) error {
	base, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	if err := p.hello(ctx); err != nil || ctx.Err() != nil {
		return err
	}
	p.intake.Begin(base, take)
	var err error
	if p.cfg.AppToken != "" {
		err = p.runSocket(ctx, base)
	} else {
		p.intake.Connect(true)
		<-ctx.Done()
	}
	p.intake.End()
	// Answers that are on their way may arrive.
	p.work.Wait(5 * time.Second)
	return err
}

// hello asks who the bot is until Slack answers.
func (p *Platform) hello(ctx context.Context) error {
	for n := 0; ; n++ {
		r, err := p.api.AuthTestContext(ctx)
		if err == nil {
			p.mu.Lock()
			p.self, p.team = r.UserID, r.TeamID
			p.mu.Unlock()
			return nil
		}
		if code, fatal := fatalAuth(err); fatal {
			return fmt.Errorf("slack: the bot token is refused (%s): install the app again and set SLACK_BOT_TOKEN", code)
		}
		if ctx.Err() != nil {
			return nil
		}
		p.cfg.Logger.Warn("slack does not answer", "err", kindOf(err))
		if p.pause(ctx, backoff(n, err)) != nil {
			return nil
		}
	}
}

// Connected tells whether calls can come in now, for readiness.
func (p *Platform) Connected() bool { return p.intake.Connected() }

// LastEvent is when something last came in, or the zero time.
func (p *Platform) LastEvent() time.Time { return p.intake.LastEvent() }

func (p *Platform) botUser() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.self
}

// render is how cards are rendered now, without pictures.
func (p *Platform) render() Render {
	return Render{NoTables: p.noTables.Load(), Name: p.cfg.Name}
}

// Counters count what a Platform did since it was made.
type Counters = service.Counts[Source]

// Counters are the counts so far.
func (p *Platform) Counters() Counters {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.counters.Clone()
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
	p.cfg.Logger.Info("slack rendering changed a card", "report", []string(r))
}

// backoff is how long to wait before the next try.
func backoff(n int, err error) time.Duration {
	asked, _ := retryAfter(err)
	return service.Backoff(n, asked)
}
