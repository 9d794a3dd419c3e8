package ical

import (
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"rounds/school"
)

// Reading is what the words of an event say about its days.
type Reading struct {
	Class school.DayClass // "" when it says nothing about school days
	Sure  bool            // false: it may be Class, and a person has to choose
	Exact bool            // its categories say it in Rounds's own words
	Why   string          // what it was read from, for people
}

// classify reads an event's summary and categories. Only words decide here; doubt about the dates comes with them, in doubt.
// The rules prefer to ask: a day without school that is none costs a week of wrong targets, a question costs one word.
func classify(summary string, categories []string) Reading {
	for _, c := range categories {
		if k, ok := exactly[strings.ToLower(c)]; ok {
			return Reading{Class: k, Sure: true, Exact: true, Why: fmt.Sprintf("category %q", c)}
		}
	}
	said, noisy := read(textOf(summary))
	if noisy || said.Sure {
		return said
	}
	for _, c := range categories {
		by, _ := read(textOf(c))
		switch {
		case by.Class == "":
		case said.Class == by.Class:
			return Reading{Class: by.Class, Sure: true, Why: fmt.Sprintf("%s and category %q", said.Why, c)}
		case said.Class == "":
			// Somebody put the event there, but days off have more names than there are words here.
			return Reading{Class: by.Class, Sure: by.Sure && by.Class != school.NoSchool, Why: fmt.Sprintf("category %q", c)}
		}
	}
	return said
}

// read reads the words alone; noisy tells that they are of an event that is held on a school day.
func read(t text) (out Reading, noisy bool) {
	say := func(class school.DayClass, sure bool, words string) (Reading, bool) {
		return Reading{Class: class, Sure: sure, Why: fmt.Sprintf("words %q", words)}, false
	}
	nothing := Reading{Why: "no words about school days"}
	off := find(t, closed, notClosed)
	short := find(t, early, notEarly)
	with := find(t, staff, nil)
	if off == "" && short == "" {
		if n := find(t, noise, notNoise); n != "" {
			return Reading{Why: fmt.Sprintf("noise: %q", n)}, true
		}
		if n := find(t, mild, nil); n != "" && find(t, conferences, nil) == "" {
			return Reading{Why: fmt.Sprintf("noise: %q", n)}, true
		}
	}
	if w := find(t, blackout, nil); w != "" {
		return say(school.Blackout, true, w)
	}
	if short != "" {
		loud := find(t, noise, notNoise) != ""
		return say(school.EarlyRelease, off == "" && !loud, short)
	}
	if off != "" {
		class, words := school.NoSchool, off
		meets := find(t, conferences, nil)
		if with != "" {
			class, words = school.StaffDay, with
		} else if meets != "" {
			class, words = school.StaffDay, off+" and "+meets
		}
		// For some of the students only, or beside other things: somebody has to look.
		some := slices.ContainsFunc(t.stems, func(w string) bool { return slices.Contains(parts, w) })
		loud := find(t, noise, notNoise) != "" || class == school.NoSchool && find(t, mild, nil) != ""
		// "Teacher Exchange Day - Student Holiday": students stay at home, and what staff do has more names than there are words here.
		if class == school.NoSchool && find(t, closedToStudents, nil) == off && !only(t, slices.Concat(closedToStudents, holiday, perhapsHoliday), filler) {
			loud = true
		}
		return say(class, !some && !loud, words)
	}
	if with != "" {
		return say(school.StaffDay, find(t, test, nil) == "", with)
	}
	if w := find(t, exams, nil); w != "" {
		return exam(t, w)
	}
	if w := find(t, test, nil); w != "" {
		r, n := exam(t, w)
		r.Sure = r.Sure && only(t, test, aroundTest)
		return r, n
	}
	if w := find(t, conferences, nil); w != "" {
		return say(school.StaffDay, false, w)
	}
	if w := find(t, holiday, nil); w != "" {
		return say(school.NoSchool, only(t, holiday, filler), w)
	}
	if w := find(t, maybeClosed, nil); w != "" {
		return say(school.NoSchool, false, w)
	}
	if w := find(t, perhapsHoliday, nil); w != "" {
		return say(school.NoSchool, false, w)
	}
	if w := find(t, perhapsBlackout, nil); w != "" {
		return say(school.Blackout, false, w)
	}
	return nothing, false
}

// exam reads the words of a test.
func exam(t text, words string) (Reading, bool) {
	for i, w := range t.stems {
		if slices.Contains(notTest, w) {
			return Reading{Why: fmt.Sprintf("noise: %q", t.words[i])}, true
		}
	}
	return Reading{Class: school.Testing, Sure: true, Why: fmt.Sprintf("words %q", words)}, false
}

// doubt takes the certainty from a reading that the event's dates speak against.
func doubt(r Reading, l length) Reading {
	if r.Exact || r.Class == "" {
		return r
	}
	most := map[school.DayClass]school.Day{school.NoSchool: 21, school.StaffDay: 14, school.EarlyRelease: 7, school.Testing: 45, school.Blackout: 45}[r.Class]
	n := l.last - l.start.day + 1
	off := r.Class == school.NoSchool || r.Class == school.StaffDay
	switch {
	case n > most:
		r.Sure, r.Why = false, fmt.Sprintf("%s, but it lasts %d days", r.Why, n)
	case off && l.hours && n == 1 && l.start.second >= 15*3600:
		r.Sure, r.Why = false, fmt.Sprintf("%s, but it begins at %s", r.Why, clock(l.start.second))
	case off && l.hours && n == 1 && l.second > l.start.second && l.second-l.start.second < 3*3600:
		r.Sure, r.Why = false, fmt.Sprintf("%s, but it lasts from %s to %s", r.Why, clock(l.start.second), clock(l.second))
	}
	return r
}

func clock(second int) string { return fmt.Sprintf("%d:%02d", second/3600, second/60%60) }

// tag is an HTML tag; some websites put them into names too.
var tag = regexp.MustCompile(`<[^<>]*>`)

// plain is a text on one line, without HTML.
func plain(s string) string {
	if strings.ContainsAny(s, "<&") {
		s = html.UnescapeString(tag.ReplaceAllString(s, " "))
	}
	return oneLine(s)
}

// oneLine is a text without line ends and double blanks.
func oneLine(s string) string {
	s = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || c == '\u200b' || c == '\ufeff' {
			return ' '
		}
		return c
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// text is a text as words, and as the tables of words.go spell them.
type text struct{ words, stems []string }

// textOf cuts a text into words: lower case, without marks. A word's stem is without the s of a plural.
func textOf(s string) (t text) {
	s = strings.ReplaceAll(strings.ToLower(plain(s)), "½", " 1 2 ")
	s = strings.NewReplacer("'", "", "’", "", "‘", "", ".", "").Replace(s) // presidents’, U.S.
	t.words = strings.FieldsFunc(s, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
	for _, w := range t.words {
		if len(w) > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") {
			w = w[:len(w)-1]
		}
		t.stems = append(t.stems, w)
	}
	return t
}

// tokens are the stems of a text.
func tokens(s string) []string { return textOf(s).stems }

func phrases(texts ...string) (out [][]string) {
	for _, s := range texts {
		out = append(out, tokens(s))
	}
	return out
}

// find gives the words of the first phrase, in the order of the list, that stands in the text and is not followed by one of not.
func find(t text, list [][]string, not []string) string {
	for _, p := range list {
		for i := 0; i+len(p) <= len(t.stems); i++ {
			if slices.Equal(t.stems[i:i+len(p)], p) && (i+len(p) == len(t.stems) || !slices.Contains(not, t.stems[i+len(p)])) {
				return strings.Join(t.words[i:i+len(p)], " ")
			}
		}
	}
	return ""
}

// only tells whether the words are nothing but phrases of the list, years and words that may stand beside them.
func only(txt text, list [][]string, beside []string) bool {
	t := txt.stems
	for i := 0; i < len(t); {
		n := 0
		for _, p := range list {
			if i+len(p) <= len(t) && slices.Equal(t[i:i+len(p)], p) {
				n = max(n, len(p))
			}
		}
		if n == 0 && (slices.Contains(beside, t[i]) || strings.Trim(t[i], "0123456789") == "") {
			n = 1
		}
		if n == 0 {
			return false
		}
		i += n
	}
	return true
}
