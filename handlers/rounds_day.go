package handlers

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// Days that are not what the calendar says: a snow day, an early release. Whoever runs a campus declares them in one line,
// at ten to six in the morning, on a phone.

// dayOptions are those of closed and early.
var dayOptions = []bot.Option{
	{Name: "date", Help: "the day; today, if you say nothing", Kind: bot.OptionDate, Bare: true},
	{Name: "to", Aliases: []string{"until", "through"}, Help: "the last of several days", Kind: bot.OptionDate},
	{Name: "campus", Help: "which campus, or “all” of yours", Kind: bot.OptionText},
	{Name: "reason", Help: "shown with the day in the calendar: “ice”. Name nobody", Kind: bot.OptionText, Bare: true},
}

// The oldest day that may still be declared, in school days, and the longest closure: what lies further back or lasts
// longer is the calendar file's.
const (
	mostDaysBack = 10
	mostDaysLong = 31
)

func (d *Desk) closed(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.declare(ctx, c, school.NoSchool)
}

func (d *Desk) early(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.declare(ctx, c, school.EarlyRelease)
}

func (d *Desk) declare(ctx context.Context, c bot.Call, class school.DayClass) (bot.Answer, error) {
	var change cards.DayChange
	already := ""
	rec, err := d.decide(ctx, c, func(v *school.Viewer) (school.Entry, error) {
		ask, err := readDays(v, c)
		if err != nil {
			return school.Entry{}, err
		}
		var e school.Entry
		e, change, already, err = ask.declare(v, c, class)
		return e, err
	})
	switch {
	case err != nil:
		return nil, typedBack(c, err)
	case already != "":
		return bot.Whisper{Card: bot.PrivateCard(bot.Text{Text: already})}, nil
	}
	change.Press = fmt.Sprintf("d%d-%d", rec.First, rec.Last)
	return bot.Whisper{Card: cards.DayDeclared(change)}, nil
}

// reopen takes back what was declared of some days.
func (d *Desk) reopen(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var change cards.DayChange
	nothing := ""
	_, err := d.decide(ctx, c, func(v *school.Viewer) (school.Entry, error) {
		ask, err := readDays(v, c)
		if err != nil {
			return school.Entry{}, err
		}
		var e school.Entry
		e, change, nothing = ask.restore(v, c)
		return e, nil
	})
	switch {
	case err != nil:
		return nil, typedBack(c, err)
	case nothing != "":
		return bot.Whisper{Card: bot.PrivateCard(bot.Text{Text: nothing})}, nil
	}
	return bot.Whisper{Card: cards.DayRestored(change)}, nil
}

// takeBack is the button of a declaration. It says who may as the command does: a receipt is no authority.
func (d *Desk) takeBack(ctx context.Context, c bot.Call) (bot.Answer, error) {
	var first, last int64
	if _, err := fmt.Sscanf(c.Press.Subject, "d%d-%d", &first, &last); err != nil {
		return nil, &bot.Error{Code: bot.NotFound, Sentence: "I no longer know what that button meant. Type /rounds reopen with the day."}
	}
	var change cards.DayChange
	nothing := ""
	_, err := d.decide(ctx, c, func(v *school.Viewer) (school.Entry, error) {
		made := v.Model().DeclaredBy(first, last)
		if len(made) == 0 {
			nothing = "There is nothing to take back."
			return school.Entry{}, nil
		}
		mine, all := campusesRun(v)
		ask := dayAsk{from: made[0].From, to: made[0].To}
		for _, x := range made {
			if x.Campus == "" && !all || x.Campus != "" && !slices.Contains(mine, x.Campus) {
				return school.Entry{}, notYours(v)
			}
			ask.scope = append(ask.scope, x.Campus)
		}
		var e school.Entry
		e, change, nothing = ask.restore(v, c)
		return e, nil
	})
	switch {
	case err != nil:
		return nil, err
	case nothing != "":
		return bot.Whisper{Card: bot.PrivateCard(bot.Text{Text: nothing})}, nil
	}
	return instead(c, cards.DayRestored(change)), nil
}

// dayAsk is which days of which campuses are meant.
type dayAsk struct {
	scope    []school.CampusID // "" for all
	from, to school.Day
	reason   string
}

// campusesRun are the campuses whose days somebody may declare; all tells whether these are the district's.
func campusesRun(v *school.Viewer) (ids []school.CampusID, all bool) {
	all = v.Administrates()
	runs := v.Role() == school.AP || v.Role() == school.Principal || v.Role() == school.Supervisor
	for _, c := range v.Model().Campuses() {
		if all || runs && v.Stint().At(c.ID) {
			ids = append(ids, c.ID)
		}
	}
	return ids, all
}

func notYours(v *school.Viewer) error {
	if v.Role() == school.AP || v.Role() == school.Principal || v.Role() == school.Supervisor {
		return forbidden("That campus is not yours. Its own principal or assistant principal declares its days.")
	}
	return forbidden("A campus's principal or assistant principal declares its days. Tell them, or whoever looks after Rounds.")
}

// dayScope finds the campuses that are meant by what was typed.
func dayScope(v *school.Viewer, typed string) ([]school.CampusID, error) {
	mine, all := campusesRun(v)
	if len(mine) == 0 {
		return nil, notYours(v)
	}
	typed = strings.TrimSpace(typed)
	if school.Fold(typed) == "all" {
		if all {
			return []school.CampusID{""}, nil
		}
		return mine, nil
	}
	if typed == "" {
		home := v.Stint().Campus
		if home != "" && slices.Contains(mine, home) && len(v.Stint().Campuses) <= 1 {
			return []school.CampusID{home}, nil
		}
		if len(mine) == 1 {
			return mine, nil
		}
		return nil, invalid("campus", "Which campus? Add campus: with a name (%s), or campus:all.", campusNames(v, mine))
	}
	var found []school.CampusID
	for _, c := range v.Model().Campuses() {
		name, q := school.Fold(c.Name), school.Fold(typed)
		if string(c.ID) == strings.ToLower(typed) || name == q {
			found = []school.CampusID{c.ID}
			break
		}
		if q != "" && strings.Contains(name, q) {
			found = append(found, c.ID)
		}
	}
	switch {
	case len(found) == 0:
		return nil, invalid("campus", "I know no campus called “%s”. Yours: %s.", short(typed), campusNames(v, mine))
	case len(found) > 1:
		return nil, invalid("campus", "Several campuses match “%s”: %s.", short(typed), campusNames(v, found))
	case !slices.Contains(mine, found[0]):
		return nil, notYours(v)
	}
	return found, nil
}

func campusNames(v *school.Viewer, ids []school.CampusID) string {
	var out []string
	for i, id := range ids {
		if i == 8 {
			out = append(out, "and more")
			break
		}
		out = append(out, v.Model().CampusName(id))
	}
	return strings.Join(out, ", ")
}

// readDays reads the days, the campus and the reason of a line.
func readDays(v *school.Viewer, c bot.Call) (dayAsk, error) {
	a := dayAsk{}
	campus, rest := campusFirst(v, c.Args.Get("campus"))
	var err error
	if a.scope, err = dayScope(v, campus); err != nil {
		return a, err
	}
	words := strings.TrimSpace(rest + " " + c.Args.Get("reason"))
	if c.Sub == "snow" { // "/rounds snow day tomorrow"
		if w, more, _ := strings.Cut(words, " "); strings.EqualFold(w, "day") {
			words = more
		}
	}
	today := v.Today()
	a.from = today
	switch date := c.Args.Get("date"); {
	case date != "":
		var more string
		if a.from, more, err = dateFirst(date, today, future); err != nil {
			return a, invalid("date", "%v.", err)
		}
		words = strings.TrimSpace(more + " " + words)
	default:
		if day, more, err := dateFirst(words, today, future); err == nil {
			a.from, words = day, more
		} else if slipOfDate(words) {
			return a, invalid("date", "%v.", err)
		}
	}
	a.to = a.from
	if to := c.Args.Get("to"); to != "" {
		var more string
		if a.to, more, err = dateFirst(to, a.from, future); err != nil {
			return a, invalid("to", "%v.", err)
		}
		words = strings.TrimSpace(words + " " + more)
	}
	a.reason, err = dayReason(v, c, words)
	return a, err
}

// slipOfDate tells whether words that are no date begin with what was meant as one: "blursday", "10/32". To close today
// instead would be worse than to ask.
func slipOfDate(words string) bool {
	w, _, _ := strings.Cut(strings.ToLower(words), " ")
	return strings.ContainsAny(w, "0123456789") || strings.HasSuffix(w, "day") && w != "day" && w != "holiday"
}

// campusFirst tells a campus from the words typed after it, as teamFirst does.
func campusFirst(v *school.Viewer, value string) (campus, rest string) {
	words := strings.Fields(value)
	for n := len(words); n > 0; n-- {
		q := school.Fold(strings.Join(words[:n], " "))
		for _, c := range v.Model().Campuses() {
			if q == "all" || q == string(c.ID) || q != "" && strings.Contains(school.Fold(c.Name), q) {
				return strings.Join(words[:n], " "), strings.Join(words[n:], " ")
			}
		}
	}
	return value, ""
}

// dayReason takes what everybody may read beside the day. It stands in the calendar for good.
func dayReason(v *school.Viewer, c bot.Call, words string) (string, error) {
	words = strings.Join(strings.Fields(words), " ")
	const most = 60
	switch {
	case words == "" && c.Sub == "snow":
		return "snow day", nil
	case utf8.RuneCountInString(words) > most:
		return "", invalid("reason", "Keep the reason to %d characters: it stands beside the day in the calendar.", most)
	case words != "" && cards.OpenGuard(v.Model())(words) != nil:
		return "", invalid("reason", "Everybody can read the reason of a closed day, and this one names somebody. Say it without the name.")
	}
	return words, nil
}

// campuses are those of the scope, one by one.
func (a dayAsk) campuses(m *school.Model) []school.CampusID {
	if slices.Contains(a.scope, "") {
		var out []school.CampusID
		for _, c := range m.Campuses() {
			out = append(out, c.ID)
		}
		return out
	}
	return a.scope
}

func (a dayAsk) where(v *school.Viewer) string {
	switch {
	case slices.Contains(a.scope, ""):
		return "All campuses"
	case len(a.scope) > 4:
		return fmt.Sprintf("All %d of your campuses", len(a.scope))
	}
	var names []string
	for _, id := range a.scope {
		names = append(names, v.Model().CampusName(id))
	}
	return cards.Names(names)
}

// bounds holds the days against the calendar.
func (a dayAsk) bounds(v *school.Viewer) error {
	m, today := v.Model(), v.Today()
	switch {
	case a.to < a.from:
		return invalid("to", "%s is before %s.", cards.Date(a.to, today), cards.Date(a.from, today))
	case a.to-a.from >= mostDaysLong:
		return invalid("to", "That is more than a month. A change of that length belongs in the calendar file.")
	}
	for _, id := range a.campuses(m) {
		cal := m.Calendar(id)
		switch {
		case a.from < cal.First || a.to > cal.Last:
			return invalid("date", "%s lies outside of the school year of %s, which runs from %s to %s.", cards.Date(a.from, today), m.CampusName(id), cards.Date(cal.First, today), cards.Date(cal.Last, today))
		case m.Without(id, a.from, a.to).SchoolDays(a.from, today-1) > mostDaysBack:
			return invalid("date", "%s is more than %d school days back. Please have it put into the calendar file.", cards.Date(a.from, today), mostDaysBack)
		}
	}
	return nil
}

// declare makes the entry, and says already where nothing would change.
func (a dayAsk) declare(v *school.Viewer, c bot.Call, class school.DayClass) (e school.Entry, change cards.DayChange, already string, err error) {
	if err = a.bounds(v); err != nil {
		return e, change, "", err
	}
	m, today := v.Model(), v.Today()
	change = cards.DayChange{Where: a.where(v), From: a.from, To: a.to, Today: today, Class: class, Reason: a.reason, Late: a.from < today}
	var why string
	teach, fresh := false, false // some day is a school day by the calendar; some is not yet declared so
	reclosed := false            // an early release in place of a closed day
	for _, id := range a.campuses(m) {
		bare, now := m.Without(id, a.from, a.to), m.Calendar(id)
		change.Days = max(change.Days, now.SchoolDays(a.from, a.to))
		for d := a.from; d <= a.to; d++ {
			if !bare.School(d) {
				why = bare.Why(d)
				continue
			}
			teach = true
			was := declaredAs(m, id, d)
			fresh = fresh || was != class
			reclosed = reclosed || class == school.EarlyRelease && was == school.NoSchool
		}
		change.Teams += teamsMeeting(v, id, a, now)
	}
	switch {
	case !teach:
		return e, change, fmt.Sprintf("%s has no school %s anyway (%s). Nothing was changed.", change.Where, dayWords(a, today), why), nil
	case !fresh && class == school.NoSchool:
		return e, change, fmt.Sprintf("%s: declared closed already, %s. Nothing was changed.", change.Where, dayWords(a, today)), nil
	case !fresh:
		return e, change, fmt.Sprintf("%s: declared an early release already, %s. Nothing was changed.", change.Where, dayWords(a, today)), nil
	}
	name := a.reason
	if name == "" && class == school.NoSchool {
		name = "closed" // what the calendar says of the day: "no school: closed"
	}
	e = entry(c)
	for _, id := range a.scope {
		if reclosed {
			e.Facts = append(e.Facts, school.DayRestored{Campus: id, From: a.from, To: a.to})
		}
		e.Facts = append(e.Facts, school.DayDeclared{Campus: id, Span: school.Span{From: a.from, To: a.to, Class: class, Name: name}})
	}
	return e, change, "", nil
}

// restore makes the entry that takes back what was declared, and says nothing where there is none.
func (a dayAsk) restore(v *school.Viewer, c bot.Call) (e school.Entry, change cards.DayChange, nothing string) {
	m, today := v.Model(), v.Today()
	change = cards.DayChange{Where: a.where(v), From: a.from, To: a.to, Today: today}
	some, why := false, ""
	for _, id := range a.campuses(m) {
		bare, now := m.Without(id, a.from, a.to), m.Calendar(id)
		some = some || len(m.Declared(id, a.from, a.to)) > 0
		why = bare.Why(a.from)
		change.Days = max(change.Days, bare.SchoolDays(a.from, a.to)-now.SchoolDays(a.from, a.to))
		if n := teamsMeeting(v, id, a, bare); n > 0 && bare.SchoolDays(a.from, a.to) > now.SchoolDays(a.from, a.to) {
			change.Teams += n
		}
	}
	if !some {
		nothing = fmt.Sprintf("Nothing was declared for %s %s.", change.Where, dayWords(a, today))
		if why != "" {
			nothing += " The calendar itself says " + why + "; that is changed in the calendar file."
		}
		return e, change, nothing
	}
	e = entry(c)
	for _, id := range a.scope {
		e.Facts = append(e.Facts, school.DayRestored{Campus: id, From: a.from, To: a.to})
	}
	return e, change, ""
}

func dayWords(a dayAsk, today school.Day) string {
	if a.from == a.to {
		return cards.When(a.from, today)
	}
	return cards.Date(a.from, today) + " to " + cards.Date(a.to, today)
}

// declaredAs is what a day was declared last at a campus, or "".
func declaredAs(m *school.Model, id school.CampusID, d school.Day) school.DayClass {
	var class school.DayClass
	for _, x := range m.Declared(id, d, d) {
		if class != school.NoSchool { // no school wins over whatever else was said
			class = x.Class
		}
	}
	return class
}

// teamsMeeting counts the teams of a campus that have a meeting still to come on a school day of the span.
func teamsMeeting(v *school.Viewer, id school.CampusID, a dayAsk, cal *school.Calendar) int {
	m, n := v.Model(), 0
	for _, t := range m.Teams() {
		if t.Campus != id {
			continue
		}
		for d := max(a.from, v.Today()); d <= a.to; d++ {
			if mk := m.Meeting(t.ID, d); mk == nil && cal.School(d) && t.MeetsOn(d) && d.At(t.Time, m.CampusZone(id)).After(v.Now()) {
				n++
				break
			}
		}
	}
	return n
}
