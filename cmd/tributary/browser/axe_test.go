package browser

import (
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"
	"github.com/stretchr/testify/require"
)

// axe is the checker of accessibility, as npm has it.
var axe = sync.OnceValues(func() (string, error) {
	folder, err := installed("axe")
	if err != nil {
		return "", err
	}
	script, err := os.ReadFile(filepath.Join(folder, "node_modules/axe-core/axe.min.js"))
	return string(script), err
})

// violation is a rule that a page breaks, and where.
type violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		HTML           string `json:"html"`
		FailureSummary string `json:"failureSummary"`
	} `json:"nodes"`
}

// accessible holds a page to WCAG 2.2 AA, as far as a program can see.
func (p *person) accessible() {
	p.t.Helper()
	require.Empty(p.t, p.violations())
}

func (p *person) violations() (found []violation) {
	p.t.Helper()
	script, err := axe()
	require.NoError(p.t, err, script)
	_, err = proto.RuntimeEvaluate{Expression: script}.Call(p.page)
	require.NoError(p.t, err)
	told, err := proto.RuntimeEvaluate{AwaitPromise: true, ReturnByValue: true, Expression: `axe.run(document, {
		runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"],
	}).then((r) => JSON.stringify(r.violations))`}.Call(p.page)
	require.NoError(p.t, err)
	require.Nil(p.t, told.ExceptionDetails)
	require.NoError(p.t, json.Unmarshal([]byte(told.Result.Value.Str()), &found))
	return found
}

// testAxeFindsWhatIsWrong: a checker that finds nothing anywhere proves nothing.
func testAxeFindsWhatIsWrong(t *testing.T, s *sandbox, browser *rod.Browser) {
	p := visitor(t, browser, s, "en")
	p.goes(s.order(t, form()).Links.AddConnection)
	p.accessible()
	p.page.MustEval(`() => document.querySelector("label[for=q]").remove()`)
	require.Equal(t, "label", p.violations()[0].ID)
}
