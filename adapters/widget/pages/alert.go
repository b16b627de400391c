package pages

import (
	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/synchronization"
)

var (
	alertFields = say("Please check what you entered.", "Veuillez vérifier votre saisie.")
	alertBusy   = say("Your bank is being read at the moment. Please wait a moment and try again.", "Votre banque est en cours de lecture. Veuillez patienter un instant et réessayer.")
	alertWait   = say("That came too early. Please wait a moment and try again.", "C'était trop tôt. Veuillez patienter un instant et réessayer.")
	alertFailed = say("That did not work. Nothing was changed; please try again.", "Cela n'a pas fonctionné. Rien n'a été modifié ; veuillez réessayer.")
	alertResend = say("Your bank does not send another code now.", "Votre banque n'envoie pas d'autre code pour l'instant.")
)

// AlertOf says what a refusal means to a user.
func AlertOf(e *fault.Error) bank.Text {
	switch {
	case e.Code == "no_account_chosen":
		return choosingNone
	case e.Code == synchronization.ErrRunning.Code:
		return alertBusy
	case len(e.Details) > 0:
		return alertFields
	case e.RetryAfter > 0:
		return alertWait
	case e.Kind == fault.Conflict:
		return alertResend
	}
	return alertFailed
}
