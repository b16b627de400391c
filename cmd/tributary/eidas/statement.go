package eidas

import (
	"encoding/asn1"
	"fmt"
)

// oid is an object identifier.
type oid []int

func (o oid) asn1() asn1.ObjectIdentifier { return asn1.ObjectIdentifier(o) }

func (o oid) wide() (out []uint64) {
	for _, arc := range o {
		out = append(out, uint64(arc)) //nolint:gosec // arcs are written below and positive
	}
	return out
}

// Source: ETSI EN 319 412-5 (qualified certificates), EN 319 412-1 (the identifier), TS 119 495 (PSD2).
var (
	qcStatements           = oid{1, 3, 6, 1, 5, 5, 7, 1, 3}
	qcCompliance           = oid{0, 4, 0, 1862, 1, 1}
	qcType                 = oid{0, 4, 0, 1862, 1, 6}
	sealType               = oid{0, 4, 0, 1862, 1, 6, 2}
	webType                = oid{0, 4, 0, 1862, 1, 6, 3}
	psd2                   = oid{0, 4, 0, 19495, 2}
	psd2WebPolicy          = oid{0, 4, 0, 19495, 3, 1}
	sealPolicy             = oid{0, 4, 0, 194112, 1, 1}
	organizationIdentifier = oid{2, 5, 4, 97}
)

// Role is what a payment service provider may do.
type Role string

// The roles of TS 119 495, section 4.2.
const (
	AccountServicing   Role = "PSP_AS"
	PaymentInitiation  Role = "PSP_PI"
	AccountInformation Role = "PSP_AI"
	CardIssuing        Role = "PSP_IC"
)

var roles = map[Role]oid{
	AccountServicing: {0, 4, 0, 19495, 1, 1}, PaymentInitiation: {0, 4, 0, 19495, 1, 2}, AccountInformation: {0, 4, 0, 19495, 1, 3},
	CardIssuing: {0, 4, 0, 19495, 1, 4},
}

type plain struct{ ID asn1.ObjectIdentifier }

type typed struct {
	ID   asn1.ObjectIdentifier
	Info []asn1.ObjectIdentifier
}

type psd2Statement struct {
	ID   asn1.ObjectIdentifier
	Info psd2Info
}

type psd2Info struct {
	Roles  []roleOf
	Name   string `asn1:"utf8"`
	NameID string `asn1:"utf8"`
}

type roleOf struct {
	ID   asn1.ObjectIdentifier
	Name string `asn1:"utf8"`
}

// statements is the value of the extension QCStatements.
func (o Organization) statements(kind oid) ([]byte, error) {
	info := psd2Info{Name: o.Supervisor, NameID: o.SupervisorID}
	allowed := o.Roles
	if len(allowed) == 0 {
		allowed = []Role{AccountInformation}
	}
	for _, role := range allowed {
		id, known := roles[role]
		if !known {
			return nil, fmt.Errorf("eidas: %q is no role", role)
		}
		info.Roles = append(info.Roles, roleOf{id.asn1(), string(role)})
	}
	var sequence []asn1.RawValue
	for _, statement := range []any{plain{qcCompliance.asn1()}, typed{qcType.asn1(), []asn1.ObjectIdentifier{kind.asn1()}}, psd2Statement{psd2.asn1(), info}} {
		der, err := asn1.Marshal(statement)
		if err != nil {
			return nil, err
		}
		sequence = append(sequence, asn1.RawValue{FullBytes: der})
	}
	return asn1.Marshal(sequence)
}
