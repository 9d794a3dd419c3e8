package cards

import (
	"crypto/sha256"
	"encoding/base32"
	"strconv"
	"strings"

	"rounds/school"
)

// longestID is how much of an id a button's subject has room for, beside its action and a day.
const longestID = 24

// AgendaSubject is what an agenda's buttons are about: the team and the day of the meeting. A team whose id is
// too long for a button stands under a hash of it.
func AgendaSubject(team school.TeamID, slot school.Day) string {
	return shortID(string(team)) + "/" + strconv.Itoa(int(slot))
}

// ReadAgendaSubject finds the team and the day again.
func ReadAgendaSubject(m *school.Model, subject string) (*school.Team, school.Day, bool) {
	id, slot, ok := readSubject(subject)
	if !ok {
		return nil, 0, false
	}
	t, ok := TeamByShort(m, id)
	return t, slot, ok
}

// ShortTeam is a team's id where there is room for few bytes.
func ShortTeam(id school.TeamID) string { return shortID(string(id)) }

// TeamByShort finds a team by its id or by ShortTeam.
func TeamByShort(m *school.Model, id string) (*school.Team, bool) {
	if t, ok := m.Team(school.TeamID(id)); ok {
		return t, true
	}
	if strings.HasPrefix(id, "~") {
		for _, t := range m.Teams() {
			if shortID(string(t.ID)) == id {
				return t, true
			}
		}
	}
	return nil, false
}

// DigestSubject is what a digest's buttons are about: the campus and the Monday of the week.
func DigestSubject(campus school.CampusID, monday school.Day) string {
	return shortID(string(campus)) + "/" + strconv.Itoa(int(monday))
}

// ReadDigestSubject finds the campus and the Monday again.
func ReadDigestSubject(m *school.Model, subject string) (school.CampusID, school.Day, bool) {
	id, monday, ok := readSubject(subject)
	if !ok {
		return "", 0, false
	}
	for _, c := range m.Campuses() {
		if string(c.ID) == id || shortID(string(c.ID)) == id {
			return c.ID, monday, true
		}
	}
	return "", 0, false
}

// CommitmentSubject is what the button beside a commitment is about.
func CommitmentSubject(n int64) string { return "c" + strconv.FormatInt(n, 10) }

// ReadCommitmentSubject gives the number of the commitment.
func ReadCommitmentSubject(subject string) (int64, bool) {
	s, ok := strings.CutPrefix(subject, "c")
	n, err := strconv.ParseInt(s, 10, 64)
	return n, ok && err == nil && n > 0
}

func readSubject(s string) (id string, day school.Day, ok bool) {
	at := strings.LastIndexAny(s, "/ ")
	if at <= 0 {
		return "", 0, false
	}
	n, err := strconv.ParseInt(s[at+1:], 10, 32)
	return s[:at], school.Day(n), err == nil && n > 0
}

func shortID(id string) string {
	if len(id) <= longestID {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return "~" + base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:10])
}
