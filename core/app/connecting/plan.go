package connecting

import (
	"context"
	"fmt"

	"github.com/tributary-dev/tributary/core/connection"
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
	var wrong []fault.Detail
	for i, channel := range order.Channels {
		definition, err := bank.Channel(channel.DefinitionID)
		if err != nil {
			return plan{}, provider.ErrChannelNotFound.With(fault.At(fmt.Sprintf("body.channels[%d].channel_definition_id", i), "is no channel of this provider"))
		}
		checked.definitions = append(checked.definitions, definition)
		wrong = append(wrong, form.Check(definition.CredentialFields, channel.Credentials, fmt.Sprintf("body.channels[%d].credentials", i))...)
	}
	if len(wrong) > 0 {
		return plan{}, errCredentials.With(wrong...)
	}
	return checked, nil
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
