package bot

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// NameGuard makes a guard that refuses an open card which names somebody: a full name in any
// case, a last name behind Ms., Mr. or the like, or a last name of four letters or more as
// it is written in the roster. It looks at every text that can be read in the card except list
// items marked People. Its error says which block, never whom.
//
// names gives the names of a district as they are now, "First Last"; it is asked at each post. While it gives the very
// same slice, which nobody may write to then, the names are not indexed again: a large district has tens of thousands.
func NameGuard(names func(District) []string) func(District, Room, Card) error {
	kept := keptNames{of: map[District]keptIndex{}}
	return func(d District, _ Room, c Card) error {
		roster := kept.index(d, names(d))
		for i, b := range c.Blocks {
			if slices.ContainsFunc(openTexts(b), roster.namedIn) {
				return fmt.Errorf("block %d (%s) names somebody of the roster", i+1, blockName(b))
			}
		}
		return nil
	}
}

// keptNames are the indexes of the last slice of names that each district gave.
type keptNames struct {
	mu sync.Mutex
	of map[District]keptIndex
}

type keptIndex struct {
	names []string
	index nameIndex
}

func (k *keptNames) index(d District, names []string) nameIndex {
	k.mu.Lock()
	defer k.mu.Unlock()
	if old := k.of[d]; len(names) > 0 && len(old.names) == len(names) && &old.names[0] == &names[0] {
		return old.index
	}
	ix := indexNames(names)
	k.of[d] = keptIndex{names, ix}
	return ix
}

// nameIndex finds names by their last word in lower case.
type nameIndex map[string][]rosterName

type rosterName struct {
	last string   // as written
	full []string // all words in lower case
}

func indexNames(names []string) nameIndex {
	ix := nameIndex{}
	for _, n := range names {
		words := nameWords(n)
		if len(words) == 0 {
			continue
		}
		last := words[len(words)-1]
		full := make([]string, len(words))
		for i, w := range words {
			full[i] = strings.ToLower(w)
		}
		key := strings.ToLower(last)
		ix[key] = append(ix[key], rosterName{last, full})
	}
	for key, list := range ix { // many of a large district have one name
		slices.SortFunc(list, func(a, b rosterName) int {
			return cmp.Or(strings.Compare(a.last, b.last), slices.Compare(a.full, b.full))
		})
		ix[key] = slices.CompactFunc(list, func(a, b rosterName) bool { return a.last == b.last && slices.Equal(a.full, b.full) })
	}
	return ix
}

// namedIn looks at every word of a text that ends somebody's name.
func (ix nameIndex) namedIn(text string) bool {
	words := nameWords(text)
	for i, w := range words {
		w = withoutGenitive(w)
		for _, n := range ix[strings.ToLower(w)] {
			if w == n.last && utf8.RuneCountInString(w) >= 4 {
				return true
			}
			if w == n.last && i > 0 && isTitle(words[i-1]) {
				return true
			}
			if len(n.full) > 1 && endsWith(words[:i+1], n.full) {
				return true
			}
		}
	}
	return false
}

// endsWith compares all words but the last, which is known to match.
func endsWith(words, full []string) bool {
	if len(words) < len(full) {
		return false
	}
	for i, w := range words[len(words)-len(full) : len(words)-1] {
		if strings.ToLower(w) != full[i] {
			return false
		}
	}
	return true
}

func isTitle(w string) bool {
	switch strings.ToLower(w) {
	case "ms", "mr", "mrs", "mx", "dr", "miss", "coach", "principal":
		return true
	}
	return false
}

// nameWords cuts a text into words of letters; an apostrophe or a hyphen between two
// letters belongs to the word.
func nameWords(s string) []string {
	s = strings.NewReplacer("’", "'", "ʼ", "'", "‐", "-", "‑", "-").Replace(s)
	inner := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsMark(r) || r == '\'' || r == '-' }
	var out []string
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return !inner(r) }) {
		if w = strings.Trim(w, "'-"); w != "" {
			out = append(out, w)
		}
	}
	return out
}

func withoutGenitive(w string) string {
	if s, ok := strings.CutSuffix(w, "'s"); ok {
		return s
	}
	return w
}

// openTexts are all texts of a block that somebody could read, but for items marked People.
func openTexts(b Block) []string {
	var out []string
	button := func(bt Button) { out = append(out, bt.Label, bt.About, bt.Confirm) }
	switch b := b.(type) {
	case Title:
		out = append(out, b.Text)
	case Text:
		out = append(out, b.Text)
	case Facts:
		for _, f := range b.Items {
			out = append(out, f.Label, f.Value)
		}
	case List:
		for _, it := range b.Items {
			if !it.People {
				out = append(out, it.Text, it.Note)
			}
			if it.Button != nil {
				button(*it.Button)
			}
		}
	case Table:
		out = append(out, b.Caption)
		for _, c := range b.Columns {
			out = append(out, c.Head)
		}
		for _, r := range b.Rows {
			out = append(out, r...)
		}
	case Progress:
		out = append(out, b.Label)
	case Chart:
		out = append(append(out, b.Title, b.Alt, b.Unit), b.Labels...)
		for _, s := range b.Series {
			out = append(append(out, s.Name), s.Words...)
		}
	case Image:
		out = append(out, b.Title, b.Alt)
	case Context:
		out = append(out, b.Text)
	case Buttons:
		for _, bt := range b.Items {
			button(bt)
		}
	case Select:
		out = append(out, b.Label)
		for _, o := range b.Options {
			out = append(out, o.Label, o.Note)
		}
	}
	return out
}
