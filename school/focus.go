package school

import "slices"

// FocusFamilies are the four families of high-leverage instructional practices that criterion 5.2.5.b of the Effective
// District Framework, Lever 5, names, in its words and its order. Every focus area stands in one of them.
var FocusFamilies = []string{
	"Student culture routines",
	"Behavior management/student engagement",
	"Rigor and instructional execution strategies",
	"Response to student data",
}

// DefaultFocus are the focus areas shipped.
var DefaultFocus = []Focus{
	{"routines", "Routines and transitions", FocusFamilies[0]},
	{"belonging", "Belonging and relationships", FocusFamilies[0]},
	{"engagement", "Student engagement", FocusFamilies[1]},
	{"behavior", "Behavior supports", FocusFamilies[1]},
	{"rigor", "Rigor of the task", FocusFamilies[2]},
	{"questioning", "Questioning and wait time", FocusFamilies[2]},
	{"discourse", "Student discourse", FocusFamilies[2]},
	{"modeling", "Modeling and explanation", FocusFamilies[2]},
	{"monitoring", "Monitoring student work", FocusFamilies[3]},
	{"feedback", "Feedback to students", FocusFamilies[3]},
	{"reteach", "Reteaching a gap", FocusFamilies[3]},
}

// MaxFocus is how many focus areas a district may list: more than a form can show at a glance, and than a visit's 32 bits
// hold.
const MaxFocus = 31

// Focus lists the focus areas: the district's, or the default ones, by family and in the order of their list.
func (m *Model) Focus() []Focus {
	list := DefaultFocus
	if len(m.district.FocusAreas) > 0 {
		list = m.district.FocusAreas
	}
	out := slices.Clone(list)
	slices.SortStableFunc(out, func(a, b Focus) int { return familyRank(a.Family) - familyRank(b.Family) })
	return out
}

// familyRank sorts a family that is none of the four, as older files have it, last.
func familyRank(f string) int {
	if i := slices.Index(FocusFamilies, f); i >= 0 {
		return i
	}
	return len(FocusFamilies)
}

// rememberFocus keeps what focus areas are called: visits go on naming one that left the list.
func (m *Model) rememberFocus(list []Focus) {
	for _, f := range list {
		m.focusEver[f.Key] = f
	}
}

// FocusArea finds a focus area by its key, also one that left the list; ok is false for one that was never in it.
func (m *Model) FocusArea(key string) (f Focus, ok bool) {
	if f, ok = m.focusEver[key]; ok {
		return f, true
	}
	if i := slices.IndexFunc(DefaultFocus, func(f Focus) bool { return f.Key == key }); i >= 0 {
		return DefaultFocus[i], true
	}
	return Focus{}, false
}

// FocusName is the name of a focus area by its key.
func (m *Model) FocusName(key string) string {
	if f, ok := m.FocusArea(key); ok {
		return f.Name
	}
	return key
}

// PastFocus lists the focus areas that visits were about and that are in the list no more.
func (m *Model) PastFocus() []Focus {
	now := m.Focus()
	var out []Focus
	for _, k := range m.focusKeys {
		if slices.ContainsFunc(now, func(f Focus) bool { return f.Key == k }) {
			continue
		}
		f, ok := m.FocusArea(k)
		if !ok {
			f = Focus{Key: k, Name: k}
		}
		out = append(out, f)
	}
	return out
}

// focusMore is the bit of a visit some of whose focus areas have no bit of their own, because a district that edits its
// list for years uses more than 31: all of the visit's areas then stand in Model.moreFocus.
const focusMore = 1 << 31

// setFocus sets the focus areas of a visit. Bits are allotted as keys appear.
func (m *Model) setFocus(v *Visit, keys []string) {
	v.Focus = 0
	delete(m.moreFocus, v.N)
	for _, k := range keys {
		i := slices.Index(m.focusKeys, k)
		if i < 0 {
			i, m.focusKeys = len(m.focusKeys), append(m.focusKeys, k)
		}
		if i < 31 {
			v.Focus |= 1 << i
		} else {
			v.Focus |= focusMore
		}
	}
	if v.Focus&focusMore != 0 {
		m.moreFocus[v.N] = slices.Clone(keys)
	}
}

// FocusKeys are the focus areas of a visit.
func (m *Model) FocusKeys(v *Visit) []string {
	if v.Focus&focusMore != 0 {
		return m.moreFocus[v.N]
	}
	var out []string
	for i, k := range m.focusKeys {
		if i < 31 && v.Focus&(1<<i) != 0 {
			out = append(out, k)
		}
	}
	return out
}
