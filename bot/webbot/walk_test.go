package webbot

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// wait polls until a JavaScript expression is true.
func (x *tab) wait(expr string) {
	x.t.Helper()
	x.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := chromedp.Poll[bool](expr, chromedp.WithPollingTimeout(12*time.Second))(ctx, t)
		if err != nil {
			err = fmt.Errorf("waiting for %s: %w", expr, err)
		}
		return chromedp.Void{}, err
	})
}

// eval evaluates a JavaScript expression.
func eval[T any](x *tab, expr string) T {
	x.t.Helper()
	v, err := chromedp.Run(x.ctx, chromedp.Evaluate[T](expr))
	if err != nil {
		x.t.Fatalf("%s: %v", expr, err)
	}
	return v
}

// seesIn waits until an element's text holds words.
func (x *tab) seesIn(selector, words string) {
	x.t.Helper()
	x.wait(fmt.Sprintf(`[...document.querySelectorAll(%q)].some((e) => e.innerText.includes(%q))`, selector, words))
}

func (x *tab) sees(words string) { x.t.Helper(); x.seesIn("#log", words) }

func (x *tab) missing(words string) {
	x.t.Helper()
	if strings.Contains(x.text("document.body"), words) {
		x.t.Errorf("the page shows %q", words)
	}
}

// clear empties a field as a person does, by selecting all and deleting.
func clear(sel chromedp.CSS) step {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := chromedp.Evaluate[bool](fmt.Sprintf(`(() => { const e = document.querySelector(%q); e.focus(); e.select(); return true; })()`, string(sel)))(ctx, t)
		if err == nil {
			_, err = chromedp.KeyEvent(kb.Backspace)(ctx, t)
		}
		return err
	})
}

// types writes into the message box and sends it.
func (x *tab) types(line string) {
	x.t.Helper()
	x.do(chromedp.SendKeys(chromedp.CSS("#message"), line), chromedp.SendKeys(chromedp.CSS("#message"), kb.Escape+kb.Enter))
}

// press clicks the last visible button or link whose name or text is that.
func (x *tab) press(name string) {
	x.t.Helper()
	mark := fmt.Sprintf(`(() => {
		const all = [...(document.querySelector('dialog[open]:last-of-type') ?? document).querySelectorAll('button, a')];
		const hit = all.filter((e) => (e.getAttribute('aria-label') ?? [...e.childNodes].filter((n) => !n.hidden).map((n) => n.textContent).join('')).trim() === %q && e.checkVisibility()).pop();
		if (!hit) return false;
		document.querySelectorAll('[data-test]').forEach((e) => e.removeAttribute('data-test'));
		hit.setAttribute('data-test', 'press');
		return true;
	})()`, name)
	x.wait(mark)
	x.do(chromedp.Click(chromedp.CSS(`[data-test=press]`)))
}

func (x *tab) is(id string) {
	x.t.Helper()
	x.do(
		chromedp.SetValue(chromedp.CSS("#who"), id),
		func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
			_, err := chromedp.Evaluate[bool](`document.getElementById('who').dispatchEvent(new Event('change', {bubbles: true}))`)(ctx, t)
			return chromedp.Void{}, err
		})
	x.wait(fmt.Sprintf(`location.hash.startsWith('#/%s/')`, id))
}

func (x *tab) opens(room string) {
	x.t.Helper()
	x.press(room)
	x.seesIn("#room-name", strings.TrimSuffix(room, ", unread"))
}

// names finds the elements that the accessibility tree shows with a role and a name.
func (x *tab) names() map[string]int {
	x.t.Helper()
	out := map[string]int{}
	tree, err := chromedp.Run(x.ctx, func(ctx context.Context, t *chromedp.Target) (accessibility.GetFullAXTreeResult, error) {
		return cdp.Call(ctx, t, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	})
	if err != nil {
		x.t.Fatal(err)
	}
	for _, n := range tree.Nodes {
		if n.Ignored || n.Role == nil || n.Name == nil {
			continue
		}
		out[strings.Trim(string(n.Role.Value), `"`)+" "+strings.Trim(string(n.Name.Value), `"`)]++
	}
	return out
}

func TestNamesThatOthersRelyOn(t *testing.T) {
	ty := newToy(t)
	x := open(t, ty.serve(), 1360, 900)
	x.sees("18 of 24 visits") // my day is where one begins
	has := x.names()
	for _, want := range []string{
		"combobox Who am I", "list Rooms", "textbox Message", "button Send", "log Messages",
		"button Next thing that happens", "textbox Jump to", "main ", "banner ", "heading My day",
	} {
		if has[want] != 1 {
			t.Errorf("%d of %q", has[want], want)
		}
	}
	if got := eval[string](x, `document.querySelector('#who option').textContent`); got != "Principal — Pat Principal" {
		t.Errorf("the first persona reads %q", got)
	}
	x.types("/observe log")
	x.wait(`document.querySelector('dialog[open]') !== null`)
	if has := x.names(); has["dialog Log a visit"] != 1 || has["group Who did you visit?"] != 1 || has["textbox How many minutes?"] != 1 {
		t.Errorf("the form's names: %v", has)
	}
	if f := x.faults(); len(f) > 0 {
		t.Errorf("console: %v", f)
	}
}

func TestWalk(t *testing.T) {
	ty := newToy(t)
	url := ty.serve()
	x := open(t, url+"/#/p2/dm-p2", 1360, 900)
	foreign := foreignRequests(x, url)
	other := open(t, url+"/#/p3/plc-math-5", 1360, 900)
	other.sees("Nothing has been said in plc-math-5 yet")

	// A private answer, marked as such, and a menu that replaces its card in place.
	x.types("/observe status")
	x.sees("18 of 24 this week")
	x.seesIn(".message.private .private-mark", "Only you can see this")
	x.seesIn(".typed", "/observe status")
	x.do(chromedp.SendKeys(chromedp.CSS(".b-select select"), "My c"))
	x.sees("27 of 32 teachers visited on schedule")
	x.missing("18 of 24 this week")
	x.wait(`document.activeElement.matches('article')`) // the menu is gone; no other control takes the next key
	if n := eval[int](x, `document.querySelectorAll('.message.private').length`); n != 1 {
		t.Errorf("the update made %d answers of one", n)
	}

	// A form: what is missing is said at once, what the bot refuses beside its field, and nothing is lost.
	x.types("/observe log")
	x.wait(`document.activeElement.type === 'search'`)
	x.press("Save visit")
	x.seesIn("dialog .field-error", "Please choose somebody.")
	x.do(chromedp.SendKeys(chromedp.CSS("dialog input[type=search]"), "okon"+kb.Enter))
	x.seesIn("dialog .picked", "Chima Okonjo")
	x.do(chromedp.SetValue(chromedp.CSS("dialog [name=minutes]"), "90"), chromedp.SendKeys(chromedp.CSS("dialog [name=focus]"), "Stu"),
		chromedp.SendKeys(chromedp.CSS("dialog [name=glow]"), "Calm start <b>& quick</b>"))
	x.press("Save visit")
	x.seesIn("dialog .field-error", "That is longer than a lesson here. Log two visits instead.")
	x.wait(`document.activeElement.name === 'minutes' && document.activeElement.getAttribute('aria-invalid') === 'true'`)
	if got := eval[string](x, `document.getElementById(document.activeElement.getAttribute('aria-describedby').split(' ').pop()).textContent`); !strings.HasPrefix(got, "That is longer") {
		t.Errorf("the field is described by %q", got)
	}
	if got := eval[string](x, `document.querySelector('dialog [name=glow]').value`); got != "Calm start <b>& quick</b>" {
		t.Errorf("what was typed became %q", got)
	}
	x.do(chromedp.SendKeys(chromedp.CSS("dialog [name=minutes]"), kb.Escape)) // asks before it throws anything away
	x.press("Keep editing")
	x.do(chromedp.SetValue(chromedp.CSS("dialog [name=minutes]"), "15"))
	x.press("Save visit")
	x.sees("Saved: a visit to Chima Okonjo")
	x.wait(`document.querySelector('dialog') === null`)

	// A button that asks first, and one that replaces its card.
	x.press("Undo")
	x.seesIn("dialog", "Take this visit back?")
	x.press("Cancel")
	x.press("Undo")
	x.wait(`document.activeElement.textContent === 'Cancel'`) // Enter alone does no harm
	x.do(chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Enter))
	x.sees("Taken back.")

	// An error with a way out.
	x.types("/observe fail")
	x.sees("Nobody of that name is on the staff list.")
	x.press("Log a visit")
	x.wait(`document.querySelector('dialog[open]') !== null`)
	x.do(chromedp.KeyEvent(kb.Escape))
	x.wait(`document.querySelector('dialog') === null`)

	// What is said in a room reaches the other tab, and so does its update.
	x.opens("plc-math-5")
	x.types("/plc agenda")
	x.sees("Alice Anders used /plc")
	other.sees("Sort samples silently")
	other.sees("Alice Anders used /plc")
	other.press("We met")
	other.sees("Marked as held.")
	x.sees("Marked as held.")
	x.types("Can we start late?")
	other.sees("Can we start late?")
	x.types("@Rounds how often are leaders observed?")
	other.sees("the criteria give no number of visits")
	x.press("Delete this message of mine")
	other.wait(`!document.body.innerText.includes('how often are leaders observed?')`) // nor the quote of it

	// Another persona sees none of it, and coming back brings the page's memory back.
	x.do(chromedp.SendKeys(chromedp.CSS("#message"), "a draft"))
	x.is("p1")
	x.missing("Taken back.")
	x.missing("a draft")
	x.opens("Rounds")
	x.sees("This is between you and Rounds")
	x.is("p2")
	x.sees("Taken back.")
	x.opens("plc-math-5")
	x.wait(`document.getElementById('message').value === 'a draft'`)

	// After a reload the room's messages are there, the private ones are gone.
	x.do(chromedp.Reload())
	x.sees("Marked as held.")
	x.opens("Rounds")
	x.sees("This is between you and Rounds")

	// A late answer still comes.
	ty.web.wait = time.Millisecond
	x.types("/observe slow")
	x.sees("Late, but here")

	if kept := ty.keep.all(); strings.Contains(kept, toySecret) || strings.Contains(kept, "Okonjo") || strings.Contains(kept, "/observe") {
		t.Error("something private is in the store")
	}
	if f := foreign(); len(f) > 0 {
		t.Errorf("the page asked elsewhere: %v", f)
	}
	for _, p := range []*tab{x, other} {
		if f := p.faults(); len(f) > 0 {
			t.Errorf("console: %v", f)
		}
	}
}

// foreignRequests notes what a page asks of anybody but its own server.
func foreignRequests(x *tab, url string) func() []string {
	err := chromedp.Listen(x.ctx, func(ev any) {
		if e, ok := ev.(*network.EventRequestWillBeSent); ok && !strings.HasPrefix(e.Request.URL, url) && !strings.HasPrefix(e.Request.URL, "data:") {
			x.fault("request to " + e.Request.URL)
		}
	})
	if err != nil {
		x.t.Fatal(err)
	}
	return x.faults
}

func TestComposer(t *testing.T) {
	ty := newToy(t)
	x := open(t, ty.serve()+"/#/p2/dm-p2", 1360, 900)
	box := chromedp.CSS("#message")
	value := func(want string) {
		t.Helper()
		x.wait(fmt.Sprintf(`document.getElementById('message').value === %q`, want))
	}
	option := `document.querySelector('#suggest-list [aria-selected=true]')?.innerText`

	x.do(chromedp.SendKeys(box, "/"))
	x.seesIn("#suggest", "Log a classroom visit")
	x.wait(`document.querySelectorAll('#suggest-list [role=option]').length === 5`)
	x.wait(`document.getElementById('message').getAttribute('aria-activedescendant') === 'suggestion-0'`)
	x.do(chromedp.SendKeys(box, kb.ArrowDown))
	x.wait(option + `.startsWith('/plc')`)
	x.do(chromedp.SendKeys(box, kb.ArrowUp+kb.ArrowUp))
	x.wait(option + `.startsWith('/rounds')`)
	x.do(chromedp.SendKeys(box, kb.Escape))
	x.wait(`document.getElementById('suggest').hidden`)
	x.do(chromedp.SendKeys(box, "ob"))
	x.wait(`!document.getElementById('suggest').hidden`)
	x.do(chromedp.SendKeys(box, kb.Enter))
	value("/observe ")
	x.seesIn("#suggest", "How the week stands")
	x.do(chromedp.SendKeys(box, "lo"+kb.Tab))
	value("/observe log ")
	x.seesIn("#usage", "/observe log @Okonjo 12m focus:discourse")
	x.do(chromedp.SendKeys(box, "@ok"))
	x.seesIn("#suggest", "Chima Okonjo")
	x.do(chromedp.SendKeys(box, kb.Tab))
	value("/observe log @okonjo ")
	x.press("focus:")
	value("/observe log @okonjo focus:")
	x.seesIn("#suggest", "Student discourse")
	x.do(chromedp.SendKeys(box, kb.Tab))
	value(`/observe log @okonjo focus:"Student discourse" `)
	x.do(chromedp.SendKeys(box, "kind:"))
	x.seesIn("#suggest", "walkthrough")
	x.do(chromedp.SendKeys(box, kb.Tab+"12m"+kb.Enter))
	x.sees("Saved: a visit to @okonjo")
	x.seesIn(".typed", `focus:"Student discourse" kind:coaching 12m`)
	x.seesIn(".b-facts", "discourse") // what the choice means reached the bot
	value("")

	x.do(chromedp.SendKeys(box, kb.ArrowUp)) // the last line once more
	x.wait(`document.getElementById('message').value.startsWith('/observe log @okonjo')`)
	x.do(clear(box), chromedp.SendKeys(box, "@Rou"))
	x.seesIn("#suggest", "asks the bot")
	x.do(chromedp.SendKeys(box, kb.Tab))
	value("@Rounds ")

	// What cannot be sent comes back.
	x.do(clear(box), chromedp.SendKeys(box, "does this get lost?"))
	ty.keep.mu.Lock()
	ty.keep.down = true
	ty.keep.mu.Unlock()
	x.do(chromedp.SendKeys(box, kb.Enter))
	value("")
	x.seesIn(".toast", "The store does not answer.")
	value("does this get lost?")
	ty.keep.mu.Lock()
	ty.keep.down = false
	ty.keep.mu.Unlock()
	x.do(chromedp.SendKeys(box, kb.Enter))
	x.sees("does this get lost?")
}

func TestReconnect(t *testing.T) {
	ty := newToy(t)
	x := open(t, ty.serve()+"/#/p1/staff", 1360, 900)
	x.sees("Nothing has been said")
	// The server lets go of the line, as when it restarts, and refuses new ones for a while.
	ty.web.streams.closeAll()
	x.seesIn("#offline", "Connection lost. Reconnecting…")
	ty.post("staff", "m", bot2("Said meanwhile"))
	ty.web.streams.mu.Lock()
	ty.web.streams.closed = false
	ty.web.streams.mu.Unlock()
	x.sees("Said meanwhile")
	x.wait(`document.getElementById('offline').textContent === ''`)
}

func TestClockInThePage(t *testing.T) {
	ty := newToy(t)
	x := open(t, ty.serve()+"/#/p1/leadership", 1360, 900)
	x.seesIn("#made-up", "Made-up data")
	x.seesIn("#now", "Thu, Oct 15, 2026 · 10:02 AM CDT")
	x.seesIn("#next-what", "Agenda for Grade 5 math")
	x.press("Next thing that happens")
	x.seesIn("#now", "Thu, Oct 15, 2026 · 2:00 PM CDT")
	x.seesIn("#happened", "Agenda for Grade 5 math")
	x.wait(`document.querySelector('#rooms .dot:not([hidden])') !== null`) // something new in plc-math-5
	x.press("Next thing that happens")
	x.press("See it as Alice Anders in Rounds")
	x.sees("3 visits to go, 2 school days left.")
	x.wait(`document.getElementById('who').value === 'p2'`)
	x.press("Open my list")
	x.sees("My teachers, week of October 12")

	jump := chromedp.CSS("#jump-to")
	x.do(chromedp.SendKeys(jump, "thu 9am last week"+kb.Enter))
	x.seesIn("#jump-error", "is no time I can read")
	x.do(clear(jump), chromedp.SendKeys(jump, "2026-10-15 9:00"+kb.Enter))
	x.seesIn("#jump-error", "Demo time only goes forward")
	x.do(clear(jump), chromedp.SendKeys(jump, "fri 3pm"+kb.Enter))
	x.seesIn("#now", "Fri, Oct 16, 2026 · 3:00 PM CDT")
	x.press("Open willow-leadership")
	x.sees("Week 9 coaching snapshot")
	x.seesIn(".day", "Today · Friday, October 16")
	x.wait(`document.querySelector('#log img[alt^="Visits rose"]').naturalWidth === 1200`)
	x.press("Next thing that happens")
	x.seesIn("#happened", "Nothing is planned any more.")
}

// TestThemeSwitch: a chosen theme stays over a reload.
func TestThemeSwitch(t *testing.T) {
	ty := newToy(t)
	x := open(t, ty.serve(), 1360, 900, dark(false))
	ground := `getComputedStyle(document.body).backgroundColor`
	light := eval[string](x, ground)
	x.press("Switch to dark")
	x.wait(ground + ` !== "` + light + `"`)
	x.do(chromedp.Reload(), chromedp.WaitReady(chromedp.CSS(`body[data-ready]`)))
	x.wait(ground + ` !== "` + light + `"`)
	x.press("Switch to light")
	x.wait(ground + ` === "` + light + `"`)
}

// TestOddTextsInThePage: whatever a text holds, the reader sees it as it stands.
func TestOddTextsInThePage(t *testing.T) {
	ty := newToy(t)
	odd := oddTexts()
	for i, s := range odd {
		ty.post("staff", fmt.Sprintf("odd%d", i), bot2(s))
	}
	x := open(t, ty.serve()+"/#/p1/staff", 1360, 900)
	for _, s := range odd {
		x.wait(fmt.Sprintf(`[...document.querySelectorAll('.b-text')].some((e) => e.textContent === %s)`, asJSON(t, s)))
	}
	if n := eval[int](x, `document.querySelectorAll('#log a, #log script, #log b, #log iframe').length`); n != 0 {
		t.Errorf("%d elements were made of texts", n)
	}
	x.types(`<img src=x onerror="document.title='pwned'"> @Rounds`)
	x.wait(`[...document.querySelectorAll('.words')].some((e) => e.textContent.startsWith('<img src=x'))`)
	if n := eval[int](x, `document.querySelectorAll('#log .words img').length`); n != 0 {
		t.Error("a typed text became markup")
	}
}
