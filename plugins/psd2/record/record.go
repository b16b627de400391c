// Package record owns how a bank's record, of whatever standard, becomes words of the contract: bounds, texts, ids, days,
// currencies, links and the kinds of transactions.
//
// It knows no standard and no bank. Invariants: what a bank writes is bounded before it goes anywhere; a card's number is
// never kept whole; what cannot be read is empty, and who needs it says so.
package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// Bounds of the contract, in bytes.
const (
	MaxID   = 256
	MaxText = 8 << 10
	maxRaw  = 64 << 10
)

// MaxAccounts and MaxBalances are the contract's, too.
const (
	MaxAccounts = 2_000
	MaxBalances = 16
)

// Legible lets pass what is of another kind than it should be, a number for a text mostly: encoding/json leaves that one
// field empty and reads all others.
func Legible(err error) error {
	if _, kind := errors.AsType[*json.UnmarshalTypeError](err); kind {
		return nil
	}
	return err
}

// First is the first text that says something.
func First(texts ...string) string {
	for _, text := range texts {
		if text = strings.TrimSpace(text); text != "" {
			return text
		}
	}
	return ""
}

// Cut bounds a text, at the end of a letter.
func Cut(text string, limit int) string {
	if len(text) > limit {
		text = string(bytes.ToValidUTF8([]byte(text[:limit]), nil))
	}
	return strings.ToValidUTF8(text, "\uFFFD")
}

// Bounded keeps an id that is too long recognisable.
func Bounded(id string) string {
	if len(id) <= MaxID {
		return strings.ToValidUTF8(id, "\uFFFD")
	}
	sum := sha256.Sum256([]byte(id))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// Provided leaves out the words by which banks say that there is nothing.
func Provided(text string) string {
	text = strings.TrimSpace(text)
	switch strings.ToUpper(text) {
	case "NOTPROVIDED", "NOT PROVIDED", "NONREF", "NONE", "NULL", "N/A":
		return ""
	}
	if len(text) > MaxID {
		return Bounded(text)
	}
	return text
}

// Evidence is a record as the bank wrote it, unless it is too long to be kept.
func Evidence(raw json.RawMessage) []byte {
	if len(raw) > maxRaw {
		return nil
	}
	return raw
}

// Day reads the first of several that is a day; an instant counts with the day it is written with.
func Day(texts ...string) sdk.Day {
	for _, text := range texts {
		if len(text) >= len(time.DateOnly) {
			text = text[:len(time.DateOnly)]
		}
		if at, err := time.Parse(time.DateOnly, text); err == nil && sane(at) {
			return sdk.Day(text)
		}
	}
	return ""
}

// Instant reads an instant, or a day; some banks write no zone. Zero is none.
func Instant(instant, day string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05"} {
		if at, err := time.Parse(layout, instant); err == nil && sane(at) {
			return at.UTC()
		}
	}
	if at, err := time.Parse(time.DateOnly, day); err == nil && sane(at) {
		return at
	}
	return time.Time{}
}

func sane(at time.Time) bool { return at.Year() >= 1900 && at.Year() < 2200 }

var currencyShape = regexp.MustCompile(`^[A-Z]{3}$`)

// AnyCurrency is what ISO 4217 has for none at all, and banks write for an account in several.
const AnyCurrency = "XXX"

// Currency reads the first of several that is one; empty where none is.
func Currency(texts ...string) string {
	for _, text := range texts {
		if text = strings.ToUpper(strings.TrimSpace(text)); currencyShape.MatchString(text) {
			return text
		}
	}
	return ""
}

var ibanShape = regexp.MustCompile(`^[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}$`)

// IBAN writes one without blanks. What stands in its place and is none is given, too, with false.
func IBAN(text string) (string, bool) {
	written := strings.ToUpper(strings.Join(strings.Fields(text), ""))
	return written, ibanShape.MatchString(written)
}

var cardNumber = regexp.MustCompile(`^[0-9]{12,19}$`)

// Masked leaves the last four digits of a card's number: we never keep the whole.
func Masked(pan string) string {
	if !cardNumber.MatchString(pan) {
		return pan
	}
	return strings.Repeat("*", len(pan)-4) + pan[len(pan)-4:]
}
