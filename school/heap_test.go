package school

import (
	"context"
	"runtime"
	"testing"
)

// heapOf is how many bytes a model of the log holds on the heap.
func heapOf(b *testing.B, log Log) int64 {
	b.Helper()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.GC() // what finalizers held goes with the second pass
	runtime.ReadMemStats(&before)
	m := NewModel()
	if err := log.Read(context.Background(), 0, m.Apply); err != nil {
		b.Fatal(err)
	}
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(m)
	return int64(after.HeapAlloc) - int64(before.HeapAlloc)
}
