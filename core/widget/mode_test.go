package widget_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/widget"
)

const app, shop = "https://app.example", "https://shop.example:8443"

func TestFor_wants_a_page_around_that_is_registered(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		mode    widget.Mode
		given   string
		origins []string
		want    string
		refused string
	}{
		"a_page_has_none":           {widget.OnPage, "", []string{app}, "", ""},
		"a_page_takes_none":         {widget.OnPage, app, []string{app}, "", "goes with"},
		"the_only_one":              {widget.InFrame, "", []string{app}, app, ""},
		"the_only_one_by_name":      {widget.InPopup, app, []string{app}, app, ""},
		"one_of_several":            {widget.InPopup, shop, []string{app, shop}, shop, ""},
		"several_and_none_named":    {widget.InFrame, "", []string{app, shop}, "", "several origins"},
		"none_registered":           {widget.InFrame, "", nil, "", "is not registered"},
		"another":                   {widget.InFrame, "https://evil.example", []string{app}, "", "is not registered"},
		"a_part_of_one":             {widget.InFrame, "https://shop.example", []string{shop}, "", "is not registered"},
		"one_with_more":             {widget.InFrame, app + "/", []string{app}, "", "is not registered"},
		"one_in_other_letters":      {widget.InFrame, "https://App.example", []string{app}, "", "is not registered"},
		"any":                       {widget.InFrame, "*", []string{app}, "", "is not registered"},
		"nobody":                    {widget.InFrame, "null", []string{app}, "", "is not registered"},
		"one_below":                 {widget.InFrame, "https://x.app.example", []string{app}, "", "is not registered"},
		"one_that_is_not_encrypted": {widget.InFrame, "http://app.example", []string{app}, "", "is not registered"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := widget.Order{Accounts: widget.AllAccounts, Mode: c.mode, ParentOrigin: c.given}.For(widget.Registered{Origins: c.origins})
			if c.refused == "" {
				require.NoError(t, err)
				require.Equal(t, c.want, got.ParentOrigin)
				return
			}
			failed, _ := errors.AsType[*fault.Error](err)
			require.NotNil(t, failed)
			require.Len(t, failed.Details, 1)
			require.Equal(t, "body.parent_origin", failed.Details[0].Location)
			require.Contains(t, failed.Details[0].Message, c.refused)
		})
	}
}

func TestEmbedding_is_for_those_who_are_registered_now(t *testing.T) {
	t.Parallel()
	both := []string{app, shop}
	for _, mode := range []widget.Mode{"", widget.OnPage} {
		require.Equal(t, widget.Embedding{Mode: mode}, widget.Order{Mode: mode, ParentOrigin: app}.Embedding(both))
	}
	require.Equal(t, widget.Embedding{Mode: widget.InPopup, Parent: app}, widget.Order{Mode: widget.InPopup, ParentOrigin: app}.Embedding(both))
	require.Equal(t, widget.Embedding{Mode: widget.InFrame, Framers: both, Parent: app}, widget.Order{Mode: widget.InFrame, ParentOrigin: app}.Embedding(both))
	require.Equal(t, widget.Embedding{Mode: widget.InFrame, Framers: []string{shop}}, widget.Order{Mode: widget.InFrame, ParentOrigin: app}.Embedding([]string{shop}), "it was taken away meanwhile")
	require.Equal(t, widget.Embedding{Mode: widget.InFrame}, widget.Order{Mode: widget.InFrame}.Embedding(nil), "nothing is not an origin")
}

func TestTold_has_what_there_is_to_tell(t *testing.T) {
	t.Parallel()
	s := opened(t, widget.Order{State: "s"})
	require.Equal(t, map[string]string{"error": "expired", "state": "s"}, s.Told())
	s.Outcome = &widget.Outcome{Result: widget.Success, ConnectionID: "con_1", Status: "SUCCESS"}
	require.Equal(t, map[string]string{"result": "success", "status": "SUCCESS", "connection_id": "con_1", "state": "s"}, s.Told())
	s.Outcome = &widget.Outcome{Result: widget.Cancelled, Step: widget.Agree}
	require.Equal(t, map[string]string{"error": "cancelled", "step": "AGREE", "state": "s"}, s.Told())
}

func TestDestination_may_be_an_app(t *testing.T) {
	t.Parallel()
	s := opened(t, widget.Order{RedirectURL: "com.example.app:/banks", CancelURL: app})
	require.False(t, s.App(), "it has not ended")
	s.Outcome = &widget.Outcome{Result: widget.Success}
	require.Equal(t, "com.example.app:/banks?result=success", s.Destination())
	require.True(t, s.App())
	s.Outcome.Result = widget.Cancelled
	require.False(t, s.App(), "its own page")
}
