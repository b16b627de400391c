package pages

import (
	"cmp"
	"net/url"
	"strings"

	"github.com/tributary-dev/tributary/core/bank"
)

// Notice says why there is no visit to show.
type Notice struct{ Title, Words bank.Text }

// Notices.
var (
	Used = &Notice{
		say("This link was used already", "Ce lien a déjà été utilisé"),
		say("For your safety, a link opens once and for a short time. Please go back to {client} and start again.", "Pour votre sécurité, un lien s'ouvre une seule fois et pour peu de temps. Retournez à {client} et recommencez."),
	}
	Elsewhere = &Notice{
		say("Go back to where you began", "Revenez là où vous avez commencé"),
		say("What you did at your bank has arrived. The next step is in the browser in which you began: go back to it, it goes on by itself.", "Ce que vous avez fait auprès de votre banque nous est parvenu. La suite se passe dans le navigateur où vous avez commencé : revenez-y, la page continue d'elle-même."),
	}
	Unknown = &Notice{
		say("This page does not exist", "Cette page n'existe pas"),
		say("Please go back to {client} and start again.", "Retournez à {client} et recommencez."),
	}
	Often = &Notice{
		say("Too many attempts", "Trop de tentatives"),
		say("Many links were opened from here that do not work. Please wait a minute, then open your link again.", "De nombreux liens non valides ont été ouverts depuis ici. Patientez une minute, puis rouvrez votre lien."),
	}
	Failed = &Notice{
		say("That did not work", "Cela n'a pas fonctionné"),
		say("Something went wrong on our side. Please reload this page in a moment.", "Un problème est survenu de notre côté. Rechargez cette page dans un instant."),
	}
)

// noticeClient stands for the client where nobody knows which.
var noticeClient = say("the application", "l'application")

func noticeWords(f Frame) string {
	return replace(f.T(f.Notice.Words), "{client}", cmp.Or(f.Visit.ClientName, f.T(noticeClient)))
}

func replace(text, what, by string) string { return strings.ReplaceAll(text, what, by) }

// siteAddress is where the user can act at the bank, where that is a web page.
func siteAddress(f Frame) string {
	to, err := url.Parse(f.Visit.Advice.URL)
	if err != nil || to.Host == "" || to.User != nil || (to.Scheme != "https" && to.Scheme != "http") {
		return ""
	}
	return to.String()
}
