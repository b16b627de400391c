package event

import (
	"strconv"

	"github.com/tributary-dev/tributary/core/fault"
)

// ErrGone says that a reader is behind what is kept. Its subject is the number
// of the oldest event that there is, or will be.
var ErrGone = fault.New(fault.Gone, "events_gone", "Events after this number are not kept any more; subject is the number of the oldest that is. Read what they told of anew, and go on from there.")

// Gone tells a reader where the log begins.
func Gone(oldest int64) error { return ErrGone.About(strconv.FormatInt(oldest, 10)) }
