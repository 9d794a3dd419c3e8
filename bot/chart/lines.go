package chart

import (
	"math"
	"slices"
	"sort"

	"gonum.org/v1/plot/vg"
)

// dashes tell lines apart in black and white.
var dashes = [][]vg.Length{nil, {8, 4}, {2, 3}, {9, 3, 2, 3}, {4, 2}, {12, 4}}

// plane places labels and values on the picture.
type plane struct {
	x func(i int) float64
	y func(v float64) float64
}

// drawLines draws numbers over time; each line is named at its end.
func drawLines(p *painter, d data) {
	y1 := p.head(d) - 10
	y0 := margin + 20
	name := style{size: 12, bold: true, color: ink, x: left, y: middle}
	side := 0.0
	for _, s := range d.series {
		side = max(side, min(150, name.width(s.name)))
	}
	x0, x1 := valueAxis(p, d, y0, y1, p.w-margin-side-12), p.w-margin-side-12
	n := float64(max(1, len(d.labels)-1))
	pl := plane{
		x: func(i int) float64 { return x0 + 14 + float64(i)*(x1-x0-28)/n },
		y: func(v float64) float64 { return y0 + d.scale.at(v)*(y1-y0) },
	}
	labelTime(p, d, pl, y0)
	for i, s := range d.series {
		drawLine(p, i, s, pl)
	}
	valueLabels(p, d, pl)
	nameLines(p, d, pl, x1)
}

// valueAxis draws the horizontal rules with their numbers and returns where the plot begins.
func valueAxis(p *painter, d data, y0, y1, x1 float64) (x0 float64) {
	tick := style{size: 11, color: quiet, x: right, y: middle}
	gutter := 0.0
	for _, t := range d.scale.ticks() {
		gutter = max(gutter, tick.width(d.value(t)))
	}
	x0 = margin + gutter + 8
	for _, t := range d.scale.ticks() {
		y := y0 + d.scale.at(t)*(y1-y0)
		c, w := rule, 0.8
		if t == 0 {
			c, w = axis, 1.2
		}
		p.line(c, w, nil, pt(x0, y), pt(x1, y))
		p.text(x0-8, y, d.value(t), tick)
	}
	return x0
}

// labelTime writes labels below the axis, as many as there is room for, always the last one.
func labelTime(p *painter, d data, pl plane, y0 float64) {
	st := style{size: 11, color: quiet, x: center, y: top}
	widest := 0.0
	for _, l := range d.labels {
		widest = max(widest, st.width(st.fit(l, 90)))
	}
	every, gap := 1, pl.x(1)-pl.x(0)
	for float64(every)*gap < widest+8 && every < len(d.labels) {
		every++
	}
	last := len(d.labels) - 1
	for i, l := range d.labels {
		if (last-i)%every == 0 {
			p.text(pl.x(i), y0-9, st.fit(l, 90), st)
		}
	}
}

// drawLine draws one series; a gap in the numbers is a gap in the line.
func drawLine(p *painter, i int, s series, pl plane) {
	var run []vg.Point
	for j, v := range s.values {
		if math.IsNaN(v) {
			p.line(palette[i], 2.6, dashes[i], run...)
			run = nil
			continue
		}
		run = append(run, pt(pl.x(j), pl.y(v)))
	}
	p.line(palette[i], 2.6, dashes[i], run...)
	crowded := pl.x(1)-pl.x(0) < 18
	for j, v := range s.values {
		if !math.IsNaN(v) && (!crowded || j == firstOf(s) || j == lastOf(s) || alone(s.values, j)) {
			p.mark(i, pl.x(j), pl.y(v), 4.2, palette[i])
		}
	}
}

// alone tells whether a number has a gap on both sides, so that no line shows it.
func alone(v []float64, j int) bool {
	return (j == 0 || math.IsNaN(v[j-1])) && (j == len(v)-1 || math.IsNaN(v[j+1]))
}

// valueLabels writes numbers at the points: all of them while they keep apart, else the first
// and the last. The highest series has them above, the others below; a number with no room of its own is left
// to the table.
func valueLabels(p *painter, d data, pl plane) {
	const off, need = 9.0, 22.0
	all := len(d.labels) <= 10 && len(d.series) <= 2
	for j := range d.labels {
		before := math.Inf(1) // height of the point above
		order := byValue(d, j)
		for rank, i := range order {
			y := pl.y(d.series[i].values[j])
			room, below := before-y, y-pl.y(d.scale.low)
			if before = y; rank+1 < len(order) {
				below = y - pl.y(d.series[order[rank+1]].values[j])
			}
			if !all && j != firstOf(d.series[i]) && j != lastOf(d.series[i]) {
				continue
			}
			st := style{size: 11, bold: true, color: palette[i], x: center, y: bottom}
			at := y + off
			switch {
			case rank == 0 && (len(d.series) > 1 || !d.valley(i, j)):
			case room < 1: // the same number stands there already
				continue
			case below >= need:
				st.y, at = top, y-off
			case room < 2*need: // neither below, on the labels, nor above, on the other number
				continue
			}
			p.text(pl.x(j), at, d.label(i, j), st)
		}
	}
}

// valley tells whether a line comes down to a point and goes up again, so that a number above it would
// stand between the two.
func (d data) valley(i, j int) bool {
	v := d.series[i].values
	return j > 0 && j < len(v)-1 && v[j-1] > v[j] && v[j+1] > v[j]
}

// byValue lists the series that have a number at a label, the highest first.
func byValue(d data, label int) []int {
	var out []int
	for i, s := range d.series {
		if !math.IsNaN(s.values[label]) {
			out = append(out, i)
		}
	}
	sort.SliceStable(out, func(a, b int) bool { return d.series[out[a]].values[label] > d.series[out[b]].values[label] })
	return out
}

func firstOf(s series) int {
	for i, v := range s.values {
		if !math.IsNaN(v) {
			return i
		}
	}
	return -1
}

func lastOf(s series) int {
	for i, v := range slices.Backward(s.values) {
		if !math.IsNaN(v) {
			return i
		}
	}
	return -1
}

// nameLines writes the names at the ends of the lines, pushed apart where they would touch.
func nameLines(p *painter, d data, pl plane, x float64) {
	type end struct {
		i int
		y float64
	}
	var ends []end
	for i, s := range d.series {
		if j := lastOf(s); j >= 0 && s.name != "" {
			ends = append(ends, end{i, pl.y(s.values[j])})
		}
	}
	sort.SliceStable(ends, func(a, b int) bool { return ends[a].y > ends[b].y })
	const gap = 17
	for i := 1; i < len(ends); i++ {
		ends[i].y = min(ends[i].y, ends[i-1].y-gap)
	}
	low := pl.y(d.scale.low)
	for i := len(ends) - 1; i >= 0; i-- {
		ends[i].y = max(ends[i].y, low)
		low = ends[i].y + gap
	}
	for _, e := range ends {
		st := style{size: 12, bold: true, color: palette[e.i], x: left, y: middle}
		p.text(x, e.y, st.fit(d.series[e.i].name, 150), st)
	}
}
