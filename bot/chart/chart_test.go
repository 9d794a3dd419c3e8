package chart

import (
	"bytes"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"rounds/bot"

	"pgregory.net/rapid"
)

// samples are the pictures worth looking at; ROUNDS_PICTURES=dir writes them there.
func samples() map[string]bot.Chart {
	var many []string
	var counts, counts2 []float64
	for i := range 20 {
		many = append(many, []string{"Cedar Elementary", "Juniper Middle", "Oak Ridge High School", "Live Oak"}[i%4])
		counts, counts2 = append(counts, float64(i*7%23)), append(counts2, float64(i*5%19))
	}
	weeks := []string{"Week 2", "Week 3", "Week 4", "Week 5", "Week 6", "Week 7", "Week 8", "Week 9"}
	return map[string]bot.Chart{
		"trend": {Title: "Teachers on pace, and visited in the week", Unit: "%", Labels: weeks, Series: []bot.Series{
			{Name: "On pace", Values: []float64{62, 66, 71, 70, 75, 78, 81, 84}},
			{Name: "Visited", Values: []float64{40, 52, 55, 47, 60, 63, 58, 66}},
		}},
		"blurred": {Title: "Shares near none or all", Unit: "%", Labels: weeks, Series: []bot.Series{
			{Name: "On schedule", Values: []float64{47, 60, 85, 85, 85, 80, 85, 85}, Words: []string{"", "", "over 85%", "over 85%", "over 85%", "", "over 85%", "over 85%"}},
			{Name: "Visited", Values: []float64{15, 20, 15, 47, 60, 63, 15, 84}, Words: []string{"under 15%", "", "under 15%", "", "", "", "under 15%", ""}},
		}},
		"crossing": {Title: "Lines that cross and touch", Unit: "%", Labels: weeks, Series: []bot.Series{
			{Name: "On pace", Values: []float64{62, 60, 58, 57, 55, 54, 53, 52}},
			{Name: "Visited that week", Values: []float64{40, 52, 58, 58, 60, 58, 52, 51}},
		}},
		"gaps":   {Title: "A gap, a NaN and an infinity", Labels: weeks, Series: []bot.Series{{Name: "Visits", Values: []float64{3, 5, math.NaN(), math.Inf(1), 12, 9, 4, 14}}}},
		"year":   {Title: "Visits a week over the year", Unit: "visits", Labels: numbered(36), Series: []bot.Series{{Name: "Visits", Values: wave(36)}}},
		"focus":  {Title: "Focus areas of the last four weeks", Unit: "teachers", Labels: []string{"Student discourse", "Rigor of the task", "Monitoring student work", "Routines and transitions"}, Series: []bot.Series{{Name: "Teachers", Values: []float64{14, 11, 9, 6}}}},
		"cols":   {Title: "PLC meetings held", Labels: []string{"Math 6", "Math 7", "ELA 6", "ELA 7", "Science"}, Series: []bot.Series{{Name: "Held", Values: []float64{4, 3, 4, 2, 1}}, {Name: "Planned", Values: []float64{4, 4, 4, 4, 2}}}},
		"allone": {Title: "Each alone", Labels: weeks[:3], Series: []bot.Series{{Name: "Visits", Values: []float64{3, math.NaN(), 100}}}},
		"three":  {Title: "Three lines", Unit: "%", Labels: weeks, Series: []bot.Series{{Name: "Visited on schedule", Values: wave(8)}, {Name: "Feedback", Values: []float64{10, 14, 18, 30, 42, 50, 61, 77}}, {Name: "Steps practiced", Values: []float64{12, 15, 22, 28, 39, 44, 60, 74}}}},
		"one":    {Title: "One point", Labels: []string{"Week 1"}, Series: []bot.Series{{Name: "Visits", Values: []float64{7}}}},
		"zero":   {Title: "All zero", Unit: "%", Labels: weeks, Series: []bot.Series{{Name: "On pace", Values: make([]float64, 8)}, {Name: "Visited", Values: make([]float64, 8)}}},
		"many":   {Title: "Twenty labels, two series, and a title that is much longer than a title should ever be, so that it takes two lines and then some", Labels: many, Series: []bot.Series{{Name: "Walkthroughs", Values: counts}, {Name: "Coaching", Values: counts2}}},
		"long": {Title: "Long labels", Labels: []string{strings.Repeat("Extraordinarily long label ", 6), strings.Repeat("W", 200), "x"}, Series: []bot.Series{
			{Name: strings.Repeat("name ", 30), Values: []float64{1.25, 0.333, 1e6}},
		}},
		"minus": {Title: "Below zero", Labels: []string{"a", "b", "c"}, Series: []bot.Series{{Name: "Change", Values: []float64{-3, 4, -1.5}}}},
		"none":  {Title: "Nothing"},
		"large": {Title: "Large numbers", Labels: []string{"a", "b"}, Series: []bot.Series{{Name: "n", Values: []float64{123456, 99999999}}}},
	}
}

func numbered(n int) []string {
	var out []string
	for i := range n {
		out = append(out, "Wk "+number(float64(i+1)))
	}
	return out
}

func wave(n int) []float64 {
	var out []float64
	for i := range n {
		out = append(out, math.Round(60+30*math.Sin(float64(i)/4)))
	}
	return out
}

func TestSamples(t *testing.T) {
	for name, c := range samples() {
		t.Run(name, func(t *testing.T) {
			b, err := Draw(c)
			if err != nil {
				t.Fatal(err)
			}
			img, err := png.Decode(bytes.NewReader(b))
			if err != nil {
				t.Fatal(err)
			}
			if w, h := img.Bounds().Dx(), img.Bounds().Dy(); w != 1200 || h < 640 || h > 6000 {
				t.Errorf("%d x %d", w, h)
			}
			again, err := Draw(c)
			if err != nil || !bytes.Equal(b, again) {
				t.Errorf("drawn twice, the bytes differ (%v)", err)
			}
			if dir := os.Getenv("ROUNDS_PICTURES"); dir != "" {
				if err := os.WriteFile(filepath.Join(dir, name+".png"), b, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// Whatever a chart holds, Draw neither panics nor fails, nor draws something too large to send.
func TestDrawAny(t *testing.T) {
	value := rapid.OneOf(rapid.Float64(), rapid.Float64Range(0, 100), rapid.SampledFrom([]float64{0, 0, 1, -1, math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, math.SmallestNonzeroFloat64, 1e11, 1e-9}))
	label := rapid.OneOf(rapid.String(), rapid.StringMatching(`Week [0-9]{1,2}`), rapid.SampledFrom([]string{"", "Oct 5", "Müller-Łódź", "学校", "a\nb\x00", strings.Repeat("long ", 200)}))
	rapid.Check(t, func(t *rapid.T) {
		c := bot.Chart{
			Title:  rapid.String().Draw(t, "title"),
			Unit:   rapid.SampledFrom([]string{"", "%", "visits", strings.Repeat("u", 300)}).Draw(t, "unit"),
			Labels: rapid.SliceOfN(label, 0, 50).Draw(t, "labels"),
		}
		for range rapid.IntRange(0, 8).Draw(t, "series") {
			c.Series = append(c.Series, bot.Series{Name: label.Draw(t, "name"), Values: rapid.SliceOfN(value, 0, 50).Draw(t, "values"), Words: rapid.SliceOfN(label, 0, 50).Draw(t, "words")})
		}
		b, err := Draw(c)
		if err != nil {
			t.Fatal(err)
		}
		cfg, err := png.DecodeConfig(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if cfg.Width != 1200 || cfg.Height < 640 || cfg.Height > 8000 || len(b) > 2<<20 {
			t.Fatalf("%d x %d, %d bytes", cfg.Width, cfg.Height, len(b))
		}
	})
}

// Pictures are drawn by the clock and by several callers at once.
func TestDrawTogether(t *testing.T) {
	c := samples()["trend"]
	want, err := Draw(c)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if got, err := Draw(c); err != nil || !bytes.Equal(got, want) {
				t.Errorf("differs (%v)", err)
			}
		})
	}
	wg.Wait()
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 84: "84", 3.5: "3.5", 3.25: "3.2", 0.333: "0.33", 12345: "12.3k", 1e6: "1M", 2.5e6: "2.5M", -0.001: "0", 999: "999"} {
		if got := number(v); got != want {
			t.Errorf("number(%v) = %q, not %q", v, got, want)
		}
	}
}
