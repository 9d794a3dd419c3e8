package main

import (
	"context"
	"testing"

	"rounds/bot"
	"rounds/bot/bottest"
	"rounds/seeds"
)

// Conversations prove that the whole program says what it should to whom it should: a stage is the world in which they play.

// TestConversations plays what people type to the whole program, and what they see.
func TestConversations(t *testing.T) {
	bottest.PlayAll(t, "testdata/conversations/*.txt", func(t *testing.T) bottest.World {
		s := newStage(t)
		onDiscord(t, s)
		return s
	})
}

// Fake is where people and the bot meet.
func (s *stage) Fake() *bottest.Fake { return s.fake }

// Account finds people of the district by their handle, or by its first word where that is one person's; "stranger" is
// on no roster.
func (s *stage) Account(handle string) (bot.Account, bool) {
	if err := s.ready(); err != nil {
		s.t.Fatal(err)
	}
	if long, ok := s.long[handle]; ok {
		return s.fake.Account(long), true
	}
	_, ok := s.short[handle]
	return s.fake.Account(handle), ok || handle == "stranger"
}

// Handle is the other way round.
func (s *stage) Handle(a bot.Account) string {
	if short, ok := s.short[a.User]; ok {
		return short
	}
	return a.User
}

// Room finds the rooms of the district.
func (s *stage) Room(name string) (bot.Room, bool) {
	for _, r := range s.fake.Rooms() {
		if r.ID == name {
			return r, true
		}
	}
	return bot.Room{}, false
}

// RoomName is the room's id.
func (s *stage) RoomName(r bot.Room) string { return r.ID }

// At moves the clock.
func (s *stage) At(when string) ([]string, error) {
	if err := s.ready(); err != nil {
		return nil, err
	}
	t, err := parseTime(when, seeds.DemoStart().Location())
	if err != nil {
		return nil, err
	}
	lines, err := s.clock.Jump(context.Background(), t)
	return lines, err
}

// Next moves the clock to the next thing that happens.
func (s *stage) Next() ([]string, error) {
	if err := s.ready(); err != nil {
		return nil, err
	}
	return s.clock.Play(context.Background())
}
