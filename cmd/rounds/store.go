package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"rounds/school"
	"rounds/school/redislog"
	"rounds/school/sqlitelog"
)

// records is an open store of any kind: a file, or a Redis that replicas share.
type records interface {
	Log(district string) school.Log
	Close() error
}

// storeFlags say where the record is kept. An address with a password belongs into the environment, where other users of the
// machine do not see it.
type storeFlags struct {
	Store           string `help:"Where the record is kept: a file, or the address of a Redis that replicas share." default:"rounds.db" env:"ROUNDS_STORE" placeholder:"FILE|redis://…"`
	RedisAcceptLoss bool   `help:"Use a Redis that can lose what it acknowledged, or does not say whether it can."`
}

// opening is how a store is opened.
type opening struct {
	ReadOnly bool
	Demo     bool
	Logger   *slog.Logger
	Delay    func() // tests: called before each write of a file
}

// storeName is how a store is shown: an address without its password.
func storeName(store string) string {
	if !redislog.Is(store) {
		return store
	}
	a, err := redislog.ParseAddress(store)
	if err != nil {
		return "the Redis of ROUNDS_STORE"
	}
	return a.String()
}

// open opens the store for writing, or for reading alone.
func (f storeFlags) open(ctx context.Context, o opening) (records, error) {
	if redislog.Is(f.Store) {
		mark := redislog.Real
		if o.Demo {
			mark = redislog.Demo
		}
		return redislog.Open(ctx, f.Store, redislog.Options{Mark: mark, ReadOnly: o.ReadOnly, AcceptLoss: f.RedisAcceptLoss, Logger: o.Logger})
	}
	mark := sqlitelog.Real
	if o.Demo {
		mark = sqlitelog.Demo
	}
	return sqlitelog.Open(ctx, f.Store, sqlitelog.Options{Mark: mark, ReadOnly: o.ReadOnly, Delay: o.Delay})
}

// book opens a district's record in the store. What it returns ends both.
func (f storeFlags) book(ctx context.Context, district string, o opening) (*school.Book, records, func(), error) {
	store, err := f.open(ctx, o)
	if err != nil {
		return nil, nil, nil, err
	}
	book, err := school.Open(ctx, store.Log(district))
	if err != nil {
		_ = store.Close()
		return nil, nil, nil, fmt.Errorf("%s: %w", storeName(f.Store), err)
	}
	return book, store, func() { book.Close(); _ = store.Close() }, nil
}

// noStore tells whether a store could not be opened because there is none yet.
func noStore(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, redislog.ErrNone)
}

// away says why a store cannot be reached at present, or nil.
func away(store records) error {
	if s, ok := store.(interface{ Away() error }); ok {
		return s.Away()
	}
	return nil
}
