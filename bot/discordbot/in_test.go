package discordbot

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rounds/bot"
	"rounds/bot/bottest"
)

var menus = []Menu{{Label: "Queue for PLC", Command: "plc", Sub: "add", Option: "item"}}

func decodeFile(t *testing.T, path string) Incoming {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var in Incoming
	if strings.HasSuffix(path, ".interaction.json") {
		in, err = DecodeInteraction(raw, menus)
	} else {
		in, err = DecodeMessage(raw, fakeApp)
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return in
}

func payloads(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("testdata/in/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no payloads", err)
	}
	m := map[string]string{}
	for _, f := range files {
		name, _, _ := strings.Cut(filepath.Base(f), ".")
		m[name] = f
	}
	return m
}

func TestDecode(t *testing.T) {
	for name, path := range payloads(t) {
		t.Run(name, func(t *testing.T) {
			in := decodeFile(t, path)
			in.Target.Shown = nil
			bottest.Golden(t, "testdata/in/"+name+".golden", bottest.Pretty(t, full(asMap(in))))
		})
	}
}

// full leaves out what is empty, so that a golden says what was read and no more.
func full(v any) any {
	m, ok := v.(map[string]any)
	if !ok {
		return v
	}
	for k, x := range m {
		switch x := full(x).(type) {
		case nil:
			delete(m, k)
		case map[string]any:
			if len(x) == 0 {
				delete(m, k)
			}
		case string:
			if x == "" || x == "0001-01-01T00:00:00Z" {
				delete(m, k)
			}
		case bool:
			if !x {
				delete(m, k)
			}
		case float64:
			if x == 0 {
				delete(m, k)
			}
		}
	}
	return m
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"id":"1","type":3,"token":"t","user":{"id":"2"},"data":{"custom_id":"x"}}`))
	f.Add([]byte(`{"id":"1","type":5,"token":"t","user":{"id":"2"},"data":{"custom_id":"x.1","components":[{"type":18,"component":{"type":4,"custom_id":"a","value":1}}]}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		in, err := DecodeInteraction(b, menus)
		if err == nil && in.Taken() && in.Call.From.User == "" {
			t.Errorf("a call from nobody: %+v", in)
		}
		if in, err := DecodeMessage(b, fakeApp); err == nil && in.Taken() && in.Call.From.User == "" {
			t.Errorf("a call from nobody: %+v", in)
		}
	})
}

func TestRefs(t *testing.T) {
	guild, channel, id, err := splitRef(refOf("1", "2", "3"))
	if guild != "1" || channel != "2" || id != "3" || err != nil {
		t.Error(guild, channel, id, err)
	}
	for _, bad := range []bot.Ref{"", "x", "1/2", "1//3", "1/2/"} {
		if _, _, _, err := splitRef(bad); err == nil {
			t.Errorf("%q is no ref", bad)
		}
	}
}

// everyAnswer is each sort of answer that a handler can give.
func everyAnswer() map[string]bot.Answer {
	whisper := bot.PrivateCard(bot.Text{Text: "for you"}, bot.Chart{Alt: "a chart", PNG: []byte("p")}, bot.Buttons{Items: []bot.Button{{Label: "Undo", ID: "sealed"}}})
	open := bot.OpenCard(bot.Text{Text: "for all"})
	return map[string]bot.Answer{
		"whisper": bot.Whisper{Card: whisper}, "say": bot.Say{Card: open}, "say-picture": bot.Say{Card: open.With(bot.Image{Alt: "a plan", PNG: []byte("p")})},
		"open-form":      bot.OpenForm{Form: bot.Form{Title: "A visit", ID: "sealed-form", Fields: []bot.Field{{Name: "glow", Label: "Glow", Kind: bot.FieldLong}}}},
		"update-private": bot.UpdatePrivate(whisper), "update-open": bot.UpdateOpen(open), "field-errors": bot.FieldErrors{"glow": "Too short."},
		"choices": bot.Choices{{Label: "Discourse", Value: "d"}}, "home": bot.HomeView{Card: whisper}, "deferred": bot.Deferred{}, "nothing": bot.Nothing{},
	}
}

func TestAnswers(t *testing.T) {
	for name, path := range payloads(t) {
		in := decodeFile(t, path)
		if !in.Taken() || in.Target.Own.Verb != "" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			all := map[string]any{}
			for what, a := range everyAnswer() {
				all[what] = Render{Pictures: true}.Answer(in, a, Moment{})
				all[what+", late"] = Render{Pictures: true}.Answer(in, a, Moment{Late: true})
				if in.Source == SlashCommand {
					all[what+", late, public"] = Render{Pictures: true}.Answer(in, a, Moment{Late: true, Public: true})
				}
			}
			bottest.Golden(t, "testdata/answers/"+name+".json", bottest.Pretty(t, all))
		})
	}
}

// Nothing private is ever shown where others see it, and no picture of it leaves the house.
func TestPrivateNeverInPublic(t *testing.T) {
	const secret = "a record"
	card := bot.PrivateCard(bot.Text{Text: secret}, bot.Chart{Alt: "a chart", PNG: []byte("x")})
	private := func(p Payload) bool { return p.Flags&flagEphemeral != 0 }
	looked := 0
	for name, path := range payloads(t) {
		in := decodeFile(t, path)
		if !in.Taken() {
			continue
		}
		for _, a := range []bot.Answer{bot.Whisper{Card: card}, bot.UpdatePrivate(card), bot.HomeView{Card: card}} {
			for _, m := range []Moment{{}, {Late: true}, {Public: true}, {Late: true, Public: true}} {
				r := Render{Pictures: true}.Answer(in, a, m)
				looked++
				if r.Body != nil {
					if p, ok := r.Body.Data.(Payload); ok && !private(p) {
						t.Errorf("%s, %T, %+v: shown to all in the response", name, a, m)
					}
				}
				gone := false
				for _, s := range r.Steps {
					if gone = gone || s.Via == DeleteOriginal; s.Payload == nil {
						continue
					}
					has := strings.Contains(bottest.Pretty(t, s.Payload), secret)
					stored := s.Via == PostReply || s.Via == EditMessage || !private(*s.Payload)
					// A public deferral makes its first message public, whatever the message says of itself.
					public := m.Late && m.Public && (in.Source == SlashCommand || in.Source == MessageMenu) && !gone
					if has && (stored || public) {
						t.Errorf("%s, %T, %+v: shown to all by %s", name, a, m, s.Via)
					}
					if len(s.Payload.Files) > 0 {
						t.Errorf("%s, %T: a private picture was uploaded", name, a)
					}
				}
			}
		}
	}
	if looked < 100 {
		t.Fatalf("only %d answers looked at", looked)
	}
}

// The question before a press stands on the very message, and the next press counts.
func TestAsk(t *testing.T) {
	ms, _ := Render{}.Messages(bot.Card{Blocks: []bot.Block{bot.Text{Text: "A receipt"}, bot.Buttons{Items: []bot.Button{{Label: "Undo", ID: "sealed", Confirm: "Take it back?"}, {Label: "Other", ID: "other"}}}}})
	shown, _ := json.Marshal(ms[0].Components)
	in := Incoming{Source: Pressed, Call: bot.Call{Button: "sealed"}, Target: Target{Ephemeral: true, Shown: shown, Asks: true}}
	cb := Render{}.ask(in, "Take it back?")
	if wrong := checkMessage(cb.Data); wrong != nil || cb.Type != respondUpdate {
		t.Errorf("%d: %v", cb.Type, wrong)
	}
	text := strings.Join(componentsText(asMap(cb.Data)["components"]), "\n")
	for _, want := range []string{"A receipt", "Take it back?", "[Yes: Undo]", "[Other]"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if s := bottest.Pretty(t, cb); strings.Contains(s, `"?sealed"`) || !strings.Contains(s, `"sealed"`) {
		t.Errorf("the next press does not count: %s", s)
	}
	in.Target.Ephemeral = false // what others see is not changed
	cb = Render{}.ask(in, "")
	if m, ok := cb.Data.(Payload); !ok || cb.Type != respondMessage || m.Flags&flagEphemeral == 0 || !strings.Contains(seen([]Payload{m}), "Press once more") {
		t.Errorf("a posted button asks by %+v", cb)
	}
}
