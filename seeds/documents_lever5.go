package seeds

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"rounds/answers"
)

// The shapes of the lines in a lever's text. The page it comes from writes an
// essential action "5 . 1" and a key practice "5.1.1: Title – Text. +", where
// the plus sign is a button of the page.
var (
	leverLine    = regexp.MustCompile(`^Lever (\d+): (\S.*)$`)
	actionLine   = regexp.MustCompile(`^(\d+)\s*\.\s*(\d+)$`)
	practiceLine = regexp.MustCompile(`^((\d+\.\d+)\.\d+)\s*:\s*(.*)$`)
	plusSign     = regexp.MustCompile(`\s*\+$`)
)

// enDash parts the title of a key practice from its text.
const enDash = " – "

// criteriaHeading stands between a key practice and its success criteria.
const criteriaHeading = "Success Criteria"

// LoadLever5 reads a lever of the Effective District Framework as copied from
// its public page:
//
//	Lever 5: Title                    the document
//	5 . 1                             an essential action, untitled
//	5.1.1: Title – Sentence. +        a key practice
//	Success Criteria
//	Sentence.                         a criterion: 5.1.1.a, .b, ... by its place
//	- Phrase                          a sub-bullet of the criterion above
//
// The source gives criteria no ids: the letters are Rounds' numbering. A line
// that starts in lower case goes on the line above. Texts are otherwise kept
// byte for byte, slips included. Errors name the line.
func LoadLever5(data []byte) (answers.Document, error) {
	p := leverParser{ids: map[string]bool{}}
	lines := bufio.NewScanner(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	lines.Buffer(nil, 1<<20)
	n := 0
	for lines.Scan() {
		n++
		line := strings.TrimSpace(lines.Text())
		if line == "" {
			continue
		}
		if !utf8.ValidString(line) {
			return answers.Document{}, fmt.Errorf("lever: line %d: not UTF-8 text", n)
		}
		if err := p.line(line); err != nil {
			return answers.Document{}, fmt.Errorf("lever: line %d: %w", n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return answers.Document{}, fmt.Errorf("lever: line %d: %w", n+1, err)
	}
	switch {
	case p.doc.ID == "":
		return answers.Document{}, errors.New(`lever: no line "Lever 5: title"`)
	case len(p.doc.Statements) == 0:
		return answers.Document{}, errors.New("lever: no key practices")
	}
	return p.doc, nil
}

// leverParser is the state between two lines.
type leverParser struct {
	doc      answers.Document
	ids      map[string]bool
	lever    string // "5"
	action   string // "5.1", the essential action being read
	practice string // "5.1.1", the key practice being read
	criteria int    // how many criteria it has so far
	inside   bool   // past the "Success Criteria" heading of practice
}

func (p *leverParser) line(line string) error {
	if m := leverLine.FindStringSubmatch(line); m != nil && p.doc.ID == "" {
		p.start(m[1], m[2])
		return nil
	}
	if m := actionLine.FindStringSubmatch(line); m != nil {
		return p.startAction(m[1], m[2])
	}
	if m := practiceLine.FindStringSubmatch(line); m != nil {
		return p.startPractice(m[1], m[2], m[3])
	}
	switch {
	case strings.EqualFold(plusSign.ReplaceAllString(line, ""), criteriaHeading):
		if p.practice == "" {
			return fmt.Errorf("%q before any key practice", criteriaHeading)
		}
		p.inside = true
		return nil
	case p.action == "":
		return nil // the introduction, the board's commitments
	case p.practice == "":
		return nil // a title of the essential action, where a page gives one
	}
	if bullet, ok := strings.CutPrefix(line, "- "); ok {
		return p.bullet(strings.TrimSpace(bullet))
	}
	if first, _ := utf8.DecodeRuneInString(line); unicode.IsLower(first) {
		return p.goOn(line)
	}
	return p.criterion(line)
}

func (p *leverParser) start(number, title string) {
	const framework = "Effective District Framework"
	p.lever = number
	short := framework + ", Lever " + number
	p.doc = answers.Document{
		ID:      "lever" + number,
		Title:   short + ": " + plusSign.ReplaceAllString(title, ""),
		Short:   short,
		Credits: []string{short + " (letters a, b, c are Rounds' numbering)"},
		Note:    "not the campus-level Effective Schools Framework, which has a Lever 5 of its own",
	}
}

func (p *leverParser) startAction(lever, action string) error {
	if p.doc.ID == "" {
		return fmt.Errorf("essential action %s.%s before the line \"Lever %s: title\"", lever, action, lever)
	}
	if lever != p.lever {
		return fmt.Errorf("essential action %s.%s in a file of Lever %s", lever, action, p.lever)
	}
	p.action, p.practice, p.inside = lever+"."+action, "", false
	return nil
}

func (p *leverParser) startPractice(id, action, text string) error {
	if action != p.action {
		return fmt.Errorf("key practice %s is not under its essential action %s", id, action)
	}
	text = plusSign.ReplaceAllString(text, "")
	title, _, ok := strings.Cut(text, enDash)
	if !ok {
		title, _, ok = strings.Cut(text, emDash)
	}
	if !ok || strings.TrimSpace(title) == "" {
		return fmt.Errorf("key practice %s: no title and dash before its text", id)
	}
	p.practice, p.criteria, p.inside = id, 0, false
	return p.add(answers.Statement{ID: id, Kind: answers.KindPractice, Title: strings.TrimSpace(title), Text: text})
}

func (p *leverParser) criterion(text string) error {
	if !p.inside {
		return fmt.Errorf("key practice %s: text before %q: %.40q", p.practice, criteriaHeading, text)
	}
	if p.criteria == 26 {
		return fmt.Errorf("key practice %s: more than 26 criteria, so no letter is left", p.practice)
	}
	letter := string(rune('a' + p.criteria))
	p.criteria++
	return p.add(answers.Statement{
		ID: p.practice + "." + letter, Kind: answers.KindCriterion, Parent: p.practice, Text: text,
	})
}

func (p *leverParser) bullet(text string) error {
	if p.criteria == 0 {
		return fmt.Errorf("key practice %s: a sub-bullet without a criterion above it: %.40q", p.practice, text)
	}
	s := &p.doc.Statements[len(p.doc.Statements)-1]
	s.Sub = append(s.Sub, text)
	s.Text += "\n- " + text
	return nil
}

// goOn joins a sentence that the copy broke over two lines.
func (p *leverParser) goOn(text string) error {
	s := &p.doc.Statements[len(p.doc.Statements)-1]
	s.Text += " " + plusSign.ReplaceAllString(text, "")
	if last := len(s.Sub) - 1; last >= 0 {
		s.Sub[last] += " " + text
	}
	return nil
}

func (p *leverParser) add(s answers.Statement) error {
	if p.ids[s.ID] {
		return fmt.Errorf("%s is given twice", s.ID)
	}
	p.ids[s.ID] = true
	s.Doc = p.doc.ID
	p.doc.Statements = append(p.doc.Statements, s)
	return nil
}
