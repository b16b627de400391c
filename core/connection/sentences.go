package connection

import "github.com/tributary-dev/tributary/core/bank"

// sentences are what the end user reads when the bank said nothing better.
var sentences = map[ChannelStatus]bank.Text{
	ChannelRunning:         {"en": "We are reading your accounts.", "fr": "Nous lisons vos comptes."},
	ChannelSuccess:         {"en": "Your accounts are up to date.", "fr": "Vos comptes sont à jour."},
	ChannelPartial:         {"en": "Some of your accounts could not be read. We will try again.", "fr": "Certains de vos comptes n'ont pas pu être lus. Nous réessaierons."},
	ChannelEmpty:           {"en": "No account is read through this access.", "fr": "Aucun compte n'est lu par cet accès."},
	ChannelClosed:          {"en": "This access is closed.", "fr": "Cet accès est fermé."},
	AuthFailed:             {"en": "Your bank did not accept these credentials. Please check them.", "fr": "Votre banque a refusé ces identifiants. Veuillez les vérifier."},
	AccountLocked:          {"en": "Your bank has locked your access. Please contact your bank.", "fr": "Votre banque a bloqué votre accès. Veuillez la contacter."},
	TokenExpired:           {"en": "Your agreement with the bank has ended. Please sign in again.", "fr": "Votre accord avec la banque est arrivé à son terme. Veuillez vous identifier à nouveau."},
	PasswordChangeRequired: {"en": "Your bank asks you to change your password on its site.", "fr": "Votre banque vous demande de changer votre mot de passe sur son site."},
	ChallengeRequired:      {"en": "Your bank wants to make sure that it is you. Please sign in again.", "fr": "Votre banque veut s'assurer que c'est bien vous. Veuillez vous identifier à nouveau."},
	UserActionRequired:     {"en": "Your bank needs something from you on its own site.", "fr": "Votre banque attend une action de votre part sur son site."},
	RateLimited:            {"en": "Your bank allows no further access for now. We will go on by ourselves.", "fr": "Votre banque n'autorise pas d'autre accès pour l'instant. Nous reprendrons de nous-mêmes."},
	ProviderUnavailable:    {"en": "Your bank cannot be reached. We will try again.", "fr": "Votre banque est injoignable. Nous réessaierons."},
	Blocked:                {"en": "Your bank's site asks for a check that only you can pass.", "fr": "Le site de votre banque demande une vérification que vous seul pouvez passer."},
	TechnicalError:         {"en": "Something went wrong on our side. We will try again.", "fr": "Un problème est survenu de notre côté. Nous réessaierons."},
}

// Sentence is what the end user reads of a status, in every language.
func Sentence(status ChannelStatus) bank.Text { return sentences[status] }
