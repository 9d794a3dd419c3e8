package bottest_test

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"rounds/bot/bottest"
)

// frame is what a client sends: masked, as RFC 6455 asks of it.
func frame(op byte, text string) []byte {
	b := []byte{0x80 | op}
	switch n := len(text); {
	case n < 126:
		b = append(b, 0x80|byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, 0x80|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 0x80|127), uint64(n))
	}
	mask := []byte{1, 2, 3, 4}
	b = append(b, mask...)
	for i := range len(text) {
		b = append(b, text[i]^mask[i%4])
	}
	return b
}

// A message of every length that RFC 6455 writes in another way comes and goes whole.
func TestSocket(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s, err := bottest.OpenSocket(w, r)
		if err != nil {
			t.Error(err)
			return
		}
		for {
			text, err := s.Receive()
			if errors.Is(err, io.EOF) {
				s.Bye(4004)
				return
			}
			if err != nil {
				t.Error(err)
				return
			}
			s.Send(string(text))
		}
	}))
	defer s.Close()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
	r := bufio.NewReader(conn)
	res, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	// The key and its answer are the example of RFC 6455, section 1.3.
	if res.StatusCode != http.StatusSwitchingProtocols || res.Header.Get("Sec-WebSocket-Accept") != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" {
		t.Fatalf("%s, %v", res.Status, res.Header)
	}
	for _, n := range []int{0, 10, 123, 124, 126, 300, 1<<16 - 3, 1<<16 - 2, 1 << 16, 100_000} {
		text := strings.Repeat("x", n)
		if _, err := conn.Write(frame(1, text)); err != nil {
			t.Fatal(err)
		}
		size := 2 // of the head; the text has two quotes more
		if n+2 >= 126 {
			size = 4
		}
		if n+2 >= 1<<16 {
			size = 10
		}
		b := make([]byte, size+n+2)
		if _, err := io.ReadFull(r, b); err != nil {
			t.Fatal(err)
		}
		if string(b[size:]) != `"`+text+`"` || b[0] != 0x81 {
			t.Fatalf("a message of %d bytes came back as % x…", n, b[:size])
		}
	}
	if _, err := conn.Write(frame(8, "")); err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(r); err != nil || string(b) != "\x88\x02\x0f\xa4" {
		t.Errorf("goodbye: % x, %v", b, err)
	}
}
