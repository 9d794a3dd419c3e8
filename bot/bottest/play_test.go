package bottest

import (
	"strings"
	"testing"
	"time"

	"rounds/bot"
)

// small is a Small world with the suite's bot in it.
func small(t testing.TB) Small {
	t.Helper()
	sealer, err := bot.NewSealer([]byte("a key of the conformance suite"))
	if err != nil {
		t.Fatal(err)
	}
	f := NewFake("fake")
	f.Room("room")
	day := time.Date(2026, 10, 15, 10, 0, 0, 0, time.UTC)
	f.Now = func() time.Time { return day }
	d := &demo{}
	f.Connect(bot.NewRouter(bot.RouterConfig{
		Commands: d.commands(), Directory: Everybody{}, Sealer: sealer, Now: f.Now,
	}).Take)
	return Small{f}
}

func TestPlay(t *testing.T) {
	PlayAll(t, "testdata/*.txt", func(t *testing.T) World { return small(t) })
}

// FuzzTranscript: whatever stands in a file, playing it does not panic, and playing what came of it
// gives the same again.
func FuzzTranscript(f *testing.F) {
	f.Add("@ana: /demo whisper x\n@ana clicks Change it\n\n\n# done")
	f.Add("@ana: /demo form\n@ana fills What glowed: \\n\\n x\r\n    old\n@ana submits\nagain")
	f.Add("@\n@:\n@ana\n@ana:\n@ana in\n@ana in #room\n@ana fills\n@ana chooses :\n \n\tx\n#\n@ana sees\r   ")
	f.Fuzz(func(t *testing.T, file string) {
		if strings.Contains(file, "slow") { // they take their time
			return
		}
		once := Transcript(file, small(t))
		if again := Transcript(once, small(t)); again != once {
			t.Fatalf("%q\nis played as\n%s\nand then as\n%s", file, once, again)
		}
	})
}
