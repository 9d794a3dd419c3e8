package bot

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"
)

// sharedKeep is a Keep that two replicas share. Its time is set by the test, and it may be away.
type sharedKeep struct {
	mu    sync.Mutex
	now   time.Time
	until map[string]time.Time
	away  error
}

func (k *sharedKeep) PutIfAbsent(ctx context.Context, key string, value []byte, ttl time.Duration, subject string) (bool, error) {
	k.mu.Lock()
	there := k.until[key].After(k.now)
	k.mu.Unlock()
	if there || k.away != nil {
		return false, k.away
	}
	return true, k.Put(ctx, key, value, ttl, subject)
}

func (k *sharedKeep) Put(_ context.Context, key string, _ []byte, ttl time.Duration, _ string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.away == nil {
		k.until[key] = k.now.Add(ttl)
	}
	return k.away
}

func (k *sharedKeep) Get(_ context.Context, key string) ([]byte, bool, error) {
	return nil, k.until[key].After(k.now), k.away
}

func (k *sharedKeep) List(context.Context, string, func(string, []byte) error) error { return k.away }

func (k *sharedKeep) Delete(_ context.Context, key string) error {
	delete(k.until, key)
	return k.away
}

// onceBenches are two replicas that answer every text in its room.
func onceBenches(t *testing.T, keep *sharedKeep) (replicas [2]*bench) {
	for i := range replicas {
		replicas[i] = onBench(t, func(c *RouterConfig) { c.Keep = func(District) Keep { return keep } }, Command{
			Name: "ask", Summary: "Asks.", Subs: []Sub{{Name: "what", Summary: "Asks.", Example: "/ask what", Run: func(context.Context, Call) (Answer, error) { return Nothing{}, nil }}},
			Text: func(context.Context, Call) (Answer, error) { return Say{OpenCard(Text{Text: "Here it is."})}, nil },
		})
	}
	return replicas
}

// TestMessageAnsweredOnce: a message that the service sends again is answered by one replica, and by a later process only
// where the first died before it had answered.
func TestMessageAnsweredOnce(t *testing.T) {
	keep := &sharedKeep{now: noon, until: map[string]time.Time{}}
	b := onceBenches(t, keep)
	mention := Call{Kind: Message, ID: "fake:W1:Ev1", Room: leaders, Text: "what is a PLC?"}
	if got := b[0].take(mention); !strings.Contains(got, "Here it is.") {
		t.Fatalf("the first replica says %q", got)
	}
	if got := b[0].take(mention); !strings.Contains(got, "Here it is.") { // the same process gives the same answer, which its platform knows
		t.Errorf("the first replica, asked again: %q", got)
	}
	keep.now = keep.now.Add(rememberCalls - time.Second)
	if a, ok := b[1].answer(mention).(Nothing); !ok || b[1].Stats().Duplicates != 1 {
		t.Errorf("the second replica answers %v", a)
	}
	other := mention
	other.ID = "fake:W1:Ev2"
	if got := b[1].take(other); !strings.Contains(got, "Here it is.") {
		t.Errorf("another message: %q", got)
	}
	// A process that died in the midst of an answer left this.
	died := mention
	died.ID, died.District, died.From = "fake:W1:Ev3", "d1", ana
	if !b[0].first(t.Context(), died) {
		t.Fatal("a fresh message was answered before")
	}
	if _, ok := b[1].answer(died).(Nothing); !ok {
		t.Error("two replicas are at one message")
	}
	keep.now = keep.now.Add(b[0].cfg.Limit + onceGrace)
	if got := onceBenches(t, keep)[0].take(died); !strings.Contains(got, "Here it is.") {
		t.Errorf("a message that nobody answered: %q", got)
	}
	// Answered twice is better than not at all; and other calls leave no mark.
	keep.away = errors.New("the store is away")
	away := mention
	away.ID = "fake:W1:Ev4"
	if got := b[0].take(away); !strings.Contains(got, "Here it is.") {
		t.Errorf("while the store is away: %q", got)
	}
	keep.away = nil
	n := len(keep.until)
	b[0].take(Call{Kind: CommandCall, ID: "fake:W1:C1", Command: "ask", Room: leaders})
	if len(keep.until) != n {
		t.Error("a command left a mark")
	}
	for key := range keep.until {
		if strings.Contains(key, "ana") || strings.Contains(key, "Ev") {
			t.Errorf("the key %s says who wrote what", key)
		}
	}
}
