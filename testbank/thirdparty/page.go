package thirdparty

import (
	"net/http"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/reply"
)

// Pages is where browsers find this bank, which is not always where third parties call it.
func Pages(b *bank.Bank, r *http.Request) string {
	if b.Pages != "" {
		return b.Pages + reply.Prefix(r)
	}
	return reply.Base(r)
}

// Page is where the customer decides about a consent.
func Page(b *bank.Bank, r *http.Request, consent string) string {
	return Pages(b, r) + "/redirect/authorize/" + consent
}
