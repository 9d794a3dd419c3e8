package cards

import (
	"fmt"
	"slices"
	"strings"

	"rounds/answers"
	"rounds/bot"
)

// AnswerMore says where an answer can lead: the subjects of its buttons, "" for those that lead nowhere.
type AnswerMore struct {
	Next     string // a statement with a higher level in its strand
	Strand   string // the id of the strand, for all its levels
	Lever    string // a statement whose strand has Lever 5 practices
	Criteria string // a practice, for its success criteria
	Share    string // what to say in the room; "" where that is not offered
	Rate     string // the best statement, to say whether it helped
	// Own is what the district has set where the document tells it to set something.
	Own []string
}

// An answer quotes this many statements whole; the others are named.
const quotedWhole = 3

// Answer shows what the documents say: whole statements with their ids and levels, where they come from,
// and why these. It is open: it holds framework text and nothing about anybody.
func Answer(a answers.Answer, strand string, more AnswerMore) bot.Open {
	var b []bot.Block
	switch a.Kind {
	case answers.KindDecline:
		return bot.OpenCard(bot.Text{Text: a.Pointer})
	case answers.KindCompare:
		b = answerTable(a, strand)
	case answers.KindGrowth:
		b = answerGrowth(a, strand)
	default:
		b = answerQuotes(a)
	}
	if a.Pointer != "" {
		b = append(b, bot.Text{Text: a.Pointer})
	}
	b = append(b, answerOwn(a, more.Own)...)
	if bs := more.buttons(); len(bs) > 0 {
		b = append(b, bot.Buttons{Items: bs})
	}
	return bot.OpenCard(append(b, bot.Context{Text: answerCredits(a)})...)
}

func answerQuotes(a answers.Answer) []bot.Block {
	var b []bot.Block
	var also bot.List
	for i, h := range a.Hits {
		if i >= quotedWhole {
			name := h.Statement.Title
			if name == "" {
				name = cut(firstLine(h.Statement.Text), 90)
			}
			also.Items = append(also.Items, bot.Item{Text: h.Statement.ID, Note: name})
			continue
		}
		b = append(b, bot.Text{Text: h.Statement.Text, Style: bot.Quote}, bot.Context{Text: dots(h.Statement.ID, AnswerSource(h.Statement, h.Document), answerWhy(h))})
	}
	if len(also.Items) > 0 {
		b = append(b, bot.Text{Text: "Also, by id:"}, also)
	}
	return b
}

func firstLine(s string) string {
	l, _, _ := strings.Cut(s, "\n")
	return l
}

// answerTable sets the levels of a strand side by side.
func answerTable(a answers.Answer, strand string) []bot.Block {
	t := bot.Table{Columns: []bot.Column{{Head: "Level"}, {Head: "Id"}, {Head: "Statement"}}}
	for _, h := range a.Hits {
		t.Rows = append(t.Rows, []string{answerLevel(h.Statement), h.Statement.ID, h.Statement.Text})
	}
	title := "Side by side"
	if strand != "" {
		title = strand + ", level by level"
	}
	return []bot.Block{bot.Title{Text: title}, t}
}

func answerLevel(s answers.Statement) string {
	if s.Level == "" {
		return upFirst(s.Kind)
	}
	return upFirst(s.Level)
}

// answerGrowth shows the level to grow to first, then where one stands.
func answerGrowth(a answers.Answer, strand string) []bot.Block {
	b := []bot.Block{bot.Title{Text: "To grow in: " + strand}}
	for i, h := range a.Hits {
		head := "Next, " + answerLevel(h.Statement)
		if i > 0 && h.Statement.Level != a.Hits[0].Statement.Level || len(a.Hits) == 1 && a.Pointer != "" {
			head = "From, " + answerLevel(h.Statement)
		}
		if i > 0 && h.Statement.Level == a.Hits[i-1].Statement.Level {
			head = ""
		}
		if head != "" {
			b = append(b, bot.Text{Text: head, Style: bot.Strong})
		}
		b = append(b, bot.Text{Text: h.Statement.Text, Style: bot.Quote}, bot.Context{Text: dots(h.Statement.ID, AnswerSource(h.Statement, h.Document))})
	}
	return b
}

// AnswerSource says where a statement stands, in the words of every answer.
func AnswerSource(s answers.Statement, d answers.Document) string {
	name := d.Short
	if name == "" {
		name = d.Title
	}
	if s.Level != "" {
		name += ", level " + upFirst(s.Level)
	}
	switch {
	case s.Level == "" && s.Kind == answers.KindPractice:
		return name + ", key practice"
	case s.Level == "" && s.Kind == answers.KindCriterion:
		return name + ", success criterion"
	case d.ID == "ic":
		return name + " (not a T-TESS rating)"
	case d.Note != "":
		return name + " (" + d.Note + ")"
	}
	return name
}

// answerWhy says why a statement was chosen.
func answerWhy(h answers.Hit) string {
	if len(h.Why) == 0 {
		return ""
	}
	return "matched: " + strings.Join(h.Why[:min(4, len(h.Why))], ", ")
}

// answerOwn keeps a reader from taking Lever 5 for more than it says: where it tells a district to set a number it
// gives none, and what this district has set stands beside it, named as such.
func answerOwn(a answers.Answer, own []string) []bot.Block {
	if len(a.Hits) == 0 {
		return nil
	}
	says := ""
	switch a.Hits[0].Statement.ID {
	case "5.2.5", "5.2.5.c":
		says = "5.2.5.c asks a district to set frequency targets and gives no number."
	case "5.1.2.c", "5.1.2.d":
		says = "The document says regularly and gives no number."
	case "5.2.4", "5.2.4.c":
		says = "5.2.4.c asks a district to write down how often and how long, and gives no number."
	default:
		return nil
	}
	var b []bot.Block
	if a.Pointer == "" {
		b = append(b, bot.Text{Text: says})
	}
	if len(own) == 0 {
		return b
	}
	l := bot.List{}
	for i, s := range own {
		if i == mostOwn {
			l.Items = append(l.Items, bot.Item{Text: fmt.Sprintf("and %d more", len(own)-i)})
			break
		}
		l.Items = append(l.Items, bot.Item{Text: s})
	}
	return append(b, bot.Text{Text: "Your district's own setting, not the document's:", Style: bot.Strong}, l)
}

// mostOwn bounds the list of a district's own settings.
const mostOwn = 8

// answerCredits names each document once, with its version and what its publishers ask to be credited.
func answerCredits(a answers.Answer) string {
	var out, seen []string
	for _, h := range a.Hits {
		if slices.Contains(seen, h.Document.ID) {
			continue
		}
		seen = append(seen, h.Document.ID)
		version := ""
		if h.Document.Version != "" {
			version = h.Document.Title + ", version " + h.Document.Version
		}
		note := ""
		if a.Kind == answers.KindCompare || h.Document.ID == "lever5" { // else it stands beside the quotation
			note = h.Document.Note
		}
		out = append(out, dots(version, strings.Join(h.Document.Credits, " · "), note))
	}
	return strings.Join(out, "\n")
}

func (m AnswerMore) buttons() []bot.Button {
	var out []bot.Button
	add := func(label, action, subject string) {
		if subject != "" && len("ask.")+len(action)+len(subject) <= bot.MaxPress {
			out = append(out, bot.Button{Label: label, Press: bot.Press{Action: "ask." + action, Subject: subject}})
		}
	}
	add("Next level", "next", m.Next)
	add("All levels of this strand", "levels", m.Strand)
	add("Lever 5 practices", "lever", m.Lever)
	add("Success criteria", "criteria", m.Criteria)
	add("Share to the room", "share", m.Share)
	add("Helpful", "yes", m.Rate)
	add("Not what I meant", "no", m.Rate)
	return out
}

// AskAgain follows an answer that did not help: other ways to ask.
func AskAgain(strands []string) bot.Private {
	l := bot.List{Items: []bot.Item{
		{Text: "An id, such as 5.2.5, 5.2.5.c or proficient 3, is always found."},
		{Text: "A level and a topic: what does Proficient look like for observation?"},
		{Text: "What a district has to do: who observes principals?"},
		{Text: "One question at a time."},
	}}
	if len(strands) > 0 {
		l.Items = append(l.Items, bot.Item{Text: "The strands of the levels are: " + strings.Join(strands, "; ") + "."})
	}
	return bot.PrivateCard(bot.Text{Text: "I quote, and I quoted the wrong place. What helps:"}, l,
		bot.Context{Text: "I note that this statement was not what was meant, not who asked and not the question."})
}

// SeenByAll answers words about a person that were said in a room, to whoever said them. who is the subject of the form,
// or "".
func SeenByAll(who string, leader bool) bot.Private {
	b := bot.Button{Label: "Log privately", Press: bot.Press{Action: "observe.form", Subject: who}, Style: bot.Primary}
	if !leader {
		b = bot.Button{Label: "Check in privately", Press: bot.Press{Action: "checkin.open"}, Style: bot.Primary}
	}
	return Plain("Everyone here can see that message. Delete it, then do it here, where only you can see it.", b)
}

// LogHere offers the form of a visit to whoever asked for it in words.
func LogHere(who string) bot.Private {
	return Plain("Gladly. Only you will see it until you share it.",
		bot.Button{Label: "Log a visit", Press: bot.Press{Action: "observe.form", Subject: who}, Style: bot.Primary})
}
