package roster

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"rounds/school"
)

// OneRoster 1.1 and 1.2 CSV: who works at which school, as the district's own systems export it.
//
//	folder or zip ──OpenOneRoster──> manifest and headers are right
//	      └── Read: roles.csv, users.csv, row by row ──> staff; everybody else is dropped at the row
//	               └── PlanOneRoster, with people.csv and what the log remembers ──> entries for school.Model.Diff
//
// Rounds holds no student. Files with students alone are never opened, a row of a student or of a
// relative is dropped before another cell of it is looked at, and no message about users.csv or roles.csv quotes a cell:
// in a row that slipped by a column any cell may be a student's name.

// OneRosterFile is what a OneRoster import is called in the log.
const OneRosterFile = "oneroster"

// Mode is how a file of the set is meant.
type Mode string

// The modes of a file: not there, everything there is, or only what changed.
const (
	Absent Mode = "absent"
	Bulk   Mode = "bulk"
	Delta  Mode = "delta"
)

// RowProblem is a row, or a whole file (line 1), that cannot be used. It quotes no person's cell.
type RowProblem struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Field   string `json:"field,omitempty"`
	Message string `json:"message"`
}

func (p *RowProblem) Error() string {
	if p.Field == "" {
		return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Message)
	}
	return fmt.Sprintf("%s:%d: %s: %s", p.File, p.Line, p.Field, p.Message)
}

// OneRoster is one set of files.
type OneRoster struct {
	Label   string // what the set is called in messages: the folder's or zip's own name, "" for none
	Version string // 1.1 or 1.2
	System  string // source.systemName
	Modes   map[string]Mode
	Unread  []string // files that are there and are not opened

	fsys fs.FS
}

// oneRosterFiles are the only files that are opened, beside the manifest, and their header in each version.
var oneRosterFiles = map[string]map[string][]string{
	"orgs": {
		"1.1": columns("sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId"),
		"1.2": columns("sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId"),
	},
	"users": {
		"1.1": columns("sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password"),
		"1.2": columns("sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,preferredGivenName,preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns"),
	},
	"roles": {
		"1.2": columns("sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId"),
	},
}

func columns(s string) []string { return strings.Split(s, ",") }

// OpenOneRoster reads the manifest of a set and looks at the headers of the files that will be read. Its
// error joins every problem found.
func OpenOneRoster(label string, fsys fs.FS) (*OneRoster, error) {
	s := &OneRoster{Label: label, Modes: map[string]Mode{}, fsys: fsys}
	if err := s.manifest(); err != nil {
		return nil, err
	}
	var errs []error
	for _, name := range []string{"orgs", "users", "roles"} {
		if s.Modes[name] == Absent || oneRosterFiles[name][s.Version] == nil {
			s.Modes[name] = Absent
			continue
		}
		r, err := s.open(name)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		r.close()
	}
	if s.Modes["users"] == Absent && s.Modes["roles"] == Absent {
		errs = append(errs, &RowProblem{File: s.file("manifest"), Line: 1, Field: "file.users", Message: "neither users nor roles are in this set, so there is nobody to import"})
	}
	if s.Version == "1.2" && s.Modes["users"] == Bulk && s.Modes["roles"] == Absent {
		errs = append(errs, &RowProblem{File: s.file("manifest"), Line: 1, Field: "file.roles", Message: "OneRoster 1.2 says in roles.csv who is staff; without it nobody of users.csv can be imported"})
	}
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		errs = append(errs, fmt.Errorf("list %s: %w", cmpOr(label, "the set"), cause(err)))
	}
	for _, e := range entries {
		name, csv := strings.CutSuffix(e.Name(), ".csv")
		if mode, read := s.Modes[name]; csv && name != "manifest" && (!read || mode == Absent || oneRosterFiles[name] == nil) {
			s.Unread = append(s.Unread, e.Name())
		}
	}
	return s, errors.Join(errs...)
}

// file is how messages name a file of the set.
func (s *OneRoster) file(name string) string {
	if s.Label == "" {
		return name + ".csv"
	}
	return s.Label + "/" + name + ".csv"
}

func (s *OneRoster) manifest() error {
	file := s.file("manifest")
	r, err := openCSV(s.fsys, "manifest.csv", file, columns("propertyName,value"))
	if errors.Is(err, fs.ErrNotExist) {
		inside := ""
		if deep, _ := fs.Glob(s.fsys, "*/manifest.csv"); len(deep) == 1 {
			inside = ", and not in a folder inside"
		}
		return &RowProblem{File: file, Line: 1, Message: "there is no manifest.csv; OneRoster requires it, at the top of the folder or zip" + inside}
	}
	if err != nil {
		return err
	}
	defer r.close()
	at := map[string]int{}
	values := map[string]string{}
	var errs []error
	fail := func(line int, field, format string, args ...any) {
		errs = append(errs, &RowProblem{File: file, Line: line, Field: field, Message: fmt.Sprintf(format, args...)})
	}
	for {
		line, err := r.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		key, value := r.cell("propertyName"), r.cell("value")
		if r.wrong != "" {
			fail(line, "", "%s", r.wrong)
			continue
		}
		if at[key] != 0 {
			fail(line, key, "stands on line %d already", at[key])
		}
		at[key], values[key] = line, value
		if name, ok := strings.CutPrefix(key, "file."); ok {
			if !slices.Contains([]Mode{Absent, Bulk, Delta}, Mode(value)) {
				fail(line, key, "%q is not absent, bulk or delta", value)
			}
			s.Modes[name] = Mode(value)
		}
	}
	if v := values["manifest.version"]; v != "1.0" {
		fail(max(at["manifest.version"], 1), "manifest.version", "is %q; Rounds reads 1.0", v)
	}
	s.Version, s.System = values["oneroster.version"], values["source.systemName"]
	if s.Version != "1.1" && s.Version != "1.2" {
		fail(max(at["oneroster.version"], 1), "oneroster.version", "is %q; Rounds reads 1.1 and 1.2", s.Version)
	}
	for _, name := range []string{"orgs", "users", "roles"} {
		if at["file."+name] == 0 {
			if oneRosterFiles[name][s.Version] != nil {
				fail(1, "file."+name, "is missing; it is absent, bulk or delta")
			}
			s.Modes[name] = Absent
		}
	}
	return errors.Join(errs...)
}

// open opens one of the files that may be opened.
func (s *OneRoster) open(name string) (*strictCSV, error) {
	header := oneRosterFiles[name][s.Version]
	if header == nil { // a bug must not open a file of students
		return nil, fmt.Errorf("%s is not a file that Rounds reads", s.file(name))
	}
	r, err := openCSV(s.fsys, name+".csv", s.file(name), header)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &RowProblem{File: s.file(name), Line: 1, Message: fmt.Sprintf("the manifest says that it is here (%s), and it is not", s.Modes[name])}
	}
	return r, err
}

// refOf is how the log remembers a sourcedId: it may be an employee number, so it does not stand there itself.
func refOf(district, what, sourcedID string) string {
	h := sha256.Sum256([]byte("oneroster\x00" + district + "\x00" + what + "\x00" + sourcedID))
	return hex.EncodeToString(h[:12])
}

// Remembered is what the log knows of earlier imports: which person a user is, and which campus an org.
type Remembered struct {
	people map[string]school.PersonID // by ref
	orgs   map[string]school.CampusID
}

// RememberOneRoster reads it from the keys of the last import. A key is user/ref/person or org/ref/campus, so that
// what was said last time needs no store of its own.
func RememberOneRoster(m *school.Model) Remembered {
	r := Remembered{map[string]school.PersonID{}, map[string]school.CampusID{}}
	for key := range m.FileKeys(OneRosterFile) {
		kind, rest, _ := strings.Cut(key, "/")
		ref, id, _ := strings.Cut(rest, "/")
		switch kind {
		case "user":
			r.people[ref] = school.PersonID(id)
		case "org":
			r.orgs[ref] = school.CampusID(id)
		}
	}
	return r
}

// And is what is known to the sets that are read after t in the same import: a delta may follow its bulk file at once.
func (r Remembered) And(t *OneRosterStaff) Remembered {
	next := Remembered{maps.Clone(r.people), r.orgs}
	for ref := range t.members {
		if _, ok := next.people[ref]; !ok {
			next.people[ref] = "" // known, and not yet to the log
		}
	}
	return next
}

func cmpOr(s, other string) string {
	if s != "" {
		return s
	}
	return other
}

// cause leaves the machine's own path out of an error.
func cause(err error) error {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return pe.Err
	}
	return err
}
