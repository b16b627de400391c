package testbankhttp

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/testbank"
)

const uploads = "/api/admin/configurations"

// Configurations implements testbank.Bank.
func (b *Bank) Configurations(ctx context.Context) ([]ident.Configuration, error) {
	said, err := b.call(ctx, http.MethodGet, uploads, nil)
	if err != nil {
		return nil, err
	}
	var body struct {
		Configurations []struct{ ID ident.Configuration }
	}
	if err := said.read(&body); err != nil {
		return nil, err
	}
	var ids []ident.Configuration
	for _, found := range body.Configurations {
		ids = append(ids, found.ID)
	}
	return ids, nil
}

// Put implements testbank.Bank.
func (b *Bank) Put(ctx context.Context, id ident.Configuration, text []byte) (string, error) {
	said, err := b.call(ctx, http.MethodPut, uploads+"/"+url.PathEscape(string(id)), text)
	if err != nil {
		return "", err
	}
	refused := said.refusal()
	if refused.Code == testbank.ErrMistakes.Code {
		var wrong []fault.Detail
		for _, m := range refused.Mistakes {
			wrong = append(wrong, fault.At("body.text", fmt.Sprintf("line %d, column %d: %s", m.Line, m.Column, m.Reason)))
		}
		return "", testbank.ErrMistakes.With(wrong...)
	}
	if known := refusals[refused.Code]; known != nil {
		return "", known
	}
	var made struct{ Bank string }
	err = said.read(&made)
	return made.Bank, err
}

// Delete implements testbank.Bank.
func (b *Bank) Delete(ctx context.Context, id ident.Configuration) error {
	said, err := b.call(ctx, http.MethodDelete, uploads+"/"+url.PathEscape(string(id)), nil)
	if err != nil || said.status == http.StatusNotFound {
		return err
	}
	return said.read(nil)
}
