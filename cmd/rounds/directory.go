package main

import (
	"strings"

	"rounds/bot"
	"rounds/school"
)

// directory answers bot.Directory from the districts' records.
type directory struct {
	books map[bot.District]*school.Book
	// spaces maps "slack T01" to a district. A workspace that nobody named belongs to the one district
	// there is, if there is one: requests are signed with that district's own secret.
	spaces map[string]bot.District
}

func (d *directory) District(platform, workspace string) (bot.District, bool) {
	if id, ok := d.spaces[platform+" "+workspace]; ok {
		return id, true
	}
	named := false
	for k := range d.spaces {
		named = named || strings.HasPrefix(k, platform+" ")
	}
	if named || len(d.books) != 1 {
		return "", false
	}
	for id := range d.books {
		return id, true
	}
	return "", false
}

// keep is where a district keeps small durable state, or nil.
func (d *directory) keep(id bot.District) bot.Keep {
	if b := d.books[id]; b != nil {
		return b.Log()
	}
	return nil
}

func (d *directory) Who(id bot.District, a bot.Account) (p bot.Person, ok bool) {
	b := d.books[id]
	if b == nil {
		return "", false
	}
	_ = b.Read(func(m *school.Model) {
		var who school.PersonID
		if who, ok = m.ByAccount(a.Platform, a.Workspace, a.User); ok {
			p = bot.Person(who)
		}
	})
	return p, ok
}

func (d *directory) Accounts(id bot.District, p bot.Person) []bot.Account {
	b := d.books[id]
	if b == nil {
		return nil
	}
	var out []bot.Account
	_ = b.Read(func(m *school.Model) {
		who, ok := m.Person(school.PersonID(p))
		if !ok || who.Now().Gone {
			return
		}
		for _, a := range who.Accounts {
			if f := strings.Fields(a); len(f) == 3 {
				out = append(out, bot.Account{Platform: f[0], Workspace: f[1], User: f[2]})
			}
		}
	})
	return out
}

// names lists everybody's name, for the guard that keeps names out of posted cards: the same slice until somebody comes,
// goes or is renamed, so that the guard need not read them all at each post.
func (d *directory) names(id bot.District) []string {
	var out []string
	if b := d.books[id]; b != nil {
		_ = b.Read(func(m *school.Model) {
			out = m.Names()
		})
	}
	return out
}

// book is Config.Books of the handlers.
func (d *directory) book(id bot.District) (*school.Book, bool) {
	b, ok := d.books[id]
	return b, ok
}
