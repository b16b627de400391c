package statement

import (
	"regexp"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/plugins/amount"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

var (
	field = regexp.MustCompile(`^:([0-9]{2}[A-Z]?):`)
	// line is field 61: value date, perhaps booking date, sign, perhaps the currency's last letter, amount, type, references.
	line     = regexp.MustCompile(`^([0-9]{6})([0-9]{4})?(R?[CD])([A-Z])?([0-9]+,[0-9]*)([A-Z][A-Z0-9]{3})([^/\n]*)(?://([^\n]*))?`)
	opening  = regexp.MustCompile(`^[CD][0-9]{6}([A-Z]{3})[0-9,]+`)
	subfield = regexp.MustCompile(`\?([0-9]{2})`)
)

// MT940 reads the movements of all statements of a text. MT942 has the same lines, of movements that may be pending; the
// bank does not say which, so they count as booked here as there.
func MT940(text string) (rows []sdk.Transaction, err error) {
	currency, statements := "", 0
	for _, f := range fieldsOf(text) {
		switch f.tag {
		case "20":
			statements++
		case "60F", "60M", "34F":
			if found := opening.FindStringSubmatch(f.value); found != nil {
				currency = found[1]
			} else if len(f.value) >= 3 && f.tag == "34F" {
				currency = f.value[:3]
			}
		case "61":
			row, err := movement(f.value, currency)
			if err != nil {
				return nil, err
			}
			rows = append(rows, row)
		case "86":
			if len(rows) > 0 {
				explain(&rows[len(rows)-1], f.value)
			}
		}
	}
	if statements == 0 {
		return nil, ErrShape
	}
	return rows, nil
}

type tagged struct{ tag, value string }

// fieldsOf splits a text at its tags; a line without tag goes on with the field before.
func fieldsOf(text string) (fields []tagged) {
	for row := range strings.Lines(strings.ReplaceAll(text, "\r\n", "\n")) {
		row = strings.TrimRight(row, "\n")
		if found := field.FindStringSubmatch(row); found != nil {
			fields = append(fields, tagged{found[1], row[len(found[0]):]})
			continue
		}
		if len(fields) > 0 && row != "-" && !strings.HasPrefix(row, "{") && !strings.HasPrefix(row, "-}") {
			fields[len(fields)-1].value += "\n" + row
		}
	}
	return fields
}

func movement(text, currency string) (sdk.Transaction, error) {
	found := line.FindStringSubmatch(text)
	if found == nil || currency == "" {
		return sdk.Transaction{}, ErrShape
	}
	value, err := amount.Parse(strings.TrimSuffix(strings.Replace(found[5], ",", ".", 1), "."))
	if err != nil {
		return sdk.Transaction{}, ErrShape
	}
	// C and D are credit and debit; RC and RD take one back.
	if found[3] == "D" || found[3] == "RC" {
		value = amount.Debit(value)
	}
	on, err := time.Parse("060102", found[1])
	if err != nil {
		return sdk.Transaction{}, ErrShape
	}
	row := sdk.Transaction{Amount: value, Currency: currency, Status: sdk.Booked, ValueDate: sdk.Day(on.Format(time.DateOnly)), BookingDate: booked(on, found[2])}
	row.BankID = unless(found[8])
	if row.BankID == "" {
		row.BankID = unless(found[7])
	}
	return row, nil
}

// booked is the booking day, which is written without its year: the one that is nearest to the value date.
func booked(value time.Time, text string) sdk.Day {
	if text == "" {
		return sdk.Day(value.Format(time.DateOnly))
	}
	best := time.Time{}
	for year := value.Year() - 1; year <= value.Year()+1; year++ {
		on, err := time.Parse("20060102", value.AddDate(year-value.Year(), 0, 0).Format("2006")+text)
		if err == nil && (best.IsZero() || on.Sub(value).Abs() < best.Sub(value).Abs()) {
			best = on
		}
	}
	if best.IsZero() {
		return sdk.Day(value.Format(time.DateOnly))
	}
	return sdk.Day(best.Format(time.DateOnly))
}

func unless(text string) string {
	text = strings.TrimSpace(text)
	if text == "NONREF" || text == "NOTPROVIDED" {
		return ""
	}
	return text
}

// explain reads field 86: German banks number its parts (?20 to ?29 and ?60 to ?63 the text, ?32 and ?33 the other
// party), others write it as it is.
func explain(row *sdk.Transaction, text string) {
	marks := subfield.FindAllStringSubmatchIndex(strings.ReplaceAll(text, "\n", ""), -1)
	if len(marks) == 0 {
		row.Label = squeeze(text)
		return
	}
	text = strings.ReplaceAll(text, "\n", "")
	var label, name strings.Builder
	for i, mark := range marks {
		end := len(text)
		if i+1 < len(marks) {
			end = marks[i+1][0]
		}
		part := text[mark[1]:end]
		switch number := text[mark[2]:mark[3]]; {
		case number >= "20" && number <= "29", number >= "60" && number <= "63":
			label.WriteString(part)
		case number == "32" || number == "33":
			name.WriteString(part)
		}
	}
	row.Label, row.Counterparty = squeeze(label.String()), squeeze(name.String())
}
