package fit

import (
	"fmt"
	"strings"
)

// A Report lists what could not be shown as it was meant: split, folded, shortened. It holds places and reasons, never texts.
type Report []string

const messagesLong = "messages long"

// Splits counts the cards that took several messages.
func (r Report) Splits() int {
	n := 0
	for _, s := range r {
		if strings.HasSuffix(s, messagesLong) {
			n++
		}
	}
	return n
}

// Notes are what a renderer takes down for its Report while it draws a card.
type Notes struct {
	At     int // number of the card's block being drawn, from 1
	Report Report
}

// Note adds a line.
func (n *Notes) Note(format string, args ...any) {
	n.Report = append(n.Report, fmt.Sprintf(format, args...))
}

// Long notes how many messages a card takes, if they are more than one.
func (n *Notes) Long(messages int) {
	if messages > 1 {
		n.Note("the card is %d "+messagesLong, messages)
	}
}

// Short cuts a line to at most most code points and notes it. An empty line is a dash, because services refuse an empty label.
func (n *Notes) Short(line string, most int, what string) string {
	line, was := Cut(line, most)
	if was {
		n.Note("block %d: %s shortened to %d characters", n.At, what, most)
	}
	if Blank(line) {
		line = "–"
	}
	return line
}
