package refusal

import (
	"errors"
	"strconv"
	"time"
)

// No is a bank's refusal. Only its code is kept, where it is a known one: what a bank writes may hold anything.
type No struct {
	Status  int
	Code    string
	Means   Meaning
	RetryAt time.Time
}

func (n *No) Error() string {
	text := "the bank refused: " + strconv.Itoa(n.Status)
	if n.Code != "" {
		text += " " + n.Code
	}
	return text
}

// Judge makes the failure of a refusal, and leaves any other error as it is. renewable says that Refresh can renew the
// token that was shown.
func Judge(err error, renewable bool) error {
	n, refused := errors.AsType[*No](err)
	if !refused {
		return err
	}
	return Fail(n.Means, renewable, n.RetryAt, err)
}
