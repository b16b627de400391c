package contract

import "github.com/tributary-dev/tributary/plugins/sdk"

var codes = []sdk.Code{
	sdk.AuthFailed, sdk.AccountLocked, sdk.TokenExpired, sdk.PasswordChangeRequired, sdk.ChallengeRequired,
	sdk.UserActionRequired, sdk.RateLimited, sdk.ProviderUnavailable, sdk.Blocked, sdk.SecretStale,
	sdk.SecretUnreadable, sdk.SessionLost, sdk.ChallengeExpired, sdk.Refused, sdk.NotSupported, sdk.BadData, sdk.Technical,
}

// Failure checks what a plugin failed with.
func Failure(f sdk.Failure) error {
	c := &checker{}
	c.failure("failure", f)
	return c.err()
}

func (c *checker) failure(place string, f sdk.Failure) {
	oneOf(c, place+".code", f.Code, codes...)
	oneOf(c, place+".whose", f.Whose, sdk.User, sdk.Bank, sdk.Plugin, sdk.Host)
	c.words(place+".message", f.Message)
	c.count(place+".fields", len(f.Fields), maxFields)
	for _, field := range f.Fields {
		c.require(name.MatchString(field), place+".fields", "wants names of fields")
	}
	c.link(place+".url", f.URL)
	c.instant(place+".retry_at", f.RetryAt)
}
