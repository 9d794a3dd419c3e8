package handlers

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"rounds/cards"
	"rounds/school"
)

// The entry check of an action step: one thing to do, that somebody could see, short, and looked at again soon. What it
// finds are thoughts; they never keep a step from being saved. A check that is wrong one time in five is read never, so
// where a wording could be meant well it says nothing.

// maxStep is how many characters a step should have: what one can hold in mind while teaching (DOMAIN, section 4).
const maxStep = 140

// soon is how many school days ahead a step should be looked at again.
const soon = 10

// stepAdvice are thoughts on a step's wording and its check-back date, by the calendar of its teacher's campus.
func stepAdvice(step string, by, today school.Day, cal *school.Calendar) []string {
	out := wordingAdvice(step)
	if why := dateAdvice(by, today, cal); why != "" {
		out = append(out, why)
	}
	return out
}

func wordingAdvice(step string) []string {
	var out []string
	if n := utf8.RuneCountInString(strings.TrimSpace(step)); n > maxStep {
		out = append(out, fmt.Sprintf("A thought: at %d characters this step is hard to hold in mind; up to %d work better.", n, maxStep))
	}
	if hardToSee(step) {
		out = append(out, "A thought: could somebody see it happen? Begin with something to do, such as “ask”, “wait” or “write”.")
	}
	if twoSteps(step) {
		out = append(out, "A thought: this may be two steps. One at a time is easier to practice.")
	}
	return out
}

// dateAdvice tells what speaks against a check-back date, "" for nothing.
func dateAdvice(by, today school.Day, cal *school.Calendar) string {
	if by == 0 || cal.First <= 1 {
		return ""
	}
	if why := cal.Why(by); why != "" {
		return fmt.Sprintf("%s is no school day (%s).", cards.Date(by, today), why)
	}
	if n := cal.SchoolDays(today+1, by); n > soon {
		return fmt.Sprintf("A thought: %s is %d school days away; within ten keeps it fresh.", cards.Date(by, today), n)
	}
	return ""
}

var (
	quoted = regexp.MustCompile(`“[^”]*”|"[^"]*"`)
	// What may stand before the verb: who is meant, and when.
	lead   = regexp.MustCompile(`(?i)^(?:please\s+)?(?:(?:i|you|we|the\s+teacher|teacher|(?:mr|ms|mrs|dr)\.?\s+\p{L}+)\s+(?:will|should|can|could|must|needs?\s+to)\s+)?(?:to\s+)?`)
	clause = regexp.MustCompile(`(?i)^(?:in|during|at|after|before|when|while|for|on|by|once|with|as|every|each|within)\b[^,]{1,80},\s*`)

	unseen = regexp.MustCompile(`(?i)^(?:understand|know|feel|think\s+about|consider|remember|appreciate|try\b|work\s+on|focus\s+on|get\s+better|become|strive|aim\s+(?:to|for)|attempt|seek\s+to|explore|reflect|believe|value|realize|grow\s+(?:in|your|as)` +
		`|(?:be|get|stay|remain)\s+(?:\w+ly\s+)?(?:more|better|aware|mindful|consistent|intentional|clear(?:er)?|positive|patient|proactive|engaging|strict(?:er)?|firm(?:er)?|prepared|organized|reflective|comfortable|confident|flexible|fair)` +
		`|(?:continue|keep)\s+(?:to\s+)?(?:work|try|improv|grow|develop)\w*|have\s+(?:better|high|higher|stronger|clearer|good)|be\s+(?:an?|less)|stop\s+being` +
		`|(?:make\s+sure|ensure)\s+(?:that\s+)?(?:\w+\s+){0,3}(?:understand|know|learn|feel|are\s+(?:engaged|learning|focused|on\s+task)))\b`)
	// These are to be seen only where somebody says how much, or in which words.
	vague   = regexp.MustCompile(`(?i)^(?:improve|increase|decrease|reduce|enhance|strengthen|deepen|foster|promote|cultivate|encourage|maximize|minimize|boost|refine|learn|manage\s+(?:behavior|time|the\s+class|transitions)|build\s+(?:relationships?|rapport|trust|community|capacity|engagement|stronger|better|a\s+culture)|develop\s+(?:better|more|strong\w*|relationships?|an?\s+(?:better|stronger|deeper|understanding))|(?:use|ask|give|provide|create|establish|set)\s+(?:more|better|clearer|stronger|higher)|(?:more|better|less|fewer|stronger|clearer|good|great|strong|improved|increased))\b`)
	measure = regexp.MustCompile(`(?i)[0-9“”"]|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twice|once|half|every|each)\b`)
	tier    = regexp.MustCompile(`(?i)\btier\s*[0-9]`) // a number that measures nothing
	topic   = regexp.MustCompile(`(?i)\b(?:management|engagement|transitions?|rigor|questioning|discourse|relationships?|participation|pacing|routines?|procedures?|differentiation|culture|climate|narration|wait\s+time|monitoring|feedback|organization|expectations|planning|scaffolding|data)\W*$`)
)

// body is a step without quotations and without what may stand before its verb.
func body(step string) string {
	s := strings.TrimSpace(quoted.ReplaceAllString(step, "“”"))
	s = lead.ReplaceAllString(s, "")
	s = clause.ReplaceAllString(s, "")
	return strings.TrimSpace(lead.ReplaceAllString(s, ""))
}

// hardToSee tells whether a step is nothing that somebody could see happen.
func hardToSee(step string) bool {
	s := body(step)
	switch {
	case unseen.MatchString(s):
		return true
	case vague.MatchString(s):
		return !measure.MatchString(tier.ReplaceAllString(step, ""))
	}
	words := strings.Fields(s)
	return len(words) > 0 && len(words) <= 4 && topic.MatchString(s) && !verbs[first(s)]
}

// first is the first word of a text, in lower case.
func first(s string) string {
	w, _, _ := strings.Cut(strings.TrimSpace(s), " ")
	return strings.Trim(strings.ToLower(w), ",.;:!?()“”\"'’")
}

var (
	numbered = regexp.MustCompile(`(?:^|\s)2[.)]\s`)
	besides  = regexp.MustCompile(`(?i);\s*\S|\n\s*\S|\b(?:also|in\s+addition|additionally|as\s+well\s+as)\b`)
	sentence = regexp.MustCompile(`[.!?]\s+`)
	then     = regexp.MustCompile(`(?i)^(?:and\s+)?then,?\s+`)
	joined   = regexp.MustCompile(`(?i),?\s+(?:and\s+then|then|and)\s+`)
	// Behind these the verbs are what students do.
	theirs = regexp.MustCompile(`(?i)\b(?:have|let|ask|get|make|give|tell|direct|prompt|require|invite|teach|cue|allow|remind|expect|want|so|while|who|until|when|before|after|if|how|what|why|by)\b`)
	same   = regexp.MustCompile(`(?i)^\S+(?:\s+\S+){0,2}?\s+(?:it|them|those|these|this|that|both|one)\b`)
)

// twoSteps tells whether a step is two. What is one practice in two words ("turn and talk", "cold call and wait") is one,
// and so is what students do in one breath.
func twoSteps(step string) bool {
	s := strings.TrimSpace(quoted.ReplaceAllString(step, "“”"))
	if numbered.MatchString(s) || besides.MatchString(s) {
		return true
	}
	for i, part := range sentence.Split(s, -1) {
		if verb := first(then.ReplaceAllString(part, "")); i > 0 && verbs[verb] && !companions[verb] {
			return true
		}
		if joinsTwo(part) {
			return true
		}
	}
	return false
}

// joinsTwo tells whether a sentence joins two practices by "and" or "then".
func joinsTwo(part string) bool {
	part = body(part)
	at := 0
	for _, m := range joined.FindAllStringIndex(part, -1) {
		left, right := part[at:m[0]], part[m[1]:]
		at = m[1]
		verb := first(right)
		switch {
		case !verbs[verb], companions[verb], bodily[first(left)], theirs.MatchString(part[max(0, m[0]-maxStep):m[0]]), same.MatchString(right):
		case !verbs[first(left)]:
		case asking[first(left)] && verb == "call":
		default:
			return true
		}
	}
	return false
}

func wordSet(list string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		out[w] = true
	}
	return out
}

var (
	// verbs are what steps begin with.
	verbs = wordSet(`add analyze annotate arrange ask assign attend begin build call change chart check choose circulate close co-plan
co-teach collect color-code conference confirm connect contact count create cue cut deliver design differentiate display divide do draft
draw email end explain film find follow give grade greet group hand have highlight hold identify implement include incorporate
introduce invite jot keep label lay leave let limit line list make mark meet model monitor move name narrate note observe offer
open organize pair pass pause place plan play point pose position post practice praise prepare print project provide pull push put
read rearrange record redirect rehearse release remove replace require reread reteach return review revoice rotate run save say scan
schedule script seat select send set share show sit split stand start state stay stop submit tally teach tell time track transition
turn type update use visit wait walk write`)
	// companions are the second half of one practice.
	companions = wordSet(`wait pause scan jot talk listen look name hold count point smile stay check narrate mark note tally record
repeat praise thank say tell have let ask show see return leave follow keep explain confirm circulate monitor share redirect`)
	// bodily is where one stands or moves: what is done there belongs to it.
	bodily = wordSet(`circulate monitor walk stand pause stop stay move scan sit turn look listen count wait point hold kneel lean rotate`)
	asking = wordSet(`ask pose say cold question`)
)
