package cards

import (
	"strings"
	"testing"
	"time"

	"rounds/bot"
	"rounds/bot/bottest"
	"rounds/bot/chart"
	"rounds/school"
)

// digestSnapshot is week 9 of a campus of 32 teachers.
func digestSnapshot() school.Snapshot {
	s := school.Snapshot{
		Campus: "cedar", Week: school.Date(2026, 10, 12), Number: 9, Days: 4,
		OnPace: school.CountOf(27, 32), Visited: school.CountOf(18, 32), Feedback: school.CountOf(9, 18), Practised: school.CountOf(14, 21), Mastered: school.CountOf(3, 24),
		Focus: []school.FocusCount{{Name: "Student discourse", Teachers: 12}, {Name: "Rigor of the task", Teachers: 9}, {Name: "Monitoring student work", Teachers: 7}, {Name: "Routines and transitions", Teachers: 5}},
		Held:  5, Meetings: 6,
	}
	for i, p := range []float64{62.5, 65.6, 71.9, 70, 75, 78.1, 81.2, 84.4} {
		s.Trend = append(s.Trend, school.TrendPoint{Number: i + 2, Percent: p, Visited: p - 15})
	}
	return s
}

var digestAt = time.Date(2026, 10, 16, 15, 0, 0, 0, time.FixedZone("CDT", -5*3600))

func TestDigest(t *testing.T) {
	full := digestSnapshot()
	small := school.Snapshot{Week: full.Week, Number: 9, Days: 4, OnPace: school.CountOf(3, 4), Visited: school.CountOf(2, 4), Feedback: school.CountOf(1, 2), Held: 1, Meetings: 1}
	young := full
	young.Trend, young.Focus, young.Held, young.Feedback = full.Trend[:1], nil, 6, school.CountOf(18, 18)
	young.OnPace, young.Practised = school.CountOf(31, 32), school.CountOf(2, 4)
	var all []string
	for _, s := range []school.Snapshot{full, young, small} {
		card := Digest(s, "Cedar Ridge", digestAt, nil)
		if err := bot.CheckCard(card.Card()); err != nil {
			t.Error(err)
		}
		all = append(all, card.Text())
	}
	for _, o := range []DigestOwner{
		{Subject: "cedar/20738", Decides: true, Room: true}, {Room: true, Owner: "the principal"}, {Decides: true}, {Decides: true, Room: true, Decision: "hold"},
		{Decides: true, Room: true, Posted: "Fri, Oct 16 at 3:00 PM CDT"},
	} {
		card := DigestPreview(bot.OpenCard(bot.Title{Text: "Week 9 coaching snapshot"}), o)
		if err := bot.CheckCard(card.Card()); err != nil {
			t.Error(err)
		}
		all = append(all, card.Text())
	}
	all = append(all, DigestNone(small, "Cedar Ridge").Text(), DigestNone(school.Snapshot{}, "Cedar Ridge").Text())
	bottest.Golden(t, "testdata/digest.txt", strings.Join(all, "\n\n")+"\n")
}

// At most six lines and one question, whatever there is to say; no exact number beside a small remainder.
func TestDigestIsShort(t *testing.T) {
	s := digestSnapshot()
	if n := len(digestLines(s)); n > 6 {
		t.Errorf("%d lines", n)
	}
	s.OnPace = school.CountOf(31, 32)
	text := Digest(s, "Cedar Ridge", digestAt, nil).Text()
	if strings.Contains(text, "31 of 32") || !strings.Contains(text, "at least 28 of 32") {
		t.Errorf("one teacher can be found by subtracting:\n%s", text)
	}
}

// The question is about what stands lowest.
func TestDigestQuestion(t *testing.T) {
	s := digestSnapshot()
	fine := school.CountOf(20, 20)
	for _, c := range []struct {
		change func(*school.Snapshot)
		want   string
	}{
		{func(*school.Snapshot) {}, "feedback"},
		{func(s *school.Snapshot) { s.Feedback = fine; s.OnPace = school.CountOf(10, 32) }, "half hours"},
		{func(s *school.Snapshot) { s.Feedback, s.OnPace = fine, fine }, "small enough"},
		{func(s *school.Snapshot) { s.Feedback, s.OnPace, s.Practised = fine, fine, fine }, "PLC"},
		{func(s *school.Snapshot) { s.Feedback, s.OnPace, s.Practised, s.Held = fine, fine, fine, 6 }, "student discourse"},
		{func(s *school.Snapshot) { *s = school.Snapshot{} }, "get to see"},
	} {
		x := s
		c.change(&x)
		if got := DigestQuestion(x); !strings.Contains(got, c.want) {
			t.Errorf("asks %q, not about %q", got, c.want)
		}
	}
}

// The picture can be drawn and says the same as its sentence.
func TestDigestChart(t *testing.T) {
	c, ok := DigestChart(digestSnapshot())
	if !ok || c.Labels[0] != "Week 2" || c.Series[0].Values[7] != 84 || !strings.Contains(c.Alt, "from 63% to 84%") {
		t.Errorf("%+v", c)
	}
	if png, err := chart.Draw(c); err != nil || len(png) < 1000 {
		t.Errorf("%d bytes, %v", len(png), err)
	}
	if _, ok := DigestChart(school.Snapshot{}); ok {
		t.Error("a chart of nothing")
	}
}
