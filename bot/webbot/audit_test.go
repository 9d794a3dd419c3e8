package webbot

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

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
