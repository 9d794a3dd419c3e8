package handlers

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"rounds/cards"
	"rounds/school"
)

// stepAdvice are thoughts on a step's wording: one observable thing to do, short, one step, looked at again
// soon. They never keep a step from being saved.
func stepAdvice(step string, by, today school.Day, cal *school.Calendar) []string {
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if n := utf8.RuneCountInString(step); n > 140 {
		add("A thought: at %d characters this step is hard to hold in mind; up to 140 work better.", n)
	}
	if hardToSee.MatchString(step) {
		add("A thought: could somebody see it happen? Begin with something to do, such as “ask”, “wait” or “write”.")
	}
	if secondStep.MatchString(step) {
		add("A thought: this may be two steps. One at a time is easier to practice.")
	}
	if by != 0 && cal.First > 1 {
		if why := cal.Why(by); why != "" {
			add("%s is no school day (%s).", cards.Date(by, today), why)
		} else if n := cal.SchoolDays(today+1, by); n > 10 {
			add("A thought: %s is %d school days away; within ten keeps it fresh.", cards.Date(by, today), n)
		}
	}
	return out
}

var (
	hardToSee  = regexp.MustCompile(`(?i)^\s*(to\s+)?(understand|know|be\s+(more|better|aware)|become|feel|think\s+about|consider|remember|learn|appreciate|try\s+to|work\s+on|improve|focus\s+on|get\s+better)\b`)
	secondStep = regexp.MustCompile(`(?is)(;|\band\s+also\b|\band\s+then\b|\balso\b|\bas\s+well\s+as\b|[.!?]\s+\p{Lu}|\n\s*\S)`)
	records    = regexp.MustCompile(`(?i)\b(IEPs?|504(?:\s+plans?)?|BIPs?|special\s+ed(?:ucation)?|FERPA)\b`)
	pupil      = regexp.MustCompile(`\b(?i:student|kid|boy|girl|child|scholar|pupil)\s+(?:(?i:named|called)\s+)?(\p{Lu}[\p{L}'’]+)`)
)

// namesStudent tells why a text may name a student or speak of a student's records; "" when nothing speaks for it.
// There is no list of students, and there must be none: only common first names are looked for, and
// people of the roster are let pass.
func namesStudent(m *school.Model, texts ...string) string {
	var staff map[string]bool
	for _, t := range texts {
		if w := records.FindString(t); w != "" && !strings.HasPrefix(w, "504") {
			return fmt.Sprintf("“%s” sounds like a student's record, and nothing about one student belongs here. If it is about none, save it anyway.", w)
		} else if w != "" && isPlan(t, w) {
			return "“504” sounds like a student's plan, and nothing about one student belongs here. If it is about none, save it anyway."
		}
		if s := pupil.FindStringSubmatch(t); s != nil && !isCommon(s[1]) {
			return fmt.Sprintf(mayBeName, s[0])
		}
		for _, w := range strings.FieldsFunc(t, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '’' }) {
			w = strings.TrimSuffix(strings.TrimSuffix(strings.Trim(w, "'’"), "'s"), "’s")
			r, _ := utf8.DecodeRuneInString(w)
			if !unicode.IsUpper(r) || !firstNames[school.Fold(w)] {
				continue
			}
			if staff == nil {
				staff = staffWords(m)
			}
			if !staff[school.Fold(w)] {
				return fmt.Sprintf(mayBeName, w)
			}
		}
	}
	return ""
}

const mayBeName = "“%s” may be a student's name, and students are never named here. If it is not one, save it anyway."

// isPlan tells a 504 plan from a page or a number of things.
func isPlan(text, found string) bool {
	if strings.Contains(strings.ToLower(found), "plan") {
		return true
	}
	i := strings.Index(text, found)
	before := strings.ToLower(strings.TrimSpace(text[:i]))
	after := strings.ToLower(text[i+len(found):])
	for _, w := range []string{"page", "p.", "pp.", "room", "unit", "lesson", "problem", "#", "teks"} {
		if strings.HasSuffix(before, w) {
			return false
		}
	}
	return strings.HasPrefix(strings.TrimSpace(after), "student") || strings.HasPrefix(strings.TrimSpace(after), "accommodation") ||
		strings.HasSuffix(before, "has a") || strings.HasSuffix(before, "his") || strings.HasSuffix(before, "her") || strings.HasSuffix(before, "their") || strings.HasSuffix(before, "the")
}

// isCommon: words that begin a sentence or a product's name after "students".
func isCommon(w string) bool {
	switch strings.ToLower(w) {
	case "achievement", "engagement", "discourse", "work", "talk", "voice", "council", "led", "centered", "i", "we", "the", "a", "who", "when", "then", "they", "were", "had", "did", "english", "spanish", "math", "science":
		return true
	}
	return false
}

func staffWords(m *school.Model) map[string]bool {
	out := map[string]bool{}
	for _, p := range m.People() {
		for w := range strings.FieldsSeq(school.Fold(p.Name)) {
			out[w] = true
		}
	}
	return out
}

// firstNames are first names common among children in US schools, without those that are words of their own
// (Grace, Will, Hunter, April, …): a false alarm costs a press, but too many cost trust.
var firstNames = func() map[string]bool {
	out := map[string]bool{}
	for n := range strings.FieldsSeq(`liam noah oliver elijah mateo lucas levi ezra asher leo luca  ethan muhammad  theodore daniel
aiden samuel jacob michael sebastian benjamin owen wyatt gabriel julian luke anthony isaac thomas
jayden david joseph josiah nathan caleb isaiah adrian elias ezekiel aaron jose juan carlos luis miguel diego santiago
alejandro javier andres emiliano leonardo eduardo fernando ricardo roberto francisco antonio jorge pedro manuel
malik jamal deshawn darius jaylen tyrone marcus terrell andre xavier kevin brandon tyler christian jeremiah
kyle zachary connor evan gavin brayden bryson kaiden jaxon nolan dylan ryan
olivia emma amelia sophia charlotte isabella mia eleanor evelyn camila sofia elizabeth emily gianna
mila layla avery scarlett penelope chloe abigail zoe hannah addison natalie leah lillian lucy
audrey maya naomi alexa valeria valentina gabriela mariana daniela ximena fernanda guadalupe esperanza lupita
maria ana juana brianna kayla aaliyah jasmine imani nevaeh makayla alexis ashley samantha jessica sarah rachel
rebecca katherine angelina kimberly aubrey jocelyn adriana alondra itzel yaretzi
johnny timmy billy tommy jimmy bobby susie jenny kaylee kylie mackenzie peyton bella aisha fatima ahmed ali omar
nguyen minh linh mei priya arjun rohan ananya`) {
		out[n] = true
	}
	return out
}()
