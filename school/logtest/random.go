package logtest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"rounds/school"
)

// random plays short random sequences on the store and on a MemLog, and compares every answer
// and, at the end, everything that is left. A sequence that differs is made shorter
// as long as it still differs.
func random(t *testing.T, fresh func(t *testing.T) Harness) {
	from := *seed
	if from == 0 {
		from = rand.Uint64()
	}
	var p *player
	defer func() {
		if p != nil {
			p.store.Close()
		}
	}()
	n := *sequences
	if testing.Short() {
		n /= 10
	}
	if fresh(t).Waits { // its deletions wait for files to be written anew
		n /= 4
	}
	for i := range n {
		if i%block == 0 {
			if p != nil {
				p.store.Close()
			}
			h := fresh(t)
			p = &player{h: h, store: h.Open(t)}
		}
		rnd := rand.New(rand.NewPCG(from, uint64(i)))
		ops := make([]op, 1+rnd.IntN(25))
		for j := range ops {
			ops[j] = p.randomOp(rnd)
		}
		if diff := p.play(t, ops); diff != "" {
			ops, diff = p.shorten(t, ops, diff)
			t.Fatalf("-logtest.seed=%d, sequence %d: the store and a MemLog differ\n%s\nafter\n%s", from, i, diff, script(ops))
		}
	}
}

// block is how many sequences are played in districts of one store: a few, to see that they do not mix; not all,
// because deleting costs by the size of a store.
const block = 50

// An op is one call, chosen beforehand so that a sequence can be played again and shortened.
type op struct {
	do                   string
	a, b, n              int // choices out of small pools, so that calls meet
	expect               int // -1 any, 0 the version as it is, 1 one more
	events, texts        int
	command, key, prefix string
}

func (o op) String() string {
	return fmt.Sprintf("%s a=%d b=%d n=%d expect=%d events=%d texts=%d command=%q key=%q prefix=%q", o.do, o.a, o.b, o.n, o.expect, o.events, o.texts, o.command, o.key, o.prefix)
}

func script(ops []op) string {
	var b strings.Builder
	for _, o := range ops {
		fmt.Fprintf(&b, "\t%v\n", o)
	}
	return b.String()
}

func (p *player) randomOp(rnd *rand.Rand) op {
	kinds := []string{
		"append", "append", "append", "append", "append", "cancelled append", "read", "version",
		"claim", "claim", "renew", "done",
		"texts", "scan", "delete texts",
		"put if absent", "put", "get", "list", "delete", "forget",
	}
	if !p.h.Waits {
		kinds = append(kinds, "advance")
	}
	o := op{
		do: kinds[rnd.IntN(len(kinds))], a: rnd.IntN(4), b: rnd.IntN(3), n: rnd.IntN(1000), expect: rnd.IntN(3) - 1,
		events: rnd.IntN(4), texts: rnd.IntN(3),
		command: []string{"", "c1", "c2", "c3", "c4"}[rnd.IntN(5)],
		key:     []string{"a", "a/1", "a/2", "b"}[rnd.IntN(4)],
		prefix:  []string{"", "a", "a/", "b"}[rnd.IntN(4)],
	}
	if !p.h.Volatile && rnd.IntN(150) == 0 {
		o.do = "reopen"
	}
	return o
}

// A player plays sequences, each in a district of its own of one store.
type player struct {
	h      Harness
	store  Store
	played int
}

// A side is one of the two logs, with the claims it gave.
type side struct {
	log    school.Log
	claims []school.Claim
	epochs map[string]int64
}

// play gives the first difference, or "".
func (p *player) play(t *testing.T, ops []op) string {
	p.played++
	district := fmt.Sprint("d", p.played)
	clock := time.Date(2026, 8, 10, 8, 0, 0, 0, time.UTC)
	model := &side{log: school.NewMemLog(func() time.Time { return clock }), epochs: map[string]int64{}}
	real := &side{log: p.store.Log(district), epochs: map[string]int64{}}
	lease := p.h.Lease
	if p.h.Waits { // the model's clock stands and the store's does not: nothing may lapse
		lease = time.Hour
	}
	for i, o := range ops {
		switch o.do {
		case "advance":
			d := p.h.Lease * time.Duration(1+o.a)
			clock = clock.Add(d)
			p.h.Advance(d)
			continue
		case "reopen":
			if err := p.store.Close(); err != nil {
				t.Fatal(err)
			}
			p.store = p.h.Open(t)
			real.log = p.store.Log(district)
			if p.h.EndsClaims {
				for _, c := range model.claims {
					if _, err := model.log.Done(context.Background(), c, false); err != nil {
						t.Fatal(err)
					}
				}
			}
			continue
		}
		want, got := model.answer(o, lease), real.answer(o, lease)
		if got != want {
			return fmt.Sprintf("call %d, %v:\n got %s\nwant %s", i+1, o, got, want)
		}
	}
	want, got := model.everything(), real.everything()
	if got != want {
		return fmt.Sprintf("at the end:\n got %s\nwant %s", got, want)
	}
	return ""
}

// shorten leaves out calls while the sequence still differs.
func (p *player) shorten(t *testing.T, ops []op, diff string) ([]op, string) {
	for i := 0; i < len(ops); {
		shorter := slices.Delete(slices.Clone(ops), i, i+1)
		if d := p.play(t, shorter); d != "" {
			ops, diff = shorter, d
		} else {
			i++
		}
	}
	return ops, diff
}

// answer makes the call and tells its outcome as text. Epochs and instants are the store's
// own affair; that epochs rise is not.
func (s *side) answer(o op, lease time.Duration) string {
	ctx := context.Background()
	l := s.log
	subject := []string{"", "p1", "p2"}[o.b]
	kind := []string{"note", "name", "step", "none"}[o.a]
	switch o.do {
	case "append", "cancelled append":
		expect := school.Any
		if o.expect >= 0 {
			v, err := l.Version(ctx)
			if err != nil {
				return err.Error()
			}
			expect = v + int64(o.expect)
		}
		var xs []school.Text
		for i := range o.texts {
			xs = append(xs, school.Text{Key: fmt.Sprint("t", (o.n+i)%6), Kind: kind, Subject: subject, Body: fmt.Sprint(o.n)})
		}
		if o.do != "append" {
			c, cancel := context.WithCancel(ctx)
			cancel()
			ctx = c
		}
		a, err := l.Append(ctx, expect, o.command, batch(o.n, o.events), xs)
		return fmt.Sprint(a, outcome(err))
	case "read":
		var b strings.Builder
		err := l.Read(ctx, int64(o.a), func(e school.Event) error { b.WriteString(show(e)); return nil })
		return fmt.Sprint(b.String(), outcome(err))
	case "version":
		v, err := l.Version(ctx)
		return fmt.Sprint(v, outcome(err))
	case "claim":
		c, ok, err := l.Claim(ctx, o.key, fmt.Sprint("h", o.a), lease*time.Duration(1+2*o.b))
		rises := c.Epoch > s.epochs[o.key]
		if ok {
			s.claims, s.epochs[o.key] = append(s.claims, c), c.Epoch
		}
		return fmt.Sprint(c.Key, c.Holder, c.Done, ok, rises, outcome(err))
	case "renew", "done":
		if len(s.claims) == 0 {
			return ""
		}
		c := s.claims[o.n%len(s.claims)]
		if o.do == "done" {
			ok, err := l.Done(ctx, c, o.a%2 == 0)
			return fmt.Sprint(ok, outcome(err))
		}
		r, ok, err := l.Renew(ctx, c, lease*time.Duration(1+o.a))
		return fmt.Sprint(r.Key, r.Holder, ok, outcome(err))
	case "texts":
		found, err := l.Texts(ctx, "t0", fmt.Sprint("t", o.a), "t5")
		return fmt.Sprint(found, outcome(err)) // fmt prints maps in key order
	case "scan":
		return scan(l, kind)
	case "delete texts":
		n, err := l.DeleteTexts(ctx, subject)
		return fmt.Sprint(n, outcome(err))
	case "put if absent":
		ok, err := l.PutIfAbsent(ctx, o.key, fmt.Append(nil, o.n), lease*time.Duration(o.a), subject)
		return fmt.Sprint(ok, outcome(err))
	case "put":
		return outcome(l.Put(ctx, o.key, fmt.Append(nil, o.n), lease*time.Duration(o.a), subject))
	case "get":
		v, ok, err := l.Get(ctx, o.key)
		return fmt.Sprint(string(v), ok, outcome(err))
	case "list":
		return list(l, o.prefix)
	case "delete":
		return outcome(l.Delete(ctx, o.key))
	case "forget":
		n, err := l.Forget(ctx, subject)
		return fmt.Sprint(n, outcome(err))
	}
	return "what is " + o.do + "?"
}

// everything is all that a log tells of itself.
func (s *side) everything() string {
	var b strings.Builder
	if err := s.log.Read(context.Background(), 0, func(e school.Event) error {
		fmt.Fprintln(&b, show(e))
		return nil
	}); err != nil {
		return err.Error()
	}
	for _, kind := range []string{"note", "name", "step"} {
		fmt.Fprintln(&b, kind, scan(s.log, kind))
	}
	fmt.Fprintln(&b, list(s.log, ""))
	return b.String()
}

func scan(l school.Log, kind string) string {
	var b strings.Builder
	err := l.ScanTexts(context.Background(), kind, func(x school.Text) error {
		fmt.Fprintf(&b, "%+v ", x)
		return nil
	})
	return b.String() + outcome(err)
}

func list(l school.Log, prefix string) string {
	var b strings.Builder
	err := l.List(context.Background(), prefix, func(key string, value []byte) error {
		fmt.Fprintf(&b, "%s=%s ", key, value)
		return nil
	})
	return b.String() + outcome(err)
}

// outcome tells errors apart as callers do.
func outcome(err error) string {
	for _, known := range []error{school.ErrConflict, school.ErrFull, school.ErrReadOnly, school.ErrClosed, context.Canceled} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	return fmt.Sprint(err)
}
