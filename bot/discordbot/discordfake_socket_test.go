package discordbot

import (
	"bufio"
	"context"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// fakeSocket is the server's end of one gateway connection: as much of RFC 6455 as that takes.
type fakeSocket struct {
	mu   sync.Mutex // guards writes and seq
	conn net.Conn
	seq  int
	on   bool // guarded by fakeDiscord.mu: identified or resumed
}

func noPause(ctx context.Context, _ time.Duration) error { return ctx.Err() }

func (f *fakeDiscord) serveSocket(w http.ResponseWriter, r *http.Request) {
	sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	conn, rw, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	_, _ = rw.WriteString("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
		base64.StdEncoding.EncodeToString(sum[:]) + "\r\n\r\n")
	_ = rw.Flush()
	s := &fakeSocket{conn: conn}
	s.op(10, map[string]any{"heartbeat_interval": 30000})
	f.mu.Lock()
	f.sockets = append(f.sockets, s)
	f.mu.Unlock()
	for {
		text, err := readFrame(rw.Reader)
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
	_ = conn.Close()
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
		s.closeWith(refuse)
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
			s.closeWith(4004)
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

func (s *fakeSocket) op(op int, d any) { s.send(map[string]any{"op": op, "d": d, "s": nil, "t": nil}) }

func (s *fakeSocket) dispatch(t string, d any) {
	s.mu.Lock()
	s.seq++
	n := s.seq
	s.mu.Unlock()
	s.send(map[string]any{"op": 0, "t": t, "s": n, "d": d})
}

func (s *fakeSocket) closeWith(code uint16) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, _ = s.conn.Write(binary.BigEndian.AppendUint16([]byte{0x88, 2}, code))
	_ = s.conn.Close()
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
		_ = s.conn.Close()
	}
}
