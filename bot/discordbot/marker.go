package discordbot

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
)

// A marker finds a post again. Discord gives an app no metadata of its own, and its nonce holds for a few minutes and is
// not told again later. Components have numbers that an app may choose and that come back with the message: 31 bits on
// the container and 31 on what stands first in it are the marker's.

// markerIDs are the numbers of a marker. They differ, are not 0, and are larger than what Discord gives by itself.
func markerIDs(marker string) (container, first int) {
	sum := sha256.Sum256([]byte("marker " + marker))
	container = int(binary.BigEndian.Uint32(sum[0:4])&0x3fffffff | 0x40000000)
	first = int(binary.BigEndian.Uint32(sum[4:8]) & 0x3fffffff)
	return container, max(first, 1000)
}

// nonceFor makes a second post of the same marker the first one, for as long as Discord remembers.
func nonceFor(marker string) string {
	sum := sha256.Sum256([]byte("nonce " + marker))
	return base64.RawURLEncoding.EncodeToString(sum[:])[:maxNonce-1]
}
