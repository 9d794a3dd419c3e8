package discordbot

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"rounds/bot"
	"rounds/bot/service"
)

// mostAccounts is how many accounts a check-up looks at.
const mostAccounts = 50

// Checkup looks at the set-up and changes nothing.
func (p *Platform) Checkup(ctx context.Context, rooms []bot.Room, people []bot.Account) []bot.Check {
	token := p.checkToken(ctx)
	checks := []bot.Check{token}
	if token.State == bot.CheckFail {
		return checks
	}
	checks = append(checks, p.checkApplication(ctx), p.checkClock(ctx), p.checkGateway(ctx), p.checkCommands(ctx))
	if len(rooms) > 0 {
		checks = append(checks, p.checkRooms(ctx, rooms)...)
	}
	if len(people) > 0 {
		checks = append(checks, p.checkPeople(ctx, people))
	}
	return checks
}

func (p *Platform) look(ctx context.Context, path string, out any) error {
	return p.do(ctx, request{method: "GET", path: path, out: out, again: true, patient: true})
}

func (p *Platform) checkToken(ctx context.Context) bot.Check {
	c := bot.Check{Name: "discord token"}
	var me user
	var in []struct {
		ID string `json:"id"`
	}
	err := p.look(ctx, "/users/@me", &me)
	if err == nil {
		err = p.look(ctx, "/users/@me/guilds", &in)
	}
	switch {
	case errors.Is(err, errRevoked):
		c.State, c.Detail, c.Fix = bot.CheckFail, "the token is refused", "Reset the token at discord.com/developers, Bot, and set DISCORD_BOT_TOKEN."
	case err != nil:
		c.State, c.Detail, c.Fix = bot.CheckFail, kindOf(err), "Check the network, HTTPS_PROXY and DISCORD_API_URL."
	case len(in) == 0:
		c.State, c.Detail = bot.CheckWarn, "bot user "+me.ID+" is in no server"
		c.Fix = "Open " + InviteURL(p.cfg.Application) + " as an administrator of the server."
	default:
		c.Detail = fmt.Sprintf("bot user %s, in %d servers", me.ID, len(in))
	}
	return c
}

func (p *Platform) checkApplication(ctx context.Context) bot.Check {
	c := bot.Check{Name: "discord application"}
	var app struct {
		ID       string `json:"id"`
		Key      string `json:"verify_key"`
		Endpoint string `json:"interactions_endpoint_url"`
	}
	err := p.look(ctx, "/applications/@me", &app)
	switch {
	case err != nil:
		c.State, c.Detail, c.Fix = bot.CheckWarn, kindOf(err), "Run the check again in a minute."
	case app.ID != p.cfg.Application:
		c.State, c.Detail = bot.CheckFail, "the token belongs to application "+app.ID
		c.Fix = "Set DISCORD_APPLICATION_ID to it, or DISCORD_BOT_TOKEN to the token of the application that you mean."
	case p.key != nil && app.Key != "" && !strings.EqualFold(app.Key, hex.EncodeToString(p.key)):
		c.State, c.Detail = bot.CheckFail, "DISCORD_PUBLIC_KEY is not this application's"
		c.Fix = "Copy the Public Key from General Information at discord.com/developers."
	case p.key == nil && app.Endpoint != "":
		c.State, c.Detail = bot.CheckFail, "Discord sends interactions to an endpoint, and DISCORD_PUBLIC_KEY is not set"
		c.Fix = "Set DISCORD_PUBLIC_KEY, or empty Interactions Endpoint URL at discord.com/developers to use the gateway."
	case p.key != nil && app.Endpoint == "":
		c.State, c.Detail = bot.CheckWarn, "DISCORD_PUBLIC_KEY is set, and Discord sends interactions by the gateway"
		c.Fix = "Set Interactions Endpoint URL to your address with /discord/interactions, or leave DISCORD_PUBLIC_KEY empty."
	case p.key != nil:
		c.Detail = "interactions come by HTTP"
	default:
		c.Detail = "interactions come by the gateway"
	}
	return c
}

func (p *Platform) checkClock(ctx context.Context) bot.Check {
	c := bot.Check{Name: "discord clock"}
	req, err := p.request(ctx, request{method: "GET", path: "/gateway", open: true})
	if err != nil {
		c.State, c.Detail = bot.CheckWarn, err.Error()
		return c
	}
	res, err := p.http.Do(req)
	if err != nil {
		c.State, c.Detail, c.Fix = bot.CheckWarn, kindOf(err), "Run the check again in a minute."
		return c
	}
	defer res.Body.Close()
	date, err := http.ParseTime(res.Header.Get("Date"))
	if err != nil {
		c.State, c.Detail, c.Fix = bot.CheckWarn, "Discord did not say what time it is", "Run the check again in a minute."
		return c
	}
	return service.CheckClock(c.Name, "Discord", p.cfg.Now(), date)
}

func (p *Platform) checkGateway(ctx context.Context) bot.Check {
	c := bot.Check{Name: "discord gateway"}
	var g struct {
		Limit struct {
			Total     int `json:"total"`
			Remaining int `json:"remaining"`
		} `json:"session_start_limit"`
	}
	err := p.look(ctx, "/gateway/bot", &g)
	switch {
	case err != nil:
		c.State, c.Detail, c.Fix = bot.CheckFail, kindOf(err), "Run the check again in a minute."
	case g.Limit.Total > 0 && g.Limit.Remaining < g.Limit.Total/10:
		c.State, c.Detail = bot.CheckWarn, fmt.Sprintf("%d of %d connections of today are left", g.Limit.Remaining, g.Limit.Total)
		c.Fix = "Look in the log why it reconnects so often; at none left Discord resets the token."
	default:
		c.Detail = fmt.Sprintf("%d of %d connections of today are left", g.Limit.Remaining, g.Limit.Total)
	}
	return c
}

func (p *Platform) checkCommands(ctx context.Context) bot.Check {
	c := bot.Check{Name: "discord commands"}
	want, err := Registration(p.cfg.Commands, p.cfg.Menus)
	if err != nil {
		c.State, c.Detail, c.Fix = bot.CheckFail, err.Error(), "Rename or shorten the command."
		return c
	}
	var have []Registered
	if err := p.look(ctx, p.commandsPath(), &have); err != nil {
		c.State, c.Detail, c.Fix = bot.CheckWarn, kindOf(err), "Run the check again in a minute."
		return c
	}
	c.Detail = fmt.Sprintf("%d commands with their aliases are registered", len(have))
	if !sameNames(have, want) {
		c.State = bot.CheckWarn
		c.Detail = fmt.Sprintf("%d commands are registered, %d are known here", len(have), len(want))
		c.Fix = "rounds serve registers them when it starts."
	}
	return c
}

// checkRooms asks for each room and one message of it: both are refused where the bot may not read.
func (p *Platform) checkRooms(ctx context.Context, rooms []bot.Room) []bot.Check {
	var out []bot.Check
	good := 0
	for _, room := range rooms {
		err := p.look(ctx, "/channels/"+url.PathEscape(room.ID), nil)
		if err == nil {
			err = p.look(ctx, messages(room.ID)+"?limit=1", nil)
		}
		c := bot.Check{Name: "discord room " + room.ID}
		switch {
		case err == nil:
			good++
			continue
		case errors.Is(err, bot.ErrNotInRoom):
			c.State, c.Detail = bot.CheckFail, "the bot may not read this room, or the room is gone"
			c.Fix = "Give the bot View Channel, Send Messages, Attach Files, Read Message History and Create Public Threads there, or put the room's present id into district.yaml."
		default:
			c.State, c.Detail, c.Fix = bot.CheckWarn, kindOf(err), "Run the check again in a minute."
		}
		out = append(out, c)
	}
	if good > 0 {
		out = append([]bot.Check{{Name: "discord rooms", Detail: fmt.Sprintf("the bot reads %d of %d rooms", good, len(rooms))}}, out...)
	}
	return out
}

func (p *Platform) checkPeople(ctx context.Context, people []bot.Account) bot.Check {
	c := bot.Check{Name: "discord people"}
	var gone []string
	looked := 0
	for _, a := range people[:min(len(people), mostAccounts)] {
		err := p.look(ctx, "/guilds/"+url.PathEscape(a.Workspace)+"/members/"+url.PathEscape(a.User), nil)
		if e, ok := errors.AsType[*apiError](err); ok && e.status == http.StatusNotFound {
			gone = append(gone, a.User)
		} else if err != nil {
			c.State, c.Detail, c.Fix = bot.CheckWarn, fmt.Sprintf("looked at %d of %d accounts: %s", looked, len(people), kindOf(err)), "Run the check again in a minute."
			return c
		}
		looked++
	}
	c.Detail = fmt.Sprintf("%d of %d accounts looked at, all are in their server", looked, len(people))
	if len(gone) > 0 {
		c.State = bot.CheckWarn
		c.Detail = fmt.Sprintf("%d of %d accounts left their server: %s", len(gone), looked, strings.Join(gone[:min(len(gone), 10)], ", "))
		c.Fix = "Invite the people again, or take the accounts off with /rounds link remove."
	}
	return c
}
