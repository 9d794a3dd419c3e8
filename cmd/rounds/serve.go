package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"time"

	"rounds/bot"
	"rounds/school"
)

// serveCmd is rounds serve: the bot for a real district.
type serveCmd struct {
	Config string `help:"The district's file." default:"district.yaml" placeholder:"FILE" type:"path"`
	storeFlags
	Listen string `help:"Address of the HTTP endpoints." default:"127.0.0.1:8080" env:"ROUNDS_LISTEN" placeholder:"ADDR"`

	now     func() time.Time // tests
	secrets func() secrets
	slow    func()             // tests: called before each write of the store
	lease   time.Duration      // tests
	opened  func(*school.Book) // tests: sees the record that is served
}

// Help is shown by rounds serve --help.
func (serveCmd) Help() string {
	return "Secrets come from the environment: SLACK_BOT_TOKEN, SLACK_APP_TOKEN (Socket Mode), SLACK_SIGNING_SECRET (HTTP); DISCORD_BOT_TOKEN, DISCORD_APPLICATION_ID, DISCORD_PUBLIC_KEY (HTTP), DISCORD_ROLES (ids of the roles that may use the bot), DISCORD_LINK (the first administrator, email=account id); ROUNDS_KEY.\nThe files are read at start and again on SIGHUP; only what changed in them is applied.\n\nExample:\n\n  ROUNDS_STORE=/var/lib/rounds/rounds.db rounds serve --config district.yaml"
}

// Run serves until it is interrupted.
func (c *serveCmd) Run(ctx context.Context, out *output) error {
	if c.now == nil {
		c.now = time.Now
	}
	if c.secrets == nil {
		c.secrets = secretsFromEnv
	}
	cfg, err := LoadConfig(c.Config)
	if err != nil {
		return err
	}
	shelf := &shelf{}
	if err := shelf.fill(c.Config); err != nil {
		return err
	}
	l, err := listen(c.Listen)
	if err != nil {
		return err
	}
	defer func() { _ = l.Close() }()
	logger := slog.New(slog.NewTextHandler(out.stderr, nil))
	book, store, closeStore, err := c.book(ctx, cfg.District.ID, opening{Logger: logger, Delay: c.slow})
	if err != nil {
		return err
	}
	defer closeStore()
	log := book.Log()
	if c.opened != nil {
		c.opened(book)
	}
	if err := c.apply(ctx, book, cfg, logger); err != nil {
		return err
	}
	s := c.secrets()
	if err := linkFirst(ctx, book, cfg.Spaces(), s.DiscordLink, c.now()); err != nil {
		return err
	}
	a, err := newApp(ctx, appConfig{
		District: bot.District(cfg.District.ID), Book: book, Library: shelf.library, Spaces: cfg.Spaces(), Now: c.now, Key: []byte(os.Getenv("ROUNDS_KEY")), Logger: logger,
		Lease: c.lease, Away: func() error { return away(store) },
		Platforms: func(commands []bot.Command) ([]bot.Platform, error) {
			return platformsFor(s, log, time.Now, logger, commands, meetings(book))
		},
	})
	if err != nil {
		return err
	}
	if len(a.platforms) == 0 {
		return usage("no chat service is set up: put SLACK_BOT_TOKEN, and SLACK_APP_TOKEN or SLACK_SIGNING_SECRET, into the environment, or DISCORD_BOT_TOKEN and DISCORD_APPLICATION_ID (rounds manifest slack and rounds manifest discord print the app to make)")
	}
	logger.Info("serving", "listen", l.Addr().String(), "district", cfg.District.ID, "version", version)

	ctx, stop := context.WithCancel(ctx)
	defer stop()
	hup := make(chan os.Signal, 1)
	notifyReload(hup) // before anybody can see that the server runs: an early SIGHUP would end it
	defer signal.Stop(hup)
	go c.reload(ctx, hup, book, shelf, logger)
	for _, p := range a.platforms {
		if lk, ok := p.(bot.Linker); ok {
			for space := range cfg.Spaces() {
				if w, ok := workspaceOf(space, p.Name()); ok {
					go a.linkPeople(ctx, lk, p.Name(), w)
				}
			}
		}
	}
	served := make(chan error, 1)
	go func() { served <- serveHTTP(ctx, l, a.routes()); stop() }()
	err = a.run(ctx)
	stop()
	if serr := <-served; err == nil {
		err = serr
	}
	return err
}

// apply brings the files' changes into the record.
func (c *serveCmd) apply(ctx context.Context, book *school.Book, cfg *Config, logger *slog.Logger) error {
	reports, err := ApplyFiles(ctx, book, cfg, c.now())
	if err != nil {
		return err
	}
	for _, r := range reports {
		if r.Added+r.Changed+r.Gone > 0 {
			logger.Info("file applied", "file", r.File, "added", r.Added, "changed", r.Changed, "gone", r.Gone)
		}
	}
	if at := cfg.Unconfirmed(); len(at) > 0 {
		logger.Warn("calendar rows are not confirmed, so not in force; rounds check shows them", "rows", len(at), "at", strings.Join(at[:min(len(at), shownRows)], " "))
	}
	return nil
}

// reload reads the files again on SIGHUP. Files that are wrong change nothing.
func (c *serveCmd) reload(ctx context.Context, hup <-chan os.Signal, book *school.Book, shelf *shelf, logger *slog.Logger) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-hup:
		}
		cfg, err := LoadConfig(c.Config)
		if err == nil {
			err = shelf.fill(c.Config)
		}
		if err == nil {
			err = c.apply(ctx, book, cfg, logger)
		}
		if err != nil && !errors.Is(err, context.Canceled) {
			logger.Error("files not applied; the district goes on as it was", "err", err)
		}
	}
}

// workspaceOf takes the workspace out of "slack T01" for one platform.
func workspaceOf(space, platform string) (string, bool) {
	if len(space) > len(platform) && space[:len(platform)+1] == platform+" " {
		return space[len(platform)+1:], true
	}
	return "", false
}
