package main

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"rounds/school"
	"rounds/school/sqlitelog"
)

// BenchmarkWhoLooked reads who looked at one person in 30 days, as /rounds privacy does, on a campus where 15 leaders look
// 40 times a day, half of it at lists of 60 people.
func BenchmarkWhoLooked(b *testing.B) {
	ctx := context.Background()
	store, err := sqlitelog.Open(ctx, filepath.Join(b.TempDir(), "looks.db"), sqlitelog.Options{Mark: sqlitelog.Real})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	log := store.Log("bench")
	book, err := school.Open(ctx, log)
	if err != nil {
		b.Fatal(err)
	}
	defer book.Close()
	if _, err := book.Record(ctx, school.Entry{At: schoolClock(), Facts: []school.Fact{school.PersonSet{ID: "ada", From: 1, Role: school.Teacher, Campus: "cedar"}}}); err != nil {
		b.Fatal(err)
	}
	first := school.Date(2026, 9, 1)
	var wg sync.WaitGroup
	gate := make(chan struct{}, 250) // what waits together shares a sync
	for n := range 30 * 15 * 40 {
		shown := []school.Looked{{Person: "ada", Campus: "cedar", Kinds: school.LookSteps}}
		if n%100 != 0 {
			shown[0] = school.Looked{Person: school.PersonID(fmt.Sprintf("t%03d", n%200)), Campus: "cedar", Kinds: school.LookVisits}
			for j := 1; n%2 == 0 && j < 60; j++ {
				shown = append(shown, school.Looked{Person: school.PersonID(fmt.Sprintf("t%03d", (n+j)%200)), Campus: "cedar", Kinds: school.LookStatus})
			}
		}
		gate <- struct{}{}
		wg.Go(func() {
			defer func() { <-gate }()
			at := (first + school.Day(n/600)).At(school.Clock(n%600+400), time.UTC)
			if err := school.KeepLook(ctx, log, fmt.Sprint(n), school.NewLook(at, "alice", "observe status", shown), shown, time.UTC, 400); err != nil {
				b.Error(err)
			}
		})
	}
	wg.Wait()
	for b.Loop() {
		got, _, err := school.LookDays(ctx, book, "ada", first, first+30, 120)
		if err != nil || len(got) != 30 {
			b.Fatal(len(got), err)
		}
	}
}
