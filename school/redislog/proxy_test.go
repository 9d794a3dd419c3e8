package redislog

import (
	"io"
	"net"
	"sync"
	"testing"
)

// A proxy stands between a client and a server and loses what it is told to.
type proxy struct {
	l      net.Listener
	server string

	mu    sync.Mutex
	drop  func(reply []byte) bool // whether to lose a reply and with it the connection
	cut   bool                    // nothing passes, as in a partition of the network
	conns map[net.Conn]bool
}

func startProxy(t testing.TB, server string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{l: l, server: server, conns: map[net.Conn]bool{}}
	go p.accept()
	t.Cleanup(func() { l.Close(); p.end() })
	return p
}

func (p *proxy) addr() string { return p.l.Addr().String() }

func (p *proxy) accept() {
	for {
		c, err := p.l.Accept()
		if err != nil {
			return
		}
		p.mu.Lock()
		if p.cut {
			p.mu.Unlock()
			c.Close()
			continue
		}
		p.mu.Unlock()
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
func (p *proxy) replies(c, s net.Conn) {
	defer p.close(c, s)
	buf := make([]byte, 64<<10)
	for {
		n, err := s.Read(buf)
		if err != nil {
			return
		}
		p.mu.Lock()
		lose := p.drop != nil && p.drop(buf[:n])
		p.mu.Unlock()
		if lose {
			return
		}
		if _, err := c.Write(buf[:n]); err != nil {
			return
		}
	}
}

func (p *proxy) close(conns ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		c.Close()
		delete(p.conns, c)
	}
}

func (p *proxy) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		c.Close()
	}
}

// losing sets which replies are lost from now on.
func (p *proxy) losing(drop func(reply []byte) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.drop = drop
}

// partition ends every connection and lets none be made, or lets them again.
func (p *proxy) partition(cut bool) {
	p.mu.Lock()
	p.cut = cut
	p.mu.Unlock()
	if cut {
		p.end()
	}
}
