package webbot

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// memKeep is a bot.Keep in memory that can be told to fail.
type memKeep struct {
	mu       sync.Mutex
	m        map[string][]byte
	subjects map[string]string
	// puts fail from the nth on when set: 1 is the next one. With stands they are done all the same.
	failPut int
	stands  bool
	down    bool
}

func newMemKeep() *memKeep { return &memKeep{m: map[string][]byte{}, subjects: map[string]string{}} }

var errAway = errors.New("the store is away")

// put counts down to the failure. Called with mu held.
func (k *memKeep) fails() bool {
	if k.failPut > 0 {
		k.failPut--
		return k.failPut == 0
	}
	return k.down
}

func (k *memKeep) PutIfAbsent(_ context.Context, key string, value []byte, _ time.Duration, subject string) (bool, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	fails := k.fails()
	if fails && !k.stands {
		return false, errAway
	}
	_, there := k.m[key]
	if !there {
		k.m[key], k.subjects[key] = slices.Clone(value), subject
	}
	if fails {
		return false, errAway
	}
	return !there, nil
}

func (k *memKeep) Put(_ context.Context, key string, value []byte, _ time.Duration, subject string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.fails() {
		return errAway
	}
	k.m[key], k.subjects[key] = slices.Clone(value), subject
	return nil
}

func (k *memKeep) Get(_ context.Context, key string) ([]byte, bool, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.down {
		return nil, false, errAway
	}
	v, ok := k.m[key]
	return slices.Clone(v), ok, nil
}

func (k *memKeep) List(_ context.Context, prefix string, each func(string, []byte) error) error {
	k.mu.Lock()
	if k.down {
		k.mu.Unlock()
		return errAway
	}
	all := maps.Clone(k.m)
	k.mu.Unlock()
	for _, key := range slices.Sorted(maps.Keys(all)) {
		if strings.HasPrefix(key, prefix) {
			if err := each(key, all[key]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (k *memKeep) Delete(_ context.Context, key string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.m, key)
	return nil
}

// all is everything that is kept, for searching.
func (k *memKeep) all() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	var w strings.Builder
	for _, key := range slices.Sorted(maps.Keys(k.m)) {
		w.WriteString(key + " " + k.subjects[key] + " " + string(k.m[key]) + "\n")
	}
	return w.String()
}
