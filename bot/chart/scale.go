package chart

import (
	"math"
	"strconv"
)

// scale is a value axis that holds zero, with ticks at round numbers.
type scale struct {
	low, high, step float64
}

func scaleFor(d data) scale {
	if n := len(d.steps); n > 0 {
		return scale{0, float64(n), 1}
	}
	low, high := 0.0, 0.0
	for _, s := range d.series {
		for _, v := range s.values {
			if !math.IsNaN(v) {
				low, high = min(low, v), max(high, v)
			}
		}
	}
	if d.unit == "%" && low >= 0 && high <= 100 {
		return scale{0, 100, 25}
	}
	if high == low { // all zero
		high = 1
	}
	step := nice((high - low) / 4)
	return scale{math.Floor(low/step) * step, math.Ceil(high/step) * step, step}
}

// nice is the round number at or above v.
func nice(v float64) float64 {
	p := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 2.5, 5, 10} {
		// 2.5 between counts would put halves on the axis.
		if m == 2.5 && p < 10 {
			continue
		}
		if m*p >= v*(1-1e-9) {
			return m * p
		}
	}
	return 10 * p
}

func (s scale) ticks() []float64 {
	var out []float64
	for i := 0; i <= 20; i++ {
		v := s.low + float64(i)*s.step
		if v > s.high+s.step/2 {
			break
		}
		out = append(out, v)
	}
	return out
}

// at is where v stands between 0 and 1.
func (s scale) at(v float64) float64 { return (v - s.low) / (s.high - s.low) }

// number is short enough to stand beside a mark: 84, 3.5, 12.4k.
func number(v float64) string {
	switch a := math.Abs(v); {
	case a >= 999950:
		return trim(v/1e6, 1) + "M"
	case a >= 10000:
		return trim(v/1e3, 1) + "k"
	case a >= 100 || v == math.Trunc(v):
		return trim(v, 0)
	case a >= 1:
		return trim(v, 1)
	}
	return trim(v, 2)
}

func trim(v float64, digits int) string {
	s := strconv.FormatFloat(v, 'f', digits, 64)
	if digits > 0 {
		for s[len(s)-1] == '0' {
			s = s[:len(s)-1]
		}
		if s[len(s)-1] == '.' {
			s = s[:len(s)-1]
		}
	}
	if s == "-0" {
		return "0"
	}
	return s
}
