package webbot

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// streams are the open pages that listen for what others do.
type streams struct {
	mu     sync.Mutex // guards what follows
	open   map[*stream]bool
	closed bool
}

// stream is one page's event stream.
type stream struct {
	as   string // the persona
	page string // which page
	out  chan []byte
	end  chan struct{} // closed when the stream is to end
	once sync.Once
}

// A page that is this many events behind is cut off: it reconnects and reads everything anew.
const streamBuffer = 256

func newStreams() *streams { return &streams{open: map[*stream]bool{}} }

func (s *stream) stop() { s.once.Do(func() { close(s.end) }) }

// add opens a stream; it returns nil once all are closed.
func (ss *streams) add(as, page string) *stream {
	s := &stream{as: as, page: page, out: make(chan []byte, streamBuffer), end: make(chan struct{})}
	ss.mu.Lock()
	defer ss.mu.Unlock()
	if ss.closed {
		return nil
	}
	ss.open[s] = true
	return s
}

func (ss *streams) drop(s *stream) {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	delete(ss.open, s)
}

func (ss *streams) closeAll() {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	ss.closed = true
	for s := range ss.open {
		s.stop()
	}
}

// send sends an event to the streams that to admits. It never waits for a slow page.
func (ss *streams) send(event string, data any, to func(*stream) bool) {
	ss.mu.Lock()
	all := make([]*stream, 0, len(ss.open))
	for s := range ss.open {
		all = append(all, s)
	}
	ss.mu.Unlock()
	var frame []byte
	for _, s := range all {
		// to may ask others for somebody's rooms, so it runs without the lock.
		if !to(s) {
			continue
		}
		if frame == nil {
			b, err := json.Marshal(data)
			if err != nil {
				return // cannot happen: our own types
			}
			frame = fmt.Appendf(nil, "event: %s\ndata: %s\n\n", event, b)
		}
		select {
		case s.out <- frame:
		default:
			s.stop()
		}
	}
}

func everyone(*stream) bool { return true }

// live is the event stream of one page.
func (p *Platform) live(w http.ResponseWriter, r *http.Request) {
	who, ok := p.persona(r.FormValue("as"))
	page := r.FormValue("page")
	if !ok || !uuid.MatchString(page) {
		fail(w, http.StatusForbidden, "Choose who you are first.")
		return
	}
	s := p.streams.add(who.Account.User, page)
	if s == nil {
		fail(w, http.StatusServiceUnavailable, "Rounds is going down.")
		return
	}
	defer p.streams.drop(s)
	patient(w)
	c := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	if _, err := w.Write([]byte("retry: 1000\nevent: hello\ndata: {}\n\n")); err != nil || c.Flush() != nil {
		return
	}
	beat := time.NewTicker(20 * time.Second) // so that both ends notice a dead connection
	defer beat.Stop()
	for {
		frame := []byte(": \n\n")
		select {
		case <-r.Context().Done():
			return
		case <-s.end:
			return
		case frame = <-s.out:
		case <-beat.C:
		}
		if _, err := w.Write(frame); err != nil || c.Flush() != nil {
			return
		}
	}
}
