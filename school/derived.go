package school

import (
	"cmp"
	"slices"
	"strings"
	"sync/atomic"
)

// derived is something that follows from the model and is asked for far more often than it changes: sorted lists, and the
// names that people type. It is made when it is first asked for, by readers, and dropped by the writer when an event
// changes what it was made of. Two readers may make it at once; both make the same.
type derived[T any] struct{ made atomic.Pointer[T] }

func (d *derived[T]) get(of func() T) T {
	if t := d.made.Load(); t != nil {
		return *t
	}
	t := of()
	d.made.Store(&t)
	return t
}

func (d *derived[T]) drop() { d.made.Store(nil) }

// teamBook is the teams there are: all of them by id, and by campus and by member in that order.
type teamBook struct {
	all []*Team
	at  map[CampusID][]*Team
	of  map[PersonID][]*Team
}

func (m *Model) teamLists() teamBook {
	return m.teamsBy.get(func() teamBook {
		b := teamBook{all: make([]*Team, 0, len(m.teams)), at: map[CampusID][]*Team{}, of: map[PersonID][]*Team{}}
		for _, t := range m.teams {
			b.all = append(b.all, t)
		}
		slices.SortFunc(b.all, func(x, y *Team) int { return cmp.Compare(x.ID, y.ID) })
		for _, t := range b.all {
			b.at[t.Campus] = append(b.at[t.Campus], t)
			for i, p := range t.Members {
				if !slices.Contains(t.Members[:i], p) {
					b.of[p] = append(b.of[p], t)
				}
			}
			if t.Lead != "" && !slices.Contains(t.Members, t.Lead) {
				b.of[t.Lead] = append(b.of[t.Lead], t)
			}
		}
		return b
	})
}

// nameBook is how people on the roster now are found.
type nameBook struct {
	sorted []*Person            // by last name
	names  []string             // of sorted
	words  map[string][]*Person // by each word of their names, folded, in roster order
	mail   map[string]*Person   // by either address in lower case, the first on the roster
	handle map[string][]*Person // by handle in lower case, in roster order
}

func (m *Model) nameLists() nameBook {
	return m.namesBy.get(func() nameBook {
		b := nameBook{words: map[string][]*Person{}, mail: map[string]*Person{}, handle: map[string][]*Person{}}
		for _, p := range m.roster {
			if p.Now().Gone {
				continue
			}
			b.sorted = append(b.sorted, p)
			for w := range strings.FieldsSeq(p.full) {
				if l := b.words[w]; len(l) == 0 || l[len(l)-1] != p {
					b.words[w] = append(l, p)
				}
			}
			for _, a := range []string{p.Email, p.ChatEmail} {
				if a = strings.ToLower(a); a != "" && b.mail[a] == nil {
					b.mail[a] = p
				}
			}
			h := strings.ToLower(p.Handle())
			b.handle[h] = append(b.handle[h], p)
		}
		slices.SortStableFunc(b.sorted, byName)
		b.names = make([]string, len(b.sorted))
		for i, p := range b.sorted {
			b.names[i] = p.Name
		}
		return b
	})
}

// byName compares last names, then whole names, as [Fold] spells them.
func byName(a, b *Person) int {
	return cmp.Or(strings.Compare(a.last, b.last), strings.Compare(a.full, b.full))
}
