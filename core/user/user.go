// Package user owns the resource owner: who it is for its client, and the rule
// for passwords. It knows nothing of hashing or of bank data.
package user

import (
	"net/mail"
	"strings"
	"time"
	"unicode"

	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
)

// User belongs to one client.
type User struct {
	event.Recorder
	ID       ident.User
	ClientID ident.Client
	// Email is empty for a user known by ExternalID only.
	Email string
	// EmailKey is Email as it is compared: lower case.
	EmailKey     string
	ExternalID   string
	PasswordHash string
	// SealedKey is the user's data key under the master key: erasing it erases
	// every secret of the user.
	SealedKey []byte
	CreatedAt time.Time
}

// Errors.
var (
	ErrPassword   = fault.New(fault.Invalid, "invalid_password", "A password has at least 6 characters, with a letter and a digit.")
	ErrEmail      = fault.New(fault.Invalid, "invalid_email", "This is not an e-mail address.")
	ErrExternalID = fault.New(fault.Invalid, "invalid_external_id", "An external id has 1 to 200 characters, none of them a control character.")
	ErrIdentity   = fault.New(fault.Invalid, "invalid_identity", "A user has an e-mail and a password, or an external id alone.")
	ErrNotFound   = fault.New(fault.NotFound, "user_not_found", "There is no such user.")
	ErrTaken      = fault.New(fault.Conflict, "user_exists", "There is already a user with this e-mail or external id.")
)

// Identity is how a client names a new user.
type Identity struct {
	Email      string
	Password   secret.String
	ExternalID string
}

// Check says what is wrong with an identity.
func (i Identity) Check() error {
	withPassword := i.Email != "" || !i.Password.Empty()
	if withPassword == (i.ExternalID != "") {
		return ErrIdentity
	}
	if withPassword {
		if err := CheckEmail(i.Email); err != nil {
			return err
		}
		return CheckPassword(i.Password)
	}
	return checkExternalID(i.ExternalID)
}

// CheckEmail accepts a bare address.
func CheckEmail(email string) error {
	address, err := mail.ParseAddress(email)
	if err != nil || address.Address != email || len(email) > 254 {
		return ErrEmail.With(fault.At("body.email", "is not an e-mail address"))
	}
	return nil
}

// CheckPassword applies the product's rule: 6 characters or more, at least one
// letter and one digit; at most 1024 bytes, so that hashing stays bounded.
func CheckPassword(password secret.String) error {
	var letter, digit bool
	count := 0
	for _, r := range password.Reveal() {
		letter = letter || unicode.IsLetter(r)
		digit = digit || unicode.IsDigit(r)
		count++
	}
	if count < 6 || !letter || !digit || len(password.Reveal()) > 1024 {
		return ErrPassword.With(fault.At("body.password", "does not follow the rule for passwords"))
	}
	return nil
}

func checkExternalID(id string) error {
	if len(id) > 200 || strings.IndexFunc(id, unicode.IsControl) >= 0 {
		return ErrExternalID.With(fault.At("body.external_id", "is not acceptable"))
	}
	return nil
}

// New makes a user and records that it was created. The identity is checked by
// the caller, the hash and key come from outside.
func New(id ident.User, client ident.Client, identity Identity, passwordHash string, sealedKey []byte, now time.Time) *User {
	u := &User{
		ID: id, ClientID: client, Email: identity.Email, EmailKey: EmailKey(identity.Email), ExternalID: identity.ExternalID,
		PasswordHash: passwordHash, SealedKey: sealedKey, CreatedAt: now,
	}
	u.Record(event.Draft{Name: event.UserCreated, UserID: id})
	return u
}

// EmailKey is how two addresses are compared.
func EmailKey(email string) string { return strings.ToLower(email) }

// Erased records that the user is gone.
func (u *User) Erased() { u.Record(event.Draft{Name: event.UserDeleted, UserID: u.ID}) }
