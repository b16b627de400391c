package openbanking

import (
	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
)

// version is one version of the standard with its words.
type version struct {
	name, path string
	statuses   map[bank.IntentStatus]string
	balances   map[string]string
	rows       map[config.Status]string
	// codes are its own names of faults; nil has the names of 3.1.
	codes map[code]string
}

// newer says that a consent of this version cannot be used over the other.
func (v version) newer(name string) bool { return name > v.name }

var versions = []version{
	{
		name: "3.1", path: "/open-banking/v3.1/aisp",
		statuses: map[bank.IntentStatus]string{
			bank.IntentAwaiting: "AwaitingAuthorisation", bank.IntentAuthorised: "Authorised", bank.IntentRejected: "Rejected", bank.IntentRevoked: "Revoked",
			bank.IntentExpired: "Authorised", // it has no word for it: ExpirationDateTime says so
		},
		balances: map[string]string{"BOOKED": "InterimBooked", "EXPECTED": "Expected", "AVAILABLE": "InterimAvailable"},
		rows: map[config.Status]string{
			config.Booked: "Booked", config.Refunded: "Booked", config.Pending: "Pending", config.Rejected: "Rejected", config.Expired: "Rejected", config.Cancelled: "Rejected",
		},
	},
	{
		name: "4.0", path: "/open-banking/v4.0/aisp",
		statuses: map[bank.IntentStatus]string{
			bank.IntentAwaiting: "AWAU", bank.IntentAuthorised: "AUTH", bank.IntentRejected: "RJCT", bank.IntentRevoked: "CANC", bank.IntentExpired: "EXPD",
		},
		balances: map[string]string{"BOOKED": "ITBD", "EXPECTED": "XPCD", "AVAILABLE": "ITAV"},
		rows: map[config.Status]string{
			config.Booked: "BOOK", config.Refunded: "BOOK", config.Pending: "PDNG", config.Rejected: "RJCT", config.Expired: "RJCT", config.Cancelled: "RJCT",
		},
		codes: map[code]string{
			fieldInvalid: "U002", fieldDate: "U003", fieldMissing: "U004", fieldUnexpected: "U005", headerInvalid: "U006", consentMismatch: "U008",
			consentStatus: "U009", format: "U010", notFound: "U011", reauthenticate: "U028", unexpected: "U000",
		},
	},
}
