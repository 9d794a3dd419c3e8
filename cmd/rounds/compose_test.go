package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rounds/school/logtest"
	"rounds/school/redislog"

	"github.com/goccy/go-yaml"
)

// The settings that docs/redis.md and docs/compose.yaml give are those that rounds serve asks for.
func TestDocumentedRedis(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(repoRoot(t), "docs", "redis.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, conf, ok := strings.Cut(string(page), "In `redis.conf`:\n\n```\n")
	conf, _, ok2 := strings.Cut(conf, "```")
	if !ok || !ok2 {
		t.Fatal("docs/redis.md has no lines for redis.conf")
	}
	file := filepath.Join(t.TempDir(), "redis.conf")
	if err := os.WriteFile(file, []byte(conf), 0o600); err != nil {
		t.Fatal(err)
	}
	opens := func(t *testing.T, address string) {
		t.Helper()
		s, err := redislog.Open(t.Context(), address, redislog.Options{Mark: redislog.Real})
		if err != nil {
			t.Fatal(err)
		}
		s.Close()
	}
	t.Run("redis.conf", func(t *testing.T) {
		opens(t, "redis://"+logtest.StartRedisConf(t, file).Addr)
	})
	t.Run("compose.yaml", func(t *testing.T) {
		text, err := os.ReadFile(filepath.Join(repoRoot(t), "docs", "compose.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		var compose struct {
			Services struct {
				Redis  struct{ Command []string }
				Rounds struct {
					Command     []string
					Environment map[string]string
				}
			}
		}
		if err := yaml.Unmarshal(text, &compose); err != nil {
			t.Fatal(err)
		}
		args := compose.Services.Redis.Command
		if i := slices.Index(args, "--requirepass"); i < 0 || args[0] != "redis-server" {
			t.Fatalf("the command of Redis is %q", args)
		} else {
			args[i+1] = hush
		}
		srv := logtest.StartRedis(t, args[1:]...)
		store := strings.NewReplacer("${REDIS_PASSWORD}", hush, "redis:6379", srv.Addr).Replace(compose.Services.Rounds.Environment["ROUNDS_STORE"])
		if !strings.Contains(store, srv.Addr) {
			t.Fatalf("the store is %q", store)
		}
		opens(t, store)
		if got := strings.Join(compose.Services.Rounds.Command, " "); got != "serve --config /district/district.yaml" {
			t.Errorf("replicas run %q", got)
		}
	})
}
