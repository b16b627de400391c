package contract

import (
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// Bounds, in bytes where a text is meant.
const (
	// MaxMessage bounds one message on the wire.
	MaxMessage = 8 << 20
	// MaxBatch bounds the transactions of one item.
	MaxBatch = 500

	maxID        = 256
	maxText      = 8 << 10
	maxRaw       = 64 << 10
	maxBundle    = 1 << 20
	maxImage     = 2 << 20
	maxURL       = 8 << 10
	maxRegex     = 1 << 10
	maxLanguages = 32
	maxFields    = 64
	maxChoices   = 1000
	maxBalances  = 16
	maxProviders = 20_000
	maxAccounts  = 2_000
	maxLimit     = 1_000_000
	// maxMaintenance bounds the windows of a week.
	maxMaintenance = 50

	firstYear, endYear = 1900, 2200
)

// checker collects complaints; the zero value is ready.
type checker struct{ errs []error }

func (c *checker) complain(place, rule string) {
	c.errs = append(c.errs, fmt.Errorf("%s: %s", place, rule))
}

func (c *checker) require(ok bool, place, rule string) {
	if !ok {
		c.complain(place, rule)
	}
}

func (c *checker) err() error { return errors.Join(c.errs...) }

func (c *checker) text(place, value string, limit int) {
	c.require(len(value) <= limit, place, fmt.Sprintf("more than %d bytes", limit))
	c.require(utf8.ValidString(value), place, "not UTF-8")
}

func (c *checker) id(place, value string) {
	c.require(value != "", place, "is missing")
	c.text(place, value, maxID)
}

func (c *checker) bytes(place string, value []byte, limit int) {
	c.require(len(value) <= limit, place, fmt.Sprintf("more than %d bytes", limit))
}

// instant wants nothing or a time that every format can write.
func (c *checker) instant(place string, t time.Time) {
	c.require(t.IsZero() || (t.Year() >= firstYear && t.Year() < endYear), place, "is not a time of these centuries")
}

func (c *checker) count(place string, n, limit int) {
	c.require(n <= limit, place, fmt.Sprintf("more than %d", limit))
}

func (c *checker) words(place string, text sdk.Text) {
	c.count(place, len(text), maxLanguages)
	for language, sentence := range text {
		c.text(place, language, 35) // BCP 47, RFC 5646 section 4.4.1
		c.text(place, sentence, maxText)
	}
}

// oneOf wants a word of the vocabulary.
func oneOf[T ~string](c *checker, place string, value T, allowed ...T) {
	for _, word := range allowed {
		if value == word {
			return
		}
	}
	c.complain(place, "is not a word of the vocabulary")
}
