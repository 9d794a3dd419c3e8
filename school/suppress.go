package school

import "slices"

// Tables of small groups. A table says of each area how many people it concerns; every person is counted in one area
// only, and the total is known (it is shown, and the weekly digest says it too). So a cell that is left out could be
// found by subtracting. What is left out besides (complementary suppression) is chosen by numbers alone, never by name
// or order, so that each of the hidden cells could be any other of them; suppress_test.go holds it against everything
// that somebody who knows this code could work out from a table.

// suppress tells which cells of a table may be shown beside its total: none under Floor, and so many more left out,
// the smallest first, that what is left over concerns nobody at all, or Floor people or more of whom no cell can be
// worked out.
func suppress(cells []int) (shown []bool) {
	shown = make([]bool, len(cells))
	for i, n := range cells {
		shown[i] = n >= Floor
	}
	for {
		rest, hidden, least, small := 0, 0, 0, true
		for i, n := range cells {
			switch {
			case !shown[i]:
				rest, hidden, small = rest+n, hidden+1, small && n < Floor
			case least == 0 || n < least:
				least = n
			}
		}
		// Of hidden cells that are all small each one may still be none as long as the others can make up the rest.
		safe := rest >= Floor && (!small || rest <= (Floor-1)*(hidden-1))
		if rest == 0 || safe || least == 0 {
			return shown
		}
		for i, n := range cells { // all of that size: to choose one of them would tell them apart
			if shown[i] && n == least {
				shown[i] = false
			}
		}
	}
}

// median is the middle of some numbers, the lower one of two.
func median(list []int) int {
	s := slices.Sorted(slices.Values(list))
	if len(s) == 0 {
		return 0
	}
	return s[(len(s)-1)/2]
}
