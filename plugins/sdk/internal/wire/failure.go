package wire

import (
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// FailureOf translates to the protocol, and leaves the cause behind.
func FailureOf(f *sdk.Failure) *Failure {
	return &Failure{
		Code: string(f.Code), Whose: string(f.Whose), Message: f.Message,
		Fields: f.Fields, Url: f.URL, RetryAt: instant(f.RetryAt),
	}
}

// SDK translates from the protocol.
func (x *Failure) SDK() *sdk.Failure {
	return &sdk.Failure{
		Code: sdk.Code(x.GetCode()), Whose: sdk.Whose(x.GetWhose()), Message: x.GetMessage(),
		Fields: x.GetFields(), URL: x.GetUrl(), RetryAt: timeOf(x.GetRetryAt()),
	}
}
