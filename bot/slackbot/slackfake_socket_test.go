package slackbot

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"rounds/bot/bottest"
)

func noPause(ctx context.Context, _ time.Duration) error { return ctx.Err() }

func (f *fakeSlack) serveSocket(w http.ResponseWriter, r *http.Request) {
	s, err := bottest.OpenSocket(w, r)
	if err != nil {
		return
	}
	s.Send(map[string]any{"type": "hello", "num_connections": 1})
	f.mu.Lock()
	f.sockets = append(f.sockets, s)
	f.mu.Unlock()
	for {
		text, err := s.Receive()
		if err != nil {
			break
		}
		var ack struct {
			ID      string          `json:"envelope_id"`
			Payload json.RawMessage `json:"payload"`
		}
		if json.Unmarshal(text, &ack) == nil && ack.ID != "" {
			f.mu.Lock()
			if len(text) >= 20*1024 {
				f.wrong = append(f.wrong, "an acknowledgement of 20 KB, which Slack drops")
			}
			c := f.acks[ack.ID]
			delete(f.acks, ack.ID)
			f.mu.Unlock()
			if c != nil {
				c <- ack.Payload
			}
		}
	}
	s.Close()
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, x := range f.sockets {
		if x == s {
			f.sockets = append(f.sockets[:i:i], f.sockets[i+1:]...)
			break
		}
	}
}

func (f *fakeSlack) closeSockets() {
	f.mu.Lock()
	all := append([]*bottest.Socket(nil), f.sockets...)
	f.mu.Unlock()
	for _, s := range all {
		s.Close()
	}
}

// disconnect asks every connection to come again, as Slack does every few hours.
func (f *fakeSlack) disconnect() {
	f.mu.Lock()
	all := append([]*bottest.Socket(nil), f.sockets...)
	f.mu.Unlock()
	for _, s := range all {
		s.Send(map[string]any{"type": "disconnect", "reason": "refresh_requested"})
	}
}

// envelope sends a payload to one connection and waits until it is acknowledged.
func (f *fakeSlack) envelope(kind string, payload any, retry int) (json.RawMessage, error) {
	f.mu.Lock()
	if len(f.sockets) == 0 {
		f.mu.Unlock()
		return nil, errors.New("nobody is connected")
	}
	s := f.sockets[len(f.sockets)-1]
	id := f.id("E")
	ack := make(chan json.RawMessage, 1)
	f.acks[id] = ack
	f.mu.Unlock()
	s.Send(map[string]any{"envelope_id": id, "type": kind, "payload": payload, "accepts_response_payload": kind != "events_api", "retry_attempt": retry})
	t := time.NewTimer(5 * time.Second)
	defer t.Stop()
	select {
	case b := <-ack:
		return b, nil
	case <-t.C:
		return nil, errors.New("no acknowledgement of " + kind)
	}
}
