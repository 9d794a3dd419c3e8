package redislog

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"
	"time"

	"rounds/school"
)

// ErrDamaged is an entry of the stream that is not as it was written, or is missing.
var ErrDamaged = errors.New("the store is damaged")

// The events of one entry stand behind one another, each with its fields behind their lengths. Their data stays
// readable JSON. Version and command are the entry's own.
const codec = 1

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func encode(events []school.Event) string {
	b := []byte{codec}
	field := func(s string) {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	for _, e := range events {
		var flags byte
		if e.Must {
			flags |= 1
		}
		if !e.At.IsZero() {
			flags |= 2
		}
		b = append(b, flags)
		if flags&2 != 0 {
			b = binary.AppendVarint(b, e.At.Unix())
			b = binary.AppendUvarint(b, uint64(e.At.Nanosecond()))
		}
		field(e.Kind)
		field(string(e.By))
		field(e.Via)
		field(string(e.Data))
	}
	return string(b)
}

// checksum covers what an entry holds besides its place, which Redis does not check in its append-only file.
func checksum(command, payload string) string {
	sum := crc32.Update(crc32.Checksum([]byte(command), castagnoli), castagnoli, []byte{0})
	return strconv.FormatUint(uint64(crc32.Update(sum, castagnoli, []byte(payload))), 36)
}

// entry is one entry of the stream.
type entry struct {
	first   int64 // version of its first event
	last    int64
	command string
	payload string
}

// readEntry reads the fields of a stream's entry.
func readEntry(id string, values map[string]any) (e entry, err error) {
	field := func(name string) string { s, _ := values[name].(string); return s }
	damaged := func(why string) (entry, error) {
		return e, fmt.Errorf("entry %s of the log %s: restore a backup (%w)", id, why, ErrDamaged)
	}
	major, minor, _ := strings.Cut(id, "-")
	if e.last, err = strconv.ParseInt(minor, 10, 64); err != nil || major != "0" {
		return damaged("has a number that Rounds did not give")
	}
	n, err := strconv.ParseInt(field("n"), 10, 64)
	if err != nil || n < 1 || n > e.last {
		return damaged("does not say how many events it holds")
	}
	e.first, e.command, e.payload = e.last-n+1, field("c"), field("e")
	if checksum(e.command, e.payload) != field("s") {
		return damaged("is not as it was written")
	}
	return e, nil
}

// events are the events of an entry, after a version.
func (e entry) events(after int64, each func(school.Event) error) error {
	b := e.payload
	if b == "" || b[0] != codec {
		return fmt.Errorf("entry 0-%d of the log was written by another version of Rounds (%w)", e.last, ErrDamaged)
	}
	b = b[1:]
	bad := false
	number := func(read func([]byte) (int64, int)) int64 {
		v, n := read([]byte(b[:min(len(b), binary.MaxVarintLen64)]))
		if n <= 0 {
			bad, b = true, ""
			return 0
		}
		b = b[n:]
		return v
	}
	unsigned := func(p []byte) (int64, int) { v, n := binary.Uvarint(p); return int64(v), n }
	field := func() string {
		n := number(unsigned)
		if n < 0 || n > int64(len(b)) {
			bad, b = true, ""
			return ""
		}
		s := b[:n]
		b = b[n:]
		return s
	}
	for v := e.first; v <= e.last; v++ {
		if b == "" {
			bad = true
			break
		}
		flags := b[0]
		b = b[1:]
		ev := school.Event{Version: v, Command: e.command, Must: flags&1 != 0}
		if flags&2 != 0 {
			sec := number(binary.Varint)
			ev.At = time.Unix(sec, number(unsigned)).UTC()
		}
		ev.Kind, ev.By, ev.Via, ev.Data = field(), school.PersonID(field()), field(), []byte(field())
		if bad {
			break
		}
		if v <= after {
			continue
		}
		if err := each(ev); err != nil {
			return err
		}
	}
	if bad {
		return fmt.Errorf("entry 0-%d of the log holds fewer events than it says: restore a backup (%w)", e.last, ErrDamaged)
	}
	return nil
}

// A text is its kind and subject, which the scripts read too, then the rest: each behind its length and a colon.
func encodeText(t school.Text) string {
	var b strings.Builder
	for _, f := range [...]string{t.Kind, t.Subject, t.Author, string(t.Class), t.Body} {
		b.WriteString(strconv.Itoa(len(f)))
		b.WriteByte(':')
		b.WriteString(f)
	}
	return b.String()
}

func decodeText(key, s string) (school.Text, error) {
	var f [5]string
	for i := range f {
		length, rest, ok := strings.Cut(s, ":")
		n, err := strconv.Atoi(length)
		if !ok || err != nil || n < 0 || n > len(rest) {
			return school.Text{}, fmt.Errorf("a text is not as it was written: restore a backup (%w)", ErrDamaged)
		}
		f[i], s = rest[:n], rest[n:]
	}
	return school.Text{Key: key, Kind: f[0], Subject: f[1], Author: f[2], Class: school.Class(f[3]), Body: f[4]}, nil
}
