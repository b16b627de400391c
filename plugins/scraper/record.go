package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/tributary-dev/tributary/plugins/scraper/bundle"
	"github.com/tributary-dev/tributary/plugins/scraper/engine"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// telling are the failures of which somebody may want to see the page. What is a user's own is nobody's business.
var telling = []sdk.Code{sdk.BadData, sdk.Technical, sdk.ProviderUnavailable, sdk.Blocked}

// record keeps what a failed visit looked like, where the operator has a folder for it.
func (p *provider) record(ctx context.Context, c engine.Config, s *engine.Session, failed error, over bool) {
	var failure *sdk.Failure
	if p.bundles == "" || !errors.As(failed, &failure) || !slices.Contains(telling, failure.Code) {
		return
	}
	bundle.Sweep(p.bundles, p.now(), p.kept)
	b, err := s.Evidence(ctx, failed, over)
	if err != nil {
		_, _ = fmt.Fprintf(os.Stderr, "%s: a visit failed and left nothing to look at: %v\n", c.Recipe.Bank.ID, err)
		return
	}
	path, err := bundle.Write(p.bundles, b)
	if err != nil {
		_, _ = fmt.Fprintf(os.Stderr, "%s: %v\n", c.Recipe.Bank.ID, err)
		return
	}
	_, _ = fmt.Fprintf(os.Stderr, "%s: a visit failed at %s; %s shows what it looked like\n", c.Recipe.Bank.ID, b.Step, filepath.Base(path))
}
