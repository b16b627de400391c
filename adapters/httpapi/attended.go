package httpapi

import (
	"context"
	"net/netip"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Attended are the headers by which a client says that its user is really
// there (PSD2: the PSU). Banks give attended accesses more freely.
type Attended struct {
	IP        string `header:"PSU-IP-Address" doc:"The user's address, where the user is there now. Without it a call in client mode is unattended; a call with a user's token is attended, from its own address."`
	UserAgent string `header:"PSU-User-Agent" doc:"The user's browser."`
}

var errAddress = fault.New(fault.Invalid, "invalid_request", "The request is not acceptable; errors says where.").
	With(fault.At("header.PSU-IP-Address", "is not an IP address"))

// with puts the user who is there into a principal.
func (a Attended) with(ctx context.Context, p usecase.Principal) (usecase.Principal, error) {
	c := callOf(ctx)
	switch {
	case a.IP != "":
		address, err := netip.ParseAddr(a.IP)
		if err != nil || address.Zone() != "" {
			return p, errAddress
		}
		p.PSU = synchronization.Present(address.String(), a.UserAgent)
	case p.User != "" && c.remote != "":
		agent := a.UserAgent
		if agent == "" {
			agent = c.userAgent
		}
		p.PSU = synchronization.Present(c.remote, agent)
	}
	return p, nil
}
