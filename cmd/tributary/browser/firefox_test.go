package browser

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/stretchr/testify/require"
)

// beside is a page that frames the widget and, beside it, a page that anybody may
// frame. When both have loaded it tells its own server what frames have said to it, and
// again whenever one says more: frames have processes of their own, and a word may
// arrive after the end of the loading that it was said in.
const beside = `<!doctype html><html lang="en"><title>Site</title><link rel="icon" href="data:,"><body><script>
const heard = [];
let all = false;
const tell = () => all && fetch("/told", { method: "POST", body: JSON.stringify(heard) });
addEventListener("message", ({ data }) => {
	if (data.event === "resize") return;
	heard.push(data.step ?? data);
	tell();
});
const loaded = ["/open", %q].map((src) => new Promise((done) => {
	const frame = document.createElement("iframe");
	frame.addEventListener("load", done);
	frame.src = src;
	document.body.append(frame);
}));
Promise.all(loaded).then(() => { all = true; tell(); });
</script>`

// framing is a site that frames the address in its query, and what its page is told.
func framing(t *testing.T) (site string, told chan []any) {
	t.Helper()
	told = make(chan []any, 8)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		switch r.URL.Path {
		case "/told":
			var heard []any
			if json.NewDecoder(r.Body).Decode(&heard) == nil {
				told <- heard
			}
		case "/open":
			_, _ = w.Write([]byte(`<!doctype html><script>parent.postMessage("open", "*")</script>`))
		default:
			_, _ = fmt.Fprintf(w, beside, r.URL.Query().Get("of"))
		}
	}))
	t.Cleanup(server.Close)
	return strings.Replace(server.URL, "127.0.0.1", "localhost", 1), told
}

// firefox goes to an address, in a profile of its own, until the test ends.
func firefox(t *testing.T, address string) {
	t.Helper()
	program, err := exec.LookPath("firefox-esr")
	if err != nil {
		program, err = exec.LookPath("firefox")
	}
	require.NoError(t, err, "Firefox is missing: make deps")
	home := t.TempDir()
	quiet := `user_pref("browser.shell.checkDefaultBrowser", false); user_pref("datareporting.policy.dataSubmissionEnabled", false); user_pref("app.normandy.enabled", false);` +
		`user_pref("browser.startup.homepage_override.mstone", "ignore"); user_pref("trailhead.firstrun.didSeeAboutWelcome", true); user_pref("network.captive-portal-service.enabled", false);`
	require.NoError(t, os.WriteFile(filepath.Join(home, "user.js"), []byte(quiet), 0o600))
	command := exec.Command(program, "--headless", "--no-remote", "--profile", home, address)
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "TMPDIR=" + home, "MOZ_CRASHREPORTER_DISABLE=1"}
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		_ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
		_ = command.Wait()
	})
}

// watched is the way to a server on which is counted how often a page of the widget
// was shown: only then does a browser ask for its style sheet.
func watched(t *testing.T, base string) (address string, shown *atomic.Int64) {
	t.Helper()
	to, err := url.Parse(base)
	require.NoError(t, err)
	shown = &atomic.Int64{}
	proxy := httputil.NewSingleHostReverseProxy(to)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/widget.css") {
			shown.Add(1)
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, shown
}

// testFirefox: what Firefox shows in a frame of a registered site, and in one of
// another. A widget that is shown has a style, and says so to the page around it.
func testFirefox(t *testing.T, s *sandbox, _ *rod.Browser) {
	shop, toShop := framing(t)
	evil, toEvil := framing(t)
	s.isAt(t, s.site, shop)
	t.Cleanup(func() { s.isAt(t, s.site) })
	way, shown := watched(t, s.base)
	link := func() string {
		wanted := form()
		wanted["mode"], wanted["parent_origin"] = "iframe", shop
		return url.QueryEscape(strings.Replace(s.order(t, wanted).Links.AddConnection, s.base, way, 1))
	}
	for _, c := range []struct {
		name, site string
		told       chan []any
		want       []any
		shown      int64
	}{{"registered", shop, toShop, []any{"open", "CHOOSE_BANK"}, 1}, {"another", evil, toEvil, []any{"open"}, 0}} {
		t.Run(c.name, func(t *testing.T) {
			shown.Store(0)
			firefox(t, c.site+"/?of="+link())
			require.ElementsMatch(t, c.want, told(t, c.told, len(c.want)))
			require.Equal(t, c.shown, shown.Load())
		})
	}
}

// told is what frames had said when both had loaded and at least so much was said.
func told(t *testing.T, by chan []any, least int) (heard []any) {
	t.Helper()
	late := time.After(2 * patience)
	for len(heard) < max(least, 1) {
		select {
		case heard = <-by:
		case <-late:
			require.FailNow(t, "nothing was loaded", "frames said %v", heard)
		}
	}
	return heard
}

// isAt registers the origins of the client's pages.
func (s *sandbox) isAt(t *testing.T, origins ...string) {
	t.Helper()
	args := []string{"client", "move", s.id, "--data", s.data}
	for _, origin := range origins {
		args = append(args, "--origin", origin)
	}
	out, err := exec.Command(filepath.Join(programs, "tributary"), args...).CombinedOutput()
	require.NoError(t, err, "%s", out)
}
