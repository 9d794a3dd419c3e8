package slackbot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"rounds/bot"
	"rounds/bot/service"

	"github.com/slack-go/slack"
)

// mostAccounts is how many accounts a check-up looks at: Slack answers about a hundred
// such questions a minute.
const mostAccounts = 100

// Checkup looks at the set-up and changes nothing.
func (p *Platform) Checkup(ctx context.Context, rooms []bot.Room, people []bot.Account) []bot.Check {
	token, header := p.checkToken(ctx)
	checks := []bot.Check{token}
	if token.State != bot.CheckFail {
		checks = append(checks, checkScopes(header), p.checkClock(header))
	}
	checks = append(checks, p.checkReceiving(ctx), p.checkCommands())
	if token.State != bot.CheckFail {
		if len(rooms) > 0 {
			checks = append(checks, p.checkRooms(ctx, rooms)...)
		}
		if len(people) > 0 {
			checks = append(checks, p.checkPeople(ctx, people))
		}
	}
	return checks
}

func (p *Platform) checkToken(ctx context.Context) (bot.Check, http.Header) {
	c := bot.Check{Name: "slack token"}
	r, err := p.api.AuthTestContext(ctx)
	if err != nil {
		c.State, c.Detail = bot.CheckFail, kindOf(err)
		c.Fix = "Check the network, HTTPS_PROXY and SLACK_API_URL."
		if _, fatal := fatalAuth(err); fatal {
			c.Fix = "Install the app to the workspace again and set SLACK_BOT_TOKEN to its Bot User OAuth Token."
		}
		return c, nil
	}
	c.Detail = "workspace " + r.TeamID + ", bot user " + r.UserID
	return c, r.Header
}

func checkScopes(h http.Header) bot.Check {
	c := bot.Check{Name: "slack scopes"}
	granted := strings.FieldsFunc(h.Get("X-OAuth-Scopes"), func(r rune) bool { return r == ',' || r == ' ' })
	if len(granted) == 0 {
		c.State, c.Detail = bot.CheckWarn, "Slack did not say which scopes were granted"
		c.Fix = "Compare OAuth & Permissions at api.slack.com/apps with `rounds manifest slack`."
		return c
	}
	var missing, extra []string
	for _, s := range Scopes() {
		if !slices.Contains(granted, s.Name) {
			missing = append(missing, s.Name+" ("+s.Why+")")
		}
	}
	for _, g := range granted {
		if !slices.ContainsFunc(Scopes(), func(s Scope) bool { return s.Name == g }) {
			extra = append(extra, g)
		}
	}
	switch {
	case len(missing) > 0:
		c.State, c.Detail = bot.CheckFail, "missing: "+strings.Join(missing, "; ")
		c.Fix = "Paste `rounds manifest slack` into App Manifest at api.slack.com/apps, then install the app again."
	case len(extra) > 0:
		c.State, c.Detail = bot.CheckWarn, "granted and not needed: "+strings.Join(extra, ", ")
		c.Fix = "Remove them at api.slack.com/apps, OAuth & Permissions, and install the app again."
	default:
		c.Detail = fmt.Sprintf("all %d granted", len(Scopes()))
	}
	return c
}

func (p *Platform) checkClock(h http.Header) bot.Check {
	c := bot.Check{Name: "slack clock"}
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		c.State, c.Detail = bot.CheckWarn, "Slack did not say what time it is"
		return c
	}
	return service.CheckClock(c.Name, "Slack", p.cfg.Now(), date)
}

func (p *Platform) checkReceiving(ctx context.Context) bot.Check {
	c := bot.Check{Name: "slack receiving"}
	if p.cfg.AppToken == "" {
		c.Detail = "HTTP: Slack must reach POST /slack/events from outside"
		return c
	}
	if _, _, err := p.api.StartSocketModeContext(ctx); err != nil {
		c.State, c.Detail = bot.CheckFail, "Socket Mode: "+kindOf(err)
		c.Fix = "Turn Socket Mode on at api.slack.com/apps and set SLACK_APP_TOKEN to an app-level token with connections:write."
		return c
	}
	c.Detail = "Socket Mode opens"
	return c
}

func (p *Platform) checkCommands() bot.Check {
	c := bot.Check{Name: "slack commands"}
	if _, err := Manifest(p.cfg.Commands, ManifestOptions{Name: p.cfg.Name, SocketMode: true}); err != nil {
		c.State, c.Detail = bot.CheckFail, err.Error()
		c.Fix = "Rename or shorten the command."
		return c
	}
	n := 0
	for _, cmd := range p.cfg.Commands {
		n += 1 + len(cmd.Aliases)
	}
	c.Detail = fmt.Sprintf("%d commands with their aliases fit in a manifest", n)
	return c
}

// checkRooms reads one message of each room, which needs no scope that the bot has not
// anyway and tells whether it is a member.
func (p *Platform) checkRooms(ctx context.Context, rooms []bot.Room) []bot.Check {
	var out []bot.Check
	good := 0
	for _, room := range rooms {
		err := p.read(ctx, "conversations.history", func(ctx context.Context) error {
			_, err := p.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{ChannelID: room.ID, Limit: 1})
			return err
		})
		c := bot.Check{Name: "slack room " + room.ID}
		var retry *bot.RetryError
		switch {
		case err == nil:
			good++
			continue
		case errors.Is(err, bot.ErrNotInRoom):
			c.State, c.Detail = bot.CheckFail, "the bot is not in this room, or the room is gone"
			c.Fix = "Type /invite with the bot's name in the room, or put the room's present id into district.yaml."
		case errors.As(err, &retry):
			c.State, c.Detail = bot.CheckWarn, "not looked at: Slack is busy"
			c.Fix = "Run the check again in a minute."
		default:
			c.State, c.Detail = bot.CheckWarn, err.Error()
			c.Fix = "Look at the scopes above."
		}
		out = append(out, c)
	}
	if good > 0 {
		out = append([]bot.Check{{Name: "slack rooms", Detail: fmt.Sprintf("the bot is in %d of %d rooms", good, len(rooms))}}, out...)
	}
	return out
}

func (p *Platform) checkPeople(ctx context.Context, people []bot.Account) bot.Check {
	c := bot.Check{Name: "slack people"}
	var gone []string
	looked := 0
	for _, a := range people[:min(len(people), mostAccounts)] {
		var u *slack.User
		err := p.read(ctx, "users.info", func(ctx context.Context) (err error) {
			u, err = p.api.GetUserInfoContext(ctx, a.User)
			return err
		})
		switch {
		case code(err) == "user_not_found" || code(err) == "user_not_visible" || err == nil && u.Deleted:
			gone = append(gone, a.User)
		case err != nil:
			c.State, c.Detail = bot.CheckWarn, fmt.Sprintf("looked at %d of %d accounts: %v", looked, len(people), err)
			c.Fix = "Run the check again in a minute."
			return c
		}
		looked++
	}
	c.Detail = fmt.Sprintf("%d of %d accounts looked at, all are there", looked, len(people))
	if len(gone) > 0 {
		c.State = bot.CheckWarn
		c.Detail = fmt.Sprintf("%d of %d accounts are gone or deactivated: %s", len(gone), looked, strings.Join(gone[:min(len(gone), 10)], ", "))
		c.Fix = "Put the people's present addresses into chat_email, or let them type /rounds link."
	}
	return c
}
