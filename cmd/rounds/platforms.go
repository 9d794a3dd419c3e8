package main

import (
	"log/slog"
	"net/http"
	"os"
	"time"

	"rounds/bot"
	"rounds/bot/slackbot"
)

// secrets are the chat services' keys and addresses, from the environment only.
type secrets struct {
	SlackBotToken, SlackAppToken, SlackSigningSecret, SlackAPIURL string
}

func secretsFromEnv() secrets {
	return secrets{
		SlackBotToken:      os.Getenv("SLACK_BOT_TOKEN"),
		SlackAppToken:      os.Getenv("SLACK_APP_TOKEN"),
		SlackSigningSecret: os.Getenv("SLACK_SIGNING_SECRET"),
		SlackAPIURL:        os.Getenv("SLACK_API_URL"),
	}
}

// platformsFor makes the chat services whose secrets are set: one line each. A service that is not set up is
// absent, not empty. wall is the computer's clock, not the bot's: how old a signature may be is a matter of the network.
func platformsFor(s secrets, keep bot.Keep, wall func() time.Time, log *slog.Logger, commands []bot.Command) ([]bot.Platform, error) {
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
	return out, err
}
