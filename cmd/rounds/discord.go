package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"strings"
	"sync"
	"time"

	"rounds/bot"
	"rounds/bot/discordbot"
	"rounds/school"
)

// What Discord needs of the rest of the house.

// discordMenus stand in the menu of a message.
var discordMenus = []discordbot.Menu{{Label: "Queue for PLC", Command: "plc", Sub: "add", Option: "item"}}

// leases is the part of a district's log that says whose turn it is.
type leases interface {
	Claim(ctx context.Context, key, holder string, lease time.Duration) (school.Claim, bool, error)
	Renew(ctx context.Context, c school.Claim, lease time.Duration) (school.Claim, bool, error)
	Done(ctx context.Context, c school.Claim, finished bool) (bool, error)
}

// gatewayTurn lets one replica hold Discord's gateway.
type gatewayTurn struct {
	log    leases
	holder string

	mu    sync.Mutex // guards claim
	claim school.Claim
}

// gatewayKey is the lease's name.
const gatewayKey = "discord/gateway"

// turnOf is a turn in the store, or nil where the store has no leases (doctor).
func turnOf(keep bot.Keep) discordbot.Turn {
	log, ok := keep.(leases)
	if !ok {
		return nil
	}
	id := make([]byte, 8)
	_, _ = rand.Read(id) // never fails
	return &gatewayTurn{log: log, holder: hex.EncodeToString(id)}
}

func (t *gatewayTurn) Claim(ctx context.Context, lease time.Duration) (bool, error) {
	c, ok, err := t.log.Claim(ctx, gatewayKey, t.holder, lease)
	if ok && err == nil {
		t.mu.Lock()
		t.claim = c
		t.mu.Unlock()
	}
	return ok && err == nil, err
}

func (t *gatewayTurn) held() school.Claim {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.claim
}

func (t *gatewayTurn) Renew(ctx context.Context, lease time.Duration) (bool, error) {
	c, ok, err := t.log.Renew(ctx, t.held(), lease)
	if ok && err == nil {
		t.mu.Lock()
		t.claim = c
		t.mu.Unlock()
	}
	return ok, err
}

func (t *gatewayTurn) Done(ctx context.Context) error {
	_, err := t.log.Done(ctx, t.held(), false)
	return err
}

// meetings gives posts in the rooms of teams a thread: what the clock says there is for a meeting.
func meetings(book *school.Book) func(*discordbot.Config) {
	return func(c *discordbot.Config) {
		c.Meeting = func(r bot.Room) (is bool) {
			_ = book.Read(func(m *school.Model) {
				for _, t := range m.Teams() {
					is = is || t.Room == r.Platform+":"+r.Workspace+":"+r.ID
				}
			})
			return is
		}
	}
}

// linkFirst links the account that the operator named, "ada@example.org=300000000000000001", to the person of that address.
// Discord tells nobody's address, so accounts are confirmed by an administrator, and the first administrator by whoever
// may set the environment.
func linkFirst(ctx context.Context, book *school.Book, spaces map[string]bot.District, spec string, at time.Time) error {
	email, user, ok := strings.Cut(spec, "=")
	if spec == "" {
		return nil
	}
	if email, user = strings.TrimSpace(email), strings.TrimSpace(user); !ok || user == "" || strings.Trim(user, "0123456789") != "" {
		return usage("DISCORD_LINK is not an address, = and the id of a Discord account: ada@example.org=300000000000000001")
	}
	for space := range spaces {
		guild, ok := workspaceOf(space, discordbot.Name)
		if !ok {
			continue
		}
		var who school.PersonID
		var found, linked bool
		_ = book.Read(func(m *school.Model) {
			who, found = m.ByEmail(email)
			_, linked = m.ByAccount(discordbot.Name, guild, user)
			linked = linked || m.TakenOff(discordbot.Name, guild, user)
		})
		switch {
		case !found:
			return usage("DISCORD_LINK: nobody on the staff list has the address %s", email)
		case !linked:
			if err := linkAccount(ctx, book, bot.Account{Platform: discordbot.Name, Workspace: guild, User: user}, who, at); err != nil {
				return err
			}
		}
	}
	return nil
}
