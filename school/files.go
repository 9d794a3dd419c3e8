package school

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sort"
	"time"
)

// FileEntry is what one key of an input file asks for: the facts and texts that set it.
type FileEntry struct {
	Key   string // "person/ada@example.com"
	Facts []Fact
	Texts []Text
}

// Diff makes the entry that brings the log from what the file said last to what it says now: only
// the keys that the file itself changed. What was changed in chat since stays until the file changes
// that very key. gone gives, for a key that left the file, the facts that take it back. An Entry without facts
// means that nothing changed.
func (m *Model) Diff(file string, now []FileEntry, gone func(key string) []Fact, at time.Time) (Entry, FileReport) {
	before := m.FileKeys(file)
	keys := map[string]string{}
	e := Entry{Via: "file", At: at}
	var rep FileReport
	seen := map[string]bool{}
	for _, f := range now {
		seen[f.Key] = true
		h := f.hash()
		if before[f.Key] == h {
			continue
		}
		if before[f.Key] == "" {
			rep.Added++
		} else {
			rep.Changed++
		}
		keys[f.Key] = h
		e.Facts = append(e.Facts, f.Facts...)
		e.Texts = append(e.Texts, f.Texts...)
	}
	left := make([]string, 0)
	for k := range before {
		if !seen[k] {
			left = append(left, k)
		}
	}
	sort.Strings(left)
	for _, k := range left {
		rep.Gone++
		keys[k] = ""
		if gone != nil {
			e.Facts = append(e.Facts, gone(k)...)
		}
	}
	if len(keys) == 0 {
		return Entry{}, rep
	}
	e.Facts = append(e.Facts, FileApplied{File: file, Keys: keys})
	sum, _ := json.Marshal(keys)
	// The version is part of the id: a file that is put back to an older state is a new command.
	e.Command = fmt.Sprintf("file:%s:%d:%s", file, m.version, shortHash(sum))
	return e, rep
}

// FileReport counts what a file changed.
type FileReport struct{ Added, Changed, Gone int }

func (f FileEntry) hash() string {
	facts, err := json.Marshal(f.Facts)
	if err != nil { // facts are plain structs; this cannot happen without a bug
		panic(err)
	}
	texts, _ := json.Marshal(f.Texts)
	return shortHash(facts, texts)
}

func shortHash(parts ...[]byte) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write(p)
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// NewPersonID makes the opaque id of somebody a file brings in: the same district and key (an e-mail
// address, an employee number) always give the same id, from which neither can be read back without guessing.
func NewPersonID(district, key string) PersonID {
	h := sha256.Sum256([]byte("person\x00" + district + "\x00" + key))
	const letters = "abcdefghijkmnpqrstuvwxyz23456789"
	b := make([]byte, 10)
	for i := range b {
		b[i] = letters[int(h[i])%len(letters)]
	}
	return PersonID("p" + string(b))
}
