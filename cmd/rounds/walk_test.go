package main

import (
	"context"
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"rounds/seeds"
)

// newDemo opens the demo as rounds demo does, with a clock that stands still until it is moved.
func newDemo(t testing.TB, store string) *demo {
	t.Helper()
	if store == "" {
		store = filepath.Join(t.TempDir(), "demo.db")
	}
	d, err := openDemo(context.Background(), &demoCmd{Store: store, Seed: 2026, still: true}, seeds.DemoStart())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.close)
	return d
}

// serve runs the demo behind an HTTP server and returns its address.
func (d *demo) serve(t testing.TB) string {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	server := httptest.NewServer(d.app.routes())
	done := make(chan error, 1)
	go func() { done <- d.app.run(ctx) }()
	t.Cleanup(func() {
		stop()
		server.CloseClientConnections()
		server.Close()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return server.URL
}

// TestWalk is the five jobs end to end, in a real Chromium, as a coach, a teacher and a principal meet them.
func TestWalk(t *testing.T) {
	d := newDemo(t, "")
	p := openPage(t, d.serve(t))

	// The coach logs a visit in one line.
	p.is("alice")
	p.shot("01-alice-home")
	p.opens("Rounds")
	p.types("/observe @Bob Brown 12m focus:discourse step:Ask one why question after each answer by:fri")
	p.sees("Saved. Only you can see this.")
	p.seesIn(".message.private .private-mark", "Only you can see this")
	p.shot("02-receipt")
	p.press("Share now")
	p.sees("Shared")
	p.shot("03-shared")

	// The teacher gets an envelope, opens it, and answers.
	p.is("bob")
	p.opens("Rounds")
	p.sees("left you a note")
	p.shot("04-envelope")
	p.press("Read it")
	p.sees("Ask one why question after each answer")
	p.shot("05-note")
	p.types("/checkin")
	p.sees("Doing it consistently")
	p.shot("06-checkin")
	p.press("Tried it")
	p.sees("Tried it")
	p.shot("07-answered")

	// The principal sees the fast number, and a Log button opens the filled form.
	p.is(principalOf(t, d))
	p.opens("Rounds")
	p.types("/observe status")
	p.sees("this week")
	p.shot("08-status")
	p.press("Log")
	p.wait(`document.querySelector('dialog[open] .picked')?.innerText.trim().length > 3`) // whose it is, is filled in
	p.shot("09-form")
	p.press("Cancel")
	p.wait(`document.querySelector('dialog') === null`)

	// Questions.
	p.types("/ask what does proficient look like for classroom observation")
	p.sees("Comprehensive instructional observation — autonomously conduct multi-visit classroom observations across a range of subject areas and grade levels, synthesizing findings into detailed performance improvement plans for teaching staff in a large district.")
	p.sees("proficient.1")
	p.sees("level Proficient")
	p.sees("v.26.05")
	p.sees("© EBSCOed")
	p.shot("10-ask")
	p.types("/ask what is the weather")
	p.sees("outside what I know")

	// The clock brings the agenda, the noon preview, the digest with its picture, and the plan of the week.
	next := func(what string) {
		t.Helper()
		for range 12 {
			before := p.text("document.querySelector('#happened')")
			p.press("Next thing that happens")
			p.wait(fmt.Sprintf(`!document.querySelector('#next').disabled && document.querySelector('#happened').innerText !== %q`, before))
			if strings.Contains(p.text("document.querySelector('#happened')"), what) {
				return
			}
		}
		t.Fatalf("%s did not come", what)
	}
	next("look at the coaching snapshots")
	p.opens("Rounds")
	p.sees("Post now")
	p.shot("12-preview")
	p.press("Look it over")
	p.sees("Week 9 coaching snapshot")
	p.shot("13-looked-over")
	next("PLC agenda for Cedar Ridge Social Studies")
	p.opens("cedar-social")
	p.sees("Cedar Ridge Social Studies")
	p.sees("Facilitator")
	p.shot("11-agenda")
	next("Coaching snapshots of 2 campuses")
	p.opens("cedar-leaders")
	p.sees("Week 9 coaching snapshot")
	p.wait(`[...document.querySelectorAll('#log img')].some((i) => i.complete && i.naturalWidth > 600 && i.alt.length > 20)`)
	p.shot("14-digest")
	next("Plan of the week")
	p.opens("Rounds")
	p.sees("school days left")
	p.shot("15-plan")
	p.press("Open my list")
	p.sees("to go")
	p.shot("16-list")

	leaks := leaksOf(t, d)
	if len(leaks) > 0 {
		t.Errorf("stored messages hold records: %v", leaks)
	}
}

func principalOf(t *testing.T, d *demo) string {
	for _, x := range d.personas() {
		if x.Featured && x.Role == "Principal" {
			return x.Account.User
		}
	}
	t.Fatal("no featured principal")
	return ""
}
