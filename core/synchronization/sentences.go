package synchronization

import "github.com/tributary-dev/tributary/core/bank"

// sentences are what the end user reads of a run.
var sentences = map[Status]bank.Text{
	Queued:    {"en": "A synchronization is about to begin.", "fr": "Une synchronisation va commencer."},
	Running:   {"en": "Your accounts are being read.", "fr": "Vos comptes sont en cours de lecture."},
	Paused:    {"en": "The synchronization waits.", "fr": "La synchronisation est en attente."},
	Success:   {"en": "Everything was read.", "fr": "Tout a été lu."},
	Partial:   {"en": "Some things were read, others were not.", "fr": "Une partie a été lue, le reste ne l'a pas été."},
	Failed:    {"en": "Nothing could be read.", "fr": "Rien n'a pu être lu."},
	Cancelled: {"en": "The synchronization was cancelled.", "fr": "La synchronisation a été annulée."},
}

// Sentence is what the end user reads of a status, in every language.
func (s Status) Sentence() bank.Text { return sentences[s] }

// outcomes are what the end user reads of an account.
var outcomes = map[string]bank.Text{
	"":             {"en": "The last synchronization did not get to it.", "fr": "La dernière synchronisation ne l'a pas atteint."},
	OutcomeSuccess: {"en": "It was read.", "fr": "Il a été lu."},
	OutcomePartial: {"en": "Its recent transactions were read, its older ones were not.", "fr": "Ses opérations récentes ont été lues, les plus anciennes non."},
	OutcomeWaiting: {"en": "Your bank gives nothing more of it for now. It will be read later.", "fr": "Votre banque n'en donne pas plus pour l'instant. Il sera lu plus tard."},
	OutcomeFailed:  {"en": "It could not be read.", "fr": "Il n'a pas pu être lu."},
	OutcomeSkipped: {"en": "It was left out on purpose.", "fr": "Il a été laissé de côté à dessein."},
}

// Sentence is what the end user reads of what a run did for an account.
func (o AccountOutcome) Sentence() bank.Text { return outcomes[o.Outcome] }
