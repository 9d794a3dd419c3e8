package webbot

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rounds/bot"
	"rounds/bot/bottest"
)

// toy is a small made-up school with a bot of a few commands, shaped like the real ones.
type toy struct {
	t     *testing.T
	keep  *memKeep
	clock *toyClock
	web   *Platform
	hub   *bot.Hub
	rt    *bot.Router
	mu    sync.Mutex
	saved int
}

var chicago = func() *time.Location {
	loc, err := time.LoadLocation("America/Chicago")
	if err != nil {
		panic(err)
	}
	return loc
}()

var toyStart = time.Date(2026, 10, 15, 10, 2, 0, 0, chicago)

func toyPersonas() []Persona {
	who := func(id, handle, name, role, campus string, featured bool) Persona {
		return Persona{Account: bot.Account{Platform: "web", Workspace: "web", User: id}, Handle: handle, Name: name, Role: role, Campus: campus, Featured: featured}
	}
	out := []Persona{
		who("p1", "pat", "Pat Principal", "Principal", "Willow Elementary", true),
		who("p2", "alice", "Alice Anders", "Coach", "Willow Elementary", true),
		who("p3", "terry", "Terry Tilden", "Teacher", "Willow Elementary", true),
		who("p4", "sam", "Sam Sutter", "Principal supervisor", "Lake County ISD", true),
	}
	for i, name := range toyTeachers {
		out = append(out, who(fmt.Sprintf("t%d", i), strings.ToLower(strings.Fields(name)[1]), name, "Teacher", "Willow Elementary", false))
	}
	return out
}

var toyTeachers = []string{
	"Nora Alvarado", "Ben Brightwater", "Chima Okonjo", "Dee Delacroix", "Eli Evergreen", "Fay Fairweather",
	"Gus Goldfinch", "Hana Hoshino", "Ivo Ironwood", "Juno Juniper", "Kit Kestrel", "Lia Larkspur",
}

func toyRooms(p Persona) []RoomInfo {
	out := []RoomInfo{}
	add := func(id, name, topic string, n int) {
		out = append(out, RoomInfo{Room: room(id), Name: name, Topic: topic, Members: n})
	}
	if p.Role != "Teacher" {
		add("leadership", "willow-leadership", "Instructional leadership team", 5)
	}
	if p.Role != "Principal supervisor" {
		add("plc-math-5", "plc-math-5", "Grade 5 math, Thursdays at 3:15", 6)
		add("staff", "willow-staff", "Everybody at Willow Elementary", 41)
	}
	return out
}

func newToy(t *testing.T) *toy {
	t.Helper()
	sealer, err := bot.NewSealer([]byte("a key for the toy school"))
	if err != nil {
		t.Fatal(err)
	}
	ty := &toy{t: t, keep: newMemKeep()}
	ty.clock = &toyClock{toy: ty, now: toyStart}
	ty.rt = bot.NewRouter(bot.RouterConfig{
		Commands: ty.commands(), Directory: bottest.Everybody{}, Sealer: sealer, Now: ty.clock.Now, Budget: 150 * time.Millisecond,
	})
	ty.web, err = New(Config{
		Keep: ty.keep, Clock: ty.clock, Personas: toyPersonas, Rooms: toyRooms,
		Commands: ty.rt.Commands(), District: "Lake County ISD",
	})
	if err != nil {
		t.Fatal(err)
	}
	ty.web.wait = time.Second
	ty.hub = bot.NewHub(bot.HubConfig{Directory: bottest.Everybody{}, Sealer: sealer, Now: ty.clock.Now}, ty.web)
	return ty
}

func (ty *toy) post(roomID, marker string, blocks ...bot.Block) {
	ty.t.Helper()
	if _, _, err := ty.hub.Post(context.Background(), "d1", room(roomID), bot.OpenCard(blocks...), marker); err != nil {
		ty.t.Error(err)
	}
}

// toyClock has a short list of things to come; its time moves only when it is moved.
type toyClock struct {
	toy  *toy
	mu   sync.Mutex
	now  time.Time
	done int
}

func (c *toyClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *toyClock) Zone() *time.Location { return chicago }

func (c *toyClock) plan() []struct {
	at   time.Time
	what string
	do   func()
} {
	day := func(d, h, m int) time.Time { return time.Date(2026, 10, d, h, m, 0, 0, chicago) }
	return []struct {
		at   time.Time
		what string
		do   func()
	}{
		{day(15, 14, 0), "Agenda for Grade 5 math (PLC at 3:15)", func() { c.toy.post("plc-math-5", "agenda", toyAgenda()...) }},
		{day(15, 15, 30), "Visit reminder to Alice Anders", func() {
			c.toy.post("dm-p2", "nudge",
				bot.Text{Text: "3 visits to go, 2 school days left.", Style: bot.Strong},
				bot.Buttons{Items: []bot.Button{{Label: "Open my list", Press: bot.Press{Action: "observe.list"}, Style: bot.Primary}}},
				bot.Context{Text: "Sent at 3:30 PM CDT because your week is 6 visits behind. /rounds why says more."})
		}},
		{day(16, 15, 0), "Week 9 coaching snapshot in willow-leadership", func() { c.toy.post("leadership", "digest", toyDigest()...) }},
	}
}

func (c *toyClock) Next(context.Context) (time.Time, string, bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	plan := c.plan()
	if c.done == len(plan) {
		return time.Time{}, "", false, nil
	}
	return plan[c.done].at, plan[c.done].what, true, nil
}

func (c *toyClock) Play(ctx context.Context) ([]string, error) {
	at, _, ok, _ := c.Next(ctx)
	if !ok {
		return nil, &bot.Error{Code: bot.NotFound, Sentence: "Nothing is planned any more."}
	}
	return c.Jump(ctx, at)
}

func (c *toyClock) Jump(_ context.Context, to time.Time) ([]string, error) {
	var what []string
	for _, x := range c.plan() {
		c.mu.Lock()
		due := x.at.After(c.now) && !x.at.After(to)
		if due {
			c.now = x.at
			c.done++
		}
		c.mu.Unlock()
		if due {
			x.do()
			what = append(what, x.at.Format("Mon 3:04 PM")+" · "+x.what)
		}
	}
	c.mu.Lock()
	c.now = to
	c.mu.Unlock()
	return what, nil
}

func (ty *toy) commands() []bot.Command {
	visit := []bot.Option{
		{Name: "teacher", Help: "Who was visited", Kind: bot.OptionPeople, Required: false, Bare: true},
		{Name: "minutes", Help: "How long", Kind: bot.OptionMinutes, Bare: true},
		{Name: "focus", Help: "What you looked for", Kind: bot.OptionFocus},
		{Name: "glow", Help: "What went well", Kind: bot.OptionText},
		{Name: "grow", Help: "What to try next", Kind: bot.OptionText},
		{Name: "by", Help: "When to look again", Kind: bot.OptionDate},
		{Name: "kind", Help: "The kind of visit", Kind: bot.OptionChoice, Choices: []bot.Choice{{Label: "coaching", Value: "coaching"}, {Label: "walkthrough", Value: "walkthrough"}}},
	}
	return []bot.Command{
		{
			Name: "observe", Aliases: []string{"visit"}, Summary: "Log a classroom visit, or see how the week stands", Who: "leaders", Hint: "@teacher 12m focus:… step:…", Private: true,
			Subs: []bot.Sub{
				{Name: "log", Summary: "Log a visit in one line or in the form", Example: "/observe log @Okonjo 12m focus:discourse", Options: visit, Opens: true, Run: ty.log},
				{Name: "status", Summary: "How the week stands, and who is waiting", Example: "/observe status", Run: ty.status},
				{Name: "slow", Summary: "Answers late", Example: "/observe slow", Run: ty.slow},
				{Name: "fail", Summary: "Fails", Example: "/observe fail", Run: ty.fail},
			},
			On: map[string]bot.Action{
				"save": {Run: ty.save}, "open": {Run: ty.openForm, Opens: true}, "undo": {Run: ty.undo}, "share": {Run: ty.share},
				"list": {Run: ty.status}, "scope": {Run: ty.scope},
			},
			Complete: ty.complete,
		},
		{
			Name: "plc", Summary: "Agendas, minutes and commitments of a PLC team", Who: "everyone", Hint: "agenda [team]",
			Subs: []bot.Sub{
				{Name: "agenda", Summary: "The agenda of the next meeting", Example: "/plc agenda", Public: true, Run: func(context.Context, bot.Call) (bot.Answer, error) {
					return bot.Say{Card: bot.OpenCard(toyAgenda()...)}, nil
				}},
			},
			On: map[string]bot.Action{"met": {Run: func(context.Context, bot.Call) (bot.Answer, error) {
				return bot.UpdateOpen(bot.OpenCard(bot.Title{Text: "Grade 5 math PLC"}, bot.Text{Text: "We met.", Style: bot.Strong}, bot.Context{Text: "Marked as held."})), nil
			}}},
		},
		{
			Name: "digest", Summary: "The weekly coaching snapshot", Who: "principals", Hint: "preview",
			Subs: []bot.Sub{{Name: "preview", Summary: "See this week's snapshot", Example: "/digest preview", Run: func(context.Context, bot.Call) (bot.Answer, error) {
				return bot.Whisper{Card: bot.OpenCard(toyDigest()...).AsPrivate()}, nil
			}}},
		},
		{
			Name: "checkin", Aliases: []string{"mystep"}, Summary: "How my action step is going", Who: "everyone", Hint: "tried it",
			Subs: []bot.Sub{{Name: "mine", Summary: "My open step", Example: "/checkin", Run: ty.checkin}},
			On:   map[string]bot.Action{"answer": {Run: ty.checked}},
		},
		{
			Name: "rounds", Summary: "Help, today, privacy", Who: "everyone", Hint: "help",
			Subs: []bot.Sub{{Name: "help", Summary: "What Rounds can do", Example: "/rounds help", Run: ty.help}},
			On:   map[string]bot.Action{"refresh": {Run: ty.homeAgain}},
			Home: ty.home, Text: ty.ask,
		},
	}
}

const toySecret = "secret-4711" // stands in everything private

func secretly(blocks ...bot.Block) bot.Private {
	return bot.PrivateCard(append(blocks, bot.Context{Text: "Shown to you alone, not stored in this chat · " + toySecret})...)
}

func press(action, subject string) bot.Press { return bot.Press{Action: action, Subject: subject} }

func (ty *toy) log(ctx context.Context, c bot.Call) (bot.Answer, error) {
	if !c.Args.Has("teacher") {
		return ty.openForm(ctx, c)
	}
	return bot.Whisper{Card: toySaved(strings.Join(c.Args["teacher"], ", "), c.Args.Get("minutes"), c.Args.Get("focus"))}, nil
}

func toySaved(who, minutes, focus string) bot.Private {
	return secretly(
		bot.Title{Text: "Saved: a visit to " + who},
		bot.Facts{Items: []bot.Fact{{Label: "Visited", Value: who}, {Label: "Minutes", Value: minutes}, {Label: "Focus", Value: focus}, {Label: "Kind", Value: "Coaching"}}},
		bot.Text{Text: "Students built on each other's answers without being asked to.", Style: bot.Quote},
		bot.Buttons{Items: []bot.Button{
			{Label: "Share now", Press: press("observe.share", "v1"), Style: bot.Primary},
			{Label: "Share at 3:30", Press: press("observe.share", "v2")},
			{Label: "Undo", Press: press("observe.undo", "v1"), Style: bot.Danger, Confirm: "Take this visit back? Its version is kept."},
		}})
}

func (ty *toy) openForm(context.Context, bot.Call) (bot.Answer, error) {
	var people []bot.Choice
	for i, n := range toyTeachers {
		people = append(people, bot.Choice{Label: n, Value: fmt.Sprintf("t%d", i), Note: []string{"due this week", "Every 2 weeks"}[min(i/4, 1)]})
	}
	return bot.OpenForm{Form: bot.Form{
		Title: "Log a visit", Intro: "Saved for you alone until you share it.", Submit: "Save visit", Press: press("observe.save", ""),
		Fields: []bot.Field{
			{Name: "teacher", Label: "Who did you visit?", Kind: bot.FieldPerson, Many: true, Options: people, Hint: "This week's names come first."},
			{Name: "visited", Label: "When?", Kind: bot.FieldDate, Value: []string{"2026-10-15"}},
			{Name: "minutes", Label: "How many minutes?", Kind: bot.FieldNumber, Min: 1, Max: 180, Value: []string{"12"}},
			{Name: "kind", Label: "What kind of visit?", Kind: bot.FieldRadio, Options: []bot.Choice{{Label: "Walkthrough", Value: "walkthrough"}, {Label: "Coaching", Value: "coaching", Note: "counts for your caseload"}}, Value: []string{"coaching"}},
			{Name: "focus", Label: "What did you look for?", Kind: bot.FieldSelect, Options: []bot.Choice{{Label: "Student discourse", Value: "f1"}, {Label: "Checks for understanding", Value: "f2"}}},
			{Name: "glow", Label: "What went well?", Kind: bot.FieldLong, Optional: true},
			{Name: "share", Label: "Share the note", Kind: bot.FieldCheckbox, Optional: true, Options: []bot.Choice{{Label: "With the teacher", Value: "t"}, {Label: "With the co-coach", Value: "c"}}},
		},
	}}, nil
}

func (ty *toy) save(_ context.Context, c bot.Call) (bot.Answer, error) {
	v := bot.Args(c.Values)
	if v.Get("minutes") == "90" {
		return bot.FieldErrors{"minutes": "That is longer than a lesson here. Log two visits instead.", "glow": "Please leave out the student's name."}, nil
	}
	ty.mu.Lock()
	ty.saved++
	ty.mu.Unlock()
	var names []string
	for _, id := range v["teacher"] {
		for i, n := range toyTeachers {
			if id == fmt.Sprintf("t%d", i) {
				names = append(names, n)
			}
		}
	}
	return bot.Whisper{Card: toySaved(strings.Join(names, ", "), v.Get("minutes"), v.Get("focus"))}, nil
}

func (ty *toy) undo(context.Context, bot.Call) (bot.Answer, error) {
	return bot.UpdatePrivate(secretly(bot.Text{Text: "Taken back. The version is kept in the log.", Style: bot.Strong})), nil
}

func (ty *toy) share(context.Context, bot.Call) (bot.Answer, error) {
	return bot.UpdatePrivate(secretly(bot.Title{Text: "Shared"}, bot.Text{Text: "The teacher sees the note now."})), nil
}

func toyStatus(scope string) bot.Private {
	list := bot.List{}
	for i, n := range toyTeachers[:5] {
		note := []string{"behind · Weekly · last visit 9 school days ago", "due soon · Weekly · due Fri, Oct 16", "due soon · Every 2 weeks", "on pace · Every 4 weeks", "on hold (leave)"}[i]
		list.Items = append(list.Items, bot.Item{Text: n, Note: note, Button: &bot.Button{Label: "Log", About: n, Press: press("observe.open", fmt.Sprintf("t%d", i))}})
	}
	return secretly(
		bot.Title{Text: "My teachers, week of October 12"},
		bot.Text{Text: "18 of 24 this week", Style: bot.Strong},
		bot.Text{Text: "6 to go · 2 school days left"},
		bot.Progress{Label: "Visits", Done: 18, Of: 24},
		bot.Facts{Items: []bot.Fact{{Label: "Behind", Value: "2 teachers"}, {Label: "Due soon", Value: "4 teachers"}, {Label: "Feedback within 2 days", Value: "15 of 18"}}},
		list,
		bot.Select{Label: "Show", Press: press("observe.scope", ""), Options: []bot.Choice{{Label: "My teachers", Value: "mine"}, {Label: "My campus", Value: "campus"}}, Chosen: scope},
		bot.Buttons{Items: []bot.Button{{Label: "Log a visit", Press: press("observe.open", ""), Style: bot.Primary}, {Label: "Plan my week", Press: press("observe.list", "plan")}}},
		bot.Context{Text: "District default: new teachers weekly, others every 2 or 4 weeks. Times are CDT."},
	)
}

func (ty *toy) status(context.Context, bot.Call) (bot.Answer, error) {
	return bot.Whisper{Card: toyStatus("mine")}, nil
}

func (ty *toy) scope(_ context.Context, c bot.Call) (bot.Answer, error) {
	if c.Value == "campus" {
		return bot.UpdatePrivate(secretly(bot.Title{Text: "My campus"}, bot.Text{Text: "27 of 32 teachers visited on schedule", Style: bot.Strong})), nil
	}
	return bot.UpdatePrivate(toyStatus("mine")), nil
}

func (ty *toy) slow(ctx context.Context, _ bot.Call) (bot.Answer, error) {
	select {
	case <-ctx.Done():
	case <-time.After(1500 * time.Millisecond): // longer than the router's budget and the platform's wait
	}
	return bot.Whisper{Card: secretly(bot.Text{Text: "Late, but here"})}, nil
}

func (ty *toy) fail(context.Context, bot.Call) (bot.Answer, error) {
	return nil, &bot.Error{Code: bot.NotFound, Sentence: "Nobody of that name is on the staff list.", Choices: []bot.Button{{Label: "Log a visit", Press: press("observe.open", "")}}}
}

func (ty *toy) complete(_ context.Context, c bot.Call) (bot.Answer, error) {
	var out bot.Choices
	words := toyTeachers
	if c.Focus == "focus" {
		words = []string{"Student discourse", "Checks for understanding"}
	}
	for _, n := range words {
		if slices.ContainsFunc(strings.Fields(strings.ToLower(n)), func(w string) bool { return strings.HasPrefix(w, strings.ToLower(c.Typed)) }) {
			out = append(out, bot.Choice{Label: n, Value: strings.ToLower(strings.Fields(n)[1]), Note: "Willow Elementary"})
		}
	}
	return out, nil
}

func (ty *toy) checkin(context.Context, bot.Call) (bot.Answer, error) {
	b := bot.Buttons{}
	for _, l := range []string{"Not yet", "Tried it", "Doing it consistently", "Let's talk"} {
		b.Items = append(b.Items, bot.Button{Label: l, Press: press("checkin.answer", "s1")})
	}
	return bot.Whisper{Card: secretly(bot.Title{Text: "Your action step"}, bot.Text{Text: "Wait five seconds after each question before calling on anybody.", Style: bot.Quote}, bot.Text{Text: "How is it going?"}, b)}, nil
}

func (ty *toy) checked(context.Context, bot.Call) (bot.Answer, error) {
	return bot.UpdatePrivate(secretly(bot.Text{Text: "Thank you. Your coach sees it this afternoon."})), nil
}

func (ty *toy) help(context.Context, bot.Call) (bot.Answer, error) {
	return bot.Whisper{Card: secretly(bot.Title{Text: "What Rounds can do"}, bot.List{Items: []bot.Item{{Text: "/observe", Note: "log a visit"}, {Text: "/plc", Note: "agendas and minutes"}}})}, nil
}

func (ty *toy) home(_ context.Context, c bot.Call) (bot.Answer, error) {
	ty.mu.Lock()
	saved := ty.saved
	ty.mu.Unlock()
	return bot.HomeView{Card: secretly(
		bot.Title{Text: "Thursday, October 15"},
		bot.Text{Text: fmt.Sprintf("%d of 24 visits", 18+saved), Style: bot.Strong},
		bot.Progress{Label: "This week", Done: 18 + saved, Of: 24},
		bot.Text{Text: "6 to go · 2 school days left"},
		bot.List{Items: []bot.Item{
			{Text: "Nora Alvarado", Note: "behind · 9 school days since the last visit", Button: &bot.Button{Label: "Log", About: "Nora Alvarado", Press: press("observe.open", "t0")}},
			{Text: "Ben Brightwater", Note: "due soon · due Fri, Oct 16", Button: &bot.Button{Label: "Log", About: "Ben Brightwater", Press: press("observe.open", "t1")}},
		}},
		bot.Divider{},
		bot.Title{Text: "Today"},
		bot.List{Items: []bot.Item{{Text: "3:15 PM · Grade 5 math PLC", Note: "Room 12 · agenda at 2:00 PM"}}},
		bot.Buttons{Items: []bot.Button{{Label: "Log a visit", Press: press("observe.open", ""), Style: bot.Primary}, {Label: "Refresh", Press: press("rounds.refresh", "")}}},
	)}, nil
}

func (ty *toy) homeAgain(context.Context, bot.Call) (bot.Answer, error) {
	return bot.UpdatePrivate(secretly(bot.Title{Text: "Thursday, October 15"}, bot.Text{Text: "Refreshed"})), nil
}

func (ty *toy) ask(_ context.Context, c bot.Call) (bot.Answer, error) {
	return bot.Say{Card: bot.OpenCard(
		bot.Text{Text: "Leaders are observed and coached weekly or bi-weekly, and the criteria give no number of visits.", Style: bot.Quote},
		bot.Context{Text: "Effective District Framework, Lever 5 (letters a, b, c are Rounds' numbering) · 5.2.5.c"})}, nil
}

func toyAgenda() []bot.Block {
	return []bot.Block{
		bot.Title{Text: "Grade 5 math PLC · Thursday 3:15 PM"},
		bot.Text{Text: "Student work analysis, 50 minutes"},
		bot.List{Ordered: true, Items: []bot.Item{
			{Text: "Open and norms", Note: "3 min"},
			{Text: "Last commitments", Note: "5 min · 2 open"},
			{Text: "Unpack the standard", Note: "8 min"},
			{Text: "Sort samples silently: met, close, not yet", Note: "10 min"},
			{Text: "Name the gap in one sentence", Note: "9 min"},
			{Text: "Plan the reteach", Note: "15 min"},
		}},
		bot.Table{
			Caption: "Open commitments", Columns: []bot.Column{{Head: "What"}, {Head: "Due"}, {Head: "Times carried", Right: true}},
			Rows: [][]string{{"Exit ticket on fractions", "Fri, Oct 16", "0"}, {"Common exemplar for problem 4", "Thu, Oct 22", "1"}},
		},
		bot.Buttons{Items: []bot.Button{{Label: "We met", Press: press("plc.met", "m1"), Style: bot.Primary}, {Label: "Log privately", Press: press("observe.open", "")}}},
		bot.Context{Text: "No student names. Samples stay in your own folders."},
	}
}

func toyDigest() []bot.Block {
	return []bot.Block{
		bot.Title{Text: "Week 9 coaching snapshot"},
		bot.Text{Text: "27 of 32 teachers visited on schedule", Style: bot.Strong},
		bot.Facts{Items: []bot.Fact{{Label: "Visits", Value: "41"}, {Label: "Feedback within 2 days", Value: "34 of 41"}, {Label: "Action steps mastered", Value: "9"}, {Label: "PLC meetings held", Value: "6 of 7"}}},
		bot.Chart{
			Title: "Visits by week", Alt: "Visits rose from 28 in week 5 to 41 in week 9.", Unit: "visits",
			Labels: []string{"Week 5", "Week 6", "Week 7", "Week 8", "Week 9"},
			Series: []bot.Series{{Name: "Visits", Values: []float64{28, 31, 35, 33, 41}}}, PNG: toyChart(),
		},
		bot.Progress{Label: "Teachers on schedule", Done: 27, Of: 32},
		bot.Text{Text: "Bright spot: every team has named its next gap in one sentence."},
		bot.Context{Text: "Groups of five or more only. Nobody can be picked out of these numbers."},
	}
}

func toyChart() []byte {
	img := image.NewRGBA(image.Rect(0, 0, 1200, 480))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	for i, v := range []int{28, 31, 35, 33, 41} {
		bar := image.Rect(90+i*220, 440-v*9, 230+i*220, 440)
		draw.Draw(img, bar, image.NewUniform(color.RGBA{12, 107, 99, 255}), image.Point{}, draw.Src)
	}
	draw.Draw(img, image.Rect(50, 440, 1160, 443), image.NewUniform(color.Gray{120}), image.Point{}, draw.Src)
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func bot2(s string) bot.Block { return bot.Text{Text: s} }

func oddTexts() []string {
	var out []string
	for _, s := range bottest.OddTexts {
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}
