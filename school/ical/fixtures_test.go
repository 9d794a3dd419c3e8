package ical

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rounds/school"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name+".ics"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// year is the school year of the fixtures.
func year(t testing.TB) Options {
	o := options(t)
	o.To, o.All = school.Date(2027, 5, 28), true
	return o
}

var fixtures = []string{"google", "outlook", "website", "fourday", "floating"}

// The proposals of made-up districts' files, as five programs export them.
func TestProposals(t *testing.T) {
	for _, name := range fixtures {
		t.Run(name, func(t *testing.T) {
			cal, err := Read(name+".ics", fixture(t, name), year(t))
			if err != nil {
				t.Fatal(err)
			}
			got := WriteRows(Propose(cal, name+".ics", nil))
			golden := filepath.Join("testdata", name+".days.csv")
			if *update {
				if err := os.WriteFile(golden, got, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
				t.Errorf("(-file +now; -update rewrites it):\n%s", diff)
			}
		})
	}
}

// The same file with other line ends, with a byte order mark, with blank lines between, and folded at every width, through the middle
// of characters too, says the same.
func TestSameHoweverWritten(t *testing.T) {
	for _, name := range fixtures {
		data := fixture(t, name)
		lines, _ := unfold(data)
		cal, err := Read(name, data, year(t))
		if err != nil {
			t.Fatal(err)
		}
		want := string(WriteRows(Propose(cal, name, nil)))
		for _, end := range []string{"\r\n", "\n", "\r", "\r\r\n"} {
			for _, width := range []int{3, 20, 75, 10000} {
				text := "\ufeff"
				for _, l := range lines {
					for n := 0; len(l) > width-n; n = 1 {
						text, l = text+l[:width-n]+end+" ", l[width-n:]
					}
					text += l + end
				}
				cal, err := Read(name, []byte(text), year(t))
				if err != nil {
					t.Fatalf("%s, line end %q, width %d: %v", name, end, width, err)
				}
				if diff := cmp.Diff(want, string(WriteRows(Propose(cal, name, nil)))); diff != "" {
					t.Errorf("%s, line end %q, width %d (-as it is +so written):\n%s", name, end, width, diff)
				}
			}
		}
	}
}

// A file that is cut off anywhere is never taken for a whole one.
func TestCutOff(t *testing.T) {
	for _, name := range fixtures {
		data := strings.TrimRight(string(fixture(t, name)), "\r\n")
		for i := 0; i < len(data); i += 7 {
			if _, err := Read(name, []byte(data[:i]), year(t)); err == nil {
				t.Errorf("%s: the first %d of %d bytes are read as a whole calendar", name, i, len(data))
			}
		}
	}
}

// BenchmarkRead reads a year's export of a large district: 5,000 events, most of them noise, and proposes their rows.
func BenchmarkRead(b *testing.B) {
	list, err := os.ReadFile("testdata/labels.tsv")
	if err != nil {
		b.Fatal(err)
	}
	var events []string
	for len(events) < 5000 {
		for l := range strings.Lines(string(list)) {
			if f := strings.Split(strings.TrimSpace(l), "\t"); len(f) > 1 && !strings.HasPrefix(l, "#") {
				d := school.Date(2026, 8, 17) + school.Day(len(events)%280)
				events = append(events, "UID:"+l[:4]+d.String()+"\nDTSTART;VALUE=DATE:"+strings.ReplaceAll(d.String(), "-", "")+"\nSUMMARY:"+f[1])
			}
		}
	}
	data := calendar(events...)
	o := year(b)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		cal, err := Read("c.ics", data, o)
		if err != nil {
			b.Fatal(err)
		}
		rows, _ := Merge(nil, Propose(cal, "c.ics", nil), "c.ics")
		if len(rows) < 5000 {
			b.Fatal(len(rows))
		}
	}
}
