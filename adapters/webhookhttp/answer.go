package webhookhttp

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/ports/webhook"
)

// codeOf says why there was no answer, and no more: what may not be asked, is not
// there or has no name looks the same.
func codeOf(ctx context.Context, err error) delivery.Code {
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return delivery.TimedOut
	case isTLS(err):
		return delivery.BadTLS
	}
	return delivery.Unreachable
}

// isTLS knows what crypto/tls fails with. Only who may be asked gets that far.
func isTLS(err error) bool {
	var alert tls.AlertError
	var record tls.RecordHeaderError
	var certificate *tls.CertificateVerificationError
	return errors.As(err, &alert) || errors.As(err, &record) || errors.As(err, &certificate) ||
		errors.Is(err, http.ErrSchemeMismatch) || strings.Contains(err.Error(), "tls: ")
}

// excerpt is the beginning of a body, without what would confuse who reads it:
// control characters and what is no text.
func excerpt(body []byte) string {
	var kept strings.Builder
	count := 0
	for _, r := range string(body[:min(len(body), 4*webhook.MaxExcerpt)]) {
		if count == webhook.MaxExcerpt {
			break
		}
		if r == unicode.ReplacementChar || !unicode.IsPrint(r) {
			if r != '\n' && r != '\t' {
				continue
			}
			r = ' '
		}
		kept.WriteRune(r)
		count++
	}
	return strings.TrimSpace(kept.String())
}

// retryAfter reads seconds or a date; nonsense and the past are nothing.
func retryAfter(text string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64); err == nil {
		return time.Duration(min(max(seconds, 0), int64(delivery.LongestWait/time.Second))) * time.Second
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	return min(max(at.Sub(now), 0), delivery.LongestWait)
}
