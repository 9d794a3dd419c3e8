package cards

import (
	"strings"
	"testing"

	"rounds/answers"
	"rounds/bot"
	"rounds/bot/bottest"
)

var answerDoc = answers.Document{ID: "ic", Title: "Made-up Coordinators competency framework", Short: "Made-up Coordinator framework", Version: "v.1", Credits: []string{"Somebody (CC BY 4.0)"}, Note: "levels such as Proficient are not T-TESS ratings"}

func answerHit(id, level, text string, why ...string) answers.Hit {
	kind := answers.KindStatement
	if level == "" {
		kind = answers.KindCriterion
	}
	return answers.Hit{Statement: answers.Statement{ID: id, Level: level, Kind: kind, Title: "Title", Text: text}, Document: answerDoc, Why: why}
}

func TestAnswer(t *testing.T) {
	e, d, p := answerHit("emerging.1", "emerging", "Watching — sit in.", "watching"), answerHit("developing.1", "developing", "Watching — take notes."), answerHit("proficient.1", "proficient", "Watching — say what helps.")
	c := answerHit("5.2.5.c", "", "District has set targets.", "targets", "district", "set", "clear", "many")
	list := answerHit("5.2.5.d", "", "District tracks steps:\n- one\n- two")
	var all []string
	for _, x := range []struct {
		a      answers.Answer
		strand string
		more   AnswerMore
	}{
		{answers.Answer{Kind: answers.KindQuote, Hits: []answers.Hit{e, d}}, "", AnswerMore{Next: "emerging.1", Strand: "S1", Lever: "emerging.1", Share: "emerging.1"}},
		{answers.Answer{Kind: answers.KindQuote, Hits: []answers.Hit{c, list, e, d, p}}, "", AnswerMore{Criteria: "5.2.5"}},
		{answers.Answer{Kind: answers.KindQuote, Hits: []answers.Hit{c}, Pointer: "The document gives no number."}, "", AnswerMore{}},
		{answers.Answer{Kind: answers.KindCompare, Strand: "S1", Hits: []answers.Hit{e, d, p}}, "Watching", AnswerMore{Lever: "emerging.1", Share: "S1"}},
		{answers.Answer{Kind: answers.KindGrowth, Strand: "S1", Hits: []answers.Hit{p, d}}, "Watching", AnswerMore{Strand: "S1"}},
		{answers.Answer{Kind: answers.KindGrowth, Strand: "S1", Hits: []answers.Hit{p}, Pointer: "There is no higher statement."}, "Watching", AnswerMore{}},
		{answers.Answer{Kind: answers.KindDecline, Pointer: "I do not hold that."}, "", AnswerMore{}},
	} {
		card := Answer(x.a, x.strand, x.more)
		if err := bot.CheckCard(card.Card()); err != nil {
			t.Error(err)
		}
		text := card.Text()
		for i, h := range x.a.Hits {
			// What is quoted is quoted whole.
			if whole := strings.ReplaceAll(h.Statement.Text, "\n", "\n> "); i < quotedWhole && !strings.Contains(text, whole) {
				t.Errorf("%s is not quoted whole in\n%s", h.Statement.ID, text)
			}
		}
		all = append(all, text)
	}
	bottest.Golden(t, "testdata/answer.txt", strings.Join(all, "\n\n")+"\n")
}

// A button whose subject has no room is left out, not broken.
func TestAnswerButtonsFit(t *testing.T) {
	if bs := (AnswerMore{Next: strings.Repeat("x", 60), Strand: "S1"}).buttons(); len(bs) != 1 {
		t.Errorf("%d buttons", len(bs))
	}
}
