package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestRouterAnswersOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var runs atomic.Int32
		cmd := Command{Name: "go", Subs: []Sub{{Run: func(context.Context, Call) (Answer, error) {
			time.Sleep(time.Second)
			return Whisper{PrivateCard(Text{Text: fmt.Sprint("run ", runs.Add(1))})}, nil
		}}}}
		b := onBench(t, nil, cmd)
		c := Call{ID: "e1", From: ana, Command: "go"}
		got := make(chan Answer, 3)
		for range 3 {
			go func() {
				a, _ := b.Take(t.Context(), c)
				got <- a
			}()
		}
		for range 3 {
			if s := said(<-got); s != "whisper: run 1" {
				t.Error(s)
			}
		}
		if s := b.take(c); s != "whisper: run 1" {
			t.Errorf("again: %s", s)
		}
		if c.From = ben; b.take(c) != "whisper: run 2" {
			t.Error("another account got an answer that was not its own")
		}
		c.From = ana
		time.Sleep(16 * time.Minute)
		if s := b.take(c); s != "whisper: run 3" {
			t.Errorf("long after: %s", s)
		}
		if n := b.Stats().Duplicates; n != 3 {
			t.Errorf("%d duplicates", n)
		}
	})
}

func TestRouterRemembersABoundedNumber(t *testing.T) {
	b := onBench(t, func(c *RouterConfig) { c.Remember = 10 }, menu)
	for i := range 1000 {
		b.take(Call{ID: fmt.Sprint(i), Command: "menu"})
	}
	if n := len(b.seen.items); n != 10 || len(b.seen.order) != 10 {
		t.Errorf("%d calls are remembered, %d in order", n, len(b.seen.order))
	}
}

func slowly(d time.Duration, a Answer) Handler {
	return func(ctx context.Context, _ Call) (Answer, error) {
		select {
		case <-time.After(d):
			return a, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func TestRouterDefers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hello := Whisper{PrivateCard(Text{Text: "hello"})}
		b := onBench(t, nil, Command{Name: "go", Subs: []Sub{{Run: slowly(5*time.Second, hello)}}})
		start := time.Now()
		// The request goes away before the budget has passed; the work does not.
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		first, later := b.Take(ctx, Call{ID: "e1", From: ana, Command: "go"})
		if _, ok := first.(Deferred); !ok || time.Since(start) != time.Second {
			t.Errorf("first %v after %v", said(first), time.Since(start))
		}
		again, alsoLater := b.Take(t.Context(), Call{ID: "e1", From: ana, Command: "go"})
		if _, ok := again.(Deferred); !ok || time.Since(start) != 3*time.Second {
			t.Errorf("again %v after %v", said(again), time.Since(start))
		}
		for _, ch := range []<-chan Answer{later, alsoLater} {
			if s := said(<-ch); s != "whisper: hello" {
				t.Error(s)
			}
			if _, open := <-ch; open {
				t.Error("the channel is still open")
			}
		}
		if took := time.Since(start); took != 5*time.Second {
			t.Errorf("took %v", took)
		}
		if s := b.Stats(); s.Deferred != 2 || s.Latency[9] != 1 || s.Took != 5*time.Second {
			t.Errorf("%+v", s)
		}
	})
}

func TestRouterLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		deaf := func(context.Context, Call) (Answer, error) { time.Sleep(time.Minute); return Nothing{}, nil }
		b := onBench(t, nil, Command{Name: "polite", Subs: []Sub{{Run: slowly(time.Hour, nil)}}}, Command{Name: "deaf", Subs: []Sub{{Run: deaf}}})
		for _, name := range []string{"polite", "deaf"} {
			start := time.Now()
			if got := b.take(Call{Command: name}); got != "whisper: "+tooLong {
				t.Errorf("%s: %s", name, got)
			}
			if took := time.Since(start); took > 26*time.Second {
				t.Errorf("%s: took %v", name, took)
			}
		}
		if s := b.Stats(); s.Abandoned != 1 || s.Errors[Unavailable] != 2 {
			t.Errorf("%+v", s)
		}
		time.Sleep(2 * time.Minute) // let the deaf one end
	})
}

func TestRouterLateForm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		form := Form{Title: "A visit", Press: Press{"go.form", "x1"}, Fields: []Field{
			{Name: "a", Label: "A", Kind: FieldSelect, Options: []Choice{{Label: "First", Value: "one"}}},
		}}
		var runs atomic.Int32
		b := onBench(t, nil, Command{Name: "go", Subs: []Sub{{Opens: true, Run: func(ctx context.Context, c Call) (Answer, error) {
			runs.Add(1)
			return slowly(3*time.Second, OpenForm{form})(ctx, c)
		}}}})
		w, ok := b.answer(Call{Command: "go"}).(Whisper)
		if !ok || w.Card.Text() != "That took me longer than it should. It is ready now.\n[Open it]" {
			t.Fatal(said(w))
		}
		id := w.Card.Card().Blocks[1].(Buttons).Items[0].ID
		start := time.Now()
		got, ok := b.answer(Call{Kind: Click, Button: id}).(OpenForm)
		if !ok || got.Form.Text() != form.Text() || got.Form.ID == "" || got.Form.Fields[0].Options[0].Value == "one" {
			t.Errorf("got %+v", got)
		}
		if runs.Load() != 1 || time.Since(start) > time.Second {
			t.Error("the form was made anew")
		}
		// It is for nobody else, and not for ever.
		if got := b.take(Call{Kind: Click, Button: id, From: ben}); !strings.Contains(got, "no longer") {
			t.Error(got)
		}
		time.Sleep(time.Hour)
		if got := b.take(Call{Kind: Click, Button: id}); !strings.Contains(got, "no longer") {
			t.Error(got)
		}
	})
}

func TestRouterNeverDefersSuggestions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := onBench(t, nil, Command{Name: "go", Subs: []Sub{{Options: []Option{{Name: "x"}}}}, Complete: slowly(time.Minute, Choices{{Label: "late"}})})
		start := time.Now()
		if got := b.take(Call{Kind: Complete, Command: "go", Focus: "x"}); got != "choices:" || time.Since(start) != 2*time.Second {
			t.Errorf("%s after %v", got, time.Since(start))
		}
		time.Sleep(time.Minute) // let it end
	})
}

func TestRouterClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := onBench(t, nil, Command{Name: "go", Subs: []Sub{{Run: slowly(10*time.Second, Whisper{PrivateCard(Text{Text: "done"})})}}})
		_, later := b.Take(t.Context(), Call{ID: "e1", From: ana, Command: "go"})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := b.Close(ctx); err != nil {
			t.Error(err)
		}
		if s := said(<-later); s != "whisper: done" {
			t.Error(s)
		}
		if s := b.take(Call{Command: "go"}); !strings.Contains(s, "restarting") {
			t.Error(s)
		}

		b = onBench(t, nil, Command{Name: "go", Subs: []Sub{{Run: slowly(10*time.Second, nil)}}})
		_, later = b.Take(t.Context(), Call{ID: "e1", From: ana, Command: "go"})
		ctx, cancel = context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := b.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("closed with %v", err)
		}
		if s := said(<-later); !strings.Contains(s, "too long") {
			t.Error(s)
		}
	})
}
