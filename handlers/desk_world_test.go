package handlers

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"rounds/bot"
	"rounds/bot/bottest"
	"rounds/school"
	"rounds/seeds"
)

// world is a small district on a log in memory, spoken to through a fake service. Cedar tells its teachers, Live Oak does
// not; Lindqvist has no chat account; there are two Diazes. Everybody but Imani and Tess was welcomed before.
type world struct {
	also func(bot.Answer) // sees every answer
	f    *bot.Router
	fake *bottest.Fake
	book *school.Book
	log  *school.MemLog
	now  time.Time
	zone *time.Location

	calls  int        // presses sent by a test itself
	answer bot.Answer // to the last of them
}

// start is a Thursday morning in week 9; Monday was a holiday.
var start = time.Date(2026, time.October, 15, 15, 0, 0, 0, time.UTC) // 10 AM in Chicago

type staff struct {
	id        school.PersonID
	handle    string // "" has no account
	name      string
	role      school.Role
	campus    school.CampusID
	schedule  school.Schedule
	observers []school.PersonID
}

var testStaff = []staff{
	{"imani", "imani", "Imani Adeyemi", school.Supervisor, "", "", nil},
	{"dana", "dana", "Dana Whitfield", school.Principal, "cedar", "", []school.PersonID{"imani"}},
	{"pat", "pat", "Pat Nolan", school.AP, "cedar", "", []school.PersonID{"dana"}},
	{"alice", "alice", "Alice Anderson", school.Coach, "cedar", "", []school.PersonID{"dana"}},
	{"carl", "carl", "Carl Coachman", school.Coach, "cedar", "", []school.PersonID{"dana"}},
	{"ada", "ada", "Ada Okafor", school.Teacher, "cedar", school.Weekly, []school.PersonID{"alice", "pat"}},
	{"bob", "bob", "Bob Brown", school.Teacher, "cedar", school.Weekly, []school.PersonID{"alice"}},
	{"ben", "ben", "Ben Diaz", school.Teacher, "cedar", school.EveryTwo, []school.PersonID{"alice"}},
	{"mari", "mari", "Marisol Diaz", school.Teacher, "cedar", school.EveryFour, []school.PersonID{"alice"}},
	{"ana", "ana", "Ana de la Cruz", school.Teacher, "cedar", school.EveryTwo, []school.PersonID{"carl"}},
	{"cy", "", "Cy Lindqvist", school.Teacher, "cedar", school.EveryTwo, []school.PersonID{"alice"}},
	{"olive", "olive", "Olive Office", school.Office, "", "", nil},
	{"leo", "leo", "Leo Lake", school.Coach, "oak", "", nil},
	{"tess", "tess", "Tess Teal", school.Teacher, "oak", school.Weekly, []school.PersonID{"leo"}},
	{"newt", "newt", "Newt Newcomer", school.Coach, "oak", "", nil},
}

func newWorld(t *testing.T) *world {
	t.Helper()
	zone, err := time.LoadLocation("America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	w := &world{now: start, zone: zone, fake: bottest.NewFake("fake")}
	now := func() time.Time { return w.now }
	w.log, w.fake.Now = school.NewMemLog(now), now
	w.book, err = school.Open(context.Background(), w.log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.book.Close)
	w.setUp(t)
	w.f = newRouter(t, w)
	w.fake.Connect(func(ctx context.Context, c bot.Call) (bot.Answer, <-chan bot.Answer) {
		a, later := w.f.Take(ctx, c)
		if err := checkAnswer(a); err != nil {
			t.Errorf("%s %s %s: %v", c.Command, c.Line, c.Press.Action, err)
		}
		if w.also != nil {
			w.also(a)
		}
		return a, later
	})
	return w
}

// newRouter makes a router as a replica has it, with no memory of what came before.
func newRouter(t *testing.T, w *world) *bot.Router {
	t.Helper()
	sealer, err := bot.NewSealer([]byte("a key for tests only"))
	if err != nil {
		t.Fatal(err)
	}
	desk := New(Config{Library: seeds.Library, Books: func(bot.District) (*school.Book, bool) { return w.book, true }})
	r := bot.NewRouter(bot.RouterConfig{
		Commands: desk.Commands(), Directory: w, Sealer: sealer, Now: func() time.Time { return w.now },
		Logger: slog.New(slog.NewTextHandler(testLog{t}, nil)),
	})
	t.Cleanup(func() { _ = r.Close(context.Background()) })
	return r
}

// checkAnswer holds every answer against the limits of its types.
func checkAnswer(a bot.Answer) error {
	switch a := a.(type) {
	case bot.Whisper:
		return bot.CheckCard(a.Card.Card())
	case bot.HomeView:
		return bot.CheckCard(a.Card.Card())
	case bot.OpenForm:
		return bot.CheckForm(a.Form)
	case bot.Update:
		if a.Private != nil {
			return bot.CheckCard(a.Private.Card())
		}
		return bot.CheckCard(a.Open.Card())
	}
	return nil
}

type testLog struct{ t *testing.T }

func (l testLog) Write(b []byte) (int, error) {
	l.t.Log(strings.TrimSpace(string(b)))
	return len(b), nil
}

var _ io.Writer = testLog{}

func (w *world) setUp(t *testing.T) {
	t.Helper()
	e := school.Entry{Command: "setup", Via: "file", At: start.AddDate(0, 0, -90)}
	add := func(f ...school.Fact) { e.Facts = append(e.Facts, f...) }
	add(school.DistrictSet{Name: "Blanco Bend ISD", Zone: "America/Chicago"},
		school.CampusSet{ID: "cedar", Name: "Cedar Ridge", NotifyTeachers: true},
		school.CampusSet{ID: "oak", Name: "Live Oak"},
		school.CalendarSet{
			Name: "2026-27", First: school.Date(2026, 8, 17), Last: school.Date(2027, 5, 27), Week: []int{1, 2, 3, 4, 5},
			Spans: []school.Span{
				{From: school.Date(2026, 10, 12), To: school.Date(2026, 10, 12), Class: school.NoSchool, Name: "Student holiday"},
				{From: school.Date(2026, 11, 23), To: school.Date(2026, 11, 27), Class: school.NoSchool, Name: "Thanksgiving break"},
			},
		})
	for _, x := range school.DefaultTargets() {
		if x.ID != "formal" && x.ID != "teams" {
			add(school.TargetSet{Target: x})
		}
	}
	for _, p := range testStaff {
		key := "name." + string(p.id)
		e.Texts = append(e.Texts, school.Text{Key: key, Kind: "name", Subject: string(p.id), Class: school.Roster, Body: p.name})
		f := school.PersonSet{ID: p.id, Name: key, From: school.Date(2026, 8, 1), Role: p.role, Campus: p.campus, Schedule: p.schedule, Observers: p.observers}
		if p.role == school.Supervisor {
			f.Campuses = []school.CampusID{"cedar", "oak"}
		}
		add(f)
		if p.handle != "" {
			acc := "account." + string(p.id)
			e.Texts = append(e.Texts, school.Text{Key: acc, Kind: "account", Subject: string(p.id), Class: school.Roster, Body: school.AccountText("fake", "W1", p.handle)})
			add(school.AccountLinked{Person: p.id, Account: acc})
		}
		if p.id != "imani" && p.id != "tess" {
			add(school.Welcomed{Person: p.id})
		}
	}
	add(school.TeamSet{ID: "math", Name: "Math 7", Campus: "cedar", Members: []school.PersonID{"ada", "ben", "alice"}, Lead: "ada", Weekday: 2, Time: 14*60 + 15, Minutes: 45, Room: "fake:W1:math"},
		school.TeamSet{ID: "ela", Name: "ELA 6", Campus: "cedar", Members: []school.PersonID{"bob", "mari"}, Weekday: 4, Time: 13 * 60, Minutes: 40})
	// Last week Alice saw Okafor and Ben Diaz; Brown was not seen since September.
	for i, v := range []school.VisitLogged{
		{Observer: "alice", Subject: "bob", Visit: school.CoachingVisit, On: school.Date(2026, 9, 22), Minutes: 15},
		{Observer: "alice", Subject: "ada", Visit: school.CoachingVisit, On: school.Date(2026, 10, 8), Minutes: 12, Focus: []string{"discourse"}, Texts: []string{"glow"}},
		{Observer: "alice", Subject: "ben", Visit: school.CoachingVisit, On: school.Date(2026, 10, 6), Minutes: 10},
		{Observer: "pat", Subject: "ada", Visit: school.Walkthrough, On: school.Date(2026, 9, 30), Minutes: 6, Texts: []string{"grow"}},
	} {
		v.UID = school.UID("setup", i)
		e.Facts = append(e.Facts, v)
		for _, what := range v.Texts {
			class := school.Coaching
			if v.Observer == "pat" {
				class = school.Evaluation
			}
			e.Texts = append(e.Texts, school.Text{
				Key: school.NoteKey(v.UID, what), Kind: what, Subject: string(v.Subject), Author: string(v.Observer), Class: class,
				Body: fmt.Sprintf("The %s that %s wrote.", what, v.Observer),
			})
		}
	}
	if _, err := w.book.Record(context.Background(), e); err != nil {
		t.Fatal(err)
	}
}

// The world is the directory of its people.
func (w *world) District(string, string) (bot.District, bool) { return "d1", true }

func (w *world) Who(_ bot.District, a bot.Account) (p bot.Person, ok bool) {
	_ = w.book.Read(func(m *school.Model) {
		var id school.PersonID
		id, ok = m.ByAccount(a.Platform, a.Workspace, a.User)
		p = bot.Person(id)
	})
	return p, ok
}

func (w *world) Accounts(_ bot.District, p bot.Person) []bot.Account {
	return []bot.Account{w.fake.Account(string(p))}
}

// And a bottest.World.
func (w *world) Fake() *bottest.Fake { return w.fake }

func (w *world) Account(handle string) (bot.Account, bool) {
	return w.fake.Account(handle), handle != ""
}
func (w *world) Handle(a bot.Account) string       { return a.User }
func (w *world) Room(name string) (bot.Room, bool) { return w.fake.Room(name), name == "cedar" }
func (w *world) RoomName(r bot.Room) string        { return r.ID }
func (w *world) Next() ([]string, error)           { return []string{"nothing happens by itself here"}, nil }

func (w *world) At(when string) ([]string, error) {
	t, err := time.ParseInLocation("2006-01-02 15:04", when, w.zone)
	if err == nil {
		w.now = t
	}
	return nil, err
}

// Do knows two verbs: "facts", which counts what is on record by kind since the set-up, and "@who presses
// ACTION SUBJECT", a button of an envelope that other packages post.
func (w *world) Do(line string) ([]string, bool, error) {
	if line == "facts" {
		lines, err := w.facts()
		return lines, true, err
	}
	if rest, ok := strings.CutPrefix(line, "envelope "); ok {
		who, press, _ := strings.Cut(rest, " ")
		action, subject, _ := strings.Cut(press, " ")
		return nil, true, w.envelope(strings.TrimPrefix(who, "@"), action, subject)
	}
	return nil, false, nil
}

// last is the number of the latest event of a kind: "vLAST" is the latest visit, "sLAST" the latest step, "aLAST" the
// latest check-in, which buttons call by "s" as well.
func (w *world) last(subject string) string {
	kinds := map[string]string{"vLAST": "visit.logged", "sLAST": "step.added", "aLAST": "step.answered"}
	kind, ok := kinds[subject]
	if !ok {
		return subject
	}
	var n int64
	_ = w.log.Read(context.Background(), 0, func(e school.Event) error {
		if e.Kind == kind {
			n = e.Version
		}
		return nil
	})
	if subject[0] == 'v' {
		return fmt.Sprintf("v%d", n)
	}
	return fmt.Sprintf("s%d", n)
}

// envelope posts an open card with one button to somebody's direct conversation and presses it.
func (w *world) envelope(who, action, subject string) error {
	room, err := w.fake.Direct(context.Background(), w.fake.Account(who))
	if err != nil {
		return err
	}
	sealer, _ := bot.NewSealer([]byte("a key for tests only"))
	id, err := sealer.SealPress(bot.Press{Action: action, Subject: w.last(subject)}, bot.SealDay(w.now))
	if err != nil {
		return err
	}
	card := bot.OpenCard(bot.Text{Text: "Something waits for you."}, bot.Buttons{Items: []bot.Button{{Label: "Open it", ID: id}}})
	if _, err := w.fake.Post(context.Background(), room, card, "m"); err != nil {
		return err
	}
	return w.fake.Click(w.fake.Account(who), "Open it")
}

func (w *world) facts() ([]string, error) {
	var out []string
	err := w.log.Read(context.Background(), 0, func(e school.Event) error {
		if !strings.HasPrefix(e.Command, "setup") {
			out = append(out, fmt.Sprintf("%s by %s", e.Kind, e.By))
		}
		return nil
	})
	if len(out) == 0 {
		out = []string{"nothing was recorded"}
	}
	return out, err
}

func TestConversations(t *testing.T) {
	bottest.PlayAll(t, "testdata/*.txt", func(t *testing.T) bottest.World {
		w := newWorld(t)
		w.also = onDiscord(t, "testdata")
		return w
	})
}
