package handlers

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"rounds/answers"
	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// Words about a person that were said to the bot: in a room they are answered privately, whatever they ask; in a direct
// conversation they may be a visit that wants logging.

// asksToLog reads like a personal command in plain words: "please log a visit to Bob Brown".
var asksToLog = regexp.MustCompile(`(?i)^\W*(?:(?:please|can you|could you|i want to|i need to|i would like to|i'd like to|let me|let's)\s+)*` +
	`(?:log|record|save|enter|undo|add|give)\b[^?]*\b(?:visits?|walkthroughs?|observations?|(?:action )?steps?|notes?|check-?ins?)\b[^?]*$`)

// ofRecords are words that turn a first name into talk about somebody's record.
var ofRecords = regexp.MustCompile(`(?i)\b(?:steps?|visit(?:s|ed)?|walkthroughs?|observed|notes?|check(?:ed|s)?[- ]?ins?|goals?|rat(?:ed|ing|ings)|behind|leave|feedback)\b`)

// How surely words name somebody.
const (
	namedMaybe  = iota + 1 // a first name, or a last name in small letters: also an ordinary word
	namedSurely            // as the guard for open cards sees it, or by a mention
)

// spokenOf finds whom words name: those who are named the most surely.
func spokenOf(v *school.Viewer, text string) (found []*school.Person, how int) {
	take := func(p *school.Person, as int) {
		if as > how {
			found, how = nil, as
		}
		if as == how && !slices.Contains(found, p) {
			found = append(found, p)
		}
	}
	for w := range strings.FieldsSeq(text) {
		w = strings.TrimRight(w, ".,;:!?)")
		if p := mentioned(v, w); p != nil {
			take(p, namedSurely)
		} else if strings.HasPrefix(w, "@") {
			for _, p := range v.Model().FindPeople(w, v.Stint().Campus) {
				take(p, namedSurely)
			}
		}
	}
	plain := strings.NewReplacer("'s ", " ", "’s ", " ").Replace(text + " ")
	folded := " " + school.Fold(plain) + " "
	has := func(words string) bool { return len(words) >= 3 && strings.Contains(folded, " "+words+" ") }
	full := false
	for _, p := range v.Model().People() {
		name, last := school.Fold(p.Name), p.Last()
		first, _, _ := strings.Cut(name, " ")
		switch {
		case first != name && has(name):
			if !full && how == namedSurely { // a full name beats the last names within it
				found = nil
			}
			full = true
			take(p, namedSurely)
		case full:
		case utf8.RuneCountInString(last) >= 4 && has(school.Fold(last)) && strings.Contains(plain, last):
			take(p, namedSurely)
		case has(first) || has(school.Fold(last)):
			take(p, namedMaybe)
		}
	}
	return found, how
}

// personalWords answers words about a person, or gives no answer where they are none.
func (d *Desk) personalWords(ctx context.Context, c bot.Call, a answers.Answer) (bot.Answer, error) {
	var out bot.Answer
	err := d.as(ctx, c, func(v *school.Viewer) error {
		log := asksToLog.MatchString(c.Text)
		found, how := spokenOf(v, c.Text)
		who := ""
		if len(found) == 1 && v.MayLog(found[0].ID) {
			who = string(found[0].ID)
		}
		switch {
		case c.Direct && log && v.Role().Leader():
			out = bot.Whisper{Card: cards.LogHere(who)}
		case c.Direct:
		case log, how == namedSurely, cards.OpenGuard(v.Model())(c.Text) != nil,
			how == namedMaybe && (a.Kind == answers.KindDecline || a.Kind == answers.KindStatus) && ofRecords.MatchString(c.Text):
			out = bot.Whisper{Card: cards.SeenByAll(who, v.Role().Leader())}
		}
		return nil
	})
	return out, err
}
