package download

import "github.com/tributary-dev/tributary/testbank/iso20022"

// Camt is camt.053.001.02 of ISO 20022: a statement of booked rows, with the balance at its end.
func Camt(a Account) File {
	return File{Name: "releve.camt053.xml", MediaType: "application/xml", Body: iso20022.Statement(a.Statement, a.Rows, a.Today)}
}
