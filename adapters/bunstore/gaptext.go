package bunstore

import (
	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/synchronization"
)

// gapText is what a balance check misses, in the column of a run's outcomes.
type gapText struct {
	Missing *amountText `json:"missing"`
	From    bank.Day    `json:"from,omitempty"`
	To      bank.Day    `json:"to,omitempty"`
}

func gapTextOf(g *synchronization.Gap) *gapText {
	if g == nil {
		return nil
	}
	return &gapText{amountTextOf(g.Missing), g.From, g.To}
}

func (g *gapText) gap() (*synchronization.Gap, error) {
	if g == nil {
		return nil, nil
	}
	missing, err := g.Missing.amount()
	return &synchronization.Gap{Missing: missing, From: g.From, To: g.To}, err
}
