package handlers

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"rounds/bot"
	"rounds/school"
)

// look lets a test look through somebody's eyes.
func look(t *testing.T, w *world, who school.PersonID, f func(v *school.Viewer)) {
	t.Helper()
	err := w.book.Read(func(m *school.Model) {
		v := m.As(who, w.now)
		if v == nil {
			t.Fatalf("%s is not on the roster", who)
		}
		f(v)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestPeople(t *testing.T) {
	w := newWorld(t)
	for _, tc := range []struct {
		typed []string
		want  string // ids, or the code of the error and whom it offers
	}{
		{[]string{"@Okafor"}, "ada"},
		{[]string{"okafor"}, "ada"},
		{[]string{"Ms. Okafor"}, "ada"},
		{[]string{"Ada", "Okafor"}, "ada"},
		{[]string{"@Ada", "Okafor"}, "ada"},
		{[]string{"diaz", "ben"}, "ben"},
		{[]string{"okafor", "brown"}, "ada bob"},
		{[]string{"okafor", "@Okafor"}, "ada"},
		{[]string{"Ana de la Cruz"}, "ana"},
		{[]string{"@de la Cruz"}, "ana"},
		{[]string{"Ana", "de la Cruz"}, "ana"},
		{[]string{"<@ada>"}, "ada"},
		{[]string{"<@ada|whatever>"}, "ada"},
		{[]string{"<@U404>"}, "not_found:"},
		{[]string{"diaz"}, "ambiguous: Ben Diaz, Marisol Diaz"},
		{[]string{"okafro"}, "not_found: Ada Okafor"},
		{[]string{"borwn"}, "not_found: Bob Brown"},
		{[]string{"qqq"}, "not_found:"},
		{[]string{strings.Repeat("long ", 50)}, "not_found:"},
		{[]string{"عائشة"}, "not_found:"},
	} {
		look(t, w, "alice", func(v *school.Viewer) {
			found, err := people(v, tc.typed, "teacher", func(id school.PersonID) bot.Press { return bot.Press{Action: "observe.form", Subject: string(id)} })
			var got string
			if e, ok := errors.AsType[*bot.Error](err); ok {
				var names []string
				for _, b := range e.Choices {
					names = append(names, b.Label)
				}
				got = strings.TrimSpace(string(e.Code) + ": " + strings.Join(names, ", "))
				if len(e.Sentence) > 250 || !strings.HasSuffix(strings.TrimSpace(e.Sentence), ".") && !strings.HasSuffix(e.Sentence, "?") {
					t.Errorf("%q: sentence %q", tc.typed, e.Sentence)
				}
			} else {
				var ids []string
				for _, p := range found {
					ids = append(ids, string(p.ID))
				}
				got = strings.Join(ids, " ")
			}
			if got != tc.want {
				t.Errorf("%q: %q, want %q", tc.typed, got, tc.want)
			}
		})
	}
}

// TestLogAble: those with something due first, as the status sorts them, then the others of the campus; nobody else.
func TestLogAble(t *testing.T) {
	w := newWorld(t)
	for who, want := range map[school.PersonID][]string{
		"alice": {"bob", "cy", "mari", "ada", "ben", "ana"},
		"leo":   {"tess"},
		"imani": {"dana"},
		"ada":   nil,
	} {
		look(t, w, who, func(v *school.Viewer) {
			var got []string
			list, _ := logAble(v)
			for _, p := range list {
				got = append(got, string(p.ID))
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %v, want %v", who, got, want)
			}
		})
	}
}

func TestStudentsAreNotNamed(t *testing.T) {
	w := newWorld(t)
	look(t, w, "alice", func(v *school.Viewer) {
		for text, flagged := range map[string]bool{
			"Malik explained his thinking":        true,
			"asked Sofia's group":                 true,
			"the student Jaquan answered":         true,
			"the student named Zyx":               true,
			"follow the IEP":                      true,
			"meets his 504 plan":                  true,
			"special education minutes":           true,
			"read page 504":                       false,
			"Ana waited three seconds":            false, // of the staff
			"Ben used wait time":                  false,
			"Socratic Seminar, Turn and Talk":     false,
			"Will students explain? Grace period": false,
			"student discourse was strong":        false,
			"Student Council met":                 false,
			"wait time after every question":      false,
			"":                                    false,
		} {
			if why := namesStudent(v.Model(), text); (why != "") != flagged {
				t.Errorf("%q: %q, want flagged %v", text, why, flagged)
			}
		}
	})
}

func TestStepAdvice(t *testing.T) {
	w := newWorld(t)
	look(t, w, "alice", func(v *school.Viewer) {
		soon := school.Date(2026, 10, 23)
		for _, tc := range []struct {
			step  string
			by    school.Day
			wants int
		}{
			{"Wait three seconds after each question", soon, 0},
			{"Cold call with a pen and paper ready", soon, 0},
			{"understand wait time", soon, 1},
			{"Be more consistent", soon, 1},
			{"Ask a question; write it down", soon, 1},
			{"Ask a question. Then wait for it.", soon, 0},
			{"Post the agenda. Then greet each class.", soon, 1},
			{"Post the agenda and also greet each class", soon, 1},
			{strings.Repeat("a long step ", 13), soon, 1},
			{"Wait", school.Date(2026, 12, 11), 1},
			{"Wait", school.Date(2026, 10, 24), 1}, // a Saturday
			{"try to improve and also " + strings.Repeat("x", 150), school.Date(2026, 12, 11), 4},
		} {
			if got := stepAdvice(tc.step, tc.by, v.Today(), v.Calendar()); len(got) != tc.wants {
				t.Errorf("%q by %v: %d thoughts %q, want %d", tc.step, tc.by, len(got), got, tc.wants)
			}
		}
	})
}
