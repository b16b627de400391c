package usecase

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/store"
)

// WidgetSessions are ordered by clients, for their users.
type WidgetSessions interface {
	// Create also gives the secret of the link, which nobody can ask for later.
	Create(ctx context.Context, p Principal, order NewWidgetSession) (MadeWidgetSession, error)
	Get(ctx context.Context, p Principal, id string) (*widget.Session, error)
}

// NewWidgetSession orders a visit. UserID is needed in client mode.
type NewWidgetSession struct {
	UserID string
	Order  widget.Order
}

// MadeWidgetSession is a visit that is still to begin.
type MadeWidgetSession struct {
	Session *widget.Session
	Link    secret.String
}

// Visits are what browsers do in widget sessions.
type Visits interface {
	// Open spends a link, and gives the secret by which the browser is known from
	// then on. It fails with widget.ErrLink.
	Open(ctx context.Context, session string, entry widget.Entry, link secret.String) (secret.String, error)
	// Embedding says what may be around a session, whoever asks. Of a session that
	// is not there, nothing may.
	Embedding(ctx context.Context, session string) (widget.Embedding, error)
	// Dress says whose a session is and how its pages look, whoever asks: for a page
	// that shows nothing of it. Of a session that is not there, nothing is known.
	Dress(ctx context.Context, session string) (Dress, error)
	// Theme is a look that a client registered, whoever asks: it is there to be seen.
	// It fails with widget.ErrNoTheme.
	Theme(ctx context.Context, client, name string) (widget.Theme, error)
	// Logo is the picture of a bank, whoever asks. It fails with provider.ErrNotFound
	// where there is none.
	Logo(ctx context.Context, bank string) (*provider.Logo, error)
	// Look says where a visit is. It fails with widget.ErrNotFound and, for any
	// browser but the one that opened it, widget.ErrBrowser. A visit that is over
	// is at the page Over.
	Look(ctx context.Context, v Visitor) (Visit, error)
	// Watch is Look for a page that looks by itself: it keeps nothing alive.
	Watch(ctx context.Context, v Visitor) (Visit, error)
	// Banks are those that the visit can connect.
	Banks(ctx context.Context, v Visitor, wanted BankSearch) (Banks, error)
	// Accesses are those under the consent that the visit looks at, newest first, from
	// a place on. It fails with widget.ErrMoved where it looks at none.
	Accesses(ctx context.Context, v Visitor, after store.Key) (Reviewed, error)
	// Take does what a user does on a page. It fails with widget.ErrMoved where the
	// visit is elsewhere by now: nothing has happened then.
	Take(ctx context.Context, v Visitor, move Move) error
}

// BankSearch is what a user looks for: a part of a name, and a country; empty for
// any.
type BankSearch struct{ Text, Country string }

// Banks are what is found.
type Banks struct {
	// Popular are those that the client's users chose most of late, where nothing is
	// looked for; All begins with those whose name begins with what is.
	Popular, All []provider.Provider
	// More says that there are more than All.
	More bool
	// Countries are those of all banks that the visit can connect.
	Countries []string
}

// Reviewed is a part of what was done under a consent; Next is nil at the end.
type Reviewed struct {
	Lines []Reading
	Next  store.Key
}

// Reading is what one run did under a consent, or one call that none made.
type Reading struct {
	// At is when the first of its calls was made, Trigger who asked for the run; empty
	// where there was none. Attended says that the user was there.
	At       time.Time
	Trigger  synchronization.Trigger
	Attended bool
	// Calls are how often the bank was called.
	Calls int
	// Read says that something was read, Told that the bank was told of the end, and
	// Failed that a call failed.
	Read, Told, Failed bool
	// Accounts are the names of those that were read and are still shared.
	Accounts []string
}

// Visitor is a browser.
type Visitor struct {
	Session string
	Browser secret.String
	PSU     *synchronization.PSU
	Locale  string
}

// Dress is how the pages of a session look; empty where that is not known.
type Dress struct {
	// ClientName is who wants the accounts.
	ClientName string
	// Theme is the look; nil for ours.
	Theme *widget.Theme
	// Locale is the language that was ordered, if one was.
	Locale string
}

// Visit is where a session is, and what there is to show.
type Visit struct {
	Session *widget.Session
	Page    widget.Page
	Seen    widget.Seen
	Dress
	// UserName is who is there; empty where that is not known.
	UserName string
	// Provider is the bank at work, Ways how it is reached.
	Provider provider.Provider
	Ways     []provider.Channel
	// Diagnosis is where the connection stands, Advice what it needs first; both
	// are empty where there is none.
	Diagnosis Diagnosis
	Advice    connection.Advice
	// Holdings are what the user shares, Account the one that is looked at; both are
	// empty on pages that do not show them.
	Holdings []Holding
	Account  ledger.Account
}

// Holding is one connection of a user, with what was agreed to for it.
type Holding struct {
	Diagnosis Diagnosis
	Seen      widget.Seen
	Advice    connection.Advice
	Provider  provider.Provider
	// Left are channels that the connection does not use yet, and that give more.
	Left []provider.Channel
	// Consents are those of the channels, in their order.
	Consents []*consent.Consent
}

// Move is what a user does on a page.
type Move struct {
	Page  widget.Page
	Input widget.Input
	// ProviderID is the bank that is chosen.
	ProviderID string
	// Credentials are by channel definition.
	Credentials map[string]secret.Values
	// Challenge is what is answered.
	Challenge string
	Answers   secret.Values
	// Connection, Account and Consent are what is managed, Name what an account is
	// to be called.
	Connection string
	Account    string
	Consent    string
	Name       string
	// Chosen are the accounts that are to be kept.
	Chosen []string
}
