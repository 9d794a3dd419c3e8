package sqlitelog

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"rounds/school"
)

// kills is how many writers TestKill kills; the make target kill asks for 200.
var kills = flag.Int("kills", 6, "how many writing processes TestKill kills")

// TestMain makes this test binary also the program that tests start and kill: what it then is
// stands in the environment.
func TestMain(m *testing.M) {
	play, part := map[string]func(path, district string) error{
		"writer": childWriter,
		"liar":   childLiar,
		"normal": childNormal,
		"holder": childHolder,
	}, os.Getenv("SQLITELOG_CHILD")
	if part == "" {
		os.Exit(m.Run())
	}
	if err := play[part](os.Getenv("SQLITELOG_PATH"), os.Getenv("SQLITELOG_DISTRICT")); err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
}

// A child is another process of this test.
type child struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines *bufio.Scanner
}

func startChild(t *testing.T, part, path, district string) *child {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), "SQLITELOG_CHILD="+part, "SQLITELOG_PATH="+path, "SQLITELOG_DISTRICT="+district)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c := &child{cmd, in, bufio.NewScanner(out)}
	t.Cleanup(func() {
		cmd.Process.Kill() // no harm when it has ended
		cmd.Wait()
	})
	return c
}

// line is the child's next line, or "" when it has ended.
func (c *child) line(t *testing.T) string {
	t.Helper()
	if !c.lines.Scan() {
		return ""
	}
	s := c.lines.Text()
	if strings.HasPrefix(s, "error ") {
		t.Fatal("child: ", s)
	}
	return s
}

// kill is kill -9.
func (c *child) kill(t *testing.T) {
	t.Helper()
	if err := c.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
}

// childHolder opens the store for writing, takes a claim, and holds it until it is killed or its input ends.
func childHolder(path, district string) error {
	s, err := Open(context.Background(), path, Options{Mark: Real})
	if err != nil {
		return err
	}
	if _, err := s.Log(district).Append(context.Background(), school.Any, "", []school.Event{{Kind: "held"}}, nil); err != nil {
		return err
	}
	fmt.Println("held", os.Getpid())
	io.Copy(io.Discard, os.Stdin)
	return s.Close()
}
