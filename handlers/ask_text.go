package handlers

import (
	"context"
	"strings"
	"unicode"

	"rounds/answers"
	"rounds/bot"
)

// plainWords answers words written to the bot: a question is asked, a greeting gets help. What is open is said where
// it was asked; what is about the asker, and every "no", is for the asker alone.
func (d *Desk) plainWords(ctx context.Context, c bot.Call) (bot.Answer, error) {
	switch greeting(c.Text) {
	case "help":
		return d.help(ctx, c)
	case "thanks":
		return bot.Whisper{Card: bot.PrivateCard(bot.Text{Text: "Gladly."})}, nil
	}
	a := d.library().Ask(c.Text)
	if personal, err := d.personalWords(ctx, c, a); personal != nil || err != nil {
		return personal, err
	}
	card, err := d.answer(ctx, c, a, false)
	switch {
	case err != nil:
		return nil, err
	case a.Kind == answers.KindStatus:
		return d.runSub(ctx, c, "observe", "status")
	case a.Reason == answers.ReasonEmpty:
		return d.help(ctx, c)
	case a.Kind == answers.KindDecline || c.Direct:
		return bot.Whisper{Card: card.AsPrivate()}, nil
	}
	return d.sayOrWhisper(ctx, c, card)
}

// greeting tells words that ask for nothing yet from a question.
func greeting(s string) string {
	s = strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '’' }), " ")
	switch s {
	case "", "hi", "hello", "hey", "hi there", "hello there", "hey there", "hola", "good morning", "good afternoon", "good evening", "morning", "yo",
		"help", "help me", "help please", "please help", "start", "menu", "commands", "what can you do", "what do you do", "who are you", "how does this work", "how do i use this":
		return "help"
	case "thanks", "thank you", "thx", "ty", "great thanks", "ok thanks", "thanks a lot", "many thanks", "gracias", "ok", "okay", "great", "cool":
		return "thanks"
	}
	return ""
}
