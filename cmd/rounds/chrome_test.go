package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// chrome is one Chromium for all tests of this process.
var chrome struct {
	once sync.Once
	ctx  context.Context
	err  error
	end  func()
}

func startChrome() {
	bin := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			bin = path
			break
		}
	}
	if bin == "" {
		chrome.err = fmt.Errorf("no Chromium in PATH; the walk is made in a real browser: make tools installs one on Debian and Ubuntu")
		return
	}
	dir, err := os.MkdirTemp("", "rounds-chromium-")
	if err != nil {
		chrome.err = err
		return
	}
	options := append([]chromedp.ExecAllocatorOption{}, chromedp.DefaultExecAllocatorOptions[:]...)
	for _, flag := range []string{"disable-quic", "no-first-run", "disable-background-networking", "disable-component-update", "disable-sync"} {
		options = append(options, chromedp.Flag(flag, true))
	}
	options = append(options, chromedp.ExecPath(bin), chromedp.UserDataDir(dir), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(1360, 900))
	alloc, endAlloc := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, endCtx := chromedp.NewContext(alloc)
	chrome.end = func() { endCtx(); endAlloc(); _ = os.RemoveAll(dir) }
	chrome.ctx, chrome.err = ctx, chromedp.Do(ctx)
}

// page is one open page of the demo, used as a person would: by what is written on it.
type page struct {
	t   *testing.T
	ctx context.Context
}

type action = chromedp.Action[chromedp.Void]

func openPage(t *testing.T, url string) *page {
	t.Helper()
	chrome.once.Do(startChrome)
	if chrome.err != nil {
		t.Fatal(chrome.err)
	}
	ctx, cancel := chromedp.NewContext(chrome.ctx)
	t.Cleanup(cancel)
	p := &page{t: t, ctx: ctx}
	if err := chromedp.Do(ctx); err != nil { // the tab lives as long as the context it was first used with
		t.Fatal(err)
	}
	p.do(chromedp.EmulateViewport(1360, 900), chromedp.Navigate(url), chromedp.WaitReady(chromedp.CSS(`body[data-ready]`)))
	return p
}

func (p *page) do(actions ...action) {
	p.t.Helper()
	for _, a := range actions {
		ctx, cancel := context.WithTimeout(p.ctx, 15*time.Second)
		err := chromedp.Do(ctx, a)
		cancel()
		if err != nil {
			p.t.Fatalf("%v\npage:\n%s", err, p.text("document.body"))
		}
	}
}

// text is what can be read in the element of a JavaScript expression.
func (p *page) text(expr string) string {
	ctx, cancel := context.WithTimeout(p.ctx, 5*time.Second)
	defer cancel()
	s, err := chromedp.Run(ctx, chromedp.Evaluate[string]("("+expr+")?.innerText ?? ''"))
	if err != nil {
		return err.Error()
	}
	return s
}

// wait polls until a JavaScript expression is true.
func (p *page) wait(expr string) {
	p.t.Helper()
	p.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := chromedp.Poll[bool](expr, chromedp.WithPollingTimeout(12*time.Second))(ctx, t)
		if err != nil {
			err = fmt.Errorf("waiting for %s: %w", expr, err)
		}
		return chromedp.Void{}, err
	})
}

// sees waits until the messages hold words.
func (p *page) sees(words string) {
	p.t.Helper()
	p.wait(fmt.Sprintf(`document.querySelector('#log').innerText.includes(%q)`, words))
}

// seesIn waits until an element holds words.
func (p *page) seesIn(selector, words string) {
	p.t.Helper()
	p.wait(fmt.Sprintf(`[...document.querySelectorAll(%q)].some((e) => (e.value ?? '').includes(%q) || e.innerText.includes(%q))`, selector, words, words))
}

// types writes a line into the message box and sends it.
func (p *page) types(line string) {
	p.t.Helper()
	p.do(chromedp.SendKeys(chromedp.CSS("#message"), line), chromedp.SendKeys(chromedp.CSS("#message"), kb.Escape+kb.Enter))
}

// press clicks the last visible button or link of that name; inside words' card where within is given.
func (p *page) press(name string) {
	p.t.Helper()
	p.wait(fmt.Sprintf(`(() => {
		const all = [...(document.querySelector('dialog[open]:last-of-type') ?? document).querySelectorAll('button, a')];
		const hit = all.filter((e) => { const s = e.textContent.trim(), n = (e.getAttribute('aria-label') ?? s).trim(); return (n === %q || s === %q || n.startsWith(%q + ',')) && e.checkVisibility(); }).pop();
		if (!hit) return false;
		document.querySelectorAll('[data-test]').forEach((e) => e.removeAttribute('data-test'));
		hit.setAttribute('data-test', 'press');
		return true;
	})()`, name, name, name))
	p.do(chromedp.Click(chromedp.CSS(`[data-test=press]`)))
}

// is becomes somebody else.
func (p *page) is(handle string) {
	p.t.Helper()
	p.do(chromedp.SetValue(chromedp.CSS("#who"), handle), func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := chromedp.Evaluate[bool](`document.getElementById('who').dispatchEvent(new Event('change', {bubbles: true}))`)(ctx, t)
		return chromedp.Void{}, err
	})
	p.wait(fmt.Sprintf(`location.hash.startsWith('#/%s/')`, handle))
}

// opens goes to a room of the list.
func (p *page) opens(room string) {
	p.t.Helper()
	p.press(room)
	p.seesIn("#room-name", room)
}

// shot writes a picture of the page where ROUNDS_SHOTS names a folder: for looking at, not for testing.
func (p *page) shot(name string) {
	dir := os.Getenv("ROUNDS_SHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
	if err == nil {
		_ = os.MkdirAll(dir, 0o700)
		err = os.WriteFile(dir+"/"+name+".png", png, 0o600)
	}
	if err != nil {
		p.t.Logf("no picture of %s: %v", name, err)
	}
}
