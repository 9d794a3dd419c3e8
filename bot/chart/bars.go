package chart

import (
	"math"
	"unicode/utf8"
)

// drawColumns draws few short labels side by side.
func drawColumns(p *painter, d data) {
	y1 := p.legend(d, p.head(d)) - 12
	below := style{size: 11.5, color: ink, x: center, y: top}
	x1 := p.w - margin
	gutter := 40.0
	slot := (x1 - margin - gutter) / float64(len(d.labels))
	lines := 1
	for _, l := range d.labels {
		if below.width(l) > slot-8 {
			lines = 2
		}
	}
	y0 := margin + 8 + 14*float64(lines)
	x0 := valueAxis(p, d, y0, y1, x1)
	slot = (x1 - x0) / float64(len(d.labels))
	n := float64(len(d.series))
	bar := min(64, slot*0.72/n)
	y := func(v float64) float64 { return y0 + d.scale.at(v)*(y1-y0) }
	for i, l := range d.labels {
		mid := x0 + (float64(i)+0.5)*slot
		for k, line := range below.wrap(l, slot-8, 2) {
			p.text(mid, y0-9-14*float64(k), line, below)
		}
		for k, s := range d.series {
			v := s.values[i]
			if math.IsNaN(v) {
				continue
			}
			x := mid + (float64(k)-n/2)*bar
			p.rect(x+1, min(y(0), y(v)), bar-2, math.Abs(y(v)-y(0)), palette[k])
			st := style{size: 12, bold: true, color: ink, x: center, y: bottom}
			at := y(v) + 5
			if v < 0 {
				st.y, at = top, y(v)-5
			}
			label := d.label(k, i)
			if st.width(label) > bar+10 {
				st.size = 9.5
				label = st.fit(label, bar+8)
			}
			// A rule behind a number makes it hard to read.
			w := st.width(label) + 4
			p.rect(x+bar/2-w/2, at-1+float64(st.y)*st.size*0.7, w, st.size*0.7+2, paper)
			p.text(x+bar/2, at, label, st)
		}
	}
	p.line(axis, 1.2, nil, pt(x0, y(0)), pt(x1, y(0)))
}

const (
	barThick = 15.0 // of one series
	barGap   = 9.0  // between labels
)

// barsHeight makes room for every bar.
func barsHeight(d data) float64 {
	row := rowHeight(d)
	return max(minHeight, 100+row*float64(len(d.labels)))
}

func rowHeight(d data) float64 {
	thick := barThick
	if len(d.series) > 2 {
		thick = 11
	}
	return thick*float64(len(d.series)) + barGap
}

// drawBars draws many or long labels, one below the other.
func drawBars(p *painter, d data) {
	y1 := p.legend(d, p.head(d))
	name := style{size: 12, color: ink, x: right, y: middle}
	room := 0.0
	for _, l := range d.labels {
		if utf8.RuneCountInString(l) > 0 {
			room = max(room, name.width(name.fit(l, 220)))
		}
	}
	number := style{size: 12, bold: true, color: ink, x: left, y: middle}
	end := 0.0
	for k, s := range d.series {
		for j, v := range s.values {
			if !math.IsNaN(v) {
				end = max(end, number.width(d.label(k, j)))
			}
		}
	}
	x0, x1 := margin+room+10, p.w-margin-end-8
	row := (y1 - margin) / float64(len(d.labels))
	thick := min(26, (row-barGap)/float64(len(d.series)))
	x := func(v float64) float64 { return x0 + d.scale.at(v)*(x1-x0) }
	for i, l := range d.labels {
		mid := y1 - (float64(i)+0.5)*row
		p.text(x0-10, mid, name.fit(l, 220), name)
		for k, s := range d.series {
			v := s.values[i]
			if math.IsNaN(v) {
				continue
			}
			y := mid + thick*(float64(len(d.series))/2-float64(k)-1)
			p.rect(min(x(0), x(v)), y+1, math.Abs(x(v)-x(0)), thick-2, palette[k])
			p.text(max(x(0), x(v))+6, y+thick/2, d.label(k, i), number)
		}
	}
	p.line(axis, 1.2, nil, pt(x(0), y1), pt(x(0), margin))
}
