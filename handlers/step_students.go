package handlers

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"rounds/school"
)

// What is written of a visit, a step or a check-in is about staff. Whatever may name a student, or tell of one's plan or
// disability, is asked about once before it is kept; who is sure saves it anyway. There is no list of students, and there
// must be none: words alone are looked at, and the roster's own people are let pass.

const (
	mayBeName  = "“%s” may be a student's name, and students are never named here. If it is not one, save it anyway."
	soundsLike = "“%s” sounds like a student's record, and nothing about one student belongs here. If it is about none, save it anyway."
)

var (
	records = regexp.MustCompile(`\b(?:IEPs?|BIPs?|FBAs?|ARDs?|FERPA|(?i:ieps?|bips?))\b|(?i:\bspecial\s+ed(?:ucation)?\b|\bSPED\b)`)
	plan504 = regexp.MustCompile(`(?i)\b504(?:\s+plans?)?\b`)
	// Staff and rooms are no student's record: "the SPED teacher".
	ofStaff   = regexp.MustCompile(`(?i)^\s*(?:co-?)?(?:teachers?|staff|department|team|coach(?:es)?|colleagues?|paras?|aides?|specialists?|coordinators?|office|room)\b`)
	counted   = regexp.MustCompile(`(?i)(?:\b(?:pages?|pp?\.|room|rm\.?|unit|lesson|problem|no\.|teks|bldg|building)|[#$.,:])\s*$`)
	units     = regexp.MustCompile(`(?i)^\s*(?:pages?|words?|points?|books?|minutes|steps|lexile|[a-z]?hall|[.,]\d)\b`)
	condition = regexp.MustCompile(`(?i)\b(?:autis(?:m|tic)|ADHD|dyslexi[ac]|dyscalculia|dysgraphi[ac]|asperger\S*|tourette\S*|down\s+syndrome|emotionally\s+disturbed|non-?verbal|selective(?:ly)?\s+mut\w+|wheelchair|hearing\s+aids?|seizures?` +
		`|(?:his|her|their|student's|student’s|child's|child’s)\s+(?:disability|diagnosis|medication|meds|therapist|probation|foster\s+\w+)` +
		`|resource\s+(?:room\s+)?(?:students?|kids?)|(?:an?|the|my|his|her|one|that|this)\s+(?:EB|EL|ELL|LEP|GT|inclusion|homeless|foster|migrant|newcomer|behavior|life\s+skills)\s+(?:student|kid|child|boy|girl))\b`)
	number = regexp.MustCompile(`(?i)\b(?:student\s+)?(?:id|i\.d\.|lunch\s+number)\s*(?:no\.?|number)?\s*#?:?\s*\d{4,}`)
	pupil  = regexp.MustCompile(`\b(?i:student|kid|boy|girl|child|scholar|pupil)\s+(?:(?i:named|called)\s+)?(\p{Lu}[\p{L}'’]+)`)

	letters = regexp.MustCompile(`\b\p{Lu}\.\s?\p{Lu}\.(?:\s?\p{Lu}\.)?`)
	words   = regexp.MustCompile(`[\p{L}][\p{L}'’-]*`)
	title   = regexp.MustCompile(`(?i)\b(?:mr|ms|mrs|mx|dr|miss|coach|principal|professor|san|santa|saint|st)\.?\s+$`)
	// Behind these stands somebody.
	somebody = regexp.MustCompile(`(?i)\b(?:have|let|get|help|ask|tell|remind|seat|redirect|praise|call\s+on|called\s+on|check\s+(?:in\s+)?(?:on|with)|conference\s+with|sit\s+with|sit\s+next\s+to|next\s+to|beside|behind|away\s+from|pair|partner|(?:plan|chart|pass|seat|goals?|accommodations?|modifications?|supports?)\s+for)\s+$`)
	// Before these stands somebody's name.
	belongs = regexp.MustCompile(`(?i)^['’]s\s+(?:mom|mother|dad|father|parents?|guardians?|grand\w+|family|behaviou?rs?|seat(?:ing)?|locker|phone|pass|notebook|folder|journal|group|desk|grades?|accommodations?|outbursts?|meltdowns?|meds|medication|case\s+manager|goals?|progress|reading\s+level|scores?|attendance|diagnosis|disability|aide)\b`)
)

// namesStudent tells why one of the texts may name a student or speak of a student's record; "" when nothing speaks for
// it.
func namesStudent(m *school.Model, texts ...string) string {
	var staff map[string]bool
	for _, t := range texts {
		if why := tellsOfStudent(t); why != "" {
			return why
		}
		for _, at := range words.FindAllStringIndex(t, -1) {
			w := t[at[0]:at[1]]
			if !looksLikeName(t, at[0], at[1]) || title.MatchString(near(t, at[0])) {
				continue
			}
			if staff == nil {
				staff = staffWords(m)
			}
			if name := bare(w); !staff[school.Fold(name)] {
				return fmt.Sprintf(mayBeName, name)
			}
		}
		for _, at := range letters.FindAllStringIndex(t, -1) {
			if knownShort[strings.ReplaceAll(t[at[0]:at[1]], " ", "")] {
				continue
			}
			if staff == nil {
				staff = staffWords(m)
			}
			next := words.FindString(t[at[1]:])
			if next == "" || !staff[school.Fold(bare(next))] { // "J.R. Okafor" is of the staff
				return fmt.Sprintf(mayBeName, strings.TrimSpace(t[at[0]:at[1]]))
			}
		}
	}
	return ""
}

// tellsOfStudent looks for words of a student's record, and for a student called one.
func tellsOfStudent(t string) string {
	for _, at := range records.FindAllStringIndex(t, -1) {
		w := t[at[0]:at[1]]
		if (strings.EqualFold(w, "sped") || strings.HasPrefix(strings.ToLower(w), "special")) && ofStaff.MatchString(t[at[1]:]) {
			continue
		}
		return fmt.Sprintf(soundsLike, w)
	}
	for _, at := range plan504.FindAllStringIndex(t, -1) {
		if !counted.MatchString(near(t, at[0])) && !units.MatchString(t[at[1]:]) {
			return fmt.Sprintf(soundsLike, t[at[0]:at[1]])
		}
	}
	if w := condition.FindString(t); w != "" {
		return fmt.Sprintf(soundsLike, w)
	}
	if w := number.FindString(t); w != "" {
		return fmt.Sprintf(soundsLike, w)
	}
	if s := pupil.FindStringSubmatch(t); s != nil && !schoolWords[strings.ToLower(bare(s[1]))] {
		return fmt.Sprintf(mayBeName, s[0])
	}
	return ""
}

// looksLikeName tells whether the word from..to is a child's name by the list, or by what stands around it.
func looksLikeName(t string, from, to int) bool {
	w := t[from:to]
	name := bare(w)
	r, _ := utf8.DecodeRuneInString(name)
	upper, listed := unicode.IsUpper(r), firstNames[school.Fold(name)]
	before := somebody.MatchString(near(t, from))
	if listed {
		return upper || before
	}
	if !upper || utf8.RuneCountInString(name) < 3 || schoolWords[strings.ToLower(name)] || name == strings.ToUpper(name) {
		return false
	}
	if strings.ContainsAny(name[1:], "ABCDEFGHIJKLMNOPQRSTUVWXYZ-") { // "DeShawn" is listed; "NearPod", "Turn-and-Talk" are none
		return false
	}
	rest := t[from+len(name):]
	return before && !manyOf(name) && !strings.HasPrefix(strings.TrimLeft(rest, " "), "and Talk") || belongs.MatchString(rest)
}

// near is the end of what stands before a place: enough for the words that tell what follows, and little enough that a
// long text is read in one pass.
func near(t string, at int) string { return t[max(0, at-40):at] }

// manyOf tells a plural, such as "Partners".
func manyOf(name string) bool {
	return strings.HasSuffix(name, "s") && schoolWords[strings.ToLower(strings.TrimSuffix(name, "s"))]
}

// bare is a word without the s of possession.
func bare(w string) string {
	w = strings.Trim(w, "'’-")
	return strings.TrimSuffix(strings.TrimSuffix(w, "'s"), "’s")
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

// knownShort are what looks like letters and is none.
var knownShort = wordSet(`U.S. U.K. U.N. P.E. D.C. A.M. P.M. P.S. L.A. N.B. U.S.A. A.P. P.D. S.S. E.L. T.A. P.A. R.A.C. C.E. S.W. Q.A.`)

// schoolWords begin with a capital in school talk and are nobody's name.
var schoolWords = wordSet(`a achievement all also amplify another any anyone april ask august benchmark bloom bluebonnet both brain canvas
center centered chromebook class classwork clever close coach cold cornell council custodian daily data december depth desmos did discourse
district do dok each early eduphoria ela els english eureka every everybody everyone exit february first focus frayer french friday
friends geography german google grade great group had half he her here high him his history homework i independent it january july june
just kagan kahoot kid later led lemov lexia library lunch mandarin map march marzano math may me monday mr mrs ms music my nearpod next
no november nwea objective october one only our page pair parent partner pear peardeck period phys please pre principal quizizz quizlet
ready reading restorative saturday say scholar school science seesaw september she skyward small social socratic some somebody someone
spanish spring staar stem step stop student students summit sunday support table talk task teacher team teams teks telpas tell texas that
the their them then there they think third this those three thursday tier to today tomorrow tuesday turn two unit us voice volunteer we
wednesday week were what when where which who whole why will winter work writing yesterday you your zearn`)

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
