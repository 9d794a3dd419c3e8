package ical

import (
	"os"
	"strings"
	"testing"

	"rounds/school"
)

// label is one line of testdata/labels.tsv.
type label struct {
	line       int
	class      string
	summary    string
	categories []string
}

func labels(t *testing.T) (out []label) {
	t.Helper()
	data, err := os.ReadFile("testdata/labels.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range strings.Split(string(data), "\n") {
		if l == "" || strings.HasPrefix(l, "#") {
			continue
		}
		f := strings.Split(l, "\t")
		x := label{line: i + 1, class: f[0], summary: f[1]}
		if len(f) > 2 {
			x.categories = strings.Split(f[2], ",")
		}
		out = append(out, x)
	}
	return out
}

// TestLabels: what people wrote is read as people would. A question is no mistake, but it is counted; a day off, a staff day or
// any other class read from noise is one.
func TestLabels(t *testing.T) {
	type count struct{ all, right, wrong, asked int }
	counts := map[string]*count{}
	of := func(class string) *count {
		if counts[class] == nil {
			counts[class] = &count{}
		}
		return counts[class]
	}
	list := labels(t)
	for _, x := range list {
		r := classify(x.summary, x.categories)
		got := string(r.Class)
		switch {
		case r.Class == "":
			got = "noise"
		case !r.Sure:
			got = "ask"
		}
		of(x.class).all++
		switch got {
		case x.class:
			of(x.class).right++
		case "ask":
			of(x.class).asked++
			t.Logf("labels.tsv:%d: %q is asked about (%s, %s); labeled %s", x.line, x.summary, r.Class, r.Why, x.class)
		default:
			of(got).wrong++
			t.Logf("labels.tsv:%d: %q is read as %s (%s); labeled %s", x.line, x.summary, got, r.Why, x.class)
			if got != "noise" && (x.class == "noise" || got == string(school.NoSchool)) {
				t.Errorf("labels.tsv:%d: %q must not be read as %s (%s)", x.line, x.summary, got, r.Why)
			}
		}
	}
	for _, class := range []string{"no school", "staff day", "early release", "testing", "blackout", "ask", "noise"} {
		c := of(class)
		precision, recall := share(c.right, c.right+c.wrong), share(c.right, c.all)
		t.Logf("%-13s %3d labeled: precision %3d %%, recall %3d %%, asked about %d", class, c.all, precision, recall, c.asked)
		if class != "ask" && (precision < 95 || recall < 85) {
			t.Errorf("%s: precision %d %%, recall %d %%; at least 95 and 85 are wanted", class, precision, recall)
		}
	}
	if len(list) < 60 {
		t.Errorf("only %d labels", len(list))
	}
}

func share(n, of int) int {
	if of == 0 {
		return 100
	}
	return 100 * n / of
}
