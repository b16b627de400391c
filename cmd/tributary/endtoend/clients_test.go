package endtoend

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// addClient makes a second client as an operator does, beside the server that
// runs.
func (s *sandbox) addClient(t *testing.T) (id, secret string) {
	t.Helper()
	command := bounded(t, filepath.Join(programs, "tributary"), "client", "create", "--data", s.data, "--name", "The other",
		"--right", "direct_credentials", "--right", "password_grant", "--json")
	command.Env = []string{"PATH=" + os.Getenv("PATH")}
	out, err := command.Output()
	require.NoError(t, err, "%s", out)
	var made struct {
		ID     string `json:"client_id"`
		Secret string `json:"client_secret"`
	}
	require.NoError(t, json.Unmarshal(out, &made))
	return made.ID, made.Secret
}
