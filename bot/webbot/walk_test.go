package webbot

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
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
		const hit = all.filter((e) => (e.getAttribute('aria-label') ?? e.textContent).trim() === %q && e.checkVisibility()).pop();
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
	x.wait(`document.querySelector('#rooms .dot') !== null`) // something new in plc-math-5
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

// audit looks for what an accessibility checker would find: controls without a name, doubled ids,
// pictures without words, small targets, text of too little contrast, a page that scrolls sideways.
const audit = `(() => {
	const out = [];
	const shown = (e) => e.checkVisibility({visibilityProperty: true, opacityProperty: true});
	const name = (e) => (e.getAttribute('aria-label') || (e.labels && [...e.labels].map((l) => l.textContent).join(' ')) || e.textContent || '').trim();
	for (const e of document.querySelectorAll('button, a, input, select, textarea, summary, dialog, [role=log], [role=region], [role=progressbar]')) {
		if (!shown(e)) continue;
		if (!name(e) && !e.getAttribute('aria-labelledby')) out.push('no name: ' + e.outerHTML.slice(0, 120));
		const r = e.getBoundingClientRect();
		if (e.matches('button, a, select') && (r.width < 24 || r.height < 24)) out.push('small target: ' + name(e) + ' ' + r.width + 'x' + r.height);
	}
	const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
	for (const id of new Set(ids)) if (ids.filter((x) => x === id).length > 1) out.push('id twice: ' + id);
	for (const e of document.querySelectorAll('img')) if (!e.hasAttribute('alt')) out.push('img without alt');
	for (const a of ['aria-describedby', 'aria-labelledby', 'aria-controls', 'for']) {
		for (const e of document.querySelectorAll('[' + a + ']')) {
			for (const id of e.getAttribute(a).split(' ')) if (!document.getElementById(id)) out.push(a + ' points nowhere: ' + id);
		}
	}
	if (document.documentElement.scrollWidth > innerWidth) out.push('the page is ' + document.documentElement.scrollWidth + ' wide in ' + innerWidth);
	for (const sel of ['#log', '.dialog-body', '.main', '.top', '.side']) {
		const e = document.querySelector(sel);
		if (e && shown(e) && e.scrollWidth > e.clientWidth + 1) out.push(sel + ' scrolls sideways');
	}
	const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
	const rgba = (c) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = c; canvas.fillRect(0, 0, 1, 1); const d = canvas.getImageData(0, 0, 1, 1).data; return [d[0], d[1], d[2], d[3] / 255]; };
	const over = (a, b) => [0, 1, 2].map((i) => a[i] * a[3] + b[i] * (1 - a[3])).concat(1);
	const behind = (e) => { const stack = []; for (; e; e = e.parentElement) { const c = rgba(getComputedStyle(e).backgroundColor); stack.push(c); if (c[3] === 1) break; } return stack.reverse().reduce((b, c) => over(c, b), [255, 255, 255, 1]); };
	const lum = (c) => { const [r, g, b] = c.slice(0, 3).map((v) => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };
	const walker = document.createTreeWalker(document.querySelector('dialog[open]') ?? document.body, NodeFilter.SHOW_TEXT);
	const seen = new Set();
	for (let n = walker.nextNode(); n; n = walker.nextNode()) {
		const e = n.parentElement;
		if (!n.data.trim() || seen.has(e) || !shown(e) || e.closest('noscript, .visually-hidden, option')) continue;
		seen.add(e);
		const bg = behind(e);
		const fg = over(rgba(getComputedStyle(e).color), bg);
		const [a, b] = [lum(fg), lum(bg)].sort((p, q) => q - p);
		const ratio = (a + .05) / (b + .05);
		if (ratio < 4.5) out.push('contrast ' + ratio.toFixed(2) + ': ' + n.data.trim().slice(0, 40));
	}
	return out;
})()`

func (x *tab) audit(what string) {
	x.t.Helper()
	for _, f := range eval[[]string](x, audit) {
		x.t.Errorf("%s: %s", what, f)
	}
}

func dark(yes bool) step {
	scheme := map[bool]string{true: "dark", false: "light"}[yes]
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
		}})
		return err
	})
}

func TestAccessible(t *testing.T) {
	for _, view := range []struct {
		name          string
		dark          bool
		width, height int64
	}{{"light", false, 1360, 900}, {"dark", true, 1360, 900}, {"phone", false, 360, 740}, {"dark phone", true, 360, 740}} {
		t.Run(view.name, func(t *testing.T) {
			ty := newToy(t)
			ty.post("leadership", "digest", toyDigest()...)
			ty.post("plc-math-5", "agenda", toyAgenda()...)
			x := open(t, ty.serve()+"/#/p1/home", view.width, view.height, dark(view.dark))
			phone := view.width < 700
			room := func(name string) {
				t.Helper()
				if phone {
					x.press("Show rooms")
					x.wait(`document.body.classList.contains('drawer') && document.activeElement.id === 'who'`)
					x.audit("drawer")
				}
				x.opens(name)
				x.wait(`!document.body.classList.contains('drawer')`)
			}
			x.sees("18 of 24 visits")
			x.audit("my day")
			room("willow-leadership, unread")
			x.sees("Week 9 coaching snapshot")
			x.do(chromedp.Click(chromedp.CSS("summary")))
			x.wait(`document.querySelector('details').open`)
			x.audit("digest")
			room("plc-math-5, unread")
			x.sees("Open commitments")
			x.audit("agenda")
			room("Rounds")
			x.audit("empty room")
			x.types("/observe status")
			x.sees("18 of 24 this week")
			x.audit("private answer")
			x.do(chromedp.SendKeys(chromedp.CSS("#message"), "/"))
			x.seesIn("#suggest", "Commands")
			x.audit("suggestions")
			x.do(chromedp.SendKeys(chromedp.CSS("#message"), "observe log "))
			x.audit("usage")
			x.do(chromedp.SendKeys(chromedp.CSS("#message"), kb.Escape+kb.Enter))
			x.wait(`document.querySelector('dialog[open]') !== null`)
			x.audit("form")
			x.press("Save visit")
			x.seesIn("dialog .field-error", "Please choose somebody.")
			x.audit("form with errors")
			x.press("Close")
			x.press("Next thing that happens")
			x.seesIn("#happened", "Agenda for Grade 5 math")
			x.audit("what happened")
			if phone {
				x.press("Jump to another time")
			}
			x.do(chromedp.SendKeys(chromedp.CSS("#jump-to"), "blah"+kb.Enter))
			x.seesIn("#jump-error", "is no time I can read")
			x.audit("jump error")
		})
	}
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
