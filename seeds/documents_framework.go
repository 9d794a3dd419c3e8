package seeds

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"rounds/answers"
)

// knownLevels is the order of the levels of this family of exports. Keys it
// does not know follow in the order of the file.
var knownLevels = []string{"emerging", "developing", "proficient", "advanced"}

// emDash parts the title of a competency statement from its body.
const emDash = " — "

// frameworkExport is the JSON of one occupation's competency framework. Only
// what an answer shows is read: jobZone, for one, is null in most exports.
type frameworkExport struct {
	Occupation struct {
		SOC   string `json:"soc"`
		Title string `json:"title"`
	} `json:"occupation"`
	Framework struct {
		Version string        `json:"version"`
		Levels  orderedLevels `json:"levels"`
	} `json:"framework"`
	Sources struct {
		ONet      string `json:"onet"`
		Crosswalk string `json:"crosswalk"`
		Generator string `json:"generator"`
	} `json:"sources"`
	Attribution string `json:"attribution"`
}

// LoadFramework reads a competency framework as LER.me exports it, for any
// occupation: four levels or others, any number of statements, each written
// `Title — body`. Texts are kept byte for byte; ids are level.index from 1.
// Errors name the level and the statement's place in it.
func LoadFramework(data []byte) (answers.Document, error) {
	var in frameworkExport
	if err := json.Unmarshal(bytes.TrimPrefix(data, []byte("\ufeff")), &in); err != nil {
		return answers.Document{}, fmt.Errorf("framework: %w", describeJSON(data, err))
	}
	if strings.TrimSpace(in.Occupation.Title) == "" {
		return answers.Document{}, errors.New("framework: occupation.title is missing")
	}
	doc := answers.Document{
		ID:      frameworkID(in.Occupation.SOC, in.Occupation.Title),
		Title:   in.Occupation.Title + " competency framework",
		Short:   singular(in.Occupation.Title) + " framework",
		Version: in.Framework.Version,
		Credits: frameworkCredits(in),
		Note:    "levels such as Proficient are not T-TESS ratings",
	}
	for _, level := range sortLevels(in.Framework.Levels) {
		for i, text := range level.statements {
			title, err := statementTitle(text)
			if err != nil {
				return answers.Document{}, fmt.Errorf("framework: level %q, statement %d: %w", level.key, i+1, err)
			}
			doc.Statements = append(doc.Statements, answers.Statement{
				ID:    fmt.Sprintf("%s.%d", level.key, i+1),
				Doc:   doc.ID,
				Level: level.key,
				Index: i + 1,
				Kind:  answers.KindStatement,
				Title: title,
				Text:  text,
			})
		}
	}
	if len(doc.Statements) == 0 {
		return answers.Document{}, errors.New("framework: framework.levels holds no statements")
	}
	return doc, nil
}

func statementTitle(text string) (string, error) {
	title, body, ok := strings.Cut(text, emDash)
	title = strings.TrimSpace(title)
	switch {
	case strings.TrimSpace(text) == "":
		return "", errors.New("empty")
	case !ok:
		return "", fmt.Errorf("no %q between title and text: %.60q", emDash, text)
	case strings.Contains(body, "—"):
		return "", fmt.Errorf("more than one em dash, so the title is not certain: %.60q", text)
	case title == "":
		return "", fmt.Errorf("no title before the em dash: %.60q", text)
	case strings.TrimSpace(body) == "":
		return "", fmt.Errorf("no text after the em dash: %.60q", text)
	}
	return title, nil
}

// frameworkID is "ic" for the shipped framework, whose id is part of stored
// facts, and the occupation code for any other.
func frameworkID(soc, title string) string {
	switch soc {
	case "25-9031.00":
		return "ic"
	case "":
		return strings.ReplaceAll(strings.ToLower(title), " ", "-")
	}
	return soc
}

func frameworkCredits(in frameworkExport) []string {
	var credits []string
	if in.Sources.ONet != "" {
		credits = append(credits, "O*NET "+in.Sources.ONet)
	}
	made := in.Sources.Generator
	if u, err := url.Parse(in.Sources.Crosswalk); err == nil && u.Host != "" {
		made = strings.TrimPrefix(made+" / "+u.Host, " / ")
	}
	if made != "" {
		credits = append(credits, made)
	}
	if in.Attribution != "" {
		credits = append(credits, in.Attribution)
	}
	return credits
}

// singular turns "Instructional Coordinators" into "Instructional Coordinator";
// titles that list several occupations stay as they are.
func singular(title string) string {
	if strings.ContainsAny(title, ",;") || strings.Contains(title, " and ") || strings.HasSuffix(title, "ss") {
		return title
	}
	return strings.TrimSuffix(title, "s")
}

// orderedLevels keeps the levels in the order of the file, which a Go map
// would lose.
type orderedLevels []frameworkLevel

type frameworkLevel struct {
	key        string
	statements []string
}

// UnmarshalJSON reads {"emerging": {"label": ..., "statements": [...]}, ...}.
func (o *orderedLevels) UnmarshalJSON(data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	open, err := dec.Token()
	if err != nil {
		return err
	}
	if open == nil { // null: reported as "no statements"
		return nil
	}
	if open != json.Delim('{') {
		return fmt.Errorf("framework.levels is not an object but %v", open)
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return err
		}
		level := frameworkLevel{key: key.(string)} // a key is always a string
		var body struct {
			Statements []string `json:"statements"`
		}
		if err := dec.Decode(&body); err != nil {
			return fmt.Errorf("level %q: %w", level.key, err)
		}
		if slices.ContainsFunc(*o, func(l frameworkLevel) bool { return l.key == level.key }) {
			return fmt.Errorf("level %q is given twice", level.key)
		}
		level.statements = body.Statements
		*o = append(*o, level)
	}
	_, err = dec.Token()
	return err
}

func sortLevels(levels orderedLevels) orderedLevels {
	rank := func(l frameworkLevel) int {
		if i := slices.Index(knownLevels, l.key); i >= 0 {
			return i
		}
		return len(knownLevels)
	}
	sorted := slices.Clone(levels)
	slices.SortStableFunc(sorted, func(a, b frameworkLevel) int { return rank(a) - rank(b) })
	return sorted
}

// describeJSON adds the line of a syntax error, which the decoder gives only
// as an offset.
func describeJSON(data []byte, err error) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) && syntax.Offset <= int64(len(data)) {
		return fmt.Errorf("line %d: %w", 1+bytes.Count(data[:syntax.Offset], []byte("\n")), err)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the file ends too early")
	}
	return err
}
