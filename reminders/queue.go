package reminders

import "time"

// A queue is what a scan has to send. Per workspace one part is ripe, in the order of before; the other waits for
// its jitter or for its channel. Taking the next one costs a logarithm, also among 5,000.
type queue struct {
	pace  *pacer // nil: everything is ripe at once
	lines map[string]*line
	n     int
}

type line struct {
	ripe  heap[*Occurrence]
	later heap[waiter]
}

// A waiter is ripe at a time, by the wall.
type waiter struct {
	*Occurrence
	at time.Time
}

func newQueue(p *pacer) *queue { return &queue{pace: p, lines: map[string]*line{}} }

// push adds an occurrence that is ripe at a time.
func (q *queue) push(o *Occurrence, at time.Time) {
	l := q.lines[o.space]
	if l == nil {
		l = &line{
			ripe:  heap[*Occurrence]{less: func(a, b *Occurrence) bool { return before(*a, *b) < 0 }},
			later: heap[waiter]{less: func(a, b waiter) bool { return a.at.Before(b.at) }},
		}
		q.lines[o.space] = l
	}
	q.n++
	if q.pace == nil {
		at = time.Time{}
	}
	l.later.push(waiter{o, at})
}

// take gives the first one whose place is free. Where there is none yet it gives nil and when there is one.
func (q *queue) take(wall time.Time) (o *Occurrence, at time.Time) {
	var best *line
	for space, l := range q.lines {
		for len(l.later.list) > 0 && !l.later.list[0].at.After(wall) {
			l.ripe.push(l.later.pop().Occurrence)
		}
		free := wall
		if q.pace != nil {
			free = q.pace.spaces[space]
			for len(l.ripe.list) > 0 {
				t := q.pace.channels[channelOf(l.ripe.list[0])]
				if !t.After(wall) {
					break
				}
				l.later.push(waiter{l.ripe.pop(), t})
			}
		}
		switch {
		case len(l.ripe.list) > 0 && !free.After(wall):
			if first := l.ripe.list[0]; best == nil || before(*first, *best.ripe.list[0]) < 0 {
				best = l
			}
			continue
		case len(l.ripe.list) > 0:
		case len(l.later.list) > 0:
			if t := l.later.list[0].at; t.After(free) {
				free = t
			}
		default:
			delete(q.lines, space)
			continue
		}
		if at.IsZero() || free.Before(at) {
			at = free
		}
	}
	if best == nil {
		return nil, at
	}
	q.n--
	return best.ripe.pop(), wall
}

// drop takes out all of a workspace, or, with "", everything.
func (q *queue) drop(space string) (out []Occurrence) {
	for name, l := range q.lines {
		if name != space && space != "" {
			continue
		}
		for _, o := range l.ripe.list {
			out = append(out, *o)
		}
		for _, w := range l.later.list {
			out = append(out, *w.Occurrence)
		}
		delete(q.lines, name)
	}
	q.n -= len(out)
	return out
}

// A heap has the least of its list in front.
type heap[T any] struct {
	list []T
	less func(a, b T) bool
}

func (h *heap[T]) push(x T) {
	h.list = append(h.list, x)
	for i := len(h.list) - 1; i > 0; {
		up := (i - 1) / 2
		if !h.less(h.list[i], h.list[up]) {
			break
		}
		h.list[i], h.list[up] = h.list[up], h.list[i]
		i = up
	}
}

func (h *heap[T]) pop() T {
	first, n := h.list[0], len(h.list)-1
	h.list[0] = h.list[n]
	clear(h.list[n:])
	h.list = h.list[:n]
	for i := 0; ; {
		least := i
		for _, j := range []int{2*i + 1, 2*i + 2} {
			if j < n && h.less(h.list[j], h.list[least]) {
				least = j
			}
		}
		if least == i {
			return first
		}
		h.list[i], h.list[least] = h.list[least], h.list[i]
		i = least
	}
}
