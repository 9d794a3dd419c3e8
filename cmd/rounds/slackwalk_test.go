package main

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"rounds/school"
)

// TestSlackWalk is the five jobs end to end over Slack's HTTP: notes, check-ins, the form, questions, Home, agenda and digest.
// Slack is busy once and loses one reply; nothing is posted twice, and in the end nothing that it keeps says anything of anybody.
func TestSlackWalk(t *testing.T) {
	w := newSlackWalk(t)
	for user, role := range map[string]string{bob: "teacher", dana: "principal", xiomara: "teacher"} {
		w.command(user, "C01GEN", "/rounds", "help").has(t, "What a "+role+" does here first")
	}

	// A visit in one line, its note shared, read and answered.
	receipt := w.command(alice, "C01GEN", "/observe", "log @Bob Brown 12m focus:discourse glow:Warm opening for all step:Ask one why question after each answer by:fri")
	receipt.has(t, "Saved. Only you can see this.", "Bob Brown")
	if receipt.Type != "ephemeral" {
		t.Errorf("the receipt is %s", receipt.Type)
	}
	shared := w.answer(w.press(alice, "C01GEN", "", receipt, "Share now")).has(t, "Shared today")
	if !shared.Replace {
		t.Error("the receipt was not replaced")
	}
	envelope, m := w.posted("D"+bob, "left you a note")
	m.hasNot(t, "Alice", "Bob", "Warm", "why")
	w.answer(w.press(bob, "D"+bob, envelope.TS, m, "Read it")).has(t, "Warm opening for all", "Ask one why question after each answer")
	m = w.command(bob, "C01GEN", "/checkin", "").has(t, "Ask one why question after each answer")
	m = w.answer(w.press(bob, "C01GEN", "", m, "Tried it")).has(t, "Saved: tried it")
	if !m.Replace {
		t.Error("the check-in was not replaced")
	}

	// The fast number, and the form behind its first button.
	m = w.command(alice, "C01GEN", "/observe", "status").has(t, " this week", "to go", "school days left")
	w.press(alice, "C01GEN", "", m, "Log")
	form := w.view("views.open", "Log a visit")
	before := w.version()
	var errs struct {
		Action string `json:"response_action"`
		Errors map[string]string
		View   json.RawMessage
	}
	_ = json.Unmarshal([]byte(w.submit(alice, form, map[string]string{"step": "Wait three seconds", "by": "2026-10-01"}).body), &errs)
	if errs.Action != "errors" || !strings.Contains(errs.Errors["by"], "over already") || len(errs.Errors) != 1 {
		t.Errorf("a form with a wrong date was answered with %+v", errs)
	}
	if v := w.version(); v != before {
		t.Errorf("a form with an error wrote something: %s, %s", before, v)
	}
	_ = json.Unmarshal([]byte(w.submit(alice, form, map[string]string{"step": "Wait three seconds", "by": "2026-10-20", "glow": "Clear directions twice"}).body), &errs)
	if errs.Action != "update" || !bytes.Contains(errs.View, []byte("Saved. Only you can see this.")) {
		t.Errorf("the corrected form was answered with %+v", errs)
	}

	// Questions: by command, by mention, and in the conversation with the bot.
	quote := []string{"Comprehensive instructional observation — autonomously conduct multi-visit classroom observations", "proficient.1", "level Proficient", "v.26.05", "© EBSCOed"}
	const question = "what does proficient look like for classroom observation"
	w.command(alice, "C01GEN", "/ask", question).has(t, quote...)
	w.command(alice, "C01GEN", "/ask", "what is the weather").has(t, "outside what I know")
	w.event("Ev1", map[string]any{"type": "app_mention", "channel": "C01GEN", "user": alice, "text": "<@U0BOT> " + question, "ts": "100.1"}, "")
	_, m = w.posted("C01GEN", "proficient.1")
	m.has(t, quote...)
	n := w.called("chat.postEphemeral")
	w.event("Ev2", map[string]any{"type": "message", "channel_type": "im", "channel": "D" + bob, "user": bob, "text": question, "ts": "100.2"}, "")
	w.until("an answer in the conversation", func() bool { return w.called("chat.postEphemeral") > n })

	// Home.
	w.event("Ev3", map[string]any{"type": "app_home_opened", "tab": "home", "channel": "D" + alice, "user": alice}, "")
	if v := w.view("views.publish", "to go"); v.User != alice {
		t.Errorf("Alice's home went to %s", v.User)
	}

	// The agenda, asked for in the room; then the one that the clock posts, while Slack is busy.
	w.command(xiomara, "C02OPS", "/plc", "commit bring three samples by:mon").has(t, "bring three samples")
	m = w.command(xiomara, "C02OPS", "/plc", "agenda").has(t, "Facilitator", "bring three samples")
	if m.Type != "in_channel" {
		t.Errorf("the agenda is %s", m.Type)
	}
	w.move("2026-10-16T12:03:00-05:00")
	w.nudge()
	preview, m := w.posted("D"+dana, "coaching snapshot goes to")
	w.answer(w.press(dana, "D"+dana, preview.TS, m, "Look it over")).has(t, "Week 9 coaching snapshot")

	w.slack.set(func() { w.slack.busy["chat.postMessage"] = 2 })
	w.move("2026-10-16T14:03:00-05:00")
	w.nudge()
	agenda, m := w.posted("C02OPS", "Cedar Ridge Social Studies")
	m.has(t, "Facilitator", "bring three samples", "due Mon, Oct 19")
	w.press(xiomara, "C02OPS", agenda.TS, m, "Met")
	w.until("the agenda is brought up to date", func() bool {
		p, _ := w.posted("C02OPS", "Cedar Ridge Social Studies")
		return p.Edited > 0
	})
	if _, m = w.posted("C02OPS", "Cedar Ridge Social Studies"); strings.Contains(m.Text, "[Met]") {
		t.Errorf("the commitment is still open:\n%s", m.Text)
	}

	// The digest with its picture, whose reply is lost on the way.
	lost := 0
	w.slack.set(func() {
		w.slack.lose = func(method string) bool {
			if method == "chat.postMessage" && lost == 0 {
				lost++
				return true
			}
			return false
		}
	})
	w.move("2026-10-16T15:03:00-05:00")
	w.nudge()
	_, m = w.posted("C01GEN", "Week 9 coaching snapshot")
	if !slices.ContainsFunc(m.Blocks, func(b map[string]any) bool { return b["type"] == "image" && b["slack_file"] != nil }) || w.called("upload") != 1 {
		t.Errorf("the digest has no picture; %d uploads", w.called("upload"))
	}
	w.nudge() // the next look finds it
	w.until("the digest is recorded", func() (ok bool) {
		w.read(func(_ school.Log, m *school.Model) {
			_, ok = m.SentAs(w.id + "/digest/cedar/2026-10-12")
		})
		return ok
	})
	if w.called("conversations.history") == 0 {
		t.Error("the lost post was not looked up")
	}

	// The week's plan.
	w.move("2026-10-19T07:33:00-05:00")
	w.nudge()
	plan, m := w.posted("D"+alice, "school days left")
	w.answer(w.press(alice, "D"+alice, plan.TS, m, "Open my list")).has(t, "to go")

	markers := map[string]int{}
	for _, p := range w.slack.stored() {
		if p.Marker != "" {
			if markers[p.Marker]++; markers[p.Marker] > 1 {
				t.Errorf("posted again: %s", readMessage(t, p.Body).Text)
			}
		}
	}
	w.slack.set(func() {
		if busy := w.slack.busy["chat.postMessage"]; busy != 0 || lost != 1 || len(markers) < 5 {
			t.Errorf("too little went wrong for a proof: %d left to refuse, %d lost, %d posts", busy, lost, len(markers))
		}
		t.Logf("calls: %v", w.slack.calls)
	})

	w.keptNothing(w.slack.keptNow(), slackLeaks,
		`{"text":"Bob Brown was seen","blocks":[]}`,
		`{"text":"x","blocks":[{"type":"section","text":{"type":"plain_text","text":"behind: Brown"}}]}`,
		`{"text":"x","blocks":[{"type":"rich_text","elements":[{"type":"rich_text_list","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"Ask one why question after each answer"}]}]}]}]}`,
	)
}
