package discordbot

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"rounds/bot"
	"rounds/bot/fit"
)

// messagePost is a message as it is posted. The nonce makes a second post of the same one the first, for some minutes.
type messagePost struct {
	Payload
	Nonce   string        `json:"nonce,omitempty"`
	Enforce bool          `json:"enforce_nonce,omitempty"`
	Reply   *messageReply `json:"message_reference,omitempty"`
}

type messageReply struct {
	ID      string `json:"message_id"`
	Channel string `json:"channel_id"`
	// Strict is left false: the words may have been deleted meanwhile, and the answer stands without them.
	Strict bool `json:"fail_if_not_exists"`
}

func messages(channel string) string { return "/channels/" + url.PathEscape(channel) + "/messages" }

// Post says a card in a room. What does not fit in one message goes on in a thread below it, and a post for a meeting gets a
// thread to talk in.
func (p *Platform) Post(ctx context.Context, to bot.Room, card bot.Open, marker string) (bot.Ref, error) {
	ms, report := p.render().Messages(card.Card())
	post := messagePost{Payload: marked(ms[0], marker)}
	if marker != "" {
		post.Nonce, post.Enforce = nonceFor(marker), true
	}
	var sent message
	err := p.do(ctx, request{method: "POST", path: messages(to.ID), body: post, files: ms[0].Files, out: &sent})
	if codeOf(err) == codeClosed {
		return "", p.closed(ctx, to, err)
	}
	if err != nil {
		return "", err
	}
	p.reported(report)
	p.count(func(c *Counters) { c.Posts++ })
	ref := refOf(to.Workspace, to.ID, sent.ID)
	meeting := marker != "" && p.cfg.Meeting != nil && p.cfg.Meeting(to)
	if len(ms) > 1 || meeting {
		p.goOn(ctx, ref, to.ID, sent.ID, threadName(card.Card()), ms[1:])
	}
	return ref, nil
}

// closed handles somebody who takes no direct messages of this server's bots. It is counted; and once in a month they are
// asked, in the room where they last spoke to the bot, to open their conversation, without a word of what waits.
func (p *Platform) closed(ctx context.Context, to bot.Room, err error) error {
	p.count(func(c *Counters) { c.ClosedDMs++ })
	user := p.keep.Get(ctx, "discord/dm-of/"+to.ID)
	room := p.keep.Get(ctx, "discord/room/"+to.Workspace+"/"+user)
	key := "discord/asked-open/" + user
	month := p.cfg.Now().UTC().Format("2006-01")
	if user != "" && room != "" && p.keep.Get(ctx, key) != month {
		p.keep.Put(ctx, key, month, 0)
		say := words("<@" + user + "> " + escape("I could not write to you. Please allow direct messages from members of this server (server menu, Privacy Settings), or type /rounds today here: only you will see the answer."))
		ask := messagePost{Payload: (&renderer{}).payload([]piece{say}), Nonce: nonceFor(key + month), Enforce: true}
		ask.Mentions.Users = []string{user}
		if aerr := p.do(ctx, request{method: "POST", path: messages(room), body: ask}); aerr != nil {
			p.cfg.Logger.Warn("discord: could not ask for direct messages", "err", kindOf(aerr))
		}
	}
	return fmt.Errorf("%w: %w", bot.ErrNoAccount, err)
}

// threadName is the card's heading, or a word.
func threadName(c bot.Card) string {
	for _, b := range c.Blocks {
		if t, ok := b.(bot.Title); ok && !fit.Blank(t.Text) {
			s, _ := fit.Cut(strings.TrimSpace(oneLine(t.Text)), maxThreadName)
			return s
		}
	}
	return "More"
}

// goOn puts the rest of a long card into the thread of its first message: over what stands there from an earlier time, then
// below it. The first message stands by now, so the post counts as done whatever happens here.
func (p *Platform) goOn(ctx context.Context, ref bot.Ref, channel, id, name string, rest []Payload) {
	key := "discord/rest/" + string(ref)
	thread, had := "", []string(nil)
	if s := strings.Fields(p.keep.Get(ctx, key)); len(s) > 0 {
		thread, had = s[0], s[1:]
	}
	if thread == "" {
		thread = p.thread(ctx, channel, id, name)
	}
	lost := 0
	for i, m := range rest {
		if i < len(had) {
			if p.do(ctx, request{method: "PATCH", path: messages(thread) + "/" + had[i], body: m, files: m.Files, patient: true, again: true}) != nil {
				lost++
			}
			continue
		}
		var part message
		post := messagePost{Payload: m, Nonce: nonceFor(key + "/" + itoa(i)), Enforce: true}
		if err := p.do(ctx, request{method: "POST", path: messages(thread), body: post, files: m.Files, out: &part, patient: true, again: true}); err != nil {
			lost++
			continue
		}
		had = append(had, part.ID)
	}
	for _, old := range had[min(len(rest), len(had)):] { // the card is shorter now
		_ = p.do(ctx, request{method: "DELETE", path: messages(thread) + "/" + old, patient: true, again: true})
	}
	p.keep.Put(ctx, key, strings.Join(append([]string{thread}, had[:min(len(rest), len(had))]...), " "), 0)
	if lost > 0 {
		p.count(func(c *Counters) { c.FailedAnswers += int64(lost) })
		p.cfg.Logger.Warn("discord: parts of a long post are missing", "parts", lost, "of", len(rest)+1)
	}
}

// thread starts the thread of a message. A direct conversation has none, and a channel may forbid it: then what would stand in it
// stands in the room.
func (p *Platform) thread(ctx context.Context, channel, id, name string) string {
	var t struct {
		ID string `json:"id"`
	}
	const silence = 4320 // minutes after which Discord folds it away: three days
	body := map[string]any{"name": name, "auto_archive_duration": silence}
	err := p.do(ctx, request{method: "POST", path: messages(channel) + "/" + url.PathEscape(id) + "/threads", body: body, out: &t, patient: true})
	if err != nil || t.ID == "" {
		p.cfg.Logger.Info("discord: no thread, so the rest stands in the room", "err", kindOf(err))
		return channel
	}
	return t.ID
}

// Edit replaces a posted message, and what goes on in its thread.
func (p *Platform) Edit(ctx context.Context, ref bot.Ref, card bot.Open) error {
	_, channel, id, err := splitRef(ref)
	if err != nil {
		return err
	}
	ms, report := p.render().Messages(card.Card())
	err = p.do(ctx, request{method: "PATCH", path: messages(channel) + "/" + url.PathEscape(id), body: ms[0], files: ms[0].Files, again: true})
	if err != nil {
		return err
	}
	p.reported(report)
	p.count(func(c *Counters) { c.Edits++ })
	if had := p.keep.Get(ctx, "discord/rest/"+string(ref)); len(ms) > 1 || len(strings.Fields(had)) > 1 {
		p.goOn(ctx, ref, channel, id, threadName(card.Card()), ms[1:])
	}
	return nil
}

// discordEpoch is when Discord's ids begin: reference, snowflakes.
const discordEpoch = 1420070400000

// Find looks for a marker in the room's messages since a time, a hundred a request, and only where the outcome of a post is
// unknown.
func (p *Platform) Find(ctx context.Context, in bot.Room, marker string, since time.Time) (bot.Ref, bool, error) {
	if marker == "" {
		return "", false, nil
	}
	box, first := markerIDs(marker)
	// Our clock may be a little ahead of Discord's.
	after := strconv.FormatInt(max(since.Add(-time.Minute).UnixMilli()-discordEpoch, 0)<<22, 10)
	for range 10 {
		var list []struct {
			ID         string `json:"id"`
			Author     user   `json:"author"`
			Components []struct {
				ID         int `json:"id"`
				Components []struct {
					ID int `json:"id"`
				} `json:"components"`
			} `json:"components"`
		}
		if err := p.do(ctx, request{method: "GET", path: messages(in.ID) + "?limit=100&after=" + after, out: &list, again: true}); err != nil {
			return "", false, err
		}
		for _, m := range list {
			if len(m.Components) > 0 && m.Components[0].ID == box && len(m.Components[0].Components) > 0 && m.Components[0].Components[0].ID == first {
				return refOf(in.Workspace, in.ID, m.ID), true, nil
			}
			if len(m.ID) > len(after) || len(m.ID) == len(after) && m.ID > after {
				after = m.ID
			}
		}
		if len(list) < 100 {
			return "", false, nil
		}
	}
	return "", false, &bot.RetryError{After: time.Minute, Err: errors.New("discord: too many messages to look through")}
}

// Direct opens the conversation with an account and remembers it.
func (p *Platform) Direct(ctx context.Context, to bot.Account) (bot.Room, error) {
	room := func(id string) bot.Room {
		p.keep.Note("discord/dm-of/"+id, to.User)
		return bot.Room{Platform: Name, Workspace: to.Workspace, ID: id}
	}
	if id := p.keep.Get(ctx, directKey(to)); id != "" {
		return room(id), nil
	}
	var c struct {
		ID string `json:"id"`
	}
	err := p.do(ctx, request{method: "POST", path: "/users/@me/channels", body: map[string]string{"recipient_id": to.User}, out: &c, again: true})
	if e, ok := errors.AsType[*apiError](err); ok && (e.status == 400 || e.status == 403 || e.status == 404) {
		return bot.Room{}, fmt.Errorf("%w: %w", bot.ErrNoAccount, err)
	}
	if err != nil {
		return bot.Room{}, err
	}
	p.keep.Put(ctx, directKey(to), c.ID, 0)
	return room(c.ID), nil
}
