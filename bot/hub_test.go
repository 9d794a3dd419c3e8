package bot

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

// post is what a platform of these tests was asked to do.
type post struct {
	room   Room
	card   Card
	marker string
}

// plain is a platform with nothing beyond the interface; it keeps what was posted.
type plain struct {
	name   string
	posts  []post
	asked  int   // for direct rooms
	err    error // returned by Post
	panics bool
}

func (p *plain) Name() string                     { return p.name }
func (p *plain) Run(context.Context, Taker) error { return nil }

func (p *plain) Post(_ context.Context, to Room, card Open, marker string) (Ref, error) {
	if p.panics {
		panic("nil map")
	}
	if p.err != nil {
		return "", p.err
	}
	p.posts = append(p.posts, post{to, card.Card(), marker})
	return "C1:17.5", nil // with a colon, as Slack's have
}

func (p *plain) Direct(_ context.Context, to Account) (Room, error) {
	p.asked++
	return Room{to.Platform, to.Workspace, "dm-" + to.User}, nil
}

// able can do everything.
type able struct {
	plain
	edited    Ref
	published []Account
}

func (a *able) Edit(_ context.Context, ref Ref, _ Open) error { a.edited = ref; return nil }

func (a *able) Find(_ context.Context, _ Room, marker string, _ time.Time) (Ref, bool, error) {
	return "C1:17.5", marker == "m1", nil
}

func (a *able) Publish(_ context.Context, to Account, _ Private) error {
	a.published = append(a.published, to)
	return nil
}

func hubOf(t *testing.T, guard func(District, Room, Card) error, people roster, ps ...Platform) *Hub {
	t.Helper()
	return NewHub(HubConfig{Directory: people, Sealer: testSealer(t), Now: func() time.Time { return noon }, Guard: guard}, ps...)
}

var envelope = OpenCard(Text{Text: "3 visits to go"}, Buttons{Items: []Button{{Label: "Open my list", Press: Press{"observe.list", ""}}}})

func TestHubPosts(t *testing.T) {
	fake := &able{plain: plain{name: "fake"}}
	h := hubOf(t, nil, staff, fake)
	ref, room, err := h.Post(t.Context(), "d1", leaders, envelope, "m1")
	if err != nil || ref != "fake:C1:17.5" || room != leaders {
		t.Fatalf("%q, %v, %v", ref, room, err)
	}
	if p := fake.posts[0]; p.room != leaders || p.marker != "m1" || p.card.Blocks[1].(Buttons).Items[0].ID == "" {
		t.Errorf("posted %+v", p)
	}
	for range 2 {
		if _, room, err = h.Post(t.Context(), "d1", Person("p-ana"), envelope, "m2"); err != nil || room.ID != "dm-ana" {
			t.Errorf("%v, %v", room, err)
		}
	}
	if fake.asked != 1 {
		t.Errorf("asked for the conversation %d times", fake.asked)
	}
	if err := h.Edit(t.Context(), "d1", ref, envelope); err != nil || fake.edited != "C1:17.5" {
		t.Errorf("edited %q, %v", fake.edited, err)
	}
	if ref, _, found, err := h.Find(t.Context(), "d1", leaders, "m1", noon); err != nil || !found || ref != "fake:C1:17.5" {
		t.Errorf("found %q, %v, %v", ref, found, err)
	}
	if err := h.Publish(t.Context(), "d1", "p-ana", envelope.AsPrivate()); err != nil || len(fake.published) != 1 {
		t.Errorf("published to %v, %v", fake.published, err)
	}
	if s := h.Stats(); s.Posted != 3 || s.Edited != 1 || s.Published != 1 || s.Failed != 0 {
		t.Errorf("%+v", s)
	}
}

func TestHubFindsThePlatform(t *testing.T) {
	two := roster{"p-ana": {{"gone", "W1", "ana"}, {"old", "W1", "ana"}, {"fake", "W1", "ana"}}, "p-ben": {{"gone", "W1", "ben"}}}
	old, fake := &plain{name: "old"}, &able{plain: plain{name: "fake"}}
	h := hubOf(t, nil, two, old, fake)
	if ref, _, err := h.Post(t.Context(), "d1", Person("p-ana"), envelope, ""); err != nil || !strings.HasPrefix(string(ref), "old:") {
		t.Errorf("%q, %v: want the account last used whose platform runs", ref, err)
	}
	if _, _, err := h.Post(t.Context(), "d1", Person("p-ben"), envelope, ""); !errors.Is(err, ErrNoAccount) {
		t.Errorf("ben: %v", err)
	}
	if _, _, err := h.Post(t.Context(), "d1", Room{"gone", "W1", "x"}, envelope, ""); !errors.Is(err, ErrNotRunning) {
		t.Errorf("room: %v", err)
	}
	if err := h.Edit(t.Context(), "d1", "gone:1", envelope); !errors.Is(err, ErrNotRunning) {
		t.Errorf("edit: %v", err)
	}
	if err := h.Edit(t.Context(), "d1", "old:1", envelope); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("edit: %v", err)
	}
	if _, _, _, err := h.Find(t.Context(), "d1", Person("p-ana"), "m1", noon); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("find: %v", err)
	}
	if err := h.Publish(t.Context(), "d1", "p-ana", envelope.AsPrivate()); err != nil || len(fake.published) != 1 {
		t.Errorf("publish: %v, %v", fake.published, err)
	}
}

func TestHubRefuses(t *testing.T) {
	fake := &able{plain: plain{name: "fake"}}
	h := hubOf(t, NameGuard(func(District) []string { return []string{"Maria Okafor"} }), staff, fake)
	named := OpenCard(Text{Text: "Ms. Okafor is behind"})
	_, _, err := h.Post(t.Context(), "d1", leaders, named, "")
	if !errors.Is(err, ErrGuarded) || strings.Contains(err.Error(), "Okafor") {
		t.Errorf("post: %v", err)
	}
	if err := h.Edit(t.Context(), "d1", "fake:1", named); !errors.Is(err, ErrGuarded) || fake.edited != "" {
		t.Errorf("edit: %v", err)
	}
	if len(fake.posts) != 0 || h.Stats().Refused != 2 {
		t.Errorf("posted %v, %+v", fake.posts, h.Stats())
	}
}

func TestHubErrors(t *testing.T) {
	fake := &plain{name: "fake", panics: true}
	h := hubOf(t, nil, staff, fake)
	_, _, err := h.Post(t.Context(), "d1", leaders, envelope, "")
	if _, ok := errors.AsType[*UnknownError](err); !ok {
		t.Errorf("a panic is %v", err)
	}
	fake.panics, fake.err = false, ErrNotInRoom
	if _, _, err := h.Post(t.Context(), "d1", Person("p-ana"), envelope, ""); !errors.Is(err, ErrNotInRoom) {
		t.Errorf("%v", err)
	}
	fake.err = nil
	if _, _, err := h.Post(t.Context(), "d1", Person("p-ana"), envelope, ""); err != nil || fake.asked != 2 {
		t.Errorf("%v after asking %d times: the conversation is to be asked for anew", err, fake.asked)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := h.Post(ctx, "d1", leaders, envelope, ""); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if s := h.Stats(); s.Panics != 1 || s.Failed != 3 || s.Posted != 1 {
		t.Errorf("%+v", s)
	}
}

// A slice of names is indexed once; another one, of another district or after somebody came, is indexed anew.
func TestNameGuardSeesNewNames(t *testing.T) {
	names := map[District][]string{"d1": {"Maria Okafor"}, "d2": {"Ana Lindqvist"}}
	guard := NameGuard(func(d District) []string { return names[d] })
	say := func(d District, text string) error { return guard(d, leaders, Card{[]Block{Text{Text: text}}}) }
	for range 2 {
		if say("d1", "Okafor") == nil || say("d1", "Lindqvist") != nil || say("d2", "Lindqvist") == nil || say("d2", "Okafor") != nil {
			t.Error("the names of one district were looked for in another")
		}
	}
	names["d1"] = []string{"Bo Larsson"}
	if say("d1", "Larsson") == nil || say("d1", "Okafor") != nil {
		t.Error("the guard looks for names of before")
	}
}

func TestNameGuard(t *testing.T) {
	guard := NameGuard(func(District) []string {
		return []string{"Maria Okafor", "Amy Li", "Jean-Luc D’Souza", "Ana de la Cruz", "Kim Smith-Jones", "Bo Page", "Zoë Ng", ""}
	})
	button := func(b Button) *Button { return &b }
	for _, tc := range []struct {
		block Block
		named bool
	}{
		{Text{Text: "27 of 32 teachers visited on schedule"}, false},
		{Text{Text: "Okafor"}, true},
		{Text{Text: "behind: Okafor's class"}, true},
		{Text{Text: "MARIA OKAFOR"}, true},
		{Text{Text: "okafor"}, false},
		{Text{Text: "Okaforian methods"}, false},
		{Text{Text: "Li"}, false},
		{Text{Text: "Ms. Li"}, true},
		{Text{Text: "amy li was visited"}, true},
		{Text{Text: "Li and Amy"}, false},
		{Text{Text: "D'Souza"}, true},
		{Text{Text: "the Cruz family"}, true},
		{Text{Text: "Smith-Jones"}, true},
		{Text{Text: "Smith and Jones"}, false},
		{Text{Text: "turn the page"}, false},
		{Text{Text: "Mr Ng"}, true},
		{Title{Text: "Okafor"}, true},
		{Context{Text: "by Okafor"}, true},
		{Facts{Items: []Fact{{"Teacher", "Okafor"}}}, true},
		{Progress{Label: "Okafor"}, true},
		{Image{Alt: "Okafor"}, true},
		{Chart{Labels: []string{"Okafor"}}, true},
		{Chart{Series: []Series{{Name: "Okafor"}}}, true},
		{Table{Rows: [][]string{{"Okafor"}}}, true},
		{Table{Columns: []Column{{Head: "Okafor"}}}, true},
		{List{Items: []Item{{Text: "Okafor"}}}, true},
		{List{Items: []Item{{Note: "Okafor"}}}, true},
		{List{Items: []Item{{Text: "Facilitator: Okafor", Note: "Okafor", People: true}}}, false},
		{List{Items: []Item{{Text: "Log", Button: button(Button{About: "Okafor"}), People: true}}}, true},
		{Buttons{Items: []Button{{Label: "Okafor"}}}, true},
		{Buttons{Items: []Button{{Confirm: "Okafor?"}}}, true},
		{Select{Label: "Who", Options: []Choice{{Label: "Okafor"}}}, true},
		{Divider{}, false},
	} {
		err := guard("d1", leaders, Card{[]Block{Divider{}, tc.block}})
		if (err != nil) != tc.named {
			t.Errorf("%+v: %v", tc.block, err)
		}
		if err != nil && (strings.Contains(err.Error(), "Okafor") || !strings.Contains(err.Error(), "block 2 ("+blockName(tc.block)+")")) {
			t.Errorf("%+v: %v", tc.block, err)
		}
	}
}
