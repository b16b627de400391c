package openbanking

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/reply"
)

// span is a piece of time, both ends in it; the zero time is no end.
type span struct{ from, to time.Time }

func (s span) has(at time.Time) bool {
	return (s.from.IsZero() || !at.Before(s.from)) && (s.to.IsZero() || !at.After(s.to))
}

// filters are what of a list is asked for.
type filters struct {
	span
	page int
}

// halfYear is the most that some banks tell at once, in months.
const halfYear = 6

func (c *call) filters() (f filters, wrong *fault) {
	f.page = 1
	if f.from, wrong = c.filter("fromBookingDateTime"); wrong != nil {
		return f, wrong
	}
	if f.to, wrong = c.filter("toBookingDateTime"); wrong != nil {
		return f, wrong
	}
	if text := c.r.URL.Query().Get("page"); text != "" {
		var err error
		if f.page, err = strconv.Atoi(text); err != nil || f.page < 1 {
			return f, bad(fieldInvalid, "There is no such page.", "page")
		}
	}
	until := f.to
	if until.IsZero() {
		until = c.x.bank.Now()
	}
	if c.x.switches().Span == config.OBSpanHalfYear && !f.from.IsZero() && f.from.AddDate(0, halfYear, 0).Before(until) {
		return f, bad(fieldDate, "Not more than six months are told at once.", "fromBookingDateTime")
	}
	return f, nil
}

// zone ends a time of ISO 8601. A plus sign that nobody escaped is a blank.
var zone = regexp.MustCompile(`(T.*?)(Z|[+ -]\d{2}(:?\d{2})?)$`)

// pieces of a second come twice in a time of the conformance suite for 3.1. The first counts.
var pieces = regexp.MustCompile(`(\.\d+)\.\d+$`)

// moments are the forms of ISO 8601 that filters come in: the standard's own examples have no zone, and may have no time. The
// conformance suite for 3.1 mixes the long form and the short one.
var moments = []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02", "20060102T150405", "20060102", "2006-01-02T150405"}

// filter reads an end of what is asked for. Whatever zone it names is ignored: the standard wants that.
func (c *call) filter(name string) (time.Time, *fault) {
	text := c.r.URL.Query().Get(name)
	if text == "" {
		return time.Time{}, nil
	}
	plain := zone.ReplaceAllString(text, "$1")
	if plain != text && c.x.switches().Zones == config.OBZonesRefused {
		return time.Time{}, bad(fieldInvalid, "It is to have no time zone.", name)
	}
	plain = pieces.ReplaceAllString(plain, "$1")
	for _, form := range moments {
		if at, err := time.Parse(form, plain); err == nil {
			return at, nil
		}
	}
	return time.Time{}, bad(fieldInvalid, "It is to be a date, or a date and time.", name)
}

// page answers with one page of rows, and where the others are.
func (c *call) page(i bank.Authorisation, between span, f filters, rows []row) {
	size := c.x.bank.File.Bank.PageSize
	pages := max(1, (len(rows)+size-1)/size)
	if f.page > pages {
		c.fail(bad(fieldInvalid, "There is no such page.", "page"))
		return
	}
	if c.nobody(rows) {
		return
	}
	first, last := (f.page-1)*size, min(f.page*size, len(rows))
	if f.page > 1 && first > 0 && rows[first].account.Feed.RepeatLast {
		first--
	}
	list, detail := []map[string]any{}, slices.Contains(i.Permissions, transactionsDetail)
	for _, one := range rows[first:last] {
		list = append(list, c.transaction(one, detail))
	}
	until := c.x.bank.Now()
	if between.to.Before(until) {
		until = between.to
	}
	c.tell(http.StatusOK, map[string]any{"Transaction": list}, map[string]any{
		"Links": c.links(f.page, pages),
		"Meta":  map[string]any{"TotalPages": pages, "FirstAvailableDateTime": second(between.from), "LastAvailableDateTime": second(until)},
	})
}

// links lead from one page to the others.
func (c *call) links(page, pages int) map[string]string {
	to := func(n int) string {
		query := c.r.URL.Query()
		query.Set("page", strconv.Itoa(n))
		return reply.Base(c.r) + c.r.URL.Path + "?" + query.Encode()
	}
	links := map[string]string{"Self": c.self()}
	if pages > 1 {
		links["First"], links["Last"] = to(1), to(pages)
	}
	if page > 1 {
		links["Prev"] = to(page - 1)
	}
	if page < pages {
		links["Next"] = to(page + 1)
	} else if c.x.switches().Links == config.OBLinksRound {
		links["Next"] = links["Self"]
	}
	return c.deviate(links)
}

// deviate leads astray, where the bank is one that does.
func (c *call) deviate(links map[string]string) map[string]string {
	base := reply.Base(c.r)
	for name, link := range links {
		switch how := c.x.switches().Links; {
		case how == config.OBLinksNull:
			links[name] = "null" + strings.TrimPrefix(link, base)
		case how == config.OBLinksLost && name == "Next":
			links[name] = strings.Replace(link, "/accounts/"+c.r.PathValue("account"), "", 1)
		}
	}
	return links
}
