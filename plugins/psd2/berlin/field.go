package berlin

import (
	"strings"

	"github.com/tributary-dev/tributary/plugins/psd2/catalogue"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// The names of credential fields; connections keep them.
const (
	nameField      = "psu_id"
	nameTypeField  = "psu_id_type"
	corporateField = "psu_corporate_id"
	ibansField     = "ibans"
	passwordField  = "password"
	codeField      = "code"
	confirmField   = "confirmation_code"
)

// Fields are what a bank has to be told before the user goes there.
func Fields(bank catalogue.Bank) (fields []sdk.Field) {
	if bank.SCA.PSUID != catalogue.Never {
		fields = append(fields, psuField(bank.SCA.PSUID == catalogue.Required))
	}
	if len(bank.SCA.PSUIDTypes) > 0 {
		kinds := sdk.Field{Name: nameTypeField, Type: sdk.FieldList, Label: sdk.Text{"en": "Kind of access", "fr": "Type d’accès"}}
		for _, kind := range bank.SCA.PSUIDTypes {
			kinds.Values = append(kinds.Values, sdk.Choice{Value: kind, Label: sdk.Text{"en": kind}})
		}
		fields = append(fields, kinds)
	}
	if bank.SCA.CorporateID != catalogue.Never {
		fields = append(fields, sdk.Field{
			Name: corporateField, Type: sdk.FieldText, Required: bank.SCA.CorporateID == catalogue.Required,
			Label: sdk.Text{"en": "Company’s login", "fr": "Identifiant de l’entreprise"},
		})
	}
	if bank.Consent.Model == catalogue.Detailed {
		fields = append(fields, sdk.Field{
			Name: ibansField, Type: sdk.FieldText, Required: true, Regex: `\s*[A-Za-z]{2}[0-9A-Za-z ,;]{10,2000}`,
			Label: sdk.Text{"en": "IBANs of the accounts, with a comma between", "fr": "IBAN des comptes, séparés par une virgule"},
		})
	}
	return fields
}

func psuField(required bool) sdk.Field {
	return sdk.Field{Name: nameField, Type: sdk.FieldText, Required: required, Label: sdk.Text{"en": "Login at the bank", "fr": "Identifiant auprès de la banque"}}
}

// ibansOf reads the field of that name.
func ibansOf(text string) (ibans []string) {
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ';' }) {
		if iban := strings.ToUpper(strings.Join(strings.Fields(part), "")); iban != "" {
			ibans = append(ibans, iban)
		}
	}
	return ibans
}
