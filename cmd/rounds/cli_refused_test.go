package main

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"rounds/school/sqlitelog"

	"github.com/google/go-cmp/cmp"
)

// What a command may not have it refuses in words, and leaves as it was: a file that is no store of its own, a store that another
// process writes to, an address that is taken or open to others.

// A file that is not a store of the command's own is refused in words, and left as it was, byte for byte.
func TestForeignStores(t *testing.T) {
	alone(t)
	withSlack(t, "http://127.0.0.1:1/api/")
	config := districtDir(t)
	text := func(t *testing.T, path string) {
		if err := os.WriteFile(path, []byte("Minutes of the board, 2026\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	district := func(t *testing.T, path string) { makeStore(t, path, sqlitelog.Real) }
	demo := func(t *testing.T, path string) { makeStore(t, path, sqlitelog.Demo) }
	serve := []string{"serve", "--config", config, "--listen", "127.0.0.1:0", "--store", "STORE"}
	demoCmd := []string{"demo", "--listen", "127.0.0.1:0", "--store", "STORE"}
	targets := []string{"targets", "--config", config}
	for _, c := range []struct {
		name string
		make func(*testing.T, string)
		args []string
		want string
	}{
		{"serve a text file", text, serve, "is not a SQLite file"},
		{"demo on a text file", text, demoCmd, "is not a SQLite file"},
		{"targets of a text file", text, targets, "is not a SQLite file"},
		{"serve a demo", demo, serve, "holds a demo's made-up people, not a real district"},
		{"targets of a demo", demo, targets, "holds a demo's made-up people, not a real district"},
		{"demo of a real district", district, demoCmd, "holds a real district, not a demo"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "store.db")
			c.make(t, path)
			before := tree(t, dir)
			args := slices.Clone(c.args)
			if i := slices.Index(args, "STORE"); i >= 0 {
				args[i] = path
			} else {
				t.Setenv("ROUNDS_STORE", path)
			}
			cliDo(t, args...).failed(t, 1, path, c.want)
			after := tree(t, dir)
			delete(after, "store.db.lock") // it stays, empty, and belongs to nobody
			delete(before, "store.db.lock")
			if diff := cmp.Diff(before, after); diff != "" {
				t.Errorf("the folder changed (-before +after):\n%s", diff)
			}
		})
	}
}

func makeStore(t *testing.T, path string, mark sqlitelog.Mark) {
	t.Helper()
	s, err := sqlitelog.Open(t.Context(), path, sqlitelog.Options{Mark: mark})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestStoreInUse(t *testing.T) {
	alone(t)
	withSlack(t, "http://127.0.0.1:1/api/")
	path := filepath.Join(t.TempDir(), "rounds.db")
	s, err := sqlitelog.Open(t.Context(), path, sqlitelog.Options{Mark: sqlitelog.Real})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r := cliDo(t, "serve", "--config", districtDir(t), "--listen", "127.0.0.1:0", "--store", path)
	r.failed(t, 1, path, "is being written to by another process", "stop it first")

	demoPath := filepath.Join(t.TempDir(), "demo.db")
	d, err := sqlitelog.Open(t.Context(), demoPath, sqlitelog.Options{Mark: sqlitelog.Demo})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	cliDo(t, "demo", "--listen", "127.0.0.1:0", "--store", demoPath).failed(t, 1, demoPath, "is being written to by another process")
}

func TestPorts(t *testing.T) {
	alone(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	taken := l.Addr().String()
	store := filepath.Join(t.TempDir(), "rounds.db")
	cliDo(t, "demo", "--listen", taken, "--store", store).failed(t, 1, taken+" is in use by another program", "--listen")
	cliDo(t, "serve", "--config", districtDir(t), "--listen", taken, "--store", store).failed(t, 1, taken+" is in use by another program", "--listen")
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:8080", "rounds.example.org:80", "8080"} {
		cliDo(t, "demo", "--listen", addr, "--store", store).failed(t, 2, addr, "loopback")
	}
	if _, err := os.Stat(store); !errors.Is(err, os.ErrNotExist) {
		t.Error("a store was made by a command that did not begin")
	}
	cliDo(t, "serve", "--config", districtDir(t), "--listen", "127.0.0.1:0", "--store", store).failed(t, 2, "no chat service is set up", "SLACK_BOT_TOKEN")
}
