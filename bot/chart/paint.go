package chart

import (
	"image/color"
	"math"
	"sync"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	stdfont "golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// fonts holds the one typeface of the pictures, compiled in: a server may have none.
var fonts = sync.OnceValue(func() *font.Cache {
	var faces font.Collection
	for weight, ttf := range map[stdfont.Weight][]byte{stdfont.WeightNormal: liberationsansregular.TTF, stdfont.WeightBold: liberationsansbold.TTF} {
		f, err := opentype.Parse(ttf)
		if err != nil {
			panic("chart: embedded font: " + err.Error())
		}
		faces = append(faces, font.Face{Font: font.Font{Typeface: "Liberation", Variant: "Sans", Weight: weight}, Face: f})
	}
	return font.NewCache(faces)
})

// The picture is laid out in points at 600 wide and painted at two pixels a point: 1200 x 640, which
// reads well on a telephone, where a service shrinks it to a third.
const (
	width     = 600.0
	minHeight = 320.0
	dpi       = 144
	margin    = 20.0
)

// Okabe and Ito's colors without yellow, which is too pale on white; the order keeps neighbors apart
// in every kind of color vision. Marks and dashes say the same without color.
var palette = []color.RGBA{
	{0x00, 0x72, 0xB2, 0xFF}, // blue
	{0xD5, 0x5E, 0x00, 0xFF}, // vermilion
	{0x00, 0x9E, 0x73, 0xFF}, // bluish green
	{0xCC, 0x79, 0xA7, 0xFF}, // reddish purple
	{0xE6, 0x9F, 0x00, 0xFF}, // orange
	{0x56, 0xB4, 0xE9, 0xFF}, // sky blue
}

var (
	ink   = color.RGBA{0x1F, 0x29, 0x33, 0xFF}
	quiet = color.RGBA{0x5B, 0x67, 0x70, 0xFF}
	rule  = color.RGBA{0xE3, 0xE7, 0xEB, 0xFF}
	axis  = color.RGBA{0x9A, 0xA5, 0xB1, 0xFF}
	paper = color.RGBA{0xFF, 0xFF, 0xFF, 0xFF}
)

type align float64

const (
	left   align = 0
	center align = -0.5
	right  align = -1
	bottom align = 0
	middle align = -0.5
	top    align = -1
)

type style struct {
	size  float64
	bold  bool
	color color.Color
	x, y  align
}

type painter struct {
	img  *vgimg.Canvas
	w, h float64
}

func newPainter(height float64) *painter {
	p := &painter{
		img: vgimg.NewWith(vgimg.UseWH(vg.Length(width), vg.Length(height)), vgimg.UseDPI(dpi), vgimg.UseBackgroundColor(paper)),
		w:   width, h: height,
	}
	return p
}

func (st style) text() text.Style {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Size: vg.Length(st.size)}
	if st.bold {
		f.Weight = stdfont.WeightBold
	}
	return text.Style{Color: st.color, Font: f, XAlign: text.XAlignment(st.x), YAlign: text.YAlignment(st.y), Handler: text.Plain{Fonts: fonts()}}
}

// text writes one line with its aligned corner at x, y (from the bottom left).
func (p *painter) text(x, y float64, s string, st style) {
	if s == "" {
		return
	}
	ts := st.text()
	// The height of the letters themselves, not of the font's box: so a number stands exactly beside its mark.
	const capHeight = 0.70
	y -= -float64(st.y) * st.size * capHeight
	ts.YAlign = 0
	w := st.width(s)
	ts.XAlign = 0
	ts.Handler.Draw(p.img, s, ts, vg.Point{X: vg.Length(x + float64(st.x)*w), Y: vg.Length(y)})
}

func (st style) width(s string) float64 {
	w, _, _ := text.Plain{Fonts: fonts()}.Box(s, st.text().Font)
	return float64(w)
}

// fit cuts a text to a width, with an ellipsis.
func (st style) fit(s string, w float64) string {
	if st.width(s) <= w {
		return s
	}
	r := []rune(s)
	if len(r) > 300 { // no line of a picture is that long
		r = r[:300]
	}
	for len(r) > 0 {
		r = r[:len(r)-1]
		if st.width(string(r)+"…") <= w {
			return string(r) + "…"
		}
	}
	return ""
}

// wrap breaks a text into at most n lines; the last one is cut to fit.
func (st style) wrap(s string, w float64, n int) []string {
	if s == "" {
		return nil
	}
	var out []string
	rest := s
	for len(out) < n-1 && st.width(rest) > w {
		cut := 0
		for i, r := range rest {
			if r == ' ' {
				if st.width(rest[:i]) > w {
					break
				}
				cut = i
			}
			if i > 600 {
				break
			}
		}
		if cut == 0 {
			break // one long word
		}
		out = append(out, rest[:cut])
		rest = rest[cut+1:]
	}
	return append(out, st.fit(rest, w))
}

func (p *painter) rect(x, y, w, h float64, c color.Color) {
	if w <= 0 || h <= 0 {
		return
	}
	var path vg.Path
	path.Move(pt(x, y))
	path.Line(pt(x+w, y))
	path.Line(pt(x+w, y+h))
	path.Line(pt(x, y+h))
	path.Close()
	p.img.SetColor(c)
	p.img.Fill(path)
}

func (p *painter) line(c color.Color, w float64, dash []vg.Length, points ...vg.Point) {
	if len(points) < 2 {
		return
	}
	var path vg.Path
	path.Move(points[0])
	for _, q := range points[1:] {
		path.Line(q)
	}
	p.img.SetColor(c)
	p.img.SetLineWidth(vg.Length(w))
	p.img.SetLineDash(dash, 0)
	p.img.Stroke(path)
	p.img.SetLineDash(nil, 0)
}

// mark draws the sign of a series: each has a shape of its own.
func (p *painter) mark(i int, x, y, r float64, c color.Color) {
	var path vg.Path
	switch i % 4 {
	case 0:
		path.Move(pt(x+r, y))
		path.Arc(pt(x, y), vg.Length(r), 0, 2*math.Pi)
	case 1:
		r *= 0.9
		path.Move(pt(x-r, y-r))
		path.Line(pt(x+r, y-r))
		path.Line(pt(x+r, y+r))
		path.Line(pt(x-r, y+r))
	case 2:
		r *= 1.2
		path.Move(pt(x, y+r))
		path.Line(pt(x+r*0.87, y-r*0.6))
		path.Line(pt(x-r*0.87, y-r*0.6))
	case 3:
		r *= 1.2
		path.Move(pt(x, y+r))
		path.Line(pt(x+r, y))
		path.Line(pt(x, y-r))
		path.Line(pt(x-r, y))
	}
	path.Close()
	p.img.SetColor(paper)
	p.img.SetLineWidth(3)
	p.img.Stroke(path)
	p.img.SetColor(c)
	p.img.Fill(path)
}

func pt(x, y float64) vg.Point { return vg.Point{X: vg.Length(x), Y: vg.Length(y)} }

var titleStyle = style{size: 15, bold: true, color: ink, x: left, y: top}

// head writes title, unit and legend, and returns where the plot may begin, from the bottom.
func (p *painter) head(d data) float64 {
	y := p.h - margin
	for _, l := range titleStyle.wrap(d.title, p.w-2*margin, 2) {
		p.text(margin, y, l, titleStyle)
		y -= 20
	}
	if s := d.subtitle(); s != "" {
		small := style{size: 11, color: quiet, x: left, y: top}
		p.text(margin, y, small.fit(s, p.w-2*margin), small)
		y -= 16
	}
	return y - 4
}

// legend names the series of columns and bars in a row below the head.
func (p *painter) legend(d data, y float64) float64 {
	if len(d.series) < 2 {
		return y
	}
	st := style{size: 12, color: ink, x: left, y: middle}
	x := margin
	for i, s := range d.series {
		name := st.fit(s.name, 200)
		w := st.width(name) + 34
		if x+w > p.w-margin && x > margin {
			x = margin
			y -= 18
		}
		p.rect(x, y-11, 11, 11, palette[i])
		p.text(x+17, y-5.5, name, st)
		x += w
	}
	return y - 22
}
