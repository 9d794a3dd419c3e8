package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sort"
	"strings"
	"time"

	"rounds/bot"
	"rounds/handlers"
	"rounds/reminders"
	"rounds/school"
	"rounds/school/redislog"
)

// doctorCmd is rounds doctor: a read-only look over a set-up.
type doctorCmd struct {
	Config string `help:"The district's file." default:"district.yaml" placeholder:"FILE" type:"path"`
	storeFlags
	JSON bool `help:"One JSON object a line, for programs." name:"json"`

	secrets func() secrets
}

// Help is shown by rounds doctor --help.
func (doctorCmd) Help() string {
	return "Looks at the files, the store, the tokens, the rooms and the accounts; changes nothing.\n\nExample:\n\n  rounds doctor --config district.yaml"
}

// Run prints the findings; it fails when one of them must be mended.
func (c *doctorCmd) Run(ctx context.Context, out *output) error {
	if c.secrets == nil {
		c.secrets = secretsFromEnv
	}
	checks := c.look(ctx)
	failed := 0
	for _, k := range checks {
		if k.State == bot.CheckFail {
			failed++
		}
		if c.JSON {
			row := struct {
				Name   string `json:"name"`
				State  string `json:"state"`
				Detail string `json:"detail"`
				Fix    string `json:"fix"`
			}{k.Name, stateWord(k.State), k.Detail, k.Fix}
			if err := json.NewEncoder(out.stdout).Encode(row); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(out.stdout, "%-4s %s: %s\n", stateWord(k.State), k.Name, k.Detail)
		if k.Fix != "" {
			fmt.Fprintf(out.stdout, "     -> %s\n", k.Fix)
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d checks failed", failed, len(checks))
	}
	return nil
}

func stateWord(s bot.CheckState) string {
	return [...]string{"ok", "warn", "FAIL"}[s]
}

func (c *doctorCmd) look(ctx context.Context) []bot.Check {
	var out []bot.Check
	add := func(k bot.Check) { out = append(out, k) }
	cfg, err := LoadConfig(c.Config)
	if err != nil {
		return []bot.Check{{Name: "files", State: bot.CheckFail, Detail: err.Error(), Fix: "mend the lines named above; rounds check --config says when they are right"}}
	}
	add(bot.Check{Name: "files", Detail: c.Config + " and the files it names are readable and make sense"})

	book, closeBook, storeChecks := c.record(ctx, cfg)
	defer closeBook()
	out = append(out, storeChecks...)

	if book != nil {
		add(undelivered(book, time.Now()))
		out = append(out, accountChecks(book, cfg)...)
	}
	s := c.secrets()
	platforms, err := platformsFor(s, nil, time.Now, slog.New(slog.DiscardHandler), handlers.New(handlers.Config{}).Commands())
	switch {
	case err != nil:
		add(bot.Check{Name: "chat services", State: bot.CheckFail, Detail: err.Error(), Fix: "see the README: install on Slack, install on Discord"})
	case len(platforms) == 0:
		add(bot.Check{Name: "chat services", State: bot.CheckFail, Detail: "no token is in the environment", Fix: "rounds manifest slack and rounds manifest discord print the app to make; then set SLACK_BOT_TOKEN and SLACK_APP_TOKEN (or SLACK_SIGNING_SECRET), or DISCORD_BOT_TOKEN and DISCORD_APPLICATION_ID"})
	}
	for _, p := range platforms {
		if d, ok := p.(bot.Doctor); ok {
			rooms, people, missing := c.roomsAndPeople(book, p.Name())
			out = append(out, d.Checkup(ctx, rooms, people)...)
			k := bot.Check{Name: p.Name() + ": accounts", Detail: "everybody on the roster has an account"}
			if len(missing) > 0 {
				k = bot.Check{
					Name: p.Name() + ": accounts", State: bot.CheckWarn, Detail: fmt.Sprintf("%d people on the roster have no account here yet: %s", len(missing), named(missing)),
					Fix: "they are linked by e-mail when they first write, or within the hour by rounds serve; where addresses differ fill chat_email in people.csv",
				}
				if _, tells := p.(emailer); !tells {
					k.Fix = "this service tells nobody's address: each person types /rounds link with their address, and an administrator confirms with /rounds link confirm"
				}
			}
			add(k)
			if e, ok := p.(emailer); ok && book != nil && len(people) > 0 {
				add(addressCheck(ctx, book, p.Name(), e, people))
			}
		}
	}
	return out
}

// undelivered says what could not be sent in the last two weeks, by reason.
func undelivered(book *school.Book, now time.Time) bot.Check {
	k := bot.Check{Name: "reminders", Detail: "everything that fell due in the last two weeks was sent, or held on purpose"}
	_ = book.Read(func(m *school.Model) {
		var reasons []string
		for reason, n := range reminders.Undelivered(m, now.Add(-14*24*time.Hour)) {
			reasons = append(reasons, fmt.Sprintf("%d: %s", n, reason))
		}
		if sort.Strings(reasons); len(reasons) > 0 {
			k.State, k.Detail = bot.CheckWarn, "in the last two weeks some could not be sent ("+strings.Join(reasons, "; ")+")"
			k.Fix = "invite the bot to the rooms that district.yaml names, and link the accounts of people who have none"
		}
	})
	return k
}

// record opens the store for reading, or the files alone when there is none yet.
func (c *doctorCmd) record(ctx context.Context, cfg *Config) (*school.Book, func(), []bot.Check) {
	var checks []bot.Check
	kept := "every acknowledged command is synced to disk before it is answered (WAL, synchronous=FULL)"
	if redislog.Is(c.Store) {
		kept = "its settings are below"
		checks = append(checks, c.settings(ctx))
	}
	book, _, done, err := c.book(ctx, cfg.District.ID, opening{ReadOnly: true})
	if err == nil {
		return book, done, append([]bot.Check{{Name: "store", Detail: storeName(c.Store) + " is a Rounds store; " + kept}}, checks...)
	}
	k := bot.Check{Name: "store", State: bot.CheckFail, Detail: err.Error(), Fix: "rounds serve must be able to use this store; restore it from a backup or choose another with ROUNDS_STORE"}
	if noStore(err) {
		k = bot.Check{Name: "store", State: bot.CheckWarn, Detail: storeName(c.Store) + " does not exist yet", Fix: "rounds serve makes it on its first start"}
	}
	checks = append([]bot.Check{k}, checks...)
	book, oerr := school.Open(ctx, school.NewMemLog(time.Now))
	if oerr != nil {
		return nil, func() {}, checks
	}
	_, _ = ApplyFiles(ctx, book, cfg, time.Now())
	return book, book.Close, checks
}

// settings says of a Redis what keeps its record and what does not.
func (c *doctorCmd) settings(ctx context.Context) bot.Check {
	k := bot.Check{Name: "redis"}
	list, err := redislog.Inspect(ctx, c.Store)
	if err != nil {
		k.State, k.Detail, k.Fix = bot.CheckFail, err.Error(), "start it, and see that this machine reaches it; docs/redis.md has the settings"
		return k
	}
	var is, set []string
	node := ""
	for _, x := range list {
		if x.Node != node {
			node = x.Node
			is = append(is, "at "+node)
		}
		is = append(is, x.Name+" "+x.Value)
		if x.Need != "" {
			set = append(set, x.Name+" "+x.Need)
		}
	}
	k.Detail = strings.Join(is, ", ")
	if len(set) > 0 {
		k.State, k.Fix = bot.CheckFail, "it can lose what it acknowledged, and rounds serve refuses it: set "+strings.Join(set, ", ")+"; or take the risk with --redis-accept-loss"
		if c.RedisAcceptLoss {
			k.State, k.Fix = bot.CheckWarn, "it can lose what it acknowledged, and --redis-accept-loss takes the risk; safe would be "+strings.Join(set, ", ")
		}
	}
	return k
}

// roomsAndPeople lists the rooms that the district named on a platform, its linked accounts, and the addresses of the
// people who have none there.
func (c *doctorCmd) roomsAndPeople(book *school.Book, platform string) (rooms []bot.Room, people []bot.Account, missing []string) {
	if book == nil {
		return nil, nil, nil
	}
	_ = book.Read(func(m *school.Model) {
		add := func(s string) {
			if r, ok := parseRoom(s); ok && r.Platform == platform {
				rooms = append(rooms, r)
			}
		}
		for _, x := range m.Campuses() {
			add(x.Room)
		}
		for _, t := range m.Teams() {
			add(t.Room)
		}
		for _, p := range m.People() {
			linked := false
			for _, a := range p.Accounts {
				if f := strings.Fields(a); len(f) == 3 && f[0] == platform {
					linked = true
					people = append(people, bot.Account{Platform: f[0], Workspace: f[1], User: f[2]})
				}
			}
			if !linked {
				missing = append(missing, mail(m, p.ID))
			}
		}
	})
	return rooms, people, missing
}
