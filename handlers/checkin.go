package handlers

import (
	"context"
	"fmt"
	"strings"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

func init() {
	register(command{
		name: "checkin", order: 3, aliases: []string{"mystep"}, private: true,
		summary: "Say how your action step goes, in two taps",
		who:     "everyone",
		hint:    "tried it note:worked in second period",
		subs: []sub{{
			name: "", summary: "My open step, or my teachers' check-ins", example: "/checkin tried it note:worked in second period", opens: true, run: (*Desk).checkIn,
			options: []bot.Option{
				{Name: "answer", Help: "not yet, tried it, doing it consistently, let's talk; leaders: a name", Bare: true},
				{Name: "note", Help: "In your own words. No student names."},
			},
		}},
		on: map[string]action{
			"say": {run: (*Desk).checkInSay}, "note": {opens: true, run: (*Desk).checkInNote}, "noted": {run: (*Desk).checkInNoted},
			"open": {run: (*Desk).checkInOpen}, "talk": {run: (*Desk).checkInTalk}, "sure": {run: (*Desk).checkInSure}, "fix": {opens: true, run: (*Desk).checkInFix},
			"theirs": {run: (*Desk).checkInTheirs},
		},
	})
}

// parseAnswer reads an answer as it is typed.
func parseAnswer(s string) (school.CheckIn, bool) {
	q := school.Fold(s)
	switch {
	case q == "no" || strings.HasPrefix(q, "not"):
		return school.NotYet, true
	case strings.HasPrefix(q, "tri") || strings.HasPrefix(q, "try"):
		return school.TriedIt, true
	case strings.HasPrefix(q, "doing") || strings.HasPrefix(q, "consist"):
		return school.Consistently, true
	case strings.Contains(q, "talk"):
		return school.LetsTalk, true
	}
	return "", false
}

// checkIn shows the caller's own open step; what is typed answers it. A leader without one sees their people's.
func (d *Desk) checkIn(ctx context.Context, c bot.Call) (bot.Answer, error) {
	typedAnswer, note := strings.TrimSpace(c.Args.Get("answer")), text(c.Args, "note")
	own, leader := false, false
	var n int64
	err := d.as(ctx, c, func(v *school.Viewer) error {
		steps := ownSteps(v)
		own, leader = len(steps) > 0, v.Role().Leader()
		if own {
			n = steps[0].N
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	answer, ok := parseAnswer(typedAnswer)
	switch {
	case typedAnswer == "" && note == "":
		if own || !leader {
			return d.showCheckIn(ctx, c, 0, 0)
		}
		return d.checkInTheirs(ctx, c)
	case leader && !ok && typedAnswer != "":
		return d.oneTeacher(ctx, c, typedAnswer)
	case !own:
		return d.showCheckIn(ctx, c, 0, 0)
	case typedAnswer != "" && !ok:
		return nil, invalid("answer", "“%s” is no answer I know. Say not yet, tried it, doing it consistently or let's talk; anything else goes behind note:.", short(typedAnswer))
	case typedAnswer == "":
		return d.askNote(ctx, c, n, note, "")
	}
	return d.answerStep(ctx, c, n, answer, note, true, typed{}, "")
}

// ownSteps are the caller's own open steps, the one due first before the others.
func ownSteps(v *school.Viewer) []school.StepSeen {
	list, _ := v.StepsOf(v.ID(), true)
	out := make([]school.StepSeen, 0, len(list))
	for _, x := range list {
		if x.State.Open() {
			out = append(out, x)
		}
	}
	for i := 1; i < len(out); i++ { // few, and all but sorted
		for j := i; j > 0 && before(out[j], out[j-1]); j-- {
			out[j], out[j-1] = out[j-1], out[j]
		}
	}
	return out
}

// before: an unanswered step before one that was answered today, then the earlier date, then the older step.
func before(a, b school.StepSeen) bool {
	if (a.By == 0) != (b.By == 0) {
		return a.By != 0
	}
	if a.By != b.By {
		return a.By < b.By
	}
	return a.N < b.N
}

// showCheckIn shows the caller's own open steps: the one that was answered just now, if any, then the next one. first names
// the one to show, or 0.
func (d *Desk) showCheckIn(ctx context.Context, c bot.Call, first, done int64) (bot.Answer, error) {
	var answered *cards.Answered
	var next *cards.StepView
	var nextKeys, doneKeys map[string]string
	more, leader := 0, false
	err := d.as(ctx, c, func(v *school.Viewer) error {
		leader = v.Role().Leader()
		for _, x := range ownSteps(v) {
			switch {
			case x.N == done:
				answered = &cards.Answered{Answer: x.Answer, Ref: fmt.Sprintf("s%d", x.N), Sees: whoSees(v, x)}
				doneKeys = map[string]string{"step": x.Text, "note": x.Note}
			case first != 0 && x.N != first:
			case done != 0 && x.Answered == v.Today():
			case next != nil:
				more++
			default:
				view, k := viewOf(v, x)
				next, nextKeys = &view, k
			}
		}
		if first != 0 && next == nil {
			x, ok := v.Step(first)
			if !ok {
				return forbidden("That step is not yours to see, or it was not given to you yet.")
			}
			return &bot.Error{Code: bot.NotFound, Sentence: "That step was " + cards.StepSince(x.State, x.Since, v.Today()) + ", so there is nothing to answer any more."}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if answered != nil {
		t, err := d.words(ctx, c, doneKeys)
		if err != nil {
			return nil, err
		}
		answered.Text, answered.Note = t["step"], t["note"]
	}
	if next != nil {
		t, err := d.words(ctx, c, nextKeys)
		if err != nil {
			return nil, err
		}
		next.Text, next.Note = t["step"], t["note"]
	}
	if answered == nil && next == nil {
		text := "You have no open action step. When somebody gives you one, you find it here."
		if leader {
			return instead(c, cards.WithTheirs(cards.Plain(text))), nil
		}
		return instead(c, cards.Plain(text)), nil
	}
	card := cards.CheckIn(answered, next, more)
	if leader {
		card = cards.WithTheirs(card)
	}
	if done == 0 && c.Kind == bot.Click && c.Press.Action != "checkin.open" {
		return bot.Whisper{Card: card}, nil
	}
	return instead(c, card), nil
}

// whoSees says who sees an answer: whom the talk goes to, or who wrote the step.
func whoSees(v *school.Viewer, x school.StepSeen) string {
	if x.Answer == school.LetsTalk {
		if to, ok := v.TalkTo(x.N); ok {
			return v.Model().Name(to)
		}
	}
	return v.Model().Name(x.Author)
}

// checkInOpen shows the caller's own steps, or the one that the button names.
func (d *Desk) checkInOpen(ctx context.Context, c bot.Call) (bot.Answer, error) {
	if c.Press.Subject == "" {
		c.Kind, c.Args = bot.CommandCall, nil // a fresh card: what stands in a room stays
		return d.checkIn(ctx, c)
	}
	n, err := parseStep(c.Press.Subject)
	if err != nil {
		return nil, err
	}
	return d.showCheckIn(ctx, c, n, 0)
}

// checkInSay is one of the four buttons: "s12:t", on the home view "s12:t:h".
func (d *Desk) checkInSay(ctx context.Context, c bot.Call) (bot.Answer, error) {
	step, rest, _ := strings.Cut(c.Press.Subject, ":")
	key, _, home := strings.Cut(rest, ":")
	n, err := parseStep(step)
	if err != nil {
		return nil, err
	}
	answer, ok := cards.AnswerOf(key)
	if !ok {
		return nil, fmt.Errorf("an answer that reads %q", key)
	}
	a, err := d.answerStep(ctx, c, n, answer, "", false, typed{}, "")
	if err != nil || !home {
		return a, err
	}
	return d.homeAgain(ctx, c)
}

// answerStep records an answer. withNote says that note is meant, even if empty; else the note of an earlier answer on the same
// day stays.
func (d *Desk) answerStep(ctx context.Context, c bot.Call, n int64, answer school.CheckIn, note string, withNote bool, t typed, draft string) (bot.Answer, error) {
	if s := tooLong("note", note); s != "" {
		return d.refuseNote(ctx, c, typed{Answer: string(answer), Note: note, Swaps: n}, draft, problem{code: bot.Invalid, field: "note", sentence: s})
	}
	if note != "" && !t.Sure {
		why := ""
		if err := d.as(ctx, c, func(v *school.Viewer) error { why = namesStudent(v.Model(), note); return nil }); err != nil {
			return nil, err
		}
		if why != "" {
			return d.refuseNote(ctx, c, typed{Answer: string(answer), Note: note, Swaps: n}, draft, problem{code: bot.Invalid, student: true, sentence: why})
		}
	}
	// A press keeps the note that was written today: the texts of an answer are found under its own number, so it is
	// written once more.
	kept := ""
	if !withNote {
		var err error
		if kept, err = d.noteToday(ctx, c, n); err != nil {
			return nil, err
		}
		note = kept
	}
	command := draftCommand(c, draft)
	_, err := d.decide(ctx, c, func(v *school.Viewer) (school.Entry, error) {
		x, ok := v.Step(n)
		switch {
		case !ok || x.Subject != v.ID():
			return school.Entry{}, forbidden("That step is not yours to answer.")
		case !x.State.Open():
			return school.Entry{}, &bot.Error{Code: bot.Conflict, Sentence: "That step was " + cards.StepSince(x.State, x.Since, v.Today()) + ", so there is nothing to answer any more."}
		}
		if answer == "" {
			answer = x.Answer
		}
		if answer == "" {
			answer = school.NotYet
		}
		f := school.StepAnswered{Step: n, Answer: answer, On: v.Today()}
		e := entry(c)
		e.Command = command
		if note != "" {
			f.UID, f.Noted = school.UID(command, 0), true
			e.Texts = append(e.Texts, school.Text{Key: school.NoteKey(f.UID, "note"), Kind: "note", Subject: string(v.ID()), Author: string(v.ID()), Class: school.Coaching, Body: note})
		}
		e.Facts = append(e.Facts, f)
		return e, nil
	})
	if err != nil {
		return nil, err
	}
	d.dropDraft(ctx, c, draft)
	return d.showCheckIn(ctx, c, 0, n)
}

// noteToday is the note of the answer that was given today, or "".
func (d *Desk) noteToday(ctx context.Context, c bot.Call, n int64) (string, error) {
	key := ""
	err := d.as(ctx, c, func(v *school.Viewer) error {
		if x, ok := v.Step(n); ok && x.Subject == v.ID() && x.Answered == v.Today() {
			key = x.Note
		}
		return nil
	})
	if err != nil || key == "" {
		return "", err
	}
	t, err := d.words(ctx, c, map[string]string{"note": key})
	return t["note"], err
}

// refuseNote keeps a note that cannot be saved.
func (d *Desk) refuseNote(ctx context.Context, c bot.Call, t typed, draft string, p problem) (bot.Answer, error) {
	line := strings.TrimSpace("/checkin " + t.Answer + " note:" + t.Note)
	return d.refuse(ctx, c, t, bot.Form{Fields: []bot.Field{{Name: "note"}}}, []problem{p}, line, draft, "checkin")
}

func (d *Desk) checkInSure(ctx context.Context, c bot.Call) (bot.Answer, error) {
	t, err := d.draft(ctx, c, c.Press.Subject)
	if err != nil {
		return nil, err
	}
	t.Sure = true
	return d.answerStep(ctx, c, t.Swaps, school.CheckIn(t.Answer), t.Note, true, t, c.Press.Subject)
}

func (d *Desk) checkInFix(ctx context.Context, c bot.Call) (bot.Answer, error) {
	t, err := d.draft(ctx, c, c.Press.Subject)
	if err != nil {
		return nil, err
	}
	return d.askNote(ctx, c, t.Swaps, t.Note, "Nothing is saved yet.")
}

// checkInNote asks for a note.
func (d *Desk) checkInNote(ctx context.Context, c bot.Call) (bot.Answer, error) {
	n, err := parseStep(c.Press.Subject)
	if err != nil {
		return nil, err
	}
	had, err := d.noteToday(ctx, c, n)
	if err != nil {
		return nil, err
	}
	return d.askNote(ctx, c, n, had, "")
}

func (d *Desk) askNote(ctx context.Context, c bot.Call, n int64, note, intro string) (bot.Answer, error) {
	var f bot.Form
	err := d.as(ctx, c, func(v *school.Viewer) error {
		x, ok := v.Step(n)
		if !ok || x.Subject != v.ID() {
			return forbidden("That step is not yours to answer.")
		}
		sees := v.Model().Name(x.Author)
		answer := bot.Field{Name: "answer", Label: "How does it go?", Kind: bot.FieldRadio}
		for _, a := range []school.CheckIn{school.NotYet, school.TriedIt, school.Consistently, school.LetsTalk} {
			answer.Options = append(answer.Options, bot.Choice{Label: cards.AnswerWords(a), Value: string(a)})
			if x.Answer == a && x.Answered == v.Today() {
				answer.Value = []string{string(a)}
			}
		}
		f = bot.Form{
			Title: "My action step", Intro: strings.TrimSpace(intro + " " + sees + " can read your note."), Submit: "Save",
			Press:  bot.Press{Action: "checkin.noted", Subject: fmt.Sprintf("s%d", n)},
			Fields: []bot.Field{answer, {Name: "note", Label: "Note", Kind: bot.FieldLong, Optional: true, Max: maxText, Placeholder: "No student names.", Value: fitting(note)}},
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return asForm(c, f, bot.Press{Action: "checkin.note", Subject: fmt.Sprintf("s%d", n)}), nil
}

func (d *Desk) checkInNoted(ctx context.Context, c bot.Call) (bot.Answer, error) {
	n, err := parseStep(c.Press.Subject)
	if err != nil {
		return nil, err
	}
	v := bot.Args(c.Values)
	return d.answerStep(ctx, c, n, school.CheckIn(v.Get("answer")), text(v, "note"), true, typed{}, "")
}
