package wording

import (
	"errors"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
)

// refusals is what a customer reads of each refusal, in French and in English.
var refusals = map[bank.Code][2]string{
	bank.WrongPassword:      {"Identifiant ou mot de passe incorrect. Veuillez vérifier votre saisie.", "Wrong login or password. Please check what you typed."},
	bank.AccountLocked:      {"Votre accès est bloqué. Pour le débloquer, contactez votre agence.", "Your access is locked. Please contact your branch to unlock it."},
	bank.WrongCode:          {"Le code saisi est incorrect.", "The code you entered is not correct."},
	bank.WrongOption:        {"Ce choix n'existe pas.", "There is no such choice."},
	bank.CodeExpired:        {"Le délai de validation est dépassé. Veuillez vous reconnecter.", "The time to confirm is over. Please log in again."},
	bank.TooManyCodes:       {"Trop d'essais incorrects. Veuillez vous reconnecter.", "Too many wrong attempts. Please log in again."},
	bank.ApprovalRefused:    {"La demande a été refusée sur votre téléphone.", "The request was refused on your phone."},
	bank.SessionExpired:     {"Votre session a expiré. Veuillez vous reconnecter.", "Your session has expired. Please log in again."},
	bank.TooManyResends:     {"Le code a déjà été envoyé plusieurs fois.", "The code has been sent several times already."},
	bank.ResendTooEarly:     {"Un code vient de vous être envoyé. Merci de patienter quelques instants.", "A code was sent a moment ago. Please wait a little."},
	bank.ResendNotSupported: {"Ce code ne peut pas être renvoyé.", "This code cannot be sent again."},
	bank.InvalidRequest:     {"Votre saisie n'a pas pu être prise en compte.", "What you entered could not be accepted."},
	bank.Unavailable:        {"Le service est momentanément indisponible. Veuillez réessayer plus tard.", "The service is not available for now. Please try again later."},
	bank.AccountClosed:      {"Ce compte est clôturé.", "This account is closed."},
	bank.AccountUnavailable: {"Ces informations sont momentanément indisponibles.", "This information is not available for now."},
	bank.NotFound:           {"La page demandée n'existe pas.", "The page you asked for does not exist."},
}

// Refusal says why the bank does not do something; of anything else only that it went wrong.
func Refusal(lang config.Language, err error) string {
	var refusal *bank.Refusal
	if errors.As(err, &refusal) {
		if words, known := refusals[refusal.Code]; known {
			return In(lang, words[0], words[1])
		}
	}
	return In(lang, "Une erreur technique est survenue.", "A technical error has occurred.")
}

// Code gives the code of a refusal, nothing of anything else.
func Code(err error) bank.Code {
	var refusal *bank.Refusal
	if errors.As(err, &refusal) {
		return refusal.Code
	}
	return ""
}
