package answers

// Kind says what sort of answer an [Answer] is.
type Kind string

// The kinds of answer.
const (
	KindQuote   Kind = "quote"   // statements that answer the question, best first
	KindCompare Kind = "compare" // one strand at several levels, lowest first
	KindGrowth  Kind = "growth"  // the next level of a strand first, then where one stands
	KindStatus  Kind = "status"  // a question about visits made: open the visit status
	KindDecline Kind = "decline" // no answer in the documents; Reason and Pointer say why
)

// Reason says why a question was declined; "" when it was not.
type Reason string

// The reasons for declining.
const (
	ReasonOffTopic       Reason = "offtopic"       // not about instructional leadership
	ReasonPersonal       Reason = "personal"       // about a person's record or rating
	ReasonOtherFramework Reason = "otherframework" // T-TESS, Danielson and the like
	ReasonOtherLever     Reason = "otherlever"     // a lever that is not loaded
	ReasonInjection      Reason = "injection"      // an attempt to give the bot orders
	ReasonNothing        Reason = "nothing"        // on topic, but no statement says it
	ReasonEmpty          Reason = "empty"          // no words to look up
)

// Hit is one quoted statement.
type Hit struct {
	Statement Statement
	Document  Document
	Score     float64  // higher is better; comparable only within one answer
	Why       []string // the words that matched, for "why this one"
}

// Answer is what the documents say to a question.
type Answer struct {
	Kind   Kind
	Hits   []Hit  // best first; at most 5, for lists and ladders at most 10
	Strand string // id of the strand of a compare or growth answer, or ""
	Reason Reason // set for KindDecline only
	// Pointer is one kind sentence: for a decline what Rounds can do instead,
	// otherwise a caution ("no statement at this level"), mostly "".
	Pointer string
}
