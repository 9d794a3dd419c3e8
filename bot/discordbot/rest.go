package discordbot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"rounds/bot"
	"rounds/bot/service"
)

// The codes of Discord's errors that are told apart here: docs, topics/opcodes-and-status-codes, JSON error codes.
const (
	codeUnknownChannel     = 10003
	codeUnknownMessage     = 10008
	codeUnknownWebhook     = 10015
	codeUnknownInteraction = 10062
	codeMissingAccess      = 50001
	codeClosed             = 50007 // "Cannot send messages to this user"
	codeMissingPermissions = 50013
)

// apiError is a refusal by Discord.
type apiError struct {
	what         string
	status, code int
	message      string
	after        time.Duration
}

func (e *apiError) Error() string {
	s := fmt.Sprintf("discord %s: HTTP %d", e.what, e.status)
	if e.code != 0 {
		s += fmt.Sprintf(", code %d (%s)", e.code, e.message)
	}
	return s
}

func codeOf(err error) int {
	if e, ok := errors.AsType[*apiError](err); ok {
		return e.code
	}
	return 0
}

// errRevoked says that Discord does not take the token any more. Asking on would get the address banned.
var errRevoked = errors.New("discord: the bot token is refused: reset it in the developer portal and set DISCORD_BOT_TOKEN")

// kindOf is an error fit for a log. Errors of the HTTP client hold addresses, and the token of an interaction is a secret.
func kindOf(err error) string {
	var ue *url.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &ue):
		return "connection: " + ue.Err.Error()
	}
	return err.Error()
}

// A request is one call of the REST API.
type request struct {
	method, path string
	body         any
	files        [][]byte // with a Payload: its pictures
	out          any
	// patient calls wait where Discord asks to; others give the wait to their caller.
	patient bool
	// again says that doing it twice is the same as doing it once.
	again bool
	// open calls carry no bot token: the token of an interaction is in their path.
	open bool
}

// tries is how often a request is made at most, where it may be made again.
const tries = 4

// longestWait is the longest that an answer waits for Discord.
const longestWait = 20 * time.Second

// do makes a request, and makes it again where that is sure to change nothing that stands. It sorts the outcome into the
// errors that [bot.Platform] promises.
func (p *Platform) do(ctx context.Context, r request) error {
	for n := 1; ; n++ {
		err := p.once1(ctx, r)
		retry, busy := errors.AsType[*bot.RetryError](err)
		_, unknown := errors.AsType[*bot.UnknownError](err)
		wait := time.Duration(n) * 250 * time.Millisecond
		switch {
		case err == nil:
			return nil
		case busy && r.patient && retry.After <= longestWait && n < tries:
			wait = retry.After
		case unknown && r.again && n < tries:
		case unknown && r.again:
			return &bot.RetryError{After: 5 * time.Second, Err: err}
		default:
			return err
		}
		if perr := p.pause(ctx, wait); perr != nil {
			return err
		}
	}
}

func (p *Platform) once1(ctx context.Context, r request) error {
	what := r.method + " " + route(r.path)
	if p.dead.Load() {
		return errRevoked
	}
	if wait := p.pace.wait(bucket(r.path)); wait > 0 {
		return &bot.RetryError{After: wait, Err: fmt.Errorf("discord %s: paced", what)}
	}
	req, err := p.request(ctx, r)
	if err != nil {
		return err
	}
	var attempt service.Attempt
	res, err := p.http.Do(req.WithContext(attempt.Watch(ctx)))
	if err != nil {
		if attempt.Sent() {
			p.count(func(c *Counters) { c.Unknown++ })
		}
		return attempt.Lost(ctx, fmt.Errorf("discord %s: %s", what, kindOf(err)))
	}
	defer res.Body.Close()
	p.pace.heard(bucket(r.path), res.Header, res.StatusCode)
	text, err := io.ReadAll(io.LimitReader(res.Body, 4<<20))
	if err != nil {
		p.count(func(c *Counters) { c.Unknown++ })
		return &bot.UnknownError{Err: fmt.Errorf("discord %s: %s", what, kindOf(err))}
	}
	if res.StatusCode/100 == 2 {
		if r.out == nil || len(text) == 0 {
			return nil
		}
		if err := json.Unmarshal(text, r.out); err != nil {
			return &bot.UnknownError{Err: fmt.Errorf("discord %s: an answer that cannot be read: %w", what, err)}
		}
		return nil
	}
	return p.refused(what, res, text)
}

// request makes the HTTP request: JSON, or a form with files beside the JSON.
func (p *Platform) request(ctx context.Context, r request) (*http.Request, error) {
	var body io.Reader
	kind := ""
	if r.body != nil {
		b, err := json.Marshal(r.body)
		if err != nil {
			return nil, err
		}
		body, kind = bytes.NewReader(b), "application/json"
		if len(r.files) > 0 {
			var w bytes.Buffer
			form := multipart.NewWriter(&w)
			part, _ := form.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="payload_json"`}, "Content-Type": {"application/json"}})
			_, _ = part.Write(b)
			for i, f := range r.files {
				part, _ := form.CreatePart(textproto.MIMEHeader{
					"Content-Disposition": {fmt.Sprintf(`form-data; name="files[%d]"; filename="picture%d.png"`, i, i+1)}, "Content-Type": {"image/png"},
				})
				_, _ = part.Write(f)
			}
			_ = form.Close()
			body, kind = &w, form.FormDataContentType()
		}
	}
	req, err := http.NewRequestWithContext(ctx, r.method, p.base+r.path, body)
	if err != nil {
		return nil, err
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if !r.open {
		req.Header.Set("Authorization", "Bot "+p.cfg.BotToken)
	}
	req.Header.Set("User-Agent", p.agent)
	return req, nil
}

// refused turns an answer that is no success into an error.
func (p *Platform) refused(what string, res *http.Response, text []byte) error {
	var b struct {
		Code    int     `json:"code"`
		Message string  `json:"message"`
		After   float64 `json:"retry_after"`
	}
	_ = json.Unmarshal(text, &b)
	err := &apiError{what: what, status: res.StatusCode, code: b.Code, message: b.Message, after: time.Duration(b.After * float64(time.Second))}
	switch {
	case res.StatusCode == http.StatusTooManyRequests:
		p.count(func(c *Counters) { c.RateLimited++ })
		// The header is rounded up and the pace keeps to it, so a try before it would only be held back here.
		err.after = max(err.after, seconds(res.Header.Get("Retry-After")))
		if err.after <= 0 {
			err.after = 5 * time.Second
		}
		return &bot.RetryError{After: err.after, Err: err}
	case res.StatusCode == http.StatusUnauthorized:
		p.dead.Store(true)
		return errRevoked
	case res.StatusCode >= 500:
		// Whatever answers for Discord cannot say how far the request came.
		p.count(func(c *Counters) { c.Unknown++ })
		return &bot.UnknownError{Err: err}
	case b.Code == codeUnknownChannel, b.Code == codeMissingAccess, b.Code == codeMissingPermissions:
		return fmt.Errorf("%w: %w", bot.ErrNotInRoom, err)
	}
	return err
}

var (
	numbers = regexp.MustCompile(`\d{5,}`)
	secret  = regexp.MustCompile(`(/(?:webhooks|interactions)/[^/]+/)[^/?]+`)
)

// route is a path fit for logs: without ids and tokens.
func route(path string) string {
	path, _, _ = strings.Cut(path, "?")
	return numbers.ReplaceAllString(secret.ReplaceAllString(path, "${1}:token"), ":id")
}

// bucket names what Discord limits together: the route, and the channel, server or webhook in it.
func bucket(path string) string {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.SplitN(strings.TrimPrefix(path, "/"), "/", 3)
	if len(parts) < 3 {
		return path
	}
	return parts[0] + "/" + parts[1] + "/" + numbers.ReplaceAllString(parts[2], ":id")
}

// pace keeps to what Discord said of its limits. Nobody sleeps in it.
type pace struct {
	now func() time.Time // the computer's clock

	mu     sync.Mutex // guards the following
	until  map[string]time.Time
	all    time.Time
	wrong  int // answers 401, 403 and 429 in this window
	window time.Time
}

// Discord bans an address for 10,000 wrong requests in ten minutes; a tenth of that is an error of ours.
const (
	mostWrong   = 1000
	wrongWindow = 10 * time.Minute
)

// wait is how long a bucket is to be left alone.
func (x *pace) wait(bucket string) time.Duration {
	x.mu.Lock()
	defer x.mu.Unlock()
	now := x.now()
	until := x.until[bucket]
	if x.all.After(until) {
		until = x.all
	}
	if x.wrong >= mostWrong && x.window.Add(wrongWindow).After(until) {
		until = x.window.Add(wrongWindow)
	}
	return max(until.Sub(now), 0)
}

// heard reads the limits out of an answer.
func (x *pace) heard(bucket string, h http.Header, status int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	now := x.now()
	if now.Sub(x.window) > wrongWindow {
		x.window, x.wrong = now, 0
	}
	if status == http.StatusUnauthorized || status == http.StatusForbidden || status == http.StatusTooManyRequests && h.Get("X-RateLimit-Scope") != "shared" {
		x.wrong++
	}
	if x.until == nil || len(x.until) > 10_000 {
		x.until = map[string]time.Time{}
	}
	after := seconds(h.Get("X-RateLimit-Reset-After"))
	if status == http.StatusTooManyRequests {
		after = max(after, seconds(h.Get("Retry-After")))
		if h.Get("X-RateLimit-Global") != "" {
			x.all = now.Add(after)
			return
		}
		x.until[bucket] = now.Add(after)
		return
	}
	if h.Get("X-RateLimit-Remaining") == "0" {
		x.until[bucket] = now.Add(after)
	}
}

func seconds(s string) time.Duration {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f < 0 || f > 3600 {
		return 0
	}
	return time.Duration(f * float64(time.Second))
}
