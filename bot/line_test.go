package bot

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// observe is the shape of the command that people type most.
var observe = Command{
	Name: "observe", Aliases: []string{"visit"},
	Subs: []Sub{
		{Name: "log", Example: "/observe log @Okafor 12m", Opens: true, Options: []Option{
			{Name: "teacher", Aliases: []string{"who"}, Kind: OptionPeople, Bare: true},
			{Name: "minutes", Aliases: []string{"min"}, Kind: OptionMinutes, Bare: true},
			{Name: "on", Kind: OptionDate},
			{Name: "focus", Kind: OptionFocus},
			{Name: "glow"},
			{Name: "grow"},
			{Name: "step"},
			{Name: "by", Kind: OptionDate},
			{Name: "kind", Kind: OptionChoice, Choices: []Choice{{Label: "Walkthrough", Value: "walkthrough"}, {Label: "Coaching", Value: "coaching"}}},
		}},
		{Name: "status", Example: "/observe status"},
		{Name: "history", Options: []Option{{Name: "teacher", Kind: OptionPerson, Bare: true, Required: true}}},
	},
}

var plc = Command{
	Name: "plc",
	Subs: []Sub{
		{Name: "agenda", Example: "/plc agenda", Options: []Option{{Name: "team", Kind: OptionTeam, Bare: true}}},
		{Name: "commit", Options: []Option{
			{Name: "who", Kind: OptionPeople, Bare: true}, {Name: "what", Kind: OptionText, Bare: true}, {Name: "by", Kind: OptionDate},
		}},
		{Name: "skip", Options: []Option{{Name: "day", Kind: OptionDate, Bare: true}, {Name: "reason", Kind: OptionText, Bare: true}}},
		{Name: "add", Options: []Option{{Name: "team", Kind: OptionTeam, Bare: true}, {Name: "text", Kind: OptionText, Bare: true}}},
	},
}

var rounds = Command{Name: "rounds", Subs: []Sub{{Name: "help", Example: "/rounds help"}, {Name: "today"}, {Name: "snooze"}}}

func TestParseLine(t *testing.T) {
	for _, tc := range []struct {
		cmd  Command
		line string
		sub  string
		args Args
	}{
		{observe, "", "log", Args{}},
		{observe, "okafor 12", "log", Args{"teacher": {"okafor"}, "minutes": {"12"}}},
		{observe, "12m okafor", "log", Args{"teacher": {"okafor"}, "minutes": {"12m"}}},
		{observe, "LOG @Okafor 12 min", "log", Args{"teacher": {"@Okafor"}, "minutes": {"12 min"}}},
		{
			observe, "log @Okafor @Diaz 12m on:yesterday focus:discourse glow:waited for answers grow: fewer questions step:count to 3 by:fri kind:coaching", "log",
			Args{
				"teacher": {"@Okafor", "@Diaz"}, "minutes": {"12m"}, "on": {"yesterday"}, "focus": {"discourse"}, "glow": {"waited for answers"},
				"grow": {"fewer questions"}, "step": {"count to 3"}, "by": {"fri"}, "kind": {"coaching"},
			},
		},
		{observe, "okafor, diaz and lindqvist 12", "log", Args{"teacher": {"okafor", "diaz", "lindqvist"}, "minutes": {"12"}}},
		{
			observe, "@de la Cruz @O'Neil <@U123> <@U124|van den Berg> Ms. Diaz 9", "log",
			Args{"teacher": {"@de la Cruz", "@O'Neil", "<@U123>", "<@U124|van den Berg>", "Ms. Diaz"}, "minutes": {"9"}},
		},
		{observe, `"Maria Okafor" 12`, "log", Args{"teacher": {"Maria Okafor"}, "minutes": {"12"}}},
		{observe, "teacher:okafor and diaz 12", "log", Args{"teacher": {"okafor", "diaz", "12"}}},
		{observe, "okafor 99999999999999999999m", "log", Args{"teacher": {"okafor"}, "minutes": {"99999999999999999999m"}}},
		{observe, "okafor -5m", "log", Args{"teacher": {"okafor"}, "minutes": {"-5m"}}},
		{observe, "okafor 20261030", "log", Args{"teacher": {"okafor"}, "": {"20261030"}}},
		{observe, "okafor Glow:fine GROW:more", "log", Args{"teacher": {"okafor"}, "glow": {"fine"}, "grow": {"more"}}},
		{observe, "who:okafor min:12", "log", Args{"teacher": {"okafor"}, "minutes": {"12"}}},
		{observe, `okafor glow:"asked by: whom" 12`, "log", Args{"teacher": {"okafor"}, "glow": {"asked by: whom"}, "minutes": {"12"}}},
		{observe, `okafor glow:“all on task” grow:”less talk“`, "log", Args{"teacher": {"okafor"}, "glow": {"all on task"}, "grow": {"less talk"}}},
		{observe, `okafor glow:'nice' grow:'tis early`, "log", Args{"teacher": {"okafor"}, "glow": {"nice"}, "grow": {"'tis early"}}},
		{observe, `okafor glow:"never closed by:fri`, "log", Args{"teacher": {"okafor"}, "glow": {`"never closed`}, "by": {"fri"}}},
		{observe, `okafor glow:used 12" rulers`, "log", Args{"teacher": {"okafor"}, "glow": {`used 12" rulers`}}},
		{
			observe, "okafor glow:began at 10:30 see https://example.org/a?b=c note: fine", "log",
			Args{"teacher": {"okafor"}, "glow": {"began at 10:30 see https://example.org/a?b=c note: fine"}},
		},
		{observe, "okafor glow: grow:more", "log", Args{"teacher": {"okafor"}, "glow": {""}, "grow": {"more"}}},
		{observe, "okafor glow:one glow:two", "log", Args{"teacher": {"okafor"}, "glow": {"one", "two"}}},
		{observe, "okafor glow:one\ntwo\n\nthree", "log", Args{"teacher": {"okafor"}, "glow": {"one\ntwo\n\nthree"}}},
		{observe, "kind:coaching okafor 12", "log", Args{"teacher": {"okafor"}, "minutes": {"12"}, "kind": {"coaching"}}},
		{observe, "min:12 okafor", "log", Args{"teacher": {"okafor"}, "minutes": {"12"}}},
		{observe, "@Okafor 12 @Diaz", "log", Args{"teacher": {"@Okafor", "@Diaz"}, "minutes": {"12"}}},
		{observe, "الأستاذة 👩🏽‍🏫 12", "log", Args{"teacher": {"الأستاذة"}, "minutes": {"12"}, "": {"👩🏽‍🏫"}}},
		{observe, "status", "status", Args{}},
		{observe, "history Okafor", "history", Args{"teacher": {"Okafor"}}},
		{plc, "grade 4 math", "agenda", Args{"team": {"grade 4 math"}}},
		{plc, "commit @Okafor bring three samples by:fri", "commit", Args{"who": {"@Okafor"}, "what": {"bring three samples"}, "by": {"fri"}}},
		{plc, "commit okafor bring 12 samples", "commit", Args{"who": {"okafor"}, "what": {"bring 12 samples"}}},
		{plc, "commit @Okafor @Diaz ask @Lindqvist", "commit", Args{"who": {"@Okafor", "@Diaz"}, "what": {"ask @Lindqvist"}}},
		{plc, "skip next tue testing week", "skip", Args{"day": {"next tue"}, "reason": {"testing week"}}},
		{plc, "skip in 2 weeks, assembly", "skip", Args{"day": {"in 2 weeks,"}, "reason": {"assembly"}}},
		{plc, "add math look at exit tickets", "add", Args{"team": {"math"}, "text": {"look at exit tickets"}}},
		{plc, `add "Grade 4" look at exit tickets`, "add", Args{"team": {"Grade 4"}, "text": {"look at exit tickets"}}},
		{rounds, "", "help", Args{}},
		{Command{Name: "bare"}, "", "", Args{}},
	} {
		sub, args, err := ParseLine(tc.cmd, tc.line)
		if _, left := tc.args[""]; (err != nil) != left {
			t.Errorf("%q: error %v", tc.line, err)
		}
		if sub.Name != tc.sub {
			t.Errorf("%q: subcommand %q, want %q", tc.line, sub.Name, tc.sub)
		}
		if d := cmp.Diff(tc.args, args); d != "" {
			t.Errorf("%q (-want +got):\n%s", tc.line, d)
		}
	}
}

func TestParseLineSaysWhatItCannotPlace(t *testing.T) {
	for _, tc := range []struct {
		cmd            Command
		line, sentence string
	}{
		{rounds, "snoze", "Did you mean /rounds snooze?"},
		{rounds, "tdoay", "Did you mean /rounds today?"},
		{rounds, "pancakes", "/rounds has no pancakes. Try /rounds help."},
		{observe, "okafor 12 lovely lesson", "I could not place “lovely lesson”. Put a key before it, such as glow:…"},
		{rounds, "today please", "I could not place “please”. Type it without more words."},
		{observe, "10:30", "/observe has no 10:30. Try /observe log @Okafor 12m."},
	} {
		_, args, err := ParseLine(tc.cmd, tc.line)
		var e *Error
		if !errors.As(err, &e) || e.Code != Invalid || e.Sentence != tc.sentence {
			t.Errorf("%q: %v, want %q", tc.line, err, tc.sentence)
		}
		if args.Get("") == "" {
			t.Errorf("%q: the words are lost: %v", tc.line, args)
		}
	}
}

// everything is all values in one.
func everything(a Args) string {
	var w strings.Builder
	for _, vs := range a {
		for _, v := range vs {
			w.WriteString(v + "\n")
		}
	}
	return w.String()
}

// TestParseLineLosesNothing: each word that is no key and no sign between people stands in a value.
func TestParseLineLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cmd := rapid.SampledFrom([]Command{observe, plc, rounds}).Draw(t, "command")
		word := rapid.OneOf(
			rapid.StringMatching(`[A-Za-z0-9@:/.-]{1,12}`), rapid.StringMatching(`@[A-Z][a-z']{1,8}`),
			rapid.SampledFrom([]string{"de", "la", "12", "12m", "min", "next", "tue", "in", "2", "weeks", "Ms.", "okafor", "יוסי", "👩🏽‍🏫", "<@U1|x y>", `"`, `”`, "'a'"}))
		key := rapid.SampledFrom([]string{"glow:", "grow: ", "BY:", "on:", "kind:", "who:", "min:", "what:", "kind:coaching "})
		var line strings.Builder
		var words []string
		if len(cmd.Subs) > 0 && rapid.Bool().Draw(t, "sub") {
			line.WriteString(rapid.SampledFrom(cmd.SubNames()).Draw(t, "name") + " ")
		}
		for range rapid.IntRange(0, 15).Draw(t, "words") {
			if rapid.IntRange(0, 3).Draw(t, "is key") == 0 {
				line.WriteString(key.Draw(t, "key"))
			}
			w := word.Draw(t, "word")
			words = append(words, w)
			line.WriteString(w + rapid.SampledFrom([]string{" ", "  ", "\n", "\t"}).Draw(t, "space"))
		}
		sub, args, err := ParseLine(cmd, line.String())
		all := everything(args)
		for i, w := range words {
			if _, n, ok := sub.key(w); ok {
				w = w[n:]
			}
			if _, named := cmd.Sub(w); named && i == 0 {
				continue
			}
			// "what:<@U1|x y>" is no mention, because no key stands before it: its two words may come apart.
			for _, part := range strings.FieldsFunc(w, func(r rune) bool { return isQuote(r) || r == '\'' || unicode.IsSpace(r) }) {
				if !strings.Contains(all, part) {
					t.Fatalf("%q: %q is lost; %v, %v", line.String(), part, args, err)
				}
			}
		}
	})
}

// FuzzParseLine: no panic, and of the signs that belong to no key and no quoting not one is lost.
func FuzzParseLine(f *testing.F) {
	for _, s := range []string{"", "okafor 12", `@de la Cruz glow:"a by: b" 12`, "<@U1|a b> <@U2", "\xff\xfe", "glow:glow:glow:", "“”", "שלום: 1/2", strings.Repeat("glow:\"x ", 100)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		for _, cmd := range []Command{observe, plc, rounds, {Name: "none"}} {
			_, args, _ := ParseLine(cmd, line)
			have := map[rune]int{}
			for _, r := range everything(args) {
				have[r]++
			}
			for _, r := range strings.ToValidUTF8(line, "\uFFFD") {
				syntax := unicode.IsSpace(r) || isQuote(r) || r < 0x80 && (unicode.IsLetter(r) || strings.ContainsRune(`:,;&+'`, r)) ||
					r == '‘' || r == '’' || unicode.ToLower(r) < 0x80 || unicode.ToUpper(r) < 0x80 || r == 'ſ' || r == 'K'
				if syntax {
					continue
				}
				if have[r]--; have[r] < 0 {
					t.Fatalf("%s %q: %q is lost: %v", cmd.Name, line, r, args)
				}
			}
		}
	})
}

// TestParseLineIsLinear reads lines of a million characters. That takes a fraction of a second each; reading that grew with
// the square of the line would take the better part of an hour, so the limit needs no tuning to the machine.
func TestParseLineIsLinear(t *testing.T) {
	done := make(chan string)
	go func() {
		for _, piece := range []string{"a", "glow:\"x ", "@a ", "<@", "glow:", "x:", "a \"", "de ", "“ ", ", ", "👩🏽‍🏫"} {
			line := strings.Repeat(piece, 1_000_000/len(piece))
			_, _, _ = ParseLine(observe, line)
			_, _, _ = ParseLine(plc, line)
			done <- piece
		}
		close(done)
	}()
	limit := time.After(2 * time.Minute)
	for {
		select {
		case _, more := <-done:
			if !more {
				return
			}
		case <-limit:
			t.Fatal("lines of a million characters are not read in two minutes")
		}
	}
}

// BenchmarkParseLine shows the time a character takes, which does not grow with the line.
func BenchmarkParseLine(b *testing.B) {
	for _, n := range []int{100, 10_000, 1_000_000} {
		line := strings.Repeat("@a glow:\"x y ", n/13+1)
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			b.SetBytes(int64(len(line)))
			for b.Loop() {
				_, _, _ = ParseLine(observe, line)
			}
		})
	}
}

func TestNearest(t *testing.T) {
	words := []string{"log", "status", "plan", "history", "undo"}
	for word, want := range map[string]string{
		"statsu": "status", "STATUS": "status", "histroy": "history", "hystori": "history", "udno": "undo", "lgo": "log",
		"logg": "log", "logan": "", "okafor": "", "": "", "stat": "", "plam": "plan", "undoing": "",
	} {
		got, ok := Nearest(word, words)
		if got != want || ok != (want != "") {
			t.Errorf("%q: %q, %v; want %q", word, got, ok, want)
		}
	}
}

func TestDateAt(t *testing.T) {
	for line, want := range map[string]int{
		"fri okafor": 1, "Friday": 1, "yesterday": 1, "next tue x": 2, "last week": 2, "next steps": 0, "in 2 weeks x": 3, "in class": 0,
		"3 days ago x": 3, "3 days": 0, "10/30 x": 1, "2026-10-30": 1, "Oct 30 x": 2, "Oct 30th": 2, "May is fine": 0, "12": 0, "12m": 0, "-": 0, "okafor": 0,
	} {
		if got := dateAt(tokenize(line)); got != want {
			t.Errorf("%q: %d words, want %d", line, got, want)
		}
	}
}
