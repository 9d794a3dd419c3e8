package school

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// tables calls each for every table of n cells of 0..most.
func tables(n, most int, each func(cells []int)) {
	cells := make([]int, n)
	var fill func(i int)
	fill = func(i int) {
		if i == n {
			each(cells)
			return
		}
		for cells[i] = 0; cells[i] <= most; cells[i]++ {
			fill(i + 1)
		}
	}
	fill(0)
}

func sum(list []int) (n int) {
	for _, x := range list {
		n += x
	}
	return n
}

// The attacker knows the code, and therefore which tables would read as this one does: all of them are gone through. No
// hidden cell may be the same in all of them, unless nobody stands in it.
func TestSuppressAgainstEverythingThatCanBeWorkedOut(t *testing.T) {
	for _, size := range []struct{ cells, most int }{{1, 30}, {2, 20}, {3, 14}, {4, 11}, {5, 7}} {
		read := map[string][][2]int{} // how a table reads, and what its hidden cells may be
		view := func(cells []int) string {
			s := fmt.Sprint(sum(cells))
			for i, ok := range suppress(cells) {
				if ok {
					s += fmt.Sprintf(" %d:%d", i, cells[i])
				}
			}
			return s
		}
		tables(size.cells, size.most, func(cells []int) {
			v := view(cells)
			had, ok := read[v]
			if !ok {
				for _, n := range cells {
					had = append(had, [2]int{n, n})
				}
			}
			for i, n := range cells {
				had[i] = [2]int{min(had[i][0], n), max(had[i][1], n)}
			}
			read[v] = had
		})
		tables(size.cells, size.most, func(cells []int) {
			if sum(cells) < Floor {
				return // a table of so few is not shown at all
			}
			known := read[view(cells)]
			rest := 0
			for i, ok := range suppress(cells) {
				if ok && cells[i] < Floor {
					t.Fatalf("%v shows %d", cells, cells[i])
				}
				if ok {
					continue
				}
				rest += cells[i]
				// A table as large as was gone through may have others beyond it that read alike.
				if known[i][0] == known[i][1] && cells[i] > 0 && cells[i] < size.most && len(cells) > 1 {
					t.Fatalf("%v reads %q: cell %d can only be %d", cells, view(cells), i, cells[i])
				}
			}
			if rest > 0 && rest < Floor {
				t.Fatalf("%v reads %q: %d people are left over", cells, view(cells), rest)
			}
		})
		t.Logf("%d cells of 0..%d: %d readings", size.cells, size.most, len(read))
	}
}

// A control that must fail: leaving out the small cells alone lets the attacker subtract.
func TestThatHidingSmallCellsAloneWouldNotDo(t *testing.T) {
	caught := 0
	tables(3, 9, func(cells []int) {
		rest, hidden := 0, 0
		for _, n := range cells {
			if n < Floor {
				rest, hidden = rest+n, hidden+1
			}
		}
		if hidden == 1 && rest > 0 {
			caught++ // total less what is shown is the hidden cell
		}
	})
	if caught == 0 {
		t.Error("the attack finds nothing: it cannot be the right one")
	}
}

// In tables as large as a district's the rest is never a small group, and what is shown does not depend on the order.
func TestSuppressLargeTables(t *testing.T) {
	const seed = 20261015
	r := rand.New(rand.NewPCG(seed, 1))
	for range 20000 {
		cells := make([]int, 1+r.IntN(31))
		for i := range cells {
			cells[i] = r.IntN(1 + r.IntN(25))
		}
		shown := suppress(cells)
		rest := 0
		for i, ok := range shown {
			if !ok {
				rest += cells[i]
			} else if cells[i] < Floor {
				t.Fatalf("seed %d: %v shows %d", seed, cells, cells[i])
			}
		}
		if rest > 0 && rest < Floor && sum(cells) >= Floor {
			t.Fatalf("seed %d: %v leaves %d over", seed, cells, rest)
		}
		order := r.Perm(len(cells))
		mixed := make([]int, len(cells))
		for i, j := range order {
			mixed[i] = cells[j]
		}
		for i, ok := range suppress(mixed) {
			if ok != shown[order[i]] {
				t.Fatalf("seed %d: %v depends on its order", seed, cells)
			}
		}
	}
}

func TestMedian(t *testing.T) {
	for want, list := range map[int][]int{0: nil, 3: {3}, 4: {9, 4, 1}, 2: {8, 2, 1, 9}} {
		if got := median(list); got != want {
			t.Errorf("median of %v is %d, want %d", list, got, want)
		}
	}
}
