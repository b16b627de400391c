package desk

import (
	"crypto/rand"
	"math/big"
	"net/http"
	"slices"
	"strings"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
)

// Steps says whether the login is asked for first, and the password on a page that depends on whose it is: wherever
// somebody has a keypad.
func (d *Desk) Steps() bool {
	return slices.ContainsFunc(d.Bank.File.Personas, func(p config.Persona) bool { return p.LogIn == config.LogInKeypad })
}

// Name takes the login of the first step.
func (d *Desk) Name(v Visit, login string) Visit {
	return d.change(v.ID, func(v *Visit) { v.Login = login })
}

// Keypad says whether a login's password is pressed on keys. Of a login that nobody has, the site says what it says of most.
func (d *Desk) Keypad(login string) bool {
	p, known := d.Bank.Whose(login)
	if !known {
		return d.Bank.File.Bank.Site.LogIn == config.LogInKeypad
	}
	return p.LogIn == config.LogInKeypad
}

// Scramble puts the digits on other keys.
func (d *Desk) Scramble(v Visit) Visit {
	keys := []byte("0123456789")
	for last := len(keys) - 1; last > 0; last-- {
		place, _ := rand.Int(rand.Reader, big.NewInt(int64(last+1))) // never fails (crypto/rand)
		other := place.Int64()
		keys[last], keys[other] = keys[other], keys[last]
	}
	return d.change(v.ID, func(v *Visit) { v.Keys = string(keys) })
}

// Pressed gives the digits of the keys that were pressed, by their places from 0 to 9. The keys are good once.
func (d *Desk) Pressed(v Visit, places string) string {
	var digits strings.Builder
	for _, place := range []byte(places) {
		if at := int(place) - '0'; at >= 0 && at < len(v.Keys) {
			digits.WriteByte(v.Keys[at])
		}
	}
	d.change(v.ID, func(v *Visit) { v.Keys = "" })
	return digits.String()
}

// Enter takes the password: a session, and the visit under another name. Refusals as for bank.Enter.
func (d *Desk) Enter(w http.ResponseWriter, r *http.Request, v Visit, password string) (Visit, bank.Session, error) {
	e := bank.Entry{Login: v.Login, Password: password}
	if cookie, err := r.Cookie(device); err == nil {
		e.DeviceToken = cookie.Value
	}
	s, err := d.Bank.Enter(e)
	if err != nil {
		return v, s, err
	}
	d.forget(v)
	return d.begin(w, r, Visit{Login: v.Login, Session: s.ID}), s, nil
}

func (d *Desk) forget(v Visit) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.visits, v.ID)
}

// Standing is how far the visit's session is. Refusals as for bank.Session; SessionExpired where there is none.
func (d *Desk) Standing(v Visit) (bank.Session, error) {
	if v.Session == "" {
		return bank.Session{}, &bank.Refusal{Code: bank.SessionExpired, Message: "Please log in."}
	}
	return d.Bank.Session(v.Session)
}

// Leave ends the visit and its session.
func (d *Desk) Leave(w http.ResponseWriter, r *http.Request, v Visit) {
	d.Bank.LogOut(v.Session)
	d.forget(v)
	d.bake(w, r, http.Cookie{Name: d.cookie, MaxAge: -1})
}

// Again gives up the log-in so far, and keeps the visit.
func (d *Desk) Again(v Visit) Visit {
	d.Bank.LogOut(v.Session)
	return d.change(v.ID, func(v *Visit) { v.Login, v.Session, v.Keys = "", "", "" })
}

// Walled says whether the site takes a customer for a machine.
func (d *Desk) Walled(login string) bool {
	_, walled := d.Bank.Behaviour(login, config.BehaviourBotWall)
	return walled || d.Switch.State().Wall
}
