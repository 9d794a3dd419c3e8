package service

import (
	"context"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"rounds/bot"
)

// Client is a copy of given, or a new client, that waits 10 s for an answer if given does not say how long, and goes where it was sent and
// nowhere else: a redirect would carry the token to wherever it points.
func Client(given *http.Client) *http.Client {
	c := &http.Client{}
	if given != nil {
		*c = *given
	}
	if c.Timeout == 0 {
		c.Timeout = 10 * time.Second
	}
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return c
}

// Attempt watches one request, to know of one that broke off how far it came.
type Attempt struct{ sent atomic.Bool }

// Watch is the context that the request is to be made with.
func (a *Attempt) Watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { a.sent.Store(true) }})
}

// Sent tells whether the request went out.
func (a *Attempt) Sent() bool { return a.sent.Load() }

// Lost sorts the error of a request without an answer into those that [bot.Platform] promises: *bot.UnknownError if it went out,
// because it may have been heard; else ctx's own error if ctx ended, and *bot.RetryError if it did not.
func (a *Attempt) Lost(ctx context.Context, err error) error {
	switch {
	case a.Sent():
		return &bot.UnknownError{Err: err}
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return &bot.RetryError{After: 5 * time.Second, Err: err}
}
