package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"rounds/answers"
	"rounds/cards"
)

// askCmd is rounds ask: the documents' answers on the shell.
type askCmd struct {
	Question []string `arg:"" optional:"" help:"The question."`
	Config   string   `help:"A district's file: its own frameworks are asked too." placeholder:"FILE" type:"existingfile"`
	Batch    string   `help:"Answer a file of {\"id\",\"q\"} lines with {\"id\",\"ids\",\"abstained\"} lines." placeholder:"FILE" type:"existingfile"`
}

// Help is shown by rounds ask --help.
func (askCmd) Help() string {
	return "Examples:\n\n  rounds ask what does proficient look like for classroom observation\n  rounds ask --batch questions.jsonl"
}

// Run answers.
func (c *askCmd) Run(out *output) error {
	lib, err := libraryOf(c.Config)
	if err != nil {
		return err
	}
	if c.Batch != "" {
		return askBatch(lib, c.Batch, out)
	}
	q := strings.Join(c.Question, " ")
	if strings.TrimSpace(q) == "" {
		return usage("ask what? Try: rounds ask what does 5.2.5 say about frequency")
	}
	a := lib.Ask(q)
	strand := ""
	for _, s := range lib.Strands() {
		if s.ID == a.Strand {
			strand = s.Name
		}
	}
	_, err = fmt.Fprintln(out.stdout, strings.TrimSpace(cards.Answer(a, strand, cards.AnswerMore{}).Text()))
	return err
}

func askBatch(lib *answers.Library, path string, out *output) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<20)
	enc := json.NewEncoder(out.stdout)
	for n := 1; in.Scan(); n++ {
		if strings.TrimSpace(in.Text()) == "" {
			continue
		}
		var q struct {
			ID string `json:"id"`
			Q  string `json:"q"`
		}
		const like = `{"id":"1","q":"…"}`
		if err := json.Unmarshal(in.Bytes(), &q); err != nil {
			return fmt.Errorf("%s:%d: not a line like %s: %w", path, n, like, err)
		}
		if q.ID == "" {
			return fmt.Errorf("%s:%d: id: is missing; not a line like %s", path, n, like)
		}
		a := lib.Ask(q.Q)
		ids := []string{}
		for _, h := range a.Hits[:min(5, len(a.Hits))] {
			ids = append(ids, h.Statement.ID)
		}
		row := struct {
			ID        string   `json:"id"`
			IDs       []string `json:"ids"`
			Abstained bool     `json:"abstained"`
		}{q.ID, ids, len(ids) == 0}
		if err := enc.Encode(row); err != nil {
			return err
		}
	}
	return in.Err()
}
