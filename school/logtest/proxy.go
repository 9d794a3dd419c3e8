package logtest

import (
	"io"
	"net"
	"sync"
	"testing"
)

// A Proxy stands between a client and a server and loses what it is told to.
type Proxy struct {
	l      net.Listener
	server string

	mu    sync.Mutex // guards the following
	lose  func(reply []byte) bool
	cut   bool
	conns map[net.Conn]bool
}

// StartProxy makes a proxy before a server, until the test ends.
func StartProxy(t testing.TB, server string) *Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{l: l, server: server, conns: map[net.Conn]bool{}}
	go p.accept()
	t.Cleanup(func() { l.Close(); p.end() })
	return p
}

// Addr is where clients connect.
func (p *Proxy) Addr() string { return p.l.Addr().String() }

// Lose sets which replies are lost from now on, each with its connection; nil loses none.
func (p *Proxy) Lose(which func(reply []byte) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lose = which
}

// LoseNext loses the next reply alone.
func (p *Proxy) LoseNext() {
	once := true
	p.Lose(func([]byte) bool { was := once; once = false; return was })
}

// Partition ends every connection and lets none be made, or lets them again.
func (p *Proxy) Partition(cut bool) {
	p.mu.Lock()
	p.cut = cut
	p.mu.Unlock()
	if cut {
		p.end()
	}
}

func (p *Proxy) accept() {
	for {
		c, err := p.l.Accept()
		if err != nil {
			return
		}
		p.mu.Lock()
		cut := p.cut
		p.mu.Unlock()
		if cut {
			c.Close()
			continue
		}
		s, err := net.Dial("tcp", p.server)
		if err != nil {
			c.Close()
			continue
		}
		p.mu.Lock()
		p.conns[c], p.conns[s] = true, true
		p.mu.Unlock()
		go func() { _, _ = io.Copy(s, c); p.close(c, s) }()
		go p.replies(c, s)
	}
}

// replies carries the server's words to the client, but for those that are to be lost.
func (p *Proxy) replies(c, s net.Conn) {
	defer p.close(c, s)
	buf := make([]byte, 64<<10)
	for {
		n, err := s.Read(buf)
		if err != nil {
			return
		}
		p.mu.Lock()
		lose := p.lose != nil && p.lose(buf[:n])
		p.mu.Unlock()
		if lose {
			return
		}
		if _, err := c.Write(buf[:n]); err != nil {
			return
		}
	}
}

func (p *Proxy) close(conns ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		c.Close()
		delete(p.conns, c)
	}
}

func (p *Proxy) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		c.Close()
	}
}
