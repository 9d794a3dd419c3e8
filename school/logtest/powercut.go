//go:build powercut && linux

package logtest

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// A power cut takes from a file system what the kernel had not written to the disk yet, which kill -9 does not: the
// kernel keeps what a dead process wrote. Here it is played with a file as the disk:
//
//	process ── writes, syncs ──> ext4 ── what was synced ──> loop device ──> disk.img
//	   │ SIGSTOP                                                               │ copied
//	   ▼                                                                       ▼
//	what was acknowledged  <────────────── compared ──────────────  ext4 (recovers) on the copy
//
// It needs root and loop devices, so that it is built only with the tag powercut; see the make target.

var (
	cuts    = flag.Int("cuts", 100, "how many power cuts")
	cutSeed = flag.Uint64("cuts.seed", 0, "seed of the moments of the cuts (0: a new one, printed)")
)

// A Writer writes to a folder on the disk that will lose its power, and remembers what was acknowledged.
type Writer interface {
	// Stop freezes what writes once so many commands are acknowledged.
	Stop(t *testing.T, after int)
	// End kills it, and gives the number of commands that were acknowledged before it was stopped.
	End(t *testing.T) int
	// Lost opens what the disk holds after the cut, in the folder, and counts acknowledged commands that are gone. Damage is
	// an error.
	Lost(t *testing.T, dir string) (int, error)
}

// PowerCuts makes *cuts power cuts under writers that start gives. It tells how many cuts lost something, and how much in
// all.
func PowerCuts(t *testing.T, start func(t *testing.T, dir string) Writer) (lossy, lost int) {
	t.Helper()
	seed := *cutSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	rnd := rand.New(rand.NewPCG(seed, 1))
	acked := 0
	for i := range *cuts {
		t.Run(fmt.Sprint("cut", i), func(t *testing.T) {
			dir := t.TempDir()
			image, live := filepath.Join(dir, "disk.img"), filepath.Join(dir, "live")
			command(t, "truncate", "--size=128M", image)
			command(t, "mkfs.ext4", "-q", "-F", image)
			defer mount(t, image, live)()
			w := start(t, live)
			w.Stop(t, 50+rnd.IntN(1500))
			cut, after := filepath.Join(dir, "cut.img"), filepath.Join(dir, "after")
			command(t, "cp", "--sparse=always", image, cut)
			acked += w.End(t)
			defer mount(t, cut, after)()
			n, err := w.Lost(t, after)
			if err != nil {
				t.Errorf("-cuts.seed=%d, cut %d: %v", seed, i, err)
			}
			if lost += n; n > 0 {
				lossy++
			}
		})
	}
	t.Logf("seed %d: %d cuts, %d commands acknowledged, %d lost in %d cuts", seed, *cuts, acked, lost, lossy)
	return lossy, lost
}

// mount mounts an image and gives the function that takes it away again.
func mount(t *testing.T, image, at string) func() {
	t.Helper()
	if err := os.Mkdir(at, 0o700); err != nil {
		t.Fatal(err)
	}
	command(t, "mount", "-o", "loop", image, at)
	return func() { command(t, "umount", "--lazy", at) }
}

func command(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s(a power cut needs root, loop devices and ext4)", name, err, out)
	}
}
