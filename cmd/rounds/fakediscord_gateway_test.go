package main

import (
	"encoding/json"
	"net/http"
	"sync"

	"rounds/bot/bottest"
)

// The gateway of the fake Discord: a WebSocket that says who is there, sends events, and breaks when a test drops it.

// discordSocket is the server's end of the gateway.
type discordSocket struct {
	*bottest.Socket
	mu  sync.Mutex // guards seq
	seq int
}

func (f *fakeDiscord) serveSocket(w http.ResponseWriter, r *http.Request) {
	socket, err := bottest.OpenSocket(w, r)
	if err != nil {
		return
	}
	s := &discordSocket{Socket: socket}
	s.Send(map[string]any{"op": 10, "d": map[string]any{"heartbeat_interval": 30000}})
	for {
		text, err := s.Receive()
		if err != nil {
			break
		}
		var m struct{ Op int }
		_ = json.Unmarshal(text, &m)
		switch m.Op {
		case 1:
			s.Send(map[string]any{"op": 11})
		case 2:
			s.dispatch("READY", map[string]any{"v": 9, "session_id": "s1", "user": map[string]any{"id": discordApp}, "guilds": []any{}})
			f.set(func() { f.socket = s; f.calls["identify"]++ })
		case 6:
			s.dispatch("RESUMED", map[string]any{})
			f.set(func() { f.socket = s; f.calls["resume"]++ })
		}
	}
	s.Close()
}

func (s *discordSocket) dispatch(t string, d any) {
	s.mu.Lock()
	s.seq++
	n := s.seq
	s.mu.Unlock()
	s.Send(map[string]any{"op": 0, "t": t, "s": n, "d": d})
}

// drop breaks the gateway's connection.
func (f *fakeDiscord) drop() {
	f.mu.Lock()
	s := f.socket
	f.socket = nil
	f.mu.Unlock()
	if s != nil {
		s.Close()
	}
}

// dispatch sends an event by the gateway.
func (f *fakeDiscord) dispatch(t string, d any) bool {
	f.mu.Lock()
	s := f.socket
	f.mu.Unlock()
	if s == nil {
		return false
	}
	s.dispatch(t, d)
	return true
}
