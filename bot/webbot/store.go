package webbot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"rounds/bot"
)

// message is one stored message: an open card of the bot, or somebody's own words.
type message struct {
	ID     string    `json:"id"`
	At     time.Time `json:"at"`
	From   string    `json:"from,omitempty"` // a persona's id; "" is the bot
	Text   string    `json:"text,omitempty"`
	Card   *card     `json:"card,omitempty"`
	For    *cause    `json:"for,omitempty"`
	Edited bool      `json:"edited,omitempty"`
}

// cause says what the bot answers with a message that everybody in the room sees. Of a slash
// command it holds only the name: what stood after it was for the bot alone.
type cause struct {
	User    string `json:"user"`
	Command string `json:"command,omitempty"`
	Message string `json:"message,omitempty"` // the id of the words that it answers, which may be deleted
}

// errNotBegun says that nothing of a message was written.
var errNotBegun = errors.New("nothing was written")

// errGone says that a message is no longer there.
var errGone = errors.New("web message: it is no longer there")

const (
	messagePrefix = "web/"
	markerPrefix  = "webmark/"
)

func messageKey(roomID, id string) string { return messagePrefix + url.PathEscape(roomID) + "/" + id }

func markerKey(roomID, marker string) string {
	return markerPrefix + url.PathEscape(roomID) + "/" + url.PathEscape(marker)
}

// splitKey is the reverse of messageKey.
func splitKey(key string) (roomID, id string, ok bool) {
	rest, ok := strings.CutPrefix(key, messagePrefix)
	if !ok {
		return "", "", false
	}
	esc, id, ok := strings.Cut(rest, "/")
	roomID, err := url.PathUnescape(esc)
	return roomID, id, ok && err == nil && roomID != "" && id != ""
}

// store keeps messages. In memory it has only the ids of rooms that somebody looked at.
type store struct {
	keep bot.Keep
	tick func() int64 // orders messages of one millisecond, also across restarts

	mu      sync.Mutex          // guards what follows, and is held over writes so that ids stay in order
	ids     map[string][]string // by room, sorted; only rooms that were listed
	lastMs  int64
	lastSeq int64
}

func newStore(k bot.Keep) *store {
	return &store{
		keep: k,
		tick: func() int64 { return time.Now().UnixNano() },
		ids:  map[string][]string{},
	}
}

// nextID returns an id that sorts after every earlier one. The time in front is the bot's; demo
// time stands still, so a count that never goes back follows it. Called with mu held.
func (s *store) nextID(at time.Time) string {
	s.lastMs = max(s.lastMs, at.UnixMilli(), 0)
	s.lastSeq = max(s.lastSeq+1, s.tick())
	return fmt.Sprintf("%013d-%013s", s.lastMs, strconv.FormatInt(s.lastSeq, 36))
}

// subject is the person whose conversation a room is, so that forgetting a person deletes
// it; shared rooms have none.
func subject(roomID string, m message) string {
	if user, ok := strings.CutPrefix(roomID, "dm-"); ok {
		return user
	}
	return m.From
}

// add stores a message. With a marker it does so once: the marker's key is written first
// and holds the id, so that whoever tries again, also after a crash between the two
// writes, completes the same message.
func (s *store) add(ctx context.Context, roomID string, m message, marker string) (_ message, fresh bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m.ID = s.nextID(m.At)
	about := subject(roomID, m)
	if marker != "" {
		key := markerKey(roomID, marker)
		put, err := s.keep.PutIfAbsent(ctx, key, []byte(m.ID), 0, about)
		if err != nil {
			return message{}, false, fmt.Errorf("store a web message: %w: %w", errNotBegun, err)
		}
		if !put {
			id, ok, err := s.keep.Get(ctx, key)
			if err != nil {
				return message{}, false, fmt.Errorf("store a web message: %w", err)
			}
			if ok {
				m.ID = string(id)
			}
		}
	}
	b, err := json.Marshal(m)
	if err != nil {
		return message{}, false, fmt.Errorf("store a web message: %w", err)
	}
	put, err := s.keep.PutIfAbsent(ctx, messageKey(roomID, m.ID), b, 0, about)
	if err != nil {
		delete(s.ids, roomID) // it may stand all the same: the next reader asks the store
		return message{}, false, fmt.Errorf("store a web message: %w", err)
	}
	if !put {
		m, err = s.get(ctx, roomID, m.ID)
		return m, false, err
	}
	if ids, ok := s.ids[roomID]; ok {
		if i, there := slices.BinarySearch(ids, m.ID); !there {
			s.ids[roomID] = slices.Insert(ids, i, m.ID)
		}
	}
	return m, true, nil
}

func (s *store) get(ctx context.Context, roomID, id string) (message, error) {
	b, ok, err := s.keep.Get(ctx, messageKey(roomID, id))
	if err != nil {
		return message{}, fmt.Errorf("read a web message: %w", err)
	}
	if !ok {
		return message{}, errGone
	}
	var m message
	if err := json.Unmarshal(b, &m); err != nil {
		return message{}, fmt.Errorf("read a web message: %w", err)
	}
	return m, nil
}

func (s *store) edit(ctx context.Context, roomID, id string, c card) (message, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.get(ctx, roomID, id)
	if err != nil {
		return message{}, err
	}
	if m.Card == nil {
		return message{}, errGone
	}
	m.Card, m.Edited = &c, true
	b, err := json.Marshal(m)
	if err != nil {
		return message{}, fmt.Errorf("edit a web message: %w", err)
	}
	if err := s.keep.Put(ctx, messageKey(roomID, id), b, 0, subject(roomID, m)); err != nil {
		return message{}, fmt.Errorf("edit a web message: %w", err)
	}
	return m, nil
}

func (s *store) find(ctx context.Context, roomID, marker string) (id string, ok bool, err error) {
	b, ok, err := s.keep.Get(ctx, markerKey(roomID, marker))
	if err != nil || !ok {
		return "", false, err
	}
	if _, err := s.get(ctx, roomID, string(b)); errors.Is(err, errGone) {
		return "", false, nil // the post broke off before its message was written
	} else if err != nil {
		return "", false, err
	}
	return string(b), true, nil
}

// remove deletes somebody's own words; of is who asks.
func (s *store) remove(ctx context.Context, roomID, id, of string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.get(ctx, roomID, id)
	if err != nil {
		return err
	}
	if m.From == "" || m.From != of {
		return errGone
	}
	if err := s.keep.Delete(ctx, messageKey(roomID, id)); err != nil {
		return fmt.Errorf("delete a web message: %w", err)
	}
	if ids, ok := s.ids[roomID]; ok {
		if i, there := slices.BinarySearch(ids, id); there {
			s.ids[roomID] = slices.Delete(ids, i, i+1)
		}
	}
	return nil
}

// list returns the ids of a room's messages in order. Called with mu held; the first call for a
// room reads the store, later ones the memory.
func (s *store) list(ctx context.Context, roomID string) ([]string, error) {
	if ids, ok := s.ids[roomID]; ok {
		return ids, nil
	}
	prefix := messageKey(roomID, "")
	ids := []string{}
	err := s.keep.List(ctx, prefix, func(key string, _ []byte) error {
		ids = append(ids, strings.TrimPrefix(key, prefix))
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list web messages: %w", err)
	}
	slices.Sort(ids)
	s.ids[roomID] = ids
	return ids, nil
}

// last is the id of a room's newest message, or "".
func (s *store) last(ctx context.Context, roomID string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids, err := s.list(ctx, roomID)
	if err != nil || len(ids) == 0 {
		return "", err
	}
	return ids[len(ids)-1], nil
}

// page returns up to n messages before an id ("" for the newest), oldest first, and whether there
// are older ones.
func (s *store) page(ctx context.Context, roomID, before string, n int) ([]message, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids, err := s.list(ctx, roomID)
	if err != nil {
		return nil, false, err
	}
	if before != "" {
		i, _ := slices.BinarySearch(ids, before)
		ids = ids[:i]
	}
	more := len(ids) > n
	if more {
		ids = ids[len(ids)-n:]
	}
	page := make([]message, 0, len(ids))
	for _, id := range ids {
		m, err := s.get(ctx, roomID, id)
		if errors.Is(err, errGone) {
			continue // its person was forgotten since the ids were read
		}
		if err != nil {
			return nil, false, err
		}
		page = append(page, m)
	}
	return page, more, nil
}
