package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/tributary-dev/tributary/adapters/bunstore"
	"github.com/tributary-dev/tributary/cmd/tributary/setting"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/picture"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/store"
)

type clientTheme struct {
	oneClient
	Name        string   `name:"name" default:"default" help:"Which of its themes; that of widget sessions that name none is 'default'." placeholder:"NAME"`
	DisplayName string   `name:"display-name" help:"What the pages call the client, in the place of its name." placeholder:"NAME"`
	Accent      string   `name:"accent" help:"Its colour, such as #0b6354. Buttons have it as it is; as text or a line, and where a button would not be seen, it is made darker or lighter." placeholder:"COLOUR"`
	AccentDark  string   `name:"accent-dark" help:"Another one for the dark scheme." placeholder:"COLOUR"`
	Font        string   `name:"font" help:"system, humanist, geometric, rounded or serif: of the fonts that a device has." placeholder:"FONT"`
	Corners     string   `name:"corners" help:"round, slight or square." placeholder:"KIND"`
	Logo        string   `name:"logo" help:"A PNG or JPEG of at most 512 pixels a side and 64 KiB, to be seen on white. One more than twice as wide as high is taken to say the name." placeholder:"FILE"`
	TermsHeader string   `name:"terms-header" help:"Stands over --terms-body." placeholder:"TEXT"`
	TermsBody   string   `name:"terms-body" help:"Its own terms as plain text, for widget sessions that bring none." placeholder:"FILE"`
	None        []string `name:"none" enum:"display-name,accent,accent-dark,font,corners,logo,terms" help:"Of this it has none any more: display-name, accent, accent-dark, font, corners, logo or terms; may be repeated." placeholder:"KIND"`
	Remove      bool     `name:"remove" help:"Forget the theme. Visits that have it get the usual look."`
}

// Help shows how it is meant to be called.
func (clientTheme) Help() string {
	return examples("What is given replaces what there is; the rest stays. It counts at once, also for visits to the widget that are under way; terms from the next widget session on. Without anything to change it is shown.",
		"tributary client theme cli_06h0k279xfz2bxvfwmdf973efw --accent '#ffcc00' --logo logo.png --corners slight",
		"tributary client theme cli_06h0k279xfz2bxvfwmdf973efw --name pro --display-name 'Budget Pro' --font serif",
		"tributary client theme cli_06h0k279xfz2bxvfwmdf973efw --none logo")
}

// Run shows, changes or forgets a theme.
func (c clientTheme) Run(ctx context.Context, std streams, v setting.Values) error {
	id, err := idOf[ident.Client]("<client>", c.ID)
	if err != nil {
		return err
	}
	files, err := c.read()
	if err != nil {
		return err
	}
	if err := needDatabase(ctx, v); err != nil {
		return err
	}
	var owner client.Client
	var theme widget.Theme
	err = withStore(ctx, v, func(state *bunstore.Store) error {
		return state.Update(ctx, store.Fence{}, func(tx store.Tx) (err error) {
			if owner, err = tx.Clients().Get(ctx, id); err != nil {
				return err
			}
			theme, err = c.apply(ctx, tx, id, files)
			return err
		})
	})
	if widget.ErrTheme.Is(err) {
		return fmt.Errorf("%w: %w", errWrongCall, err)
	}
	if err != nil {
		return err
	}
	return c.print(std, owner, theme)
}

// themeFiles are what is in the files that are named.
type themeFiles struct {
	logo  *picture.Picture
	terms string
}

func (c clientTheme) read() (files themeFiles, err error) {
	if c.Logo != "" {
		told, err := os.ReadFile(c.Logo)
		if err != nil {
			return files, fmt.Errorf("%w: --logo: %w", errWrongCall, err)
		}
		drawn, err := picture.Redraw(told, widget.MostLogo)
		if err != nil {
			return files, fmt.Errorf("%w: --logo: %w; it has at most %d pixels a side and %d bytes as a PNG", errWrongCall, err, widget.MostLogo.Side, widget.MostLogo.Bytes)
		}
		files.logo = &drawn
	}
	if c.TermsBody != "" {
		told, err := os.ReadFile(c.TermsBody)
		if err != nil {
			return files, fmt.Errorf("%w: --terms-body: %w", errWrongCall, err)
		}
		files.terms = strings.TrimSpace(string(told))
	}
	return files, nil
}

// apply does what is asked to the theme that there is, or to a new one.
func (c clientTheme) apply(ctx context.Context, tx store.Tx, id ident.Client, files themeFiles) (widget.Theme, error) {
	theme, err := tx.Themes().Get(ctx, id, c.Name)
	switch {
	case err == nil && c.Remove:
		return theme, tx.Themes().Delete(ctx, id, c.Name)
	case err != nil && (!fault.IsNotFound(err) || c.Remove || !c.changes()):
		return theme, err
	case !c.changes():
		return theme, nil
	}
	theme.ClientID, theme.Name = id, c.Name
	c.dress(&theme, files)
	if err := theme.Check(); err != nil {
		return theme, err
	}
	return theme, tx.Themes().Put(ctx, theme)
}

// changes reports whether anything is asked for but to see it.
func (c clientTheme) changes() bool {
	return c.DisplayName+c.Accent+c.AccentDark+c.Font+c.Corners+c.Logo+c.TermsHeader+c.TermsBody != "" || len(c.None) > 0
}

func (c clientTheme) dress(t *widget.Theme, files themeFiles) {
	if slices.Contains(c.None, "logo") {
		t.Logo = nil
	}
	if slices.Contains(c.None, "terms") {
		t.TermsHeader, t.TermsBody = "", ""
	}
	t.DisplayName = c.given("display-name", c.DisplayName, t.DisplayName)
	t.Accent = c.given("accent", c.Accent, t.Accent)
	t.AccentDark = c.given("accent-dark", c.AccentDark, t.AccentDark)
	t.Font = widget.Font(c.given("font", c.Font, string(t.Font)))
	t.Corners = widget.Corners(c.given("corners", c.Corners, string(t.Corners)))
	t.Logo = cmp.Or(files.logo, t.Logo)
	t.TermsHeader, t.TermsBody = cmp.Or(c.TermsHeader, t.TermsHeader), cmp.Or(files.terms, t.TermsBody)
}

// given is what is there of a kind afterwards.
func (c clientTheme) given(kind, given, there string) string {
	if slices.Contains(c.None, kind) {
		there = ""
	}
	return cmp.Or(given, there)
}
