package handlers

import (
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"rounds/school"
	"rounds/seeds"
)

// said names what the entry check says of a step: "see", "two", "long", "student".
func said(m *school.Model, step string) []string {
	var out []string
	if utf8.RuneCountInString(step) > maxStep {
		out = append(out, "long")
	}
	if hardToSee(step) {
		out = append(out, "see")
	}
	if namesStudent(m, step) != "" {
		out = append(out, "student")
	}
	if twoSteps(step) {
		out = append(out, "two")
	}
	return out
}

// Every label of the table holds, and false alarms are fewer than one in twenty of what is said: people mute a check
// that is wrong.
func TestEntryCheckOnPhrases(t *testing.T) {
	file, err := os.ReadFile("testdata/steps/phrases.tsv")
	if err != nil {
		t.Fatal(err)
	}
	type tally struct{ right, wrong, missed int }
	found := map[string]*tally{"see": {}, "two": {}, "long": {}, "student": {}}
	n, good := 0, 0
	w := newWorld(t)
	look(t, w, "alice", func(v *school.Viewer) {
		for line := range strings.Lines(string(file)) {
			label, step, ok := strings.Cut(strings.TrimSpace(line), "\t")
			if strings.HasPrefix(line, "#") || !ok {
				continue
			}
			n++
			var want []string
			if label == "ok" {
				good++
			} else {
				want = strings.Split(label, "+")
			}
			got := said(v.Model(), step)
			slices.Sort(want)
			for kind, c := range found {
				is, says := slices.Contains(want, kind), slices.Contains(got, kind)
				switch {
				case is && says:
					c.right++
				case says:
					c.wrong++
				case is:
					c.missed++
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%q: %v, want %v", step, got, want)
			}
		}
	})
	if n < 120 || good < 40 {
		t.Errorf("%d phrases, %d of them good: the table is too small to tell", n, good)
	}
	all := tally{}
	for kind, c := range found {
		all = tally{all.right + c.right, all.wrong + c.wrong, all.missed + c.missed}
		t.Logf("%-8s precision %.2f, recall %.2f (%d)", kind, share(c.right, c.wrong), share(c.right, c.missed), c.right+c.missed)
	}
	t.Logf("of %d phrases, %d of them good: precision %.2f, recall %.2f", n, good, share(all.right, all.wrong), share(all.right, all.missed))
	if share(all.right, all.wrong) < 0.95 || share(all.right, all.missed) < 0.9 {
		t.Error("the check is wrong too often")
	}
}

func share(a, b int) float64 {
	if a+b == 0 {
		return 1
	}
	return float64(a) / float64(a+b)
}

// The steps of the made-up district were written by nobody who had the check in mind, and all are good ones.
func TestEntryCheckOnTheStepsOfTheDemo(t *testing.T) {
	w := newWorld(t)
	steps := map[string]bool{}
	m := school.NewModel()
	for _, e := range seeds.DemoHistory(seeds.DemoSeed, m) {
		for _, x := range e.Texts {
			if x.Kind == "step" {
				steps[x.Body] = true
			}
		}
	}
	if len(steps) < 30 {
		t.Fatalf("%d steps are too few to tell", len(steps))
	}
	alarms := 0
	look(t, w, "alice", func(v *school.Viewer) {
		for step := range steps {
			if got := said(v.Model(), step); len(got) > 0 {
				alarms++
				t.Logf("%q: %v", step, got)
			}
		}
	})
	t.Logf("%d false alarms among %d steps", alarms, len(steps))
	if alarms*20 > len(steps) {
		t.Errorf("%d false alarms among %d steps", alarms, len(steps))
	}
}

// Whatever is typed, the check comes to an end with few words: it reads in one pass and keeps nothing.
func FuzzEntryCheck(f *testing.F) {
	for _, s := range []string{"", "Wait", "and then and then", "Have Marcus sit; 504", "“", "J. R. J.R.", strings.Repeat("a, and ", 300), "\xff\xfe and \x00", "İSTANBUL'S ｎame", "2) 2. ;;"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, step string) {
		step = step[:min(len(step), 2*maxText)] // what is longer is refused before
		m := school.NewModel()
		first, again := wordingAdvice(step), wordingAdvice(step)
		if !slices.Equal(first, again) || len(first) > 3 {
			t.Errorf("%q: %q, then %q", step, first, again)
		}
		why := namesStudent(m, step)
		if why != namesStudent(m, step) || why != "" && !utf8.ValidString(why) && utf8.ValidString(step) {
			t.Errorf("%q: %q", step, why)
		}
	})
}

func BenchmarkEntryCheck(b *testing.B) {
	m := school.NewModel()
	long := strings.Repeat("Post the agenda and wait, then have Students turn and talk. ", 40)
	b.ReportAllocs()
	b.SetBytes(int64(len(long)))
	for b.Loop() {
		wordingAdvice(long)
		namesStudent(m, long)
	}
}
