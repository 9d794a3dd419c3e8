package roster

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"rounds/school"

	"github.com/google/go-cmp/cmp"
)

const (
	orgHead  = "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\n"
	roleHead = "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId\n"
	user11   = "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password\n"
	user12   = "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,preferredGivenName,preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns\n"
	schools  = orgHead + "c,,,Cedar,school,,\no,,,Oak,school,,\n"
)

var oneInput = OneRosterInput{
	District: "small", From: school.Date(2026, 7, 1), Today: school.Date(2026, 10, 15), PeopleFile: "people.csv",
	Campuses: []school.CampusSet{{ID: "cedar", Name: "Cedar"}, {ID: "oak", Name: "Oak"}},
}

// guarded is a set whose other files must not be opened.
type guarded struct {
	fstest.MapFS
	t testing.TB
}

func (g guarded) Open(name string) (fs.File, error) {
	if !slices.Contains([]string{".", "manifest.csv", "orgs.csv", "users.csv", "roles.csv"}, name) {
		g.t.Errorf("%s was opened", name)
	}
	return g.MapFS.Open(name)
}

func oneSet(t testing.TB, version string, mode Mode, files map[string]string) fs.FS {
	g := guarded{fstest.MapFS{}, t}
	manifest := "propertyName,value\nmanifest.version,1.0\noneroster.version," + version + "\n"
	for _, name := range []string{"orgs", "users", "roles"} {
		m := Absent
		if files[name] != "" {
			m = mode
			g.MapFS[name+".csv"] = &fstest.MapFile{Data: []byte(files[name])}
		}
		if name == "orgs" && m == Delta {
			m = Bulk
		}
		manifest += fmt.Sprintf("file.%s,%s\n", name, m)
	}
	g.MapFS["manifest.csv"] = &fstest.MapFile{Data: []byte(manifest)}
	for _, name := range []string{"demographics", "results", "lineItems", "enrollments", "classes"} {
		g.MapFS[name+".csv"] = &fstest.MapFile{Data: []byte("zz")}
	}
	return g
}

// book is a record that imports go into.
type book struct {
	t   *testing.T
	m   *school.Model
	all []school.Entry
}

func newBook(t *testing.T) *book { return &book{t: t, m: school.NewModel()} }

// plan reads a set and says what it would do.
func (b *book) plan(in OneRosterInput, version string, mode Mode, files map[string]string) (school.Entry, OneRosterReport) {
	b.t.Helper()
	s, err := OpenOneRoster("", oneSet(b.t, version, mode, files))
	if err != nil {
		b.t.Fatal(err)
	}
	staff, err := s.Read(in.District, RememberOneRoster(b.m), in.Today)
	if err != nil {
		b.t.Fatal(err)
	}
	at := time.Date(2026, 10, 15, 15, 0, 0, 0, time.UTC)
	return PlanOneRoster(b.m, []*OneRosterStaff{staff}, in).Diff(at)
}

// do plans and applies; the log is played by a MemLog, because texts stand beside events.
func (b *book) do(in OneRosterInput, version string, mode Mode, files map[string]string) OneRosterReport {
	b.t.Helper()
	e, rep := b.plan(in, version, mode, files)
	log := school.NewMemLog(nil)
	bk, err := school.Open(b.t.Context(), log)
	if err != nil {
		b.t.Fatal(err)
	}
	defer bk.Close()
	b.all = append(b.all, e)
	for _, one := range b.all {
		if _, err := bk.Record(b.t.Context(), school.Entry{Via: "file", At: one.At, Facts: one.Facts, Texts: one.Texts}); err != nil {
			b.t.Fatal(err)
		}
	}
	if err := bk.Read(func(m *school.Model) { b.m = m }); err != nil {
		b.t.Fatal(err)
	}
	return rep
}

func teacher11(id, orgs, name, mail string) string {
	return fmt.Sprintf("%s,,,true,%s,teacher,,,%s,Brown,,,%s,,,,,pw\n", id, orgs, name, mail)
}

func ids(m *school.Model) map[string]string {
	out := map[string]string{}
	for _, p := range m.People() {
		out[strings.ToLower(p.Email)] = string(p.ID) + " " + string(p.Now().Campus)
	}
	return out
}

func TestOneRosterIdentity(t *testing.T) {
	b := newBook(t)
	in := oneInput
	rep := b.do(in, "1.1", Bulk, map[string]string{"orgs": schools, "users": user11 +
		teacher11("1", "c", "Bob", "bob@example.com") + teacher11("2", "c", "Eve", "eve@example.com") + teacher11("3", "c", "Ann", "")})
	if len(rep.Added) != 3 {
		t.Fatalf("%+v", rep)
	}
	before := ids(b.m)
	if !strings.HasPrefix(before["bob@example.com"], string(school.NewPersonID("small", "bob@example.com"))) {
		t.Error("a user with an address is not the person that people.csv would make")
	}
	// Bob's address changes, another Bob gets his old one, Ann gets one, and Eve moves.
	rep = b.do(in, "1.1", Bulk, map[string]string{"orgs": schools, "users": user11 +
		"9,,,true,c,teacher,,,Bob,Other,,,bob@example.com,,,,,\n" +
		teacher11("1", "c", "Bob", "b.brown@example.com") + teacher11("2", "o", "Eve", "eve@example.com") + teacher11("3", "c", "Ann", "ann@example.com")})
	after := ids(b.m)
	if cut(after["b.brown@example.com"]) != cut(before["bob@example.com"]) {
		t.Error("a new address made a new person")
	}
	if cut(after["bob@example.com"]) == cut(before["bob@example.com"]) {
		t.Error("whoever got Bob's old address got his record too")
	}
	if cut(after["ann@example.com"]) != cut(before[""]) {
		t.Error("a first address made a new person")
	}
	if after["eve@example.com"] != cut(before["eve@example.com"])+" oak" || len(rep.Moved) != 1 || rep.Moved[0].What[0] != "campus: oak, was cedar" {
		t.Errorf("moved: %+v", rep.Moved)
	}
	// Bob leaves; a namesake of nobody gets his address, under a new sourcedId.
	b.do(in, "1.1", Bulk, map[string]string{"orgs": schools, "users": user11 + teacher11("2", "o", "Eve", "eve@example.com") +
		"8,,,true,c,teacher,,,Una,New,,,b.brown@example.com,,,,,\n"})
	if cut(ids(b.m)["b.brown@example.com"]) == cut(before["bob@example.com"]) {
		t.Error("a handed-on address took the record of whoever left along")
	}
}

func cut(s string) string { s, _, _ = strings.Cut(s, " "); return s }

// people.csv is asked by address first: its row and the user are one person.
func TestOneRosterPeopleTable(t *testing.T) {
	b := newBook(t)
	in := oneInput
	var err error
	in.People, err = ReadPeople("people.csv", []byte("name,email,chat_email,role,campus,observer,visit_schedule,start_date\n"+
		"Cy,cy@example.com,cy@chat.example.com,coach,cedar;oak,,,\nBob,bob@example.com,,teacher,cedar,cy@example.com,weekly,2026-08-03\n"+
		"Sue,sue@example.com,,supervisor,cedar;oak,,,\n"), District{ID: "small"})
	if err != nil {
		t.Fatal(err)
	}
	b.do(in, "1.1", Bulk, map[string]string{"orgs": schools + "d,,,All,district,,\n", "users": user11 + teacher11("1", "c", "Bob", "BOB@example.com") + teacher11("2", "c", "Cy", "cy@example.com") +
		"3,,,true,d,administrator,,,Sue,Sup,,,sue@example.com,,,,,\n"})
	for _, p := range b.m.People() {
		s := p.Now()
		switch p.Email {
		case "bob@example.com":
			if s.Schedule != school.Weekly || p.Start != school.Date(2026, 8, 3) || len(s.Observers) != 1 || s.Observers[0] != school.NewPersonID("small", "cy@example.com") {
				t.Errorf("bob: %+v", p)
			}
		case "cy@example.com":
			if p.ChatEmail != "cy@chat.example.com" || s.Role != school.Coach || len(s.Campuses) != 2 {
				t.Errorf("cy: %+v", p)
			}
		case "sue@example.com":
			if s.Role != school.Supervisor || len(s.Campuses) != 2 || s.Campus != "" {
				t.Errorf("sue: %+v", p)
			}
		default:
			t.Errorf("somebody else: %+v", p)
		}
	}
}

// Every row that cannot be used is named by file and line, quotes no cell, and leaves whoever it is as they were.
func TestOneRosterBadRows(t *testing.T) {
	good := teacher11("1", "c", "Bob", "bob@example.com")
	ok12, r12 := "1,,,true,,,Bob,Brown,,,bob@example.com,,,,,,,,,,,\n", "r1,,,1,primary,teacher,,,c,\n"
	for _, c := range []struct {
		want, version string
		mode          Mode
		files         map[string]string
	}{
		{"users.csv:3: role: is not a role of OneRoster", "1.1", Bulk, map[string]string{"users": user11 + good + "2,,,true,c,ZZ,,,ZZ,ZZ,,,zz@example.com,,,,,\n"}},
		{"users.csv:3: the row has 3 values, the header 18; a value with a comma needs quotes", "1.1", Bulk, map[string]string{"users": user11 + good + "ZZ,ZZ,ZZ\n"}},
		{"users.csv:3: not UTF-8 text; export the file as UTF-8", "1.1", Bulk, map[string]string{"users": user11 + good + teacher11("2", "c", "Z\xffZ", "zz@example.com")}},
		{"users.csv:3: givenName: the name is missing", "1.1", Bulk, map[string]string{"users": user11 + good + "2,,,true,c,teacher,,,,,,,zz@example.com,,,,,\n"}},
		{"users.csv:3: email: is not an e-mail address like ada@example.com", "1.1", Bulk, map[string]string{"users": user11 + good + teacher11("2", "c", "A", "ZZ")}},
		{"users.csv:3: sourcedId: is missing", "1.1", Bulk, map[string]string{"users": user11 + good + teacher11("", "c", "A", "zz@example.com")}},
		{"users.csv:3: sourcedId: stands on line 2 already", "1.1", Bulk, map[string]string{"users": user11 + good + teacher11("1", "c", "A", "zz@example.com")}},
		{"users.csv:3: email: has the address of users.csv:2; Rounds tells people apart by it", "1.1", Bulk, map[string]string{"users": user11 + good + teacher11("2", "c", "A", "bob@example.com")}},
		{"users.csv:3: status: must be active or tobedeleted, or empty, in a bulk file", "1.1", Bulk, map[string]string{"users": user11 + good + strings.Replace(teacher11("2", "c", "A", "zz@example.com"), "2,,", "2,ZZ,", 1)}},
		{"users.csv:2: status: must be active or tobedeleted in a delta file", "1.1", Delta, map[string]string{"users": user11 + good}},
		{"users.csv:3: org: no school of this set or of an earlier one is named here", "1.1", Bulk, map[string]string{"users": user11 + good + teacher11("2", "ZZ", "A", "zz@example.com")}},
		{"users.csv:3: org: no school of this set or of an earlier one is named here", "1.1", Bulk, map[string]string{"users": user11 + good + teacher11("2", "", "A", "zz@example.com")}},
		{"users.csv:3: role: an administrator may be a principal, an assistant principal or of the district office; say which in a row of people.csv", "1.1", Bulk, map[string]string{"users": user11 + good + "2,,,true,c,administrator,,,A,B,,,zz@example.com,,,,,\n"}},
		{"orgs.csv:4: sourcedId: is missing", "1.1", Bulk, map[string]string{"orgs": schools + ",,,Elm,school,,\n", "users": user11 + good}},
		{"orgs.csv:4: sourcedId: stands on an earlier line already", "1.1", Bulk, map[string]string{"orgs": schools + "c,,,Elm,school,,\n", "users": user11 + good}},
		{"orgs.csv:4: the row has 1 values, the header 7; a value with a comma needs quotes", "1.1", Bulk, map[string]string{"orgs": schools + "x\n", "users": user11 + good}},
		{"roles.csv:3: userSourcedId: is missing", "1.2", Bulk, map[string]string{"users": user12 + ok12, "roles": roleHead + r12 + "r2,,,,primary,teacher,,,c,\n"}},
		{"roles.csv:3: userSourcedId: users.csv has no row for this user", "1.2", Bulk, map[string]string{"users": user12 + ok12, "roles": roleHead + r12 + "r2,,,2,primary,teacher,,,c,\n"}},
		{"roles.csv:3: roleType: must be primary or secondary", "1.2", Bulk, map[string]string{"users": user12 + ok12, "roles": roleHead + r12 + "r2,,,2,ZZ,teacher,,,c,\n"}},
		{"roles.csv:3: beginDate: is not a date like 2026-10-30", "1.2", Bulk, map[string]string{"users": user12 + ok12, "roles": roleHead + r12 + "r2,,,2,primary,teacher,ZZ,,c,\n"}},
		{"roles.csv:3: endDate: is not a date like 2026-10-30", "1.2", Bulk, map[string]string{"users": user12 + ok12, "roles": roleHead + r12 + "r2,,,2,primary,teacher,,10/30/26,c,\n"}},
		{"roles.csv:3: role: is not a role of OneRoster", "1.2", Bulk, map[string]string{"users": user12 + ok12, "roles": roleHead + r12 + "r2,,,2,primary,ZZ,,,c,\n"}},
		{"roles.csv:3: role: is a student elsewhere in this file, and Rounds keeps no student", "1.2", Bulk, map[string]string{"users": user12 + ok12 + "2,,,true,,,ZZ,ZZ,,,zz@example.com,,,,,,,,,,,\n", "roles": roleHead + r12 + "r2,,,2,primary,teacher,,,c,\nr3,,,2,secondary,Student,,,c,\n"}},
	} {
		b := newBook(t)
		b.do(oneInput, "1.1", Bulk, map[string]string{"orgs": schools, "users": user11 + good})
		if c.files["orgs"] == "" {
			c.files["orgs"] = schools
		}
		_, rep := b.plan(oneInput, c.version, c.mode, c.files)
		var got []string
		for _, p := range rep.Problems {
			got = append(got, p.Error())
		}
		if diff := cmp.Diff([]string{c.want}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if len(rep.Left) > 0 || strings.Contains(strings.ToLower(fmt.Sprintf("%+v", rep)), "zz") {
			t.Errorf("%s: somebody left, or a cell is quoted: %+v", c.want, rep)
		}
	}
}

// A known person whose row cannot be used stays, even in a bulk file.
func TestOneRosterHeld(t *testing.T) {
	b := newBook(t)
	set := func(row string) map[string]string {
		return map[string]string{"orgs": schools, "users": user11 + row + teacher11("2", "c", "Eve", "eve@example.com")}
	}
	b.do(oneInput, "1.1", Bulk, set(teacher11("1", "c", "Bob", "bob@example.com")))
	if rep := b.do(oneInput, "1.1", Bulk, set("1,,\n")); len(rep.Left) != 0 || len(rep.Problems) != 1 {
		t.Errorf("%+v", rep)
	}
	if rep := b.do(oneInput, "1.1", Bulk, set(strings.Replace(teacher11("1", "c", "Bob", "bob@example.com"), "teacher", "aide", 1))); len(rep.Left) != 1 || rep.Left[0].Person != "bob@example.com" {
		t.Errorf("whoever is no teacher any more stays: %+v", rep)
	}
	back := b.do(oneInput, "1.1", Bulk, set(teacher11("1", "o", "Bob", "bob@example.com")))
	if len(back.Added) != 1 || !slices.Contains(back.Added[0].What, "back again") {
		t.Errorf("%+v", back)
	}
	p, _ := b.m.Person(school.NewPersonID("small", "bob@example.com"))
	if p == nil || p.Now().Campus != "oak" {
		t.Errorf("whoever comes back is somebody else: %+v", p)
	}
}

// A delta touches its rows alone; what it does not say stays.
func TestOneRosterDelta(t *testing.T) {
	b := newBook(t)
	full := map[string]string{
		"orgs":  schools,
		"users": user12 + "1,,,true,,,Bob,Brown,,,bob@example.com,,,,,,,,,,,\n2,,,true,,,Pat,Head,,,pat@example.com,,,,,,,,,,,\n3,,,true,,,Eve,Okafor,,,eve@example.com,,,,,,,,,,,\n",
		"roles": roleHead + "r1,,,1,primary,teacher,,,c,\nr2,,,2,primary,principal,,,o,\nr3,,,3,primary,teacher,,,o,\nr4,,,3,secondary,teacher,,,c,\n",
	}
	b.do(oneInput, "1.2", Bulk, full)
	day := "active,2026-10-01T00:00:00Z"
	for _, c := range []struct {
		name, roles, users, want string
	}{
		{"a role more", "r9," + day + ",2,secondary,teacher,,,c,\n", "", "bob teacher cedar; eve teacher [oak cedar]; pat principal [oak cedar]"},
		{"a role less", "r4,tobedeleted,x,3,secondary,teacher,,,c,\n", "", "bob teacher cedar; eve teacher oak; pat principal [oak cedar]"},
		{"a name", "", "3," + day + ",true,,,Evie,Okafor,,,eve@example.com,,,,,,,,,,,\n", "bob teacher cedar; evie teacher oak; pat principal [oak cedar]"},
		{"the last role", "r1,tobedeleted,x,1,primary,teacher,,,c,\n", "", "evie teacher oak; pat principal [oak cedar]"},
		{"a student's new row", "", "77," + day + ",true,,,ZZ,ZZ,,,zz@example.com,,,,,,,,,,,\n", "evie teacher oak; pat principal [oak cedar]"},
		{"a deletion", "", "2,tobedeleted,x,,,,,,,,,,,,,,,,,,,\n", "evie teacher oak"},
	} {
		files := map[string]string{}
		if c.roles != "" {
			files["roles"] = roleHead + c.roles
		}
		if c.users != "" {
			files["users"] = user12 + c.users
		}
		rep := b.do(oneInput, "1.2", Delta, files)
		if len(rep.Problems) > 0 {
			t.Errorf("%s: %v", c.name, rep.Problems[0])
		}
		var got []string
		for _, p := range b.m.People() {
			s, at := p.Now(), ""
			if at = string(s.Campus); len(s.Campuses) > 0 {
				at = fmt.Sprint(s.Campuses)
			}
			got = append(got, strings.ToLower(strings.Fields(p.Name)[0])+" "+string(s.Role)+" "+at)
		}
		slices.Sort(got)
		if s := strings.Join(got, "; "); s != c.want {
			t.Errorf("%s: got %s, want %s", c.name, s, c.want)
		}
		if e, _ := b.plan(oneInput, "1.2", Delta, files); len(e.Facts) != 0 {
			t.Errorf("%s: the same again writes %d facts", c.name, len(e.Facts))
		}
	}
}

// Extensions after the header's own columns are legal and are not looked at.
func TestOneRosterExtensions(t *testing.T) {
	users := strings.TrimSuffix(user11, "\n") + ",metadata.sis.shoe\n" + strings.TrimSuffix(teacher11("1", "c", "Bob", "bob@example.com"), "\n") + ",zz\n"
	if _, rep := newBook(t).plan(oneInput, "1.1", Bulk, map[string]string{"orgs": schools, "users": users}); len(rep.Added) != 1 || len(rep.Problems) != 0 {
		t.Errorf("%+v", rep)
	}
}

// FuzzOneRoster: no files end the program, every row that cannot be used is named, everybody comes from a row, and no file of
// students is opened.
func FuzzOneRoster(f *testing.F) {
	for _, name := range []string{"bulk11", "bulk12", "delta12"} {
		read := func(file string) []byte {
			data, err := os.ReadFile("testdata/oneroster/" + name + "/" + file)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				f.Fatal(err)
			}
			return data
		}
		f.Add(read("manifest.csv"), read("orgs.csv"), read("users.csv"), read("roles.csv"))
	}
	f.Add([]byte("propertyName,value\n\"a"), []byte("\xff"), []byte(user11+"s,,,,,student,\x00,\"\"\"\n"), []byte{})
	f.Fuzz(func(t *testing.T, manifest, orgs, users, roles []byte) {
		files := fstest.MapFS{"demographics.csv": {Data: []byte("zz")}}
		for name, data := range map[string][]byte{"manifest": manifest, "orgs": orgs, "users": users, "roles": roles} {
			files[name+".csv"] = &fstest.MapFile{Data: data}
		}
		s, err := OpenOneRoster("", guarded{files, t})
		if err != nil {
			if err.Error() == "" {
				t.Error("an error says nothing")
			}
			return
		}
		m := school.NewModel()
		staff, err := s.Read("small", RememberOneRoster(m), oneInput.Today)
		if err != nil {
			return
		}
		_, rep := PlanOneRoster(m, []*OneRosterStaff{staff}, oneInput).Diff(time.Unix(0, 0))
		for _, p := range rep.Problems {
			if p.Line < 1 || p.File == "" || p.Message == "" {
				t.Errorf("a row that cannot be used is not named: %+v", p)
			}
		}
		for _, p := range slices.Collect(maps.Values(staff.members)) {
			if p.file == "" || p.line < 1 {
				t.Errorf("somebody comes from nowhere: %+v", p)
			}
		}
	})
}

// FuzzOneRosterStudents puts any cells into a student's row between two teachers': nothing of it comes out.
func FuzzOneRosterStudents(f *testing.F) {
	f.Add("zzgiven", "zzfamily", "student", "c")
	f.Add("zz,\"", "\"\"zz\n", "Student", "c,o")
	f.Add("zz\nteacher", "zz\r\n,,,", "guardian", "")
	f.Fuzz(func(t *testing.T, given, family, role, org string) {
		switch strings.ToLower(strings.TrimSpace(role)) {
		case "student", "guardian", "parent", "relative":
		default:
			role = "student"
		}
		const mark = "qzxmarkqzx"
		quote := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + mark + `"` }
		row := fmt.Sprintf("%s,,,true,%s,%s,%s,,%s,%s,,%s,%s,,,,,%s\n", quote("s"), quote(org), role, quote("u"), quote(given), quote(family), quote("i"), quote("e@x.example"), quote("p"))
		s, err := OpenOneRoster("", oneSet(t, "1.1", Bulk, map[string]string{"orgs": schools, "users": user11 + teacher11("1", "c", "Bob", "bob@example.com") + row + teacher11("2", "c", "Eve", "eve@example.com")}))
		if err != nil {
			t.Fatal(err)
		}
		m := school.NewModel()
		staff, err := s.Read("small", RememberOneRoster(m), oneInput.Today)
		if err != nil {
			t.Fatal(err)
		}
		e, rep := PlanOneRoster(m, []*OneRosterStaff{staff}, oneInput).Diff(time.Unix(0, 0))
		if len(rep.Added) != 2 {
			t.Errorf("%d were added", len(rep.Added))
		}
		if strings.Contains(fmt.Sprintf("%+v %+v %+v", e.Facts, e.Texts, rep), mark) {
			t.Errorf("a student's cell came out of %q", row)
		}
	})
}
