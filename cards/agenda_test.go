package cards

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"rounds/bot"
	"rounds/bot/bottest"
	"rounds/school"

	"pgregory.net/rapid"
)

// agendaModel is a district with one team of four, which meets on Tuesdays.
func agendaModel(t *testing.T, facts ...school.Fact) *school.Model {
	t.Helper()
	log := school.NewMemLog(func() time.Time { return time.Unix(0, 0) })
	book, err := school.Open(context.Background(), log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(book.Close)
	e := school.Entry{Command: "setup", At: time.Unix(0, 0)}
	e.Facts = append(e.Facts, school.DistrictSet{Zone: "America/Chicago"}, school.CampusSet{ID: "cedar", Name: "Cedar Ridge"},
		school.CalendarSet{First: school.Date(2026, 8, 17), Last: school.Date(2027, 5, 27), Week: []int{1, 2, 3, 4, 5}})
	var members []school.PersonID
	for _, name := range []string{"Ada Okafor", "Ben Diaz", "Cy Lindqvist", "Dee O'Neil"} {
		id := school.PersonID(strings.ToLower(name[:3]))
		members = append(members, id)
		e.Texts = append(e.Texts, school.Text{Key: "name." + string(id), Kind: "name", Body: name})
		e.Facts = append(e.Facts, school.PersonSet{ID: id, Name: "name." + string(id), From: school.Date(2026, 8, 1), Role: school.Teacher, Campus: "cedar"})
	}
	e.Facts = append(e.Facts, school.TeamSet{ID: "math", Name: "Math 7", Campus: "cedar", Members: members, Weekday: 2, Time: 14*60 + 15, Minutes: 45})
	e.Facts = append(e.Facts, facts...)
	if _, err := book.Record(context.Background(), e); err != nil {
		t.Fatal(err)
	}
	var m *school.Model
	_ = book.Read(func(x *school.Model) { m = x })
	return m // nothing is recorded after this, so that it may be read without the lock
}

var agendaSlot = school.Date(2026, 10, 20)

// The three jobs go round; a skipped meeting changes no name, and who is away is passed over.
func TestAgendaRoles(t *testing.T) {
	away := school.LeaveSet{Person: "ben", From: agendaSlot, To: agendaSlot}
	m := agendaModel(t, away, school.MeetingSkipped{Team: "math", Slot: agendaSlot - 7})
	team, _ := m.Team("math")
	var got []string
	for _, slot := range []school.Day{agendaSlot - 21, agendaSlot - 14, agendaSlot - 7, agendaSlot, agendaSlot + 7} {
		line := slot.String()
		for _, r := range agendaRoles(m, team, slot) {
			line += " " + strings.ToLower(r.Job[:1]) + ":" + strings.Fields(r.Name)[0]
		}
		got = append(got, line)
	}
	want := []string{
		"2026-09-29 f:Cy t:Dee r:Ada", "2026-10-06 f:Dee t:Ada r:Ben", "2026-10-13 f:Ada t:Ben r:Cy",
		"2026-10-20 f:Ada t:Cy r:Dee", // three are there; it would be Ben's turn
		"2026-10-27 f:Cy t:Dee r:Ada",
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got %s, want %s", got[i], want[i])
		}
	}
	for n, want := range []int{0, 1, 2, 3} {
		small := *team
		small.Members = team.Members[:n]
		if got := len(agendaRoles(m, &small, agendaSlot+7)); got != want {
			t.Errorf("a team of %d has %d roles, not %d", n, got, want)
		}
	}
}

// Whatever stands in the texts, an agenda names people only where it may, and keeps to the limits of a card.
func TestAgendaNamesNobody(t *testing.T) {
	m := agendaModel(t,
		school.ItemAdded{UID: 1, Team: "math", Slot: agendaSlot}, school.ItemAdded{UID: 2, Team: "math", Slot: agendaSlot}, school.ItemAdded{UID: 3, Team: "math", Slot: agendaSlot},
		school.CommitmentMade{UID: 4, Team: "math", Owner: "ada", By: agendaSlot - 4, Slot: agendaSlot - 7},
		school.CommitmentMade{UID: 5, Team: "math", Owner: "ben", Slot: agendaSlot - 7},
		school.MeetingSkipped{UID: 6, Team: "math", Slot: agendaSlot + 7}, school.MeetingHeld{UID: 7, Team: "math", Slot: agendaSlot + 14})
	texts := map[string]string{
		school.NoteKey(1, "item"): "ask Okafor about the exit tickets", school.NoteKey(2, "item"): "pacing\nof unit 3",
		school.NoteKey(4, "commitment"): "meet with Ben Diaz", school.NoteKey(6, "reason"): "Ms. O'Neil is away",
	}
	for _, k := range []string{school.NoteKey(1, "item"), school.NoteKey(5, "commitment")} {
		if !strings.Contains(strings.Join(AgendaTexts(m, "math", agendaSlot), " "), k) {
			t.Errorf("AgendaTexts leaves out %s", k)
		}
	}
	team, _ := m.Team("math")
	guard := CardGuard(m)
	p := Protocol{Name: "Weekly data meeting", Minutes: 45, PreWork: []string{"Bring work"}, Steps: []ProtocolStep{{Minutes: 45, Title: "All", Output: "Something", Required: true}}}
	var all []string
	for _, slot := range []school.Day{agendaSlot, agendaSlot + 7, agendaSlot + 14} {
		card := AgendaOf(m, team, slot, texts, p)
		if err := guard(card.Card()); err != nil {
			t.Errorf("%s: %v", slot, err)
		}
		if err := bot.CheckCard(card.Card()); err != nil {
			t.Errorf("%s: %v", slot, err)
		}
		all = append(all, card.Text())
	}
	bottest.Golden(t, "testdata/agenda.txt", strings.Join(all, "\n\n")+"\n")
}

// A long list is cut, and says so.
func TestAgendaLong(t *testing.T) {
	f := AgendaFacts{Team: "Math 7", When: "Tue", Subject: AgendaSubject("math", agendaSlot)}
	for i := range 14 {
		f.Items = append(f.Items, fmt.Sprintf("item %d", i))
		f.Commitments = append(f.Commitments, AgendaCommitment{N: int64(i + 1), Owner: "Ada Okafor", Words: strings.Repeat("word ", 50)})
	}
	text := Agenda(f).Text()
	for _, want := range []string{"and 4 more, in /plc met", "and 4 more\n", "No protocol is set"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// Any team's and campus's id fits on a button and is found again.
func TestSubjects(t *testing.T) {
	m := agendaModel(t, school.TeamSet{ID: "cedar-ridge-elementary-mathematics-grade-7", Name: "Long", Campus: "cedar"},
		school.CampusSet{ID: "a-campus-with-an-id-that-is-far-too-long-for-a-button", Name: "Far"})
	rapid.Check(t, func(rt *rapid.T) {
		id := rapid.StringMatching(`[a-z0-9-]{1,60}`).Draw(rt, "id")
		day := school.Day(rapid.IntRange(1, 60000).Draw(rt, "day"))
		for _, s := range []string{AgendaSubject(school.TeamID(id), day), DigestSubject(school.CampusID(id), day)} {
			if n := len("digest.preview") + len(s); n > bot.MaxPress {
				rt.Fatalf("%q: %d bytes with its action", s, n)
			}
			if got, d, ok := readSubject(s); !ok || d != day || got != shortID(id) {
				rt.Fatalf("%q reads %q, %d, %v", s, got, d, ok)
			}
		}
	})
	for _, team := range m.Teams() {
		got, slot, ok := ReadAgendaSubject(m, AgendaSubject(team.ID, agendaSlot))
		if !ok || got != team || slot != agendaSlot {
			t.Errorf("team %s is not found again", team.ID)
		}
	}
	for _, c := range m.Campuses() {
		if got, _, ok := ReadDigestSubject(m, DigestSubject(c.ID, agendaSlot)); !ok || got != c.ID {
			t.Errorf("campus %s is not found again", c.ID)
		}
	}
	if _, _, ok := ReadDigestSubject(m, "cedar 20738"); !ok {
		t.Error("a blank does not part campus and day")
	}
	for _, bad := range []string{"", "/", "math", "math/", "math/x", "math/-1", "nobody/20738", "/20738"} {
		if _, _, ok := ReadAgendaSubject(m, bad); ok {
			t.Errorf("%q reads as a meeting", bad)
		}
	}
	if n, ok := ReadCommitmentSubject(CommitmentSubject(77)); !ok || n != 77 {
		t.Error("a commitment is not found again")
	}
	for _, bad := range []string{"", "c", "77", "c-1", "c7x", "c99999999999999999999"} {
		if _, ok := ReadCommitmentSubject(bad); ok {
			t.Errorf("%q reads as a commitment", bad)
		}
	}
}
