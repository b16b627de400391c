package desk

import (
	"sync"

	"github.com/tributary-dev/tributary/testbank/config"
)

// State is what can be changed of the web site while it runs.
type State struct {
	Theme  config.Theme `json:"theme"`
	Markup int          `json:"markup"`
	// Wall takes every visitor for a machine.
	Wall bool `json:"bot_wall"`
	// Page breaks for everybody, with Fault; empty where none does.
	Page  config.SitePage `json:"page"`
	Fault config.Fault    `json:"fault"`
	// Down is an outage of the whole bank, which is switched elsewhere.
	Down bool `json:"-"`
}

// Switch holds the State of one bank's web site. It is safe for concurrent use.
type Switch struct {
	mu    sync.Mutex
	state State
}

// NewSwitch begins as the configuration says.
func NewSwitch(site config.Site) *Switch {
	return &Switch{state: State{Theme: site.Theme, Markup: site.Markup}}
}

// State gives the state as it is.
func (s *Switch) State() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}

// Change changes it, unless the error says that it may not be so.
func (s *Switch) Change(how func(*State) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	state := s.state
	if err := how(&state); err != nil {
		return err
	}
	s.state = state
	return nil
}
