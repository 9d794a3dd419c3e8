package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"rounds/school"
	"rounds/school/redislog"
)

// migrateCmd is rounds migrate: a district's whole record from one store to another.
type migrateCmd struct {
	Config          string `help:"The district's file: which district is moved." default:"district.yaml" placeholder:"FILE" type:"path"`
	District        string `help:"The district's id, in place of --config." placeholder:"ID"`
	From            string `help:"The store to move from; it is only read." required:"" placeholder:"FILE|redis://…"`
	To              string `help:"The store to move to. It holds nothing of the district yet, or what a broken-off migration left." required:"" placeholder:"FILE|redis://…"`
	Demo            bool   `help:"Move the store of a demo."`
	RedisAcceptLoss bool   `help:"Use a Redis that can lose what it acknowledged, or does not say whether it can."`
	JSON            bool   `help:"Print one JSON object, for programs." name:"json"`
}

// Help is shown by rounds migrate --help.
func (migrateCmd) Help() string {
	return "Stop every rounds serve of the district first: what is appended meanwhile is not moved. Events, texts, kept values, command ids and the ends of " +
		"claims are copied, then both records are replayed and their models compared. The store moved from stays as it was. " +
		"A migration that was broken off is gone on with by the same command.\n\n" +
		"Example:\n\n  rounds migrate --from rounds.db --to redis://redis.example.org/0\n  rounds migrate --from redis://redis.example.org/0 --to rounds.db"
}

// migrateReport is what --json prints.
type migrateReport struct {
	District string `json:"district"`
	From     string `json:"from"`
	To       string `json:"to"`
	Version  int64  `json:"version"` // of the last event
	Model    string `json:"model"`   // fingerprint of both models
	Events   int    `json:"events"`
	Resumed  int64  `json:"resumed,omitempty"`
	Texts    int    `json:"texts"`
	Kept     int    `json:"kept"`
	Claims   int    `json:"claims"`
	Commands int    `json:"commands"`
	Exports  int    `json:"exports,omitempty"` // lines of STORE.exports.jsonl
}

// Run moves.
func (c *migrateCmd) Run(ctx context.Context, out *output) error {
	if c.District == "" {
		cfg, err := LoadConfig(c.Config)
		if err != nil {
			return err
		}
		c.District = cfg.District.ID
	}
	if c.From == c.To {
		return usage("--from and --to are the same store")
	}
	from, err := c.open(ctx, c.From, true)
	if err != nil {
		return fmt.Errorf("--from: %w", err)
	}
	defer func() { _ = from.Close() }()
	to, err := c.open(ctx, c.To, false)
	if err != nil {
		return fmt.Errorf("--to: %w", err)
	}
	defer func() { _ = to.Close() }()
	a, aok := from.Log(c.District).(school.Mover)
	b, bok := to.Log(c.District).(school.Mover)
	if !aok || !bok {
		return errors.New("a store of this kind cannot be moved")
	}
	version, err := a.Version(ctx)
	if err != nil {
		return err
	}
	if version == 0 {
		return fmt.Errorf("%s holds nothing of a district %q", storeName(c.From), c.District)
	}
	moved, err := school.Move(ctx, a, b)
	if errors.Is(err, school.ErrOther) {
		return fmt.Errorf("%s: %w; nothing of it was changed", storeName(c.To), err)
	}
	if err != nil {
		return fmt.Errorf("move to %s: %w; the same command goes on where it was broken off", storeName(c.To), err)
	}
	before, err := fingerprint(ctx, a)
	if err != nil {
		return fmt.Errorf("read %s: %w", storeName(c.From), err)
	}
	after, err := fingerprint(ctx, b)
	if err != nil {
		return fmt.Errorf("read %s: %w", storeName(c.To), err)
	}
	if now, err := a.Version(ctx); err != nil || now != version {
		return errors.Join(err, fmt.Errorf("%s grew while it was moved, from event %d to %d: stop rounds serve, then migrate again", storeName(c.From), version, now))
	}
	if before != after {
		return fmt.Errorf("the models differ after the move (%s and %s): do not use %s, and keep %s", before, after, storeName(c.To), storeName(c.From))
	}
	exports, err := c.carryExports(ctx, b)
	if err != nil {
		return fmt.Errorf("carry the record of exports to %s: %w; the same command goes on where it was broken off", storeName(c.To), err)
	}
	r := migrateReport{
		District: c.District, From: storeName(c.From), To: storeName(c.To), Version: version, Model: after,
		Events: moved.Events, Resumed: moved.Resumed, Texts: moved.Texts, Kept: moved.Kept, Claims: moved.Claims, Commands: moved.Commands, Exports: exports,
	}
	if c.JSON {
		return json.NewEncoder(out.stdout).Encode(r)
	}
	_, err = fmt.Fprintf(out.stdout, "Moved district %s: %d events, %d texts, %d kept values, %d claims, %d command ids.\nBoth records make the same model at version %d (%.16s).\nFrom now on: ROUNDS_STORE=%s\n",
		r.District, r.Events, r.Texts, r.Kept, r.Claims, r.Commands, r.Version, r.Model, r.To)
	return err
}

// carryExports carries what stands beside a file about exports: into a Redis itself, or beside the other file.
func (c *migrateCmd) carryExports(ctx context.Context, to school.Log) (int, error) {
	looks, err := exportsIn(c.From)
	if err != nil || len(looks) == 0 {
		return 0, err
	}
	if !redislog.Is(c.To) {
		was, err := exportsIn(c.To)
		for _, l := range looks[min(len(was), len(looks)):] {
			err = errors.Join(err, auditExport(c.To, l))
		}
		return len(looks), err
	}
	book, err := school.Open(ctx, to)
	if err != nil {
		return 0, err
	}
	defer book.Close()
	for i, l := range looks {
		if err := keepExport(ctx, book, l, fmt.Sprint(i), time.Now()); err != nil {
			return i, err
		}
	}
	return len(looks), nil
}

func (c *migrateCmd) open(ctx context.Context, store string, readOnly bool) (records, error) {
	return storeFlags{Store: store, RedisAcceptLoss: c.RedisAcceptLoss}.open(ctx, opening{ReadOnly: readOnly, Demo: c.Demo})
}

// fingerprint replays a log and gives the fingerprint of its model.
func fingerprint(ctx context.Context, l school.Log) (print string, err error) {
	book, err := school.Open(ctx, l)
	if err != nil {
		return "", err
	}
	defer book.Close()
	err = book.Read(func(m *school.Model) { print = m.Fingerprint() })
	return print, err
}
