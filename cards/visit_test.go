package cards

import (
	"fmt"
	"strings"
	"testing"

	"rounds/bot"
	"rounds/bot/bottest"
	"rounds/school"
)

var (
	thursday = school.Date(2026, 10, 15)
	friday   = school.Date(2026, 10, 16)
)

// golden keeps several cards in one file, each under its name, and holds each against the limits of its types.
func golden(t *testing.T, path string, names []string, made map[string]bot.Private) {
	t.Helper()
	var w strings.Builder
	for _, n := range names {
		c := made[n].Card()
		if err := bot.CheckCard(c); err != nil {
			t.Errorf("%s: %v", n, err)
		}
		fmt.Fprintf(&w, "== %s\n%s\n\n", n, c.Text())
	}
	bottest.Golden(t, path, w.String())
}

func TestVisitCards(t *testing.T) {
	one := Receipt{
		Subject: "v1042", Fresh: true, Names: []string{"Ada Okafor"}, Kind: school.CoachingVisit, Minutes: 12, On: thursday, Today: thursday,
		Focus: []string{"Student discourse"}, Glow: "Waited for every answer", Grow: "Fewer questions at once", Step: "Count to three", By: friday + 7,
		Week: "18 of 24 this week · 6 to go · 2 school days left", CanShare: true, ShareAt: "3:30", HasNote: true, Debrief: true, Undo: true,
	}
	shared, later, done, undone, three, plain, away, long := one, one, one, one, one, one, one, one
	shared.Fresh, shared.Shared = false, "today at 10:42 AM"
	later.Fresh, later.Later = false, "today at 3:30 PM"
	done.Fresh, done.Shared, done.Debriefed, done.Opened = false, "yesterday at 3:30 PM", "today", 1
	undone.Fresh, undone.Undone = false, true
	three.Names, three.Subject, three.Shared, three.Opened, three.Fresh = []string{"Ada Okafor", "Ben Diaz", "Cy Lindqvist"}, "v1042+3", "today at 10:42 AM", 2, false
	plain.Focus, plain.Glow, plain.Grow, plain.Step, plain.HasNote, plain.CanShare, plain.NoNote, plain.Minutes = nil, "", "", "", false, false, true, 0
	away.CanShare, away.Reach = false, []string{"Ada Okafor is not on chat, so nothing was sent."}
	long.Glow, long.Appraiser, long.Readers, long.Replace = strings.Repeat("word ", 400), true, "The administrators of your campus can read it too.", "s1043:v1042"
	long.Remarks = []string{"Mon, Oct 12 was no school day (Student holiday); I logged it as you wrote it."}
	note := Note{From: "Alice Anderson", Kind: school.CoachingVisit, Minutes: 12, On: thursday, Today: thursday, Glow: "Waited", Grow: "Fewer", Step: "Count to three", By: friday, StepRef: "s12"}
	history := History{
		Name: "Ada Okafor", Ref: "pabc", Schedule: "Weekly", Status: "behind · 0 of 1", Today: thursday, All: 11, Withheld: "Notes by coaches stay between coach and teacher in your district, so they are not shown.", MayLog: true,
		Visits: []Past{
			{On: thursday, Kind: school.Walkthrough, Minutes: 6, By: "you", Appraiser: true, Glow: "Clear\ntwo lines", Grow: "Fewer", State: "not shared", Ref: "v12"},
			{On: thursday - 400, Kind: school.CoachingVisit, By: "Alice Anderson", Focus: []string{"Rigor of the task"}},
		},
	}
	made := map[string]bot.Private{
		"saved": VisitReceipt(one), "shared": VisitReceipt(shared), "to be shared": VisitReceipt(later), "debriefed and opened": VisitReceipt(done),
		"undone": VisitReceipt(undone), "three at once": VisitReceipt(three), "nothing written": VisitReceipt(plain), "not on chat": VisitReceipt(away),
		"a long note by an appraiser": VisitReceipt(long),
		"note":                        VisitNote(note), "history": VisitHistory(history), "whole history": VisitList(history), "empty history": VisitHistory(History{Name: "Ada Okafor", Today: thursday}),
		"to copy":   NoteToCopy(one, "Ada"),
		"not saved": NotSaved([]string{"600 minutes are longer than a school day. Use 1 to 480."}, "/observe log @okafor 600m", nil),
	}
	golden(t, "testdata/visits.txt", []string{
		"saved", "shared", "to be shared", "debriefed and opened", "undone", "three at once", "nothing written", "not on chat",
		"a long note by an appraiser", "note", "history", "whole history", "empty history", "to copy", "not saved",
	}, made)
}

func TestStatusCards(t *testing.T) {
	var many []Due
	for i := range 20 {
		many = append(many, Due{Name: fmt.Sprintf("Teacher %02d", i+1), Ref: fmt.Sprintf("p%d", i), Status: school.DueSoon, Required: 1, SinceLast: i, Due: friday})
	}
	each := []Due{
		{Name: "Ada Okafor", Ref: "p1", Status: school.Behind, Done: 2, Required: 4, SinceLast: 6, Due: school.Date(2026, 10, 30)},
		{Name: "Ben Diaz", Ref: "p2", Status: school.DueSoon, Required: 1, SinceLast: -1, Due: thursday},
		{Name: "Cy Lindqvist", Ref: "p3", Status: school.OnPace, Required: 1, SinceLast: 1, Due: friday},
		{Name: "Dee Moss", Ref: "p4", Status: school.Met, Done: 1, Required: 1, SinceLast: 0},
		{Name: "Eve Ng", Ref: "p5", Status: school.OnHoldLeave, Required: 1, SinceLast: 20, Due: friday},
		{Name: "Fay Oh", Status: school.OnHoldTesting, SinceLast: 3},
		{Name: "Math 7 (PLC)", Ref: "t:math", Status: school.OnPace, Required: 1, SinceLast: -1, Due: friday},
	}
	week := school.WeekPlan{Done: 18, ToGo: 6, DaysLeft: 2, Later: 5, LaterBy: school.Date(2026, 10, 23)}
	made := map[string]bot.Private{
		"every status":    VisitStatus(Status{Scope: "me", Switch: true, Mine: "My teachers", Today: thursday, Week: week, List: each, Formal: each[:1], FormalOf: [2]int{3, 12}}),
		"a long list":     VisitStatus(Status{Scope: "campus", Today: thursday, Week: week, List: many}),
		"the whole of it": VisitStatus(Status{Scope: "campus", Today: thursday, Week: school.WeekPlan{Done: 24, DaysLeft: 1}, List: many, All: true}),
		"nobody":          NoCaseload(false),
		"nobody here":     NoCaseload(true),
		"plan":            VisitPlan(week, thursday, []PlanDay{{thursday, each[:2]}, {friday, each[2:3]}}, each[6:]),
		"plan, too late":  VisitPlan(school.WeekPlan{ToGo: 1}, thursday, []PlanDay{{thursday - 1, each[:1]}}, nil),
		"plan, all done":  VisitPlan(school.WeekPlan{Done: 5, DaysLeft: 2}, thursday, nil, nil),
	}
	golden(t, "testdata/status.txt", []string{"every status", "a long list", "the whole of it", "nobody", "nobody here", "plan", "plan, too late", "plan, all done"}, made)
}

func TestStepCards(t *testing.T) {
	s := StepView{
		N: 12, Name: "Ada Okafor", Author: "you", Text: "Count to three after each question", State: school.StepPracticing, Since: thursday - 2, By: friday + 7,
		Focus: "Questioning and wait time", Answer: school.TriedIt, Answered: thursday - 1, Note: "Second period was calmer", MayUpdate: true, Today: thursday,
	}
	late, other, closed, own := s, s, s, s
	late.By, late.Answer, late.State = thursday-3, "", school.StepAssigned
	other.Author, other.Withheld, other.Text, other.MayUpdate, other.Note = "Alice Anderson", "The wording is between Alice Anderson and Ada Okafor.", "", false, ""
	closed.State = school.StepMastered
	own.Name, own.Author, own.MayUpdate = "", "Alice Anderson", false
	made := map[string]bot.Private{
		"practicing": StepCard(s, ""), "late": StepCard(late, "Saved: given."), "another's": StepCard(other, ""), "mastered": StepCard(closed, "Saved: mastered."),
		"list":               StepList(StepPage{Title: "Open steps", Steps: []StepView{s, late, other}, Withheld: true, All: 3}),
		"saved":              StepSaved([]string{"Ada Okafor", "Ben Diaz"}, "Count to three", friday, thursday, "Student discourse", []string{"A thought: this may be two steps."}, []string{"Not on chat, so nothing was sent: Ben Diaz."}, "s12+2"),
		"a second one, mine": SecondStep("Ada Okafor", "Count to three", "Stand still", nil, "0123456789"), "a second one, another's": SecondStep("Ada Okafor", "", "Stand still", nil, "0123456789"),
		"my step":           CheckIn(nil, &own, 1),
		"answered":          CheckIn(&Answered{Answer: school.Consistently, Text: "Count to three", Note: "Calmer", Sees: "Alice Anderson", Ref: "s12"}, nil, 0),
		"let's talk":        CheckIn(&Answered{Answer: school.LetsTalk, Text: "Count to three", Sees: "Alice Anderson", Ref: "s12"}, nil, 0),
		"answered, another": CheckIn(&Answered{Answer: school.NotYet, Text: "Count to three", Ref: "s12"}, &own, 2),
		"answers":           Answers("Check-ins of my teachers", []StepView{s, late}),
	}
	golden(t, "testdata/steps.txt", []string{
		"practicing", "late", "another's", "mastered", "list", "saved", "a second one, mine", "a second one, another's",
		"my step", "answered", "let's talk", "answered, another", "answers",
	}, made)
}

func TestDayCards(t *testing.T) {
	week := school.WeekPlan{Done: 18, ToGo: 6, DaysLeft: 2}
	step := StepView{N: 12, Author: "Alice Anderson", Text: "Count to three", State: school.StepAssigned, By: friday, Today: thursday}
	read := &bot.Button{Label: "Read it", Press: bot.Press{Action: "observe.read", Subject: "v12"}}
	made := map[string]bot.Private{
		"a leader's": MyDay(Day{
			Head: "Thursday, October 15 · week 9 · Cedar Ridge", Today: thursday, Leader: true, Week: &week,
			Due:      []Due{{Name: "Ada Okafor", Ref: "p1", Status: school.Behind, Required: 1, SinceLast: 6, Due: friday}},
			Feedback: []Item{{Text: "Ben Diaz", Note: "visited yesterday · 1 school day left", Button: read}},
			Answers:  []StepView{{N: 3, Name: "Ben Diaz", Answer: school.TriedIt, Answered: thursday - 1, Today: thursday}},
			Meetings: []Item{{Text: "Math 7", Note: "tomorrow at 2:15 PM, 45 min"}},
		}),
		"a teacher's":    MyDay(Day{Head: "Thursday, October 15 · week 9", Today: thursday, Steps: []StepView{step, step}, Notes: []Item{{Text: "A note from Alice Anderson", Note: "today", Button: read}}}),
		"the office's":   MyDay(Day{Head: "Thursday, October 15", Today: thursday, Numbers: []string{"Cedar Ridge: 27 of 32 teachers on schedule"}, Hint: "You see numbers about groups of five or more."}),
		"nothing at all": MyDay(Day{Head: "Saturday, October 17"}),
	}
	golden(t, "testdata/day.txt", []string{"a leader's", "a teacher's", "the office's", "nothing at all"}, made)
}

func TestWords(t *testing.T) {
	for got, want := range map[string]string{
		When(thursday, thursday): "today", When(friday, thursday): "tomorrow", When(thursday-1, thursday): "yesterday", When(friday+7, thursday): "Fri, Oct 23",
		When(thursday-400, thursday):             "Wed, Sep 10, 2025",
		When(school.Date(2026, 6, 30), thursday): "Tue, Jun 30, 2026", When(school.Date(2026, 7, 1), thursday): "Wed, Jul 1", When(school.Date(2027, 6, 30), thursday): "Wed, Jun 30", When(school.Date(2027, 7, 1), thursday): "Thu, Jul 1, 2027",
		Names(nil): "", Names([]string{"A"}): "A", Names([]string{"A", "B"}): "A and B", Names([]string{"A", "B", "C"}): "A, B and C",
		Count(1, "visit"): "1 visit", Count(0, "visit"): "0 visits",
		Week(school.WeekPlan{}):                                                           "Nothing is due this week",
		Week(school.WeekPlan{DaysLeft: 3}):                                                "Nothing is due this week · 3 school days left",
		Week(school.WeekPlan{Done: 18, ToGo: 6, DaysLeft: 2}):                             "18 of 24 this week · 6 to go · 2 school days left",
		Week(school.WeekPlan{Done: 18, ToGo: 6, DaysLeft: 1}):                             "18 of 24 this week · 6 to go · 1 school day left",
		Week(school.WeekPlan{Done: 18, ToGo: 6}):                                          "18 of 24 this week · 6 to go · no school days left",
		Week(school.WeekPlan{Done: 24, DaysLeft: 2}):                                      "24 of 24 this week · all done",
		Week(school.WeekPlan{NoSchool: true}):                                             "No school this week. The school year is over.",
		Week(school.WeekPlan{NoSchool: true, Later: 3, Next: friday}):                     "No school this week. The next school day is Fri, Oct 16.",
		Later(school.WeekPlan{NoSchool: true, Later: 3, Next: friday}):                    "3 visits when school is back.",
		Later(school.WeekPlan{NoSchool: true, Later: 3}):                                  "",
		Later(school.WeekPlan{NoSchool: true, Later: 8, Next: thursday, LaterBy: friday}): "8 visits when school is back, the first by Fri, Oct 16.",
		OnLeave(friday, thursday):                                                         "You are on leave through Fri, Oct 16: reminders wait.",
		Later(school.WeekPlan{Later: 1, LaterBy: friday}):                                 "1 more visit by Fri, Oct 16.",
		AnswerWords(school.LetsTalk):                                                      "Let's talk",
		StepSince(school.StepAssigned, thursday, thursday):                                "given today",
		StepSince(school.StepPracticing, thursday-1, thursday):                            "practicing since yesterday",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
