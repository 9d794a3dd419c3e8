package bottest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rounds/bot"

	"github.com/google/go-cmp/cmp"
)

// A World is what a conversation is played in: a whole bot, a Fake that it speaks through, and
// a clock.
type World interface {
	// Fake is where people and the bot meet. Connect it before.
	Fake() *Fake
	// Account finds "ruiz"; Handle is the other way round.
	Account(handle string) (bot.Account, bool)
	Handle(bot.Account) string
	// Room finds "leaders"; RoomName is the other way round.
	Room(name string) (bot.Room, bool)
	RoomName(bot.Room) string
	// At moves the clock to what follows "at" ("2026-10-15 10:00") and lets happen what is due by
	// then. Lines that it returns are shown before what was said.
	At(when string) ([]string, error)
	// Next moves the clock to the next thing that happens by itself.
	Next() ([]string, error)
}

// Verber is a World that knows verbs of its own. Do gets a line at the margin that Play does
// not know, and returns false if it does not know it either.
type Verber interface {
	Do(line string) (lines []string, known bool, err error)
}

// Play plays a conversation file and compares what is said with what it says there; -update
// rewrites it. Lines at the margin are played, indented lines are what came of them, lines that
// begin with # are comments:
//
//	# One visit, one line.
//	at 2026-10-15 10:00
//	@ruiz: /observe okafor 12m
//	    to @ruiz (only you)
//	    Saved. Only you can see this.
//	    [Share now] [Undo]
//	@ruiz clicks Share now
//
// The verbs, where NAME is the label of a button, a menu, a field or one of its options:
//
//	at WHEN                        move the clock
//	next                           the next thing that happens by itself
//	@who: TEXT                     a slash command, or words, in the direct conversation
//	@who in #room: TEXT            the same in a room, where words mention the bot
//	@who types in #room: TEXT      words, even if they begin with a slash
//	@who clicks NAME               the latest such button that they see
//	@who clicks NAME beside TEXT   the one beside the list item that holds TEXT
//	@who chooses NAME: NAME        an option of a menu or of a field of the open form
//	@who fills NAME: TEXT          a field of the open form; \n is a line break
//	@who submits                   the open form
//	@who dismisses                 the open form
//	@who opens home                the home view
//	@who completes /cmd [sub] [key:]TEXT   suggestions for an option
//	@who sees                      all that they have before them now
//	again                          the last call arrives once more
//
// What cannot be done shows as a line that begins with "!".
func Play(t *testing.T, path string, w World) {
	t.Helper()
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	got := Transcript(string(old), w)
	for _, v := range w.Fake().Violations() {
		t.Errorf("%s: %s", path, v)
	}
	if *update {
		if got != string(old) {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		return
	}
	if d := cmp.Diff(strings.Split(string(old), "\n"), strings.Split(got, "\n")); d != "" {
		t.Errorf("%s was played otherwise (-file +now; -update rewrites it):\n%s", path, d)
	}
}

// PlayAll plays every file that matches the pattern, each in a world of its own.
func PlayAll(t *testing.T, pattern string, world func(t *testing.T) World) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no conversations match %q (%v)", pattern, err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), filepath.Ext(f)), func(t *testing.T) { Play(t, f, world(t)) })
	}
}

// Transcript plays a conversation and returns it with what was said now. Playing a
// transcript again gives the same transcript.
func Transcript(file string, w World) string {
	var out strings.Builder
	blank := false // a gap is written before the next line at the margin
	for l := range strings.SplitSeq(strings.ReplaceAll(file, "\r\n", "\n"), "\n") {
		l = strings.TrimRight(l, " \t\r")
		if l == "" {
			blank = out.Len() > 0
			continue
		}
		if l[0] == ' ' || l[0] == '\t' {
			continue // what was said last time
		}
		if blank {
			out.WriteByte('\n')
			blank = false
		}
		out.WriteString(l + "\n")
		if l[0] == '#' {
			continue
		}
		for _, s := range playLine(w, l) {
			for _, s := range strings.FieldsFunc(s, isBreak) {
				if s = strings.TrimRight(s, " \t"); strings.TrimSpace(s) != "" {
					out.WriteString("    " + s + "\n")
				}
			}
		}
	}
	return out.String()
}

// isBreak knows all that an editor or a diff may take for the end of a line.
func isBreak(r rune) bool { return strings.ContainsRune("\n\r\v\f\u0085\u2028\u2029", r) }

// playLine plays one line and returns what came of it.
func playLine(w World, l string) []string {
	w.Fake().TakeEvents()
	said, err := perform(w, l)
	said = append(said, spoken(w, w.Fake().TakeEvents())...)
	if err != nil {
		said = append(said, "! "+err.Error())
	}
	return said
}

func perform(w World, l string) ([]string, error) {
	switch {
	case strings.HasPrefix(l, "at "):
		return w.At(strings.TrimSpace(l[3:]))
	case l == "next":
		return w.Next()
	case l == "again":
		return nil, w.Fake().Again()
	case strings.HasPrefix(l, "@"):
		if said, known, err := act(w, l[1:]); known {
			return said, err
		}
	}
	if v, ok := w.(Verber); ok {
		if said, known, err := v.Do(l); known {
			return said, err
		}
	}
	return nil, fmt.Errorf("no such verb")
}

// act plays "ruiz clicks Share now".
func act(w World, l string) (said []string, known bool, err error) {
	end := strings.IndexAny(l, " :")
	if end < 0 {
		return nil, false, nil
	}
	who, ok := w.Account(l[:end])
	if !ok {
		return nil, true, fmt.Errorf("nobody is called @%s", l[:end])
	}
	f, rest := w.Fake(), l[end:]
	if text, ok := strings.CutPrefix(rest, ":"); ok {
		return nil, true, speak(f, who, bot.Room{}, strings.TrimSpace(text), false)
	}
	verb, rest, _ := strings.Cut(strings.TrimSpace(rest), " ")
	rest = strings.TrimSpace(rest)
	switch verb {
	case "in", "types":
		if verb == "types" {
			rest = strings.TrimPrefix(rest, "in ")
		}
		name, text, ok := strings.Cut(rest, ":")
		room, found := w.Room(strings.TrimPrefix(strings.TrimSpace(name), "#"))
		if !ok || !found {
			return nil, true, fmt.Errorf("no room is called %s", name)
		}
		return nil, true, speak(f, who, room, strings.TrimSpace(text), verb == "types")
	case "clicks":
		label, beside, _ := strings.Cut(rest, " beside ")
		return nil, true, f.ClickBeside(who, strings.TrimSpace(label), strings.TrimSpace(beside))
	case "chooses", "fills":
		label, value, ok := strings.Cut(rest, ": ")
		if !ok {
			return nil, true, fmt.Errorf("%s wants a label, a colon and a value", verb)
		}
		value = strings.ReplaceAll(strings.TrimSpace(value), `\n`, "\n")
		if verb == "fills" {
			return nil, true, f.Fill(who, label, value)
		}
		return nil, true, f.Choose(who, label, value)
	case "submits":
		return nil, true, f.Submit(who)
	case "dismisses":
		f.Dismiss(who)
		return nil, true, nil
	case "opens":
		if rest == "home" {
			return nil, true, f.OpenHome(who)
		}
	case "completes":
		return nil, true, complete(f, who, rest)
	case "sees":
		return f.Sees(who), true, nil
	}
	return nil, false, nil
}

func speak(f *Fake, who bot.Account, in bot.Room, text string, plain bool) error {
	if strings.HasPrefix(text, "/") && !plain {
		return f.Command(who, in, text)
	}
	return f.Say(who, in, text)
}

// complete plays "/observe log teacher:oka".
func complete(f *Fake, who bot.Account, line string) error {
	words := strings.Fields(line)
	if len(words) == 0 {
		return fmt.Errorf("complete what?")
	}
	command, last := strings.TrimPrefix(words[0], "/"), ""
	if len(words) > 1 {
		last = words[len(words)-1]
		words = words[:len(words)-1]
	}
	focus, typed, ok := strings.Cut(last, ":")
	if !ok {
		focus, typed = "", last
	}
	_, err := f.Suggest(who, bot.Room{}, command, strings.Join(words[1:], " "), focus, typed)
	return err
}

// spoken writes down what appeared, each under a line that says for whom.
func spoken(w World, events []Event) []string {
	var said []string
	for _, e := range events {
		said = append(said, heading(w, e), e.Text)
	}
	return said
}

func heading(w World, e Event) string {
	if (e.Who != bot.Account{}) {
		who := "@" + w.Handle(e.Who)
		switch e.Kind {
		case "form":
			return "form for " + who
		case "errors":
			return "sent back to " + who
		case "home":
			return "home of " + who
		case "choices":
			return "suggestions for " + who
		case "update":
			return "to " + who + " (only you, instead)"
		}
		return "to " + who + " (only you)"
	}
	where := "in #" + w.RoomName(e.Room)
	if who, ok := w.Fake().IsDirect(e.Room); ok {
		where = "direct to @" + w.Handle(who)
	}
	if e.Kind == "edit" || e.Kind == "update" {
		where += " (instead)"
	}
	return where
}

// Small is a World of a bare Fake: accounts and rooms are called as they are called, and the
// clock does nothing. It is enough for a platform or a handful of commands.
type Small struct{ F *Fake }

var _ World = Small{}

// Fake is F.
func (s Small) Fake() *Fake { return s.F }

// Account takes every name of letters.
func (s Small) Account(handle string) (bot.Account, bool) {
	return s.F.Account(handle), handle != ""
}

// Handle is the user's id.
func (s Small) Handle(a bot.Account) string { return a.User }

// Room finds a room that the Fake has.
func (s Small) Room(name string) (bot.Room, bool) {
	i := slices.IndexFunc(s.F.Rooms(), func(r bot.Room) bool { return r.ID == name })
	if i < 0 {
		return bot.Room{}, false
	}
	return s.F.Rooms()[i], true
}

// RoomName is the room's id.
func (s Small) RoomName(r bot.Room) string { return r.ID }

// At does nothing.
func (s Small) At(string) ([]string, error) { return nil, nil }

// Next finds nothing.
func (s Small) Next() ([]string, error) { return []string{"nothing more happens"}, nil }
