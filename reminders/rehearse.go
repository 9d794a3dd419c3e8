package reminders

import (
	"context"
	"fmt"
	"time"

	"rounds/bot"
	"rounds/school"
)

// Played is one thing that the clock did in a rehearsal, or did not do and why.
type Played struct {
	At         time.Time // when it was settled, in the zone of whoever gets it
	Occurrence string
	Kind       string
	To         school.PersonID // else Room
	Room       string
	Status     string // "post", "held", "dropped"
	Reason     string // of what was not posted
	Text       string // of what was: what stands in the chat, never what opens behind a button
}

// Rehearse plays the clock of a district from one instant to another without sending anything, and hands over each
// thing in the order in which it happens. It is the runner itself with a time of its own and a chat service that only
// writes down, so that what it plays is what would be sent: as far as the record tells, for nobody logs a visit,
// answers or writes minutes meanwhile.
//
// The book is written to. Give it one whose log is in memory.
func Rehearse(ctx context.Context, book *school.Book, d bot.District, from, to time.Time, each func(Played) error) error {
	now := from
	paper := &paper{}
	r := New(Config{
		District: d, Book: book, Poster: paper, Frozen: true,
		Now: func() time.Time { return now }, Wall: func() time.Time { return from },
	})
	// The mark of a clock that has run elsewhere is of no concern here: what it settled is settled by name.
	begin := from.Truncate(time.Second).Add(-time.Nanosecond)
	r.mark = &mark{Begin: begin, Mark: begin, Told: begin}
	r.fresh = false
	off := map[string]bool{} // told once, though the calendar says it at every look
	for {
		done, err := r.scan(ctx)
		if err != nil {
			return fmt.Errorf("rehearse %s: %w", now.Format(time.RFC3339), err)
		}
		var at time.Time
		more := now.Before(to)
		played := make([]Played, 0, len(done.posted)+len(done.settled)+len(done.off))
		err = book.Read(func(m *school.Model) {
			p := r.look(m, now)
			for _, o := range done.posted {
				said := hash(o.Name)
				if o.edits != "" {
					said = string(o.edits)
				}
				played = append(played, p.played(o, now, "post", paper.text[said]))
			}
			for _, o := range append(done.settled, done.off...) {
				if o.closed != "" && off[o.Name] {
					continue
				}
				off[o.Name] = true
				played = append(played, p.played(o, now, string(o.Status), ""))
			}
			if more {
				at, more = instant(p, to)
			}
			if !more { // what still waits then
				for _, o := range done.waiting {
					played = append(played, p.played(o, now, string(Held), ""))
				}
			}
		})
		if err != nil {
			return err
		}
		clear(paper.text)
		for _, one := range played {
			if err := each(one); err != nil {
				return err
			}
		}
		if !more || ctx.Err() != nil {
			return ctx.Err()
		}
		now = at
	}
}

// played is an occurrence as a rehearsal tells it.
func (p *planning) played(o Occurrence, now time.Time, status, text string) Played {
	return Played{
		At: now.In(p.zone(&o)), Occurrence: o.Name, Kind: o.Kind, To: o.To, Room: o.Room,
		Status: status, Reason: o.Reason, Text: text,
	}
}

// paper is a chat service on which nothing arrives: it keeps what was to be posted.
type paper struct{ text map[string]string }

// Post keeps the text.
func (w *paper) Post(_ context.Context, _ bot.District, _ bot.Target, card bot.Open, marker string) (bot.Ref, bot.Room, error) {
	if w.text == nil {
		w.text = map[string]string{}
	}
	w.text[marker] = card.Card().Text()
	return bot.Ref(marker), bot.Room{}, nil
}

// Find finds nothing: nothing is posted twice here.
func (w *paper) Find(context.Context, bot.District, bot.Target, string, time.Time) (bot.Ref, bot.Room, bool, error) {
	return "", bot.Room{}, false, nil
}

// Edit keeps the text of a message that is changed.
func (w *paper) Edit(_ context.Context, _ bot.District, ref bot.Ref, card bot.Open) error {
	_, _, err := w.Post(context.Background(), "", bot.Room{}, card, string(ref))
	return err
}
