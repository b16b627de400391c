package thirdparty

import (
	"net/http"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
)

// Elsewhere is a host that is nobody's (RFC 2606).
const Elsewhere = "https://elsewhere.example/"

// Hostile answers instead of the bank, where the customer's file wants that. mediaType is the standard's; spoiled is a list
// that looks like one of the standard's, wrong the standard's error for a consent that is over.
func Hostile(w http.ResponseWriter, b *bank.Bank, login string, where config.Place, mediaType, wrong string, spoiled func(config.Hostility) string) bool {
	how := b.Hostile(login, where)
	if how == "" {
		return false
	}
	status, text := http.StatusOK, ""
	switch how {
	case config.HostileHTML:
		mediaType, text = "text/html", "<!doctype html><title>Please log in</title>"
	case config.HostileBroken:
		text = `{"accounts":[{"resourceId":"1","iban":"FR76`
	case config.HostileEmpty:
	case config.HostileRedirect:
		w.Header().Set("Location", Elsewhere)
		status = http.StatusTemporaryRedirect
	case config.HostileError:
		text = wrong
	default:
		text = spoiled(how)
	}
	w.Header().Set("Content-Type", mediaType)
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text)) // a caller that is gone is told nothing
	return true
}
