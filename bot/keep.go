package bot

import (
	"context"
	"time"
)

// Keep is the part of a district's store that chat needs for small durable state which is
// no fact: web messages, direct-conversation ids, the seal key. Only builtin types, so that
// the stores of package school satisfy it without knowing it. The methods of one Keep
// are safe for concurrent use.
type Keep interface {
	// PutIfAbsent stores value under key unless the key is there, and tells whether it did.
	// A ttl of 0 keeps it until deleted. subject is the person it is about, or "": all keys of a
	// subject can be deleted together.
	PutIfAbsent(ctx context.Context, key string, value []byte, ttl time.Duration, subject string) (bool, error)
	// Put stores value under key, replacing what was there.
	Put(ctx context.Context, key string, value []byte, ttl time.Duration, subject string) error
	// Get returns the value and true, or false when there is none (any more).
	Get(ctx context.Context, key string) ([]byte, bool, error)
	// List calls each for every key that starts with prefix, in key order, and stops at its
	// first error, which it returns.
	List(ctx context.Context, prefix string, each func(key string, value []byte) error) error
	// Delete removes a key; a key that is not there is no error.
	Delete(ctx context.Context, key string) error
}
