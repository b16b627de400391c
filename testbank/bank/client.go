package bank

import "encoding/json"

// Register takes down what a third party says of itself, in the words of its standard, in the place of what it said before.
func (b *Bank) Register(thirdParty string, said json.RawMessage) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.clients[thirdParty] = said
	if b.keep != nil {
		b.keep(Kept{ID: "client " + thirdParty, ThirdParty: thirdParty, Client: said})
	}
}

// Registered gives what a third party said of itself; nil where it said nothing.
func (b *Bank) Registered(thirdParty string) json.RawMessage {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.clients[thirdParty]
}
