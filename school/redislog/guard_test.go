package redislog

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"rounds/school"
	"rounds/school/logtest"

	"github.com/redis/go-redis/v9"
)

// TestGuard: a server that can lose acknowledged records is refused, and the error says what to set.
func TestGuard(t *testing.T) {
	srv := logtest.StartRedis(t, durable...)
	admin := client(t, srv)

	set := func(t *testing.T, pairs ...string) {
		t.Helper()
		for i := 0; i < len(pairs); i += 2 {
			if err := admin.ConfigSet(t.Context(), pairs[i], pairs[i+1]).Err(); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, test := range []struct {
		name string
		set  []string
		want string // "" for no objection
	}{
		{"safe", nil, ""},
		{"no append-only file", []string{"appendonly", "no"}, "appendonly is no, not yes"},
		{"synced by the second", []string{"appendfsync", "everysec"}, "appendfsync is everysec, not always"},
		{"synced by the kernel", []string{"appendfsync", "no"}, "appendfsync is no, not always"},
		{"not synced during a rewrite", []string{"no-appendfsync-on-rewrite", "yes"}, "no-appendfsync-on-rewrite is yes, not no"},
		{"evicts", []string{"maxmemory", "100mb", "maxmemory-policy", "allkeys-lru"}, "maxmemory-policy is allkeys-lru, not noeviction"},
		{"would evict, but has no limit", []string{"maxmemory-policy", "allkeys-lru"}, ""},
		{"limited, without eviction", []string{"maxmemory", "100mb"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			set(t, "appendonly", "yes", "appendfsync", "always", "no-appendfsync-on-rewrite", "no", "maxmemory", "0", "maxmemory-policy", "noeviction")
			set(t, test.set...)
			address := fresh(srv)
			s, err := Open(t.Context(), address, Options{Mark: Real})
			if test.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				s.Close()
				return
			}
			if !errors.Is(err, ErrUnsafe) || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "--redis-accept-loss") {
				t.Fatalf("%v, want %q", err, test.want)
			}
			if n := admin.Exists(t.Context(), strings.SplitAfter(address, "prefix=")[1]+":store").Val(); n != 0 {
				t.Error("a refused server was written to")
			}
			mustOpen(t, address, Options{AcceptLoss: true})
		})
	}
}

// TestReplicaOfRedis: what is written to a replica goes when it next follows its master, so that nobody may, whatever they accept.
// Reading from one is allowed.
func TestReplicaOfRedis(t *testing.T) {
	master := logtest.StartRedis(t, append(durable, atOnce...)...)
	host, port, _ := strings.Cut(master.Addr, ":")
	mustOpen(t, "redis://"+master.Addr, Options{}).Close()
	for _, writes := range []string{"yes", "no"} {
		replica := logtest.StartRedis(t, append(durable, "--replicaof", host+" "+port, "--replica-read-only", writes)...)
		awaitReplicas(t, master, 1)
		for _, accept := range []bool{false, true} {
			_, err := Open(t.Context(), "redis://"+replica.Addr, Options{Mark: Real, AcceptLoss: accept})
			if !errors.Is(err, school.ErrReadOnly) || !strings.Contains(err.Error(), "is a replica") || !strings.Contains(err.Error(), "redis+sentinel://") {
				t.Errorf("a replica opened for writing (read-only %s, accept loss %v): %v", writes, accept, err)
			}
		}
		s, err := Open(t.Context(), "redis://"+replica.Addr, Options{Mark: Real, ReadOnly: true})
		if err != nil {
			t.Fatalf("a replica opened for reading: %v", err)
		}
		is, err := s.Settings(t.Context())
		if err != nil || !slices.Contains(is, Setting{Node: replica.Addr, Name: "role", Value: "slave", Need: "master"}) {
			t.Errorf("settings of a replica: %v %v", is, err)
		}
		s.Close()
		replica.Kill()
	}
}

// TestForbiddenSettings: where the settings may not be read nothing is assumed.
func TestForbiddenSettings(t *testing.T) {
	srv := logtest.StartRedis(t, durable...)
	admin := client(t, srv)

	rule := []any{"ACL", "SETUSER", "rounds", "on", ">s3cret:@/", "~rounds:*", "~{rounds:*", "+@all", "-config", "-bgrewriteaof", "-@dangerous", "+info", "+keys"}
	if err := admin.Do(t.Context(), rule...).Err(); err != nil {
		t.Fatal(err)
	}
	address := "redis://rounds:s3cret%3A%40%2F@" + srv.Addr
	_, err := Open(t.Context(), address, Options{Mark: Real})
	if !errors.Is(err, ErrUnsafe) || strings.Contains(err.Error(), "s3cret") {
		t.Fatalf("settings that may not be read: %v", err)
	}
	s := mustOpen(t, address, Options{AcceptLoss: true})
	l := s.Log("d")
	note := school.Text{Key: "k", Kind: "note", Subject: "p1", Body: "words"}
	if _, err := l.Append(t.Context(), 0, "c", fact(1), []school.Text{note}); err != nil {
		t.Fatalf("a user with its own keys only: %v", err)
	}
	if n, err := l.DeleteTexts(t.Context(), "p1"); n != 1 || err != nil {
		t.Fatalf("a user that may not rewrite: %d %v", n, err)
	}
	// The user of docs/redis.md may do all that Rounds does, and no more.
	rule = []any{"ACL", "SETUSER", "documented", "on", ">s3cret"}
	for word := range strings.FieldsSeq(documentedUser(t)) {
		rule = append(rule, word)
	}
	if err := admin.Do(t.Context(), rule...).Err(); err != nil {
		t.Fatal(err)
	}
	address = "redis://documented:s3cret@" + srv.Addr
	s = mustOpen(t, address, Options{})
	moved := s.Log("moved").(school.Mover)
	if _, err := school.Move(t.Context(), everything(t), moved); err != nil {
		t.Fatalf("the documented user cannot move a record in: %v", err)
	}
	if _, err := school.Move(t.Context(), moved, school.NewMemLog(nil)); err != nil {
		t.Fatalf("the documented user cannot move a record out: %v", err)
	}
	c, ok, err := moved.Claim(t.Context(), "k", "me", block)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	if c, ok, err = moved.Renew(t.Context(), c, block); err != nil || !ok {
		t.Fatal(ok, err)
	}
	if ok, err := moved.Done(t.Context(), c, true); err != nil || !ok {
		t.Fatal(ok, err)
	}
	if _, err := moved.Forget(t.Context(), "p1"); err != nil {
		t.Error(err)
	}
	if _, err := moved.DeleteTexts(t.Context(), "p1"); err != nil {
		t.Error(err)
	}
	if err := moved.Delete(t.Context(), "v"); err != nil {
		t.Error(err)
	}
	if err := moved.List(t.Context(), "", func(string, []byte) error { return nil }); err != nil {
		t.Error(err)
	}
	as := redis.NewClient(&redis.Options{Addr: srv.Addr, Username: "documented", Password: "s3cret"})
	defer as.Close()
	for _, beyond := range [][]any{{"GET", "somebody:else"}, {"FLUSHALL"}, {"CONFIG", "SET", "appendonly", "no"}, {"SHUTDOWN"}, {"ACL", "LIST"}, {"KEYS", "*"}} {
		if err := as.Do(t.Context(), beyond...).Err(); !redis.HasErrorPrefix(err, "NOPERM") {
			t.Errorf("the documented user may %v: %v", beyond, err)
		}
	}
	_, err = Open(t.Context(), "redis://rounds:wrong@"+srv.Addr, Options{Mark: Real})
	if err == nil || !strings.Contains(err.Error(), "WRONGPASS") || strings.Contains(err.Error(), "wrong@") {
		t.Fatalf("a wrong password: %v", err)
	}
}

// documentedUser is the rule for Rounds' own user that docs/redis.md gives.
func documentedUser(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile("../../docs/redis.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rule, ok := strings.Cut(string(page), "\nuser rounds on >PASSWORD ")
	if !ok {
		t.Fatal("docs/redis.md has no line of a user")
	}
	rule, _, _ = strings.Cut(rule, "\n")
	return rule
}

// everything is a log with some of all that a log holds.
func everything(t *testing.T) school.Mover {
	t.Helper()
	l := school.NewMemLog(nil)
	_, err := l.Append(t.Context(), school.Any, "c", fact(1), []school.Text{{Key: "k", Kind: "note", Subject: "p1", Body: "words"}})
	_, _, cerr := l.Claim(t.Context(), "k", "me", time.Minute)
	if err := errors.Join(err, cerr, l.Put(t.Context(), "v", []byte("value"), time.Hour, "p1")); err != nil {
		t.Fatal(err)
	}
	return l
}

// TestMarks: a demo is no real store, and what is not ours is left alone.
func TestMarks(t *testing.T) {
	srv := logtest.StartRedis(t, durable...)
	address := fresh(srv)
	mustOpen(t, address, Options{Mark: Demo}).Close()
	if _, err := Open(t.Context(), address, Options{Mark: Real}); !errors.Is(err, school.ErrForeign) {
		t.Errorf("a demo opened as real: %v", err)
	}
	if _, err := Open(t.Context(), fresh(srv), Options{Mark: Real, ReadOnly: true}); !errors.Is(err, school.ErrForeign) {
		t.Errorf("nothing opened for reading: %v", err)
	}
	admin := client(t, srv)

	admin.Set(t.Context(), "other:store", "a string", 0)
	if _, err := Open(t.Context(), "redis://"+srv.Addr+"?prefix=other", Options{Mark: Real}); !errors.Is(err, school.ErrForeign) {
		t.Errorf("another program's key: %v", err)
	}
	admin.HSet(t.Context(), "newer:store", "mark", "real", "format", "9")
	if _, err := Open(t.Context(), "redis://"+srv.Addr+"?prefix=newer", Options{Mark: Real}); !errors.Is(err, school.ErrForeign) || !strings.Contains(err.Error(), "newer") {
		t.Errorf("a newer format: %v", err)
	}
}

// TestFull: a server without memory left refuses to write, and keeps what it has.
func TestFull(t *testing.T) {
	srv := logtest.StartRedis(t, append(durable, "--maxmemory", "3mb", "--maxmemory-policy", "noeviction")...)
	l := mustOpen(t, fresh(srv), Options{}).Log("d")
	var err error
	n := 0
	big := school.Text{Key: "", Kind: "note", Subject: "p", Body: strings.Repeat("x", 100_000)}
	for ; err == nil && n < 1000; n++ {
		big.Key = strings.Repeat("k", n+1)
		_, err = l.Append(t.Context(), int64(n), "", fact(n), []school.Text{big})
	}
	if !errors.Is(err, school.ErrFull) {
		t.Fatalf("after %d appends: %v", n, err)
	}
	if v, err := l.Version(t.Context()); err != nil || v != int64(n-1) {
		t.Errorf("version %d (%v) after %d acknowledged appends", v, err, n-1)
	}
	texts, err := l.Texts(t.Context(), big.Key)
	if err != nil || len(texts) != 0 {
		t.Errorf("a refused append left its text: %v", err)
	}
}

// TestDamage: an entry that is not as it was written, or is missing, is an error and never a wrong record.
func TestDamage(t *testing.T) {
	srv := logtest.StartRedis(t, durable...)
	admin := client(t, srv)

	read := func(l school.Log) error {
		return l.Read(t.Context(), 0, func(school.Event) error { return nil })
	}
	for name, harm := range map[string]func(key string){
		"changed": func(key string) {
			all := admin.XRange(t.Context(), key, "-", "+").Val()
			admin.Del(t.Context(), key)
			all[3].Values["e"] = strings.Replace(all[3].Values["e"].(string), `"n":3`, `"n":4`, 1)
			for _, x := range all {
				admin.XAdd(t.Context(), &redis.XAddArgs{Stream: key, ID: x.ID, Values: x.Values})
			}
		},
		"missing": func(key string) { admin.XDel(t.Context(), key, "0-2") },
		"not ours": func(key string) {
			admin.XAdd(t.Context(), &redis.XAddArgs{Stream: key, ID: "*", Values: []any{"a", "b"}})
		},
		"first gone":  func(key string) { admin.XTrimMinID(t.Context(), key, "0-2") },
		"other shape": func(key string) { admin.Del(t.Context(), key); admin.Set(t.Context(), key, "x", 0) },
	} {
		t.Run(name, func(t *testing.T) {
			s := mustOpen(t, fresh(srv), Options{})
			l := s.Log("d")
			for i := range 4 {
				if _, err := l.Append(t.Context(), int64(i), "", fact(i), nil); err != nil {
					t.Fatal(err)
				}
			}
			if err := read(l); err != nil {
				t.Fatal(err)
			}
			harm(l.(*log).tag + ":log")
			err := read(l)
			if !errors.Is(err, ErrDamaged) && !errors.Is(err, school.ErrForeign) {
				t.Errorf("reading a log that was harmed (%s): %v", name, err)
			}
		})
	}
}
