package logtest

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A Redis is a real redis-server of a test's own.
type Redis struct {
	Addr string
	Dir  string // its files
	Cmd  *exec.Cmd

	args []string
	out  *bytes.Buffer
}

// Durable are the settings under which a redis-server keeps what it acknowledges.
var Durable = []string{"--appendonly", "yes", "--appendfsync", "always", "--save", ""}

// StartRedis starts a redis-server in a folder of its own, and kills it when the test ends.
func StartRedis(t testing.TB, args ...string) *Redis {
	t.Helper()
	return StartRedisIn(t, t.TempDir(), args...)
}

// StartRedisIn starts it in a folder that may hold what another one left.
func StartRedisIn(t testing.TB, dir string, args ...string) *Redis {
	t.Helper()
	port := FreePort(t)
	r := &Redis{Addr: fmt.Sprintf("127.0.0.1:%d", port), Dir: dir, args: append([]string{"--dir", dir, "--bind", "127.0.0.1", "--port", fmt.Sprint(port)}, args...)}
	r.Start(t)
	t.Cleanup(r.Kill)
	return r
}

// StartRedisConf starts it with a redis.conf.
func StartRedisConf(t testing.TB, conf string) *Redis {
	t.Helper()
	dir, port := t.TempDir(), FreePort(t)
	r := &Redis{Addr: fmt.Sprintf("127.0.0.1:%d", port), Dir: dir, args: []string{conf, "--dir", dir, "--bind", "127.0.0.1", "--port", fmt.Sprint(port)}}
	r.Start(t)
	t.Cleanup(r.Kill)
	return r
}

// StartSentinel starts a Sentinel that watches the master, which it calls main.
func StartSentinel(t testing.TB, master *Redis) *Redis {
	t.Helper()
	dir, port := t.TempDir(), FreePort(t)
	host, at, _ := strings.Cut(master.Addr, ":")
	conf := filepath.Join(dir, "sentinel.conf")
	text := fmt.Sprintf("bind 127.0.0.1\nport %d\ndir %s\nsentinel monitor main %s %s 2\nsentinel down-after-milliseconds main 1000\nsentinel failover-timeout main 5000\nsentinel parallel-syncs main 1\n", port, dir, host, at)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	r := &Redis{Addr: fmt.Sprintf("127.0.0.1:%d", port), Dir: dir, args: []string{conf, "--sentinel"}}
	r.Start(t)
	t.Cleanup(r.Kill)
	return r
}

// FreePort is a port of the loopback address that nobody listens on.
func FreePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// server is the program that is started: redis-server, or what REDIS_SERVER names, a Valkey say.
func server() string { return cmp.Or(os.Getenv("REDIS_SERVER"), "redis-server") }

// Start starts the server again, after a Kill, and waits until it answers.
func (r *Redis) Start(t testing.TB) {
	t.Helper()
	r.out = &bytes.Buffer{}
	r.Cmd = exec.Command(server(), r.args...)
	r.Cmd.Stdout, r.Cmd.Stderr = r.out, r.out
	if err := r.Cmd.Start(); err != nil {
		t.Fatalf("redis-server: %v (make tools installs it)", err)
	}
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); !r.answers(); <-tick.C {
		if time.Now().After(end) {
			t.Fatalf("redis-server does not answer:\n%s", r.out)
		}
	}
}

// answers tells whether the server has its data loaded and takes commands.
func (r *Redis) answers() bool {
	c, err := net.DialTimeout("tcp", r.Addr, time.Second)
	if err != nil {
		return false
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(patience))
	if _, err := fmt.Fprint(c, "PING\r\n"); err != nil {
		return false
	}
	line, err := bufio.NewReader(c).ReadString('\n')
	return err == nil && !strings.HasPrefix(line, "-LOADING")
}

// Kill ends the process at once.
func (r *Redis) Kill() {
	if r.Cmd != nil {
		_ = r.Cmd.Process.Kill()
		_ = r.Cmd.Wait()
		r.Cmd = nil
	}
}

// Files is the content of every file of the server, by name.
func (r *Redis) Files(t testing.TB) map[string][]byte {
	t.Helper()
	content := map[string][]byte{}
	err := filepath.WalkDir(r.Dir, func(path string, d fs.DirEntry, err error) error {
		if os.IsNotExist(err) {
			return nil // the server puts old files away by itself
		}
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			return nil
		}
		content[strings.TrimPrefix(path, r.Dir)] = b
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return content
}
