// Package consent owns what a user agreed to: by which words, at which bank, for
// which data, how long, and every access that was made under it. It knows
// nothing of banks, plugins or clocks.
//
// Invariants: a consent that has ended never lives again; what happened to it is
// only ever added to; each notice is given once.
package consent

import (
	"slices"
	"time"

	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
)

// Consent is one agreement about one channel of a connection. Another one takes
// its place when the user agrees again: it is never made longer.
type Consent struct {
	event.Recorder
	ID                ident.Consent
	ClientID          ident.Client
	UserID            ident.User
	ConnectionID      ident.Connection
	ProviderID        string
	ChannelDefinition string
	Status            Status
	Terms             Terms
	// Scopes are the kinds of data that may be read.
	Scopes []string
	// Accounts are the bank's own names of the accounts it covers; none where the
	// bank does not say.
	Accounts []string
	// BankID is the bank's own name of it, and BankUntil how long the bank holds it
	// good; both may be unknown.
	BankID    string
	BankUntil time.Time
	// GivenAt is when the user agreed, ConfirmedAt when the bank did.
	GivenAt     time.Time
	ConfirmedAt time.Time
	// ValidUntil is zero where it has no end of its own.
	ValidUntil time.Time
	EndedAt    time.Time
	// Replaces is the one before it, ReplacedBy the one after it.
	Replaces   ident.Consent
	ReplacedBy ident.Consent
	// Noticed is the last notice given, in days before the end; 0 for none.
	Noticed int
	// DueAt is when it has to be looked at again; zero for never.
	DueAt time.Time
	// Recorded counts the entries of its history, of which News are not stored yet.
	Recorded int
	News     []Entry
}

// Terms are the words that the user agreed to.
type Terms struct {
	Version string
	Locale  string
}

// ClientTerms is the version where nobody names one: the agreement that the
// client made with its user by itself.
const ClientTerms = "client-agreement"

// Scopes of data, as banks count them.
var allScopes = []string{"ACCOUNTS", "BALANCES", "TRANSACTIONS"}

// Errors.
var (
	ErrNotFound = fault.New(fault.NotFound, "consent_not_found", "There is no such consent.")
	// ErrSuperseded says that another consent stands in the channel's place.
	ErrSuperseded = fault.New(fault.Conflict, "consent_superseded", "Another consent has taken the place of this one.")
	ErrAbsent     = fault.New(fault.Conflict, "user_absent", "A consent is renewed by its user, who has to be there.")
	ErrTerms      = fault.New(fault.Invalid, "invalid_terms_version", "A version of terms has 1 to 64 characters: letters, digits, dots, dashes and underscores.")
)

// Order is what a new consent needs to know.
type Order struct {
	ID                ident.Consent
	ClientID          ident.Client
	UserID            ident.User
	ConnectionID      ident.Connection
	ProviderID        string
	ChannelDefinition string
	Terms             Terms
	By                Actor
}

// New makes a consent that the user gave and the bank has not confirmed yet.
func New(o Order, now time.Time) *Consent {
	c := &Consent{
		ID: o.ID, ClientID: o.ClientID, UserID: o.UserID, ConnectionID: o.ConnectionID, ProviderID: o.ProviderID,
		ChannelDefinition: o.ChannelDefinition, Status: Pending, Terms: o.Terms, Scopes: slices.Clone(allScopes), GivenAt: now,
	}
	if c.Terms.Version == "" {
		c.Terms.Version = ClientTerms
	}
	c.enter(Given, o.By, now)
	return c
}

// CheckTerms says what is wrong with a version that somebody named.
func CheckTerms(version string) error {
	if version == "" || len(version) > 64 {
		return ErrTerms
	}
	for _, r := range version {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		if !letter && r != '.' && r != '-' && r != '_' {
			return ErrTerms
		}
	}
	return nil
}

// Live reports whether a bank may be called under it.
func (c *Consent) Live(now time.Time) bool {
	return !c.Status.Final() && (c.ValidUntil.IsZero() || now.Before(c.ValidUntil))
}
