package answers

import (
	"strings"
	"unicode"
)

// docName is a name people use for a document, as folded words.
type docName struct {
	doc   int
	words []string
}

// nameDocuments collects the names of the documents and the ids that are not
// of the shapes read elsewhere: a district numbers its own rubric as it likes.
func (l *Library) nameDocuments() {
	for d := range l.docs {
		for _, name := range l.docs[d].Says {
			var words []string
			for _, w := range split(name, maxWords) {
				words = append(words, w.text)
			}
			if len(words) > 0 {
				l.says = append(l.says, docName{d, words})
			}
		}
	}
	for i, s := range l.all {
		if s.Level != "" && strings.HasPrefix(s.ID, s.Level+".") || s.Kind != KindStatement {
			continue
		}
		if strings.IndexFunc(s.ID, unicode.IsDigit) >= 0 && len(s.ID) > 1 {
			l.named[fold(s.ID)] = i
		}
	}
}

// numbered finds the ids of a district's own documents, "R2.4" or
// "cedar-2.4", where one stands as a word.
func (l *Library) numbered(q *query, folded string) {
	if len(l.named) == 0 {
		return
	}
	for w := range strings.FieldsSeq(folded) {
		if i, ok := l.named[strings.Trim(w, ".,;:?!()\"'")]; ok {
			q.refs.add(i)
			q.refs.foreign, q.refs.missing = "", ""
		}
	}
}

// askedOf finds the one document a question is asked of, "in our rubric", and
// marks the words that only say so.
func (l *Library) askedOf(q *query, used []bool) {
	from, to := 0, 0
	for i := range q.words {
		for _, n := range l.says {
			if len(n.words) > to-from && starts(q.words[i:], n.words) {
				q.doc, from, to = n.doc, i, i+len(n.words)
			}
		}
	}
	for i := from; i < to; i++ {
		used[i] = true
	}
}

// restrict leaves to a question of one document the statements of that one,
// unless they say nothing of it.
func (l *Library) restrict(q *query, r ranking) {
	if q.doc < 0 {
		return
	}
	for i := range r.score {
		if l.docOf[i] != q.doc {
			r.score[i], r.coverage[i] = 0, 0
		}
	}
}

// holds tells whether words name a document that is loaded, so that a district
// which adds a well-known framework is not told that it is not held.
func (l *Library) holds(words []word) bool {
	for _, n := range l.says {
		for i := range n.words {
			if starts(words, n.words[i:]) || len(words) <= len(n.words)-i && equalWords(words, n.words[i:i+len(words)]) {
				return true
			}
		}
	}
	return false
}

func equalWords(words []word, with []string) bool {
	for k := range words {
		if words[k].text != with[k] {
			return false
		}
	}
	return true
}
