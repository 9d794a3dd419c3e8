package slackbot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"rounds/bot"
	"rounds/bot/service"

	"github.com/slack-go/slack"
)

// code is the error that Slack names, or "".
func code(err error) string {
	if e, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		return e.Err
	}
	return ""
}

// retryAfter is how long Slack asked to wait.
func retryAfter(err error) (time.Duration, bool) {
	var rl *slack.RateLimitedError
	var re *bot.RetryError
	var sc slack.StatusCodeError
	switch {
	case errors.As(err, &rl):
		return max(rl.RetryAfter, time.Second), true
	case errors.As(err, &re):
		return re.After, true
	case errors.As(err, &sc) && sc.Code == http.StatusTooManyRequests:
		return 30 * time.Second, true // a 429 that does not say how long
	case code(err) == "ratelimited" || code(err) == "rate_limited":
		return 30 * time.Second, true
	}
	return 0, false
}

// fatalAuth tells whether trying again cannot help.
func fatalAuth(err error) (string, bool) {
	switch c := code(err); c {
	case "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope",
		"not_allowed_token_type", "no_permission", "app_uninstalled", "org_login_required", "access_denied",
		"team_access_not_granted", "ekm_access_denied", "two_factor_setup_required":
		return c, true
	}
	return "", false
}

// refused tells whether Slack did not like the blocks; nothing was shown then.
func refused(err error) bool {
	switch code(err) {
	case "invalid_blocks", "invalid_blocks_format", "invalid_attachments", "invalid_arguments", "msg_blocks_too_long", "only_one_table_allowed", "slack_file_not_found", "invalid_slack_file":
		return true
	}
	return false
}

// kindOf is an error fit for a log: Slack's own word or the sort of failure. Errors of the
// HTTP client hold addresses, and a response_url is a secret.
func kindOf(err error) string {
	var e slack.SlackErrorResponse
	var sc slack.StatusCodeError
	var ue *url.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e):
		s := e.Err
		if e.Needed != "" {
			s += ", needs " + e.Needed
		}
		if len(e.ResponseMetadata.Messages) > 0 {
			s += ": " + strings.Join(e.ResponseMetadata.Messages, "; ")
		}
		return s
	case errors.As(err, &sc):
		return "HTTP " + strconv.Itoa(sc.Code)
	case errors.As(err, &ue):
		return "connection: " + ue.Err.Error()
	}
	return err.Error()
}

// write asks Slack to change something and sorts the outcome into the errors that
// [bot.Platform] promises. It never asks twice.
func (p *Platform) write(ctx context.Context, method string, ask func(context.Context) error) error {
	var attempt service.Attempt
	err := ask(attempt.Watch(ctx))
	if err == nil {
		return nil
	}
	wrapped := fmt.Errorf("slack %s: %s", method, kindOf(err))
	if after, ok := retryAfter(err); ok {
		p.count(func(c *Counters) { c.RateLimited++ })
		return &bot.RetryError{After: after, Err: wrapped}
	}
	switch code(err) {
	case "not_in_channel", "channel_not_found", "is_archived":
		return fmt.Errorf("%w: %w", bot.ErrNotInRoom, wrapped)
	case "internal_error", "fatal_error", "request_timeout", "service_unavailable":
		// "It's possible some aspect of the operation succeeded", say Slack's docs.
		p.count(func(c *Counters) { c.Unknown++ })
		return &bot.UnknownError{Err: wrapped}
	case "":
	default:
		return &apiError{method: method, err: err}
	}
	if attempt.Sent() {
		p.count(func(c *Counters) { c.Unknown++ })
	}
	return attempt.Lost(ctx, wrapped)
}

// read asks Slack for something; whatever breaks off may be asked again.
func (p *Platform) read(ctx context.Context, method string, ask func(context.Context) error) error {
	err := p.write(ctx, method, ask)
	if unknown, ok := errors.AsType[*bot.UnknownError](err); ok {
		return &bot.RetryError{After: 5 * time.Second, Err: unknown.Err}
	}
	return err
}

// apiError is a final refusal by Slack.
type apiError struct {
	method string
	err    error
}

func (e *apiError) Error() string { return "slack " + e.method + ": " + kindOf(e.err) }

func (e *apiError) Unwrap() error { return e.err }

// slackBlocks gives slack-go our blocks.
func slackBlocks(in []Block) []slack.Block {
	out := make([]slack.Block, len(in))
	for i, b := range in {
		out[i] = b
	}
	return out
}

// message is what chat.postMessage and its like are given. Links are not unfolded: a
// preview of what a card mentions says nothing that the card should say.
func message(m Payload, thread string) []slack.MsgOption {
	o := []slack.MsgOption{
		slack.MsgOptionText(m.Text, false), // escaped already
		slack.MsgOptionBlocks(slackBlocks(m.Blocks)...),
		slack.MsgOptionDisableLinkUnfurl(),
		slack.MsgOptionDisableMediaUnfurl(),
	}
	if thread != "" {
		o = append(o, slack.MsgOptionTS(thread))
	}
	return o
}

func textObject(m map[string]any) *slack.TextBlockObject {
	if m == nil {
		return nil
	}
	no := false
	s, _ := m["text"].(string)
	return &slack.TextBlockObject{Type: slack.PlainTextType, Text: s, Emoji: &no}
}

func modalRequest(v View) slack.ModalViewRequest {
	return slack.ModalViewRequest{
		Type:            slack.VTModal,
		Title:           textObject(v.Title),
		Submit:          textObject(v.Submit),
		Close:           textObject(v.Close),
		Blocks:          slack.Blocks{BlockSet: slackBlocks(v.Blocks)},
		CallbackID:      v.CallbackID,
		PrivateMetadata: v.PrivateMetadata,
	}
}

// mayReceive tells whether an address that came in a payload is one that answers go to:
// Slack's, or the host of the API that was configured.
func (p *Platform) mayReceive(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return false
	}
	host := strings.ToLower(u.Hostname())
	if p.host != "" {
		return host == strings.ToLower(p.host)
	}
	return u.Scheme == "https" && (host == "hooks.slack.com" || host == "hooks.slack-gov.com" ||
		strings.HasSuffix(host, ".slack.com") || strings.HasSuffix(host, ".slack-gov.com"))
}

// respond posts to a response_url, which takes no token.
func (p *Platform) respond(ctx context.Context, address string, r Response) error {
	body, err := json.Marshal(r)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	res, err := p.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(res.Body, 4096))
	switch {
	case res.StatusCode == http.StatusTooManyRequests:
		n, err := strconv.Atoi(res.Header.Get("Retry-After"))
		if err != nil {
			n = 1
		}
		return &slack.RateLimitedError{RetryAfter: time.Duration(n) * time.Second}
	case bytes.Contains(text, []byte("invalid_blocks")):
		return slack.SlackErrorResponse{Err: "invalid_blocks"}
	case res.StatusCode/100 == 4: // used up or expired: surely not shown
		return slack.SlackErrorResponse{Err: "http_" + strconv.Itoa(res.StatusCode)}
	case res.StatusCode != http.StatusOK:
		return slack.StatusCodeError{Code: res.StatusCode, Status: res.Status}
	}
	var answer struct {
		OK    *bool  `json:"ok"`
		Error string `json:"error"`
	}
	if json.Unmarshal(text, &answer) == nil && answer.OK != nil && !*answer.OK {
		return slack.SlackErrorResponse{Err: answer.Error}
	}
	return nil
}
