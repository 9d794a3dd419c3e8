package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"rounds/school"
	"rounds/seeds"
)

// sizedDemo is what the store of a demo keeps of its preset.
type sizedDemo struct {
	Size     string   `json:"size"`
	Seed     uint64   `json:"seed"`
	Personas []string `json:"personas"` // e-mail addresses of those one can be
	Filled   bool     `json:"filled"`   // all of it is in the record
}

// sizeKey is where the store keeps it. The small district has none.
const sizeKey = "demo/size"

// presets says the names of the presets.
func presets() string {
	var names []string
	for _, s := range seeds.Sizes {
		names = append(names, s.Name)
	}
	return strings.Join(names, ", ")
}

// prepareSize fills an empty store with the preset asked for, or finds out which one it holds; nil is the small
// district. A filling that was interrupted is taken up again.
func prepareSize(ctx context.Context, log school.Log, name string, seed uint64) (*sizedDemo, error) {
	version, err := log.Version(ctx)
	if err != nil {
		return nil, err
	}
	var held *sizedDemo
	if data, ok, err := log.Get(ctx, sizeKey); err != nil {
		return nil, err
	} else if ok {
		held = &sizedDemo{}
		if err := json.Unmarshal(data, held); err != nil {
			return nil, fmt.Errorf("the demo's size: %w", err)
		}
	}
	switch {
	case held == nil && version > 0 && name != "":
		return nil, usage("--size: the store holds the small made-up district; leave --size out, or name another file")
	case held != nil && name != "" && (held.Size != name || held.Seed != seed):
		return nil, usage("--size: the store holds the made-up district %q of seed %d; leave --size out, or name another file", held.Size, held.Seed)
	case held == nil && name == "", held != nil && held.Filled:
		return held, nil
	case held == nil:
		held = &sizedDemo{Size: name, Seed: seed}
	}
	size, ok := seeds.SizeNamed(held.Size)
	if !ok {
		return nil, usage("--size: %q is no size; it is one of %s", held.Size, presets())
	}
	d := seeds.NewSized(size, held.Seed)
	held.Personas = d.Personas()
	keep := func() error {
		data, err := json.Marshal(held)
		if err != nil {
			return err
		}
		return log.Put(ctx, sizeKey, data, 0, "")
	}
	if err := keep(); err != nil {
		return nil, err
	}
	if err := fillSize(ctx, log, d); err != nil {
		return nil, fmt.Errorf("make the district up: %w", err)
	}
	held.Filled = true
	return held, keep()
}

// appendAtOnce is how many events one append of a filling holds: each append waits for the disk.
const appendAtOnce = 50_000

// batch is what one append writes.
type batch struct {
	events []school.Event
	texts  []school.Text
}

// fillSize appends a preset's facts, many at a time; what is made next is made while the last is written. The appends are
// named, so that a filling begun anew after an interruption writes nothing twice.
func fillSize(ctx context.Context, log school.Log, d *seeds.Sized) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	batches := make(chan batch, 2)
	written := make(chan error, 1)
	go func() {
		defer stop()
		version := int64(0)
		for n := 0; ; n++ {
			b, ok := <-batches
			if !ok {
				written <- nil
				return
			}
			done, err := log.Append(ctx, version, fmt.Sprintf("demo:%s:%d:%d", d.Size.Name, d.Seed, n), b.events, b.texts)
			if err != nil {
				written <- err
				return
			}
			version = done.Version
		}
	}()
	err := sizeBatches(d, func(b batch) error {
		select {
		case batches <- b:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	close(batches)
	if werr := <-written; werr != nil {
		return werr
	}
	return err
}

// sizeBatches makes the appends of a preset: its history up to the evening before the demo, then the accounts of the web page.
func sizeBatches(d *seeds.Sized, each func(batch) error) error {
	var b batch
	readable := d.Readable()
	add := func(e school.Entry) error {
		for _, f := range e.Facts {
			ev, err := school.NewEvent(f, e.By, e.Via, e.At)
			if err != nil {
				return err
			}
			b.events = append(b.events, ev)
		}
		for _, t := range e.Texts {
			if readable(t) {
				b.texts = append(b.texts, t)
			}
		}
		if len(b.events) < appendAtOnce {
			return nil
		}
		full := b
		b = batch{}
		return each(full)
	}
	today := school.DayOf(seeds.DemoStart(), seeds.DemoStart().Location())
	for e := range d.Entries(today - 1) {
		if err := add(e); err != nil {
			return err
		}
	}
	for _, email := range d.OnChat() {
		handle, _, _ := strings.Cut(email, "@")
		if err := add(webAccount(school.NewPersonID(demoDistrict, email), handle)); err != nil {
			return err
		}
	}
	if len(b.events) == 0 {
		return nil
	}
	return each(b)
}
