package school

import (
	"iter"
	"sort"
)

// visitStore holds the visits by number. It grows in chunks, because a slice that doubles wastes up to half of
// itself, and chains the visits of one subject and of one observer through the visits themselves, the latest
// first, because a slice for each of them wastes as much again: a large district keeps millions.
type visitStore struct {
	chunks [][]Visit
	n      int
}

const visitChunk = 4096

// chain points at the latest visit of a subject or an observer: its place in the store plus one, 0 for none.
type chain uint32

func (s *visitStore) at(i int) *Visit { return &s.chunks[i/visitChunk][i%visitChunk] }

// add appends a visit and hangs it before the chains of its subject and its observer.
func (s *visitStore) add(v Visit, subject, observer *chain) {
	if s.n%visitChunk == 0 {
		// The first chunk grows as a slice does: most districts are small.
		size := visitChunk
		if s.n == 0 {
			size = 16
		}
		s.chunks = append(s.chunks, make([]Visit, 0, size))
	}
	v.beforeSubject, v.beforeObserver = *subject, *observer
	last := len(s.chunks) - 1
	s.chunks[last] = append(s.chunks[last], v)
	s.n++
	*subject, *observer = chain(s.n), chain(s.n)
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
