package slackbot

import (
	"context"
	"crypto/sha256"
	"sync"
)

// taken is one call and the body it was answered with. Whoever was the first to take it ends it.
type taken struct {
	done chan struct{} // closed when body is set
	body []byte
}

func newTaken() *taken { return &taken{done: make(chan struct{})} }

func (t *taken) end(body []byte) {
	t.body = body
	close(t.done)
}

// wait gives the body of a call that another request answers.
func (t *taken) wait(ctx context.Context) []byte {
	select {
	case <-t.done:
		return t.body
	case <-ctx.Done():
		return nil
	}
}

// pictureCache knows which pictures Slack holds already, so that an edit or a second try
// uploads nothing.
type pictureCache struct {
	mu    sync.Mutex // guards the following
	ids   map[[32]byte]string
	order [][32]byte
}

func (c *pictureCache) get(png []byte) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ids[sha256.Sum256(png)]
}

func (c *pictureCache) put(png []byte, id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ids == nil {
		c.ids = map[[32]byte]string{}
	}
	if len(c.order) >= 256 {
		delete(c.ids, c.order[0])
		c.order = c.order[1:]
	}
	key := sha256.Sum256(png)
	if _, ok := c.ids[key]; !ok {
		c.order = append(c.order, key)
	}
	c.ids[key] = id
}

func (c *pictureCache) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ids, c.order = nil, nil
}
