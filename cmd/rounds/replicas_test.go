package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rounds/school"
	"rounds/school/logtest"
	"rounds/school/redislog"
	"rounds/seeds"
)

// TestReplicas serves one district from three processes on one Redis. Commands go to any of them; meanwhile one after the
// other is killed and started again, Redis itself is killed twice, and one replica is cut off from it for a while. In the end every
// acknowledged command is in the log once, the three models are equal, and each scheduled post was sent once.
func TestReplicas(t *testing.T) {
	t.Parallel() // it waits for other processes most of the time
	b := newReplicaBench(t)
	for i := range b.replicas {
		b.start(i)
	}
	b.link()
	stop := make(chan struct{})
	var harm, work sync.WaitGroup
	harm.Go(func() { b.harm(stop) })
	began := time.Now()
	for w := range 8 {
		work.Go(func() { b.work(w, *replicaCommands/8) })
	}
	work.Wait()
	took := time.Since(began)
	b.until(10*time.Minute, func() bool { return len(b.scheduled()) >= *replicaPosts })
	close(stop)
	harm.Wait()
	for i := range b.replicas {
		b.awaitReady(i)
	}
	b.until(2*time.Minute, b.equal)
	b.settle()
	b.judge(took)
}

// A replica is one rounds serve, killed and started again in turn.
type replica struct {
	addr, model, store string
	mu                 sync.Mutex // guards child
	child              *exec.Cmd
}

type replicaBench struct {
	*killBench
	redis    *logtest.Redis
	proxy    *logtest.Proxy // between the last replica and Redis
	replicas [3]*replica
	seed     uint64
	kills    int
}

func newReplicaBench(t *testing.T) *replicaBench {
	b := &replicaBench{killBench: newKillBench(t), redis: logtest.StartRedis(t, logtest.Durable...), seed: uint64(time.Now().UnixNano())}
	t.Logf("seed %d", b.seed)
	b.edit("district.yaml", `plan:    {on: first school day, time: "07:30"}`, `plan:    {cron: "* * * * *"}`, "weekly_cap: 10 ", "weekly_cap: 100 ")
	b.proxy = logtest.StartProxy(t, b.redis.Addr)
	for i := range b.replicas {
		at := b.redis.Addr
		if i == len(b.replicas)-1 {
			at = b.proxy.Addr()
		}
		b.replicas[i] = &replica{addr: freeAddr(t), model: freeAddr(t), store: "redis://" + at}
	}
	b.before()
	b.slack.set(func() {
		for i, mail := range leaders(t, b.dir) {
			b.slack.users[fmt.Sprintf("U%02dLEAD", i)] = mail
		}
	})
	return b
}

// before applies the files a day before the replicas start: a rule in cron text holds from the day after it was set.
func (b *replicaBench) before() {
	b.t.Helper()
	ctx := context.Background()
	cfg, err := LoadConfig(filepath.Join(b.dir, "district.yaml"))
	if err != nil {
		b.t.Fatal(err)
	}
	book, _, done, err := storeFlags{Store: "redis://" + b.redis.Addr}.book(ctx, cfg.District.ID, opening{})
	if err != nil {
		b.t.Fatal(err)
	}
	defer done()
	if _, err := ApplyFiles(ctx, book, cfg, schoolClock().AddDate(0, 0, -1)); err != nil {
		b.t.Fatal(err)
	}
}

// leaders lists the addresses of the made-up district's leaders, but for the coach whose commands the test sends.
func leaders(t *testing.T, dir string) (out []string) {
	t.Helper()
	book, done, err := openFor(context.Background(), filepath.Join(dir, "district.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	_ = book.Read(func(m *school.Model) {
		for _, p := range m.People() {
			if p.Now().Role.Leader() && p.Email != "alice@example.com" {
				out = append(out, p.Email)
			}
		}
	})
	return out
}

func (b *replicaBench) edit(name string, pairs ...string) {
	b.t.Helper()
	path := filepath.Join(b.dir, name)
	data, err := os.ReadFile(path)
	if err != nil {
		b.t.Fatal(err)
	}
	text := string(data)
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			b.t.Fatalf("%s has no %q", name, pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// start starts a replica; it may take a while until it is ready.
func (b *replicaBench) start(i int) {
	r := b.replicas[i]
	child := b.child("ROUNDS_TEST_LEASE=3s", "ROUNDS_TEST_MODEL="+r.model, "ROUNDS_STORE="+r.store, "ROUNDS_LISTEN="+r.addr)
	log, err := os.OpenFile(filepath.Join(b.dir, fmt.Sprintf("replica%d.log", i)), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		b.t.Error(err)
		return
	}
	defer log.Close()
	child.Stdout, child.Stderr = log, log
	if err := child.Start(); err != nil {
		b.t.Error(err)
		return
	}
	r.mu.Lock()
	r.child = child
	r.mu.Unlock()
	b.t.Cleanup(func() { b.kill(i) })
}

func (b *replicaBench) kill(i int) {
	r := b.replicas[i]
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.child != nil {
		_ = r.child.Process.Kill()
		_ = r.child.Wait()
		r.child = nil
	}
}

// awaitReady waits until a replica answers; one that ended because Redis was away when it started is started again, as
// whoever keeps services running does.
func (b *replicaBench) awaitReady(i int) {
	r := b.replicas[i]
	tries := 0
	ok := b.until(time.Minute, func() bool {
		resp, err := b.sign.client.Get("http://" + r.addr + "/readyz")
		if err == nil {
			_ = resp.Body.Close()
			return resp.StatusCode == 200
		}
		if tries++; tries%100 == 0 {
			b.kill(i)
			b.start(i)
		}
		return false
	})
	if !ok {
		log, _ := os.ReadFile(filepath.Join(b.dir, fmt.Sprintf("replica%d.log", i)))
		b.t.Fatalf("replica %d does not get ready:\n%s", i, log[max(0, len(log)-2000):])
	}
}

// at signs for a replica.
func (b *replicaBench) at(i int) *slackSigner {
	s := *b.sign
	s.base = "http://" + b.replicas[i].addr
	return &s
}

// to sends a command to a replica and tells its answer.
func (b *replicaBench) to(i int, user, command, text, trigger string) string {
	return b.at(i).command(user, command, text, trigger)
}

// link has everybody write once, so that they can be told of things.
func (b *replicaBench) link() {
	for i := range b.replicas {
		b.awaitReady(i)
	}
	b.slack.mu.Lock()
	ids := slices.Sorted(maps.Keys(b.slack.users))
	b.slack.mu.Unlock()
	for n, id := range ids {
		b.to(n%len(b.replicas), id, "/rounds", "help", "hello."+id)
	}
}

// work logs visits, each until it is acknowledged, at a replica chosen anew each time; some are sent again afterwards.
func (b *replicaBench) work(worker, n int) {
	rnd := rand.New(rand.NewPCG(b.seed, uint64(worker)))
	names := slices.Sorted(maps.Values(b.users))
	pause := *replicaTime / time.Duration(n)
	for i := range n {
		<-time.After(time.Duration(rnd.Int64N(int64(2 * pause))))
		mark := fmt.Sprintf("glowmark-%d-%s", worker, strconv.FormatInt(int64(i), 36)) // “504” would be asked about
		text := "log @" + names[i%len(names)] + " 12m glow:" + mark
		answer := ""
		acked := b.until(2*time.Minute, func() bool {
			answer = b.to(rnd.IntN(len(b.replicas)), "U01ALICE", "/observe", text, mark)
			return strings.Contains(answer, "Saved")
		})
		if !acked {
			b.t.Errorf("command %s was never acknowledged; the last answer: %.300s", mark, answer)
			return
		}
		b.mu.Lock()
		b.acked[mark] = true
		b.mu.Unlock()
		if i%40 == worker {
			b.press(b.at(rnd.IntN(len(b.replicas))), answer, "Share now", mark)
		}
		if i%5 == 0 {
			b.to(rnd.IntN(len(b.replicas)), "U01ALICE", "/observe", text, mark) // a retry by the service
		}
	}
}

// harm kills and starts replicas in turn until it is told to stop, kills Redis twice, and cuts one replica off once.
func (b *replicaBench) harm(stop <-chan struct{}) {
	rnd := rand.New(rand.NewPCG(b.seed, 99))
	for n := 0; ; n++ {
		select {
		case <-stop:
			return
		case <-time.After(time.Duration(1500+rnd.IntN(2500)) * time.Millisecond):
		}
		switch n {
		case 1, 4:
			b.redis.Kill()
			b.redis.Start(b.t)
		case 2:
			b.proxy.Partition(true)
			<-time.After(4 * time.Second)
			b.proxy.Partition(false)
		default:
			i := rnd.IntN(len(b.replicas))
			b.kill(i)
			b.start(i)
			b.kills++
			b.awaitReady(i)
		}
	}
}

// scheduled are the posts that stand and that the clock began by itself: envelopes of the plan.
func (b *replicaBench) scheduled() (out []slackPost) {
	for _, p := range b.slack.stored() {
		if strings.Contains(p.Channel, "LEAD") || strings.Contains(p.Channel, "ALICE") {
			out = append(out, p)
		}
	}
	return out
}

// equal tells whether the three models are at one version, and are then the same.
func (b *replicaBench) equal() bool {
	var models []string
	for _, r := range b.replicas {
		resp, err := http.Get("http://" + r.model)
		if err != nil {
			return false
		}
		body, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		models = append(models, string(body))
	}
	versions := map[string]bool{}
	for _, m := range models {
		v, _, _ := strings.Cut(m, " ")
		versions[v] = true
	}
	if len(versions) > 1 {
		return false
	}
	if models[0] != models[1] || models[1] != models[2] {
		b.t.Errorf("three models at one version differ: %q", models)
	}
	return true
}

// judge reads the log itself and compares.
func (b *replicaBench) judge(took time.Duration) {
	t, ctx := b.t, context.Background()
	for i := range b.replicas {
		b.kill(i)
	}
	store, err := redislog.Open(ctx, "redis://"+b.redis.Addr, redislog.Options{Mark: redislog.Real, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	logged, _, sent := totals(t, store.Log(seeds.DemoDistrict))
	b.once(logged)
	markers := map[string]int{}
	for _, p := range b.slack.stored() {
		if markers[p.Marker]++; markers[p.Marker] > 1 {
			t.Errorf("one occurrence was posted %d times", markers[p.Marker])
		}
		if bytes.Contains([]byte(p.Body), []byte("glowmark")) {
			t.Error("a stored message holds part of a record")
		}
	}
	if len(markers) != len(sent) {
		t.Errorf("%d occurrences are recorded as sent, %d messages stand", len(sent), len(markers))
	}
	if n := len(b.scheduled()); n < *replicaPosts || len(b.acked) < *replicaCommands/8*8 {
		t.Errorf("too little happened for a proof: %d scheduled posts, %d commands acknowledged", n, len(b.acked))
	}
	if len(markers) <= len(b.scheduled()) {
		t.Errorf("%d posts, %d of them scheduled: no note was told of", len(markers), len(b.scheduled()))
	}
	t.Logf("3 replicas, %d kills of one, 2 of Redis, 1 partition: %d commands acknowledged in %s, each in the log once; %d posts, %d of them scheduled, each sent once; three equal models",
		b.kills, len(b.acked), took.Round(time.Second), len(markers), len(b.scheduled()))
}
