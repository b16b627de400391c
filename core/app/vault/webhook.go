package vault

import (
	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/sealer"
)

// A webhook has a key of its own, as a user has: it belongs to a client and to no
// user. What it seals is bound to the webhook beside.

// NewWebhookKey makes the key of a webhook, sealed under the master key.
func NewWebhookKey(box sealer.Box, w *delivery.Webhook) ([]byte, error) {
	return box.NewKey(w.ClientID, "")
}

// SealSigning seals a secret that signs for a webhook.
func SealSigning(box sealer.Box, w *delivery.Webhook, key secret.Bytes) ([]byte, error) {
	return box.Seal(w.SealedKey, signing(w), key)
}

// OpenSigning opens what SealSigning made.
func OpenSigning(box sealer.Box, w *delivery.Webhook, sealed []byte) (secret.Bytes, error) {
	return box.Open(w.SealedKey, signing(w), sealed)
}

func signing(w *delivery.Webhook) sealer.Binding {
	return sealer.Binding{Client: w.ClientID, Channel: string(w.ID), Purpose: "webhook"}
}
