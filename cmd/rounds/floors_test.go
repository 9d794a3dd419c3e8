package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// floors says who may import whom: a package imports only strictly lower floors, tests included. Floor 0
// imports the standard library alone.
var floors = map[string]int{
	"bot": 0, "school": 0,
	"bot/chart": 1, "bot/bottest": 1, "bot/fit": 1, "bot/service": 1, "school/logtest": 1, "answers": 1,
	"cards": 2, "bot/slackbot": 2, "bot/discordbot": 2, "bot/webbot": 2, "school/sqlitelog": 2, "school/redislog": 2,
	"school/roster": 2, "school/ical": 2, "seeds": 2,
	"handlers": 3, "reminders": 3,
	"cmd/rounds": 4,
}

// within narrows what a floor would allow: bot/* speaks only to bot, school/* only to school, and answers to
// nothing of ours.
var within = map[string][]string{
	"bot/":    {"bot", "bot/chart", "bot/bottest", "bot/fit", "bot/service"},
	"school/": {"school", "school/logtest"},
	"answers": {},
}

// owners says which one package may import a third-party module; a module that is not listed has no home yet.
var owners = map[string]string{
	"github.com/slack-go/slack":           "bot/slackbot",
	"github.com/bwmarrin/discordgo":       "bot/discordbot",
	"github.com/redis/go-redis":           "school/redislog",
	"modernc.org/sqlite":                  "school/sqlitelog",
	"github.com/arran4/golang-ical":       "school/ical",
	"github.com/teambition/rrule-go":      "school/ical",
	"github.com/kljensen/snowball":        "answers",
	"github.com/robfig/cron":              "reminders",
	"github.com/alecthomas/kong":          "cmd/rounds",
	"github.com/goccy/go-yaml":            "cmd/rounds",
	"github.com/prometheus/client_golang": "cmd/rounds",
	"gonum.org/v1/plot":                   "bot/chart",
	"golang.org/x/image":                  "bot/chart",
	"codeberg.org/go-fonts/liberation":    "bot/chart",
	"golang.org/x/sys":                    "school/sqlitelog",
}

// testOnly are modules that only tests may import; bot/bottest and school/logtest are tests' own.
var testOnly = []string{"github.com/google/go-cmp", "pgregory.net/rapid", "github.com/chromedp/chromedp", "github.com/chromedp/cdproto"}

func TestImportFloors(t *testing.T) {
	root := repoRoot(t)
	files := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && path != root || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		files++
		rel, _ := filepath.Rel(root, path)
		for _, problem := range floorProblems(t, filepath.ToSlash(rel), path) {
			t.Error(problem)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 50 {
		t.Fatalf("read only %d files: the walk went wrong", files)
	}
}

// The test can fail: each of these imports must be found wrong.
func TestImportFloorsCatch(t *testing.T) {
	for _, c := range []struct{ file, imports string }{
		{"bot/x.go", "rounds/school"},
		{"handlers/x.go", "rounds/reminders"},
		{"bot/slackbot/x.go", "rounds/school"},
		{"bot/slackbot/x.go", "rounds/bot/webbot"},
		{"bot/fit/x.go", "rounds/bot/service"},
		{"answers/x.go", "rounds/school"},
		{"handlers/x.go", "github.com/slack-go/slack"},
		{"school/x.go", "github.com/google/go-cmp/cmp"},
		{"handlers/x.go", "pgregory.net/rapid"},
		{"handlers/x.go", "github.com/unknown/module"},
		{"util/x.go", "fmt"},
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, "x.go")
		if err := os.WriteFile(path, []byte("package x\nimport _ "+strconv.Quote(c.imports)+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if len(floorProblems(t, c.file, path)) == 0 {
			t.Errorf("%s importing %s passed", c.file, c.imports)
		}
	}
}

func floorProblems(t *testing.T, rel, path string) []string {
	t.Helper()
	pkg := filepath.ToSlash(filepath.Dir(rel))
	floor, known := floors[pkg]
	if !known {
		return []string{rel + ": package " + pkg + " stands on no floor; see DESIGN: the house"}
	}
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	isTest := strings.HasSuffix(rel, "_test.go") || pkg == "bot/bottest" || pkg == "school/logtest"
	var out []string
	for _, spec := range f.Imports {
		imp, _ := strconv.Unquote(spec.Path.Value)
		if ours, ok := strings.CutPrefix(imp, "rounds/"); ok {
			out = append(out, ownProblems(rel, pkg, ours, floor)...)
			continue
		}
		if !strings.Contains(strings.SplitN(imp, "/", 2)[0], ".") {
			continue // standard library
		}
		if floor == 0 && !isTest {
			out = append(out, rel+": floor 0 imports the standard library only, not "+imp)
		}
		known := false
		for mod, owner := range owners {
			if strings.HasPrefix(imp, mod) {
				known = true
				if owner != pkg {
					out = append(out, rel+": only "+owner+" may import "+mod)
				}
			}
		}
		for _, mod := range testOnly {
			if strings.HasPrefix(imp, mod) {
				known = true
				if !isTest {
					out = append(out, rel+": only tests may import "+mod)
				}
			}
		}
		if !known {
			out = append(out, rel+": "+imp+" has no package that owns it; see owners")
		}
	}
	return out
}

func ownProblems(rel, pkg, imp string, floor int) []string {
	var out []string
	if imp == pkg { // an external test package of its own
		return nil
	}
	if f, ok := floors[imp]; !ok || f >= floor {
		out = append(out, rel+": "+pkg+" may not import "+imp+", which is not on a lower floor")
	}
	for prefix, allowed := range within {
		if !strings.HasPrefix(pkg, prefix) {
			continue
		}
		ok := false
		for _, a := range allowed {
			ok = ok || a == imp
		}
		if !ok {
			out = append(out, rel+": "+pkg+" may not import "+imp)
		}
	}
	return out
}

func repoRoot(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if filepath.Dir(dir) == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
}
