package service_test

import (
	"context"
	"testing"
	"time"

	"rounds/bot"
	"rounds/bot/service"
)

func TestIntake(t *testing.T) {
	var in service.Intake
	if take, _ := in.Taker(); take != nil || in.Connected() || !in.LastEvent().IsZero() {
		t.Error("something comes in before it began")
	}
	life := t.Context()
	in.Begin(life, func(context.Context, bot.Call) (bot.Answer, <-chan bot.Answer) { return bot.Nothing{}, nil })
	in.Connect(true)
	at := time.Unix(1_800_000_000, 5)
	in.Heard(at)
	if take, got := in.Taker(); take == nil || got != life || !in.Connected() || !in.LastEvent().Equal(at) {
		t.Errorf("connected %v, last at %v", in.Connected(), in.LastEvent())
	}
	in.End()
	if take, _ := in.Taker(); take != nil || in.Connected() || !in.LastEvent().Equal(at) {
		t.Errorf("after its end: connected %v, last at %v", in.Connected(), in.LastEvent())
	}
}
