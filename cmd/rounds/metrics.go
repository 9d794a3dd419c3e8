package main

import (
	"net/http"

	"rounds/bot"
	"rounds/bot/discordbot"
	"rounds/bot/slackbot"
	"rounds/school"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics serves the plain counters of the other packages to Prometheus. No label holds a name, a person or a room.
func (a *app) metrics() http.Handler {
	r := prometheus.NewRegistry()
	r.MustRegister(collector{a})
	return promhttp.HandlerFor(r, promhttp.HandlerOpts{})
}

type collector struct{ a *app }

var (
	descCalls    = prometheus.NewDesc("rounds_calls_total", "Calls taken, by kind.", []string{"kind"}, nil)
	descErrors   = prometheus.NewDesc("rounds_call_errors_total", "Calls that ended in an error, by code.", []string{"code"}, nil)
	descRepeats  = prometheus.NewDesc("rounds_calls_repeated_total", "Calls that arrived again and were answered from the first.", nil, nil)
	descDeferred = prometheus.NewDesc("rounds_calls_deferred_total", "Calls answered after the service's first deadline.", nil, nil)
	descPosts    = prometheus.NewDesc("rounds_posts_total", "Messages to rooms and people, by outcome.", []string{"outcome"}, nil)
	descVersion  = prometheus.NewDesc("rounds_model_version", "Version of the last event in the model.", nil, nil)
	descReady    = prometheus.NewDesc("rounds_ready", "1 while calls can be answered.", nil, nil)
	descService  = prometheus.NewDesc("rounds_service_total", "What happened between Rounds and a chat service.", []string{"service", "what"}, nil)
	descClock    = prometheus.NewDesc("rounds_reminders_total", "Reminders settled, by kind and outcome.", []string{"kind", "outcome"}, nil)
	descScans    = prometheus.NewDesc("rounds_scans_total", "Scans of the clock.", nil, nil)
	descWaiting  = prometheus.NewDesc("rounds_reminders_waiting", "Reminders due or deferred at the end of the last scan.", nil, nil)
)

// Describe names the metrics.
func (c collector) Describe(ch chan<- *prometheus.Desc) { prometheus.DescribeByCollect(c, ch) }

// Collect reads the counters as they are now.
func (c collector) Collect(ch chan<- prometheus.Metric) {
	count := func(d *prometheus.Desc, n uint64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(n), labels...)
	}
	gauge := func(d *prometheus.Desc, v float64) { ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v) }
	s := c.a.router.Stats()
	for kind, n := range s.Calls {
		count(descCalls, n, kind)
	}
	for code, n := range s.Errors {
		count(descErrors, n, string(code))
	}
	count(descRepeats, s.Duplicates)
	count(descDeferred, s.Deferred)
	h := c.a.hub.Stats()
	count(descPosts, h.Posted, "posted")
	count(descPosts, h.Edited, "edited")
	count(descPosts, h.Published, "published")
	count(descPosts, h.Refused, "refused")
	count(descPosts, h.Failed, "failed")
	for _, p := range c.a.platforms {
		for what, n := range countsOf(p) {
			count(descService, uint64(n), p.Name(), what)
		}
	}
	r := c.a.runner.Stats()
	for outcome, kinds := range map[string]map[string]uint64{"posted": r.Posted, "held": r.Held, "dropped": r.Dropped} {
		for kind, n := range kinds {
			count(descClock, n, kind, outcome)
		}
	}
	count(descScans, r.Scans)
	gauge(descWaiting, float64(r.Waiting))
	_ = c.a.cfg.Book.Read(func(m *school.Model) { gauge(descVersion, float64(m.Version())) })
	ready := 0.0
	if c.a.ready() == nil {
		ready = 1
	}
	gauge(descReady, ready)
}

// countsOf are the counters of a chat service that an operator acts on: a service that pushes back, that sends what nobody
// signed, or whose answers get lost.
func countsOf(p bot.Platform) map[string]int64 {
	switch p := p.(type) {
	case *slackbot.Platform:
		c := p.Counters()
		return map[string]int64{
			"posts": c.Posts, "edits": c.Edits, "rate_limited": c.RateLimited, "unknown": c.Unknown, "repeated": c.Duplicates,
			"bad_requests": c.BadRequests, "reconnects": c.Reconnects, "failed_answers": c.FailedAnswers,
		}
	case *discordbot.Platform:
		c := p.Counters()
		return map[string]int64{
			"posts": c.Posts, "edits": c.Edits, "rate_limited": c.RateLimited, "unknown": c.Unknown, "repeated": c.Duplicates,
			"bad_requests": c.BadRequests, "reconnects": c.Reconnects, "failed_answers": c.FailedAnswers, "expired": c.Expired,
			"closed_direct_messages": c.ClosedDMs, "barred": c.Barred,
		}
	}
	return nil
}
