package ical

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
)

// rawEvent is the text of one event, with the lines it came from.
type rawEvent struct {
	line  int
	lines []string // unfolded, BEGIN and END included
	at    []int    // their line numbers
	event *ics.VEvent
}

// maxEvents guards against a file that is no school calendar.
const maxEvents = 20000

// used are the properties that are read. The others are left out before anything can stumble over them: descriptions hold HTML,
// and some websites break them into lines without folding them.
var used = []string{"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "UID", "SUMMARY", "CATEGORIES", "STATUS"}

// unfold cuts a file into lines. Lines are folded by octets, so a character may be cut in two: the bytes are joined first.
func unfold(data []byte) (lines []string, at []int) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	data = bytes.ReplaceAll(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	var raw [][]byte
	for i, l := range bytes.Split(data, []byte("\n")) {
		switch {
		case len(l) == 0: // also between a line and its fold, in files that were written as text on Windows
		case (l[0] == ' ' || l[0] == '\t') && len(raw) > 0:
			raw[len(raw)-1] = append(raw[len(raw)-1], l[1:]...)
		default:
			raw, at = append(raw, slices.Clone(l)), append(at, i+1)
		}
	}
	for _, l := range raw {
		lines = append(lines, utf8Of(l))
	}
	return lines, at
}

// utf8Of reads a line as UTF-8, or as Latin-1 where it cannot be: what a file of an old program holds is "Día", not "D?a".
func utf8Of(l []byte) string {
	if utf8.Valid(l) {
		return string(l)
	}
	out := make([]rune, 0, len(l))
	for _, b := range l {
		out = append(out, rune(b))
	}
	return string(out)
}

// cut unfolds the file and cuts it into events. Parts inside an event (alarms) are left out.
func (r *reader) cut(data []byte) []*rawEvent {
	lines, at := unfold(data)
	var out []*rawEvent
	var now *rawEvent
	var zone []string
	depth, open, found := 0, 0, false
	for i, l := range lines {
		name := strings.ToUpper(strings.TrimSpace(l))
		switch {
		case name == "BEGIN:VCALENDAR":
			found, open = true, open+1
		case name == "END:VCALENDAR" && now == nil:
			open--
		case name == "BEGIN:VTIMEZONE" && now == nil:
			zone = []string{l}
		case name == "END:VTIMEZONE" && zone != nil:
			if id, z := readZone(zone[1:]); id != "" {
				r.blocks[id] = z
			}
			zone = nil
		case zone != nil:
			zone = append(zone, l)
		case name == "BEGIN:VEVENT":
			if now != nil {
				r.fail(now.line, "", "the event that begins here does not end")
			}
			now, depth = &rawEvent{line: at[i]}, 0
			now.put(l, at[i])
		case name == "END:VEVENT" && now != nil:
			now.put(l, at[i])
			out, now = append(out, now), nil
		case now != nil && strings.HasPrefix(name, "BEGIN:"):
			depth++
		case now != nil && strings.HasPrefix(name, "END:"):
			depth = max(depth-1, 0)
		case now != nil && depth == 0:
			if end := strings.IndexAny(name, ":;"); end > 0 && slices.Contains(used, name[:end]) {
				now.put(quoted(l), at[i])
			}
		case now == nil && strings.HasPrefix(name, "X-WR-CALNAME"):
			if _, v, ok := strings.Cut(l, ":"); ok && r.cal.Name == "" {
				r.cal.Name = strings.TrimSpace(ics.FromText(v))
			}
		}
		if len(out) > maxEvents {
			r.fail(at[i], "", "more than %d events; this is no school calendar", maxEvents)
			return nil
		}
	}
	switch {
	case now != nil:
		r.fail(now.line, "", "the event that begins here does not end; is the file cut off?")
	case !found:
		r.fail(1, "", "this is not an iCalendar file; it would begin with BEGIN:VCALENDAR")
	case open > 0:
		r.fail(at[len(at)-1], "", "the file ends without END:VCALENDAR; is it cut off?")
	}
	return out
}

// bare is a zone name with a colon and without quotes: "TZID=(UTC-06:00) Central Time:20260907T080000".
var bare = regexp.MustCompile(`(?i);TZID=([^";:]*:[^";]*):(\d{8}(?:T\d{6}Z?)?)$`)

// quoted puts the quotes around such a zone name that the format wants.
func quoted(l string) string { return bare.ReplaceAllString(l, `;TZID="$1":$2`) }

func (e *rawEvent) put(l string, at int) {
	e.lines, e.at = append(e.lines, strings.TrimSpace(l)), append(e.at, at)
}

// parse reads the event's properties; what the library makes of it stays within.
func (e *rawEvent) parse(r *reader) {
	text := "BEGIN:VCALENDAR\r\n" + strings.Join(e.lines, "\r\n") + "\r\nEND:VCALENDAR\r\n"
	cal, err := parseCalendar(text)
	if err != nil || len(cal.Events()) != 1 || len(e.lines) == 2 { // nothing but its BEGIN and END
		r.fail(e.line, "", "this event cannot be read")
		return
	}
	e.event = cal.Events()[0]
}

// parseCalendar calls the library behind a guard: a file from elsewhere must never end the program.
func parseCalendar(text string) (cal *ics.Calendar, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("calendar: %v", p)
		}
	}()
	return ics.ParseCalendar(strings.NewReader(text))
}

func (e *rawEvent) prop(name ics.ComponentProperty) *ics.IANAProperty {
	return e.event.GetProperty(name)
}

func (e *rawEvent) text(name ics.ComponentProperty) string {
	if p := e.prop(name); p != nil {
		return strings.TrimSpace(p.Value)
	}
	return ""
}

func (e *rawEvent) uid() string { return plain(e.text(ics.ComponentPropertyUniqueId)) }

// moved tells whether the event is one date of a series, changed.
func (e *rawEvent) moved() bool {
	return e.prop(ics.ComponentProperty(ics.PropertyRecurrenceId)) != nil
}

// lineOf is the line of a property, for errors.
func (e *rawEvent) lineOf(name string) int {
	for i, l := range e.lines {
		if u := strings.ToUpper(l); strings.HasPrefix(u, name+":") || strings.HasPrefix(u, name+";") {
			return e.at[i]
		}
	}
	return e.line
}
