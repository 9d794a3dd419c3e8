package handlers

import (
	"context"
	"slices"
	"strings"

	"rounds/answers"
	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

func init() {
	register(command{
		name: "ask", order: 60, summary: "Ask the competency framework and Lever 5; answers are quoted with their ids", who: "everyone",
		hint: "what does Proficient look like for observation?",
		subs: []sub{{
			name: "question", summary: "Quote what the documents say", example: "/ask what does 5.2.5 say about frequency?", run: (*Desk).ask,
			options: []bot.Option{{Name: "question", Help: "in your own words, or an id such as 5.2.5 or proficient.1", Kind: bot.OptionText, Bare: true}},
		}},
		on: map[string]action{
			"next":     {run: (*Desk).askNext},
			"levels":   {run: (*Desk).askLevels},
			"lever":    {run: (*Desk).askLever},
			"criteria": {run: (*Desk).askCriteria},
			"share":    {run: (*Desk).askShare},
			"yes":      {run: (*Desk).askHelpful},
			"no":       {run: (*Desk).askUnhelpful},
		},
		text: (*Desk).plainWords,
	})
}

func (d *Desk) ask(ctx context.Context, c bot.Call) (bot.Answer, error) {
	a := d.library().Ask(strings.Join(c.Args["question"], " "))
	switch {
	case a.Kind == answers.KindStatus:
		return d.runSub(ctx, c, "observe", "status")
	case a.Reason == answers.ReasonEmpty:
		return d.help(ctx, c)
	}
	card, err := d.answer(ctx, c, a, !c.Direct && c.Room != bot.Room{})
	if err != nil {
		return nil, err
	}
	return bot.Whisper{Card: card.AsPrivate()}, nil
}

// answer makes the card of an answer, with what it can lead to.
func (d *Desk) answer(ctx context.Context, c bot.Call, a answers.Answer, share bool) (bot.Open, error) {
	strand := ""
	for _, s := range d.library().Strands() {
		if s.ID == a.Strand {
			strand = s.Name
		}
	}
	more := d.more(a, share)
	if len(a.Hits) > 0 && (share || c.Direct || c.Room == bot.Room{}) { // in a room for everybody, nobody is asked
		more.Rate = a.Hits[0].Statement.ID
	}
	if err := d.withOwn(ctx, c, a, &more); err != nil {
		return bot.Open{}, err
	}
	return cards.Answer(a, strand, more), nil
}

// more finds where an answer can lead from its best statement.
func (d *Desk) more(a answers.Answer, share bool) cards.AnswerMore {
	var m cards.AnswerMore
	if len(a.Hits) == 0 {
		return m
	}
	lib, top := d.library(), a.Hits[0].Statement
	ladder := a.Kind == answers.KindCompare && a.Strand != ""
	if st, ok := lib.Strand(top.ID); ok {
		if !ladder && len(lib.Next(top.ID)) > 0 {
			m.Next = top.ID
		}
		if len(st.Cells) > 1 && (!ladder || len(a.Hits) < len(st.Cells)) {
			m.Strand = st.ID
		}
		if len(st.Lever5) > 0 {
			m.Lever = top.ID
		}
	}
	practice := top.ID
	if top.Kind == answers.KindCriterion {
		practice = top.Parent
	}
	if top.Kind != answers.KindStatement && shownOf(a, lib.Criteria(practice)) < len(lib.Criteria(practice)) {
		m.Criteria = practice
	}
	if share {
		m.Share = top.ID
		if ladder {
			m.Share = a.Strand
		}
	}
	return m
}

// shownOf counts how many of the statements an answer quotes.
func shownOf(a answers.Answer, of []answers.Statement) int {
	n := 0
	for _, s := range of {
		for _, h := range a.Hits {
			if h.Statement.ID == s.ID {
				n++
			}
		}
	}
	return n
}

// quoted makes an answer of statements.
func (d *Desk) quoted(kind answers.Kind, strand string, list []answers.Statement) answers.Answer {
	a := answers.Answer{Kind: kind, Strand: strand}
	for _, s := range list {
		if s, doc, ok := d.library().Get(s.ID); ok {
			a.Hits = append(a.Hits, answers.Hit{Statement: s, Document: doc})
		}
	}
	return a
}

// askStep answers one of an answer's buttons, to whoever pressed it alone.
func (d *Desk) askStep(ctx context.Context, c bot.Call, kind answers.Kind, strand string, list []answers.Statement) (bot.Answer, error) {
	if len(list) == 0 {
		return nil, &bot.Error{Code: bot.NotFound, Sentence: "The documents have nothing more there. Ask me again with /ask."}
	}
	card, err := d.answer(ctx, c, d.quoted(kind, strand, list), !c.Direct && c.Room != bot.Room{})
	if err != nil {
		return nil, err
	}
	return bot.Whisper{Card: card.AsPrivate()}, nil
}

func (d *Desk) askNext(ctx context.Context, c bot.Call) (bot.Answer, error) {
	st, _ := d.library().Strand(c.Press.Subject)
	list := d.library().Next(c.Press.Subject)
	if s, _, ok := d.library().Get(c.Press.Subject); ok && len(list) > 0 {
		list = append(slices.Clip(list), s)
	}
	return d.askStep(ctx, c, answers.KindGrowth, st.ID, list)
}

func (d *Desk) askLevels(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.askStep(ctx, c, answers.KindCompare, c.Press.Subject, d.library().Ladder(c.Press.Subject))
}

func (d *Desk) askLever(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.askStep(ctx, c, answers.KindQuote, "", d.library().Related(c.Press.Subject))
}

func (d *Desk) askCriteria(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.askStep(ctx, c, answers.KindQuote, "", d.library().Criteria(c.Press.Subject))
}

// askShare says a quoted statement, or the levels of a strand, for everybody in the room.
func (d *Desk) askShare(ctx context.Context, c bot.Call) (bot.Answer, error) {
	a := d.quoted(answers.KindCompare, c.Press.Subject, d.library().Ladder(c.Press.Subject))
	if len(a.Hits) == 0 {
		s, _, _ := d.library().Get(c.Press.Subject)
		a = d.quoted(answers.KindQuote, "", []answers.Statement{s})
	}
	if len(a.Hits) == 0 {
		return nil, &bot.Error{Code: bot.NotFound, Sentence: "I no longer hold that statement. Ask me again with /ask."}
	}
	card, err := d.answer(ctx, c, a, false)
	if err != nil {
		return nil, err
	}
	return d.sayOrWhisper(ctx, c, card)
}

// sayOrWhisper says an open card in the room. A framework's word may be somebody's last name ("Law", "Field"): then
// the guard would hold the card back, and its asker gets it alone.
func (d *Desk) sayOrWhisper(ctx context.Context, c bot.Call, card bot.Open) (bot.Answer, error) {
	named := false
	err := d.as(ctx, c, func(v *school.Viewer) error {
		named = cards.CardGuard(v.Model())(card.Card()) != nil
		return nil
	})
	if err != nil {
		return nil, err
	}
	if named {
		return bot.Whisper{Card: card.AsPrivate()}, nil
	}
	return bot.Say{Card: card}, nil
}

// runSub runs another command's subcommand with nothing typed after it, as if the caller had typed it.
func (d *Desk) runSub(ctx context.Context, c bot.Call, name, subName string) (bot.Answer, error) {
	for _, cmd := range commands {
		if cmd.name != name {
			continue
		}
		for _, s := range cmd.subs {
			if s.name == subName && s.run != nil {
				c.Kind, c.Command, c.Sub, c.Args = bot.CommandCall, name, subName, bot.Args{}
				c.Press = bot.Press{}
				return s.run(d, ctx, c)
			}
		}
	}
	return nil, &bot.Error{Code: bot.NotFound, Sentence: "Type /" + name + " " + subName + " for that."}
}
