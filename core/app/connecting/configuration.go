package connecting

import (
	"context"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/sandbox"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/store"
)

// chosen looks at the configuration by which credentials for the test bank
// choose their bank: it has to be one of the client's own. Which there are
// besides is not told apart.
func chosen(ctx context.Context, tx store.Tx, client ident.Client, plugin string, credentials secret.Values, at string) error {
	id := credentials[sandbox.Credential].Reveal()
	if plugin != sandbox.Plugin || id == "" {
		return nil
	}
	parsed, err := ident.Parse[ident.Configuration](id)
	if err == nil {
		_, err = tx.Configurations().Get(ctx, client, parsed)
	}
	if fault.IsNotFound(err) {
		return errCredentials.With(fault.At(at+"."+sandbox.Credential, "is no configuration of this client"))
	}
	return err
}
