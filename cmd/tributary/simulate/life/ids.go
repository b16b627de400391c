package life

import "fmt"

// identify numbers the rows of an answer, which come newest first.
func (b Bank) identify(rows []Row, visit int, channel string) {
	v, onDay := b.Life.Visits[visit], map[Day]int{}
	for _, row := range rows {
		onDay[row.Accounted()]++
	}
	for i := range rows {
		row := &rows[i]
		switch b.Life.Habits.IDs {
		case Kept, Reused:
			row.ID = channel[10:11] + row.Movement.number
		case Changed:
			row.ID = row.Movement.number
			if row.Status != Pending {
				row.ID = "B" + row.Movement.number
			}
		case Late:
			if row.Status != Pending {
				row.ID = row.Movement.number
			}
		case OfConsent:
			row.ID = fmt.Sprintf("%s%d-%s", channel[10:11], v.Consent, row.Movement.number)
		case OfSession:
			row.ID = fmt.Sprintf("%d/%s", visit, row.Movement.number[:7])
		case Positional:
			row.ID = fmt.Sprint(i + 1)
		case Daily:
			onDay[row.Accounted()]-- // the first of a day has number 0
			row.ID = fmt.Sprintf("%s-%d", row.Accounted(), onDay[row.Accounted()])
		case Spaces:
			row.ID = "  "
		case Constant:
			row.ID = "NOTPROVIDED"
		}
	}
}
