package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"rounds/seeds"
)

// initCmd is rounds init: files to begin from.
type initCmd struct {
	Dir string `arg:"" optional:"" default:"." help:"The folder to write to." type:"path"`
}

// Help is shown by rounds init --help.
func (initCmd) Help() string {
	return "Writes a small commented example; nothing that exists is overwritten.\n\nExample:\n\n  rounds init district"
}

// Run writes the files, or none if one of them is there.
func (c *initCmd) Run(out *output) error {
	files := seeds.StarterFiles()
	for name := range files {
		p := filepath.Join(c.Dir, name)
		if _, err := os.Stat(p); err == nil {
			return fmt.Errorf("%s exists; nothing was written", p)
		} else if !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return err
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(c.Dir, name), data, 0o600); err != nil {
			return err
		}
	}
	fmt.Fprintf(out.stdout, "wrote %s\nEdit them, then: rounds check --config %s\n", filepath.Join(c.Dir, "district.yaml"), filepath.Join(c.Dir, "district.yaml"))
	return nil
}
