package bot

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// A Platform is one chat service. Its package turns what arrives into calls and cards
// into what the service shows, and nothing else; both directions are pure functions with
// golden files. What a service can do beyond this is said by the small optional
// interfaces below, never by its name.
type Platform interface {
	// Name is the first part of accounts, rooms and command ids: "slack".
	Name() string
	// Run receives calls and hands them to take until ctx ends; it returns nil then. It
	// reconnects by itself, and returns an error only where trying again cannot help
	// (a revoked token, a missing scope).
	Run(ctx context.Context, take Taker) error
	// Post says an open card in a room and returns where it stands. The marker is an opaque
	// string that the platform stores with the message where it can, so that Finder
	// finds it again. Errors are *RetryError, *UnknownError, ErrNotInRoom, or final.
	Post(ctx context.Context, to Room, card Open, marker string) (Ref, error)
	// Direct returns the room of the conversation between the bot and an account.
	Direct(ctx context.Context, to Account) (Room, error)
}

// Taker takes a call. The first answer comes within the budget of the service (2 s); when
// it is [Deferred], the real one comes over the channel, which is then closed. Router.Take
// is the one implementation that ships.
type Taker func(ctx context.Context, c Call) (first Answer, later <-chan Answer)

// Editor is a platform that can replace a posted message.
type Editor interface {
	Edit(ctx context.Context, ref Ref, card Open) error
}

// Finder is a platform that can look a message up by its marker. It is asked only when the
// outcome of an earlier Post is unknown. since bounds how far back it looks.
type Finder interface {
	Find(ctx context.Context, in Room, marker string, since time.Time) (Ref, bool, error)
}

// Homer is a platform with a home view per person. Publish is called after something
// changed that the view shows, and must be cheap to call too often.
type Homer interface {
	Publish(ctx context.Context, to Account, card Private) error
}

// Server is a platform with HTTP endpoints; Routes maps patterns of http.ServeMux
// ("POST /slack/events") to handlers, valid before Run is called.
type Server interface {
	Routes() map[string]http.Handler
}

// Check is one finding of a read-only inspection: what was looked at, whether it is as it
// should be, and what to do if it is not.
type Check struct {
	Name   string
	State  CheckState
	Detail string // what was found; no names of people
	Fix    string // what to do; "" when all is well
}

// CheckState is how a check came out.
type CheckState int

// The outcomes of a check.
const (
	CheckOK CheckState = iota
	CheckWarn
	CheckFail
)

// Doctor is a platform that can inspect its own set-up. It changes nothing.
type Doctor interface {
	Checkup(ctx context.Context, rooms []Room, people []Account) []Check
}

// Linker is a platform that can say which of its accounts belongs to an e-mail address.
type Linker interface {
	ByEmail(ctx context.Context, workspace, email string) (Account, bool, error)
}

// RetryError says that the service refused now and nothing was posted; try again no
// earlier than After from now.
type RetryError struct {
	After time.Duration
	Err   error
}

// Error says what was refused.
func (e *RetryError) Error() string { return "try again later: " + e.Err.Error() }

// Unwrap gives the service's own error.
func (e *RetryError) Unwrap() error { return e.Err }

// UnknownError says that the request went out and no answer came: the message may or may
// not stand. Only a look-up may settle it, never a second post.
type UnknownError struct{ Err error }

// Error says what broke off.
func (e *UnknownError) Error() string { return "outcome unknown: " + e.Err.Error() }

// Unwrap gives the error underneath.
func (e *UnknownError) Unwrap() error { return e.Err }

// ErrNotInRoom says that the bot is not in the room, or the room is gone.
var ErrNotInRoom = errors.New("the bot is not in that room")

// ErrNoAccount says that a person has no account on any platform that is running.
var ErrNoAccount = errors.New("no chat account is linked to that person")

// Directory resolves accounts and people either way. It is a small view of the school's
// roster, owned here and wired in cmd.
type Directory interface {
	// District finds whose workspace this is.
	District(platform, workspace string) (District, bool)
	// Who finds the person behind an account.
	Who(d District, a Account) (Person, bool)
	// Accounts lists a person's accounts, the one used last first.
	Accounts(d District, p Person) []Account
}
