package notifying

import (
	"github.com/tributary-dev/tributary/core/app/vault"
	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/ports/sealer"
)

// signersOf opens the secrets of a webhook.
func signersOf(box sealer.Box, w *delivery.Webhook) ([]delivery.Signer, error) {
	signers := make([]delivery.Signer, 0, len(w.Secrets))
	for _, s := range w.Secrets {
		key, err := vault.OpenSigning(box, w, s.Sealed)
		if err != nil {
			return nil, err
		}
		signers = append(signers, delivery.NewSigner(w.Algorithm, key, s.Until))
	}
	return signers, nil
}
