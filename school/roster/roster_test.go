package roster

import (
	"strings"
	"testing"

	"rounds/school"

	"github.com/google/go-cmp/cmp"
)

var district = District{ID: "small", Campuses: []school.CampusID{"cedar", "oak"}}

const peopleHeader = "name,email,chat_email,role,campus,observer,visit_schedule,years,start_date,plc_team\n"

func readPeople(t *testing.T, rows string) map[string]Person {
	t.Helper()
	people, err := ReadPeople("people.csv", []byte(peopleHeader+rows), district)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]Person{}
	for _, p := range people {
		out[p.Email] = p
	}
	return out
}

func TestReadPeople(t *testing.T) {
	got := readPeople(t, `"Lovett, Ada",Ada@Example.com,ada@chat.example.com,Principal,cedar,,,,,
Imani Adeyemi,imani@example.com,,principal supervisor,cedar;oak,,,,,
Cy Ortega,cy@example.com,,coach,oak;cedar,ada@example.com,,,,
Bob Brown,bob@example.com,,teacher,cedar,cy@example.com; ADA@example.com ,,2,2026-08-10,math; science
Eve Okafor,eve@example.com,,teacher,cedar,,,3,,
Zoë O’Neil,zoe@example.com,,teacher,oak,,4weeks,0,,
No Years,no@example.com,,teacher,oak,,,,,
Off Duty,off@example.com,,lead,oak,,none,0,,
`)
	ada := got["ada@example.com"]
	if ada.Name != "Lovett, Ada" || ada.ChatEmail != "ada@chat.example.com" || ada.Role != school.Principal || ada.Campus != "cedar" || ada.Schedule != school.NoSchedule {
		t.Errorf("ada: %+v", ada)
	}
	if ada.ID != school.NewPersonID("small", "ada@example.com") {
		t.Errorf("ada has the id %s", ada.ID)
	}
	if imani := got["imani@example.com"]; imani.Role != school.Supervisor || imani.Campus != "" || len(imani.Campuses) != 2 {
		t.Errorf("district staff belong to no single campus: %+v", imani)
	}
	if cy := got["cy@example.com"]; cy.Campus != "oak" || len(cy.Campuses) != 2 {
		t.Errorf("the home campus is the one named first: %+v", cy)
	}
	bob := got["bob@example.com"]
	if diff := cmp.Diff([]string{"cy@example.com", "ada@example.com"}, bob.Observers); diff != "" {
		t.Errorf("bob's observers: %s", diff)
	}
	if diff := cmp.Diff([]string{"math", "science"}, bob.Teams); diff != "" || bob.Start != school.Date(2026, 8, 10) {
		t.Errorf("bob: %+v %s", bob, diff)
	}
	for email, want := range map[string]school.Schedule{
		"bob@example.com": school.Weekly, "eve@example.com": school.EveryTwo, "zoe@example.com": school.EveryFour,
		"no@example.com": school.EveryTwo, "off@example.com": school.NoSchedule,
	} {
		if got[email].Schedule != want {
			t.Errorf("%s is visited %q, want %q", email, got[email].Schedule, want)
		}
	}
}

// A text key is written once: another name needs another key, the same name the same.
func TestTextKeys(t *testing.T) {
	key := func(name string) string {
		p := readPeople(t, name+",bob@example.com,,teacher,cedar,,,,,\n")["bob@example.com"]
		e := p.Entry("small", school.Date(2026, 7, 1))
		if e.Texts[0].Subject != string(p.ID) || e.Texts[0].Class != school.Roster || e.Texts[0].Body != name {
			t.Errorf("text %+v", e.Texts[0])
		}
		return e.Texts[0].Key
	}
	if key("Bob Brown") == key("Robert Brown") {
		t.Error("two names have one key")
	}
	if first, again := key("Bob Brown"), key("Bob Brown"); first != again {
		t.Error("one name has two keys")
	}
}

func TestReadVisits(t *testing.T) {
	people, err := ReadPeople("people.csv", []byte(peopleHeader+`Ada Lovett,ada@example.com,,ap,cedar,,,,,
Cy Ortega,cy@example.com,,coach,cedar,,,,,
Bob Brown,bob@example.com,,teacher,cedar,,,,,
`), district)
	if err != nil {
		t.Fatal(err)
	}
	visits, err := ReadVisits("visits.csv", []byte(`observer,teacher,date,minutes,kind,focus
cy@example.com,bob@example.com,2026-09-08,12,,discourse;rigor
ada@example.com,Bob@example.com,9/8/2026,,,
cy@example.com,math,2026-09-09,45,,
cy@example.com,bob@example.com,2026-09-08,10,coaching,
`), Known{People: people, Teams: []school.TeamID{"math"}, Focus: school.DefaultFocus})
	if err != nil {
		t.Fatal(err)
	}
	cy, ada, bob := school.NewPersonID("small", "cy@example.com"), school.NewPersonID("small", "ada@example.com"), school.NewPersonID("small", "bob@example.com")
	var got []school.VisitLogged
	keys := map[string]bool{}
	for _, v := range visits.Visits {
		f := v.Entry().Facts[0].(school.VisitLogged)
		f.UID = 0
		got = append(got, f)
		if keys[v.Key()] {
			t.Errorf("the key %s stands twice", v.Key())
		}
		keys[v.Key()] = true
	}
	want := []school.VisitLogged{
		{Observer: cy, Subject: bob, Visit: school.CoachingVisit, On: school.Date(2026, 9, 8), Minutes: 12, Focus: []string{"discourse", "rigor"}},
		{Observer: ada, Subject: bob, Visit: school.Walkthrough, On: school.Date(2026, 9, 8)},
		{Observer: cy, Team: "math", Visit: school.PLCVisit, On: school.Date(2026, 9, 9), Minutes: 45},
		{Observer: cy, Subject: bob, Visit: school.CoachingVisit, On: school.Date(2026, 9, 8), Minutes: 10},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Columns are counted in characters, as editors show them, not in bytes.
func TestProblemColumns(t *testing.T) {
	_, err := ReadPeople("people.csv", []byte("\ufeff"+peopleHeader+"Zoë Núñez,zoe@example.com,,techer,cedar,,,,,\r\n"), district)
	if err == nil || !strings.HasPrefix(err.Error(), "people.csv:2:28: role:") {
		t.Errorf("got %v", err)
	}
}

// FuzzReadPeople: no table ends the program, and what comes back can be used.
func FuzzReadPeople(f *testing.F) {
	f.Add([]byte(peopleHeader + "Ada,ada@example.com,,ap,cedar,,,,,\n"))
	f.Add([]byte("\ufeffname,email,role\r\n\"a\"b,c\r\n“x,y”,z,"))
	f.Add([]byte("name;email\n\x00\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		people, err := ReadPeople("people.csv", data, district)
		for _, p := range people {
			if p.Name == "" || p.Email == "" || p.Role == "" {
				t.Errorf("a row without name, e-mail or role came back: %+v", p)
			}
		}
		if err != nil && err.Error() == "" {
			t.Error("an error says nothing")
		}
		if _, err := ReadVisits("visits.csv", data, Known{People: people, Focus: school.DefaultFocus}); err != nil && err.Error() == "" {
			t.Error("an error says nothing")
		}
	})
}
