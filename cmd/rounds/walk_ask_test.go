package main

import (
	"fmt"
	"testing"
)

// TestWalkAsk is questions and one's own growth in a real Chromium: a table of levels, a ladder, what Lever 5 leaves to the
// district beside the district's own setting, an answer shared with a room, and a goal set on the ladder.
func TestWalkAsk(t *testing.T) {
	d := newDemo(t, "")
	p := openPage(t, d.serve(t))
	p.is("alice")
	p.opens("Rounds")

	p.types("/ask how does purchasing differ between developing and advanced")
	p.sees("Strategic resource and budget authority")
	p.wait(`[...document.querySelectorAll('#log table')].some((t) => t.innerText.includes('developing.7') && t.innerText.includes('advanced.7'))`)
	p.shot("17-compare")
	p.press("All levels of this strand")
	p.wait(`[...document.querySelectorAll('#log table')].some((t) => t.innerText.includes('emerging.6') && t.innerText.includes('proficient.7'))`)
	p.shot("18-levels")
	p.types("/ask I already run workshops on my own, what comes next for me?")
	p.sees("To grow in: Professional development")
	p.sees("proficient.2")
	p.shot("19-ladder")
	p.types("/ask how often do formal observations have to happen")
	p.sees("gives no number")
	p.sees("Your district's own setting, not the document's")
	p.shot("20-own-setting")
	p.types("/ask what did Ms. Garcia score on her last evaluation")
	p.sees("I do not rate anyone or look into a person's record")
	p.shot("21-declined")

	// What was quoted to one person can be said to the room.
	p.opens("cedar-math")
	p.types("/ask guidelines for PLC meetings")
	p.sees("written guidelines for PLC meetings")
	p.press("Share to the room")
	p.wait(`[...document.querySelectorAll('#log .message:not(.private)')].some((m) => m.innerText.includes('written guidelines for PLC meetings'))`)
	p.shot("22-shared-answer")

	// One's own growth.
	p.opens("Rounds")
	p.types("/grow")
	p.sees("No administrator can")
	p.chooses("Choose a strand", "Professional development")
	p.sees("Where am I?")
	p.shot("23-grow-levels")
	p.chooses("Where am I?", "Developing")
	p.sees("Next, Proficient")
	p.press("Make it my goal")
	p.shot("24-grow-goal")
	p.press("Set it")
	p.sees("Working toward")
	p.shot("25-grow")
	p.press("History")
	p.sees("My growth, in order of time")
	p.shot("26-grow-history")

	if leaks := leaksOf(t, d); len(leaks) > 0 {
		t.Errorf("stored messages hold records: %v", leaks)
	}
}

// chooses picks an option of the last visible list of that name.
func (p *page) chooses(list, option string) {
	p.t.Helper()
	p.wait(fmt.Sprintf(`(() => {
		const named = (e) => (e.getAttribute('aria-label') ?? e.labels?.[0]?.textContent ?? '').trim();
		const hit = [...document.querySelectorAll('select')].filter((e) => named(e).startsWith(%q) && e.checkVisibility()).pop();
		const found = hit && [...hit.options].find((o) => o.textContent.trim().startsWith(%q));
		if (!found) return false;
		hit.value = found.value;
		hit.dispatchEvent(new Event('change', {bubbles: true}));
		return true;
	})()`, list, option))
}
