package category

// digrams is a set of the pairs of bytes that stand side by side in a text, in
// so little room that it may hold some more. It tells of nearly all texts that
// they are not in another one, without looking for them.
type digrams [8]uint64

func digramsOf(text string) (set digrams) {
	for i := 1; i < len(text); i++ {
		bit := (uint(text[i-1])*31 + uint(text[i])) % 512
		set[bit/64] |= 1 << (bit % 64)
	}
	return set
}

// within reports whether all of a set are in another one, as they are if its
// text is in the other one's text.
func (d *digrams) within(other *digrams) bool {
	for i := range d {
		if d[i]&^other[i] != 0 {
			return false
		}
	}
	return true
}
