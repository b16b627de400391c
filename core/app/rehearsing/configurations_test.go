package rehearsing_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/access"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/sandbox"
	"github.com/tributary-dev/tributary/ports/fetcher"
	"github.com/tributary-dev/tributary/ports/fetcher/fetchertest"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/testbank"
	"github.com/tributary-dev/tributary/ports/testbank/testbanktest"
	"github.com/tributary-dev/tributary/ports/usecase"
)

func TestCreate_by_text_and_by_address(t *testing.T) {
	t.Parallel()
	s := open(t)
	service, acme := s.configurations(), s.As(s.Acme)
	address := s.web.Publish("/bank.yaml", fetchertest.Page{Body: strings.Repeat("#", 900) + "\n"})
	for source, want := range map[usecase.ConfigurationSource]string{
		{Text: testbanktest.Text}: testbanktest.Text, {URL: address}: strings.Repeat("#", 900) + "\n",
	} {
		made, err := service.Create(t.Context(), acme, source)
		require.NoError(t, err)
		found, err := service.Get(t.Context(), acme, string(made.ID))
		require.NoError(t, err)
		require.Equal(t, want, string(found.Text))
		require.Equal(t, s.Acme.ID, found.ClientID)
		served, err := s.bank.Configurations(t.Context())
		require.NoError(t, err)
		require.Contains(t, served, made.ID)
		require.NoError(t, service.Delete(t.Context(), acme, string(made.ID)))
		served, err = s.bank.Configurations(t.Context())
		require.NoError(t, err)
		require.Empty(t, served)
	}
}

func TestCreate_refuses_and_keeps_nothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	acme := s.As(s.Acme)
	wrong := s.web.Publish("/wrong.yaml", fetchertest.Page{Body: testbanktest.Wrong})
	for name, c := range map[string]struct {
		source usecase.ConfigurationSource
		want   error
		at     string
	}{
		"nothing":               {usecase.ConfigurationSource{}, sandbox.ErrSource, ""},
		"both":                  {usecase.ConfigurationSource{Text: "x", URL: wrong}, sandbox.ErrSource, ""},
		"mistakes":              {usecase.ConfigurationSource{Text: testbanktest.Wrong}, testbank.ErrMistakes, "body.text"},
		"mistakes at a URL":     {usecase.ConfigurationSource{URL: wrong}, testbank.ErrMistakes, "body.url"},
		"a private address":     {usecase.ConfigurationSource{URL: "https://router.private/"}, fetcher.ErrAddress, "body.url"},
		"nothing there":         {usecase.ConfigurationSource{URL: "https://web.example/none"}, fetcher.ErrFetch, "body.url"},
		"no UTF-8":              {usecase.ConfigurationSource{Text: "\xff"}, testbank.ErrMistakes, "body.text"},
		"too large":             {usecase.ConfigurationSource{Text: strings.Repeat("#", sandbox.MaxText+1)}, sandbox.ErrTooLarge, ""},
		"too large a document":  {usecase.ConfigurationSource{URL: s.web.Publish("/large", fetchertest.Page{Body: strings.Repeat("#", fetchertest.Limit+1)})}, fetcher.ErrTooLarge, ""},
		"redirected to private": {usecase.ConfigurationSource{URL: s.web.Publish("/r", fetchertest.Page{Location: "https://router.private/"})}, fetcher.ErrAddress, "body.url"},
	} {
		s.Unchanged(func() {
			_, err := s.configurations().Create(t.Context(), acme, c.source)
			require.ErrorIs(t, err, c.want, name)
			e, ok := errors.AsType[*fault.Error](err)
			require.True(t, ok)
			for _, detail := range e.Details {
				require.Equal(t, c.at, detail.Location, name)
				require.NotContains(t, detail.Message, testbanktest.Canary)
			}
			require.Equal(t, c.at != "", len(e.Details) > 0, name)
		})
	}
	require.Zero(t, s.bank.Puts())
	require.Zero(t, s.web.Asked())
}

func TestCreate_without_the_test_bank(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.bank.Stop()
	s.Unchanged(func() {
		_, err := s.configurations().Create(t.Context(), s.As(s.Acme), usecase.ConfigurationSource{Text: testbanktest.Text})
		require.ErrorIs(t, err, testbank.ErrUnavailable)
	})
}

func TestCreate_ends_at_what_one_client_may_have(t *testing.T) {
	t.Parallel()
	s := open(t)
	for range sandbox.MaxConfigurations {
		s.upload(t)
	}
	_, err := s.configurations().Create(t.Context(), s.As(s.Acme), usecase.ConfigurationSource{Text: testbanktest.Text})
	require.ErrorIs(t, err, sandbox.ErrTooMany)
	_, err = s.configurations().Create(t.Context(), s.As(s.Other), usecase.ConfigurationSource{Text: testbanktest.Text})
	require.NoError(t, err)
	require.Equal(t, sandbox.MaxConfigurations+1, s.bank.Puts())
}

func TestAnother_client_never_sees_one(t *testing.T) {
	t.Parallel()
	s := open(t)
	made, service := s.upload(t), s.configurations()
	missing := string(ident.New[ident.Configuration](s.IDs))
	s.Unchanged(func() {
		for name, p := range s.Principals() {
			want := sandbox.ErrNotFound
			switch {
			case p.User != "":
				want = access.ErrClientOnly
			case p.Client == s.Acme.ID:
				continue
			}
			for _, id := range []string{string(made.ID), missing, "x", ""} {
				_, err := service.Get(t.Context(), p, id)
				require.ErrorIs(t, err, want, name)
				require.ErrorIs(t, service.Delete(t.Context(), p, id), want, name)
				if id == "" {
					continue // the shared bank
				}
				require.ErrorIs(t, s.scenarios().Forgive(t.Context(), p, id, "guest"), want, name)
				require.ErrorIs(t, s.scenarios().SetDown(t.Context(), p, id, true), want, name)
			}
			slice, err := service.List(t.Context(), p, store.Page{Limit: 10})
			require.Empty(t, slice.Items)
			require.Equal(t, p.User != "", errors.Is(err, access.ErrClientOnly))
		}
	})
	require.False(t, s.bank.Down(made.ID))
	require.Empty(t, s.bank.Forgiven())
	slice, err := service.List(t.Context(), s.As(s.Acme), store.Page{Limit: 10})
	require.NoError(t, err)
	require.Len(t, slice.Items, 1)
}

func TestScenarios_happen_at_ones_own_bank(t *testing.T) {
	t.Parallel()
	s := open(t)
	made, acme := s.upload(t), s.As(s.Acme)
	acme.Rights = nil
	scenes := s.scenarios()
	require.NoError(t, scenes.SetDown(t.Context(), acme, string(made.ID), true))
	require.True(t, s.bank.Down(made.ID))
	require.NoError(t, scenes.SetDown(t.Context(), acme, string(made.ID), false))
	require.False(t, s.bank.Down(made.ID))
	require.NoError(t, scenes.Forgive(t.Context(), acme, string(made.ID), "guest"))
	require.ErrorIs(t, scenes.Forgive(t.Context(), acme, string(made.ID), "nobody"), testbank.ErrPersona)
	require.Equal(t, []string{string(made.ID) + "/guest"}, s.bank.Forgiven())
	t.Run("at_the_shared_one_with_the_right", func(t *testing.T) {
		require.ErrorIs(t, scenes.SetDown(t.Context(), acme, "", true), access.ErrControlNeeded)
		require.ErrorIs(t, scenes.Forgive(t.Context(), acme, "", "ann"), access.ErrControlNeeded)
		require.False(t, s.bank.Down(""))
		require.NoError(t, scenes.SetDown(t.Context(), s.As(s.Acme), "", true))
		require.NoError(t, scenes.Forgive(t.Context(), s.As(s.Acme), "", "ann"))
		require.True(t, s.bank.Down(""))
	})
}
