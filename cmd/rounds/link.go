package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"rounds/bot"
	"rounds/school"
)

// emailer is a platform that can say the e-mail address of one of its accounts, as the service vouches for it.
type emailer interface {
	Email(ctx context.Context, a bot.Account) (string, error)
}

// take is the router's Take for one platform. Where the service vouches for e-mail addresses, somebody who
// writes for the first time is linked to the person of that address before the call is answered. The look-up and the
// record of it take their time out of the caller's two seconds: when both are slow, the answer comes later.
func (a *app) take(p bot.Platform) bot.Taker {
	e, ok := p.(emailer)
	if !ok {
		return a.router.Take
	}
	return func(ctx context.Context, c bot.Call) (bot.Answer, <-chan bot.Answer) {
		d, ok := a.dir.District(c.From.Platform, c.From.Workspace)
		if !ok {
			return a.router.Take(ctx, c)
		}
		if _, known := a.dir.Who(d, c.From); known {
			return a.router.Take(ctx, c)
		}
		// The router keeps to the same end, so that a form which comes too late to be opened gets a button instead.
		ctx, done := context.WithTimeout(ctx, linkBudget)
		later := make(chan bot.Answer, 1)
		go func() {
			defer done()
			defer close(later)
			look, cancel := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
			a.link(look, d, e, c.From)
			cancel()
			x, more := a.router.Take(ctx, c)
			if more != nil {
				x = <-more
			}
			later <- x
		}()
		select {
		case x := <-later:
			return x, nil
		case <-ctx.Done():
		}
		select { // both may have come at once
		case x := <-later:
			return x, nil
		default:
		}
		if c.Kind == bot.Complete {
			return bot.Choices(nil), nil
		}
		return bot.Deferred{}, later
	}
}

// linkBudget is the router's own: Slack and Discord wait three seconds.
const linkBudget = 2 * time.Second

// link looks an account's address up and records whose it is. Failing is no error: the caller is then a
// stranger, who is told how to be linked.
func (a *app) link(ctx context.Context, d bot.District, e emailer, acc bot.Account) {
	email, err := e.Email(ctx, acc)
	if err != nil || email == "" {
		if err != nil {
			a.log.Warn("account lookup failed", "platform", acc.Platform, "err", err)
		}
		return
	}
	book, ok := a.dir.book(d)
	if !ok {
		return
	}
	var who school.PersonID
	_ = book.Read(func(m *school.Model) {
		if who, ok = m.ByEmail(email); ok && m.TakenOff(acc.Platform, acc.Workspace, acc.User) {
			ok = false
		}
	})
	if !ok {
		return
	}
	if err := linkAccount(ctx, book, acc, who, a.cfg.Now()); err != nil {
		a.log.Warn("account not linked", "platform", acc.Platform, "err", err)
	}
}

// linkAccount records that an account is a person's. The account's id is a text, so that forgetting the person
// forgets it too.
func linkAccount(ctx context.Context, book *school.Book, acc bot.Account, who school.PersonID, at time.Time) error {
	body := school.AccountText(acc.Platform, acc.Workspace, acc.User)
	sum := sha256.Sum256([]byte(body + "\x00" + string(who)))
	key := "acc." + hex.EncodeToString(sum[:10])
	_, err := book.Record(ctx, school.Entry{
		Command: "link:" + key + ":" + at.UTC().Format("2006-01-02"), Via: acc.Platform, At: at,
		Facts: []school.Fact{school.AccountLinked{Person: who, Account: key}},
		Texts: []school.Text{{Key: key, Kind: "account", Subject: string(who), Class: school.Roster, Body: body}},
	})
	return err
}

// linkPeople looks up the accounts of people who have none on a platform yet, a little at a time, so that a
// reminder reaches somebody who has never written. It returns when everybody was looked up once.
func (a *app) linkPeople(ctx context.Context, l bot.Linker, platform, workspace string) {
	book := a.cfg.Book
	type who struct {
		id    school.PersonID
		email string
	}
	var todo []who
	_ = book.Read(func(m *school.Model) {
		for _, p := range m.People() {
			linked := false
			for _, acc := range p.Accounts {
				linked = linked || strings.HasPrefix(acc, platform+" "+workspace+" ")
			}
			email := p.ChatEmail
			if email == "" {
				email = p.Email
			}
			if !linked && email != "" {
				todo = append(todo, who{p.ID, email})
			}
		}
	})
	// Slack allows 50 such look-ups a minute; half of that leaves room for people who write.
	tick := time.NewTicker(2400 * time.Millisecond)
	defer tick.Stop()
	for _, w := range todo {
		acc, ok, err := l.ByEmail(ctx, workspace, w.email)
		if err == nil && ok {
			_ = book.Read(func(m *school.Model) { ok = !m.TakenOff(acc.Platform, acc.Workspace, acc.User) })
		}
		if err == nil && ok {
			if err := linkAccount(ctx, book, acc, w.id, a.cfg.Now()); err != nil {
				a.log.Warn("account not linked", "platform", platform, "err", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
