package discordbot

import (
	"testing"

	"rounds/bot/bottest"
)

func TestPlatformByGateway(t *testing.T) {
	bottest.TestPlatform(t, func(t *testing.T) bottest.Harness { return newHarness(t, false) })
}

func TestPlatformByHTTP(t *testing.T) {
	bottest.TestPlatform(t, func(t *testing.T) bottest.Harness { return newHarness(t, true) })
}
