package sdk

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Maintenance is a time of each week in which a bank is not there. The server
// plans nothing in it that nobody waits for.
type Maintenance struct {
	// Days are those on which it begins; none means every day.
	Days []time.Weekday
	// From and To are times of the day such as "23:30"; a To that is not later than
	// From is on the next day.
	From, To string
	// Zone is the time zone of both, by its IANA name; empty means UTC.
	Zone string
}

var (
	weekdays   = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
	occurrence = regexp.MustCompile(`^(?:([a-z,]+) )?(\d\d:\d\d)-(\d\d:\d\d)(?: ([A-Za-z0-9_+/-]+))?$`)
)

// ParseMaintenance reads how an operator writes it in a plugin's settings:
// "23:30-05:00 Europe/Paris" for every day, "sat,sun 02:00-06:00" for some, and
// several of them with a semicolon between. An empty text is none.
func ParseMaintenance(text string) (all []Maintenance, err error) {
	for part := range strings.SplitSeq(text, ";") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		found := occurrence.FindStringSubmatch(part)
		if found == nil {
			return nil, fmt.Errorf("%q is no maintenance: write \"sat,sun 23:30-05:00 Europe/Paris\"", part)
		}
		m := Maintenance{From: found[2], To: found[3], Zone: found[4]}
		for name := range strings.SplitSeq(found[1], ",") {
			day := slices.Index(weekdays, name)
			if day < 0 && name != "" {
				return nil, fmt.Errorf("%q is no day of the week: write sun, mon, tue, wed, thu, fri or sat", name)
			}
			if day >= 0 {
				m.Days = append(m.Days, time.Weekday(day))
			}
		}
		all = append(all, m)
	}
	return all, nil
}
