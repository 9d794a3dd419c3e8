package handlers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"rounds/bot"
	"rounds/school"
)

// typed is what somebody typed for a visit or a step, line or form, before it is checked. While it cannot be
// saved it is kept as a draft for a day, seen by nobody but its author, so that a button can take it up
// again: nothing that was typed is lost.
type typed struct {
	Who      []string `json:"who,omitempty"`
	Team     string   `json:"team,omitempty"`
	Kind     string   `json:"kind,omitempty"`
	Minutes  string   `json:"minutes,omitempty"`
	On       string   `json:"on,omitempty"`
	Focus    []string `json:"focus,omitempty"`
	Glow     string   `json:"glow,omitempty"`
	Grow     string   `json:"grow,omitempty"`
	Evidence string   `json:"evidence,omitempty"`
	Step     string   `json:"step,omitempty"`
	By       string   `json:"by,omitempty"`
	Swaps    int64    `json:"swaps,omitempty"` // the step that a new one takes the place of
	Answer   string   `json:"answer,omitempty"`
	Note     string   `json:"note,omitempty"`
	Sure     bool     `json:"sure,omitempty"` // its author says that no student is named
	Beside   bool     `json:"beside,omitempty"`
	Visit    int64    `json:"visit,omitempty"`   // the visit that is amended, or 0
	Version  int      `json:"version,omitempty"` // of it, that was on the screen
}

// typedArgs reads the options of a line.
func typedArgs(a bot.Args) typed {
	return typed{
		Who: trimmed(a["teacher"]), Team: text(a, "team"), Kind: text(a, "kind"), Minutes: text(a, "minutes"), On: text(a, "on"),
		Focus: splitWords(a["focus"]), Glow: text(a, "glow"), Grow: text(a, "grow"), Evidence: text(a, "evidence"), Step: text(a, "step"), By: text(a, "by"), Note: text(a, "note"),
	}
}

// text joins what was given under one key, several times perhaps: all of it was meant.
func text(a bot.Args, name string) string { return strings.Join(trimmed(a[name]), "\n") }

func trimmed(in []string) []string {
	var out []string
	for _, s := range in {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

func splitWords(in []string) []string {
	var out []string
	for _, s := range in {
		out = append(out, trimmed(strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' }))...)
	}
	return out
}

// bare tells whether nothing but names was typed.
func (t typed) bare() bool {
	return t.Team == "" && t.Kind == "" && t.Minutes == "" && t.On == "" && len(t.Focus) == 0 && t.Glow == "" && t.Grow == "" && t.Evidence == "" && t.Step == "" && t.By == "" && t.Note == ""
}

// onlyTeams tells whether nothing was typed but that it is about a team's meeting.
func (t typed) onlyTeams() bool {
	kind := t.Kind
	t.Kind = ""
	return strings.EqualFold(strings.TrimSpace(kind), string(school.PLCVisit)) && t.bare() && len(t.Who) == 0
}

// line gives it back as it could be typed again. name resolves ids that a completion put in place of names.
func (t typed) line(command string, name func(string) string) string {
	var parts []string
	if command != "" {
		parts = append(parts, command)
	}
	for _, w := range t.Who {
		w = strings.TrimPrefix(name(w), "@")
		if r, _ := utf8.DecodeRuneInString(w); unicode.IsLetter(r) { // "<@U123>" and "-5m" stand as they are
			w = "@" + w
		}
		parts = append(parts, w)
	}
	if m := t.Minutes; m != "" {
		switch {
		case strings.Trim(m, "0123456789") == "":
			m += "m"
		case m[0] < '0' || m[0] > '9':
			m = "min:" + m
		}
		parts = append(parts, m)
	}
	for _, kv := range [][2]string{{"team", t.Team}, {"on", t.On}, {"kind", t.Kind}, {"focus", strings.Join(t.Focus, ", ")}, {"glow", t.Glow}, {"grow", t.Grow}, {"evidence", t.Evidence}, {"step", t.Step}, {"by", t.By}, {"note", t.Note}} {
		if kv[1] != "" {
			parts = append(parts, kv[0]+":"+kv[1])
		}
	}
	return strings.Join(parts, " ")
}

// keepDrafts is how long a draft waits: until the end of the day it was typed on, and a night.
const keepDrafts = 24 * time.Hour

// draftID names the draft of a call.
func draftID(call string) string {
	h := sha256.Sum256([]byte("draft\x00" + call))
	return hex.EncodeToString(h[:5])
}

func draftKey(p bot.Person, id string) string { return fmt.Sprintf("draft/%s/%s", p, id) }

// keepDraft keeps what was typed under the call's id.
func (d *Desk) keepDraft(ctx context.Context, c bot.Call, t typed) (string, error) {
	b, err := d.book(c)
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(t)
	if err != nil {
		return "", err
	}
	id := draftID(c.ID)
	_, err = b.Log().PutIfAbsent(ctx, draftKey(c.Person, id), body, keepDrafts, string(c.Person))
	return id, err
}

// changeDraft keeps a draft as it reads now.
func (d *Desk) changeDraft(ctx context.Context, c bot.Call, id string, t typed) error {
	b, err := d.book(c)
	if err != nil {
		return err
	}
	body, err := json.Marshal(t)
	if err != nil {
		return err
	}
	return b.Log().Put(ctx, draftKey(c.Person, id), body, keepDrafts, string(c.Person))
}

// draft takes a draft of the caller's up again.
func (d *Desk) draft(ctx context.Context, c bot.Call, id string) (t typed, err error) {
	b, err := d.book(c)
	if err != nil {
		return t, err
	}
	body, ok, err := b.Log().Get(ctx, draftKey(c.Person, id))
	if err == nil && ok {
		err = json.Unmarshal(body, &t)
	}
	if err == nil && !ok {
		err = &bot.Error{Code: bot.NotFound, Sentence: "I no longer have what you typed: I keep it for one day. Please copy it from the message above."}
	}
	return t, err
}

// draftCommand is the command id under which a draft is recorded: however often its buttons are pressed,
// it is saved once.
func draftCommand(c bot.Call, id string) string {
	if id == "" {
		return c.ID
	}
	return "draft:" + string(c.Person) + ":" + id
}

// dropDraft forgets a draft that was saved. That it could not be forgotten is no reason to fail: it ends by
// itself.
func (d *Desk) dropDraft(ctx context.Context, c bot.Call, id string) {
	if b, err := d.book(c); err == nil && id != "" {
		if err := b.Log().Delete(ctx, draftKey(c.Person, id)); err != nil {
			d.cfg.Logger.Warn("a draft stays until its day is over", "err", err)
		}
	}
}

// instead answers a press in place of the card that held its button, where only the caller sees that card.
// What stands in a room is left as it is.
func instead(c bot.Call, card bot.Private) bot.Answer {
	if c.Kind == bot.Click && c.Message == "" {
		return bot.UpdatePrivate(card)
	}
	return bot.Whisper{Card: card}
}

// asForm opens a form. A service cannot open one in answer to plain words, so there it waits behind a button.
func asForm(c bot.Call, f bot.Form, again bot.Press) bot.Answer {
	if c.Text == "" {
		return bot.OpenForm{Form: f}
	}
	return bot.Whisper{Card: bot.PrivateCard(bot.Text{Text: "Here is the form for that."},
		bot.Buttons{Items: []bot.Button{{Label: "Open the form", Press: again, Style: bot.Primary}}})}
}

// A problem is something in what was typed that keeps it from being saved.
type problem struct {
	code     bot.Code
	field    string // of the form
	sentence string
	choices  []bot.Button
	student  bool // only a word of the author's is missing
}

// fieldErrors sends a form back; ok is false where a problem belongs to none of its fields.
func fieldErrors(f bot.Form, ps []problem) (bot.FieldErrors, bool) {
	out := bot.FieldErrors{}
	for _, p := range ps {
		has := false
		for _, fd := range f.Fields {
			has = has || fd.Name == p.field
		}
		if !has || p.student {
			return nil, false
		}
		if out[p.field] == "" {
			out[p.field] = p.sentence
		}
	}
	return out, true
}

// nameOf resolves ids among typed names.
func nameOf(m *school.Model) func(string) string {
	return func(s string) string {
		if p, ok := m.Person(school.PersonID(s)); ok {
			return p.Name
		}
		return s
	}
}
