package chart

import (
	"bytes"
	"fmt"
	"image/png"
	"math"
	"strings"
	"unicode/utf8"

	"rounds/bot"
)

// Most that one picture holds; the rest is in the table.
const (
	mostSeries = 6
	mostLabels = 40
)

// Draw draws the chart. It takes any chart, also one without numbers.
func Draw(c bot.Chart) ([]byte, error) {
	d := read(c)
	var p *painter
	switch {
	case d.empty():
		p = newPainter(minHeight)
		p.head(d)
		p.text(p.w/2, p.h/2-10, "No numbers yet", style{size: 15, color: quiet, x: center, y: middle})
	case d.overTime():
		p = newPainter(minHeight)
		drawLines(p, d)
	case d.longLabels():
		p = newPainter(barsHeight(d))
		drawBars(p, d)
	default:
		p = newPainter(minHeight)
		drawColumns(p, d)
	}
	var out bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.DefaultCompression}
	if err := enc.Encode(&out, p.img.Image()); err != nil {
		return nil, fmt.Errorf("encode chart: %w", err)
	}
	return out.Bytes(), nil
}

// data is a chart in a form that can be drawn: clean labels, values of one length, NaN for a gap.
type data struct {
	title  string
	unit   string
	labels []string
	series []series
	more   int // labels that were left out
	scale  scale
	steps  []string // names of the values 1, 2, 3 …; nil for amounts
}

type series struct {
	name   string
	values []float64
	words  []string // "" where the value says it
}

func read(c bot.Chart) data {
	d := data{title: clean(c.Title), unit: clean(c.Unit)}
	for _, s := range c.Steps {
		d.steps = append(d.steps, clean(s))
	}
	n := len(c.Labels)
	for _, s := range c.Series {
		n = max(n, len(s.Values))
	}
	d.more = max(0, n-mostLabels)
	n -= d.more
	for i := range n {
		l := ""
		if i < len(c.Labels) {
			l = clean(c.Labels[i])
		}
		d.labels = append(d.labels, l)
	}
	for i, s := range c.Series {
		if i == mostSeries {
			break
		}
		v, w := make([]float64, n), make([]string, n)
		for j := range v {
			if j < len(s.Words) {
				w[j] = signed(clean(s.Words[j]))
			}
			v[j] = math.NaN()
			if j < len(s.Values) && drawable(s.Values[j]) && (d.steps == nil || s.Values[j] >= 1) {
				v[j] = s.Values[j]
			}
		}
		d.series = append(d.series, series{clean(s.Name), v, w})
	}
	d.scale = scaleFor(d)
	return d
}

// drawable leaves out what no axis holds; no count at a school is that large.
func drawable(v float64) bool { return !math.IsNaN(v) && math.Abs(v) < 1e12 }

// clean keeps a text on one line and valid.
func clean(s string) string {
	return strings.Join(strings.Fields(strings.ToValidUTF8(s, "\uFFFD")), " ")
}

func (d data) empty() bool {
	for _, s := range d.series {
		for _, v := range s.values {
			if !math.IsNaN(v) {
				return false
			}
		}
	}
	return true
}

var months = map[string]bool{
	"jan": true, "feb": true, "mar": true, "apr": true, "may": true, "jun": true, "jul": true, "aug": true, "sep": true,
	"oct": true, "nov": true, "dec": true,
}

// overTime tells whether the labels follow each other: "Week 2", "Week 3"; "Oct 5", "Nov 2". Between
// such labels a line says something; between campuses it would not.
func (d data) overTime() bool {
	if len(d.steps) > 0 {
		return len(d.labels) > 1
	}
	if len(d.labels) < 3 {
		return false
	}
	first := ""
	for i, l := range d.labels {
		at := strings.IndexAny(l, "0123456789")
		if at < 0 {
			return false
		}
		word := strings.ToLower(strings.TrimSpace(l[:at]))
		if len(word) >= 3 && months[word[:3]] {
			word = "a month"
		}
		if i == 0 {
			first = word
		} else if word != first {
			return false
		}
	}
	return true
}

func (d data) longLabels() bool {
	if len(d.labels) > 8 || len(d.labels)*len(d.series) > 16 {
		return true
	}
	most := 60 / max(1, len(d.labels)) // characters that stand below a column in two lines
	for _, l := range d.labels {
		if utf8.RuneCountInString(l) > most*2 {
			return true
		}
	}
	return false
}

// signed says with a sign what has no room in words: ">85%".
func signed(s string) string {
	for word, sign := range map[string]string{"over ": ">", "under ": "<"} {
		if rest, ok := strings.CutPrefix(s, word); ok {
			return sign + rest
		}
	}
	return s
}

// label is what stands beside the mark of a series.
func (d data) label(i, j int) string {
	if w := d.series[i].words[j]; w != "" {
		return w
	}
	return d.value(d.series[i].values[j])
}

// value is a number as it stands beside its mark.
func (d data) value(v float64) string {
	if i := int(v); len(d.steps) > 0 {
		if v != math.Trunc(v) || i < 1 || i > len(d.steps) {
			return ""
		}
		return d.steps[i-1]
	}
	if d.unit == "%" {
		return number(v) + "%"
	}
	return number(v)
}

// subtitle says the unit where it is a word, and what was left out.
func (d data) subtitle() string {
	var parts []string
	if d.unit != "" && d.unit != "%" {
		parts = append(parts, d.unit)
	}
	if d.more > 0 {
		parts = append(parts, fmt.Sprintf("%d more in the table", d.more))
	}
	return strings.Join(parts, " · ")
}
