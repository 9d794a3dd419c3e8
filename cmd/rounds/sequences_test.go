package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"rounds/school"
	"rounds/school/logtest"
	"rounds/school/redislog"
	"rounds/school/sqlitelog"
)

// sequenceCount is how many random sequences TestSequences plays: some hundreds in every test run, 10,000 by make sequences.
var (
	sequenceCount = flag.Int("sequences", 300, "how many random sequences of commands TestSequences plays on every kind of store")
	sequenceSeed  = flag.Uint64("sequences.seed", 0, "seed of TestSequences (0: a new one, printed)")
)

// perDistrict is how many sequences are played in one district, the next where the last left it.
const perDistrict = 25

// TestSequences plays the same random commands on a log in memory, in a file and in a Redis. After each sequence the three
// models, which followed as replicas do, are one. So are those that are replayed in the end, and those of logs that
// the record was moved to. One event that is changed is noticed: the control.
func TestSequences(t *testing.T) {
	seed := *sequenceSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("-sequences.seed=%d", seed)
	file, err := sqlitelog.Open(t.Context(), filepath.Join(t.TempDir(), "rounds.db"), sqlitelog.Options{Mark: sqlitelog.Real})
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	// About models, not about disks.
	shared, err := redislog.Open(t.Context(), "redis://"+logtest.StartRedis(t, "--save", "").Addr, redislog.Options{Mark: redislog.Real, AcceptLoss: true})
	if err != nil {
		t.Fatal(err)
	}
	defer shared.Close()
	total := counted{kinds: map[string]int{}}
	for d := 0; d*perDistrict < *sequenceCount; d++ {
		at := fmt.Sprintf("-sequences.seed=%d, district %d", seed, d)
		p := &sequencePlayer{rnd: rand.New(rand.NewPCG(seed, uint64(d))), name: fmt.Sprint("d", d), counted: &total}
		logs := []school.Mover{school.NewMemLog(time.Now), file.Log(p.name).(school.Mover), shared.Log(p.name).(school.Mover)}
		for i, l := range logs {
			b, err := school.Open(t.Context(), l)
			if err != nil {
				t.Fatalf("%s, store %d: %v", at, i, err)
			}
			p.books = append(p.books, b)
		}
		var want string
		for s := range min(perDistrict, *sequenceCount-d*perDistrict) {
			if err := p.sequence(t.Context()); err != nil {
				t.Fatalf("%s, sequence %d: %v", at, s, err)
			}
			var prints [3]string
			for i, b := range p.books {
				if err := b.Await(t.Context(), p.version); err != nil {
					t.Fatal(err)
				}
				_ = b.Read(func(m *school.Model) { prints[i] = fmt.Sprint(m.Version(), " ", m.Fingerprint()) })
			}
			if want = prints[0]; prints[1] != want || prints[2] != want {
				t.Fatalf("%s, sequence %d: memory, file and Redis have the models\n%s", at, s, prints)
			}
		}
		var visits []int64 // that the model took, and that nobody amended
		_ = p.books[0].Read(func(m *school.Model) {
			m.EachVisit(func(v school.OnRecord) {
				if v.First == v.UID {
					visits = append(visits, v.N)
				}
			})
		})
		for _, b := range p.books {
			b.Close()
		}
		moved := []school.Mover{school.NewMemLog(time.Now), file.Log(p.name + "-moved").(school.Mover), shared.Log(p.name + "-moved").(school.Mover)}
		for i, l := range logs { // memory to file, file to Redis, Redis to memory
			to := moved[(i+1)%3]
			if _, err := school.Move(t.Context(), l, to); err != nil {
				t.Fatalf("%s: move %d: %v", at, i, err)
			}
		}
		for i, l := range append(logs, moved...) {
			if got := modelOf(t, l); got != want {
				t.Fatalf("%s: replayed, log %d makes the model\n%s\nwant\n%s", at, i, got, want)
			}
		}
		if len(visits) > 0 {
			total.harmed++
			if got := modelOf(t, harmed{logs[d%3], visits[p.rnd.IntN(len(visits))]}); got == want {
				t.Errorf("%s: one visit was made a minute longer, and the fingerprint is the same", at)
			}
		}
	}
	t.Logf("%d sequences, %d commands, %d of them sent again, %d events of %d kinds: equal in memory, SQLite and Redis, replayed and moved; %d harms of one event, all noticed",
		*sequenceCount, total.commands, total.again, total.events, len(total.kinds), total.harmed)
	if total.harmed == 0 || total.again == 0 || len(total.kinds) < len(factKinds) {
		t.Errorf("too little happened for a proof: %d harms, %d commands again, %d of %d kinds of facts", total.harmed, total.again, len(total.kinds), len(factKinds))
	}
}

func modelOf(t *testing.T, l school.Log) (print string) {
	t.Helper()
	b, err := school.Open(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	_ = b.Read(func(m *school.Model) { print = fmt.Sprint(m.Version(), " ", m.Fingerprint()) })
	return print
}

// harmed is a log of which one visit reads a minute longer than it was.
type harmed struct {
	school.Log
	version int64
}

func (h harmed) Read(ctx context.Context, from int64, each func(school.Event) error) error {
	return h.Log.Read(ctx, from, func(e school.Event) error {
		if e.Version == h.version {
			var v school.VisitLogged
			if err := json.Unmarshal(e.Data, &v); err != nil {
				return err
			}
			v.Minutes++
			e.Data, _ = json.Marshal(v)
		}
		return each(e)
	})
}

// counted is what was played.
type counted struct {
	commands, again, events, harmed int
	kinds                           map[string]int
}

// A sequencePlayer makes random commands in one district and records them in all of its books.
type sequencePlayer struct {
	*counted
	rnd     *rand.Rand
	name    string
	books   []*school.Book
	n       int
	version int64
	sent    []school.Entry
}

func (p *sequencePlayer) sequence(ctx context.Context) error {
	for range 1 + p.rnd.IntN(12) {
		var e school.Entry
		if len(p.sent) > 0 && p.rnd.IntN(8) == 0 {
			e = p.sent[p.rnd.IntN(len(p.sent))]
			p.again++
		} else {
			e = p.entry()
		}
		if err := p.record(ctx, e); err != nil {
			return fmt.Errorf("command %s: %w", e.Command, err)
		}
	}
	return nil
}

// record records an entry everywhere; the outcome is the same everywhere.
func (p *sequencePlayer) record(ctx context.Context, e school.Entry) error {
	decides := p.rnd.IntN(3) == 0
	var first school.Recorded
	for i, b := range p.books {
		var r school.Recorded
		var err error
		if decides {
			r, err = b.Decide(ctx, func(*school.Model) (school.Entry, error) { return e, nil })
		} else {
			r, err = b.Record(ctx, e)
		}
		if err != nil {
			return fmt.Errorf("store %d: %w", i, err)
		}
		if i == 0 {
			first = r
		} else if r != first {
			return fmt.Errorf("store %d says %+v, memory %+v", i, r, first)
		}
	}
	p.commands++
	if first.Repeated {
		return nil
	}
	p.events += len(e.Facts)
	p.version = first.Last
	for _, f := range e.Facts {
		p.kinds[f.Kind()]++
	}
	return nil
}

// factKinds are the kinds of facts that commands are made of.
var factKinds = []school.Fact{
	school.DistrictSet{},
	school.CampusSet{},
	school.CampusGone{},
	school.CalendarSet{},
	school.DayDeclared{},
	school.DayRestored{},
	school.PersonSet{},
	school.PersonLeft{},
	school.AccountLinked{},
	school.AccountUnlinked{},
	school.LeaveSet{},
	school.TeamSet{},
	school.TeamGone{},
	school.TargetSet{},
	school.TargetGone{},
	school.RuleSet{},
	school.RuleGone{},
	school.VisitLogged{},
	school.VisitAmended{},
	school.VisitShared{},
	school.VisitOpened{},
	school.VisitDebriefed{},
	school.VisitVoided{},
	school.StepAdded{},
	school.StepMoved{},
	school.StepAnswered{},
	school.ItemAdded{},
	school.CommitmentMade{},
	school.CommitmentClosed{},
	school.MeetingHeld{},
	school.Snoozed{},
	school.Rated{},
	school.Sent{},
	school.Welcomed{},
}

// entry is a random command: people and visits more often than the rest, most of what it names there, some of it not.
func (p *sequencePlayer) entry() school.Entry {
	p.n++
	e := school.Entry{Command: fmt.Sprintf("%s:%d", p.name, p.n), By: p.person(), Via: "test", At: schoolClock().Add(time.Duration(p.n) * time.Minute).Truncate(time.Second).UTC()}
	for i := range 1 + p.rnd.IntN(4) {
		kind := factKinds[p.rnd.IntN(len(factKinds))]
		switch p.rnd.IntN(4) {
		case 0:
			kind = school.PersonSet{}
		case 1:
			kind = school.VisitLogged{}
		}
		v := reflect.New(reflect.TypeOf(kind)).Elem()
		text := school.TextKey(e.Command, fmt.Sprint(i)) // an edit is a new text
		p.fill(v, "", text)
		e.Facts = append(e.Facts, v.Interface().(school.Fact))
		textKind, body := "glow", "Clear."
		switch kind.(type) { // only these bring texts that a model holds
		case school.PersonSet:
			textKind, body = "name", fmt.Sprintf("Name %d", p.rnd.IntN(30))
		case school.AccountLinked, school.AccountUnlinked:
			textKind, body = "account", fmt.Sprintf("slack T01 U%02d", p.rnd.IntN(12))
		}
		e.Texts = append(e.Texts, school.Text{Key: text, Kind: textKind, Subject: string(p.person()), Class: school.Roster, Body: body})
	}
	p.sent = append(p.sent, e)
	return e
}

func (p *sequencePlayer) person() school.PersonID {
	return school.PersonID(fmt.Sprint("p", p.rnd.IntN(8)))
}

func (p *sequencePlayer) one(of ...string) string { return of[p.rnd.IntN(len(of))] }

// fill fills a value by its type, and where that says too little by the name of its field.
func (p *sequencePlayer) fill(v reflect.Value, field, text string) {
	switch v.Type() {
	case reflect.TypeFor[school.PersonID]():
		v.SetString(string(p.person()))
	case reflect.TypeFor[school.CampusID]():
		v.SetString(p.one("", "cedar", "oak"))
	case reflect.TypeFor[school.TeamID]():
		v.SetString(p.one("", "", "math", "ela"))
	case reflect.TypeFor[school.Role]():
		v.SetString(p.one("teacher", "teacher", "lead", "coach", "ap", "principal", "supervisor", "district"))
	case reflect.TypeFor[school.Schedule]():
		v.SetString(p.one("", "weekly", "2weeks", "4weeks"))
	case reflect.TypeFor[school.VisitKind]():
		v.SetString(p.one("walkthrough", "coaching", "formal", "plc"))
	case reflect.TypeFor[school.StepState]():
		v.SetString(p.one("draft", "assigned", "practicing", "mastered", "continued", "replaced", "closed"))
	case reflect.TypeFor[school.CheckIn]():
		v.SetString(p.one("not yet", "tried it", "doing it consistently", "let's talk"))
	case reflect.TypeFor[school.DayClass]():
		v.SetString(string(school.NoSchool))
	case reflect.TypeFor[school.When]():
		v.SetString(p.one("first school day", "every school day", "days"))
	case reflect.TypeFor[school.Day]():
		v.SetInt(int64(school.Date(2026, 8, 10)) + p.rnd.Int64N(120))
	case reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(schoolClock().Truncate(time.Second).UTC()))
	default:
		p.fillKind(v, field, text)
	}
}

func (p *sequencePlayer) fillKind(v reflect.Value, field, text string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(p.one("a", "b", "plan", "weekly", text))
		switch field {
		case "Zone":
			v.SetString(p.one("America/Chicago", "America/Denver"))
		case "Name", "Email", "ChatEmail", "Account":
			v.SetString(text)
		case "Room", "Ref", "Cron", "Dropped":
			v.SetString(p.one("", "slack:T01:C01"))
		}
	case reflect.Bool:
		v.SetBool(p.rnd.IntN(2) == 0)
	case reflect.Int64: // an earlier event, or one that never was
		v.SetInt(1 + p.rnd.Int64N(p.version+2))
	case reflect.Int, reflect.Int32, reflect.Int16, reflect.Int8:
		v.SetInt(1 + p.rnd.Int64N(5))
	case reflect.Uint64:
		v.SetUint(p.rnd.Uint64())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), p.rnd.IntN(3), 3))
		for i := range v.Len() {
			p.fill(v.Index(i), field, text)
		}
		if v.Type() == reflect.TypeFor[[]int]() {
			slices.Sort(v.Interface().([]int))
		}
	case reflect.Map:
		v.SetZero()
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Tag.Get("json") != "-" {
				p.fill(v.Field(i), f.Name, text)
			}
		}
	}
}
