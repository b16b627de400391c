package classic

// What parts of a screen are given: the screen, and what they are about.
type (
	shownLine struct {
		S screen
		A line
	}
	shownGrid struct {
		Areas    []area
		Clear, T string
	}
)

// With is an account on the screen.
func (s screen) With(a line) shownLine { return shownLine{s, a} }

// Grid is a keypad on the screen.
func (s screen) Grid(areas []area) shownGrid {
	return shownGrid{Areas: areas, Clear: s.T("Effacer", "Clear"), T: s.Token}
}

// Stripe is the colour of every other line.
func (screen) Stripe(i int) string {
	if i%2 == 0 {
		return "#FFFFFF"
	}
	return "#EEF2F7"
}

// Next is the place after an index.
func (screen) Next(i int) int { return i + 1 }
