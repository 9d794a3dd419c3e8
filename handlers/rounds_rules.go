package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// RuleClock is what /rounds rules asks of a Clock that has rules.
type RuleClock interface {
	// Rules lists the kinds of reminders that a district may set, as they stand at a campus.
	Rules(ctx context.Context, d bot.District, campus school.CampusID) ([]RuleLine, error)
	// CheckRule says what is wrong with a rule, in words for whoever wrote it.
	CheckRule(ctx context.Context, d bot.District, r school.Rule) error
}

// RuleLine is a kind of reminder, its rule, and when it goes out at a campus.
type RuleLine struct {
	Kind, Words string       // "digest", "coaching snapshot"
	Fixed       string       // when a kind goes out that has no time of its own: "ten minutes before each meeting"
	Rule        school.Rule  // in force today; SetAt is zero for the one that ships with Rounds
	Coming      *school.Rule // in force from tomorrow on, where it is another
	Today, Next time.Time    // the next time today, and the first on a later day; zero for none
	Idle        bool         // nothing falls due by then as the record stands
}

const ruleExample = "/rounds rules digest " + school.RuleExample

// rulesSub is registered with the other subcommands of /rounds.
var rulesSub = sub{
	name: "rules", summary: "When reminders go out; administrators change it", example: ruleExample, opens: true, run: (*Desk).rules,
	options: []bot.Option{
		{Name: "what", Help: "which reminder: plan, agenda, preview, digest, …", Kind: bot.OptionText, Bare: true},
		{Name: "when", Help: "last school day 2:30pm · mon and thu 7:15 · first mon 8am · off · default", Kind: bot.OptionText, Bare: true},
	},
}

// rules shows the rules, or changes one.
func (d *Desk) rules(ctx context.Context, c bot.Call) (bot.Answer, error) {
	s, err := d.ruleSight(ctx, c)
	if err != nil {
		return nil, err
	}
	what, when := strings.ToLower(c.Args.Get("what")), strings.TrimSpace(c.Args.Get("when"))
	if what == "" && when == "" {
		return bot.Whisper{Card: s.card(s.lines)}, nil
	}
	l, err := s.line(what)
	if err != nil {
		return nil, err
	}
	switch {
	case when == "" && !s.may:
		return bot.Whisper{Card: s.card([]RuleLine{l})}, nil
	case !s.may:
		return nil, s.mayNot()
	case when == "":
		return bot.OpenForm{Form: ruleForm(s, l)}, nil
	}
	switch strings.ToLower(when) {
	case "default", "on", "reset":
		return d.setRule(ctx, c, s, l, school.Rule{Gone: true}, "when")
	}
	r, err := school.ParseRule(when)
	if err != nil {
		return nil, ruleFault("when", err)
	}
	return d.setRule(ctx, c, s, l, r, "when")
}

func (d *Desk) rulesList(ctx context.Context, c bot.Call) (bot.Answer, error) {
	c.Args = nil
	return d.rules(ctx, c)
}

// ruleFault turns an error of the words into one that says what was meant, where that can be guessed.
func ruleFault(field string, err error) error {
	sentence := err.Error()
	var bad *school.RuleError
	if errors.As(err, &bad) && bad.Word != "" {
		if near, ok := bot.Nearest(bad.Word, school.RuleVocabulary); ok {
			sentence = fmt.Sprintf("I cannot read “%s” as part of a rule. Did you mean %s?", short(bad.Word), near)
		}
	}
	return invalid(field, "%s", sentence)
}

// ruleSight is what somebody sees of the rules.
type ruleSight struct {
	clock  RuleClock
	may    bool // change them
	admins []string
	campus school.CampusID // whose times are shown; "" for the whole district
	place  string
	zone   *time.Location
	now    time.Time
	today  school.Day
	names  func(school.PersonID) string
	lines  []RuleLine
}

// ruleSight finds out what the caller may see, and what stands.
func (d *Desk) ruleSight(ctx context.Context, c bot.Call) (*ruleSight, error) {
	clock, ok := d.cfg.Clock.(RuleClock)
	if !ok {
		return nil, &bot.Error{Code: bot.Unavailable, Sentence: "No reminders are sent from here: the clock of this Rounds is not running."}
	}
	s := &ruleSight{clock: clock, now: c.At}
	err := d.as(ctx, c, func(v *school.Viewer) error {
		if s.may = v.Administrates(); !s.may && !v.Role().Leader() {
			return forbidden("Leaders see when reminders go out in general. /rounds why shows what came to you, and why.")
		}
		m, st := v.Model(), v.Stint()
		if s.campus = st.Campus; s.campus == "" && len(st.Campuses) > 0 {
			s.campus = st.Campuses[0]
		}
		s.place, s.zone = m.CampusName(s.campus), m.CampusZone(s.campus)
		s.today = school.DayOf(c.At, s.zone)
		for _, a := range m.District().Administrator {
			s.admins = append(s.admins, m.Name(school.PersonID(a)))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s, d.ruleLines(ctx, c, s)
}

// ruleLines asks the clock how the rules stand, and the roster for those who set them.
func (d *Desk) ruleLines(ctx context.Context, c bot.Call, s *ruleSight) error {
	lines, err := s.clock.Rules(ctx, c.District, s.campus)
	if err != nil {
		return &bot.Error{Code: bot.Unavailable, Sentence: "I cannot look at the rules right now. Please try again in a minute.", Err: err}
	}
	s.lines = lines
	names := map[school.PersonID]string{}
	s.names = func(id school.PersonID) string { return names[id] }
	return d.as(ctx, c, func(v *school.Viewer) error {
		for _, l := range lines {
			names[l.Rule.SetBy] = v.Model().Name(l.Rule.SetBy)
			if l.Coming != nil {
				names[l.Coming.SetBy] = v.Model().Name(l.Coming.SetBy)
			}
		}
		return nil
	})
}

func (s *ruleSight) mayNot() error {
	if len(s.admins) == 0 {
		return forbidden("Only an administrator of Rounds changes the rules, and your district has named none yet.")
	}
	return forbidden("Only an administrator of Rounds in your district changes the rules: %s.", cards.Names(s.admins))
}

// line finds a kind of reminder by the word for it.
func (s *ruleSight) line(what string) (RuleLine, error) {
	var known []string
	for _, l := range s.lines {
		if l.Kind == what {
			return l, nil
		}
		known = append(known, l.Kind)
	}
	if strings.HasPrefix(what, "quiet") {
		return RuleLine{}, invalid("what", "Quiet hours and the weekly cap stand in the district's file, as quiet_hours and weekly_cap.")
	}
	if near, ok := bot.Nearest(what, known); ok {
		return RuleLine{}, invalid("what", "There is no reminder called “%s”. Did you mean /rounds rules %s?", short(what), near)
	}
	return RuleLine{}, invalid("what", "There is no reminder called “%s”. There are: %s.", short(what), strings.Join(known, ", "))
}

func upFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// ruleWords says a rule of a kind.
func ruleWords(l RuleLine, r school.Rule) string {
	if l.Fixed != "" && !r.Off {
		return l.Fixed
	}
	return r.Words()
}

func (s *ruleSight) setBy(r school.Rule) string {
	switch {
	case r.SetAt.IsZero():
		return "comes with Rounds"
	case r.SetBy == "" && r.Gone:
		return "comes with Rounds; the district's file set another until " + s.setOn(r)
	case r.SetBy == "":
		return "set in the district's file, read " + s.setOn(r)
	case r.Gone:
		return "comes with Rounds, brought back by " + s.names(r.SetBy) + " on " + s.setOn(r)
	}
	return "set by " + s.names(r.SetBy) + " on " + s.setOn(r)
}

func (s *ruleSight) setOn(r school.Rule) string {
	return cards.Date(school.DayOf(r.SetAt, s.zone), s.today)
}

// at says when, in the zone of what is shown: "Fri, Oct 16, 2:30 PM".
func (s *ruleSight) at(t time.Time) string {
	return cards.Date(school.DayOf(t, s.zone), s.today) + ", " + t.In(s.zone).Format("3:04 PM")
}

const noneAhead = "nothing falls due in the next 60 days"

func (s *ruleSight) card(lines []RuleLine) bot.Private {
	rows := make([]cards.RuleRow, 0, len(lines))
	for _, l := range lines {
		row := cards.RuleRow{Kind: l.Kind, Name: l.Words, When: ruleWords(l, l.Rule), Set: s.setBy(l.Rule)}
		last := l.Rule
		if l.Coming != nil {
			last = *l.Coming
			if words := ruleWords(l, last); words == row.When {
				row.Set = s.setBy(last)
			} else {
				row.Coming = words + ", " + s.setBy(last)
			}
		}
		switch {
		case !l.Today.IsZero():
			row.Next = "next " + s.at(l.Today)
		case !l.Next.IsZero():
			row.Next = "next " + s.at(l.Next)
		case !last.Off:
			row.Next = noneAhead
		}
		if l.Idle && row.Next != "" && row.Next != noneAhead {
			row.Next += ", if there is something to say"
		}
		rows = append(rows, row)
	}
	note := s.times() + " Each campus has its own calendar and zone; leave, snoozes and quiet hours come on top."
	if s.may {
		note += " To change one: " + ruleExample
	}
	return cards.Rules(rows, s.may, note)
}

func (s *ruleSight) times() string {
	return fmt.Sprintf("Times are %s, at %s.", s.now.In(s.zone).Format("MST"), s.place)
}

// setRule puts a rule on record, and says what comes of it. With Gone, the rule that ships with Rounds comes back.
func (d *Desk) setRule(ctx context.Context, c bot.Call, s *ruleSight, l RuleLine, r school.Rule, field string) (bot.Answer, error) {
	r.ID = l.Kind
	if r.Every > 1 && r.Anchor == 0 { // counted from the first such day to come
		for r.Anchor = s.today + 1; !slices.Contains(r.Days, int(r.Anchor.Weekday())); {
			r.Anchor++
		}
	}
	if !r.Gone {
		if err := s.clock.CheckRule(ctx, c.District, r); err != nil {
			return nil, invalid(field, "%s.", upFirst(err.Error()))
		}
	}
	changed := true
	_, err := d.decide(ctx, c, func(v *school.Viewer) (school.Entry, error) {
		if !v.Administrates() {
			return school.Entry{}, s.mayNot()
		}
		set := v.Model().RulesSet(l.Kind)
		switch last := len(set) - 1; {
		case r.Gone:
			changed = last >= 0 && !set[last].Gone
		case last >= 0 && !set[last].Gone:
			changed = set[last].Words() != r.Words()
		}
		switch {
		case !changed:
			return entry(c), nil
		case r.Gone:
			return entry(c, school.RuleGone{ID: l.Kind}), nil
		}
		return entry(c, school.RuleSet{Rule: r}), nil
	})
	if err != nil {
		return nil, err
	}
	if err := d.ruleLines(ctx, c, s); err != nil {
		return nil, err
	}
	if l, err = s.line(l.Kind); err != nil {
		return nil, err
	}
	return bot.Whisper{Card: s.changed(l, changed)}, nil
}

// changed says exactly what a change means: from when, what becomes of today's, and the first one under it.
func (s *ruleSight) changed(l RuleLine, changed bool) bot.Private {
	now := l.Rule
	if l.Coming != nil {
		now = *l.Coming
	}
	var lines []string
	switch {
	case !changed:
		lines = append(lines, "That is the rule already. Nothing was changed.")
	default:
		lines = append(lines, "It holds from tomorrow, "+(s.today+1).Short()+", at every campus.")
	}
	if !l.Today.IsZero() && !l.Idle {
		lines = append(lines, "Today's stays as it was: "+l.Today.In(s.zone).Format("3:04 PM")+".")
	}
	switch {
	case now.Off:
	case l.Next.IsZero():
		lines = append(lines, fmt.Sprintf("At %s %s.", s.place, noneAhead))
	default:
		lines = append(lines, "Next: "+s.at(l.Next)+".")
	}
	if late := s.lateLook(l.Kind); late != "" {
		lines = append(lines, late)
	}
	return cards.RuleChanged(l.Words, ruleWords(l, now), lines, s.times())
}

// lateLook warns where the snapshot would be posted before its owner has looked at it.
func (s *ruleSight) lateLook(kind string) string {
	var look, post time.Time
	for _, l := range s.lines {
		switch l.Kind {
		case "preview":
			look = l.Next
		case "digest":
			post = l.Next
		}
	}
	if kind != "preview" && kind != "digest" || look.IsZero() || post.IsZero() || look.Before(post) ||
		school.DayOf(look, s.zone).Monday() != school.DayOf(post, s.zone).Monday() {
		return ""
	}
	return "Its owner is asked to look at it only at " + s.at(look) + ", when it is posted already. To ask earlier: /rounds rules preview …"
}
