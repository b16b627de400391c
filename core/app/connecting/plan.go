package connecting

import (
	"context"
	"fmt"
	"slices"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/form"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/usecase"
)

var errCredentials = fault.New(fault.Invalid, "invalid_credentials", "The credentials do not fit what this provider asks for.")

// plan is an order that was checked against the catalogue.
type plan struct {
	provider    provider.Provider
	definitions []provider.Channel
	refusal     *fault.Error
	wrong       []fault.Detail
}

// plan checks everything at once, so that a form can show all that is wrong.
func (s Service) plan(ctx context.Context, order usecase.NewConnection) (plan, error) {
	bank, err := s.Catalogue.Provider(ctx, order.ProviderID)
	if err != nil {
		return plan{}, err
	}
	if len(order.Channels) == 0 {
		return plan{}, connection.ErrNoChannels.With(fault.At("body.channels", "names no channel"))
	}
	checked := plan{provider: bank}
	for i, channel := range order.Channels {
		checked.add(channel, fmt.Sprintf("body.channels[%d]", i))
	}
	if order.Name != "" && !named(order.Name) {
		checked.refuse(errName, badName)
	}
	if order.TermsVersion != "" && consent.CheckTerms(order.TermsVersion) != nil {
		checked.refuse(consent.ErrTerms, fault.At("body.terms_version", "is no version of terms"))
	}
	if len(checked.wrong) > 0 {
		return plan{}, checked.refusal.With(checked.wrong...)
	}
	return checked, nil
}

// add checks one channel of the order, which stands at a path.
func (p *plan) add(channel usecase.NewChannel, at string) {
	definition, err := p.provider.Channel(channel.DefinitionID)
	if err != nil {
		p.refuse(provider.ErrChannelNotFound, fault.At(at+".channel_definition_id", "is no channel of this provider"))
		return
	}
	if slices.ContainsFunc(p.definitions, func(d provider.Channel) bool { return d.ID == definition.ID }) {
		p.refuse(connection.ErrTwice, fault.At(at+".channel_definition_id", "is named twice"))
	}
	p.definitions = append(p.definitions, definition)
	if wrong := form.Check(definition.CredentialFields, channel.Credentials, at+".credentials"); len(wrong) > 0 {
		p.refuse(errCredentials, wrong...)
	}
}

// refuse collects what is wrong, under the words of the first refusal.
func (p *plan) refuse(why *fault.Error, wrong ...fault.Detail) {
	if p.refusal == nil {
		bare := *why
		bare.Details = nil
		p.refusal = &bare
	}
	p.wrong = append(p.wrong, wrong...)
}

func (p plan) channels() []connection.Channel {
	var channels []connection.Channel
	for _, definition := range p.definitions {
		channels = append(channels, connection.Channel{DefinitionID: definition.ID, Type: definition.Type})
	}
	return channels
}

func checkCredentials(definition provider.Channel, credentials secret.Values) error {
	if wrong := form.Check(definition.CredentialFields, credentials, "body.credentials"); len(wrong) > 0 {
		return errCredentials.With(wrong...)
	}
	return nil
}
