package seeds

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"rounds/school"
)

// digest is a hash of everything that a seed makes.
func digest(t *testing.T, seed uint64) string {
	t.Helper()
	h := sha256.New()
	files := DemoFiles(seed)
	for _, name := range []string{"calendar.ics", "district.yaml", "people.csv", "visits.csv"} {
		fmt.Fprintf(h, "%s\x00%s\x00", name, files[name])
	}
	for _, e := range DemoHistory(seed, school.NewModel()) {
		b, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		h.Write(b)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

func TestDemoFollowsFromItsSeed(t *testing.T) {
	first := digest(t, DemoSeed)
	for range 4 {
		if again := digest(t, DemoSeed); again != first {
			t.Fatalf("seed %d made %s and %s", DemoSeed, first, again)
		}
	}
	if digest(t, DemoSeed+1) == first {
		t.Error("another seed makes the same district")
	}
}

// people reads people.csv as rows by e-mail.
func people(t *testing.T, seed uint64) map[string]map[string]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(DemoFiles(seed)["people.csv"])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]string{}
	for _, r := range rows[1:] {
		p := map[string]string{}
		for i, v := range r {
			p[rows[0][i]] = v
		}
		if out[p["email"]] != nil {
			t.Errorf("seed %d: two people have the address %s", seed, p["email"])
		}
		if !strings.HasSuffix(p["email"], "@example.com") {
			t.Errorf("%s could be somebody's address", p["email"])
		}
		out[p["email"]] = p
	}
	return out
}

func TestDemoPeople(t *testing.T) {
	for seed := range uint64(30) {
		all := people(t, seed)
		roles := map[string]int{}
		last := map[string]int{}
		for _, p := range all {
			roles[p["role"]]++
			words := strings.Fields(p["name"])
			last[p["campus"]+" "+words[len(words)-1]]++
		}
		for role, want := range map[string]int{"supervisor": 1, "principal": 2, "ap": 3, "coach": 4, "lead": 2, "teacher": 58} {
			if roles[role] != want {
				t.Errorf("seed %d: %d of role %s, want %d", seed, roles[role], role, want)
			}
		}
		if last["cedar Nguyen"] != 2 {
			t.Errorf("seed %d: no ambiguous last name", seed)
		}
		alice, bob := all["alice@example.com"], all["bob@example.com"]
		if alice["name"] != "Alice Anderson" || alice["role"] != "coach" || alice["campus"] != "cedar" {
			t.Errorf("Alice is %v", alice)
		}
		if bob["name"] != "Bob Brown" || bob["role"] != "teacher" || !strings.Contains(bob["observer"], "alice@example.com") {
			t.Errorf("Bob is %v", bob)
		}
		for _, email := range DemoPersonas() {
			if all[email] == nil {
				t.Errorf("seed %d: %s is featured and does not exist", seed, email)
			}
		}
	}
}

func TestDemoProtocolsExist(t *testing.T) {
	var ids []string
	for _, p := range Protocols() {
		ids = append(ids, p.ID)
	}
	used := map[string]bool{}
	for _, team := range newDemo(DemoSeed).teams {
		used[team.protocol] = true
	}
	for _, e := range DemoHistory(DemoSeed, school.NewModel()) {
		for _, f := range e.Facts {
			if c, ok := f.(school.ProtocolChosen); ok {
				used[c.Protocol] = true
			}
		}
	}
	for id := range used {
		if !slices.Contains(ids, id) {
			t.Errorf("there is no protocol %q; there are %v", id, ids)
		}
	}
	if len(used) < 8 {
		t.Errorf("the demo uses %d protocols, want all eight", len(used))
	}
}

func TestDemoCalendar(t *testing.T) {
	c := demoCalendar()
	if n := c.SchoolDays(c.First, c.Last); n < 165 || n > 190 {
		t.Errorf("%d school days", n)
	}
	today := school.DayOf(DemoStart(), demoZone())
	if c.WeekNumber(today) != 9 || c.School(today.Monday()) || !c.School(today) || today.Weekday() != time.Thursday {
		t.Errorf("the demo starts on %s of week %d", today.Short(), c.WeekNumber(today))
	}
	windows := 0
	for _, s := range demoSpans {
		if s.Class == school.Testing {
			windows++
		}
	}
	if windows != 3 {
		t.Errorf("%d testing windows", windows)
	}
	for _, change := range []school.Day{school.Date(2026, 11, 1), school.Date(2027, 3, 14)} {
		if change < c.First || change > c.Last {
			t.Errorf("the clocks change on %s, outside of the year", change)
		}
	}
}

// The history is written in order, in working hours, on days on which somebody works.
func TestDemoHistoryTimes(t *testing.T) {
	zone, c := demoZone(), demoCalendar()
	commands, keys := map[string]bool{}, map[string]bool{}
	var before time.Time
	facts := 0
	for _, e := range DemoHistory(DemoSeed, school.NewModel()) {
		if e.At.Before(before) {
			t.Fatalf("%s comes after %s", e.At, before)
		}
		before = e.At
		at := e.At.In(zone)
		if h := at.Hour()*60 + at.Minute(); h < 7*60+30 || h > 17*60 {
			t.Errorf("%s is out of hours", at)
		}
		if d := school.DayOf(at, zone); !c.School(d) || d < demoFirst || d > historyEnd {
			t.Errorf("%s is no school day of the history", d.Short())
		}
		if commands[e.Command] {
			t.Errorf("the command %s stands twice", e.Command)
		}
		commands[e.Command] = true
		if len(e.Facts) == 0 {
			t.Errorf("%s adds nothing", e.Command)
		}
		facts += len(e.Facts)
		for _, x := range e.Texts {
			if keys[x.Key] || x.Body == "" || x.Subject == "" || x.Class == "" {
				t.Errorf("text %+v", x)
			}
			keys[x.Key] = true
		}
		for _, f := range e.Facts {
			for _, k := range textKeys(f) {
				if !keys[k] {
					t.Errorf("%s: the text %s of %s is missing", e.Command, k, f.Kind())
				}
			}
		}
	}
	if facts < 1500 || facts > 6000 {
		t.Errorf("%d facts", facts)
	}
}

// textKeys are the texts that a fact says are there.
func textKeys(f school.Fact) (out []string) {
	switch x := f.(type) {
	case school.VisitLogged:
		for _, what := range x.Texts {
			out = append(out, school.NoteKey(x.UID, what))
		}
	case school.StepAdded:
		out = append(out, school.NoteKey(x.UID, "step"))
	case school.StepAnswered:
		if x.Noted {
			out = append(out, school.NoteKey(x.UID, "note"))
		}
	case school.ItemAdded:
		out = append(out, school.NoteKey(x.UID, "item"))
	case school.CommitmentMade:
		out = append(out, school.NoteKey(x.UID, "commitment"))
	case school.MeetingHeld:
		out = append(out, school.NoteKey(x.UID, "minutes"))
	case school.MeetingSkipped:
		out = append(out, school.NoteKey(x.UID, "reason"))
	case school.Snoozed:
		out = append(out, school.NoteKey(x.UID, "reason"))
	}
	return out
}

// demoWords lists all texts by kind, each once.
func demoWords() map[string][]string {
	w := map[string][]string{
		"item": demoItems, "commitment": demoCommitments, "minutes": demoMinutes, "reason": demoReasons,
		"note": slices.Concat(demoNotes, demoTeamNotes),
		"glow": slices.Clone(demoLeaderGlows), "grow": slices.Clone(demoLeaderGrows),
	}
	for _, l := range demoLessons {
		w["glow"] = append(w["glow"], l.glows...)
		w["grow"] = append(w["grow"], l.grows...)
		w["step"] = append(w["step"], l.steps...)
	}
	for _, list := range demoCheckIns {
		w["note"] = append(w["note"], list...)
	}
	return w
}

func TestDemoWords(t *testing.T) {
	words := demoWords()
	for _, kind := range []string{"glow", "grow", "step", "note"} {
		distinct := map[string]bool{}
		for _, s := range words[kind] {
			distinct[s] = true
		}
		if len(distinct) < 60 || len(distinct) != len(words[kind]) {
			t.Errorf("%d different texts of kind %s among %d", len(distinct), kind, len(words[kind]))
		}
	}
	for _, f := range school.DefaultFocus {
		if !slices.ContainsFunc(demoLessons, func(l lessonWords) bool { return l.focus == f.Key }) {
			t.Errorf("no words for the focus area %s", f.Key)
		}
	}
	// One small change, as a step should be: short, and not two at once.
	for _, s := range words["step"] {
		if len(s) > 140 || regexp.MustCompile(`\b(and also|as well as|understand)\b`).MatchString(s) {
			t.Errorf("%q is no bite-sized step", s)
		}
	}
	for kind, list := range words {
		for _, s := range list {
			if strings.ContainsAny(s, "—–“”’") {
				t.Errorf("%s %q: plain characters only", kind, s)
			}
		}
	}
}

// No text of the history names anybody who could be on the roster.
func TestDemoTextsNameNobody(t *testing.T) {
	names := map[string]bool{}
	all := slices.Clone(demoNames)
	for _, p := range newDemo(DemoSeed).people {
		all = append(all, p.name)
	}
	for _, n := range all {
		for w := range strings.FieldsSeq(n) {
			if w = school.Fold(w); w != "de" && w != "la" {
				names[w] = true
			}
		}
	}
	if !names["brown"] || !names["okafor"] {
		t.Fatal("the test does not know the names")
	}
	for _, e := range DemoHistory(DemoSeed, school.NewModel()) {
		for _, x := range e.Texts {
			for _, w := range strings.FieldsFunc(school.Fold(x.Body), func(r rune) bool { return !unicode.IsLetter(r) }) {
				if names[w] {
					t.Errorf("%q names %q", x.Body, w)
				}
			}
		}
	}
}

func TestWriteDemo(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "district")
	if err := WriteDemo(dir, DemoSeed); err != nil {
		t.Fatal(err)
	}
	for name, want := range DemoFiles(DemoSeed) {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := WriteDemo(dir, DemoSeed+1); err == nil || !strings.Contains(err.Error(), "already there") {
		t.Errorf("a second time: %v", err)
	}
	if got, err := os.ReadFile(filepath.Join(dir, "people.csv")); err != nil || !bytes.Equal(got, DemoFiles(DemoSeed)["people.csv"]) {
		t.Error("the refused second time changed a file")
	}
}

func BenchmarkDemoHistory(b *testing.B) {
	m := school.NewModel()
	for b.Loop() {
		DemoHistory(DemoSeed, m)
	}
}
