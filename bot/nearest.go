package bot

import "strings"

// Nearest finds the word that was probably meant: at most one slip of the finger away
// for a word of up to four letters, two for a longer one. Two letters in the
// wrong order are one slip. Of equally near ones the first wins.
func Nearest(word string, of []string) (string, bool) {
	w := []rune(strings.ToLower(word))
	if len(w) == 0 || len(w) > 40 {
		return "", false
	}
	best, found := "", 3
	for _, o := range of {
		t := []rune(strings.ToLower(o))
		most := 2
		if min(len(t), len(w)) <= 4 {
			most = 1
		}
		if len(t) > 40 || len(t)-len(w) > most || len(w)-len(t) > most {
			continue
		}
		if d := slips(w, t); d <= most && d < found {
			best, found = o, d
		}
	}
	return best, found < 3
}

// slips is the edit distance in which swapping two neighbors counts once.
func slips(a, b []rune) int {
	before, prev, cur := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], before[j-2]+1)
			}
		}
		before, prev, cur = prev, cur, before
	}
	return prev[len(b)]
}
