package webbot

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

var (
	chromeOnce sync.Once
	chromeErr  error
	chrome     context.Context
	chromeEnd  = func() {}
)

func TestMain(m *testing.M) {
	code := m.Run()
	chromeEnd()
	os.Exit(code)
}

// browser starts Chromium, once for all tests of this process.
func browser(t *testing.T) context.Context {
	t.Helper()
	chromeOnce.Do(func() {
		bin := ""
		for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
			if path, err := exec.LookPath(name); err == nil {
				bin = path
				break
			}
		}
		if bin == "" {
			chromeErr = fmt.Errorf("no chromium, chromium-browser or google-chrome in PATH: the page is tested in a real browser; install one (Debian, Ubuntu: apt-get install chromium; macOS: brew install --cask chromium)")
			return
		}
		dir, err := os.MkdirTemp("", "webbot-chromium-")
		if err != nil {
			chromeErr = err
			return
		}
		options := append([]chromedp.ExecAllocatorOption{}, chromedp.DefaultExecAllocatorOptions[:]...)
		options = append(options, chromedp.ExecPath(bin), chromedp.UserDataDir(dir), chromedp.NoSandbox, chromedp.DisableGPU,
			chromedp.Flag("disable-quic", true), chromedp.Flag("no-first-run", true), chromedp.Flag("disable-background-networking", true),
			chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.WindowSize(1360, 900))
		alloc, endAlloc := chromedp.NewExecAllocator(context.Background(), options...)
		ctx, endCtx := chromedp.NewContext(alloc)
		chromeEnd = func() { endCtx(); endAlloc(); _ = os.RemoveAll(dir) }
		chromeErr = chromedp.Do(ctx)
		chrome = ctx
	})
	if chromeErr != nil {
		t.Fatal(chromeErr)
	}
	return chrome
}

// tab is one open page of a toy.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu     sync.Mutex
	errors []string // what the page's console calls an error
}

// serve runs the toy's platform behind an HTTP server.
func (ty *toy) serve() string {
	mux := http.NewServeMux()
	for pattern, h := range ty.web.Routes() {
		mux.Handle(pattern, h)
	}
	server := httptest.NewServer(mux)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = ty.web.Run(ctx, ty.rt.Take)
	}()
	waitUntil(ty.t, func() bool { return ty.web.taker() != nil })
	ty.t.Cleanup(func() {
		stop()
		<-done
		server.Close()
		_ = ty.rt.Close(context.Background())
	})
	return server.URL
}

// step is something done in a page.
type step = chromedp.Action[chromedp.Void]

// open opens a page and waits until it is ready.
func open(t *testing.T, url string, width, height int64, before ...step) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser(t))
	x := &tab{t: t, ctx: ctx}
	t.Cleanup(cancel)
	messages := chromedp.Console(ctx)
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			if m.IsException() || m.Type == chromedp.ConsoleError {
				x.fault(m.String() + " " + m.URL)
			}
		}
	}()
	x.do(append([]step{chromedp.EmulateViewport(width, height)}, before...)...)
	x.do(chromedp.Navigate(url), chromedp.WaitReady(chromedp.CSS(`body[data-ready]`)))
	return x
}

func (x *tab) fault(s string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.errors = append(x.errors, s)
}

func (x *tab) faults() []string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.errors
}

// do does steps, each within a time that is long only for a page that hangs.
func (x *tab) do(steps ...step) {
	x.t.Helper()
	for _, s := range steps {
		ctx, cancel := context.WithTimeout(x.ctx, 15*time.Second)
		err := chromedp.Do(ctx, s)
		cancel()
		if err != nil {
			x.t.Fatalf("%v\nconsole: %v\npage:\n%s", err, x.faults(), x.text("document.body"))
		}
	}
}

// text is the text of an element that a JavaScript expression names.
func (x *tab) text(expr string) string {
	x.t.Helper()
	ctx, cancel := context.WithTimeout(x.ctx, 5*time.Second)
	defer cancel()
	s, err := chromedp.Run(ctx, chromedp.Evaluate[string]("("+expr+")?.innerText ?? ''"))
	if err != nil {
		return err.Error()
	}
	return s
}
