package judge

import (
	"time"

	"github.com/tributary-dev/tributary/cmd/tributary/simulate/life"
)

// near is how far apart alike movements may lie to be taken for each other.
const near = 20 * 24 * time.Hour

// twinsOf finds, for each movement, those that are alike in amount and label at
// about the same time, and those that got its id while they share a word: no
// feed tells which of them is which, so their ids may be exchanged.
func twinsOf(a *life.Account) map[*life.Movement][]*life.Movement {
	type look struct {
		cents int64
		label string
	}
	looks, numbers := map[look][]*life.Movement{}, map[string][]*life.Movement{}
	for _, m := range a.Movements {
		seen := map[look]bool{}
		for _, stage := range m.Stages {
			l := look{stage.Cents, life.Essence(stage.Label)}
			if !stage.Absent && !seen[l] {
				seen[l] = true
				looks[l] = append(looks[l], m)
			}
		}
		numbers[m.Number()] = append(numbers[m.Number()], m)
	}
	twins := map[*life.Movement][]*life.Movement{}
	tie := func(group []*life.Movement, alike func(x, y *life.Movement) bool) {
		for i, x := range group {
			for _, y := range group[i+1:] {
				if apart := y.Happened().Sub(x.Happened()); x != y && apart <= near && apart >= -near && alike(x, y) {
					twins[x], twins[y] = append(twins[x], y), append(twins[y], x)
				}
			}
		}
	}
	for _, group := range looks {
		tie(group, func(*life.Movement, *life.Movement) bool { return true })
	}
	for _, group := range numbers {
		tie(group, func(x, y *life.Movement) bool { return life.ShareWord(x.Stages[0].Label, y.Stages[0].Label) })
	}
	return twins
}
