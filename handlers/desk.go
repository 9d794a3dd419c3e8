package handlers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sort"
	"strings"
	"time"

	"rounds/answers"
	"rounds/bot"
	"rounds/cards"
	"rounds/school"
)

// Clock is what the desk asks of the reminders, which it does not import.
type Clock interface {
	// Why lists what was sent to somebody, held or dropped from..to, and what comes next, each with its
	// reason, in order of time.
	Why(ctx context.Context, d bot.District, p bot.Person, from, to time.Time) ([]Reason, error)
}

// Reason is one line of /rounds why.
type Reason struct {
	At     time.Time
	What   string // "plan of the week"
	Status string // "sent", "held", "dropped", "next"
	Why    string // "snoozed until Mon, Oct 19"; "" for what was sent
}

// Config is what a desk is made of.
type Config struct {
	// Books finds a district's record; ok is false for one this process does not serve.
	Books func(bot.District) (*school.Book, bool)
	// Library is asked for at each call: a district may add a framework while the desk works.
	Library func() *answers.Library
	Clock   Clock
	Logger  *slog.Logger
	// Edit updates a posted message through its ref: an agenda on which a commitment was met.
	// It is nil where nothing is posted (rounds ask).
	Edit func(ctx context.Context, d bot.District, ref bot.Ref, card bot.Open) error
}

// A Desk answers calls. It holds no state of its own.
type Desk struct{ cfg Config }

// New makes a desk.
func New(cfg Config) *Desk {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	return &Desk{cfg}
}

// library is what questions are put to now.
func (d *Desk) library() *answers.Library { return d.cfg.Library() }

type handler = func(*Desk, context.Context, bot.Call) (bot.Answer, error)

// command is the registration of one slash command: bot.Command with method expressions.
type command struct {
	name    string
	order   int // in help and manifests
	aliases []string
	summary string
	who     string
	hint    string
	private bool
	subs    []sub
	on      map[string]action

	home, text, complete handler
}

type sub struct {
	name    string
	summary string
	example string
	options []bot.Option
	opens   bool
	public  bool
	run     handler
}

type action struct {
	opens bool
	run   handler
}

var commands []command

func register(c command) { commands = append(commands, c) }

// Commands binds the registered commands to the desk, in the order of help.
func (d *Desk) Commands() []bot.Command {
	sorted := append([]command(nil), commands...)
	sort.Slice(sorted, func(i, j int) bool { return sorted[i].order < sorted[j].order })
	out := make([]bot.Command, 0, len(sorted))
	for _, c := range sorted {
		b := bot.Command{
			Name: c.name, Aliases: c.aliases, Summary: c.summary, Who: c.who, Hint: c.hint, Private: c.private,
			On: map[string]bot.Action{}, Home: d.wrap(c.home), Text: d.wrap(c.text), Complete: d.wrap((*Desk).suggest),
		}
		if c.complete != nil {
			b.Complete = d.wrap(c.complete)
		}
		for _, s := range c.subs {
			b.Subs = append(b.Subs, bot.Sub{Name: s.name, Summary: s.summary, Example: s.example, Options: s.options, Opens: s.opens, Public: s.public, Run: d.wrap(s.run)})
		}
		for k, a := range c.on {
			b.On[k] = bot.Action{Opens: a.opens, Run: d.wrap(a.run)}
		}
		out = append(out, b)
	}
	return out
}

// trail is what a call did: whose records it showed, and whether it changed the record.
type trail struct {
	shown []school.Looked
	zone  *time.Location
	days  int // that it stays on record
	tried bool
	saved bool
}

type trailKey struct{}

// wrap is the one wrapper around every handler: it keeps the audit record of what was shown, and turns the
// school's errors into sentences.
func (d *Desk) wrap(h handler) bot.Handler {
	if h == nil {
		return nil
	}
	return func(ctx context.Context, c bot.Call) (bot.Answer, error) {
		t := &trail{}
		a, err := h(d, context.WithValue(ctx, trailKey{}, t), c)
		if err != nil {
			return nil, t.explain(err)
		}
		if len(t.shown) > 0 {
			if err := d.audit(ctx, c, t); err != nil {
				if errors.Is(err, school.ErrFull) && !t.saved {
					err = &bot.Error{Code: bot.Unavailable, Sentence: "I cannot show that now: each look at a person's record is itself put on record, and the store is full. Please tell your IT office.", Err: err}
				}
				return nil, t.explain(err) // what cannot be put on record is not shown
			}
		}
		return d.welcome(ctx, c, a), nil
	}
}

// welcome tells each person once, under the first answer that only they see, what Rounds keeps and who sees it, and
// puts on record that they were told. If that cannot be recorded they are told again another time.
func (d *Desk) welcome(ctx context.Context, c bot.Call, a bot.Answer) bot.Answer {
	w, ok := a.(bot.Whisper)
	if !ok {
		return a
	}
	b, ok := d.cfg.Books(c.District)
	if !ok {
		return a
	}
	told := true
	if err := b.Read(func(m *school.Model) { told = m.WelcomedAlready(school.PersonID(c.Person)) }); err != nil || told {
		return a
	}
	e := entry(c, school.Welcomed{Person: school.PersonID(c.Person)})
	e.Command = c.ID + ":welcome"
	if _, err := b.Record(ctx, e); err != nil {
		d.cfg.Logger.Warn("a welcome could not be recorded", "err", err)
	}
	return bot.Whisper{Card: cards.WithWelcomeUnder(w.Card)}
}

// audit keeps who looked at whose record, and at what of it, by ids only.
func (d *Desk) audit(ctx context.Context, c bot.Call, t *trail) error {
	b, err := d.book(c)
	if err != nil {
		return err
	}
	what := strings.TrimSpace(c.Command + " " + c.Sub)
	if c.Press.Action != "" {
		what = c.Press.Action
	}
	look := school.NewLook(c.At, school.PersonID(c.Person), what, t.shown)
	return school.KeepLook(ctx, b.Log(), c.ID, look, t.shown, t.zone, t.days)
}

// explain turns an error of the school into one with a sentence, which says what became of what was to be saved.
func (t *trail) explain(err error) error {
	if _, ok := errors.AsType[*bot.Error](err); ok {
		return err
	}
	is := func(any ...error) bool {
		return slices.ContainsFunc(any, func(e error) bool { return errors.Is(err, e) })
	}
	sentence, code := "", bot.Unavailable
	switch away := is(school.ErrUnready, school.ErrClosed, school.ErrReadOnly); {
	case t.saved && (away || is(school.ErrUnsure, school.ErrFull)):
		sentence = "That is saved. I cannot show it right now, because the record cannot be reached; please look again in a minute."
	case is(school.ErrConflict):
		sentence, code = "Somebody changed that at the same moment. Nothing was saved; please try again.", bot.Conflict
	case t.tried && is(school.ErrUnsure):
		sentence = "I lost the record while I was saving, so that may be saved or not. Please look whether it is there before you try again."
	case is(school.ErrFull):
		sentence = "Saved nothing: the store is full. Please tell your IT office, then try again."
	case t.tried && away:
		sentence = "Saved nothing: the record cannot be reached right now. Please try again in a minute."
	case away, is(school.ErrUnsure):
		sentence = "The record cannot be reached right now, so I can show and save nothing. Please try again in a minute."
	case is(context.DeadlineExceeded, context.Canceled):
		sentence = "That took too long. If you were saving something, look whether it is there before you try again."
	default:
		return err
	}
	return &bot.Error{Code: code, Sentence: sentence, Err: err}
}

func (d *Desk) book(c bot.Call) (*school.Book, error) {
	b, ok := d.cfg.Books(c.District)
	if !ok {
		return nil, &bot.Error{Code: bot.Unavailable, Sentence: "This workspace's district is not served here."}
	}
	return b, nil
}

// as lets f look at the record through the caller's eyes, under the read lock: no store, no record, no
// network inside f. What f shows goes on the audit trail.
func (d *Desk) as(ctx context.Context, c bot.Call, f func(v *school.Viewer) error) error {
	b, err := d.book(c)
	if err != nil {
		return err
	}
	rerr := b.Read(func(m *school.Model) {
		v := m.As(school.PersonID(c.Person), c.At)
		if v == nil {
			err = &bot.Error{Code: bot.Forbidden, Sentence: "You are not on the roster any more, so there is nothing I may show you."}
			return
		}
		err = f(v)
		if t, ok := ctx.Value(trailKey{}).(*trail); ok {
			t.shown = append(t.shown, v.Looked()...)
			t.zone, t.days = m.Zone(), m.District().AuditDays()
		}
	})
	if rerr != nil {
		return rerr
	}
	return err
}

// bodies fetches texts that a Viewer gave the keys of.
func (d *Desk) bodies(ctx context.Context, c bot.Call, keys ...string) (map[string]string, error) {
	b, err := d.book(c)
	if err != nil {
		return nil, err
	}
	return b.Bodies(ctx, keys...)
}

// entry begins what a call adds to the record: its id makes trying again harmless.
func entry(c bot.Call, facts ...school.Fact) school.Entry {
	return school.Entry{Command: c.ID, By: school.PersonID(c.Person), Via: c.From.Platform, At: c.At, Facts: facts}
}

// record appends. One call appends at most once.
func (d *Desk) record(ctx context.Context, c bot.Call, e school.Entry) (school.Recorded, error) {
	b, err := d.book(c)
	if err != nil {
		return school.Recorded{}, err
	}
	r, err := b.Record(ctx, e)
	wrote(ctx, err)
	return r, err
}

// wrote notes what became of an attempt to change the record.
func wrote(ctx context.Context, err error) {
	if t, ok := ctx.Value(trailKey{}).(*trail); ok {
		t.tried, t.saved = true, t.saved || err == nil
	}
}

// decide appends what f decides on a record that nobody changes meanwhile; see school.Book.Decide.
func (d *Desk) decide(ctx context.Context, c bot.Call, f func(v *school.Viewer) (school.Entry, error)) (school.Recorded, error) {
	b, err := d.book(c)
	if err != nil {
		return school.Recorded{}, err
	}
	r, err := b.Decide(ctx, func(m *school.Model) (school.Entry, error) {
		v := m.As(school.PersonID(c.Person), c.At)
		if v == nil {
			return school.Entry{}, &bot.Error{Code: bot.Forbidden, Sentence: "You are not on the roster any more."}
		}
		return f(v)
	})
	if r.Last > 0 || err != nil {
		wrote(ctx, err)
	}
	return r, err
}

// invalid is an error about what was typed.
func invalid(field, format string, args ...any) *bot.Error {
	return &bot.Error{Code: bot.Invalid, Field: field, Sentence: fmt.Sprintf(format, args...)}
}

// forbidden is an error about what is not the caller's to see or do.
func forbidden(format string, args ...any) *bot.Error {
	return &bot.Error{Code: bot.Forbidden, Sentence: fmt.Sprintf(format, args...)}
}
