package handlers

import (
	"context"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// A span is the visits that one line made: n of them from version first on. As a subject it reads "v1042", or
// "v1042+2" for two.
type span struct {
	first int64
	n     int
}

func (s span) String() string {
	if s.n <= 1 {
		return fmt.Sprintf("v%d", s.first)
	}
	return fmt.Sprintf("v%d+%d", s.first, s.n)
}

func parseSpan(subject string) (span, error) {
	first, n, many := strings.Cut(strings.TrimPrefix(subject, "v"), "+")
	s := span{n: 1}
	var err error
	if s.first, err = strconv.ParseInt(first, 10, 64); err == nil && many {
		s.n, err = strconv.Atoi(n)
	}
	if err != nil || s.n < 1 || s.n > maxPeople || !strings.HasPrefix(subject, "v") {
		return s, &bot.Error{Code: bot.Invalid, Sentence: "I cannot tell which visit that button is about. Type /observe history and a name to find it."}
	}
	return s, nil
}

// ownVisits are the visits of a span, all of them the caller's.
func ownVisits(v *school.Viewer, s span) ([]school.VisitSeen, error) {
	var out []school.VisitSeen
	for n := s.first; n < s.first+int64(s.n); n++ {
		x, ok := v.Visit(n)
		if !ok || !x.Mine {
			return nil, forbidden("That visit is not yours, or not any more: you no longer serve that person.")
		}
		out = append(out, x)
	}
	return out, nil
}

// undoFor is how long a visit can be taken back.
const undoFor = 24 * time.Hour

// showReceipt shows the caller what was saved and what has become of it, from the record.
func (d *Desk) showReceipt(ctx context.Context, c bot.Call, s span, fresh bool, remarks []string) (bot.Answer, error) {
	r, _, err := d.receipt(ctx, c, s)
	if err != nil {
		return nil, err
	}
	r.Fresh, r.Remarks = fresh, remarks
	return instead(c, cards.VisitReceipt(r)), nil
}

// receipt reads a receipt; first is the first name of the first one visited.
func (d *Desk) receipt(ctx context.Context, c bot.Call, s span) (r cards.Receipt, first string, err error) {
	keys := map[string]string{}
	err = d.as(ctx, c, func(v *school.Viewer) error {
		list, err := ownVisits(v, s)
		if err != nil {
			return err
		}
		r, keys = readReceipt(v, s, list)
		first, _, _ = strings.Cut(r.Names[0], " ")
		return nil
	})
	if err != nil {
		return r, "", err
	}
	t, err := d.words(ctx, c, keys)
	r.Glow, r.Grow, r.Evidence, r.Note, r.Step = t["glow"], t["grow"], t["evidence"], t["note"], t["step"]
	return r, first, err
}

// words fetches texts under names of the caller's own: name -> key becomes name -> text.
func (d *Desk) words(ctx context.Context, c bot.Call, keys map[string]string) (map[string]string, error) {
	all, err := d.allWords(ctx, c, []map[string]string{keys})
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// allWords is words for several at once: one trip to the store.
func (d *Desk) allWords(ctx context.Context, c bot.Call, keys []map[string]string) ([]map[string]string, error) {
	var all []string
	for _, m := range keys {
		for _, k := range m {
			if k != "" {
				all = append(all, k)
			}
		}
	}
	bodies, err := d.bodies(ctx, c, all...)
	if err != nil {
		return nil, err
	}
	out := make([]map[string]string, len(keys))
	for i, m := range keys {
		out[i] = map[string]string{}
		for name, k := range m {
			out[i][name] = bodies[k]
		}
	}
	return out, nil
}

// readReceipt fills a receipt but for its texts, whose keys it returns by name.
func readReceipt(v *school.Viewer, s span, list []school.VisitSeen) (cards.Receipt, map[string]string) {
	m, x, today := v.Model(), list[0], v.Today()
	r := cards.Receipt{
		Subject: s.String(), Kind: x.Kind, Minutes: x.Minutes, On: x.On, Today: today, Undone: true,
		Appraiser: x.Team == "" && v.Person().RoleOn(x.On).Administers(), Undo: v.Now().Sub(x.Logged) <= undoFor,
	}
	for _, k := range x.Focus {
		r.Focus = append(r.Focus, m.FocusName(k))
	}
	keys := noteKeys(x)
	var away, silent []string
	shared, later, debriefed := 0, 0, 0
	zone := v.Zone()
	for _, x := range list {
		name := ""
		if x.Team != "" {
			if t, ok := m.Team(x.Team); ok {
				name = t.Name
			}
		} else {
			name = m.Name(x.Subject)
		}
		r.Names = append(r.Names, name)
		r.Undone = r.Undone && x.Void
		switch {
		case x.Shared.IsZero():
		case x.Shared.After(v.Now()):
			later++
			r.Later = cards.WhenAt(x.Shared, zone, today)
		default:
			shared++
			r.Shared = cards.WhenAt(x.Shared, zone, today)
		}
		if x.Opened {
			r.Opened++
		}
		if x.Debrief != 0 {
			debriefed++
			r.Debriefed = cards.When(x.Debrief, today)
		}
		if p, ok := m.Person(x.Subject); ok {
			if len(p.Accounts) == 0 {
				away = append(away, name)
			} else if r.CanShare = true; !m.MayTell(p.ID) {
				silent = append(silent, name)
			}
			readStepOf(v, x, &r, keys)
		}
	}
	if shared < len(list) && shared+later < len(list) {
		r.Shared, r.Later = "", ""
	}
	if debriefed < len(list) {
		r.Debriefed = ""
	}
	r.HasNote = keys["step"] != "" || len(x.Texts) > 0
	r.Amend = true
	if len(list) == 1 {
		r.Version = versionWords(v, x)
		r.Reworded = !x.Reworded.IsZero()
	}
	r.Feedback = owedSoonest(v, list)
	r.Reach = reach(m, v, away, silent, r.Shared != "")
	r.NoNote = r.CanShare && !r.HasNote && x.Kind != school.Formal
	r.CanShare = r.CanShare && r.HasNote
	if r.HasNote && len(away) < len(list) && x.Team == "" {
		r.Readers = alsoReads(v)
	}
	r.Debrief = x.Team == ""
	if at, ok := shareAt(v); ok && at.After(v.Now()) {
		r.ShareAt = strings.TrimSuffix(strings.TrimSuffix(at.In(zone).Format("3:04 PM"), " PM"), " AM")
	}
	if w, ok := m.Week(v.ID(), v.Now()); ok && w.Of() > 0 && !w.NoSchool {
		r.Week = cards.Week(w)
	}
	return r, keys
}

// noteKeys are the keys of a note's texts by kind.
func noteKeys(x school.VisitSeen) map[string]string {
	out := map[string]string{}
	maps.Copy(out, x.Texts) // a step's is added
	return out
}

// versionWords is "version 2, changed today"; "" of a visit that was never amended.
func versionWords(v *school.Viewer, x school.VisitSeen) string {
	if x.Version < 2 {
		return ""
	}
	return fmt.Sprintf("version %d, changed %s", x.Version, cards.When(school.DayOf(x.Changed, v.Zone()), v.Today()))
}

// owedSoonest says the most pressing feedback that is owed on the visits.
func owedSoonest(v *school.Viewer, list []school.VisitSeen) string {
	for _, x := range list { // of one line, so of one day
		if f, ok := v.Feedback(x.N); ok {
			return cards.FeedbackWords(f, v.Today()) + "."
		}
	}
	return ""
}

// readStepOf finds the step that came with a visit, and an earlier one that it could take the place of.
func readStepOf(v *school.Viewer, x school.VisitSeen, r *cards.Receipt, keys map[string]string) {
	steps, _ := v.StepsOf(x.Subject, false)
	for _, st := range steps {
		if st.Visit != x.N {
			continue
		}
		if keys["step"] == "" {
			keys["step"], r.By = st.Text, st.By
		}
		if st.State.Open() && r.Replace == "" {
			if _, _, ok := v.OtherOpenStep(x.Subject, st.N); ok {
				r.Replace = fmt.Sprintf("s%d:%s", st.N, r.Subject)
			}
		}
	}
}

// reach says whom nothing is sent to, and why.
func reach(m *school.Model, v *school.Viewer, away, silent []string, shared bool) []string {
	var out []string
	if len(away) > 0 {
		verb := "is"
		if len(away) > 1 {
			verb = "are"
		}
		out = append(out, fmt.Sprintf("%s %s not on chat, so nothing was sent.", cards.Names(away), verb))
	}
	if len(silent) > 0 {
		s := fmt.Sprintf("Messages to teachers are off at %s, so nothing was sent.", m.CampusName(v.Stint().Campus))
		if shared {
			s += " " + cards.Names(silent) + " can read it in Rounds."
		} else {
			s += " Once you share it, " + cards.Names(silent) + " can read it in Rounds."
		}
		out = append(out, s)
	}
	return out
}

// alsoReads says who else may read what the caller writes; "" for nobody.
func alsoReads(v *school.Viewer) string {
	switch v.Role() {
	case school.AP, school.Principal:
		return "The administrators of your campus can read it too."
	case school.Coach, school.Lead:
		if v.Model().District().CoachContent == "shared" {
			return "Your district lets the administrators of your campus read it too."
		}
	}
	return ""
}

// observeReceipt shows the receipt of a visit again.
func (d *Desk) observeReceipt(ctx context.Context, c bot.Call) (bot.Answer, error) {
	s, err := parseSpan(c.Press.Subject)
	if err != nil {
		return nil, err
	}
	r, _, err := d.receipt(ctx, c, s)
	if err != nil {
		return nil, err
	}
	return bot.Whisper{Card: cards.VisitReceipt(r)}, nil
}

// observeCopy gives the note as plain words, for those who are not on chat.
func (d *Desk) observeCopy(ctx context.Context, c bot.Call) (bot.Answer, error) {
	s, err := parseSpan(c.Press.Subject)
	if err != nil {
		return nil, err
	}
	r, first, err := d.receipt(ctx, c, s)
	if err != nil {
		return nil, err
	}
	if s.n > 1 {
		first = "all"
	}
	return bot.Whisper{Card: cards.NoteToCopy(r, first)}, nil
}

// observeReplace closes the earlier open step in favor of the one that came with the visit: "s1043:v1042".
func (d *Desk) observeReplace(ctx context.Context, c bot.Call) (bot.Answer, error) {
	step, visit, _ := strings.Cut(c.Press.Subject, ":")
	s, err := parseSpan(visit)
	if err != nil {
		return nil, err
	}
	if _, err := parseStep(step); err != nil {
		return nil, err
	}
	_, err = d.decide(ctx, c, func(v *school.Viewer) (school.Entry, error) {
		e := entry(c)
		list, err := ownVisits(v, s)
		if err != nil {
			return e, err
		}
		// A line about several people gave each of them the step.
		for _, x := range list {
			steps, _ := v.StepsOf(x.Subject, true)
			for _, st := range steps {
				if st.Visit != x.N {
					continue
				}
				if old, _, ok := v.OtherOpenStep(x.Subject, st.N); ok {
					e.Facts = append(e.Facts, school.StepMoved{Step: old, State: school.StepReplaced, On: v.Today()})
				}
			}
		}
		return e, nil
	})
	if err != nil {
		return nil, err
	}
	return d.showReceipt(ctx, c, s, false, []string{"The earlier step is replaced."})
}
