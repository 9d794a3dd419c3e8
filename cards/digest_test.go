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
		OnPace: school.CountOf(27, 32), Visited: school.CountOf(18, 32), Feedback: school.CountOf(9, 18), Practiced: school.CountOf(14, 21), Mastered: school.CountOf(3, 24),
		Focus: []school.FocusCount{{Name: "Student discourse", Teachers: 12}, {Name: "Rigor of the task", Teachers: 9}, {Name: "Monitoring student work", Teachers: 7}, {Name: "Routines and transitions", Teachers: 5}},
		Held:  5, Meetings: 6,
	}
	for i, n := range []int{20, 21, 23, 22, 24, 25, 26, 27} {
		s.Trend = append(s.Trend, digestWeek(i+2, n, n-5))
	}
	return s
}

func digestWeek(number, onPace, visited int) school.TrendPoint {
	p, _ := school.CountOf(onPace, 32).Share()
	v, _ := school.CountOf(visited, 32).Share()
	return school.TrendPoint{Number: number, OnPace: p, Visited: v}
}

var digestAt = time.Date(2026, 10, 16, 15, 0, 0, 0, time.FixedZone("CDT", -5*3600))

func TestDigest(t *testing.T) {
	full := digestSnapshot()
	small := school.Snapshot{Week: full.Week, Number: 9, Days: 4, OnPace: school.CountOf(3, 4), Visited: school.CountOf(2, 4), Feedback: school.CountOf(1, 2), Held: 1, Meetings: 1}
	young := full
	young.Trend, young.Focus, young.Held, young.Feedback = full.Trend[:1], nil, 6, school.CountOf(18, 18)
	young.OnPace, young.Practiced = school.CountOf(31, 32), school.CountOf(2, 4)
	var all []string
	for _, s := range []school.Snapshot{full, young, small} {
		card := Digest(s, "Cedar Ridge", digestAt, nil)
		if err := bot.CheckCard(card.Card()); err != nil {
			t.Error(err)
		}
		all = append(all, card.Text())
	}
	for _, o := range []DigestOwner{
		{Subject: "cedar/20738", Decides: true, Room: true},
		{Room: true, Owner: "the principal"},
		{Decides: true},
		{Decides: true, Room: true, Decision: "hold"},
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
		{func(s *school.Snapshot) { s.Feedback, s.OnPace, s.Practiced = fine, fine, fine }, "PLC"},
		{func(s *school.Snapshot) { s.Feedback, s.OnPace, s.Practiced, s.Held = fine, fine, fine, 6 }, "student discourse"},
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
	if len(c.Series[0].Words) != 0 {
		t.Errorf("words %q where every number stands for itself", c.Series[0].Words)
	}
	if png, err := chart.Draw(c); err != nil || len(png) < 1000 {
		t.Errorf("%d bytes, %v", len(png), err)
	}
	if _, ok := DigestChart(school.Snapshot{}); ok {
		t.Error("a chart of nothing")
	}
}

// A share near none or all is never shown as if it were measured.
func TestDigestChartBlurs(t *testing.T) {
	for _, c := range []struct {
		onPace, visited []int
		alt             string
		cells           string
	}{
		{
			[]int{32, 31, 29, 32},
			[]int{0, 12, 20, 15},
			"was over 84% all along, and of those visited in the week it rose from under 16% to 47%.",
			"over 84% under 16%, over 84% 38%, over 84% 63%, over 84% 47%",
		},
		{
			[]int{20, 20, 20},
			[]int{31, 12, 4},
			"was 63% all along, and of those visited in the week it fell from over 84% to under 16%.",
			"63% over 84%, 63% 38%, 63% under 16%",
		},
		{
			[]int{31, 20, 30},
			[]int{16, 12, 16},
			"was over 84% at both ends, and of those visited in the week it was 50% at both ends.",
			"over 84% 50%, 63% 38%, over 84% 50%",
		},
	} {
		var s school.Snapshot
		for i := range c.onPace {
			s.Trend = append(s.Trend, digestWeek(i+1, c.onPace[i], c.visited[i]))
		}
		ch, ok := DigestChart(s)
		if !ok || !strings.HasSuffix(ch.Alt, c.alt) {
			t.Errorf("says %q, want %q", ch.Alt, c.alt)
		}
		var rows []string
		for _, r := range ch.Table().Rows {
			rows = append(rows, strings.Join(r[1:], " "))
		}
		if got := strings.Join(rows, ", "); got != c.cells {
			t.Errorf("cells %q, want %q", got, c.cells)
		}
		if _, err := chart.Draw(ch); err != nil {
			t.Error(err)
		}
	}
}
