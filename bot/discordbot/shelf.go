package discordbot

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"sync"
	"time"
)

// What Discord has no place for, kept for a while: forms that are being filled in, answers that wait for their reader,
// questions of buttons.

const (
	shelfTime = time.Hour
	shelfSize = 4096
)

// shelf keeps values by key for an hour, the newest few thousand of them.
type shelf[T any] struct {
	mu    sync.Mutex // guards the following
	items map[string]shelved[T]
	order []shelvedAt
}

type shelved[T any] struct {
	v  T
	at time.Time
}

type shelvedAt struct {
	key string
	at  time.Time
}

func (s *shelf[T]) put(key string, v T, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.items == nil {
		s.items = map[string]shelved[T]{}
	}
	for len(s.order) > 0 && (now.Sub(s.order[0].at) > shelfTime || len(s.order) >= shelfSize) {
		if old := s.order[0]; s.items[old.key].at.Equal(old.at) { // not put again since
			delete(s.items, old.key)
		}
		s.order = s.order[1:]
	}
	s.items[key] = shelved[T]{v, now}
	s.order = append(s.order, shelvedAt{key, now})
}

func (s *shelf[T]) get(key string, now time.Time) (T, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	it, ok := s.items[key]
	if !ok || now.Sub(it.at) > shelfTime {
		var none T
		return none, false
	}
	return it.v, true
}

// keepForm remembers a form under way. The store gets it sealed with a key made of the token, so that another replica, or this
// one after a restart, can go on with it; nobody who reads the store can.
func (p *Platform) keepForm(u *underway) {
	b, err := json.Marshal(u)
	if err != nil {
		return
	}
	key := formKey(u.User, u.Nonce)
	p.forms.put(key, b, time.Now())
	if p.cfg.Keep != nil {
		p.work.Go(func() { p.storeForm(key) })
	}
}

// storeForm writes a form as it is now: of two writes the later one must not lose to the earlier.
func (p *Platform) storeForm(key string) {
	p.storing.Lock()
	defer p.storing.Unlock()
	b, ok := p.forms.get(key, time.Now())
	nonce := make([]byte, p.aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil || !ok {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	_ = p.cfg.Keep.Put(ctx, key, p.aead.Seal(nonce, nonce, b, []byte(key)), shelfTime, "")
}

// formOf finds a form under way, of this user alone.
func (p *Platform) formOf(ctx context.Context, user, nonce string) *underway {
	if nonce == "" {
		return nil
	}
	key := formKey(user, nonce)
	b, ok := p.forms.get(key, time.Now())
	if !ok && p.cfg.Keep != nil {
		sealed, found, err := p.cfg.Keep.Get(ctx, key)
		if n := p.aead.NonceSize(); err == nil && found && len(sealed) > n {
			b, err = p.aead.Open(nil, sealed[:n], sealed[n:], []byte(key))
			ok = err == nil
		}
	}
	var u underway
	if !ok || json.Unmarshal(b, &u) != nil || u.User != user {
		return nil
	}
	return &u
}

func formKey(user, nonce string) string { return "discord/form/" + user + "/" + nonce }

func aeadOf(token string) (cipher.AEAD, error) {
	key := sha256.Sum256([]byte("rounds discord forms " + token))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
