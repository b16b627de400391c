package tributaryjs_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPackage is packed, installed and used as its users have it: imported by
// Node, where there is no window, and checked by TypeScript.
func TestPackage(t *testing.T) {
	t.Parallel()
	folder, err := filepath.Abs(".")
	require.NoError(t, err)
	app := t.TempDir()
	run := func(program string, args ...string) (string, error) {
		command := exec.Command(program, args...)
		command.Dir = app
		out, err := command.CombinedOutput()
		return string(out), err
	}
	for _, name := range []string{"package.json", "package-lock.json", "app.ts", "wrong.ts"} {
		text, err := os.ReadFile(filepath.Join("testdata/app", name))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(app, name), text, 0o600))
	}
	out, err := run("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
	require.NoError(t, err, out)
	out, err = run("npm", "pack", "--silent", folder)
	require.NoError(t, err, out)
	packed, err := filepath.Glob(filepath.Join(app, "*.tgz"))
	require.NoError(t, err)
	require.Len(t, packed, 1)
	out, err = run("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--offline", "--no-save", packed[0])
	require.NoError(t, err, out)

	out, err = run("node", "--input-type=module", "-e", `import { open, returned } from "@tributary-dev/widget";
		console.log(typeof open, JSON.stringify([returned("https://a.example/?x=1"), returned("https://a.example/?result=success&state=s&x=1&connection_id=con_1")]));`)
	require.NoError(t, err, out)
	require.Equal(t, `function [null,{"result":"success","connection_id":"con_1","state":"s"}]`+"\n", out)

	check := []string{"--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--lib", "es2022,dom"}
	out, err = run("node_modules/.bin/tsc", append(check, "app.ts")...)
	require.NoError(t, err, out)
	out, err = run("node_modules/.bin/tsc", append(check, "wrong.ts")...)
	require.Error(t, err, "types that fit everything say nothing")
	require.Contains(t, out, `'"tab"' is not assignable`)
	require.Contains(t, out, "'outcome' does not exist")
}
