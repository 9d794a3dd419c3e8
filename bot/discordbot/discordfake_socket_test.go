package discordbot

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"time"

	"rounds/bot/bottest"
)

// fakeSocket is the server's end of one gateway connection.
type fakeSocket struct {
	*bottest.Socket
	mu  sync.Mutex // guards seq
	seq int
	on  bool // guarded by fakeDiscord.mu: identified or resumed
}

func noPause(ctx context.Context, _ time.Duration) error { return ctx.Err() }

func (f *fakeDiscord) serveSocket(w http.ResponseWriter, r *http.Request) {
	socket, err := bottest.OpenSocket(w, r)
	if err != nil {
		return
	}
	s := &fakeSocket{Socket: socket}
	s.op(10, map[string]any{"heartbeat_interval": 30000})
	f.mu.Lock()
	f.sockets = append(f.sockets, s)
	f.mu.Unlock()
	for {
		text, err := s.Receive()
		if err != nil {
			break
		}
		var m struct {
			Op int             `json:"op"`
			D  json.RawMessage `json:"d"`
		}
		_ = json.Unmarshal(text, &m)
		f.hears(s, m.Op, m.D)
	}
	s.Close()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sockets = slices.DeleteFunc(f.sockets, func(x *fakeSocket) bool { return x == s })
}

// hears does what the gateway does with what a bot sends.
func (f *fakeDiscord) hears(s *fakeSocket, op int, d json.RawMessage) {
	f.mu.Lock()
	refuse := f.refuse
	f.mu.Unlock()
	if refuse != 0 && op != 1 {
		s.Bye(refuse)
		return
	}
	switch op {
	case 1:
		s.op(11, nil)
	case 2:
		var id struct {
			Token   string  `json:"token"`
			Intents float64 `json:"intents"`
		}
		_ = json.Unmarshal(d, &id)
		if id.Token != "Bot "+fakeToken {
			s.Bye(4004)
			return
		}
		f.mu.Lock()
		f.identify++
		f.intents = id.Intents
		f.mu.Unlock()
		s.dispatch("READY", map[string]any{"v": 9, "session_id": "s1", "user": map[string]any{"id": fakeApp, "bot": true}, "guilds": []any{map[string]any{"id": fakeGuild, "unavailable": true}}})
		s.dispatch("GUILD_CREATE", map[string]any{"id": fakeGuild, "name": "Test"})
		f.ready(s)
	case 6:
		f.mu.Lock()
		again := f.invalid > 0
		if again {
			f.invalid--
		} else {
			f.resumed++
		}
		f.mu.Unlock()
		if again {
			s.op(9, false)
			return
		}
		s.dispatch("RESUMED", map[string]any{})
		f.ready(s)
	}
}

func (f *fakeDiscord) ready(s *fakeSocket) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s.on = true
}

func (s *fakeSocket) op(op int, d any) { s.Send(map[string]any{"op": op, "d": d, "s": nil, "t": nil}) }

func (s *fakeSocket) dispatch(t string, d any) {
	s.mu.Lock()
	s.seq++
	n := s.seq
	s.mu.Unlock()
	s.Send(map[string]any{"op": 0, "t": t, "s": n, "d": d})
}

// live are the connections that can be sent to.
func (f *fakeDiscord) live() []*fakeSocket {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []*fakeSocket
	for _, s := range f.sockets {
		if s.on {
			out = append(out, s)
		}
	}
	return out
}

func (f *fakeDiscord) closeSockets() {
	for _, s := range f.live() {
		s.Close()
	}
}
