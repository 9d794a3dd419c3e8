package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rounds/bot"
	"rounds/school"
)

// leaksOf reads every message that the web chat keeps and looks in it for every name of the roster and for every note,
// step and other text of a person's record. Names may stand only in the lines of an agenda that say meeting roles and
// owners of commitments. It reads the store's bytes, not what the program says of them.
func leaksOf(t *testing.T, d *demo) []string {
	t.Helper()
	ctx := context.Background()
	log := d.book.Log()
	secrets := textsOf(t, log)
	var names []string
	if err := d.book.Read(func(m *school.Model) { names = namesOf(m) }); err != nil {
		t.Fatal(err)
	}
	if len(secrets) < 100 || len(names) < 100 {
		t.Fatalf("only %d texts and %d names to look for", len(secrets), len(names))
	}
	var leaks []string
	messages := 0
	err := log.List(ctx, "web/", func(key string, value []byte) error {
		messages++
		for _, s := range namable(value) {
			for _, n := range names {
				if hasWord(s, n) {
					leaks = append(leaks, fmt.Sprintf("%s: a name in %q", key, s))
				}
			}
		}
		for _, s := range allStrings(value) {
			for _, x := range secrets {
				if strings.Contains(s, x) {
					leaks = append(leaks, fmt.Sprintf("%s: a record's text in %q", key, s))
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if messages == 0 {
		t.Fatal("no message is stored: nothing was looked at")
	}
	t.Logf("looked through %d stored messages for %d names and %d texts", messages, len(names), len(secrets))
	return leaks
}

// textsOf are the notes, the steps and the other texts of people's records.
func textsOf(t *testing.T, log school.Log) (texts []string) {
	t.Helper()
	for _, kind := range []string{"glow", "grow", "note", "step", "reason"} {
		if err := log.ScanTexts(context.Background(), kind, func(x school.Text) error {
			texts = append(texts, x.Body)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	return texts
}

// namesOf are the names of the roster, and the last names that are too long to be words by chance.
func namesOf(m *school.Model) (names []string) {
	for _, p := range m.People() {
		names = append(names, p.Name)
		if len([]rune(p.Last())) >= 4 {
			names = append(names, p.Last())
		}
	}
	return names
}

// keptNothing holds every body that a service keeps against the names of the roster and the texts of records. leaks finds them in
// bodies as that service gets them; each of the planted bodies holds one, and must be found.
func (s *served) keptNothing(kept []string, leaks func(kept, names, secrets []string) []string, planted ...string) {
	t := s.t
	t.Helper()
	var names, secrets []string
	s.read(func(log school.Log, m *school.Model) { names, secrets = namesOf(m), textsOf(t, log) })
	if len(names) < 100 || len(secrets) < 4 {
		t.Fatalf("only %d names and %d texts to look for", len(names), len(secrets))
	}
	for _, l := range leaks(kept, names, secrets) {
		t.Error(l)
	}
	for _, p := range planted {
		if len(leaks(append(slices.Clip(kept), p), names, secrets)) == 0 {
			t.Errorf("planted and not found: %s", p)
		}
	}
	t.Logf("%d stored bodies hold none of %d names and %d texts", len(kept), len(names), len(secrets))
}

// leaksIn looks for texts of records in a string, and for names in those of its lines in which nobody may be named.
func leaksIn(s string, names, secrets []string, mayName func(line string) bool) (leaks []string) {
	for _, x := range secrets {
		if strings.Contains(s, x) {
			leaks = append(leaks, fmt.Sprintf("a record's text in %q", s))
		}
	}
	for line := range strings.Lines(s) {
		line = strings.TrimSpace(line)
		if mayName(line) {
			continue
		}
		for _, n := range names {
			if hasWord(line, n) {
				leaks = append(leaks, fmt.Sprintf("a name in %q", line))
			}
		}
	}
	return leaks
}

// namedRoles are the lines of an agenda in which a person may be named: the role, with its holder beside it.
var namedRoles = map[string]bool{"Facilitator": true, "Timekeeper": true, "Recorder": true}

// namable lists the strings of a stored message in which nobody may be named: all but roles and owners.
func namable(value []byte) []string {
	var m struct {
		From string
		Text string
		Card *struct{ Blocks []json.RawMessage }
	}
	if json.Unmarshal(value, &m) != nil || m.From != "" {
		return nil // what a person typed in a room is theirs
	}
	out := []string{m.Text}
	if m.Card == nil {
		return out
	}
	owners := false
	for _, b := range m.Card.Blocks {
		var block struct {
			Type  string
			Text  string
			Items []json.RawMessage
		}
		_ = json.Unmarshal(b, &block)
		if block.Type == "text" {
			owners = block.Text == "Commitments still open"
		}
		if block.Type != "list" {
			out = append(out, allStrings(b)...)
			continue
		}
		for _, it := range block.Items {
			var item struct{ Text string }
			_ = json.Unmarshal(it, &item)
			if owners || namedRoles[item.Text] {
				continue
			}
			out = append(out, allStrings(it)...)
		}
	}
	return out
}

// allStrings lists every string value of a JSON document, pictures left out.
func allStrings(doc []byte) []string {
	var v any
	if json.Unmarshal(doc, &v) != nil {
		return []string{string(doc)}
	}
	var out []string
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			out = append(out, v)
		case []any:
			for _, x := range v {
				walk(x)
			}
		case map[string]any:
			for _, k := range slices.Sorted(maps.Keys(v)) {
				if k != "picture" && k != "id" {
					walk(v[k])
				}
			}
		}
	}
	walk(v)
	return out
}

// hasWord tells whether a name stands in a text as words of its own.
func hasWord(text, name string) bool {
	for at := 0; ; {
		i := strings.Index(text[at:], name)
		if i < 0 {
			return false
		}
		i += at
		before, after := " ", " "
		if i > 0 {
			before = text[:i]
		}
		if i+len(name) < len(text) {
			after = text[i+len(name):]
		}
		if !endsInLetter(before) && !beginsWithLetter(after) {
			return true
		}
		at = i + len(name)
	}
}

var (
	letterLast  = regexp.MustCompile(`\pL$`)
	letterFirst = regexp.MustCompile(`^\pL`)
)

func endsInLetter(s string) bool     { return letterLast.MatchString(s) }
func beginsWithLetter(s string) bool { return letterFirst.MatchString(s) }

// TestEightWeeks plays eight weeks of the demo, with visits logged and notes shared in each, and scans everything that was
// posted. Then it plants a name and a note behind the guard's back: the scan must find them.
func TestEightWeeks(t *testing.T) {
	d := newDemo(t, "")
	ctx := context.Background()
	var alice school.PersonID
	var teachers []school.PersonID
	_ = d.book.Read(func(m *school.Model) {
		alice, _ = m.ByEmail("alice@example.com")
		for _, p := range m.People() {
			if now := p.Now(); now.Role == school.Teacher && slices.Contains(now.Observers, alice) {
				teachers = append(teachers, p.ID)
			}
		}
	})
	at := d.clock.Now()
	for week := range 8 {
		for i, who := range teachers[:4] {
			command := fmt.Sprintf("weeks:%d:%d", week, i)
			uid := school.UID(command, 0)
			on := school.DayOf(at, d.clock.Zone())
			r, err := d.book.Record(ctx, school.Entry{
				Command: command, By: alice, Via: "web", At: at,
				Facts: []school.Fact{
					school.VisitLogged{UID: uid, Observer: alice, Subject: who, Visit: school.CoachingVisit, On: on, Minutes: 10, Texts: []string{"glow"}},
					school.StepAdded{UID: uid, Subject: who, Author: alice, On: on, Back: 1, Draft: true},
				},
				Texts: []school.Text{
					{Key: school.NoteKey(uid, "glow"), Kind: "glow", Subject: string(who), Author: string(alice), Class: school.Coaching, Body: "A glow of week " + command},
					{Key: school.NoteKey(uid, "step"), Kind: "step", Subject: string(who), Author: string(alice), Class: school.Coaching, Body: "A step of week " + command},
				},
			})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := d.book.Record(ctx, school.Entry{Command: command + ":share", By: alice, Via: "web", At: at, Facts: []school.Fact{school.VisitShared{Visit: r.First, At: at}}}); err != nil {
				t.Fatal(err)
			}
		}
		at = at.AddDate(0, 0, 7)
		if _, err := d.clock.Jump(ctx, at); err != nil {
			t.Fatal(err)
		}
	}
	if leaks := leaksOf(t, d); len(leaks) > 0 {
		t.Errorf("stored messages hold records: %v", leaks)
	}
	room := bot.Room{Platform: "web", Workspace: "web", ID: "cedar-leaders"}
	for marker, words := range map[string]string{"name": "Bob Brown is behind", "last": "Ask Ms. Whitfield about it", "note": "He said: A glow of week weeks:3:1"} {
		if _, err := d.web.Post(ctx, room, bot.OpenCard(bot.Text{Text: words}), marker); err != nil {
			t.Fatal(err)
		}
		found := false
		for _, l := range leaksOf(t, d) {
			found = found || strings.Contains(l, words)
		}
		if !found {
			t.Errorf("the scan does not find %q", words)
		}
	}
	// The one posting function refuses what the platform alone would have taken.
	if _, _, err := d.app.hub.Post(ctx, demoDistrict, room, bot.OpenCard(bot.Text{Text: "Bob Brown is behind"}), "guarded"); !errors.Is(err, bot.ErrGuarded) {
		t.Errorf("the hub posted a name: %v", err)
	}
}
