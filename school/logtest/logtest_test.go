package logtest

import (
	"sync"
	"testing"
	"time"

	"rounds/school"
)

// TestMemLog: the suite holds for the log in memory, whose test cannot stand in package school.
func TestMemLog(t *testing.T) {
	Test(t, func(t *testing.T) Harness {
		clock := NewClock()
		return Harness{
			Open:     func(t *testing.T) Store { return &memStore{now: clock.Now, logs: map[string]*school.MemLog{}} },
			Advance:  clock.Advance,
			Lease:    time.Minute,
			Volatile: true,
		}
	})
}

// memStore is a MemLog a district.
type memStore struct {
	now  func() time.Time
	mu   sync.Mutex
	logs map[string]*school.MemLog
}

func (s *memStore) Log(district string) school.Log {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.logs[district] == nil {
		s.logs[district] = school.NewMemLog(s.now)
	}
	return s.logs[district]
}

func (s *memStore) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.logs {
		l.Close()
	}
	return nil
}
