package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"rounds/bot"
	"rounds/bot/bottest"
	"rounds/bot/slackbot"
	"rounds/school"
	"rounds/school/sqlitelog"
	"rounds/seeds"
)

// slackBench is the whole bot for the made-up district behind Slack's endpoint, on a store that syncs every write.
type slackBench struct {
	handler http.Handler
	sign    *slackSigner
	log     school.Log
	n       int
}

func newSlackBench(b *testing.B) *slackBench {
	b.Helper()
	ctx, stop := context.WithCancel(context.Background())
	dir := b.TempDir()
	if err := seeds.WriteDemo(dir, 2026); err != nil {
		b.Fatal(err)
	}
	cfg, err := LoadConfig(filepath.Join(dir, "district.yaml"))
	if err != nil {
		b.Fatal(err)
	}
	store, err := sqlitelog.Open(ctx, filepath.Join(dir, "bench.db"), sqlitelog.Options{Mark: sqlitelog.Real})
	if err != nil {
		b.Fatal(err)
	}
	log := store.Log(cfg.District.ID)
	book, err := school.Open(ctx, log)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := ApplyFiles(ctx, book, cfg, schoolClock()); err != nil {
		b.Fatal(err)
	}
	var alice school.PersonID
	_ = book.Read(func(m *school.Model) { alice, _ = m.ByEmail("alice@example.com") })
	if err := linkAccount(ctx, book, bot.Account{Platform: "slack", Workspace: "T01TEST", User: "U01ALICE"}, alice, schoolClock()); err != nil {
		b.Fatal(err)
	}
	slack := newFakeSlack(b, nil)
	quiet := slog.New(slog.DiscardHandler)
	s := secrets{SlackBotToken: "xoxb-test", SlackSigningSecret: signingSecret, SlackAPIURL: slack.api()}
	a, err := newApp(ctx, appConfig{
		District: bot.District(cfg.District.ID), Book: book, Now: schoolClock, Frozen: true, Logger: quiet,
		Platforms: func(commands []bot.Command) ([]bot.Platform, error) {
			return platformsFor(s, log, time.Now, quiet, commands)
		},
	})
	if err != nil {
		b.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- a.run(ctx) }()
	b.Cleanup(func() { stop(); <-done; book.Close(); _ = store.Close() })
	sb := &slackBench{handler: a.routes(), sign: &slackSigner{secret: signingSecret, reply: slack.URL + "/response/1"}, log: log}
	for sb.post("/rounds", "help") == http.StatusServiceUnavailable { // the platform is not running yet
	}
	return sb
}

func (s *slackBench) request(command, text string) *http.Request {
	s.n++
	body := s.sign.commandBody("U01ALICE", command, text, fmt.Sprintf("bench.%d", s.n))
	r := httptest.NewRequest("POST", "/slack/events", bytes.NewReader(body))
	r.Header = s.sign.headers(body, time.Now())
	return r
}

func (s *slackBench) post(command, text string) int {
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, s.request(command, text))
	return w.Code
}

// BenchmarkCommand measures a slash command through the HTTP handler, signature to answer: one answered from memory
// beside a bare handler that only verifies the signature, and one with a durable write beside a bare handler that
// verifies and appends one synced event. The ratios are of the medians of the same run.
func BenchmarkCommand(b *testing.B) {
	for _, c := range []struct {
		name, command, text string
		bare                func(*slackBench) http.Handler
	}{
		{"memory", "/observe", "status", func(*slackBench) http.Handler { return verifies(nil) }},
		{"durable", "/observe", "log @Bob Brown 12m glow:calm start", func(s *slackBench) http.Handler { return verifies(s.log) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			s := newSlackBench(b)
			bare := c.bare(s)
			var whole, only []time.Duration
			for b.Loop() {
				r := s.request(c.command, c.text)
				w := httptest.NewRecorder()
				t := time.Now()
				s.handler.ServeHTTP(w, r)
				whole = append(whole, time.Since(t))
				if w.Code != http.StatusOK {
					b.Fatalf("%d: %s", w.Code, w.Body.String())
				}
				r = s.request(c.command, c.text)
				t = time.Now()
				bare.ServeHTTP(httptest.NewRecorder(), r)
				only = append(only, time.Since(t))
			}
			b.ReportMetric(float64(median(whole).Microseconds()), "µs-p50")
			b.ReportMetric(float64(percentile(whole, 99).Microseconds()), "µs-p99")
			b.ReportMetric(float64(median(only).Microseconds()), "bare-µs-p50")
			b.ReportMetric(float64(median(whole))/float64(median(only)), "x-bare")
		})
	}
}

// verifies is the bare handler: it checks the signature and, given a log, appends one event and waits for the disk.
func verifies(log school.Log) http.Handler {
	n := 0
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mac := hmac.New(sha256.New, []byte(signingSecret))
		fmt.Fprintf(mac, "v0:%s:%s", r.Header.Get("X-Slack-Request-Timestamp"), body)
		if !hmac.Equal([]byte("v0="+hex.EncodeToString(mac.Sum(nil))), []byte(r.Header.Get("X-Slack-Signature"))) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		if log != nil {
			n++
			e, _ := school.NewEvent(school.Welcomed{Person: "bench"}, "bench", "bench", time.Now())
			if _, err := log.Append(r.Context(), school.Any, fmt.Sprintf("bare.%d", n), []school.Event{e}, nil); err != nil {
				w.WriteHeader(http.StatusInternalServerError)
			}
		}
	})
}

func percentile(d []time.Duration, p int) time.Duration {
	s := slices.Sorted(slices.Values(d))
	return s[min(len(s)-1, len(s)*p/100)]
}

func median(d []time.Duration) time.Duration { return percentile(d, 50) }

// BenchmarkRender measures how long the largest card of the fixtures takes to become Slack's blocks.
func BenchmarkRender(b *testing.B) {
	var largest bot.Card
	size := 0
	for _, c := range bottest.Cards() {
		if n := len(c.Text()); n > size {
			largest, size = c, n
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if m, _ := (slackbot.Render{}).Messages(largest); len(m) == 0 {
			b.Fatal("nothing was drawn")
		}
	}
	b.ReportMetric(float64(size), "characters")
}

// BenchmarkStart measures a cold start: opening a store of 200,000 events and replaying it into a model. The bar is 3 s.
func BenchmarkStart(b *testing.B) {
	const people, visits = 5000, 200_000
	ctx := context.Background()
	path := filepath.Join(b.TempDir(), "start.db")
	store, err := sqlitelog.Open(ctx, path, sqlitelog.Options{Mark: sqlitelog.Real})
	if err != nil {
		b.Fatal(err)
	}
	log := store.Log("bench")
	add := func(n int, fact func(i int) school.Fact) {
		for from := 0; from < n; from += 5000 {
			var events []school.Event
			for i := from; i < min(n, from+5000); i++ {
				e, err := school.NewEvent(fact(i), "p0", "bench", schoolClock())
				if err != nil {
					b.Fatal(err)
				}
				events = append(events, e)
			}
			if _, err := log.Append(ctx, school.Any, "", events, nil); err != nil {
				b.Fatal(err)
			}
		}
	}
	id := func(i int) school.PersonID { return school.PersonID(fmt.Sprintf("p%d", i%people)) }
	add(people, func(i int) school.Fact {
		return school.PersonSet{ID: id(i), From: school.Date(2026, 8, 1), Role: school.Teacher, Campus: "cedar"}
	})
	add(visits, func(i int) school.Fact {
		return school.VisitLogged{UID: uint64(i), Observer: "p0", Subject: id(i * 7), Visit: school.CoachingVisit, On: school.Date(2026, 8, 17) + school.Day(i%180), Minutes: 12, Focus: []string{"discourse"}, Texts: []string{"glow"}}
	})
	if err := store.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		store, err := sqlitelog.Open(ctx, path, sqlitelog.Options{Mark: sqlitelog.Real})
		if err != nil {
			b.Fatal(err)
		}
		book, err := school.Open(ctx, store.Log("bench"))
		if err != nil {
			b.Fatal(err)
		}
		book.Close()
		_ = store.Close()
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/start")
}
