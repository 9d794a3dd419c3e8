package answers

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// BenchmarkQuestions asks all questions of testdata/questions.jsonl over and
// over and reports the median of one.
func BenchmarkQuestions(b *testing.B) {
	questions := readQuestions(b, "testdata/questions.jsonl")
	for _, added := range []int{0, 50} {
		b.Run(fmt.Sprintf("added=%d", added), func(b *testing.B) {
			l := libraryWith(b, added)
			took := make([]time.Duration, 0, 1<<14)
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				began := time.Now()
				l.Ask(questions[i%len(questions)].Q)
				if i++; len(took) < cap(took) {
					took = append(took, time.Since(began))
				}
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs-median")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "µs-p99")
		})
	}
}

// libraryWith is the test library and n frameworks of 40 statements beside it,
// made of the words of the first in another order.
func libraryWith(tb testing.TB, n int) *Library {
	tb.Helper()
	docs, err := testDocs()
	if err != nil {
		tb.Fatal(err)
	}
	strands, err := testStrands()
	if err != nil {
		tb.Fatal(err)
	}
	ic := docs[0].Statements
	for k := range n {
		d := Document{ID: fmt.Sprintf("d%d", k), Title: fmt.Sprintf("District framework %d", k), Short: fmt.Sprintf("District rubric %d", k)}
		for i := range 40 {
			// Half of one statement and half of another.
			a, c := ic[i].Text, ic[(i*7+k)%len(ic)].Text
			d.Statements = append(d.Statements, Statement{
				ID: fmt.Sprintf("d%d.%d", k, i+1), Doc: d.ID, Kind: KindStatement, Text: a[:len(a)/2] + " " + c[len(c)/2:],
			})
		}
		docs = append(docs, d)
	}
	l, err := New(docs, strands)
	if err != nil {
		tb.Fatal(err)
	}
	return l
}
