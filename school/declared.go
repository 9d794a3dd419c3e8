package school

import "slices"

// declaration is a word about single days that was said after the calendar was set: what they are, or that they are
// again what the calendar says. They hold in the order in which they were said.
type declaration struct {
	n        int64 // version of its event
	campus   CampusID
	restored bool // takes back what was declared of its days before
	Span
}

// Declared is what was declared of some days and still holds.
type Declared struct {
	N      int64    // version of the declaration
	Campus CampusID // "" when it was declared for all campuses
	Span
}

// declaredAt lists the declarations that hold at a campus, the oldest first; of one whose days were restored in
// part the rest is listed.
func (m *Model) declaredAt(id CampusID) []Declared {
	var out []Declared
	for _, d := range m.declared {
		switch {
		case d.campus != "" && d.campus != id:
		case !d.restored:
			out = append(out, Declared{d.n, d.campus, d.Span})
		default:
			var left []Declared
			for _, was := range out {
				for _, part := range cut(was.Span, d.From, d.To) {
					left = append(left, Declared{was.N, was.Campus, part})
				}
			}
			out = left
		}
	}
	return out
}

// cut is a span without the days from..to.
func cut(s Span, from, to Day) []Span {
	if to < s.From || s.To < from {
		return []Span{s}
	}
	var out []Span
	if s.From < from {
		before := s
		before.To = from - 1
		out = append(out, before)
	}
	if to < s.To {
		after := s
		after.From = to + 1
		out = append(out, after)
	}
	return out
}

// Declared lists what was declared of the days from..to at a campus and still holds, the oldest first.
func (m *Model) Declared(id CampusID, from, to Day) []Declared {
	return slices.DeleteFunc(m.declaredAt(id), func(d Declared) bool { return d.To < from || to < d.From })
}

// Without is the calendar of a campus as it would be had nothing been declared of the days from..to.
func (m *Model) Without(id CampusID, from, to Day) *Calendar {
	c := m.Calendar(id)
	if len(m.Declared(id, from, to)) == 0 {
		return c
	}
	f, ok := m.calFacts[id]
	if !ok {
		f = m.calFacts[""]
	}
	spans := slices.Clone(f.Spans)
	for _, d := range m.declaredAt(id) {
		spans = append(spans, cut(d.Span, from, to)...)
	}
	if bare, err := NewCalendar(f.Name, f.First, f.Last, c.Week, spans); err == nil {
		return bare
	}
	return c
}

// DeclaredBy lists the declarations with the versions first..last, whether they still hold or not.
func (m *Model) DeclaredBy(first, last int64) []Declared {
	var out []Declared
	for _, d := range m.declared {
		if d.n >= first && d.n <= last && !d.restored {
			out = append(out, Declared{d.n, d.campus, d.Span})
		}
	}
	return out
}
