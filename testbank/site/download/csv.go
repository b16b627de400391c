package download

import (
	"bytes"
	"encoding/csv"
	"strings"

	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/site/wording"
)

// CSV is for spreadsheets: semicolons, a decimal comma, and the mark that tells them of UTF-8.
func CSV(lang config.Language, a Account) File {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.Comma, w.UseCRLF = ';', true
	head := []string{"Date de comptabilisation", "Date de valeur", "Libellé", "Référence", "Montant", "Devise"}
	if lang == config.English {
		head = []string{"Booking date", "Value date", "Description", "Reference", "Amount", "Currency"}
	}
	_ = w.Write(head) // a buffer takes everything
	for _, row := range a.Rows {
		_ = w.Write([]string{wording.Day(row.BookingDate), wording.Day(row.ValueDate), row.Label, row.ID, strings.Replace(row.Amount, ".", ",", 1), row.Currency})
	}
	w.Flush()
	return File{Name: "operations.csv", MediaType: "text/csv; charset=utf-8", Body: b.Bytes()}
}
