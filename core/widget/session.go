// Package widget owns the way of one user through the pages that connect a
// bank: what the client ordered, what the user has decided so far, which page
// that leads to, and how it ended. It knows nothing of HTTP, and of a connection
// only what Seen says.
//
// Invariants: the page is decided by stored state alone, in one place (Next); an
// input that the page does not take changes nothing; every page has a way on, or
// is the end; no bank is connected before its user agreed to the terms.
package widget

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"slices"
	"time"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
)

// Idle is how long a session lives on when nobody does anything.
const Idle = 15 * time.Minute

// Retention is how long the outcome of a session can be read.
const Retention = 30 * 24 * time.Hour

// Session is one visit to the widget.
type Session struct {
	ID       ident.WidgetSession
	ClientID ident.Client
	UserID   ident.User
	Order    Order
	// Entry is empty until the link is opened.
	Entry Entry
	// LinkHash finds out who may open it, BrowserHash whose browser did: the
	// database gives nobody a way in.
	LinkHash    string
	BrowserHash string
	// Progress is what the user has decided.
	Progress Progress
	// Outcome is how it ended; nil while it goes on.
	Outcome *Outcome
	// Settled says that a visit which ended by time has left nothing behind.
	Settled   bool
	CreatedAt time.Time
	ExpiresAt time.Time
}

// Entry is where a visit begins.
type Entry string

// Entries.
const (
	AddConnection Entry = "add_connection"
	// EditCredentials begins with the form of a connection that there is, UserInput
	// with what its bank asks.
	EditCredentials Entry = "edit_credentials"
	UserInput       Entry = "user_input"
	// ManageAccounts begins with what the user shares.
	ManageAccounts Entry = "manage_accounts"
)

// Entries lists them.
func Entries() []Entry { return []Entry{AddConnection, EditCredentials, UserInput, ManageAccounts} }

// Entries are those by which a visit of this order can begin.
func (o Order) Entries() []Entry {
	if o.ConnectionID == "" {
		return []Entry{AddConnection, ManageAccounts}
	}
	return []Entry{EditCredentials, UserInput, ManageAccounts}
}

// Progress is what the user has decided so far about the bank at work.
type Progress struct {
	ProviderID string
	// Terms is the version that the user agreed to.
	Terms string
	// ConnectionID is the connection at work.
	ConnectionID ident.Connection
	// Mending says that the user wants to type the credentials anew.
	Mending bool
	// Adding says that the user is asked for the channel that the connection does
	// not use yet, until they gave it or said: not now.
	Adding bool
	// Own says that what is read of the connection was begun in this visit, for this
	// visit alone: it is given up with it.
	Own bool
	// Renewing is the consent that is to be given anew, AccountID the account and
	// Reviewing the consent that is looked at, and Ending says that the access of the connection is to end.
	Renewing  ident.Consent
	AccountID ident.Account
	Reviewing ident.Consent
	Ending    bool
	// Made are all connections that this visit made, in their order.
	Made []ident.Connection
}

// Errors.
var (
	ErrNotFound = fault.New(fault.NotFound, "widget_session_not_found", "There is no such widget session.")
	// ErrLink is one answer for a link that is wrong, used or over.
	ErrLink = fault.New(fault.Forbidden, "widget_link_used", "This link was used already, or its time is over.")
	// ErrBrowser says that another browser began this visit.
	ErrBrowser = fault.New(fault.Forbidden, "widget_other_browser", "This page belongs to the browser in which it was opened.")
	// ErrMoved says that the visit is at another page by now.
	ErrMoved = fault.New(fault.Conflict, "widget_moved", "This page is over; the visit is at another one.")
)

// New makes a session whose link nobody has opened.
func New(id ident.WidgetSession, client ident.Client, user ident.User, order Order, link secret.String, now time.Time) *Session {
	return &Session{
		ID: id, ClientID: client, UserID: user, Order: order, LinkHash: hash(link), CreatedAt: now, ExpiresAt: now.Add(Idle),
		Progress: Progress{ProviderID: order.ProviderID, ConnectionID: order.ConnectionID},
	}
}

// Over reports whether nothing can be done in it any more.
func (s *Session) Over(now time.Time) bool { return s.Outcome != nil || !now.Before(s.ExpiresAt) }

// Lapsed reports whether it ended by time, and may have left something behind.
func (s *Session) Lapsed(now time.Time) bool {
	return s.Outcome == nil && !s.Settled && s.Over(now)
}

// Open spends the link for the browser that has a key. That browser may open it
// again, as one does by going back.
func (s *Session) Open(entry Entry, link, browser secret.String, now time.Time) error {
	if s.Over(now) || !slices.Contains(s.Order.Entries(), entry) || s.BrowserHash != "" || !same(link, s.LinkHash) {
		return ErrLink
	}
	s.Entry, s.BrowserHash = entry, hash(browser)
	s.Progress.Mending = entry == EditCredentials
	if s.Manages() {
		s.overview()
	}
	s.ExpiresAt = now.Add(Idle)
	return nil
}

// Admit lets only the browser in that opened the link.
func (s *Session) Admit(browser secret.String) error {
	if s.BrowserHash == "" || !same(browser, s.BrowserHash) {
		return ErrBrowser
	}
	return nil
}

// coarse keeps a page that is only looked at from being written each time.
const coarse = time.Minute

// Touch moves the end away from a user who does something, and reports whether
// that has to be stored.
func (s *Session) Touch(now time.Time) bool {
	if s.Over(now) || now.Add(Idle).Sub(s.ExpiresAt) < coarse {
		return false
	}
	s.ExpiresAt = now.Add(Idle)
	return true
}

func hash(text secret.String) string {
	sum := sha256.Sum256([]byte(text.Reveal()))
	return hex.EncodeToString(sum[:])
}

func same(text secret.String, hashed string) bool {
	return subtle.ConstantTimeCompare([]byte(hash(text)), []byte(hashed)) == 1
}
