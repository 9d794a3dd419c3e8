package main

import (
	"fmt"

	"rounds/bot/slackbot"
	"rounds/handlers"
)

// manifestCmd is rounds manifest: the app to make at a chat service, printed from the command registry.
type manifestCmd struct {
	Platform string `arg:"" enum:"slack" help:"The chat service: slack."`
	URL      string `help:"Public address of this server for HTTP mode (https://rounds.example.org); Socket Mode if left out." placeholder:"URL"`
	Name     string `help:"The bot's name." default:"Rounds"`
	Scopes   bool   `help:"Print the scopes and why each is needed instead."`
}

// Help is shown by rounds manifest --help.
func (manifestCmd) Help() string {
	return "Then, at api.slack.com/apps: Create New App, From a manifest.\n\nExample:\n\n  rounds manifest slack > manifest.yaml"
}

// Run prints it.
func (c *manifestCmd) Run(out *output) error {
	if c.Scopes {
		for _, s := range slackbot.Scopes() {
			fmt.Fprintf(out.stdout, "%-20s %s\n", s.Name, s.Why)
		}
		return nil
	}
	m, err := slackbot.Manifest(handlers.New(handlers.Config{}).Commands(), slackbot.ManifestOptions{Name: c.Name, BaseURL: c.URL, SocketMode: c.URL == "", YAML: true})
	if err != nil {
		return err
	}
	_, err = out.stdout.Write(m)
	return err
}
