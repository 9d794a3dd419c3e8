package school

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"
)

// recordTypes are the types that hold something out of a person's record.
var recordTypes = []string{
	"Visit", "VisitSeen", "VisitVersion", "Step", "StepSeen", "Duty", "WeekPlan", "Told", "Owed", "LeaveSet", "Rated", "GoalSet", "GrowthSeen", "GrowDue", "Snoozed", "SentMark", "Commitment", "Export",
	"Looked", "StepDue", "CheckedIn", "FeedbackOwed", "OnRecord",
}

// ownRecord are the methods of Viewer that give such a thing without asking the policy, each with its reason.
var ownRecord = map[string]string{
	"Ratings": "the viewer's own", "Goals": "the viewer's own", "Growth": "the viewer's own", "Snoozes": "the viewer's own",
	"Looked": "what was shown already", "TeamDuties": "of a team, for the leaders of its campus",
}

// passes are the methods of Model that give such a thing to callers that have no viewer, each with its reason.
var passes = map[string]string{
	"AllDuties":   "for the operator, who has the files; no chat answer may use it",
	"FullRecord":  "for the records office at the shell; no chat answer may use it",
	"SharedNotes": "for the clock: ids and instants; the message that comes of it holds no record",
	"GivenSteps":  "for the clock: ids and instants",
	"Talks":       "for the clock: ids and instants",
	"Week":        "looks through the leader's own Viewer",
	"Weeks":       "likewise, for many",
	"Commitments": "of a team, which its room shows with their owners",
	"Commitment":  "of a team, which its room shows with its owner",
	"StepsDue":    "for the clock: ids and days",
	"StepsDueOf":  "for the clock: ids and days",
	"CheckIns":    "for the clock: ids and instants",
	"CheckInsTo":  "for the clock: ids and instants",
	"EachVisit":   "for the operator: what the record holds, to hold a file against it",
	"Recall":      "for the operator, likewise",
	"GrowsDue":    "for the clock: who wants to be reminded, and when",
	"GrowDueOf":   "for the clock: who wants to be reminded, and when",
	"SentAs":      "for the clock: what became of an occurrence",
	"SentSince":   "for the clock: what became of occurrences",
}

// Every exported method of Viewer and Model that gives something out of a person's record either asks the policy or stands
// above with its reason: a new one needs a decision.
func TestRecordsGoThroughThePolicy(t *testing.T) {
	methods := methodsOf(t)
	gated := map[string]bool{"ask": true}
	for again := true; again; { // whoever calls a method that asks has asked
		again = false
		for name, m := range methods["Viewer"] {
			if !gated[name] && m.calls(gated) {
				gated[name], again = true, true
			}
		}
	}
	seen := 0
	for name, m := range methods["Viewer"] {
		if !ast.IsExported(name) || !m.gives() {
			continue
		}
		seen++
		_, listed := ownRecord[name]
		if gated[name] == listed {
			t.Errorf("Viewer.%s gives a record; it asks the policy: %v, it is listed as one's own: %v", name, gated[name], listed)
		}
	}
	for name, m := range methods["Model"] {
		if _, listed := passes[name]; ast.IsExported(name) && m.gives() != listed {
			t.Errorf("Model.%s gives a record: %v, it is listed with a reason: %v", name, m.gives(), listed)
		}
	}
	for name := range ownRecord {
		if _, ok := methods["Viewer"][name]; !ok {
			t.Errorf("Viewer.%s is listed and does not exist", name)
		}
	}
	for name := range passes {
		if _, ok := methods["Model"][name]; !ok {
			t.Errorf("Model.%s is listed and does not exist", name)
		}
	}
	if seen < 10 || !gated["Visits"] || !gated["StepsOf"] || gated["Ratings"] || gated["Zone"] {
		t.Errorf("the sources were not read: %d methods give a record", seen)
	}
}

type method struct {
	results, body ast.Node
}

// gives tells whether a record type stands among the results, in a slice, a sequence or a callback of the parameters.
func (m method) gives() bool {
	found := false
	if m.results == nil {
		return false
	}
	ast.Inspect(m.results, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && slices.Contains(recordTypes, id.Name) {
			found = true
		}
		return true
	})
	return found
}

// calls tells whether the body calls a method of one of the names.
func (m method) calls(names map[string]bool) bool {
	found := false
	ast.Inspect(m.body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
				if on, ok := sel.X.(*ast.Ident); ok && on.Name == "v" && names[sel.Sel.Name] {
					found = true
				}
			}
		}
		return true
	})
	return found
}

// methodsOf reads the methods of this package by the name of their receiver.
func methodsOf(t *testing.T) map[string]map[string]method {
	t.Helper()
	out := map[string]map[string]method{}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		src, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range src.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv == nil {
				continue
			}
			star, ok := fn.Recv.List[0].Type.(*ast.StarExpr)
			if !ok {
				continue
			}
			recv, ok := star.X.(*ast.Ident)
			if !ok {
				continue
			}
			if out[recv.Name] == nil {
				out[recv.Name] = map[string]method{}
			}
			m := method{body: fn.Body}
			if fn.Type.Results != nil {
				m.results = fn.Type.Results
			}
			for _, p := range fn.Type.Params.List { // "each func(SentMark)" gives as well
				if _, callback := p.Type.(*ast.FuncType); callback && m.results == nil {
					m.results = p.Type
				}
			}
			out[recv.Name][fn.Name.Name] = m
		}
	}
	return out
}
