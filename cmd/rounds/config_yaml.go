package main

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"rounds/school"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// yamlReader walks the parsed file itself instead of decoding into structs: a decoder stops at its
// first error and cannot say where a value that decoded well, but makes no sense, stood.
type yamlReader struct {
	file     string
	problems []*Problem
	anchors  map[string]ast.Node
}

// value is a piece of the file and where it stands.
type value struct {
	path string // "campuses[0].zone"
	node ast.Node
	tok  *token.Token
	text string // of a scalar
}

// object is a mapping with checked keys.
type object struct {
	r      *yamlReader
	path   string
	at     value
	fields map[string]value
	broken bool // no mapping at all: what it lacks is no news
}

func (r *yamlReader) fail(v value, format string, args ...any) {
	r.problems = append(r.problems, r.at(v, format, args...))
}

// at says something of a value at its place.
func (r *yamlReader) at(v value, format string, args ...any) *Problem {
	line, col := 1, 1
	if v.tok != nil && v.tok.Position != nil {
		line, col = v.tok.Position.Line, v.tok.Position.Column
	}
	return &Problem{File: r.file, Line: line, Col: col, Field: v.path, Message: fmt.Sprintf(format, args...)}
}

// parse reads the file's one document.
func (r *yamlReader) parse(data []byte) (value, bool) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	data = bytes.ReplaceAll(data, []byte("\u00a0"), []byte(" ")) // blanks that came with a web page
	for i, l := range bytes.Split(data, []byte("\n")) {
		switch t := bytes.IndexByte(l, '\t'); {
		case !utf8.Valid(l):
			r.problems = append(r.problems, &Problem{File: r.file, Line: i + 1, Col: 1, Message: "not UTF-8 text; save the file as UTF-8"})
			return value{}, false
		case t >= 0 && len(bytes.TrimSpace(l[:t])) == 0 && len(bytes.TrimSpace(l)) > 0:
			r.problems = append(r.problems, &Problem{File: r.file, Line: i + 1, Col: t + 1, Message: "a tab cannot indent here; use blanks"})
			return value{}, false
		}
	}
	f, err := parseYAML(data)
	if err != nil {
		p := &Problem{File: r.file, Line: 1, Col: 1, Message: err.Error()}
		if at, ok := errors.AsType[yaml.Error](err); ok {
			p.Message = "this is not YAML: " + at.GetMessage()
			if t := at.GetToken(); t != nil && t.Position != nil {
				p.Line, p.Col = t.Position.Line, t.Position.Column
			}
		}
		r.problems = append(r.problems, p)
		return value{}, false
	}
	var body ast.Node
	for _, d := range f.Docs {
		if d.Body == nil || d.Body.Type() == ast.CommentType {
			continue
		}
		if body != nil {
			r.fail(r.wrap("", d.Body), "a second document begins here; the file holds one")
			return value{}, false
		}
		body = d.Body
	}
	if body == nil {
		r.problems = append(r.problems, &Problem{File: r.file, Line: 1, Col: 1, Message: "the file is empty; `rounds init` writes one to begin with"})
		return value{}, false
	}
	r.anchors = map[string]ast.Node{}
	ast.Walk(anchors(r.anchors), body)
	return r.wrap("", body), true
}

// parseYAML calls the library behind a guard: a file that is read again while the bot serves must not end it.
func parseYAML(data []byte) (f *ast.File, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.New("this is not YAML that can be read")
		}
	}()
	return parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
}

// anchors collects "&name" so that "*name" can be followed.
type anchors map[string]ast.Node

// Visit is called by ast.Walk.
func (a anchors) Visit(n ast.Node) ast.Visitor {
	if x, ok := n.(*ast.AnchorNode); ok {
		a[x.Name.GetToken().Value] = x.Value
	}
	return a
}

func (r *yamlReader) wrap(path string, n ast.Node) value {
	v := value{path: path}
	for range 10 { // an alias of an alias ends somewhere
		switch x := n.(type) {
		case *ast.AnchorNode:
			n = x.Value
			continue
		case *ast.TagNode:
			n = x.Value
			continue
		case *ast.AliasNode:
			if v.tok == nil {
				v.tok = x.Start
			}
			n = r.anchors[x.Value.GetToken().Value]
			continue
		}
		break
	}
	v.node = n
	if v.tok == nil {
		v.tok = where(n)
	}
	switch x := n.(type) {
	case *ast.StringNode:
		v.text = tidy(x.Value)
	case *ast.LiteralNode:
		v.text = tidy(x.Value.Value)
	case *ast.NullNode, *ast.MappingNode, *ast.MappingValueNode, *ast.SequenceNode, nil:
	default:
		v.text = n.GetToken().Value // numbers as they are written: ids are longer than numbers
	}
	return v
}

// where is the first token of a node: the library gives a mapping the place of its first colon.
func where(n ast.Node) *token.Token {
	switch x := n.(type) {
	case nil:
		return nil
	case *ast.MappingNode:
		if !x.IsFlowStyle && len(x.Values) > 0 {
			return where(x.Values[0])
		}
		return x.Start
	case *ast.MappingValueNode:
		return x.Key.GetToken()
	}
	return n.GetToken()
}

// tidy takes curly quotes and blanks off a value that was pasted.
func tidy(s string) string {
	s = strings.TrimSpace(s)
	if f, ok := strings.CutPrefix(s, "“"); ok {
		if f, ok = strings.CutSuffix(f, "”"); ok {
			return strings.TrimSpace(f)
		}
	}
	return s
}

func (v value) null() bool {
	_, ok := v.node.(*ast.NullNode)
	return v.node == nil || ok
}

func (v value) scalar() bool {
	switch v.node.(type) {
	case *ast.MappingNode, *ast.MappingValueNode, *ast.SequenceNode:
		return false
	}
	return true
}

// object reads a mapping that may have the known keys.
func (r *yamlReader) object(v value, known ...string) object {
	o := object{r: r, path: v.path, at: v, fields: map[string]value{}}
	var entries []*ast.MappingValueNode
	switch x := v.node.(type) {
	case *ast.MappingNode:
		entries = x.Values
	case *ast.MappingValueNode:
		entries = []*ast.MappingValueNode{x}
	default:
		if !v.null() {
			o.broken = true
			r.fail(v, "here should be keys and values: %s", join(known))
		}
		return o
	}
	for _, e := range entries {
		key := value{path: v.path, tok: e.Key.GetToken()}
		name := tidy(key.tok.Value)
		switch _, twice := o.fields[name]; {
		case !slices.Contains(known, name):
			key.path = o.sub(name)
			r.fail(key, "%q is not known here%s; known: %s", name, suggest(name, known), join(known))
			continue
		case twice:
			key.path = o.sub(name)
			r.fail(key, "%q stands here twice", name)
			continue
		}
		f := r.wrap(o.sub(name), e.Value)
		if f.null() || f.tok == nil {
			f.tok = key.tok
		}
		o.fields[name] = f
	}
	return o
}

func (o object) sub(key string) string {
	if o.path == "" {
		return key
	}
	return o.path + "." + key
}

func (o object) has(key string) bool { f, ok := o.fields[key]; return ok && !f.null() }

// get is a field's value; a missing one stands where its object stands.
func (o object) get(key string) value {
	if f, ok := o.fields[key]; ok {
		return f
	}
	return value{path: o.sub(key), tok: o.at.tok}
}

// text is a scalar; must tells whether it may be missing.
func (o object) text(key string, must bool) (string, value) {
	v := o.get(key)
	switch {
	case !o.has(key):
		if must && !o.broken {
			o.r.fail(v, "is missing")
		}
		return "", v
	case !v.scalar():
		o.r.fail(v, "one value is wanted here")
		return "", v
	case v.text == "" && must:
		o.r.fail(v, "is empty")
	}
	return v.text, v
}

// word is one of the known words; any, when none is known.
func (o object) word(key, what string, must bool, known ...string) string {
	s, v := o.text(key, must)
	if s == "" {
		return ""
	}
	s = strings.ToLower(s)
	if len(known) > 0 && !slices.Contains(known, s) {
		o.r.fail(v, "%q is not %s%s; known: %s", v.text, what, suggest(s, known), join(known))
		return ""
	}
	return s
}

func (o object) number(key string, must bool, least, most int) int {
	s, v := o.text(key, must)
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < least || n > most {
		o.r.fail(v, "%q is not a whole number from %d to %d", s, least, most)
		return 0
	}
	return n
}

func (o object) boolean(key string, otherwise bool) bool {
	s, v := o.text(key, false)
	switch strings.ToLower(s) {
	case "":
		return otherwise
	case "true", "yes", "on":
		return true
	case "false", "no", "off":
		return false
	}
	o.r.fail(v, "%q is neither true nor false", s)
	return otherwise
}

func (o object) day(key string, must bool) school.Day {
	s, v := o.text(key, must)
	if s == "" {
		return 0
	}
	d, err := school.ParseDay(s)
	if err != nil {
		o.r.fail(v, "%q is not a date; write it like 2026-10-30", s)
		return 0
	}
	if y, _, _ := d.Civil(); y < 1950 || y > 2150 {
		o.r.fail(v, "%q is in the year %d", s, y)
		return 0
	}
	return d
}

func (o object) clock(key string, must bool) school.Clock {
	s, v := o.text(key, must)
	if s == "" {
		return 0
	}
	c, err := school.ParseClock(s)
	if err != nil {
		o.r.fail(v, "%q is not a time of day; write it like \"15:30\"", s)
	}
	return c
}

// list are the elements of a list; one value alone is a list of one.
func (o object) list(key string) []value {
	v := o.get(key)
	if !o.has(key) {
		return nil
	}
	seq, ok := v.node.(*ast.SequenceNode)
	if !ok {
		v.path += "[0]"
		return []value{v}
	}
	out := make([]value, 0, len(seq.Values))
	for i, n := range seq.Values {
		e := o.r.wrap(fmt.Sprintf("%s[%d]", v.path, i), n)
		if e.null() {
			o.r.fail(e, "is empty")
			continue
		}
		out = append(out, e)
	}
	return out
}

// words are the scalars of a list, each one of the known words unless none is given.
func (o object) words(key, what string, known ...string) (texts []string, at []value) {
	for _, v := range o.list(key) {
		switch {
		case !v.scalar():
			o.r.fail(v, "one value is wanted here")
		case len(known) > 0 && !slices.Contains(known, strings.ToLower(v.text)):
			o.r.fail(v, "%q is not %s%s; known: %s", v.text, what, suggest(v.text, known), join(known))
		case len(known) > 0:
			texts, at = append(texts, strings.ToLower(v.text)), append(at, v)
		default:
			texts, at = append(texts, v.text), append(at, v)
		}
	}
	return texts, at
}
