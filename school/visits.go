package school

import (
	"iter"
	"math"
	"slices"
	"sort"
)

// visitStore holds the visits by number. It grows in chunks, because a slice that doubles wastes up to half of
// itself, and chains the visits of one subject and of one observer through the visits themselves, the latest
// first, because a slice for each of them wastes as much again: a large district keeps millions.
type visitStore struct {
	chunks [][]Visit
	n      int

	latest   uint32 // the latest stamp, Unix seconds
	ahead    Day    // most days that a visit lies after the day after its stamp: a file may bring visits to come
	disorder bool   // a visit was stamped long before one that was appended earlier
}

const visitChunk = 4096

// chain points at the latest visit of a subject or an observer: its place in the store plus one, 0 for none.
type chain uint32

// heads are the latest visits of one subject, by kind.
type heads [len(kindNames)]chain

func (s *visitStore) at(i int) *Visit { return &s.chunks[i/visitChunk][i%visitChunk] }

// add appends a visit and hangs it before the chains of its subject, of its kind there, and of its observer.
func (s *visitStore) add(v Visit, subject *chain, kinds *heads, observer *chain) {
	if s.n%visitChunk == 0 {
		// The first chunk grows as a slice does: most districts are small.
		size := visitChunk
		if s.n == 0 {
			size = 16
		}
		s.chunks = append(s.chunks, make([]Visit, 0, size))
	}
	v.beforeSubject, v.beforeKind, v.beforeObserver = *subject, kinds[v.kind], *observer
	last := len(s.chunks) - 1
	s.chunks[last] = append(s.chunks[last], v)
	s.n++
	*subject, kinds[v.kind], *observer = chain(s.n), chain(s.n), chain(s.n)
	s.disorder = s.disorder || v.logged+logSlack < s.latest
	s.latest = max(s.latest, v.logged)
	s.dated(&v)
}

// logSlack is by how many seconds a visit may be stamped before one that was appended earlier: by another replica.
const logSlack = 3600

// dated is called when a visit has got its day.
func (s *visitStore) dated(v *Visit) {
	s.ahead = max(s.ahead, v.On-Day(v.logged/86400)-1)
}

// bound is a day such that neither the visit nor any that was logged before it lies after it: who looks for later ones need
// not look on. Visits are logged on their day or after it, in any zone, but for those of ahead; where they are not
// in the order of their stamps, nothing is known.
func (s *visitStore) bound(v *Visit) Day {
	if s.disorder {
		return math.MaxInt32
	}
	return Day((int64(v.logged)+logSlack)/86400) + 1 + s.ahead
}

// changeKind gives a visit another kind, and hangs the subject's chains of kinds anew.
func (s *visitStore) changeKind(v *Visit, kind uint8, subject chain, kinds *heads) {
	v.kind = kind
	var list []chain
	for c := subject; c != 0; c = s.at(int(c) - 1).beforeSubject {
		list = append(list, c)
	}
	*kinds = heads{}
	for _, c := range slices.Backward(list) {
		x := s.at(int(c) - 1)
		x.beforeKind, kinds[x.kind] = kinds[x.kind], c
	}
}

// kinds yields the visits of some kinds to one subject, kind by kind, the latest logged first, and of each kind only as long as one
// may lie on the day that since names, or after it; since is asked again for each.
func (s *visitStore) kinds(mask KindMask, of *heads, since func() Day) iter.Seq[*Visit] {
	return func(yield func(*Visit) bool) {
		for k, c := range of {
			if mask&(1<<k) == 0 {
				continue
			}
			for c != 0 {
				v := s.at(int(c) - 1)
				if s.bound(v) < since() {
					break
				}
				if !yield(v) {
					return
				}
				c = v.beforeKind
			}
		}
	}
}

// since yields the visits to one subject, the latest logged first, as long as one may lie on a day or after it.
func (s *visitStore) since(c chain, day Day) iter.Seq[*Visit] {
	return func(yield func(*Visit) bool) {
		for v := range s.of(c) {
			if s.bound(v) < day || !yield(v) {
				return
			}
		}
	}
}

// find is the visit of a number, or nil.
func (s *visitStore) find(n int64) *Visit {
	i := sort.Search(s.n, func(i int) bool { return int64(s.at(i).N) >= n })
	if i < s.n && int64(s.at(i).N) == n {
		return s.at(i)
	}
	return nil
}

// of yields the visits to one subject, the latest logged first.
func (s *visitStore) of(c chain) iter.Seq[*Visit] {
	return func(yield func(*Visit) bool) {
		for c != 0 {
			v := s.at(int(c) - 1)
			if !yield(v) {
				return
			}
			c = v.beforeSubject
		}
	}
}

// by yields the visits that one observer made, the latest logged first.
func (s *visitStore) by(c chain) iter.Seq[*Visit] {
	return func(yield func(*Visit) bool) {
		for c != 0 {
			v := s.at(int(c) - 1)
			if !yield(v) {
				return
			}
			c = v.beforeObserver
		}
	}
}

func count(seq iter.Seq[*Visit]) int {
	n := 0
	for range seq {
		n++
	}
	return n
}
