package bottest

import (
	"context"
	"encoding/json"
	"strings"
	"sync/atomic"
	"testing"

	"rounds/bot"
)

// Always answers every call alike, and counts them.
func Always(a bot.Answer) (bot.Taker, *atomic.Int64) {
	var n atomic.Int64
	return func(context.Context, bot.Call) (bot.Answer, <-chan bot.Answer) {
		n.Add(1)
		return a, nil
	}, &n
}

// Serve starts a platform with a taker, and stops it with the test.
func Serve(t *testing.T, h Harness, take bot.Taker) {
	t.Helper()
	stop := h.Start(take)
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
}

// Pretty is v as JSON for a golden file: one value a line, and < stays <.
func Pretty(t testing.TB, v any) string {
	t.Helper()
	var w strings.Builder
	e := json.NewEncoder(&w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return w.String()
}
