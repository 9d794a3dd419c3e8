package bottest

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

// Socket is a service's end of one WebSocket connection, for fakes of services that hold one: as much of RFC 6455 as that takes.
// It reads whole messages of a client, which come masked, and may be written to by several goroutines.
type Socket struct {
	mu   sync.Mutex // guards writes
	conn net.Conn
	r    *bufio.Reader
}

// OpenSocket makes a socket of a request for one. Where that is not possible, its error is of the server that holds the request.
func OpenSocket(w http.ResponseWriter, r *http.Request) (*Socket, error) {
	sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	conn, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return nil, err
	}
	_, _ = rw.WriteString("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
		base64.StdEncoding.EncodeToString(sum[:]) + "\r\n\r\n")
	_ = rw.Flush()
	return &Socket{conn: conn, r: rw.Reader}, nil
}

// Send writes v as JSON. A client that is gone hears nothing.
func (s *Socket) Send(v any) {
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
	s.write(append(head, b...))
}

func (s *Socket) write(b []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, _ = s.conn.Write(b)
}

// Receive waits for the next message; io.EOF when the client says goodbye.
func (s *Socket) Receive() ([]byte, error) {
	var head [2]byte
	if _, err := io.ReadFull(s.r, head[:]); err != nil {
		return nil, err
	}
	n := uint64(head[1] & 0x7f)
	switch n {
	case 126:
		var b [2]byte
		if _, err := io.ReadFull(s.r, b[:]); err != nil {
			return nil, err
		}
		n = uint64(binary.BigEndian.Uint16(b[:]))
	case 127:
		var b [8]byte
		if _, err := io.ReadFull(s.r, b[:]); err != nil {
			return nil, err
		}
		n = binary.BigEndian.Uint64(b[:])
	}
	var mask [4]byte
	if _, err := io.ReadFull(s.r, mask[:]); err != nil {
		return nil, err
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(s.r, b); err != nil {
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

// Bye closes the connection with a close code.
func (s *Socket) Bye(code uint16) {
	s.write(binary.BigEndian.AppendUint16([]byte{0x88, 2}, code))
	_ = s.conn.Close()
}

// Close breaks the connection off.
func (s *Socket) Close() { _ = s.conn.Close() }
