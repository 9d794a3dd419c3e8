package redislog

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// A server is a real redis-server of the test's own, in a folder of its own.
type server struct {
	addr string
	dir  string
	args []string
	cmd  *exec.Cmd
	out  *bytes.Buffer
}

// durable are the settings that Open asks for.
var durable = []string{"--appendonly", "yes", "--appendfsync", "always", "--save", ""}

// startRedis starts a redis-server and stops it when the test ends.
func startRedis(t testing.TB, args ...string) *server {
	t.Helper()
	return startRedisIn(t, t.TempDir(), args...)
}

// startRedisIn starts it in a folder that may hold what another one left.
func startRedisIn(t testing.TB, dir string, args ...string) *server {
	t.Helper()
	port := freePort(t)
	s := &server{addr: fmt.Sprintf("127.0.0.1:%d", port), dir: dir, args: append([]string{"--bind", "127.0.0.1", "--port", fmt.Sprint(port)}, args...)}
	s.start(t)
	t.Cleanup(func() { s.kill() })
	return s
}

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func (s *server) start(t testing.TB) {
	t.Helper()
	s.out = &bytes.Buffer{}
	s.cmd = exec.Command("redis-server", append([]string{"--dir", s.dir}, s.args...)...)
	s.cmd.Stdout, s.cmd.Stderr = s.out, s.out
	if err := s.cmd.Start(); err != nil {
		t.Fatalf("redis-server: %v (make tools installs it)", err)
	}
	s.await(t)
}

// await waits until the server answers. It asks again at once: a refused connection costs nothing.
func (s *server) await(t testing.TB) {
	t.Helper()
	c := s.client()
	defer c.Close()
	for end := time.Now().Add(30 * time.Second); ; {
		err := c.Ping(context.Background()).Err()
		if err == nil || isReply(err) && !refused(err) {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("redis-server does not answer: %v\n%s", err, s.out)
		}
	}
}

func (s *server) client() *redis.Client {
	return redis.NewClient(&redis.Options{Addr: s.addr, MaxRetries: -1, ReadTimeout: 30 * time.Second})
}

// kill ends the server as a power cut would end the process: at once.
func (s *server) kill() {
	if s.cmd != nil && s.cmd.Process != nil {
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait()
		s.cmd = nil
	}
}

var prefixes atomic.Int64

// fresh is an address at which there is nothing yet.
func (s *server) fresh() string {
	return fmt.Sprintf("redis://%s?prefix=p%d", s.addr, prefixes.Add(1))
}

// files is the content of every file of the server.
func (s *server) files(t testing.TB) map[string][]byte {
	t.Helper()
	content := map[string][]byte{}
	err := filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			return nil // the server puts old files away by itself
		}
		content[strings.TrimPrefix(path, s.dir)] = b
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// mustOpen opens a store, and closes it when the test ends.
func mustOpen(t testing.TB, address string, opts Options) *Store {
	t.Helper()
	if opts.Mark == "" {
		opts.Mark = Real
	}
	s, err := Open(context.Background(), address, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}
