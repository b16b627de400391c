package main

import (
	"context"

	"github.com/tributary-dev/tributary/plugins/scraper/engine"
)

// record keeps what a failed visit looked like.
func (p *provider) record(context.Context, engine.Config, *engine.Session, error) {}
