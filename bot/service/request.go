package service

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"
)

// MaxBody is the largest request that is read, in bytes. A Slack form of 250 kB is three times that when it comes form-encoded;
// a Discord modal holds five texts of 4000 characters.
const MaxBody = 1 << 20

// maxAge is how far a request's time may be from ours, either way.
const maxAge = 5 * time.Minute

// Why a request is not the service's.
var (
	ErrUnsigned = errors.New("no signature")
	ErrStale    = errors.New("the time is more than five minutes away")
	ErrForged   = errors.New("the signature does not fit")
)

// Body reads a request of at most MaxBody; of a longer one it is an error.
func Body(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	return io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
}

// Fresh checks that the time of a request, in seconds of Unix time, is now; else it is ErrStale. Who it is from is not looked at.
func Fresh(stamp string, now time.Time) error {
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || now.Sub(time.Unix(seconds, 0)).Abs() > maxAge {
		return ErrStale
	}
	return nil
}
