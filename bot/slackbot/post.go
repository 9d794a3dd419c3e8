package slackbot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"rounds/bot"

	"github.com/slack-go/slack"
)

// markerEvent is the type of the metadata that carries a marker.
const markerEvent = "rounds"

// Post says a card in a room. What does not fit in one message goes on in its thread.
func (p *Platform) Post(ctx context.Context, to bot.Room, card bot.Open, marker string) (bot.Ref, error) {
	o := p.render()
	if pics := picturesOf(card); len(pics) > 0 {
		p.upload(ctx, pics)
		o.Picture = p.files.get
	}
	var meta []slack.MsgOption
	if marker != "" {
		meta = append(meta, slack.MsgOptionMetadata(slack.SlackMetadata{
			EventType: markerEvent, EventPayload: map[string]any{"m": marker},
		}))
	}
	var ts string
	ms, err := p.drawn(ctx, card, o, func(m Payload) error {
		return p.write(ctx, PostMessage, func(ctx context.Context) (err error) {
			_, ts, err = p.api.PostMessageContext(ctx, to.ID, append(message(m, ""), meta...)...)
			return err
		})
	})
	if err != nil {
		return "", err
	}
	p.count(func(c *Counters) { c.Posts++ })
	ref := refOf(to.Workspace, to.ID, ts)
	if len(ms) > 1 {
		p.goOn(ctx, ref, to.ID, ts, ms[1:])
	}
	return ref, nil
}

// drawn shows the first message of a card, in a plainer way if Slack refuses its blocks, and
// returns all of its messages as they were drawn then.
func (p *Platform) drawn(ctx context.Context, card bot.Open, o Render, show func(Payload) error) ([]Payload, error) {
	plainer := plainer{Platform: p}
	for {
		ms, report := o.Messages(card.Card())
		err := show(ms[0])
		if err == nil {
			p.reported(report)
			plainer.worked()
			return ms, nil
		}
		next, ok := plainer.than(ctx, o, ms[0], err)
		if !ok {
			return nil, err
		}
		o = next
	}
}

// goOn puts the rest of a long card into the thread below its first message: over what stands
// there from an earlier time, then below it. The first message stands by now, so the
// post counts as done whatever happens here; a busy Slack is waited for.
func (p *Platform) goOn(ctx context.Context, ref bot.Ref, channel, ts string, rest []Payload) {
	key := "slack/rest/" + string(ref)
	var had []string
	if s := p.keep.Get(ctx, key); s != "" {
		had = strings.Split(s, " ")
	}
	d := &delivery{Platform: p}
	lost := 0
	for i, m := range rest {
		if i < len(had) {
			if _, err := d.try(ctx, Step{Via: UpdateMessage, Channel: channel, Message: had[i], Payload: &m}); err != nil {
				lost++
			}
			continue
		}
		var part string
		for n := 0; ; n++ {
			err := p.write(ctx, PostMessage, func(ctx context.Context) (err error) {
				_, part, err = p.api.PostMessageContext(ctx, channel, message(m, ts)...)
				return err
			})
			if err == nil {
				break
			}
			after, busy := retryAfter(err)
			if !busy || n == 2 || p.pause(ctx, after) != nil {
				lost++
				break
			}
		}
		if part != "" {
			had = append(had, part)
		}
	}
	for _, old := range had[min(len(rest), len(had)):] { // the card is shorter now
		_ = p.write(ctx, "chat.delete", func(ctx context.Context) error {
			_, _, err := p.api.DeleteMessageContext(ctx, channel, old)
			return err
		})
	}
	p.keep.Put(ctx, key, strings.Join(had[:min(len(rest), len(had))], " "), 0)
	if lost > 0 {
		p.count(func(c *Counters) { c.FailedAnswers += int64(lost) })
		p.cfg.Logger.Warn("slack: parts of a long post are missing", "parts", lost, "of", len(rest)+1)
	}
}

// Edit replaces a posted message, and what goes on in its thread.
func (p *Platform) Edit(ctx context.Context, ref bot.Ref, card bot.Open) error {
	_, channel, ts, err := splitRef(ref)
	if err != nil {
		return err
	}
	o := p.render()
	if pics := picturesOf(card); len(pics) > 0 {
		p.upload(ctx, pics)
		o.Picture = p.files.get
	}
	ms, err := p.drawn(ctx, card, o, func(m Payload) error {
		return p.write(ctx, UpdateMessage, func(ctx context.Context) error {
			_, _, _, err := p.api.UpdateMessageContext(ctx, channel, ts, message(m, "")...)
			return err
		})
	})
	if unknown, ok := errors.AsType[*bot.UnknownError](err); ok { // the same edit twice is the same message
		err = &bot.RetryError{After: 5 * time.Second, Err: unknown.Err}
	}
	if err != nil {
		return err
	}
	p.count(func(c *Counters) { c.Edits++ })
	if len(ms) > 1 || p.keep.Get(ctx, "slack/rest/"+string(ref)) != "" {
		p.goOn(ctx, ref, channel, ts, ms[1:])
	}
	return nil
}

// Find looks for a marker in the room's latest messages: one call, and only where the outcome
// of a post is unknown, because Slack allows some apps one such call a minute.
func (p *Platform) Find(ctx context.Context, in bot.Room, marker string, since time.Time) (bot.Ref, bool, error) {
	if marker == "" {
		return "", false, nil
	}
	var h *slack.GetConversationHistoryResponse
	err := p.read(ctx, "conversations.history", func(ctx context.Context) (err error) {
		h, err = p.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
			ChannelID: in.ID,
			// Our clock may be a little ahead of Slack's.
			Oldest:             strconv.FormatInt(since.Add(-time.Minute).Unix(), 10),
			Limit:              200,
			IncludeAllMetadata: true,
		})
		return err
	})
	if err != nil {
		return "", false, err
	}
	for _, m := range h.Messages {
		if m.Metadata.EventType == markerEvent && m.Metadata.EventPayload["m"] == marker {
			return refOf(in.Workspace, in.ID, m.Timestamp), true, nil
		}
	}
	return "", false, nil
}

// Direct opens the conversation with an account and remembers it: Slack lets 50 a
// minute be opened.
func (p *Platform) Direct(ctx context.Context, to bot.Account) (bot.Room, error) {
	if id := p.keep.Get(ctx, directKey(to)); id != "" {
		return roomOf(to.Workspace, id), nil
	}
	var id string
	err := p.read(ctx, "conversations.open", func(ctx context.Context) error {
		c, _, _, err := p.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{to.User}})
		if err == nil {
			id = c.ID
		}
		return err
	})
	switch code(err) {
	case "user_not_found", "users_not_found", "user_disabled", "user_not_visible", "cannot_dm_bot":
		return bot.Room{}, fmt.Errorf("%w: %w", bot.ErrNoAccount, err)
	}
	if err != nil {
		return bot.Room{}, err
	}
	p.keep.Put(ctx, directKey(to), id, 0)
	return roomOf(to.Workspace, id), nil
}

// homes knows which home views are being renewed.
type homes struct {
	mu   sync.Mutex              // guards the following
	busy map[string]*bot.Private // the card that came while an earlier one was on its way, or nil
}

// Publish renews a home view. When cards for somebody come faster than Slack takes them
// only the last one goes out, and the calls between return at once.
func (p *Platform) Publish(ctx context.Context, to bot.Account, card bot.Private) error {
	h := &p.homes
	h.mu.Lock()
	if h.busy == nil {
		h.busy = map[string]*bot.Private{}
	}
	if _, ok := h.busy[to.User]; ok {
		h.busy[to.User] = &card
		h.mu.Unlock()
		return nil
	}
	h.busy[to.User] = nil
	h.mu.Unlock()
	var err error
	for {
		err = p.publish(ctx, to.User, card)
		h.mu.Lock()
		next := h.busy[to.User]
		if next == nil {
			delete(h.busy, to.User)
			h.mu.Unlock()
			return err
		}
		h.busy[to.User] = nil
		h.mu.Unlock()
		card = *next
	}
}

func (p *Platform) publish(ctx context.Context, user string, card bot.Private) error {
	v, report := p.render().HomeView(card.Card())
	err := p.read(ctx, ViewsPublish, func(ctx context.Context) error {
		_, err := p.api.PublishViewContext(ctx, publishRequest(user, v))
		return err
	})
	if err != nil {
		return err
	}
	p.reported(report)
	return nil
}

// ByEmail finds an account by its address.
func (p *Platform) ByEmail(ctx context.Context, workspace, email string) (bot.Account, bool, error) {
	var u *slack.User
	err := p.read(ctx, "users.lookupByEmail", func(ctx context.Context) (err error) {
		u, err = p.api.GetUserByEmailContext(ctx, email)
		return err
	})
	switch {
	case code(err) == "users_not_found":
		return bot.Account{}, false, nil
	case err != nil:
		return bot.Account{}, false, err
	case u.Deleted || u.IsBot:
		return bot.Account{}, false, nil
	}
	return bot.Account{Platform: Name, Workspace: workspace, User: u.ID}, true, nil
}

// upload gives pictures to Slack without a channel, so that the message that shows them is
// one call. A picture that cannot be uploaded is shown as its table; nobody waits for it.
func (p *Platform) upload(ctx context.Context, pngs [][]byte) {
	for _, png := range pngs {
		if p.files.get(png) != "" {
			continue
		}
		var id string
		err := p.read(ctx, "files.getUploadURLExternal", func(ctx context.Context) error {
			f, err := p.api.UploadFileContext(ctx, slack.UploadFileParameters{
				Reader: bytes.NewReader(png), FileSize: len(png), Filename: "picture.png", Title: "Picture",
			})
			if err == nil {
				id = f.ID
			}
			return err
		})
		if err != nil {
			p.cfg.Logger.Warn("slack took no picture", "err", kindOf(err))
			continue
		}
		p.files.put(png, id)
	}
}

// Email is the address that Slack vouches for behind an account, or "" where the app may not see it.
func (p *Platform) Email(ctx context.Context, a bot.Account) (string, error) {
	var u *slack.User
	err := p.read(ctx, "users.info", func(ctx context.Context) (err error) {
		u, err = p.api.GetUserInfoContext(ctx, a.User)
		return err
	})
	if err != nil {
		return "", err
	}
	if u.IsBot || u.Deleted || u.IsRestricted || u.IsUltraRestricted || u.IsStranger {
		return "", nil // a guest's address may be anybody's, and is no proof
	}
	return u.Profile.Email, nil
}
