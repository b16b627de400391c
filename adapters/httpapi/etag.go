package httpapi

import (
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"slices"
	"strings"
)

// tagOf is the strong entity tag of a body: the same bytes, the same tag.
func tagOf(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:18]) + `"`
}

// entityTags are those that a header names; any stands for the asterisk.
type entityTags struct {
	any   bool
	named []string
}

// The list of RFC 9110, 8.8.3 and 5.6.1: empty members are allowed.
var (
	oneTag  = regexp.MustCompile(`(?:W/)?"[!#-~]*"`)
	tagList = regexp.MustCompile(`^[ \t,]*` + oneTag.String() + `(?:[ \t]*,[ \t,]*` + oneTag.String() + `)*[ \t,]*$`)
)

// tagsIn reads the lines of If-Match or If-None-Match; ok is false where there
// are none, or they cannot be read.
func tagsIn(lines []string) (found entityTags, ok bool) {
	text := strings.Trim(strings.Join(lines, ","), " \t")
	if text == "*" {
		return entityTags{any: true}, true
	}
	if !tagList.MatchString(text) {
		return entityTags{}, false
	}
	return entityTags{named: oneTag.FindAllString(text, -1)}, true
}

// strongly is the comparison for changes: a weak tag is never enough. That of
// the compressed body names the same state as that of the plain one.
func (t entityTags) strongly(tag string) bool {
	return t.any || slices.Contains(t.named, tag) || slices.Contains(t.named, zipped(tag))
}

// weakly is the comparison for reading.
func (t entityTags) weakly(tag string) bool {
	return t.any || slices.ContainsFunc(t.named, func(one string) bool { return strings.TrimPrefix(one, "W/") == tag })
}
