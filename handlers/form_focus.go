package handlers

import (
	"fmt"
	"strings"

	"rounds/bot"
	"rounds/school"
)

// findFocus finds a focus area by its key, its name, or the beginning of either or of a word of the name.
func findFocus(m *school.Model, typed string, pick func(key string) bot.Press) (school.Focus, error) {
	q := school.Fold(typed)
	var found []school.Focus
	for _, f := range m.Focus() {
		key, name := school.Fold(f.Key), school.Fold(f.Name)
		if q == key || q == name {
			return f, nil
		}
		match := len(q) >= 2 && (strings.HasPrefix(key, q) || strings.HasPrefix(name, q))
		for w := range strings.FieldsSeq(name) {
			match = match || len(q) >= 3 && strings.HasPrefix(w, q)
		}
		if match {
			found = append(found, f)
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	e := &bot.Error{Code: bot.Ambiguous, Field: "focus"}
	if len(found) > 1 {
		e.Sentence = fmt.Sprintf("Several focus areas match “%s”.", short(typed))
	} else {
		e.Code = bot.NotFound
		e.Sentence = fmt.Sprintf("I know no focus area “%s”.", short(typed))
		var keys []string
		for _, f := range m.Focus() {
			keys = append(keys, f.Key)
			if _, ok := bot.Nearest(q, append(strings.Fields(school.Fold(f.Name)), school.Fold(f.Key))); ok && q != "" {
				found = append(found, f)
			}
		}
		if len(found) == 0 {
			e.Sentence += " There are " + strings.Join(keys, ", ") + "."
		}
	}
	for _, f := range found[:min(5, len(found))] {
		if press := pick(f.Key); len(press.Action)+len(press.Subject) <= bot.MaxPress {
			e.Choices = append(e.Choices, bot.Button{Label: clipLabel(f.Name), Press: press})
		}
	}
	if len(e.Choices) > 0 {
		e.Sentence += " Which one is meant?"
	}
	return school.Focus{}, e
}
