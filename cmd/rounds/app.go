package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"rounds/answers"
	"rounds/bot"
	"rounds/bot/chart"
	"rounds/handlers"
	"rounds/reminders"
	"rounds/school"
	"rounds/seeds"
)

// appConfig is what one running Rounds is made of. The log and its book belong to the caller.
type appConfig struct {
	District bot.District
	Book     *school.Book
	Library  func() *answers.Library // nil for the shipped documents alone
	Spaces   map[string]bot.District
	Now      func() time.Time
	Key      []byte // of the seals; "" for one kept by the store
	Logger   *slog.Logger
	Lease    time.Duration // of what is being sent; 0 is a minute
	Away     func() error  // why the store cannot be reached at present; nil for one that is a file
	Frozen   bool          // demo time: no pacing, no jitter, and the clock is scanned by whoever moves it
	// Platforms makes the chat services, once the commands are known.
	Platforms func(commands []bot.Command) ([]bot.Platform, error)
}

// app is one running Rounds.
type app struct {
	cfg       appConfig
	dir       *directory
	router    *bot.Router
	hub       *bot.Hub
	runner    *reminders.Runner
	platforms []bot.Platform
	log       *slog.Logger
}

// newApp introduces the rooms to each other. It starts nothing.
func newApp(ctx context.Context, cfg appConfig) (*app, error) {
	if cfg.Library == nil {
		cfg.Library = seeds.Library
	}
	a := &app{cfg: cfg, log: cfg.Logger}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	keep := cfg.Book.Log()
	key := cfg.Key
	if len(key) == 0 {
		var err error
		if key, err = keptKey(ctx, keep); err != nil {
			return nil, err
		}
	}
	sealer, err := bot.NewSealer(key)
	if err != nil {
		return nil, fmt.Errorf("ROUNDS_KEY: %w", err)
	}
	a.dir = &directory{books: map[bot.District]*school.Book{cfg.District: cfg.Book}, spaces: cfg.Spaces}
	guard := bot.NameGuard(a.dir.names)

	desk := handlers.New(handlers.Config{
		Books:   a.dir.book,
		Library: cfg.Library,
		Clock:   clockOf{a},
		Logger:  a.log,
		Edit: func(ctx context.Context, d bot.District, ref bot.Ref, card bot.Open) error {
			return a.hub.Edit(ctx, d, ref, card)
		},
	})
	commands := desk.Commands()
	if a.platforms, err = cfg.Platforms(commands); err != nil {
		return nil, err
	}
	a.hub = bot.NewHub(bot.HubConfig{Directory: a.dir, Sealer: sealer, Now: cfg.Now, Guard: guard, Logger: a.log}, a.platforms...)
	a.router = bot.NewRouter(bot.RouterConfig{Commands: commands, Directory: a.dir, Sealer: sealer, Now: cfg.Now, Guard: guard, Logger: a.log, Stranger: desk.Stranger, Keep: a.dir.keep})
	a.runner = reminders.New(reminders.Config{
		District: cfg.District, Book: cfg.Book, Poster: a.hub, Now: cfg.Now, Logger: a.log,
		Draw: chart.Draw, Frozen: cfg.Frozen, Lease: cfg.Lease,
	})
	return a, nil
}

// keptKey is the seals' key in the store, made on first use.
func keptKey(ctx context.Context, keep school.Keep) ([]byte, error) {
	const name = "key/seal"
	if k, ok, err := keep.Get(ctx, name); err != nil || ok {
		return k, err
	}
	fresh := make([]byte, 32)
	if _, err := rand.Read(fresh); err != nil {
		return nil, err
	}
	if _, err := keep.PutIfAbsent(ctx, name, fresh, 0, ""); err != nil {
		return nil, fmt.Errorf("keep the key of the seals: %w", err)
	}
	k, _, err := keep.Get(ctx, name) // another replica may have been first
	return k, err
}

// run receives calls and sends what is due until ctx ends or a platform gives up for good.
func (a *app) run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var wg sync.WaitGroup
	failed := make(chan error, len(a.platforms)+1)
	for _, p := range a.platforms {
		wg.Go(func() {
			if err := p.Run(ctx, a.take(p)); err != nil && ctx.Err() == nil {
				failed <- fmt.Errorf("%s: %w", p.Name(), err)
			}
		})
	}
	if !a.cfg.Frozen {
		wg.Go(func() {
			if err := a.runner.Run(ctx); err != nil && ctx.Err() == nil {
				failed <- fmt.Errorf("reminders: %w", err)
			}
		})
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
		stop()
	}
	wg.Wait()
	done, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if cerr := a.router.Close(done); err == nil && cerr != nil && !errors.Is(cerr, context.DeadlineExceeded) {
		err = cerr
	}
	return err
}

// ready says why calls cannot be answered, or nil.
func (a *app) ready() error {
	for _, p := range a.platforms {
		if c, ok := p.(interface{ Connected() bool }); ok && !c.Connected() {
			return fmt.Errorf("%s is not connected", p.Name())
		}
	}
	if a.cfg.Away != nil {
		if err := a.cfg.Away(); err != nil {
			return fmt.Errorf("the store cannot be reached: %w", err)
		}
	}
	return a.cfg.Book.Err()
}

// clockOf lets the handlers ask the reminders, which they do not import.
type clockOf struct{ a *app }

func (c clockOf) Why(ctx context.Context, d bot.District, p bot.Person, from, to time.Time) ([]handlers.Reason, error) {
	lines, err := c.a.runner.Why(ctx, d, p, from, to)
	out := make([]handlers.Reason, 0, len(lines))
	for _, l := range lines {
		out = append(out, handlers.Reason{At: l.At, What: l.What, Status: l.Status, Why: l.Why})
	}
	return out, err
}

func (c clockOf) Rules(ctx context.Context, d bot.District, campus school.CampusID) ([]handlers.RuleLine, error) {
	lines, err := c.a.runner.Rules(ctx, d, campus)
	out := make([]handlers.RuleLine, 0, len(lines))
	for _, l := range lines {
		out = append(out, handlers.RuleLine{Kind: l.ID, Words: l.Words, Fixed: l.Fixed, Rule: l.Rule, Coming: l.Coming, Today: l.Today, Next: l.Next, Idle: l.Idle})
	}
	return out, err
}

func (c clockOf) CheckRule(ctx context.Context, d bot.District, r school.Rule) error {
	return c.a.runner.CheckRule(ctx, d, r)
}
