package main

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"sync"
)

// The gateway of the fake Discord: a WebSocket that says who is there, sends events, and breaks when a test drops it.

// discordSocket is the server's end of the gateway.
type discordSocket struct {
	mu   sync.Mutex
	conn net.Conn
	seq  int
}

func (f *fakeDiscord) serveSocket(w http.ResponseWriter, r *http.Request) {
	sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	conn, rw, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	_, _ = rw.WriteString("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
		base64.StdEncoding.EncodeToString(sum[:]) + "\r\n\r\n")
	_ = rw.Flush()
	s := &discordSocket{conn: conn}
	s.send(map[string]any{"op": 10, "d": map[string]any{"heartbeat_interval": 30000}})
	for {
		op, err := s.read(rw.Reader)
		if err != nil {
			break
		}
		switch op {
		case 1:
			s.send(map[string]any{"op": 11})
		case 2:
			s.dispatch("READY", map[string]any{"v": 9, "session_id": "s1", "user": map[string]any{"id": discordApp}, "guilds": []any{}})
			f.set(func() { f.socket = s; f.calls["identify"]++ })
		case 6:
			s.dispatch("RESUMED", map[string]any{})
			f.set(func() { f.socket = s; f.calls["resume"]++ })
		}
	}
	_ = conn.Close()
}

func (s *discordSocket) read(r *bufio.Reader) (op int, err error) {
	var head [2]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, err
	}
	n := uint64(head[1] & 0x7f)
	if n >= 126 {
		more := make([]byte, map[uint64]int{126: 2, 127: 8}[n])
		if _, err := io.ReadFull(r, more); err != nil {
			return 0, err
		}
		n = 0
		for _, b := range more {
			n = n<<8 | uint64(b)
		}
	}
	b := make([]byte, n+4)
	if _, err := io.ReadFull(r, b); err != nil {
		return 0, err
	}
	if head[0]&0x0f == 8 {
		return 0, io.EOF
	}
	for i := range b[4:] {
		b[4+i] ^= b[i%4]
	}
	var m struct{ Op int }
	_ = json.Unmarshal(b[4:], &m)
	return m.Op, nil
}

func (s *discordSocket) dispatch(t string, d any) {
	s.mu.Lock()
	s.seq++
	n := s.seq
	s.mu.Unlock()
	s.send(map[string]any{"op": 0, "t": t, "s": n, "d": d})
}

func (s *discordSocket) send(v any) {
	b, _ := json.Marshal(v)
	head := []byte{0x81}
	if len(b) < 126 {
		head = append(head, byte(len(b)))
	} else {
		head = binary.BigEndian.AppendUint64(append(head, 127), uint64(len(b)))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_, _ = s.conn.Write(append(head, b...))
}

// drop breaks the gateway's connection.
func (f *fakeDiscord) drop() {
	f.mu.Lock()
	s := f.socket
	f.socket = nil
	f.mu.Unlock()
	if s != nil {
		_ = s.conn.Close()
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
