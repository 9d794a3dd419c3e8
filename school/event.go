package school

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// An Event is one fact, for ever. Its kind says how Data reads; shapes are promises and
// never re-purposed. What happened at a school carries a civil Day in Data; At is only when it
// was recorded.
type Event struct {
	Kind    string          // "visit.logged"
	Version int64           // set by the log
	At      time.Time       // UTC, by the bot's clock
	By      PersonID        // who did it; "" for the clock and for files
	Via     string          // platform name, "file", "clock"
	Command string          // the command id it was appended under
	Must    bool            // a replica that does not know Kind must stop answering
	Data    json.RawMessage // the kind's own struct
}

// PersonID is the opaque id of somebody on the roster. It is never a name.
type PersonID string

// TextKey makes the key of a text that a command writes: the same command makes the same
// keys when it is tried again.
func TextKey(command, what string) string {
	h := sha256.Sum256([]byte(command + "\x00" + what))
	return "t" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(h[:10]))
}

// A Fact is the data of one kind of event.
type Fact interface{ Kind() string }

// NewEvent makes the event of a fact; version and command are set on appending.
func NewEvent(f Fact, by PersonID, via string, at time.Time) (Event, error) {
	data, err := json.Marshal(f)
	if err != nil {
		return Event{}, fmt.Errorf("encode %s: %w", f.Kind(), err)
	}
	_, must := f.(interface{ Must() })
	return Event{Kind: f.Kind(), At: at.UTC(), By: by, Via: via, Must: must, Data: data}, nil
}
