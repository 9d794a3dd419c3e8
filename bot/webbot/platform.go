package webbot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"rounds/bot"
)

// Post stores an open card in a room and shows it on every page that is open there. The
// same marker in the same room is the same message.
func (p *Platform) Post(ctx context.Context, to bot.Room, open bot.Open, marker string) (bot.Ref, error) {
	if to.Platform != platformName || to.Workspace != workspace || !p.exists(to.ID) {
		return "", fmt.Errorf("web room: %w", bot.ErrNotInRoom)
	}
	c, cut := renderCard(open.Card())
	p.report("post", cut)
	m, fresh, err := p.say(ctx, to.ID, message{Card: &c}, marker)
	if err != nil {
		if errors.Is(err, errNotBegun) {
			return "", &bot.RetryError{After: time.Second, Err: err}
		}
		return "", &bot.UnknownError{Err: err}
	}
	if fresh {
		p.mu.Lock()
		if p.landing != nil {
			*p.landing = append(*p.landing, to)
		}
		p.mu.Unlock()
	}
	return bot.Ref(messageKey(to.ID, m.ID)), nil
}

// say stores a message and shows it; fresh is false if the marker was there already.
func (p *Platform) say(ctx context.Context, roomID string, m message, marker string) (message, bool, error) {
	m.At = p.now()
	m, fresh, err := p.store.add(ctx, roomID, m, marker)
	if err == nil && fresh {
		p.show(ctx, roomID, m)
	}
	return m, fresh, err
}

// show sends a stored message to every open page that sees its room.
func (p *Platform) show(ctx context.Context, roomID string, m message) {
	v := p.view(ctx, roomID, m, p.names())
	p.streams.send("message", map[string]any{"room": roomID, "message": v}, func(s *stream) bool {
		who, ok := p.persona(s.as)
		if !ok {
			return false
		}
		_, ok = p.sees(who, roomID)
		return ok
	})
}

// Edit replaces a posted card.
func (p *Platform) Edit(ctx context.Context, ref bot.Ref, open bot.Open) error {
	roomID, id, ok := splitKey(string(ref))
	if !ok {
		return errors.New("web message: not a reference of this platform")
	}
	c, cut := renderCard(open.Card())
	p.report("edit", cut)
	m, err := p.store.edit(ctx, roomID, id, c)
	if errors.Is(err, errGone) {
		return err
	}
	if err != nil {
		return &bot.RetryError{After: time.Second, Err: err}
	}
	p.show(ctx, roomID, m)
	return nil
}

// Find looks a message up by its marker, however old it is.
func (p *Platform) Find(ctx context.Context, in bot.Room, marker string, _ time.Time) (bot.Ref, bool, error) {
	if in.Platform != platformName || marker == "" {
		return "", false, nil
	}
	id, ok, err := p.store.find(ctx, in.ID, marker)
	if err != nil || !ok {
		return "", false, err
	}
	return bot.Ref(messageKey(in.ID, id)), true, nil
}

// Direct returns the room where an account talks with the bot.
func (p *Platform) Direct(_ context.Context, to bot.Account) (bot.Room, error) {
	if to.Platform != platformName || to.Workspace != workspace {
		return bot.Room{}, fmt.Errorf("web account: %w", bot.ErrNoAccount)
	}
	if _, ok := p.persona(to.User); !ok {
		return bot.Room{}, fmt.Errorf("web account: %w", bot.ErrNoAccount)
	}
	return room(directID(to.User)), nil
}

// Publish shows somebody's home view on their open pages; where none is open it does
// nothing, because a page asks for the view when it is opened.
func (p *Platform) Publish(_ context.Context, to bot.Account, card bot.Private) error {
	c, cut := renderCard(card.Card())
	p.report("home", cut)
	p.streams.send("home", map[string]any{"card": c}, func(s *stream) bool {
		return to.Platform == platformName && to.Workspace == workspace && s.as == to.User
	})
	return nil
}

// report logs what a card lost to a limit. It names no content.
func (p *Platform) report(what string, cut []string) {
	for _, c := range cut {
		p.log.Warn("web: card over a limit", "in", what, "cut", c)
	}
}

// Routes are the page, its assets and its API.
func (p *Platform) Routes() map[string]http.Handler {
	routes := map[string]http.Handler{
		"GET /{$}":             http.HandlerFunc(p.index),
		"GET /web/assets/":     p.pages,
		"GET /web/hello":       http.HandlerFunc(p.hello),
		"GET /web/rooms":       http.HandlerFunc(p.listRooms),
		"GET /web/messages":    http.HandlerFunc(p.listMessages),
		"GET /web/live":        http.HandlerFunc(p.live),
		"GET /web/clock":       http.HandlerFunc(p.readClock),
		"POST /web/act":        http.HandlerFunc(p.act),
		"POST /web/delete":     http.HandlerFunc(p.deleteMessage),
		"POST /web/clock/next": http.HandlerFunc(p.playNext),
		"POST /web/clock/jump": http.HandlerFunc(p.jump),
	}
	for pattern, h := range routes {
		routes[pattern] = p.guard(h)
	}
	return routes
}
