package school

import (
	"slices"
	"sort"
	"strings"
	"unicode"
)

// Finding people by what busy people type: "@okafor", "Ms. Okafor", "a.okafor@…", "Ada Okafor",
// "O'Neil", "de la Cruz", "garcia" for García.

func lastName(name string) string {
	f := strings.Fields(name)
	if len(f) == 0 {
		return ""
	}
	// A particle belongs to the last name: "Ana de la Cruz".
	i := len(f) - 1
	for i > 1 && particles[strings.ToLower(f[i-1])] {
		i--
	}
	return strings.Join(f[i:], " ")
}

var particles = map[string]bool{"de": true, "la": true, "del": true, "van": true, "von": true, "der": true, "den": true, "al": true, "bin": true, "da": true, "dos": true, "st.": true}

// Fold makes two spellings of a name comparable: lower case, no accents, no punctuation.
func Fold(s string) string {
	var b strings.Builder
	space := false
	for _, r := range s {
		r = unicode.ToLower(r)
		if f, ok := folded[r]; ok {
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			b.WriteString(f)
			continue
		}
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’', r == '‘', r == '.', r == '`':
		case unicode.IsLetter(r), unicode.IsDigit(r):
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			b.WriteRune(r)
		default:
			space = true
		}
	}
	return b.String()
}

// folded: Latin letters with marks, as names in US rosters have them.
var folded = func() map[rune]string {
	m := map[rune]string{'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th", 'ł': "l", 'ı': "i"}
	for base, marked := range map[string]string{
		"a": "áàâäãåāăą", "c": "çćčĉċ", "d": "ď", "e": "éèêëēĕėęě", "g": "ğĝġģ", "h": "ĥħ", "i": "íìîïĩīĭį", "j": "ĵ", "k": "ķ",
		"l": "ĺļľ", "n": "ñńņň", "o": "óòôöõōŏő", "r": "ŕŗř", "s": "śŝşšș", "t": "ţťț", "u": "úùûüũūŭůűų", "w": "ŵ", "y": "ýÿŷ", "z": "źżž",
	} {
		for _, r := range marked {
			m[r] = base
		}
	}
	return m
}()

var titles = map[string]bool{"ms": true, "mr": true, "mrs": true, "miss": true, "mx": true, "dr": true, "coach": true, "principal": true}

// FindPeople finds who is meant by a name as typed; the result is sorted by name, people of
// the near campus first, and empty when nobody matches. Only people on the roster now.
func (m *Model) FindPeople(typed string, near CampusID) []*Person {
	typed = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(typed), "@"))
	if typed == "" {
		return nil
	}
	if id := PersonID(typed); m.people[id] != nil && !m.people[id].Now().Gone {
		return []*Person{m.people[id]}
	}
	q := Fold(typed)
	if f := strings.Fields(q); len(f) > 1 && titles[f[0]] {
		q = strings.Join(f[1:], " ")
	}
	if q == "" {
		return nil
	}
	handle := strings.ToLower(typed)
	best, rank := m.matching(q, handle)
	var here, away []*Person
	for _, p := range best {
		if p.Now().At(near) {
			here = append(here, p)
		} else {
			away = append(away, p)
		}
	}
	if rank < 4 { // a common first name: those of the near campus are not cut off
		here = here[:min(len(here), 12)]
		away = away[:min(len(away), 12-len(here))]
	}
	slices.SortStableFunc(here, byName)
	slices.SortStableFunc(away, byName)
	best = slices.Concat(here, away)
	// The same last name at another campus: the near one is meant when it is the only one here.
	if rank >= 4 && len(best) > 1 && near != "" && len(here) == 1 {
		return best[:1]
	}
	return best
}

// matching lists, in roster order, those on the roster now who match best, and how well. Whole names, last and first
// names are looked up; beginnings are looked for.
func (m *Model) matching(q, handle string) (best []*Person, rank int) {
	book := m.nameLists()
	local, _, _ := strings.Cut(handle, "@") // whoever has that address has this handle
	look := slices.Concat(book.handle[handle], book.handle[local])
	// The longest word stands in the name as it was typed, whatever is typed before or behind it.
	longest := ""
	for w := range strings.FieldsSeq(q) {
		if len(w) >= len(longest) {
			longest = w
		}
	}
	look = append(look, book.words[longest]...)
	slices.SortFunc(look, func(a, b *Person) int { return int(a.index - b.index) })
	if best, rank = bestOf(slices.Compact(look), q, handle); rank >= 3 {
		return best, rank
	}
	return m.beginning(q)
}

// beginning lists whose last name begins so, or else whose whole name does: three letters at least.
func (m *Model) beginning(q string) (best []*Person, rank int) {
	if len(q) < 3 {
		return nil, 0
	}
	for _, p := range m.roster {
		r := 0
		switch {
		case strings.HasPrefix(p.last, q):
			r = 2
		case strings.HasPrefix(p.full, q):
			r = 1
		}
		if r == 0 || r < rank || p.Now().Gone {
			continue
		}
		if r > rank {
			best, rank = best[:0], r
		}
		best = append(best, p)
	}
	return best, rank
}

// bestOf keeps those of a list who match best.
func bestOf(list []*Person, q, handle string) (best []*Person, rank int) {
	for _, p := range list {
		r := matchName(p, q, handle)
		if r == 0 || r < rank || p.Now().Gone {
			continue
		}
		if r > rank {
			best, rank = best[:0], r
		}
		best = append(best, p)
	}
	return best, rank
}

// matchName ranks a match: 7 e-mail, 6 full name, 5 handle, 4 last name, 3 first name,
// 2 beginning of the last name (3 letters), 1 beginning of the first name.
func matchName(p *Person, q, handle string) int {
	full, last := p.full, p.last
	first, _, _ := strings.Cut(full, " ")
	switch {
	case strings.EqualFold(handle, p.Email) && handle != "":
		return 7
	case q == full:
		return 6
	case strings.EqualFold(handle, p.Handle()):
		return 5
	case q == last, q == last+" "+first, q == string(first[:min(1, len(first))])+" "+last:
		return 4
	case q == first:
		return 3
	case len(q) >= 3 && strings.HasPrefix(last, q):
		return 2
	case len(q) >= 3 && strings.HasPrefix(full, q):
		return 1
	}
	return 0
}

// Handle is the short name used in completions: the local part of the e-mail address, or
// the last name.
func (p *Person) Handle() string {
	if local, _, ok := strings.Cut(p.Email, "@"); ok && local != "" {
		return local
	}
	return strings.ReplaceAll(Fold(p.Last()), " ", "")
}

// Begins tells whether a part of the name begins with what is typed, as [Fold] spells it.
func (p *Person) Begins(q string) bool {
	return strings.HasPrefix(p.full, q) || strings.HasPrefix(p.last, q) || strings.Contains(p.full, " "+q)
}

// FindTeams finds a team by id or by words of its name, the near campus first.
func (m *Model) FindTeams(typed string, near CampusID) []*Team {
	q := Fold(typed)
	if q == "" {
		return nil
	}
	if t, ok := m.teams[TeamID(strings.ToLower(strings.TrimSpace(typed)))]; ok {
		return []*Team{t}
	}
	var out []*Team
	for _, t := range m.teamLists().all {
		if Fold(t.Name) == q {
			out = append(out, t)
		}
	}
	if len(out) == 0 {
		for _, t := range m.teamLists().all {
			if strings.Contains(Fold(t.Name), q) || strings.Contains(Fold(string(t.ID)), q) {
				out = append(out, t)
			}
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return (out[i].Campus == near) && (out[j].Campus != near) })
	if len(out) > 1 && near != "" && out[0].Campus == near && out[1].Campus != near {
		return out[:1]
	}
	return out
}

// ByEmail finds somebody on the roster by their e-mail address, or by the one they chat under.
func (m *Model) ByEmail(email string) (PersonID, bool) {
	if p := m.nameLists().mail[strings.ToLower(email)]; p != nil {
		return p.ID, true
	}
	return "", false
}
