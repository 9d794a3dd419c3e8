package handlers

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rounds/bot"
	"rounds/bot/bottest"
	"rounds/cards"
	"rounds/school"
	"rounds/seeds"
)

// teamWorld is the small district with what this half of the commands needs: documents, rooms, a hub that posts
// agendas as the clock does, a clock that can say why, and Dana as administrator.
type teamWorld struct {
	*world
	t      *testing.T
	router *bot.Router
	hub    *bot.Hub
	guard  func(bot.District, bot.Room, bot.Card) error
}

func newTeamWorld(t *testing.T) *teamWorld {
	w := &teamWorld{world: newWorld(t), t: t}
	w.prepare()
	sealer, err := bot.NewSealer([]byte("a key for tests only"))
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return w.now }
	w.guard = bot.NameGuard(func(bot.District) []string {
		var names []string
		_ = w.book.Read(func(m *school.Model) {
			for _, p := range m.People() {
				names = append(names, p.Name)
			}
		})
		return names
	})
	w.hub = bot.NewHub(bot.HubConfig{Directory: w, Sealer: sealer, Now: now, Guard: w.guard}, w.fake)
	desk := New(Config{
		Books:   func(d bot.District) (*school.Book, bool) { return w.book, d == "d1" },
		Library: seeds.Library, Clock: w, Edit: w.hub.Edit,
	})
	w.router = bot.NewRouter(bot.RouterConfig{Commands: desk.Commands(), Directory: w, Sealer: sealer, Now: now, Guard: w.guard, Stranger: desk.Stranger})
	t.Cleanup(func() { _ = w.router.Close(context.Background()) })
	w.fake.Connect(func(ctx context.Context, c bot.Call) (bot.Answer, <-chan bot.Answer) {
		a, later := w.router.Take(ctx, c)
		w.check(a)
		if w.also != nil {
			w.also(a)
		}
		return a, later
	})
	for _, r := range []string{"math", "leaders", "hall"} {
		w.fake.Room(r)
	}
	return w
}

// check holds every answer to the limits that cards and forms promise.
func (w *teamWorld) check(a bot.Answer) {
	var err error
	switch a := a.(type) {
	case bot.Whisper:
		err = bot.CheckCard(a.Card.Card())
	case bot.Say:
		err = bot.CheckCard(a.Card.Card())
	case bot.OpenForm:
		err = bot.CheckForm(a.Form)
	case bot.Update:
		if a.Open != nil {
			err = bot.CheckCard(a.Open.Card())
		} else {
			err = bot.CheckCard(a.Private.Card())
		}
	case bot.Choices:
		for _, ch := range a {
			if ch.Label == "" || len(ch.Label) > 300 {
				err = fmt.Errorf("a choice labeled %q", ch.Label)
			}
		}
	}
	if err != nil {
		w.t.Error(err)
	}
}

// prepare adds to the set-up, under its command's name, so that "facts" leaves it out.
func (w *teamWorld) prepare() {
	e := school.Entry{Command: "setup2", Via: "file", At: start.AddDate(0, 0, -60)}
	e.Facts = append(e.Facts,
		school.DistrictSet{Name: "Blanco Bend ISD", Zone: "America/Chicago", Administrator: []string{"dana"}},
		school.CampusSet{ID: "cedar", Name: "Cedar Ridge", NotifyTeachers: true, Room: "fake:W1:leaders"},
		school.TeamSet{ID: "math", Name: "Math 7", Campus: "cedar", Members: []school.PersonID{"ada", "ben", "alice"}, Lead: "ada", Weekday: 2, Time: 14*60 + 15, Minutes: 50, Room: "fake:W1:math", Protocol: "student-work-analysis"},
		school.PersonSet{ID: "cy", Name: "name.cy", Email: "email.cy", From: school.Date(2026, 8, 2), Role: school.Teacher, Campus: "cedar", Schedule: school.EveryTwo, Observers: []school.PersonID{"alice"}},
		school.CommitmentMade{UID: 1, Team: "math", Owner: "ben", By: school.Date(2026, 10, 13), Slot: school.Date(2026, 10, 6)},
		school.CommitmentMade{UID: 2, Team: "math", Owner: "ada", By: school.Date(2026, 10, 20), Slot: school.Date(2026, 10, 6)},
		school.MeetingHeld{UID: 3, Team: "math", Slot: school.Date(2026, 10, 6)},
		school.StepAdded{UID: 4, Subject: "ada", Author: "alice", By: school.Date(2026, 10, 23), Focus: "discourse", On: school.Date(2026, 10, 8)},
		school.StepAnswered{Step: 0, UID: 5, Answer: school.TriedIt, On: school.Date(2026, 10, 12)},
	)
	e.Texts = append(e.Texts, school.Text{Key: "email.cy", Kind: "email", Subject: "cy", Class: school.Roster, Body: "cy@example.com"})
	text := func(uid uint64, what, body string) {
		e.Texts = append(e.Texts, school.Text{Key: school.NoteKey(uid, what), Kind: what, Subject: "math", Class: school.Meeting, Body: body})
	}
	text(1, "commitment", "bring six exit tickets, names removed")
	text(2, "commitment", "write the exemplar answer for task 4")
	text(3, "minutes", "What was decided: Two hints before the answer key.\n\nUnpack the standard: 7.4A, unit rates")
	text(4, "step", "Wait five seconds after each question")
	if _, err := w.book.Record(context.Background(), e); err != nil {
		w.t.Fatal(err)
	}
}

func (w *teamWorld) Room(name string) (bot.Room, bool) {
	switch name {
	case "math", "leaders", "hall":
		return w.fake.Room(name), true
	}
	return bot.Room{}, false
}

// Why is the clock's answer.
func (w *teamWorld) Why(_ context.Context, _ bot.District, p bot.Person, from, _ time.Time) ([]Reason, error) {
	if p != "alice" {
		return nil, nil
	}
	return []Reason{
		{At: from.Add(55 * time.Hour), What: "plan of the week", Status: "sent"},
		{At: from.Add(78 * time.Hour), What: "note", Status: "held", Why: "snoozed until Mon, Oct 19"},
		{At: from.Add(175 * time.Hour), What: "plan of the week", Status: "next"},
	}, nil
}

// Do knows, besides the small world's verbs, "post agenda TEAM DAY", what the clock does, and "unposted TEXT": that
// no stored message holds these words.
func (w *teamWorld) Do(line string) ([]string, bool, error) {
	f := strings.Fields(line)
	switch {
	case line == "facts":
		lines, err := w.sinceSetUp()
		return lines, true, err
	case len(f) == 4 && f[0] == "post" && f[1] == "agenda":
		day, err := school.ParseDay(f[3])
		if err == nil {
			err = w.postAgenda(school.TeamID(f[2]), day)
		}
		return nil, true, err
	case len(f) > 1 && f[0] == "unposted":
		words := strings.TrimPrefix(line, "unposted ")
		for _, r := range w.fake.Rooms() {
			for _, s := range w.fake.Stored(r) {
				if strings.Contains(s.Card.Text(), words) {
					return nil, true, fmt.Errorf("%q stands in a message of #%s", words, r.ID)
				}
			}
		}
		return []string{"right"}, true, nil
	}
	return w.world.Do(line)
}

func (w *teamWorld) postAgenda(team school.TeamID, slot school.Day) error {
	ctx := context.Background()
	var keys []string
	if err := w.book.Read(func(m *school.Model) { keys = cards.AgendaTexts(m, team, slot) }); err != nil {
		return err
	}
	texts, err := w.book.Bodies(ctx, keys...)
	if err != nil {
		return err
	}
	var card bot.Open
	err = w.book.Read(func(m *school.Model) {
		t, _ := m.Team(team)
		card = cards.AgendaOf(m, t, slot, texts, protocolOf(t))
	})
	if err != nil {
		return err
	}
	ref, _, err := w.hub.Post(ctx, "d1", w.fake.Room(string(team)), card, "agenda")
	if err != nil {
		return err
	}
	_, err = w.book.Record(ctx, school.Entry{At: w.now, Via: "clock", Command: "clock " + string(ref), Facts: []school.Fact{
		school.Sent{Occurrence: plcOccurrence("d1", team, slot), About: "agenda", Room: "fake:W1:" + string(team), Ref: string(ref)},
	}})
	return err
}

// sinceSetUp lists what people recorded.
func (w *teamWorld) sinceSetUp() ([]string, error) {
	var out []string
	err := w.log.Read(context.Background(), 0, func(e school.Event) error {
		if !strings.HasPrefix(e.Command, "setup") && e.Via != "clock" {
			out = append(out, strings.TrimSpace(fmt.Sprintf("%s by %s", e.Kind, e.By)))
		}
		return nil
	})
	if len(out) == 0 {
		out = []string{"nothing was recorded"}
	}
	return out, err
}

func TestTeamConversations(t *testing.T) {
	bottest.PlayAll(t, "testdata/teams/*.txt", func(t *testing.T) bottest.World {
		w := newTeamWorld(t)
		w.also = onDiscord(t, filepath.Join("testdata", "teams"))
		t.Cleanup(func() {
			if n := w.router.Stats().Guarded; n > 0 {
				t.Errorf("the guard held back %d open cards that a handler said", n)
			}
			if n := w.router.Stats().Panics; n > 0 {
				t.Errorf("%d handlers panicked", n)
			}
			for _, r := range w.fake.Rooms() {
				for _, s := range w.fake.Stored(r) {
					if err := w.guard("d1", r, s.Card); err != nil {
						t.Errorf("a message that stands in #%s: %v", r.ID, err)
					}
				}
			}
		})
		return w
	})
}
