package main

import (
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"

	"rounds/bot"
	"rounds/bot/discordbot"
	"rounds/bot/slackbot"
)

// secrets are the chat services' keys and addresses, from the environment only.
type secrets struct {
	SlackBotToken, SlackAppToken, SlackSigningSecret, SlackAPIURL          string
	DiscordBotToken, DiscordApplicationID, DiscordPublicKey, DiscordAPIURL string
	// DiscordRoles are the ids of the roles whose members may use the bot; empty for everybody who is linked.
	DiscordRoles []string
	DiscordLink  string // the first administrator's account: "ada@example.org=300000000000000001"
}

func secretsFromEnv() secrets {
	return secrets{
		SlackBotToken:      os.Getenv("SLACK_BOT_TOKEN"),
		SlackAppToken:      os.Getenv("SLACK_APP_TOKEN"),
		SlackSigningSecret: os.Getenv("SLACK_SIGNING_SECRET"),
		SlackAPIURL:        os.Getenv("SLACK_API_URL"),

		DiscordBotToken:      os.Getenv("DISCORD_BOT_TOKEN"),
		DiscordApplicationID: os.Getenv("DISCORD_APPLICATION_ID"),
		DiscordPublicKey:     os.Getenv("DISCORD_PUBLIC_KEY"),
		DiscordAPIURL:        os.Getenv("DISCORD_API_URL"),
		DiscordRoles:         strings.FieldsFunc(os.Getenv("DISCORD_ROLES"), func(r rune) bool { return r == ',' || r == ' ' }),
		DiscordLink:          os.Getenv("DISCORD_LINK"),
	}
}

// platformsFor makes the chat services whose secrets are set: one line each. A service that is not set up is
// absent, not empty. wall is the computer's clock, not the bot's: how old a signature may be is a matter of the network.
func platformsFor(s secrets, keep bot.Keep, wall func() time.Time, log *slog.Logger, commands []bot.Command, discord ...func(*discordbot.Config)) ([]bot.Platform, error) {
	var out []bot.Platform
	add := func(set bool, make func() (bot.Platform, error)) error {
		if !set {
			return nil
		}
		p, err := make()
		if err == nil {
			out = append(out, p)
		}
		return err
	}
	client := &http.Client{Timeout: 10 * time.Second}
	err := add(s.SlackBotToken != "", func() (bot.Platform, error) {
		return slackbot.New(slackbot.Config{BotToken: s.SlackBotToken, AppToken: s.SlackAppToken, SigningSecret: s.SlackSigningSecret, APIURL: s.SlackAPIURL, HTTP: client, Keep: keep, Now: wall, Logger: log, Commands: commands})
	})
	if err != nil {
		return nil, err
	}
	err = add(s.DiscordBotToken != "", func() (bot.Platform, error) {
		cfg := discordbot.Config{BotToken: s.DiscordBotToken, Application: s.DiscordApplicationID, PublicKey: s.DiscordPublicKey, APIURL: s.DiscordAPIURL, Roles: s.DiscordRoles, HTTP: client, Keep: keep, Turn: turnOf(keep), Now: wall, Logger: log, Commands: commands, Menus: discordMenus}
		for _, more := range discord {
			more(&cfg)
		}
		return discordbot.New(cfg)
	})
	return out, err
}
