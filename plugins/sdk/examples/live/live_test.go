package main_test

import (
	"context"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/conformance"
	"github.com/tributary-dev/tributary/plugins/sdk/host"
)

var program struct {
	path string
	sum  []byte
}

func launch(t *testing.T) sdk.Provider {
	t.Helper()
	process, err := host.Launch(t.Context(), host.Config{
		Path: program.path, SHA256: program.sum, Settings: map[string]string{"word": "canary"}, StartTimeout: time.Minute,
	})
	require.NoError(t, err)
	t.Cleanup(func() { process.Close(time.Second) })
	return process.Provider()
}

func build(t *testing.T) {
	t.Helper()
	program.path = filepath.Join(t.TempDir(), "live")
	out, err := exec.Command("go", "build", "-trimpath", "-o", program.path, ".").CombinedOutput()
	require.NoError(t, err, string(out))
	program.sum, err = host.Checksum(program.path)
	require.NoError(t, err)
}

func TestLive(t *testing.T) {
	build(t)
	t.Run("Keeps_the_contract", func(t *testing.T) {
		conformance.Run(t, launch, conformance.Case{
			Name: "Ada", ProviderID: "teller", ChannelID: "teller-embedded",
			Credentials: sdk.Secrets{"name": "Ada"}, Wrong: sdk.Secrets{"name": ""},
			Answer: func(sdk.Challenge) sdk.Secrets { return sdk.Secrets{"word": "canary"} },
		})
	})
	t.Run("Is_lost_with_its_process", func(t *testing.T) {
		session := sdk.Session{ID: "one", ProviderID: "teller", ChannelID: "teller-embedded", Locale: "en"}
		psu := &sdk.PSU{IP: "192.0.2.1"}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		step, err := launch(t).Begin(ctx, sdk.BeginRequest{Session: session, PSU: psu, Credentials: sdk.Secrets{"name": "Ada"}})
		require.NoError(t, err)
		require.Equal(t, sdk.Live, step.Challenge.Holding)
		_, err = launch(t).Continue(ctx, sdk.ContinueRequest{
			Session: session, PSU: psu, ChallengeID: step.Challenge.ID, Answers: sdk.Secrets{"word": "canary"}, State: step.Challenge.State,
		})
		var failure *sdk.Failure
		require.ErrorAs(t, err, &failure)
		require.Equal(t, sdk.SessionLost, failure.Code)
	})
}
