package aspsp

import (
	"net/url"
	"sort"
	"strconv"
	"strings"
)

// between gives the rows of a range of days, as the standard names days: the first one, and the one behind the last.
func (b *Bank) between(query url.Values) (first, last int) {
	until := firstTen(query.Get(b.to))
	first = sort.Search(len(b.days), func(i int) bool { return until == "" || b.days[i] < until || b.days[i] == until && !b.exclusive })
	last = sort.Search(len(b.days), func(i int) bool { return b.days[i] < firstTen(query.Get(b.from)) })
	return first, max(first, last)
}

// firstTen is the day of an instant.
func firstTen(text string) string { return text[:min(len(text), len("2006-01-02"))] }

// page is one of the pages of a range of days.
func (b *Bank) page(query url.Values) string {
	first, last := b.between(query)
	number, _ := strconv.Atoi(query.Get("page")) // none is the first
	b.countPage(query, first, last)
	begin, next := min(last, first+number*pageRows), ""
	end := min(last, begin+pageRows)
	if end < last {
		query.Set("page", strconv.Itoa(number+1))
		next = b.URL + b.list + "/1/transactions?" + query.Encode()
	}
	return b.written(strings.Join(b.rows[begin:end], ","), next)
}
