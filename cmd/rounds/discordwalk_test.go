package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"rounds/school"
)

// link lets four people ask to be known, and the administrator confirm them one by one.
func (w *discordWalk) link() {
	t := w.t
	people := map[string]string{dAlice: "alice@example.com", dBob: "bob@example.com", dDana: "dana.whitfield@example.com", dXio: "xiomara.cisneros@example.com"}
	for user, mail := range people {
		w.command(user, roomLeaders, "observe", "status").has(t, "I do not know this account yet")
		w.command(user, roomLeaders, "rounds", "link", "what", mail).has(t, "Noted.")
	}
	for range people {
		m := w.command(dAdmin, roomLeaders, "rounds", "link", "what", "confirm").has(t, "Accounts to confirm")
		asked := w.pressed(dAdmin, roomLeaders, "", m, "Confirm").has(t, "really belong to")
		if asked.Type != 7 {
			t.Errorf("a question came as %d", asked.Type)
		}
		w.pressed(dAdmin, roomLeaders, "", asked, "Yes: Confirm").has(t, "Linked:")
	}
}

// TestDiscordWalk is the five jobs end to end over Discord: typed options, notes, check-ins, a form in parts, questions, agenda,
// digest and plan. Discord is busy, loses a reply and drops the gateway; nothing is posted twice, and nothing that it keeps
// says anything of anybody.
func TestDiscordWalk(t *testing.T) {
	w := newDiscordWalk(t)
	w.link()

	// A visit by typed options, its note shared, read and answered.
	who := w.choices(dAlice, "observe", "log", "teacher", "bob br")
	focus := w.choices(dAlice, "observe", "log", "teacher", who[0][1], "focus", "disc")
	by := w.choices(dAlice, "observe", "log", "by", "fri")
	if !strings.HasPrefix(who[0][0], "Bob Brown") || !strings.Contains(focus[0][0], "discourse") || len(who[0][1]) > 100 {
		t.Errorf("suggested %v, %v", who, focus)
	}
	receipt := w.command(dAlice, roomLeaders, "observe", "log", "teacher", who[0][1], "minutes", "12", "focus", focus[0][1],
		"glow", "Warm opening for all", "step", "Ask one why question after each answer", "by", by[0][1])
	receipt.has(t, "Saved. Only you can see this.", "Bob Brown")
	if !receipt.private() || receipt.Type != 4 {
		t.Errorf("the receipt came as %d with flags %d", receipt.Type, receipt.Flags)
	}
	if shared := w.pressed(dAlice, roomLeaders, "", receipt, "Share now").has(t, "Shared today"); shared.Type != 7 {
		t.Error("the receipt was not replaced")
	}
	envelope := w.posted(discordDM(dBob), "left you a note")
	envelope.Msg.hasNot(t, "Alice", "Bob", "Warm", "why")
	note := w.pressed(dBob, discordDM(dBob), envelope.ID, envelope.Msg, "Read it").has(t, "Warm opening for all", "Ask one why question after each answer")
	if !note.private() {
		t.Error("the note is for all to see")
	}
	m := w.command(dBob, roomLeaders, "checkin", "").has(t, "Ask one why question after each answer")
	if m = w.pressed(dBob, roomLeaders, "", m, "Tried it").has(t, "Saved: tried it"); m.Type != 7 {
		t.Error("the check-in was not replaced")
	}

	// The form in parts, with an error that keeps all that was typed.
	status := w.command(dAlice, roomLeaders, "observe", "status").has(t, " this week", "to go", "school days left")
	first := w.modal(w.press(dAlice, roomLeaders, "", status, "Log"))
	before := w.version()
	more := w.submit(dAlice, first, status, map[string]string{"glow": "Clear directions twice", "minutes": "7"}).has(t, "Nothing is saved yet", "Continue", "Save now")
	second := w.modal(w.press(dAlice, roomLeaders, "", more, "Continue"))
	more = w.submit(dAlice, second, more, map[string]string{"step": "Wait three seconds", "by": "2026-10-01"})
	for more.button("Save now") != "" { // the last part may stay as it is
		more = w.pressed(dAlice, roomLeaders, "", more, "Save now")
	}
	more.has(t, "Please check", "over already", "Change it")
	if v := w.version(); v != before {
		t.Errorf("a form with an error wrote something: %s, %s", before, v)
	}
	again := w.modal(w.press(dAlice, roomLeaders, "", more, "Change it"))
	if b, _ := json.Marshal(again); !bytes.Contains(b, []byte("Wait three seconds")) || !bytes.Contains(b, []byte("over already")) {
		t.Errorf("the form came back as %s", b)
	}
	saved := w.submit(dAlice, again, more, map[string]string{"by": "2026-10-20"}).has(t, "Saved. Only you can see this.", "7 min")
	if saved.Type != 7 {
		t.Errorf("the receipt came as %d", saved.Type)
	}
	w.read(func(log school.Log, _ *school.Model) {
		found := false
		_ = log.ScanTexts(context.Background(), "glow", func(x school.Text) error { found = found || x.Body == "Clear directions twice"; return nil })
		if !found {
			t.Error("what was typed in the first part is lost")
		}
	})

	// Questions: by command, by mention and in the conversation with the bot.
	quote := []string{"Comprehensive instructional observation — autonomously conduct multi-visit classroom observations", "proficient.1", "level Proficient", "v.26.05", "© EBSCOed"}
	const question = "what does proficient look like for classroom observation"
	w.command(dAlice, roomLeaders, "ask", "", "question", question).has(t, quote...)
	mention := map[string]any{"id": "8001", "type": 0, "channel_id": roomLeaders, "guild_id": discordGuild, "content": "<@" + discordApp + "> " + question, "author": map[string]any{"id": dAlice}, "mentions": []any{map[string]any{"id": discordApp}}, "member": map[string]any{"roles": []any{}}}
	w.discord.dispatch("MESSAGE_CREATE", mention)
	w.posted(roomLeaders, "proficient.1").Msg.has(t, quote...)
	w.discord.dispatch("MESSAGE_CREATE", mention) // the gateway says it again
	w.discord.dispatch("MESSAGE_CREATE", map[string]any{"id": "8002", "type": 0, "channel_id": discordDM(dBob), "content": "how many visits did I get", "author": map[string]any{"id": dBob}})
	prompt := w.posted(discordDM(dBob), "Only you will see it")
	if got := w.pressed(dBob, discordDM(dBob), prompt.ID, prompt.Msg, "Show my answer"); !got.private() {
		t.Errorf("an answer to words is for all: %s", got.Text)
	}

	// The agenda, asked for in its room, with something out of the menu of a message.
	w.seen(w.ask(dXio, roomTeam, 2, map[string]any{"id": "2", "name": "Queue for PLC", "type": 3, "target_id": "9", "resolved": map[string]any{"messages": map[string]any{"9": map[string]any{"id": "9", "content": "look at the exit tickets of unit 3"}}}}, nil)).has(t, "exit tickets of unit 3")
	w.command(dXio, roomTeam, "plc", "commit", "what", "bring three samples", "by", "mon").has(t, "bring three samples")
	if m = w.command(dXio, roomTeam, "plc", "agenda").has(t, "Facilitator", "bring three samples", "exit tickets of unit 3"); m.private() {
		t.Error("the agenda is for one person")
	}

	// What the clock posts, while Discord is busy, fails and drops the gateway.
	w.move("2026-10-16T12:03:00-05:00")
	w.nudge()
	preview := w.posted(discordDM(dDana), "coaching snapshot goes to")
	w.pressed(dDana, discordDM(dDana), preview.ID, preview.Msg, "Look it over").has(t, "Week 9 coaching snapshot")
	w.discord.set(func() { w.discord.busy = 2 })
	w.discord.drop()
	w.move("2026-10-16T14:03:00-05:00")
	w.nudge()
	agenda := w.posted(roomTeam, "Cedar Ridge Social Studies")
	agenda.Msg.has(t, "Facilitator", "bring three samples", "due Mon, Oct 19")
	if met := w.pressed(dXio, roomTeam, agenda.ID, agenda.Msg, "Met").has(t, "Facilitator").hasNot(t, "bring three samples\n"); met.Type != 7 {
		t.Errorf("the agenda was brought up to date by %d", met.Type)
	}
	w.until("the gateway is back", func() (back bool) {
		w.discord.set(func() { back = w.discord.calls["resume"] > 0 })
		return back
	})

	w.discord.set(func() { w.discord.lose = 1 })
	w.move("2026-10-16T15:03:00-05:00")
	w.nudge()
	digest := w.posted(roomLeaders, "Week 9 coaching snapshot")
	if digest.Files != 1 || !strings.Contains(digest.Msg.Raw, "attachment://picture1.png") {
		t.Errorf("the digest has %d pictures", digest.Files)
	}
	w.nudge() // the next look finds it
	w.until("the digest is recorded", func() (ok bool) {
		w.read(func(_ school.Log, m *school.Model) { _, ok = m.SentAs(w.id + "/digest/cedar/2026-10-12") })
		return ok
	})

	w.move("2026-10-19T07:33:00-05:00")
	w.nudge()
	plan := w.posted(discordDM(dAlice), "school days left")
	w.pressed(dAlice, discordDM(dAlice), plan.ID, plan.Msg, "Open my list").has(t, "to go")

	nonces := map[string]int{}
	for _, p := range w.discord.stored() {
		if nonces[p.Channel+p.Nonce]++; p.Nonce == "" || nonces[p.Channel+p.Nonce] > 1 {
			t.Errorf("posted again, or without a nonce: %s", p.Msg.Text)
		}
	}
	w.discord.set(func() {
		if w.discord.busy != 0 || w.discord.lose != 0 || len(nonces) < 7 || w.discord.calls["PUT applications"] != 1 {
			t.Errorf("too little went wrong for a proof: %d to refuse, %d to lose, %d posts, %d registrations", w.discord.busy, w.discord.lose, len(nonces), w.discord.calls["PUT applications"])
		}
		t.Logf("calls: %v", w.discord.calls)
	})
	w.keptNothing(w.discord.keptNow(), discordLeaks,
		`{"components":[{"type":17,"components":[{"type":10,"content":"Bob Brown was seen"}]}]}`,
		`{"components":[{"type":17,"components":[{"type":9,"components":[{"type":10,"content":"behind: Brown"}]}]}]}`,
		`{"components":[{"type":17,"components":[{"type":12,"items":[{"description":"Ask one why question after each answer"}]}]}]}`,
		`{"name":"Bob Brown"}`,
	)
}

// discordLeaks looks for names and texts in bodies as Discord got them. Names may stand only where an agenda says roles and owners
// of commitments.
func discordLeaks(kept, names, secrets []string) (leaks []string) {
	for _, body := range kept {
		owners := false
		mayName := func(line string) bool {
			if strings.HasPrefix(line, "**") || strings.HasPrefix(line, "#") {
				owners = strings.Contains(line, "Commitments still open")
			}
			role, _, named := strings.Cut(strings.TrimPrefix(line, "- "), " · ")
			return owners || named && namedRoles[role]
		}
		for _, s := range allStrings([]byte(body)) {
			leaks = append(leaks, leaksIn(strings.ReplaceAll(s, `\`, ""), names, secrets, mayName)...)
		}
	}
	return leaks
}

// TestDiscordForged sends what is not Discord's, and what is but came before: 401, and nothing changes.
func TestDiscordForged(t *testing.T) {
	w := newDiscordWalk(t)
	log := map[string]any{"id": "1", "name": "rounds", "type": 1, "options": []any{map[string]any{"name": "help", "type": 1}}}
	body, _ := w.interaction(dAdmin, roomLeaders, 2, log, nil)
	good := discordSigned(body, discordKey, time.Now())
	if status, b := w.send(body, good); status != 200 || !bytes.Contains(b, []byte("components")) {
		t.Fatalf("%d %s", status, b)
	}
	before := w.version()
	other := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{9}, 32))
	for name, fault := range map[string]func(b []byte) ([]byte, http.Header){
		"replay":    func([]byte) ([]byte, http.Header) { return body, good },
		"wrong key": func(b []byte) ([]byte, http.Header) { return b, discordSigned(b, other, time.Now()) },
		"stale": func(b []byte) ([]byte, http.Header) {
			return b, discordSigned(b, discordKey, time.Now().Add(-10*time.Minute))
		},
		"future": func(b []byte) ([]byte, http.Header) {
			return b, discordSigned(b, discordKey, time.Now().Add(10*time.Minute))
		},
		"bot time": func(b []byte) ([]byte, http.Header) { return b, discordSigned(b, discordKey, w.now()) },
		"missing": func(b []byte) ([]byte, http.Header) {
			h := discordSigned(b, discordKey, time.Now())
			h.Del("X-Signature-Ed25519")
			return b, h
		},
		"short": func(b []byte) ([]byte, http.Header) {
			h := discordSigned(b, discordKey, time.Now())
			h.Set("X-Signature-Ed25519", h.Get("X-Signature-Ed25519")[:20])
			return b, h
		},
		"tampered": func(b []byte) ([]byte, http.Header) {
			return append(b, ' '), discordSigned(b, discordKey, time.Now())
		},
	} {
		fresh, _ := w.interaction(dAdmin, roomLeaders, 2, log, nil)
		b, h := fault(fresh)
		if status, answer := w.send(b, h); status != http.StatusUnauthorized || strings.TrimSpace(string(answer)) != "Unauthorized" {
			t.Errorf("%s: %d %q", name, status, answer)
		}
	}
	ping, _ := json.Marshal(map[string]any{"id": "1", "application_id": discordApp, "type": 1, "token": "t", "version": 1})
	if status, b := w.send(ping, discordSigned(ping, discordKey, time.Now())); status != 200 || strings.TrimSpace(string(b)) != `{"type":1}` {
		t.Errorf("ping: %d %s", status, b)
	}
	if v := w.version(); v != before {
		t.Errorf("version %s, then %s", before, v)
	}
}
