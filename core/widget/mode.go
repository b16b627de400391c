package widget

import "slices"

// Mode is how a visit is shown.
type Mode string

// Modes.
const (
	// OnPage has the whole browser, and ends by a redirect. InPopup and InFrame have
	// a page of the client's around, which is told what happens.
	OnPage  Mode = "page"
	InPopup Mode = "popup"
	InFrame Mode = "iframe"
)

// Modes lists them.
func Modes() []Mode { return []Mode{OnPage, InPopup, InFrame} }

// Embedded modes have a page around.
func (m Mode) Embedded() bool { return m == InPopup || m == InFrame }

// Embedding is what may be around a visit, and who of it is told what happens.
type Embedding struct {
	Mode Mode
	// Framers are the origins whose pages may frame it; none in any mode but InFrame.
	Framers []string
	// Parent is the origin of the page that is told; empty where none may be.
	Parent string
}

// Embedding of an order, for a client that has these origins by now.
func (o Order) Embedding(origins []string) Embedding {
	e := Embedding{Mode: o.Mode}
	if o.Mode == InFrame {
		e.Framers = origins
	}
	if o.Mode.Embedded() && slices.Contains(origins, o.ParentOrigin) {
		e.Parent = o.ParentOrigin
	}
	return e
}

// Registered is what a client said beforehand of where it is.
type Registered struct {
	// Addresses are where a browser may be sent.
	Addresses []string
	// Origins are those of its pages.
	Origins []string
	// Theme is the look that the order has, if there is one.
	Theme *Theme
}

// placed fills in what an order leaves open: to be a page, the page around where
// there is but one that it can be, and the terms that go with the look.
func (o Order) placed(r Registered) Order {
	if o.Mode == "" {
		o.Mode = OnPage
	}
	if o.Mode.Embedded() && o.ParentOrigin == "" && len(r.Origins) == 1 {
		o.ParentOrigin = r.Origins[0]
	}
	if r.Theme != nil && o.TermsHeader == "" && o.TermsBody == "" {
		o.TermsHeader, o.TermsBody = r.Theme.TermsHeader, r.Theme.TermsBody
	}
	return o
}

// misplaced says what is wrong with the page around, if anything is.
func (o Order) misplaced(r Registered) string {
	switch {
	case !o.Mode.Embedded() && o.ParentOrigin != "":
		return "goes with the modes popup and iframe"
	case !o.Mode.Embedded() || slices.Contains(r.Origins, o.ParentOrigin):
		return ""
	case o.ParentOrigin == "" && len(r.Origins) > 0:
		return "is needed, since several origins are registered for this client"
	}
	return "is not registered for this client"
}
