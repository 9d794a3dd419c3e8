package bot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// roster is a Directory of one district, "d1", in the workspace "W1".
type roster map[string][]Account // by person

func (roster) District(_, workspace string) (District, bool) { return "d1", workspace == "W1" }

func (r roster) Who(_ District, a Account) (Person, bool) {
	for p, as := range r {
		if slices.Contains(as, a) {
			return Person(p), true
		}
	}
	return "", false
}

func (r roster) Accounts(_ District, p Person) []Account { return r[string(p)] }

func account(user string) Account { return Account{"fake", "W1", user} }

var (
	ana, ben = account("ana"), account("ben")
	staff    = roster{"p-ana": {ana}, "p-ben": {ben}}
	leaders  = Room{"fake", "W1", "leaders"}
	noon     = time.Date(2026, 10, 15, 17, 0, 0, 0, time.UTC)
)

// bench is a router on the bench, with what it told.
type bench struct {
	*testing.T
	*Router
	log   bytes.Buffer
	audit []AuditEntry
	calls int
}

func onBench(t *testing.T, change func(*RouterConfig), commands ...Command) *bench {
	t.Helper()
	b := &bench{T: t}
	cfg := RouterConfig{
		Commands: commands, Directory: staff, Sealer: testSealer(t), Now: func() time.Time { return noon },
		Logger: slog.New(slog.NewTextHandler(&b.log, nil)),
		Audit:  func(_ context.Context, e AuditEntry) { b.audit = append(b.audit, e) },
	}
	if change != nil {
		change(&cfg)
	}
	b.Router = NewRouter(cfg)
	return b
}

// take gives the answer as text, whatever it is.
func (b *bench) take(c Call) string {
	b.Helper()
	return said(b.answer(c))
}

func (b *bench) answer(c Call) Answer {
	b.Helper()
	b.calls++
	if c.ID == "" {
		c.ID = fmt.Sprintf("fake:W1:%d", b.calls)
	}
	if (c.From == Account{}) {
		c.From = ana
	}
	a, later := b.Take(context.Background(), c)
	if later != nil {
		a = <-later
	}
	return a
}

func said(a Answer) string {
	switch a := a.(type) {
	case Whisper:
		return "whisper: " + a.Card.Text()
	case Say:
		return "say: " + a.Card.Text()
	case OpenForm:
		return "form: " + a.Form.Text()
	case Update:
		if a.Private != nil {
			return "update: " + a.Private.Text()
		}
		return "update open: " + a.Open.Text()
	case HomeView:
		return "home: " + a.Card.Text()
	case FieldErrors:
		return fmt.Sprint("errors: ", map[string]string(a))
	case Choices:
		s := "choices:"
		for _, c := range a {
			s += " " + c.Label
		}
		return s
	case nil:
		return "nil"
	}
	return fmt.Sprintf("%T", a)
}

// echo answers with what the handler was given.
func echo(_ context.Context, c Call) (Answer, error) {
	return Whisper{PrivateCard(Text{Text: fmt.Sprintf("%s %s %s %v %s %s %v %s", c.Person, c.Command, c.Sub, c.Args, c.Press, c.Value, c.Values, c.Message)})}, nil
}

func answers(a Answer, err error) Handler {
	return func(context.Context, Call) (Answer, error) { return a, err }
}

var menu = Command{
	Name: "menu", Aliases: []string{"carte"},
	Subs: []Sub{
		{Name: "show", Example: "/menu show fri", Options: []Option{{Name: "day", Kind: OptionText, Bare: true}}, Run: echo},
		{Name: "order", Example: "/menu order dish:soup", Options: []Option{
			{Name: "dish", Required: true},
			{Name: "size", Kind: OptionChoice, Choices: []Choice{{Label: "Small", Value: "s"}, {Label: "Large", Value: "l"}}},
			{Name: "who", Kind: OptionPeople},
		}, Run: echo},
		{Name: "help", Run: echo},
	},
	On:   map[string]Action{"press": {Run: echo}},
	Text: echo, Home: echo,
	Complete: answers(Choices{{Label: "soup", Value: "x1"}}, nil),
}

func TestRouterFindsTheCode(t *testing.T) {
	secret := Command{Name: "secret", Private: true, Subs: []Sub{{Name: "log", Run: echo}, {Name: "status", Run: echo}}}
	b := onBench(t, nil, menu, secret)
	s := testSealer(t)
	id, _ := s.SealPress(Press{"menu.press", "x9"}, SealDay(noon))
	old, _ := s.SealPress(Press{"menu.press", "x9"}, SealDay(noon)-31)
	unknown, _ := s.SealPress(Press{"menu.gone", "x9"}, SealDay(noon))
	elsewhere, _ := s.SealPress(Press{"gone.gone", "x9"}, SealDay(noon))
	value, _ := s.SealValue("p7", SealDay(noon))
	oldValue, _ := s.SealValue("p7", SealDay(noon)-31)
	for _, tc := range []struct {
		name string
		call Call
		want string
	}{
		{"line", Call{Command: "menu", Line: "fri"}, "whisper: p-ana menu show map[day:[fri]] { }  map[]"},
		{"alias", Call{Command: "/Carte", Line: "order dish:soup"}, "whisper: p-ana menu order map[dish:[soup]] { }  map[]"},
		{"typed", Call{Command: "menu", Sub: "order", Options: map[string]string{"dish": value, "who": "@a @b"}}, "whisper: p-ana menu order map[dish:[p7] who:[@a @b]] { }  map[]"},
		{"typed without options", Call{Command: "menu", Sub: "help"}, "whisper: p-ana menu help map[] { }  map[]"},
		{"sub and line", Call{Command: "menu", Sub: "order", Line: "dish:help"}, "whisper: p-ana menu order map[dish:[help]] { }  map[]"},
		{"completion in a line", Call{Command: "menu", Line: "order  dish:" + value + " size:l"}, "whisper: p-ana menu order map[dish:[p7] size:[l]] { }  map[]"},
		{"missing", Call{Command: "menu", Line: "order"}, "whisper: /menu order needs dish. Try /menu order dish:soup."},
		{"typo", Call{Command: "mneu"}, "whisper: I do not know /mneu. Did you mean /menu?"},
		{"unknown", Call{Command: "pancakes"}, "whisper: I do not know /pancakes. Type /menu help to see what I can do."},
		{"typed sub typo", Call{Command: "menu", Sub: "ordr"}, "whisper: Did you mean /menu order?"},
		{"click", Call{Kind: Click, Button: id, Chosen: value, Message: "m1"}, "whisper: p-ana   map[] {menu.press x9} p7 map[] fake:m1"},
		{
			"submit",
			Call{Kind: Submit, Button: id, Fields: map[string][]string{"a": {value, "typed"}, "b": {"plain & simple"}}},
			"whisper: p-ana   map[] {menu.press x9}  map[a:[p7 typed] b:[plain & simple]]",
		},
		{"old", Call{Kind: Click, Button: old}, "whisper: That button is more than 30 days old. Type /menu to start again."},
		{"old value", Call{Kind: Click, Button: id, Chosen: oldValue}, "whisper: That button is more than 30 days old. Type /menu to start again."},
		{"broken", Call{Kind: Click, Button: id + "A"}, "whisper: I cannot read that button. Type /menu help to see what I can do."},
		{"plain value", Call{Kind: Click, Button: id, Chosen: "p7"}, "whisper: I cannot read that button. Type /menu help to see what I can do."},
		{"gone", Call{Kind: Click, Button: unknown}, "whisper: That button is of an older version, and I no longer know it. Type /menu to start again."},
		{"gone command", Call{Kind: Click, Button: elsewhere}, "whisper: That button is of an older version, and I no longer know it. Type /menu help to see what I can do."},
		{"home", Call{Kind: Home}, "home: p-ana   map[] { }  map[]"},
		{"words", Call{Kind: Message, Text: "how many visits?"}, "whisper: p-ana   map[] { }  map[]"},
		{"command in words", Call{Kind: Message, Text: " menu fri ", Direct: true}, "whisper: p-ana menu show map[day:[fri]] { }  map[]"},
		{"command in a mention", Call{Kind: Message, Text: "/menu fri", Room: leaders}, "whisper: p-ana menu show map[day:[fri]] { }  map[]"},
		{"question of a command that takes words", Call{Kind: Message, Text: "menu what is there?", Direct: true}, "whisper: p-ana menu show map[day:[what is there?]] { }  map[]"},
		{"question that begins like a command", Call{Kind: Message, Text: "secret of a good lesson?", Room: leaders}, "whisper: p-ana   map[] { }  map[]"},
		{"unknown command in words", Call{Kind: Message, Text: "/mnu", Direct: true}, "whisper: I do not know /mnu. Did you mean /menu?"},
		{
			"private in a room",
			Call{Kind: Message, Text: "!secret @Okafor", Room: leaders},
			"whisper: Everyone here can see that message. Delete it, then do it here, where only you can see it.\n[Log privately]",
		},
		{
			"private without a slash",
			Call{Kind: Message, Text: "secret status", Room: leaders},
			"whisper: Everyone here can see that message. Delete it, then do it here, where only you can see it.\n[Log privately]",
		},
		{"private in private", Call{Kind: Message, Text: "secret status", Direct: true}, "whisper: p-ana secret status map[] { }  map[]"},
		{"complete sub", Call{Kind: Complete, Command: "menu", Typed: "o"}, "choices: order"},
		{"complete choice", Call{Kind: Complete, Command: "menu", Sub: "order", Focus: "size", Typed: "la"}, "choices: Large"},
		{"complete other", Call{Kind: Complete, Command: "menu", Sub: "order", Focus: "dish"}, "choices: soup"},
		{"complete nothing", Call{Kind: Complete, Command: "men"}, "choices:"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b.T = t
			if got := strings.TrimRight(b.take(tc.call), " "); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
		})
	}
}

func TestRouterLogPrivately(t *testing.T) {
	secret := Command{Name: "secret", Private: true, Subs: []Sub{{Name: "log", Run: echo}}}
	b := onBench(t, nil, secret)
	w := b.answer(Call{Kind: Message, Text: "/secret okafor", Room: leaders}).(Whisper)
	id := w.Card.Card().Blocks[1].(Buttons).Items[0].ID
	if got := b.take(Call{Kind: Click, Button: id, Room: leaders}); !strings.HasPrefix(got, "whisper: p-ana secret log map[]") {
		t.Error(got)
	}
}

func TestRouterSuggestsASubWhereNobodyIsFound(t *testing.T) {
	cmd := observe
	cmd.Subs = append([]Sub(nil), cmd.Subs...)
	cmd.Subs[0].Run = answers(nil, &Error{Code: NotFound, Sentence: "Nobody is called “statsu”."})
	b := onBench(t, nil, cmd)
	if got, want := b.take(Call{Command: "observe", Line: "statsu"}), "whisper: Nobody is called “statsu”. Did you mean /observe status?"; got != want {
		t.Errorf("got %s", got)
	}
	if got := b.take(Call{Command: "observe", Line: "log statsu"}); strings.Contains(got, "Did you mean") {
		t.Errorf("got %s", got)
	}
}

func TestRouterStrangers(t *testing.T) {
	b := onBench(t, nil, menu)
	for _, from := range []Account{account("nobody"), {"fake", "W2", "ana"}} {
		for kind, want := range map[Kind]string{CommandCall: "whisper: I do not know you yet", Home: "home: I do not know you yet", Complete: "choices:", Message: "whisper: I do"} {
			if got := b.take(Call{Kind: kind, From: from, Command: "menu"}); !strings.HasPrefix(got, want) {
				t.Errorf("%v: %s", kind, got)
			}
		}
	}
	if n := b.Stats().Strangers; n != 8 {
		t.Errorf("%d strangers counted", n)
	}
	if e := b.audit[0]; !e.Stranger || e.Person != "" || e.What != "" {
		t.Errorf("audit %+v", e)
	}
}

func TestRouterErrors(t *testing.T) {
	cause := errors.New("disk is full")
	once := func(a Answer, err error) Command { return Command{Name: "go", Subs: []Sub{{Run: answers(a, err)}}} }
	button := Button{Label: "Okafor, M.", Press: Press{"go.pick", "p1"}}
	for _, tc := range []struct {
		name string
		cmd  Command
		want string
		code Code
	}{
		{"sentence", once(nil, &Error{Code: Conflict, Sentence: "It changed."}), "whisper: It changed.", Conflict},
		{"wrapped", once(nil, fmt.Errorf("deep: %w", &Error{Code: Forbidden, Sentence: "Not yours."})), "whisper: Not yours.", Forbidden},
		{"choices", once(nil, &Error{Code: Ambiguous, Sentence: "Which one?", Choices: []Button{button}}), "whisper: Which one?\n[Okafor, M.]", Ambiguous},
		{"internal", once(nil, cause), "whisper: Something went wrong on my side. (Error 2727073a, if you report it.)", Internal},
		{"panic", Command{Name: "go", Subs: []Sub{{Run: func(context.Context, Call) (Answer, error) { panic(cause) }}}}, "whisper: Something went wrong on my side. (Error 2727073a, if you report it.)", Internal},
		{"no code", Command{Name: "go", Subs: []Sub{{}}}, "whisper: Something went wrong on my side. (Error 2727073a, if you report it.)", Internal},
		{"nothing", once(nil, nil), "bot.Nothing", ""},
		{"deferred", once(Deferred{}, nil), "whisper: Something went wrong on my side. (Error 2727073a, if you report it.)", Internal},
		{"half an update", once(Update{}, nil), "whisper: Something went wrong on my side. (Error 2727073a, if you report it.)", Internal},
		{"button without press", once(Whisper{PrivateCard(Buttons{Items: []Button{{Label: "x"}}})}, nil), "whisper: Something went wrong on my side. (Error 2727073a, if you report it.)", Internal},
	} {
		b := onBench(t, nil, tc.cmd)
		if got := b.take(Call{Command: "go"}); got != tc.want {
			t.Errorf("%s: got %s, want %s", tc.name, got, tc.want)
		}
		if len(b.audit) != 1 || b.audit[0].Code != tc.code || tc.code != "" && b.Stats().Errors[tc.code] != 1 {
			t.Errorf("%s: audit %+v, counted %v", tc.name, b.audit, b.Stats().Errors)
		}
		if tc.code == Internal && (!strings.Contains(b.log.String(), "error_id=2727073a")) {
			t.Errorf("%s: log %s", tc.name, b.log.String())
		}
		if strings.Contains(b.log.String(), "Okafor") {
			t.Errorf("%s: a name in the log: %s", tc.name, b.log.String())
		}
	}
}

func TestRouterFieldErrors(t *testing.T) {
	cmd := Command{Name: "go", Subs: []Sub{{}}, On: map[string]Action{"form": {Run: answers(nil, &Error{Code: Invalid, Sentence: "Too long.", Field: "minutes"})}}}
	b := onBench(t, nil, cmd)
	id, _ := testSealer(t).SealPress(Press{"go.form", ""}, SealDay(noon))
	if got, want := b.take(Call{Kind: Submit, Button: id}), "errors: map[minutes:Too long.]"; got != want {
		t.Errorf("got %s", got)
	}
	if got, want := b.take(Call{Kind: Click, Button: id}), "whisper: Too long."; got != want {
		t.Errorf("got %s", got)
	}
}

// TestRouterSealsAll: whatever a handler answers with, its cards leave sealed and it keeps them as they were.
func TestRouterSealsAll(t *testing.T) {
	p := Press{"go.press", "x1"}
	form := Form{Title: "F", Press: p, Fields: []Field{
		{Name: "a", Kind: FieldSelect, Options: []Choice{{Label: "A", Value: "a"}, {Label: "B", Value: "b"}}, Value: []string{"b"}},
		{Name: "b", Kind: FieldText, Value: []string{"stays"}},
	}}
	card := PrivateCard(
		Buttons{Items: []Button{{Label: "B", Press: p}}},
		List{Items: []Item{{Text: "i", Button: &Button{Label: "L", Press: p}}, {Text: "j"}}},
		Select{Label: "S", Press: p, Options: []Choice{{Label: "A", Value: "a"}}, Chosen: "a"})
	b := onBench(t, nil,
		Command{Name: "card", Subs: []Sub{{Run: answers(Whisper{card}, nil)}}}, Command{Name: "form", Subs: []Sub{{Run: answers(OpenForm{form}, nil)}}})
	got := b.answer(Call{Command: "card"}).(Whisper).Card.Card().Blocks
	s := testSealer(t)
	id, _ := s.SealPress(p, SealDay(noon))
	a, _ := s.SealValue("a", SealDay(noon))
	bb, _ := s.SealValue("b", SealDay(noon))
	sel := got[2].(Select)
	for i, g := range []string{got[0].(Buttons).Items[0].ID, got[1].(List).Items[0].Button.ID, sel.ID} {
		if g != id {
			t.Errorf("id %d is %q", i, g)
		}
	}
	if sel.Chosen != a || sel.Options[0].Value != a {
		t.Errorf("menu %+v", sel)
	}
	f := b.answer(Call{Command: "form"}).(OpenForm).Form
	if f.ID != id || f.Fields[0].Options[1].Value != bb || f.Fields[0].Value[0] != bb || f.Fields[1].Value[0] != "stays" {
		t.Errorf("form %+v", f)
	}
	mine := card.Card().Blocks
	if mine[0].(Buttons).Items[0].ID != "" || mine[1].(List).Items[0].Button.ID != "" || mine[2].(Select).Options[0].Value != "a" || form.Fields[0].Value[0] != "b" {
		t.Error("the handler's own card was changed")
	}
}

func TestRouterGuardsWhatIsSaid(t *testing.T) {
	guard := func(_ District, _ Room, c Card) error {
		if strings.Contains(c.Text(), "Okafor") {
			return errors.New("names somebody")
		}
		return nil
	}
	b := onBench(t, func(c *RouterConfig) { c.Guard = guard },
		Command{Name: "bad", Subs: []Sub{{Run: answers(Say{OpenCard(Text{Text: "Okafor"})}, nil)}}},
		Command{Name: "good", Subs: []Sub{{Run: answers(Say{OpenCard(Text{Text: "27 of 32"})}, nil)}}})
	if got := b.take(Call{Command: "bad"}); strings.Contains(got, "Okafor") || !strings.HasPrefix(got, "whisper:") {
		t.Error(got)
	}
	if got := b.take(Call{Command: "good"}); got != "say: 27 of 32" {
		t.Error(got)
	}
	if n := b.Stats().Guarded; n != 1 {
		t.Errorf("%d guarded", n)
	}
}

func TestRouterAudits(t *testing.T) {
	b := onBench(t, nil, menu)
	id, _ := testSealer(t).SealPress(Press{"menu.press", "v9"}, SealDay(noon))
	b.take(Call{Command: "menu", Line: "order dish:soup"})
	b.take(Call{Kind: Click, Button: id})
	b.take(Call{Kind: Home})
	b.take(Call{ID: "again", Kind: Message, Text: "hello"})
	b.take(Call{ID: "again", Kind: Message, Text: "hello"})
	var got []string
	for _, e := range b.audit {
		got = append(got, fmt.Sprintf("%v %s %s %s %s%s", e.Kind, e.District, e.Person, e.What, e.Subject, e.Code))
	}
	want := []string{"command d1 p-ana menu order ", "click d1 p-ana menu.press v9", "home d1 p-ana home ", "message d1 p-ana text "}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestRouterRefusesContradictions(t *testing.T) {
	ok := Command{Name: "ok", Aliases: []string{"fine"}, Subs: []Sub{{}}, Home: echo, Text: echo}
	for name, bad := range map[string]Command{
		"name": {Name: "OK"}, "same": {Name: "ok"}, "alias": {Name: "other", Aliases: []string{"fine"}},
		"home": {Name: "other", Home: echo}, "text": {Name: "other", Text: echo},
		"subs": {Name: "other", Subs: []Sub{{Name: "a"}, {Name: "a"}}}, "long": {Name: "other", Summary: strings.Repeat("x", 101)},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			onBench(t, nil, ok, bad)
		})
	}
}
