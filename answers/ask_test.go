package answers

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

// TestAsk plays testdata/own.txt: a question and what must come first, or how
// it is declined.
func TestAsk(t *testing.T) {
	l := testLibrary(t)
	data, err := os.ReadFile("testdata/own.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		question, want, ok := strings.Cut(line, "->")
		if !ok {
			t.Fatalf("no -> in %q", line)
		}
		a := l.Ask(strings.TrimSpace(question))
		got := brief(a)
		if !slices.Contains(strings.Fields(want), first(a)) {
			t.Errorf("%q\n\twant %s\n\tgot  %s", question, want, got)
		}
	}
}

// brief is an answer in one line: ids, or the reason there are none.
func brief(a Answer) string {
	switch {
	case a.Kind == KindDecline:
		return string(a.Reason)
	case len(a.Hits) == 0:
		return string(a.Kind)
	}
	var b strings.Builder
	for _, h := range a.Hits {
		fmt.Fprintf(&b, "%s(%.1f %s) ", h.Statement.ID, h.Score, strings.Join(h.Why, ","))
	}
	return b.String() + string(a.Kind)
}

func first(a Answer) string {
	if len(a.Hits) > 0 {
		return a.Hits[0].Statement.ID
	}
	return brief(a)
}

func TestAnswerShapes(t *testing.T) {
	l := testLibrary(t)
	for _, test := range []struct {
		question string
		kind     Kind
		strand   string
		hits     string // "" for any
		pointer  string // a part of it; "" for none at all
	}{
		{"5.2.5", KindQuote, "", "5.2.5 5.2.5.a 5.2.5.b 5.2.5.c 5.2.5.d 5.2.5.e", ""},
		{"what are the criteria of 5.1.2?", KindQuote, "", "5.1.2.a 5.1.2.b 5.1.2.c 5.1.2.d 5.1.2.e 5.1.2", ""},
		{"5.2.5.z", KindQuote, "", "5.2.5 5.2.5.a 5.2.5.b 5.2.5.c 5.2.5.d 5.2.5.e", "no 5.2.5.z; there are 5.2.5.a to 5.2.5.e"},
		{"5.2", KindQuote, "", "5.2.1 5.2.2 5.2.3 5.2.4 5.2.5", ""},
		{"list all the emerging statements", KindQuote, "", "emerging.1 emerging.2 emerging.3 emerging.4 emerging.5 " +
			"emerging.6 emerging.7 emerging.8 emerging.9 emerging.10", ""},
		{"strand S7", KindCompare, "S7", "emerging.6 developing.7 proficient.7 advanced.7", ""},
		{"compare D1 and P1", KindCompare, "S1", "developing.1 proficient.1", ""},
		{"what is next after P9", KindGrowth, "S9", "proficient.9", "no higher statement in the strand Digital tools"},
		{"what is next after D1", KindGrowth, "S1", "proficient.1 developing.1", ""},
		{
			"compare all levels for digital tools and e-learning", KindCompare, "S9",
			"emerging.9 emerging.8 developing.9 proficient.9", "no Advanced statement",
		},
		{ // only what fits: Emerging has another statement in this strand, about files
			"slides then modules then videos, show all levels", KindCompare, "S9", "emerging.9 developing.9 proficient.9", "no Advanced statement",
		},
		{"is there an advanced statement for working directly with students?", KindQuote, "", "", "no Advanced statement in the strand Direct student"},
		{"how often do formal observations have to happen", KindQuote, "", "", "gives no number"},
		{"how often should weekly planning support happen", KindQuote, "", "", ""}, // "weekly": it does say
		{"5.4.1", KindDecline, "", "", "no 5.4.1; there are 5.1.1 to 5.3.5"},
		{"lever two criteria", KindDecline, "", "", "Lever 2 is outside my documents"},
		{"T-TESS dimension 2.1", KindDecline, "", "", "I do not hold T-TESS"},
		{"", KindDecline, "", "", "Ask me a question"},
		{"how many visits did I make this week?", KindStatus, "", "", ""},
	} {
		a := l.Ask(test.question)
		if a.Kind != test.kind || a.Strand != test.strand {
			t.Errorf("%q: %s in strand %q, want %s in %q", test.question, a.Kind, a.Strand, test.kind, test.strand)
		}
		if !strings.Contains(a.Pointer, test.pointer) || test.pointer == "" && a.Pointer != "" {
			t.Errorf("%q: pointer %q, want %q", test.question, a.Pointer, test.pointer)
		}
		var got []string
		for _, h := range a.Hits {
			got = append(got, h.Statement.ID)
		}
		if test.hits != "" && strings.Join(got, " ") != test.hits {
			t.Errorf("%q: %v, want %s", test.question, got, test.hits)
		}
	}
}

func TestWhy(t *testing.T) {
	l := testLibrary(t)
	h := l.Ask("walkthrough form for campuses").Hits[0]
	if h.Statement.ID != "5.2.5.a" || !slices.Contains(h.Why, "walkthrough form") {
		t.Errorf("%s because of %q", h.Statement.ID, h.Why)
	}
	if h.Document.Short != "Effective District Framework, Lever 5" {
		t.Errorf("document %q", h.Document.Short)
	}
}

// FuzzAsk holds for any text: an answer, never a panic; every quoted text is a
// source text byte for byte; the answer has a bounded size and a consistent
// shape; the same question gets the same answer.
func FuzzAsk(f *testing.F) {
	for _, q := range []string{
		"", "5.2.5", "5.2.5 c", "proficient 3", "S7", "lever", "emerging advanced", "@a b", "Ms. X",
		"next next next step", "difference between", "a\x00\xff\u2028", strings.Repeat("5.", 900), strings.Repeat("observation ", 300),
		"İstanbul ǅ ﬁ", "developing", "how many visits this week", "plus ? and what ; and how", "5.2.5.a.b.c 5 . 3 . 1 (b)",
	} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, question string) {
		l := testLibrary(t)
		a := l.Ask(question)
		if (a.Kind == KindDecline) != (a.Reason != "") || a.Kind == KindDecline && (a.Pointer == "" || len(a.Hits) > 0) {
			t.Errorf("a wrong decline: %+v", a)
		}
		if (a.Kind == KindDecline || a.Kind == KindStatus) == (len(a.Hits) > 0) || len(a.Hits) > maxList || len(a.Pointer) > 400 {
			t.Errorf("%s with %d hits, pointer of %d bytes", a.Kind, len(a.Hits), len(a.Pointer))
		}
		seen := map[string]bool{}
		for _, h := range a.Hits {
			s, d, ok := l.Get(h.Statement.ID)
			if !ok || s.Text != h.Statement.Text || d.ID != h.Document.ID || seen[s.ID] {
				t.Errorf("hit %q is not the source's, or is there twice", h.Statement.ID)
			}
			seen[s.ID] = true
		}
		if again := l.Ask(question); brief(again) != brief(a) || again.Pointer != a.Pointer {
			t.Errorf("two answers:\n%s\n%s", brief(a), brief(again))
		}
	})
}

func TestAskConcurrently(t *testing.T) {
	l := testLibrary(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for _, q := range []string{"obsevation calibraton", "5.2.5", "compare proficient vs advanced on curriculum"} {
				l.Ask(q)
			}
		})
	}
	wg.Wait()
}

func BenchmarkAsk(b *testing.B) {
	l := testLibrary(b)
	for _, bench := range []struct{ name, question string }{
		{"id", "5.2.5"},
		{"plain", "who should be observing principals"},
		{"typos", "wat is the critera for teir 1 instrution"},
		{"compare", "difference between emerging and developing for observations"},
		{"parts", "who tracks action steps, and how often do coaches get observed?"},
		{"decline", "what is the weather"},
		{"longest", strings.Repeat("collaboratoin of teachars ", 60)},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				l.Ask(bench.question)
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	docs, err := testDocs()
	if err != nil {
		b.Fatal(err)
	}
	strands, err := testStrands()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := New(docs, strands); err != nil {
			b.Fatal(err)
		}
	}
}
