package main

import (
	"fmt"
	"os"

	"rounds/bot"
	"rounds/bot/discordbot"
	"rounds/bot/slackbot"
	"rounds/handlers"
)

// manifestCmd is rounds manifest: the app to make at a chat service, printed from the command registry.
type manifestCmd struct {
	Platform string `arg:"" enum:"slack,discord" help:"The chat service: slack or discord."`
	URL      string `help:"Slack: public address of this server for HTTP mode (https://rounds.example.org); Socket Mode if left out." placeholder:"URL"`
	Name     string `help:"The bot's name." default:"Rounds"`
	Scopes   bool   `help:"Print the scopes or permissions and why each is needed instead."`
}

// Help is shown by rounds manifest --help.
func (manifestCmd) Help() string {
	return "Slack: at api.slack.com/apps, Create New App, From a manifest.\nDiscord: rounds serve registers the commands by itself; this shows them. --scopes prints the permissions and, with DISCORD_APPLICATION_ID set, the address that invites the bot.\n\nExample:\n\n  rounds manifest slack > manifest.yaml"
}

// Run prints it.
func (c *manifestCmd) Run(out *output) error {
	commands := handlers.New(handlers.Config{}).Commands()
	if c.Platform == discordbot.Name {
		return c.discord(out, commands)
	}
	if c.Scopes {
		for _, s := range slackbot.Scopes() {
			fmt.Fprintf(out.stdout, "%-20s %s\n", s.Name, s.Why)
		}
		return nil
	}
	m, err := slackbot.Manifest(commands, slackbot.ManifestOptions{Name: c.Name, BaseURL: c.URL, SocketMode: c.URL == "", YAML: true})
	if err != nil {
		return err
	}
	_, err = out.stdout.Write(m)
	return err
}

// discord prints what is registered with Discord, or what the bot may do there.
func (c *manifestCmd) discord(out *output, commands []bot.Command) error {
	if c.Scopes {
		for _, p := range discordbot.Permissions() {
			fmt.Fprintf(out.stdout, "%-26s %s\n", p.Name, p.Why)
		}
		if id := os.Getenv("DISCORD_APPLICATION_ID"); id != "" {
			fmt.Fprintln(out.stdout, discordbot.InviteURL(id))
		}
		return nil
	}
	m, err := discordbot.Manifest(commands, discordMenus)
	if err != nil {
		return err
	}
	_, err = out.stdout.Write(m)
	return err
}
