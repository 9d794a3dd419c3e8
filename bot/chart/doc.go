// Package chart draws a [bot.Chart] as a PNG.
//
//	bot.Chart ──> shape: labels in order of time ── lines
//	                     few short labels ───────── columns
//	                     many or long labels ────── bars, growing downwards
//	          ──> scale: from zero, round steps
//	          ──> paint: 1200 pixels wide, its own font, colors that hold for every kind of sight
//
// The picture is decoration: a card always carries the same numbers as a table. So Draw leaves out
// what cannot be drawn (NaN, infinities, what is past the last line) and says so in the picture, and
// fails only where there is nothing to encode. The same chart gives the same bytes.
package chart
