package cards

import (
	"fmt"

	"rounds/bot"
)

// Linked says which chat accounts are the viewer's.
func Linked(mine []string, admin bool, waiting int) bot.Private {
	b := []bot.Block{bot.Title{Text: "Your chat accounts"}}
	if len(mine) == 0 {
		b = append(b, bot.Text{Text: "No chat account is linked to you."})
	} else {
		b = append(b, privacyLines(mine))
	}
	b = append(b, bot.Text{Text: "Where the chat service vouches for your e-mail address, the account is linked by itself. Elsewhere, type /rounds link with your address from the other account; an administrator confirms it. " +
		"Private messages go to the account you used last. /rounds link remove takes one off."})
	if admin {
		s := "No account waits to be confirmed."
		if waiting > 0 {
			s = fmt.Sprintf("%s to be confirmed: /rounds link confirm", waits(waiting))
		}
		b = append(b, bot.Text{Text: s})
	}
	return bot.PrivateCard(b...)
}

func waits(n int) string {
	if n == 1 {
		return "1 account waits"
	}
	return fmt.Sprintf("%d accounts wait", n)
}

// LinkAsked is an account that waits for an administrator.
type LinkAsked struct {
	Account, Email string
	Name           string // of the person with that address, or ""
	Key            string // of the button
}

// LinkList shows an administrator who asked to be linked.
func LinkList(said string, list []LinkAsked) bot.Private {
	var b []bot.Block
	if said != "" {
		b = append(b, bot.Text{Text: said})
	}
	if len(list) == 0 {
		return bot.PrivateCard(append(b, bot.Text{Text: "No account waits to be confirmed."})...)
	}
	var l bot.List
	for i, a := range list {
		if i == 15 {
			l.Items = append(l.Items, bot.Item{Text: fmt.Sprintf("and %d more", len(list)-i)})
			break
		}
		it := bot.Item{Text: a.Email, Note: a.Account}
		if a.Name == "" {
			it.Note += " · nobody on the staff list has this address"
		} else {
			it.Text += ", " + a.Name
			it.Button = &bot.Button{
				Label: "Confirm", Press: bot.Press{Action: "rounds.confirm", Subject: a.Key}, About: a.Name,
				Confirm: "Does this account really belong to " + a.Name + "? It will see what they may see.",
			}
		}
		l.Items = append(l.Items, it)
	}
	return bot.PrivateCard(append(b, bot.Title{Text: "Accounts to confirm"}, l,
		bot.Context{Text: "Anybody can type anybody's address. Ask the person before you confirm."})...)
}

// LinkOf are somebody's chat accounts, to be taken off.
type LinkOf struct {
	Name     string
	Mine     bool
	Accounts []LinkAccount
}

// LinkAccount is one of them.
type LinkAccount struct {
	Words, Key string
	This       bool // the one that the viewer writes from
}

// LinkRemove offers to take accounts off their person.
func LinkRemove(l LinkOf) bot.Private {
	if len(l.Accounts) == 0 {
		return bot.PrivateCard(bot.Text{Text: "No chat account is linked to " + l.Name + "."})
	}
	head := "Your chat accounts"
	if !l.Mine {
		head = "Chat accounts of " + l.Name
	}
	var list bot.List
	for _, a := range l.Accounts {
		it := bot.Item{Text: a.Words, Button: &bot.Button{Label: "Take off", Press: bot.Press{Action: "rounds.unlink", Subject: a.Key}, Style: bot.Danger, About: a.Words, Confirm: "Take this account off? Nothing is sent to it any more, and it sees nothing."}}
		if a.This {
			it.Note = "you are writing from it; after that I do not know you here"
		}
		list.Items = append(list.Items, it)
	}
	return bot.PrivateCard(bot.Title{Text: head}, list, bot.Context{Text: "The record stays as it is; only the way to it goes."})
}
