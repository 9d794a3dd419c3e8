package service_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rounds/bot"
	"rounds/bot/service"
)

func TestPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		if err := service.Pause(t.Context(), time.Minute); err != nil || time.Since(start) != time.Minute {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		ctx, end := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, end)
		start = time.Now()
		if err := service.Pause(ctx, time.Minute); !errors.Is(err, context.Canceled) || time.Since(start) != time.Second {
			t.Errorf("ended: %v after %v", err, time.Since(start))
		}
	})
}

func TestBackoff(t *testing.T) {
	for n := range 100 {
		most := time.Minute
		if n < 6 {
			most = time.Second << n
		}
		if d := service.Backoff(n, 0); d < most/2 || d > most {
			t.Errorf("try %d: %v", n, d)
		}
	}
	if d := service.Backoff(0, time.Hour); d != time.Hour {
		t.Errorf("an hour was asked for: %v", d)
	}
	if d := service.Backoff(7, time.Second); d < 30*time.Second {
		t.Errorf("less was asked for than is due: %v", d)
	}
}

func TestFresh(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	for stamp, good := range map[string]bool{
		"1800000000": true, "1799999700": true, "1800000300": true, "1799999699": false, "1800000301": false, "": false, "now": false, "1e9": false,
	} {
		if err := service.Fresh(stamp, now); (err == nil) != good || !good && !errors.Is(err, service.ErrStale) {
			t.Errorf("%q: %v", stamp, err)
		}
	}
}

func TestBody(t *testing.T) {
	for size, good := range map[int]bool{0: true, service.MaxBody: true, service.MaxBody + 1: false} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(strings.Repeat("x", size)))
		b, err := service.Body(httptest.NewRecorder(), r)
		if (err == nil) != good || good && len(b) != size {
			t.Errorf("%d bytes: %d read, %v", size, len(b), err)
		}
	}
}

func TestCheckClock(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	for off, want := range map[time.Duration]bot.CheckState{
		0: bot.CheckOK, time.Minute + 400*time.Millisecond: bot.CheckOK, 61 * time.Second: bot.CheckWarn, -61 * time.Second: bot.CheckWarn,
		4 * time.Minute: bot.CheckWarn, -241 * time.Second: bot.CheckFail,
	} {
		c := service.CheckClock("x clock", "X", now, now.Add(off))
		if c.State != want || (c.Fix == "") != (want == bot.CheckOK) || c.Name != "x clock" {
			t.Errorf("%v off: %+v", off, c)
		}
	}
	if c := service.CheckClock("x clock", "X", now, now.Add(90*time.Second)); c.Detail != "this computer is 1m30s off X's clock" {
		t.Error(c.Detail)
	}
}

func TestCounts(t *testing.T) {
	var c service.Counts[string]
	if c.Clone().Events == nil {
		t.Error("the events of no counts are nil")
	}
	c.Came("click")
	c.Posts = 2
	then := c.Clone()
	c.Came("click")
	c.Posts++
	if then.Events["click"] != 1 || then.Posts != 2 || c.Events["click"] != 2 {
		t.Errorf("%+v, %+v", then, c)
	}
}

func TestClient(t *testing.T) {
	there := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/there" {
			there++
		}
		http.Redirect(w, r, "/there", http.StatusTemporaryRedirect)
	}))
	defer s.Close()
	given := &http.Client{Timeout: time.Minute}
	for _, c := range []*http.Client{service.Client(nil), service.Client(given)} {
		res, err := c.Get(s.URL)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusTemporaryRedirect || there != 0 {
			t.Errorf("a redirect was followed: %s", res.Status)
		}
	}
	if service.Client(nil).Timeout != 10*time.Second || service.Client(given).Timeout != time.Minute || given.CheckRedirect != nil {
		t.Error("a client waits too long, or the one given was changed")
	}
}

func TestAttempt(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		panic(http.ErrAbortHandler) // heard, and no answer
	}))
	ask := func(ctx context.Context) (*service.Attempt, error) {
		var a service.Attempt
		req, err := http.NewRequestWithContext(a.Watch(ctx), http.MethodPost, s.URL, strings.NewReader(strconv.Itoa(1)))
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(req)
		if err == nil {
			res.Body.Close()
			t.Fatal("an answer came")
		}
		return &a, a.Lost(ctx, err)
	}
	a, err := ask(t.Context())
	if _, ok := errors.AsType[*bot.UnknownError](err); !ok || !a.Sent() {
		t.Errorf("a request that went out: sent %v, %v", a.Sent(), err)
	}
	s.Close()
	a, err = ask(t.Context())
	if retry, ok := errors.AsType[*bot.RetryError](err); !ok || a.Sent() || retry.After != 5*time.Second {
		t.Errorf("nobody was there: sent %v, %v", a.Sent(), err)
	}
	ctx, end := context.WithCancel(t.Context())
	end()
	if a, err = ask(ctx); err != context.Canceled || a.Sent() { //nolint:errorlint // the context's own error, not one that wraps it
		t.Errorf("ended before: sent %v, %v", a.Sent(), err)
	}
}
