package main

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"

	"rounds/bot"
	"rounds/school"
)

// Who is behind which chat account: what rounds doctor finds wrong with it. It prints e-mail addresses, to whoever has the
// store and the files anyway; no log does.

// mostNamed is how many addresses a line of the doctor lists.
const mostNamed = 10

// named lists some addresses and counts the rest.
func named(mails []string) string {
	sort.Strings(mails)
	if n := len(mails) - mostNamed; n > 0 {
		return strings.Join(mails[:mostNamed], ", ") + fmt.Sprintf(" and %d more", n)
	}
	return strings.Join(mails, ", ")
}

// accountChecks looks for accounts that do not fit the staff list.
func accountChecks(book *school.Book, cfg *Config) []bot.Check {
	var out []bot.Check
	found := func(name, fix string, mails []string) {
		if len(mails) > 0 {
			out = append(out, bot.Check{Name: name, State: bot.CheckWarn, Detail: fmt.Sprintf("%d: %s", len(mails), named(mails)), Fix: fix})
		}
	}
	_ = book.Read(func(m *school.Model) {
		found("accounts of people who left", "they see nothing and are sent nothing; remove them from the chat service too", leftWithAccount(m))
		twice, unknown, wait := askedAccounts(m)
		found("accounts that gave several addresses", "ask the person which one is theirs, then /rounds link confirm", twice)
		found("accounts that gave an address nobody has", "add it to people.csv as email or chat_email, or leave it", unknown)
		found("accounts that wait to be confirmed", "an administrator types /rounds link confirm", wait)
		found("addresses that two people share", "give each person their own address in people.csv: an account is linked to only one of them", sharedMails(m))
		found("campus in people.csv and in the record differ", "rounds import brought another campus, or people.csv changed since; correct whichever is wrong", campusConflicts(m, cfg))
	})
	if len(out) == 0 {
		out = append(out, bot.Check{Name: "accounts and addresses", Detail: "nobody has an account or an address that does not fit the staff list"})
	}
	return out
}

func leftWithAccount(m *school.Model) (out []string) {
	for _, p := range m.Former() {
		if len(p.Accounts) > 0 {
			out = append(out, mail(m, p.ID))
		}
	}
	return out
}

// askedAccounts sorts the accounts that asked to be linked.
func askedAccounts(m *school.Model) (twice, unknown, wait []string) {
	gave := map[string][]string{}
	for _, a := range m.AskedLinks() {
		if a[1] != "" && !slices.Contains(gave[a[0]], a[1]) {
			gave[a[0]] = append(gave[a[0]], a[1])
		}
	}
	for _, mails := range gave {
		last := mails[len(mails)-1]
		if len(mails) > 1 {
			twice = append(twice, strings.Join(mails, " / "))
		}
		if _, ok := m.ByEmail(last); ok {
			wait = append(wait, last)
		} else {
			unknown = append(unknown, last)
		}
	}
	return twice, unknown, wait
}

func sharedMails(m *school.Model) (out []string) {
	who := map[string]school.PersonID{}
	for _, p := range m.People() {
		for _, e := range []string{p.Email, p.ChatEmail} {
			e = strings.ToLower(e)
			if other, taken := who[e]; e != "" && taken && other != p.ID && !slices.Contains(out, e) {
				out = append(out, e)
			}
			if e != "" {
				who[e] = p.ID
			}
		}
	}
	return out
}

func campusConflicts(m *school.Model, cfg *Config) (out []string) {
	for _, p := range cfg.People {
		if now, ok := m.Person(p.ID); ok && !now.Now().Gone && now.Now().Campus != p.Campus {
			out = append(out, fmt.Sprintf("%s (%s in the file, %s in the record)", p.Email, orDistrict(p.Campus), orDistrict(now.Now().Campus)))
		}
	}
	return out
}

func orDistrict(c school.CampusID) string {
	if c == "" {
		return "the district"
	}
	return string(c)
}

// mostAsked is how many accounts the doctor asks a service about: it answers about a hundred such questions a minute.
const mostAsked = 100

// addressCheck asks a service that vouches for addresses whether those of linked accounts are still the staff list's.
func addressCheck(ctx context.Context, book *school.Book, name string, e emailer, people []bot.Account) bot.Check {
	k := bot.Check{Name: name + ": addresses"}
	asked := people[:min(len(people), mostAsked)]
	var other []string
	said := 0
	for _, a := range asked {
		email, err := e.Email(ctx, a)
		if err != nil || email == "" {
			continue // the service's own line says what is wrong
		}
		said++
		_ = book.Read(func(m *school.Model) {
			id, ok := m.ByAccount(a.Platform, a.Workspace, a.User)
			p, _ := m.Person(id)
			if ok && !strings.EqualFold(p.Email, email) && !strings.EqualFold(p.ChatEmail, email) {
				other = append(other, mail(m, id)+" is "+strings.ToLower(email)+" there")
			}
		})
	}
	k.Detail = fmt.Sprintf("of %d linked accounts %d have an address there, each one of its person", len(asked), said)
	if len(other) > 0 {
		k.State, k.Detail = bot.CheckWarn, fmt.Sprintf("%d of %d have another address there than in people.csv: %s", len(other), said, named(other))
		k.Fix = "fill chat_email in people.csv, or take the account off with /rounds link remove"
	}
	return k
}
