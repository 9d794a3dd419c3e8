package slackbot

import (
	"bufio"
	"context"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// fakeSocket is the server's end of one Socket Mode connection: as much of RFC 6455 as that
// takes.
type fakeSocket struct {
	mu   sync.Mutex // guards writes
	conn net.Conn
}

func noPause(ctx context.Context, _ time.Duration) error { return ctx.Err() }

func (f *fakeSlack) serveSocket(w http.ResponseWriter, r *http.Request) {
	sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	conn, rw, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	_, _ = rw.WriteString("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
		base64.StdEncoding.EncodeToString(sum[:]) + "\r\n\r\n")
	_ = rw.Flush()
	s := &fakeSocket{conn: conn}
	s.send(map[string]any{"type": "hello", "num_connections": 1})
	f.mu.Lock()
	f.sockets = append(f.sockets, s)
	f.mu.Unlock()
	for {
		text, err := readFrame(rw.Reader)
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
	_ = conn.Close()
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, x := range f.sockets {
		if x == s {
			f.sockets = append(f.sockets[:i:i], f.sockets[i+1:]...)
			break
		}
	}
}

func (s *fakeSocket) send(v any) {
	b, _ := json.Marshal(v)
	head := []byte{0x81}
	switch {
	case len(b) < 126:
		head = append(head, byte(len(b)))
	case len(b) < 1<<16:
		head = binary.BigEndian.AppendUint16(append(head, 126), uint16(len(b)))
	default:
		head = binary.BigEndian.AppendUint64(append(head, 127), uint64(len(b)))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_, _ = s.conn.Write(append(head, b...))
}

func readFrame(r *bufio.Reader) ([]byte, error) {
	var head [2]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	n := uint64(head[1] & 0x7f)
	switch n {
	case 126:
		var b [2]byte
		if _, err := io.ReadFull(r, b[:]); err != nil {
			return nil, err
		}
		n = uint64(binary.BigEndian.Uint16(b[:]))
	case 127:
		var b [8]byte
		if _, err := io.ReadFull(r, b[:]); err != nil {
			return nil, err
		}
		n = binary.BigEndian.Uint64(b[:])
	}
	var mask [4]byte
	if _, err := io.ReadFull(r, mask[:]); err != nil {
		return nil, err
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(r, b); err != nil {
		return nil, err
	}
	for i := range b {
		b[i] ^= mask[i%4]
	}
	if head[0]&0x0f == 8 {
		return nil, io.EOF
	}
	return b, nil
}

func (f *fakeSlack) closeSockets() {
	f.mu.Lock()
	all := append([]*fakeSocket(nil), f.sockets...)
	f.mu.Unlock()
	for _, s := range all {
		_ = s.conn.Close()
	}
}

// disconnect asks every connection to come again, as Slack does every few hours.
func (f *fakeSlack) disconnect() {
	f.mu.Lock()
	all := append([]*fakeSocket(nil), f.sockets...)
	f.mu.Unlock()
	for _, s := range all {
		s.send(map[string]any{"type": "disconnect", "reason": "refresh_requested"})
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
	s.send(map[string]any{"envelope_id": id, "type": kind, "payload": payload, "accepts_response_payload": kind != "events_api", "retry_attempt": retry})
	t := time.NewTimer(5 * time.Second)
	defer t.Stop()
	select {
	case b := <-ack:
		return b, nil
	case <-t.C:
		return nil, errors.New("no acknowledgement of " + kind)
	}
}
