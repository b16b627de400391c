package connection

import "github.com/tributary-dev/tributary/core/bank"

// unpromised are the sentences of what we would try again, where we do not.
var unpromised = map[ChannelStatus]bank.Text{
	ChannelPartial:      {"en": "Some of your accounts could not be read.", "fr": "Certains de vos comptes n'ont pas pu être lus."},
	RateLimited:         {"en": "Your bank allows no further access for now.", "fr": "Votre banque n'autorise pas d'autre accès pour l'instant."},
	ProviderUnavailable: {"en": "Your bank could not be reached.", "fr": "Votre banque n'a pas pu être jointe."},
	TechnicalError:      {"en": "Something went wrong on our side.", "fr": "Un problème est survenu de notre côté."},
}

// Causes that this server gives, and that its sentences tell apart.
const (
	CauseSessionLost      = "SESSION_LOST"
	CauseChallengeExpired = "CHALLENGE_EXPIRED"
	CauseRefused          = "REFUSED"
)

// causes are closer than the sentence of CHALLENGE_REQUIRED.
var causes = map[string]bank.Text{
	CauseSessionLost: {
		"en": "The conversation with your bank broke off before it was done. Your credentials are not at fault.",
		"fr": "La conversation avec votre banque s'est interrompue avant la fin. Vos identifiants ne sont pas en cause.",
	},
	CauseChallengeExpired: {"en": "The time to answer your bank is over.", "fr": "Le temps pour répondre à votre banque est écoulé."},
	CauseRefused:          {"en": "You did not confirm the access at your bank.", "fr": "Vous n'avez pas confirmé l'accès auprès de votre banque."},
}

// todo says what to do, by action.
var todo = map[Action]bank.Text{
	ActionEditCredentials: {"en": "Check your credentials and enter them again.", "fr": "Vérifiez vos identifiants et saisissez-les à nouveau."},
	ActionReauthenticate:  {"en": "Sign in to your bank again.", "fr": "Identifiez-vous à nouveau auprès de votre banque."},
	ActionAnswerChallenge: {"en": "Answer what your bank asks.", "fr": "Répondez à ce que votre banque demande."},
	ActionVisitBank:       {"en": "Go to your bank's own site, do what it asks there, then synchronize again.", "fr": "Rendez-vous sur le site de votre banque, faites ce qu'il demande, puis relancez la synchronisation."},
	ActionWait:            {"en": "You need do nothing: we try again by ourselves.", "fr": "Vous n'avez rien à faire : nous réessaierons de nous-mêmes."},
	ActionSynchronize:     {"en": "Synchronize again later.", "fr": "Relancez la synchronisation plus tard."},
	ActionContactSupport:  {"en": "Synchronize again later. If it happens again, contact support.", "fr": "Relancez la synchronisation plus tard. Si cela se reproduit, contactez l'assistance."},
}

// idle says what to do where there is no action.
var idle = map[Turn]bank.Text{
	TurnUs:     {"en": "You need do nothing: we are at work.", "fr": "Vous n'avez rien à faire : nous y travaillons."},
	TurnNobody: {"en": "There is nothing to do.", "fr": "Il n'y a rien à faire."},
}
