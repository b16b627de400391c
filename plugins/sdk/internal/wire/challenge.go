package wire

import "github.com/tributary-dev/tributary/plugins/sdk"

func challengeOf(c *sdk.Challenge) *Challenge {
	if c == nil {
		return nil
	}
	return &Challenge{
		Id: c.ID, Type: string(c.Type), Message: c.Message,
		Fields: each(c.Fields, fieldOf), Options: each(c.Options, choiceOf), Image: imageOf(c.Image),
		Url: c.URL, ExpiresAt: instant(c.ExpiresAt), PollAfter: pause(c.PollAfter),
		Holding: string(c.Holding), State: bundleOf(c.State), Resend: resendOf(c.Resend),
	}
}

// SDK translates from the protocol.
func (x *Challenge) SDK() *sdk.Challenge {
	if x == nil {
		return nil
	}
	return &sdk.Challenge{
		ID: x.GetId(), Type: sdk.ChallengeType(x.GetType()), Message: x.GetMessage(),
		Fields: each(x.GetFields(), (*Field).SDK), Options: each(x.GetOptions(), (*Choice).SDK), Image: x.GetImage().SDK(),
		URL: x.GetUrl(), ExpiresAt: timeOf(x.GetExpiresAt()), PollAfter: x.GetPollAfter().AsDuration(),
		Holding: sdk.Holding(x.GetHolding()), State: x.GetState().SDK(), Resend: x.GetResend().SDK(),
	}
}

func resendOf(r *sdk.Resend) *Resend {
	if r == nil {
		return nil
	}
	return &Resend{AvailableAt: instant(r.AvailableAt), Left: int64(r.Left)}
}

// SDK translates from the protocol; a plugin that knows nothing of it has none.
func (x *Resend) SDK() *sdk.Resend {
	if x == nil {
		return nil
	}
	return &sdk.Resend{AvailableAt: timeOf(x.GetAvailableAt()), Left: int(x.GetLeft())}
}

func imageOf(i *sdk.Image) *Image {
	if i == nil {
		return nil
	}
	return &Image{MediaType: i.MediaType, Data: i.Data}
}

// SDK translates from the protocol.
func (x *Image) SDK() *sdk.Image {
	if x == nil {
		return nil
	}
	return &sdk.Image{MediaType: x.GetMediaType(), Data: x.GetData()}
}

func fieldOf(f sdk.Field) *Field {
	return &Field{
		Name: f.Name, Type: string(f.Type), Label: f.Label, Required: f.Required,
		Regex: f.Regex, Values: each(f.Values, choiceOf),
	}
}

// SDK translates from the protocol.
func (x *Field) SDK() sdk.Field {
	return sdk.Field{
		Name: x.GetName(), Type: sdk.FieldType(x.GetType()), Label: x.GetLabel(), Required: x.GetRequired(),
		Regex: x.GetRegex(), Values: each(x.GetValues(), (*Choice).SDK),
	}
}

func choiceOf(c sdk.Choice) *Choice { return &Choice{Value: c.Value, Label: c.Label} }

// SDK translates from the protocol.
func (x *Choice) SDK() sdk.Choice { return sdk.Choice{Value: x.GetValue(), Label: x.GetLabel()} }
