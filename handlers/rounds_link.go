package handlers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/mail"
	"slices"
	"strings"
	"time"

	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// link shows which chat accounts are the caller's; administrators confirm those of others.
func (d *Desk) link(ctx context.Context, c bot.Call) (bot.Answer, error) {
	if word := strings.ToLower(strings.TrimSpace(c.Args.Get("what"))); word != "" {
		if word == "confirm" || strings.HasPrefix(word, "confirm ") {
			return d.linkList(ctx, c, "")
		}
		if word == "remove" || strings.HasPrefix(word, "remove ") {
			return d.linkRemove(ctx, c, strings.TrimSpace(strings.TrimSpace(c.Args.Get("what"))[len("remove"):]))
		}
		if near, ok := bot.Nearest(word, []string{"confirm", "remove"}); ok {
			return nil, invalid("what", "Did you mean /rounds link %s?", near)
		}
	}
	var mine []string
	admin, wait := false, 0
	err := d.as(ctx, c, func(v *school.Viewer) error {
		for _, acc := range v.Person().Accounts {
			mine = append(mine, accountWords(acc))
		}
		if admin = v.Administrates(); admin {
			wait = len(waiting(v.Model()))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return bot.Whisper{Card: cards.Linked(mine, admin, wait)}, nil
}

// waiting lists the accounts that ask to be linked, each with the address that it gave last.
func waiting(m *school.Model) [][2]string {
	var out [][2]string
	for _, a := range m.AskedLinks() {
		i := slices.IndexFunc(out, func(x [2]string) bool { return x[0] == a[0] })
		if i >= 0 {
			out[i] = a
		} else {
			out = append(out, a)
		}
	}
	return out
}

// accountWords says an account without its long ids where it can: "slack (workspace T01, user U02)".
func accountWords(acc string) string {
	f := strings.Fields(acc)
	if len(f) != 3 {
		return acc
	}
	if f[0] == f[1] {
		return f[0] + ", user " + f[2]
	}
	return f[0] + ", workspace " + f[1] + ", user " + f[2]
}

// linkKey stands for an account on a button, which has no room for one.
func linkKey(acc string) string {
	sum := sha256.Sum256([]byte(acc))
	return hex.EncodeToString(sum[:8])
}

// askedSubject is whom the texts of a request are about while nobody knows who that is.
func askedSubject(acc string) string { return "asked-" + linkKey(acc) }

// linkList shows an administrator the accounts that wait.
func (d *Desk) linkList(ctx context.Context, c bot.Call, said string) (bot.Answer, error) {
	card, err := d.linkCard(ctx, c, said)
	return bot.Whisper{Card: card}, err
}

func (d *Desk) linkCard(ctx context.Context, c bot.Call, said string) (card bot.Private, err error) {
	err = d.as(ctx, c, func(v *school.Viewer) error {
		if !v.Administrates() {
			return forbidden("Only an administrator of Rounds in your district confirms accounts.")
		}
		var list []cards.LinkAsked
		for _, a := range waiting(v.Model()) {
			l := cards.LinkAsked{Account: accountWords(a[0]), Email: a[1], Key: linkKey(a[0])}
			if id, ok := v.Model().ByEmail(a[1]); ok {
				l.Name = v.Model().Name(id)
			}
			list = append(list, l)
		}
		card = cards.LinkList(said, list)
		return nil
	})
	return card, err
}

// linkRemove shows the accounts that can be taken off: the caller's own or, for an administrator, somebody else's.
func (d *Desk) linkRemove(ctx context.Context, c bot.Call, whose string) (bot.Answer, error) {
	var card bot.Private
	err := d.as(ctx, c, func(v *school.Viewer) error {
		p := v.Person()
		if whose != "" {
			var err error
			if p, err = person(v, whose, "what", nil); err != nil {
				return err
			}
			if p.ID != v.ID() && !v.Administrates() {
				return forbidden("You can take off your own accounts; those of others an administrator of Rounds takes off.")
			}
		}
		card = cards.LinkRemove(removable(v, p, c.From))
		return nil
	})
	return bot.Whisper{Card: card}, err
}

func removable(v *school.Viewer, p *school.Person, from bot.Account) cards.LinkOf {
	l := cards.LinkOf{Name: p.Name, Mine: p.ID == v.ID()}
	for _, acc := range p.Accounts {
		l.Accounts = append(l.Accounts, cards.LinkAccount{
			Words: accountWords(acc), Key: linkKey(acc), This: acc == school.AccountText(from.Platform, from.Workspace, from.User),
		})
	}
	return l
}

// unlink takes an account off its person. Nothing is sent to it after that, its buttons show nothing, and it is not linked
// again by its address: only an administrator's confirmation does that.
func (d *Desk) unlink(ctx context.Context, c bot.Call) (bot.Answer, error) {
	said := ""
	_, err := d.decide(ctx, c, func(v *school.Viewer) (school.Entry, error) {
		p, acc, ok := accountOf(v, c.Press.Subject)
		switch {
		case !ok:
			said = "That account is not linked any more."
			return school.Entry{}, nil
		case p.ID != v.ID() && !v.Administrates():
			return school.Entry{}, forbidden("You can take off your own accounts; those of others an administrator of Rounds takes off.")
		}
		said = "Taken off " + p.Name + ": " + accountWords(acc) + ". Nothing is sent to it any more, and it sees nothing. To link it again, type /rounds link with your address from it; an administrator confirms."
		key := school.TextKey(c.ID, "account")
		e := entry(c, school.AccountUnlinked{Person: p.ID, Account: key})
		e.Texts = []school.Text{{Key: key, Kind: "account", Subject: string(p.ID), Author: string(v.ID()), Class: school.Roster, Body: acc}}
		return e, nil
	})
	if err != nil {
		return nil, err
	}
	return instead(c, bot.PrivateCard(bot.Text{Text: said})), nil
}

// accountOf finds a linked account by the key of its button: the caller's own first, then anybody's.
func accountOf(v *school.Viewer, key string) (*school.Person, string, bool) {
	for _, p := range append([]*school.Person{v.Person()}, v.Model().People()...) {
		for _, acc := range p.Accounts {
			if linkKey(acc) == key {
				return p, acc, true
			}
		}
	}
	return nil, "", false
}

// linkConfirm links an account to the person whose e-mail address its user gave.
func (d *Desk) linkConfirm(ctx context.Context, c bot.Call) (bot.Answer, error) {
	said, asked := "", ""
	_, err := d.decide(ctx, c, func(v *school.Viewer) (school.Entry, error) {
		if !v.Administrates() {
			return school.Entry{}, forbidden("Only an administrator of Rounds in your district confirms accounts.")
		}
		for _, a := range waiting(v.Model()) {
			if linkKey(a[0]) != c.Press.Subject {
				continue
			}
			id, ok := v.Model().ByEmail(a[1])
			if !ok {
				return school.Entry{}, &bot.Error{Code: bot.NotFound, Sentence: "Nobody on the staff list has that e-mail address. Add it there first."}
			}
			asked = askedSubject(a[0])
			said = "Linked: " + v.Model().Name(id) + ", " + accountWords(a[0]) + "."
			key := school.TextKey(c.ID, "account")
			e := entry(c, school.AccountLinked{Person: id, Account: key})
			e.Texts = []school.Text{{Key: key, Kind: "account", Subject: string(id), Author: string(v.ID()), Class: school.Roster, Body: a[0]}}
			return e, nil
		}
		said = "That account no longer waits: somebody was quicker."
		return school.Entry{}, nil
	})
	if err != nil {
		return nil, err
	}
	if b, ok := d.cfg.Books(c.District); ok && asked != "" {
		// The account now stands under its person, who can be forgotten; what was asked is no longer needed.
		if _, err := b.Log().DeleteTexts(ctx, asked); err != nil {
			d.cfg.Logger.Warn("asked account not deleted", "call", c.ID, "err", err)
		}
	}
	card, err := d.linkCard(ctx, c, said)
	if err != nil {
		return nil, err
	}
	return bot.UpdatePrivate(card), nil
}

// Stranger answers somebody whose account is linked to nobody: "/rounds link ada@example.org" asks for it, all
// else says how to ask. It is for bot.RouterConfig. It tells nobody whether an address is on the staff list.
func (d *Desk) Stranger(c bot.Call) bot.Answer {
	how := "I do not know this account yet. If you are on your district's staff list, type: /rounds link your.name@your-district.org. An administrator then confirms it."
	say := func(s string) bot.Answer { return bot.Whisper{Card: bot.PrivateCard(bot.Text{Text: s})} }
	b, ok := d.cfg.Books(c.District)
	if !ok {
		return say("I do not serve this workspace.")
	}
	email := askedEmail(c)
	if email == "" {
		return say(how)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	acc := school.AccountText(c.From.Platform, c.From.Workspace, c.From.User)
	asked, mine, all := false, 0, 0
	err := b.Read(func(m *school.Model) {
		for _, a := range m.AskedLinks() {
			if all++; a[0] == acc {
				mine++
				asked = a[1] == email
			}
		}
	})
	// Whoever can write to the bot must not fill the record: some room for typing errors, and no more.
	const mostMine, mostAll = 4, 200
	if err == nil && !asked && mine < mostMine && all < mostAll {
		e := school.Entry{Command: c.ID, Via: c.From.Platform, At: c.At, Facts: []school.Fact{school.AccountAsked{Account: school.TextKey(c.ID, "account"), Email: school.TextKey(c.ID, "email")}}}
		e.Texts = []school.Text{
			{Key: school.TextKey(c.ID, "account"), Kind: "account", Subject: askedSubject(acc), Class: school.Roster, Body: acc},
			{Key: school.TextKey(c.ID, "email"), Kind: "email", Subject: askedSubject(acc), Class: school.Roster, Body: email},
		}
		_, err = b.Record(ctx, e)
	}
	if err != nil {
		d.cfg.Logger.Warn("account not asked for", "call", c.ID, "err", err)
		return say("I could not take that down just now. Please try again in a minute.")
	}
	return say("Noted. An administrator of Rounds in your district confirms it; after that I know you.")
}

// askedEmail finds the address in "/rounds link ada@example.org", typed as a command or written to the bot.
func askedEmail(c bot.Call) string {
	var words strings.Builder
	words.WriteString(c.Line + " " + c.Text)
	for _, o := range c.Options {
		words.WriteString(" " + o)
	}
	if c.Kind == bot.CommandCall && !strings.EqualFold(c.Command, "rounds") || c.Kind == bot.Message && !strings.Contains(strings.ToLower(words.String()), "link") {
		return ""
	}
	for w := range strings.FieldsSeq(words.String()) {
		w = strings.ToLower(strings.Trim(w, "<>,;.\"'"))
		w = strings.TrimPrefix(w, "email:")
		w = strings.TrimPrefix(w, "mailto:")
		w, _, _ = strings.Cut(w, "|") // Slack writes <mailto:ada@x.org|ada@x.org>
		if a, err := mail.ParseAddress(w); err == nil && a.Address == w && len(w) <= 120 && strings.Contains(w[strings.LastIndexByte(w, '@'):], ".") {
			return w
		}
	}
	return ""
}
