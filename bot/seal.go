package bot

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"
)

// The sizes of seals. A sealed press is 12 bytes of nonce, a length byte, 2 bytes of
// day, the press and 16 bytes of tag: 75 bytes, 100 characters at the most, which is what
// Discord's custom_id holds. Slack holds 75 characters in an option's value.
const (
	MaxPress = 44 // bytes of Press.Action and Press.Subject together
	MaxValue = 24 // bytes of a Choice's Value
	SealDays = 30 // days after which a seal has expired
)

// ErrSealExpired says that a seal is genuine but more than SealDays old.
var ErrSealExpired = errors.New("the seal has expired")

// ErrSealBroken says that a string is no seal of ours: cut, changed, made with
// another key, or of another sort.
var ErrSealBroken = errors.New("the seal is broken")

// A Sealer makes the ids of buttons and the values of options unreadable and unforgeable
// while they travel through a chat service. Nothing is stored for them. A seal says
// only that it was made here: whoever presses the button is checked again.
//
// A Sealer is safe for concurrent use.
type Sealer struct {
	aead  cipher.AEAD
	nonce []byte // key of the HMAC that makes nonces
}

// NewSealer makes a sealer of a secret of at least 16 bytes.
func NewSealer(key []byte) (*Sealer, error) {
	if len(key) < 16 {
		return nil, fmt.Errorf("the seal key has %d bytes and needs at least 16", len(key))
	}
	block, err := aes.NewCipher(derive(key, "rounds seal"))
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	return &Sealer{aead: aead, nonce: derive(key, "rounds nonce")}, nil
}

func derive(key []byte, use string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(use))
	return m.Sum(nil)
}

// SealDay is the day that seals made at t carry: whole days since 1970 in UTC, so that
// replicas in different zones agree.
func SealDay(t time.Time) int32 {
	return int32(math.Floor(float64(t.Unix()) / 86400))
}

// The sorts of seals. They are authenticated with the text, so that a value sealed for
// a menu never opens as a button.
const (
	sealPress = "press"
	sealValue = "value"
)

// SealPress makes the ID of a button, a menu or a form.
func (s *Sealer) SealPress(p Press, day int32) (string, error) {
	if n := len(p.Action) + len(p.Subject); n > MaxPress {
		return "", fmt.Errorf("the press %q has %d bytes of action and subject, %d more than fit", p.Action, n, n-MaxPress)
	}
	if p.Action == "" {
		return "", errors.New("a press without an action")
	}
	text := append([]byte{byte(len(p.Action))}, p.Action...)
	return s.seal(sealPress, append(text, p.Subject...), day)
}

// OpenPress is the other way round. With ErrSealExpired it still returns the press, so
// that the person can be told what to type instead.
func (s *Sealer) OpenPress(sealed string, today int32) (Press, error) {
	text, err := s.open(sealPress, sealed, today)
	if text == nil {
		return Press{}, err
	}
	if len(text) == 0 || len(text)-1 < int(text[0]) {
		return Press{}, ErrSealBroken
	}
	n := 1 + int(text[0])
	return Press{Action: string(text[1:n]), Subject: string(text[n:])}, err
}

// SealValue makes the value of an option.
func (s *Sealer) SealValue(value string, day int32) (string, error) {
	if len(value) > MaxValue {
		return "", fmt.Errorf("an option's value has %d bytes, %d more than fit", len(value), len(value)-MaxValue)
	}
	return s.seal(sealValue, []byte(value), day)
}

// OpenValue is the other way round.
func (s *Sealer) OpenValue(sealed string, today int32) (string, error) {
	text, err := s.open(sealValue, sealed, today)
	return string(text), err
}

// seal encrypts under a nonce made of the text itself: the same press on the same day
// has the same id, so a card rendered twice is the same card, and no nonce is
// ever used for two texts.
func (s *Sealer) seal(sort string, text []byte, day int32) (string, error) {
	if day < 0 || day > math.MaxUint16 {
		return "", fmt.Errorf("day %d is outside the years that a seal can carry", day)
	}
	plain := binary.BigEndian.AppendUint16(nil, uint16(day))
	plain = append(plain, text...)
	m := hmac.New(sha256.New, s.nonce)
	m.Write([]byte(sort))
	m.Write([]byte{0})
	m.Write(plain)
	nonce := m.Sum(nil)[:s.aead.NonceSize()]
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nonce, nonce, plain, []byte(sort))), nil
}

// open returns nil text unless the seal is genuine; with ErrSealExpired it returns both.
func (s *Sealer) open(sort, sealed string, today int32) ([]byte, error) {
	if len(sealed) > 100 {
		return nil, ErrSealBroken
	}
	// Strict: otherwise the spare bits of the last character could be changed unnoticed.
	raw, err := base64.RawURLEncoding.Strict().DecodeString(sealed)
	// The decoder skips line breaks, so one seal could be written in many ways.
	if err != nil || len(raw) < s.aead.NonceSize() || base64.RawURLEncoding.EncodedLen(len(raw)) != len(sealed) {
		return nil, ErrSealBroken
	}
	nonce, box := raw[:s.aead.NonceSize()], raw[s.aead.NonceSize():]
	plain, err := s.aead.Open(nil, nonce, box, []byte(sort))
	if err != nil || len(plain) < 2 {
		return nil, ErrSealBroken
	}
	if int(today)-int(binary.BigEndian.Uint16(plain)) > SealDays {
		return plain[2:], ErrSealExpired
	}
	return plain[2:], nil
}
