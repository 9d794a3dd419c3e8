package cards

import (
	"fmt"
	"strings"

	"rounds/bot"
	"rounds/school"
)

// Receipt is one visit, or several of one line, as their author sees them.
type Receipt struct {
	Subject   string // of the buttons: "v1042+2"
	Fresh     bool   // it was saved just now
	Undone    bool
	Names     []string // of the people, or of the team
	Kind      school.VisitKind
	Minutes   int
	On, Today school.Day
	Focus     []string
	Appraiser bool
	Glow      string
	Grow      string
	Evidence  string
	Note      string
	Step      string
	By        school.Day // when the step is looked at again

	Remarks  []string // what is worth knowing of what was typed
	Reach    []string // who was not told, and why
	Week     string   // the fast number
	Version  string   // "version 2, changed today", "" while it was not amended
	Reworded bool     // its words were changed after they were shared
	Feedback string   // "Feedback owed by Mon, Oct 19", or ""
	Replace  string   // subject of the button that replaces the earlier step, or ""

	Shared    string // "today at 10:42 AM", "" while it was not
	Later     string // the same, still to come
	Opened    int    // by how many of them
	Debriefed string // "today"
	CanShare  bool   // somebody can be given something
	ShareAt   string // "3:30", "" when that is over
	HasNote   bool   // there is something to share or to copy
	NoNote    bool   // there is nothing to share
	Readers   string // who else may read it, or ""
	Debrief   bool   // the button is of use
	Undo      bool
	Amend     bool
}

// VisitReceipt shows what was saved and what has become of it since.
func VisitReceipt(r Receipt) bot.Private {
	var b []bot.Block
	switch {
	case r.Undone:
		b = append(b, bot.Text{Text: "Undone. " + r.undoneWords(), Style: bot.Strong})
	case r.Fresh:
		b = append(b, bot.Text{Text: "Saved. Only you can see this.", Style: bot.Strong})
	default:
		b = append(b, bot.Text{Text: r.stateWords(), Style: bot.Strong})
	}
	b = append(b, bot.Text{Text: r.what()})
	if f := r.facts(); len(f) > 0 {
		b = append(b, bot.Facts{Items: f})
	}
	for _, s := range r.Remarks {
		b = append(b, bot.Context{Text: s})
	}
	if r.Undone {
		return bot.PrivateCard(append(b, bot.Buttons{Items: []bot.Button{
			{Label: "Log it again", Press: bot.Press{Action: "observe.again", Subject: r.Subject}},
		}})...)
	}
	for _, s := range r.Reach {
		b = append(b, bot.Text{Text: s})
	}
	if r.Reworded {
		b = append(b, bot.Context{Text: "The words were changed after they were shared. Whoever reads them is told so."})
	}
	if r.Readers != "" {
		b = append(b, bot.Context{Text: r.Readers})
	}
	if r.NoNote {
		b = append(b, bot.Context{Text: "No note was written, so there is nothing to share."})
	}
	if r.Feedback != "" {
		b = append(b, bot.Context{Text: r.Feedback})
	}
	if r.Week != "" {
		b = append(b, bot.Context{Text: r.Week})
	}
	if bs := r.buttons(); len(bs) > 0 {
		b = append(b, bot.Buttons{Items: bs})
	}
	return bot.PrivateCard(b...)
}

func (r Receipt) undoneWords() string {
	if len(r.Names) > 1 {
		return "These visits no longer count; the record keeps that they were there."
	}
	return "This visit no longer counts; the record keeps that it was there."
}

// stateWords says what is true now, the furthest first.
func (r Receipt) stateWords() string {
	var s []string
	if r.Shared != "" {
		s = append(s, "Shared "+r.Shared+".")
	}
	if r.Later != "" {
		s = append(s, "It will be shared "+r.Later+".")
	}
	if r.Debriefed != "" {
		s = append(s, "Debriefed "+r.Debriefed+".")
	}
	if len(s) == 0 {
		return "Only you can see this."
	}
	return strings.Join(s, " ")
}

func (r Receipt) what() string {
	kind, min := KindWords(r.Kind), ""
	if len(r.Names) > 1 {
		kind = fmt.Sprintf("%d %ss", len(r.Names), kind)
	}
	if r.Minutes > 0 {
		min = fmt.Sprintf("%d min", r.Minutes)
		if len(r.Names) > 1 {
			min += " each"
		}
	}
	return dots(Names(r.Names), kind, min, When(r.On, r.Today))
}

func (r Receipt) facts() []bot.Fact {
	var f []bot.Fact
	add := func(label, value string) {
		if value != "" {
			f = append(f, bot.Fact{Label: label, Value: value})
		}
	}
	add("Focus", strings.Join(r.Focus, ", "))
	for _, p := range noteParts(r.Appraiser, r.Glow, r.Grow, r.Evidence, r.Note) {
		add(p[0], echo(p[1]))
	}
	if r.Step != "" {
		step := echo(r.Step)
		if r.By != 0 {
			step += " · check back " + When(r.By, r.Today)
		}
		add("Step", step)
	}
	add("Amended", r.Version)
	if (r.Shared != "" || r.Debriefed != "") && !r.Undone && r.CanShare {
		switch {
		case r.Shared == "":
		case r.Opened == 0:
			add("Opened", "not yet")
		case len(r.Names) > 1:
			add("Opened", fmt.Sprintf("by %d of %d", r.Opened, len(r.Names)))
		default:
			add("Opened", "yes")
		}
		if r.Debriefed == "" {
			add("Debriefed", "not yet")
		} else if r.Shared == "" {
			add("Shared", "not yet")
		}
	}
	return f
}

func (r Receipt) buttons() []bot.Button {
	var out []bot.Button
	add := func(label, key string, style bot.ButtonStyle, confirm string) {
		out = append(out, bot.Button{Label: label, Press: bot.Press{Action: "observe." + key, Subject: r.Subject}, Style: style, Confirm: confirm})
	}
	if r.Replace != "" {
		out = append(out, bot.Button{Label: "Replace the earlier step", Press: bot.Press{Action: "observe.replace", Subject: r.Replace}})
	}
	if r.CanShare && r.Shared == "" {
		add("Share now", "share", bot.Primary, "")
		if r.ShareAt != "" && r.Later == "" {
			add("Share at "+r.ShareAt, "later", bot.Normal, "")
		}
	}
	if len(r.Reach) > 0 && r.HasNote {
		add("Copy note", "copy", bot.Normal, "")
	}
	if r.Debrief && r.Debriefed == "" {
		add("We debriefed", "debrief", bot.Normal, "")
	}
	if r.Amend && len(r.Names) > 1 {
		add("Amend one", "which", bot.Normal, "")
	} else if r.Amend {
		add("Amend", "amend", bot.Normal, "")
	}
	if r.Version != "" && len(r.Names) == 1 {
		add("Earlier versions", "versions", bot.Normal, "")
	}
	if r.Undo {
		add("Undo", "undo", bot.Danger, "")
	}
	return out
}

// NotSaved says what is wrong with what was typed, and gives it back whole.
func NotSaved(sentences []string, typed string, buttons []bot.Button) bot.Private {
	var b []bot.Block
	for _, s := range sentences {
		b = append(b, bot.Text{Text: s})
	}
	if typed != "" {
		b = append(b, bot.Context{Text: "Nothing was saved. What you typed:"}, bot.Text{Text: typed, Style: bot.Quote})
	} else {
		b = append(b, bot.Context{Text: "Nothing was saved."})
	}
	if len(buttons) > 0 {
		b = append(b, bot.Buttons{Items: buttons})
	}
	return bot.PrivateCard(b...)
}

// Note is the note of a visit as somebody may read it.
type Note struct {
	From, To  string // To is "" for the teacher's own
	Kind      school.VisitKind
	Minutes   int
	On, Today school.Day
	Focus     []string
	Appraiser bool
	Glow      string
	Grow      string
	Evidence  string
	Note      string
	Changed   string // "Changed today.", and when its words are not those that were shared, that; "" while it was not amended
	Step      string
	By        school.Day
	StepRef   string // "s12": check-in buttons for the teacher, or ""
	Answer    school.CheckIn
	Withheld  string // why there is no text to read, or ""
}

// noteParts are the texts of a note that were written, each under its label.
func noteParts(appraiser bool, glow, grow, evidence, note string) [][2]string {
	g, w := GlowGrow(appraiser)
	var out [][2]string
	for _, p := range [][2]string{{g, glow}, {w, grow}, {"Evidence", evidence}, {"Note", note}} {
		if p[1] != "" {
			out = append(out, p)
		}
	}
	return out
}

// VisitNote shows a note to its teacher or its author.
func VisitNote(n Note) bot.Private {
	head := "From " + n.From
	if n.To != "" {
		head = "To " + n.To + ", from " + n.From
	}
	min := ""
	if n.Minutes > 0 {
		min = fmt.Sprintf("%d min", n.Minutes)
	}
	b := []bot.Block{
		bot.Text{Text: head, Style: bot.Strong},
		bot.Text{Text: upFirst(dots(KindWords(n.Kind), When(n.On, n.Today), min, strings.Join(n.Focus, ", ")))},
	}
	if n.Changed != "" {
		b = append(b, bot.Text{Text: n.Changed})
	}
	said := false
	for _, p := range noteParts(n.Appraiser, n.Glow, n.Grow, n.Evidence, n.Note) {
		said = true
		b = append(b, bot.Text{Text: p[0]}, bot.Text{Text: p[1], Style: bot.Quote})
	}
	switch {
	case n.Step != "":
		label := "Next step"
		if n.By != 0 {
			label += ", check back " + When(n.By, n.Today)
		}
		b = append(b, bot.Text{Text: label}, bot.Text{Text: n.Step, Style: bot.Quote})
	case n.Withheld != "":
		b = append(b, bot.Context{Text: n.Withheld})
	case !said:
		b = append(b, bot.Context{Text: "No words were written with this visit."})
	}
	if n.StepRef != "" {
		b = append(b, checkButtons(n.StepRef, n.Answer, false))
	}
	return bot.PrivateCard(b...)
}

// NoteToCopy gives a note as plain words, to be sent some other way.
func NoteToCopy(r Receipt, first string) bot.Private {
	lines := []string{"Hi " + first + ", from my visit on " + Date(r.On, r.Today) + ":"}
	for _, p := range noteParts(r.Appraiser, r.Glow, r.Grow, r.Evidence, r.Note) {
		lines = append(lines, p[0]+": "+p[1])
	}
	if r.Step != "" {
		s := "Next step: " + r.Step
		if r.By != 0 {
			s += " (we look again " + Date(r.By, r.Today) + ")"
		}
		lines = append(lines, s)
	}
	return bot.PrivateCard(bot.Context{Text: "To copy into an e-mail:"}, bot.Text{Text: strings.Join(lines, "\n"), Style: bot.Quote})
}

// Plain is a sentence or two with buttons: for everything that needs no card of its own.
func Plain(text string, buttons ...bot.Button) bot.Private {
	b := []bot.Block{bot.Text{Text: text}}
	if len(buttons) > 0 {
		b = append(b, bot.Buttons{Items: buttons})
	}
	return bot.PrivateCard(b...)
}

// WithWelcomeUnder is WithWelcome for an answer. Its way to what is stored stands once, also where the answer had it.
func WithWelcomeUnder(p bot.Private) bot.Private {
	w := Welcome()
	for _, b := range p.Card().Blocks {
		if row, ok := b.(bot.Buttons); ok {
			for _, x := range row.Items {
				if x.Press.Action == "rounds.privacy" {
					return p.With(w[:len(w)-1]...)
				}
			}
		}
	}
	return p.With(w...)
}

// Welcome is said once to each person, under the first answer they get.
func Welcome() []bot.Block {
	return []bot.Block{
		bot.Divider{},
		bot.Context{Text: "First time here: Rounds keeps visits, notes, action steps and check-ins of the staff, never of students. " +
			"A note is seen by who wrote it and, once shared, by its teacher. Rooms get only numbers about five or more people. " +
			"Each look at somebody's record is itself on record."},
		bot.Buttons{Items: []bot.Button{{Label: "See what's stored", Press: bot.Press{Action: "rounds.privacy"}}}},
	}
}
