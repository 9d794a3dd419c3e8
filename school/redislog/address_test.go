package redislog

import (
	"strings"
	"testing"
)

func TestParseAddress(t *testing.T) {
	for _, test := range []struct {
		text, addrs, user, password, master, prefix string
		db                                          int
		tls, cluster                                bool
	}{
		{text: "redis://localhost", addrs: "localhost:6379", prefix: "rounds"},
		{text: "redis://10.0.0.5:7000/3?prefix=acme", addrs: "10.0.0.5:7000", prefix: "acme", db: 3},
		{text: "rediss://app:p%40ss%2Fword@redis.example.org", addrs: "redis.example.org:6379", user: "app", password: "p@ss/word", prefix: "rounds", tls: true},
		{text: "redis://:secret@[::1]:6380/0", addrs: "[::1]:6380", password: "secret", prefix: "rounds"},
		{text: "redis://[::1]", addrs: "[::1]:6379", prefix: "rounds"},
		{text: "redis+sentinel://a,b:1,c/main/2?sentinel_password=x", addrs: "a:26379 b:1 c:26379", master: "main", db: 2, prefix: "rounds"},
		{text: "rediss+cluster://u:p@a,b,c:7001", addrs: "a:6379 b:6379 c:7001", user: "u", password: "p", prefix: "rounds", tls: true, cluster: true},
	} {
		a, err := ParseAddress(test.text)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		o := a.options
		if got := strings.Join(o.Addrs, " "); got != test.addrs || o.Username != test.user || o.Password != test.password || o.MasterName != test.master ||
			o.DB != test.db || a.prefix != test.prefix || (o.TLSConfig != nil) != test.tls || a.cluster != test.cluster {
			t.Errorf("%s: %q %q %q %q %d %q", test.text, got, o.Username, o.Password, o.MasterName, o.DB, a.prefix)
		}
		if test.password != "" && test.password != "p" && strings.Contains(a.String(), test.password) {
			t.Errorf("%s is shown with its password: %s", test.text, a)
		}
		if !Is(test.text) {
			t.Errorf("%s is taken for a file", test.text)
		}
	}
	for _, name := range []string{"rounds.db", "/var/lib/rounds.db", `C:\rounds.db`, "file:rounds.db"} {
		if Is(name) {
			t.Errorf("%s is taken for a Redis", name)
		}
	}
}

// badAddresses and what their errors name.
var badAddresses = map[string]string{
	"redis//x":                         "begins with redis://",
	"redis+magic://x":                  "is not a kind of Redis address",
	"redis://":                         "names no host",
	"redis://a,,b":                     "names no host",
	"redis://a,b":                      "several hosts",
	"redis://x:port":                   "is not a host and a port",
	"redis://x:99999":                  "is not a host and a port",
	"redis://x/two":                    "is not the number of a Redis database",
	"redis://x/1/2":                    "is not understood",
	"redis+cluster://x/1":              "is not understood",
	"redis+sentinel://x":               "names the master",
	"redis://x?prefix=":                "1 to 100 characters",
	"redis://x?prefix=a{b}":            "without braces",
	"redis://x?timeout=3":              `"timeout" is not known`,
	"redis://x?sentinel_password=y":    "is not known",
	"redis://us%er:hush-hush@x":        "percent-encoded",
	"redis://user:hush-hush@x:y":       "is not a host and a port",
	"redis://user:hush-hush@x?time=%y": "cannot be read",
}

func TestBadAddresses(t *testing.T) {
	for text, want := range badAddresses {
		if _, err := ParseAddress(text); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// FuzzAddress: whatever is read gives hosts with ports, and is never shown with its password.
func FuzzAddress(f *testing.F) {
	for text := range badAddresses {
		f.Add(text)
	}
	f.Add("redis+sentinel://:pa55word@a,b/main/2?sentinel_password=x")
	f.Fuzz(func(t *testing.T, text string) {
		a, err := ParseAddress(text)
		if err != nil {
			return
		}
		if len(a.options.Addrs) == 0 || a.prefix == "" {
			t.Errorf("%q: no host or no prefix", text)
		}
		if p := a.options.Password; len(p) > 6 && strings.Count(a.String(), p) >= strings.Count(text, p) && strings.Count(text, p) > 0 {
			t.Errorf("%q is shown as %q", text, a)
		}
	})
}
