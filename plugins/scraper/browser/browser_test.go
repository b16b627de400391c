package browser_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/scraper/browser"
)

const library = `globalThis.ours = {text: () => document.body ? document.body.innerText : "", at: s => { const r = document.querySelector(s).getBoundingClientRect(); return {X: r.x + r.width / 2, Y: r.y + r.height / 2} }}`

// world is a pool in a folder of its own and a site.
type world struct {
	t      *testing.T
	pool   *browser.Pool
	site   *httptest.Server
	folder string
	notes  []string
}

func open(t *testing.T, pages map[string]string, change ...func(*browser.Settings)) *world {
	t.Helper()
	w := &world{t: t}
	mux := http.NewServeMux()
	for path, text := range pages {
		mux.HandleFunc(path, func(out http.ResponseWriter, _ *http.Request) {
			out.Header().Set("Content-Type", "text/html; charset=utf-8")
			if strings.HasSuffix(path, ".csv") {
				out.Header().Set("Content-Type", "text/csv")
				out.Header().Set("Content-Disposition", `attachment; filename="rows.csv"`)
			}
			_, _ = out.Write([]byte(text))
		})
	}
	w.site = httptest.NewServer(mux)
	t.Cleanup(w.site.Close)
	w.folder = folder(t)
	settings := browser.Settings{Folder: w.folder, Report: func(line string) { w.notes = append(w.notes, line) }}
	for _, f := range change {
		f(&settings)
	}
	w.pool = browser.New(settings)
	t.Cleanup(w.pool.Close)
	return w
}

// folder is one that a user without privileges may pass through.
func folder(t *testing.T) string {
	t.Helper()
	path, err := os.MkdirTemp("", "bt-") //nolint:usetesting // one that others may pass through, with a short name
	require.NoError(t, err)
	require.NoError(t, os.Chmod(path, 0o755)) //nolint:gosec // Chromium runs as another user
	t.Cleanup(func() { _ = os.RemoveAll(path) })
	return path
}

func (w *world) host() string { return strings.TrimPrefix(w.site.URL, "http://") }

func (w *world) visit(change ...func(*browser.Options)) *browser.Visit {
	w.t.Helper()
	o := browser.Options{Hosts: []string{w.host()}, Library: library, Downloads: 1 << 20}
	for _, f := range change {
		f(&o)
	}
	v, err := w.pool.Open(w.t.Context(), o)
	require.NoError(w.t, err)
	w.t.Cleanup(v.Close)
	return v
}

func (w *world) at(v *browser.Visit, path string) *browser.Window {
	w.t.Helper()
	require.NoError(w.t, w.goes(v, path))
	window, err := v.Window(w.t.Context())
	require.NoError(w.t, err)
	return window
}

func (w *world) goes(v *browser.Visit, path string) error {
	window, err := v.Window(w.t.Context())
	if err != nil {
		return err
	}
	return window.Go(w.t.Context(), w.site.URL+path)
}

// sees waits until the window in front shows a text.
func (w *world) sees(v *browser.Visit, text string) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 2*time.Minute)
	defer cancel()
	var seen string
	for !strings.Contains(seen, text) {
		window, err := v.Window(ctx)
		require.NoError(w.t, err, "waiting for %q, saw %q", text, seen)
		_ = window.Call(ctx, "", `() => ours.text()`, nil, &seen)
		look, done := context.WithTimeout(ctx, 50*time.Millisecond)
		_ = v.Wait(look)
		done()
		require.NoError(w.t, ctx.Err(), "waiting for %q, saw %q", text, seen)
	}
}

func TestVisits_are_apart_and_leave_nothing(t *testing.T) {
	t.Parallel()
	w := open(t, map[string]string{
		"/set":  `<script>document.cookie = "who=one"; localStorage.who = "one"</script>set`,
		"/show": `<body><script>document.body.append("cookie:" + document.cookie + " local:" + localStorage.who)</script></body>`,
	})
	one, two := w.visit(), w.visit()
	w.at(one, "/set")
	w.sees(one, "set")
	w.at(two, "/show")
	w.sees(two, "cookie: local:undefined")
	kept, err := one.Storage(t.Context())
	require.NoError(t, err)
	require.Equal(t, "[redacted]", fmt.Sprintf("%v", kept))
	one.Close()
	three := w.visit(func(o *browser.Options) { o.Storage = kept })
	w.at(three, "/show")
	w.sees(three, "cookie:who=one local:one")
	require.Len(t, w.pool.Processes(), 1)
	group := w.pool.Processes()[0]
	privileges(t, group)
	w.pool.Close()
	requireGone(t, group, w.folder)
}

// privileges wants Chromium to be nobody special, in its sandbox, with no secret among its arguments and no port.
func privileges(t *testing.T, pid int) {
	t.Helper()
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	require.NoError(t, err)
	require.NotRegexp(t, `(?m)^Uid:\s+0\s`, string(status))
	arguments, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "cmdline"))
	require.NoError(t, err)
	require.NotContains(t, string(arguments), "--no-sandbox")
	require.NotContains(t, string(arguments), "--remote-debugging-port")
	require.Contains(t, string(arguments), "--remote-debugging-pipe")
}

// requireGone wants no process of a group and no file in a folder.
func requireGone(t *testing.T, group int, folder string) {
	t.Helper()
	require.Eventually(t, func() bool { return syscall.Kill(-group, 0) == syscall.ESRCH }, 30*time.Second, 10*time.Millisecond, "processes are left")
	require.Eventually(t, func() bool {
		left, err := os.ReadDir(folder)
		return err == nil && len(left) == 0
	}, 5*time.Second, 10*time.Millisecond, "profiles are left")
}

func TestHosts_that_are_not_named_are_refused_and_counted(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	t.Cleanup(other.Close)
	w := open(t, map[string]string{"/": `<img src="` + other.URL + `/pixel"><script src="https://tracker.example/x.js"></script>
		<script>fetch("` + other.URL + `/beacon").catch(() => 0).then(() => document.body.append(" done"))</script>here`})
	v := w.visit()
	w.at(v, "/")
	w.sees(v, "done")
	require.Zero(t, asked.Load())
	require.GreaterOrEqual(t, v.Refused()["127.0.0.1"], 2)
	require.Equal(t, 1, v.Refused()["tracker.example"])
	window, err := v.Window(t.Context())
	require.NoError(t, err)
	_ = window.Go(t.Context(), other.URL+"/elsewhere")
	require.Zero(t, asked.Load(), "a navigation is no exception")
}

func TestScripts_of_the_page_do_not_see_ours(t *testing.T) {
	t.Parallel()
	w := open(t, map[string]string{"/": `<body>x<script>Document.prototype.querySelector = () => { throw "seen" }; setTimeout(() => document.body.append(" ours:" + typeof ours), 50)</script><p id=a>a</p>`})
	v := w.visit()
	window := w.at(v, "/")
	w.sees(v, "ours:undefined")
	var at struct{ X, Y float64 }
	require.NoError(t, window.Call(t.Context(), "", `s => ours.at(s)`, "#a", &at))
	require.Positive(t, at.Y)
}

func TestTyping_clicking_windows_and_answers(t *testing.T) {
	t.Parallel()
	w := open(t, map[string]string{
		"/":          `<input id=i autofocus><button id=b onclick="window.open('/second?' + encodeURIComponent(document.getElementById('i').value))">open</button>`,
		"/second":    `<body><script>document.body.append(decodeURIComponent(location.search)); fetch("/data.json")</script><button id=c onclick="window.close()">close</button></body>`,
		"/data.json": `{"rows": 3}`,
	})
	v := w.visit()
	window := w.at(v, "/")
	w.sees(v, "open")
	require.NoError(t, window.Call(t.Context(), "", `() => document.querySelector("#i").focus()`, nil, nil))
	require.NoError(t, window.Type(t.Context(), "grüß €"))
	press := func(what string) {
		window, err := v.Window(t.Context())
		require.NoError(t, err)
		var at struct{ X, Y float64 }
		require.NoError(t, window.Call(t.Context(), "", `s => ours.at(s)`, what, &at))
		require.NoError(t, window.Click(t.Context(), at.X, at.Y))
	}
	press("#b")
	w.sees(v, "grüß €")
	data := regexp.MustCompile(`/data\.json$`)
	require.Eventually(t, func() bool {
		body, found, err := v.Body(t.Context(), data)
		return err == nil && found && string(body) == `{"rows": 3}`
	}, 5*time.Second, 20*time.Millisecond)
	press("#c")
	w.sees(v, "open")
	for _, x := range v.Exchanges() {
		require.NotContains(t, x.Address, "?")
	}
}

func TestCalls_end_with_their_window(t *testing.T) {
	t.Parallel()
	w := open(t, map[string]string{"/": `<body>first`, "/second": `<body>second`})
	v := w.visit()
	first := w.at(v, "/")
	require.NoError(t, first.Call(t.Context(), "", `() => { window.open("/second") }`, nil, nil))
	w.sees(v, "second")
	second, err := v.Window(t.Context())
	require.NoError(t, err)
	waits := make(chan error, 1)
	go func() {
		waits <- second.Call(t.Context(), "", `() => new Promise(() => document.body.append(" waits"))`, nil, nil)
	}()
	w.sees(v, "second waits")
	require.NoError(t, second.Close(t.Context()))
	require.ErrorIs(t, <-waits, browser.ErrRefused)
	require.ErrorIs(t, second.Call(t.Context(), "", `() => 1`, nil, nil), browser.ErrRefused, "nor does a later one wait")
	w.sees(v, "first")
}

func TestDownloads_are_bounded(t *testing.T) {
	t.Parallel()
	w := open(t, map[string]string{"/": `<a id=a href="/rows.csv">small</a> <a id=b href="/large.csv">large</a>`, "/rows.csv": "a;b\n1;2\n", "/large.csv": strings.Repeat("x", 2<<20)})
	v := w.visit()
	window := w.at(v, "/")
	w.sees(v, "small")
	press := func(what string) {
		require.NoError(t, window.Call(t.Context(), "", `s => document.querySelector(s).click()`, what, nil))
	}
	press("#a")
	file, err := v.Download(t.Context())
	require.NoError(t, err)
	require.Equal(t, browser.File{Name: "rows.csv", Data: []byte("a;b\n1;2\n")}, file)
	press("#b")
	_, err = v.Download(t.Context())
	require.ErrorIs(t, err, browser.ErrTooLarge)
}

func TestHostile_pages_end_their_visit_only(t *testing.T) {
	t.Parallel()
	w := open(t, map[string]string{
		"/dialogs": `<script>setInterval(() => alert("again"), 1)</script>`,
		"/round":   `<script>setTimeout(() => location.replace("/round?" + Math.random()), 0)</script>`,
		"/windows": `<script>setInterval(() => window.open("about:blank"), 1)</script>`,
		"/good":    `good`,
	})
	good := w.visit()
	for _, page := range []string{"/dialogs", "/round", "/windows"} {
		v := w.visit()
		window, err := v.Window(t.Context())
		require.NoError(t, err)
		_ = window.Go(t.Context(), w.site.URL+page)
		select {
		case <-v.Done():
		case <-time.After(60 * time.Second):
			t.Fatal(page + " is not ended")
		}
		require.ErrorIs(t, v.Err(), browser.ErrHostile, page)
		v.Close()
	}
	w.at(good, "/good")
	w.sees(good, "good")
}

func TestKilled_Chromium_fails_its_visits_and_the_next_begins_anew(t *testing.T) {
	t.Parallel()
	w := open(t, map[string]string{"/": "here"})
	for range 3 {
		v := w.visit()
		w.at(v, "/")
		group := w.pool.Processes()[0]
		require.NoError(t, syscall.Kill(group, syscall.SIGKILL))
		<-v.Done()
		require.ErrorIs(t, v.Err(), browser.ErrGone)
		_, err := v.Window(t.Context())
		require.ErrorIs(t, err, browser.ErrGone)
		v.Close()
		requireGone(t, group, w.folder)
	}
}

// A page's process that is killed ends the visit of that page, and no other.
func TestKilled_children_fail_only_their_own_visit(t *testing.T) {
	t.Parallel()
	w := open(t, map[string]string{"/": "here"})
	one := w.visit()
	w.at(one, "/")
	before := renderers(t, w.pool.Processes()[0])
	two := w.visit()
	w.at(two, "/")
	w.sees(two, "here")
	for pid := range renderers(t, w.pool.Processes()[0]) {
		if !before[pid] {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}
	<-two.Done()
	require.ErrorIs(t, two.Err(), browser.ErrGone)
	w.sees(one, "here")
}

// A page that takes more memory than it may ends its own visit, and no other.
func TestMemory_of_a_page_is_bounded(t *testing.T) {
	t.Parallel()
	w := open(t, map[string]string{
		"/good": "good",
		"/hog":  `<body>hog<script>const kept = []; setInterval(() => kept.push(new Uint8Array(16 << 20).fill(1)), 10)</script>`,
	}, func(s *browser.Settings) { s.Page = 300 })
	one, two := w.visit(), w.visit()
	w.at(one, "/good")
	w.at(two, "/hog")
	<-two.Done()
	require.ErrorIs(t, two.Err(), browser.ErrGone)
	w.sees(one, "good")
	require.Len(t, w.pool.Processes(), 1)
	require.Contains(t, w.notes, "a page uses more memory than it may, and its visit is ended")
}

// A system that gives no user namespaces gives Chromium no sandbox: nothing starts, and the error says why.
func TestSandbox_that_the_system_refuses(t *testing.T) {
	t.Parallel()
	w := within(t, "echo 0 > /proc/sys/user/max_user_namespaces")
	_, err := w.pool.Open(t.Context(), browser.Options{Hosts: []string{w.host()}})
	require.ErrorIs(t, err, browser.ErrSandbox)
	require.ErrorContains(t, err, "no_sandbox")
	require.Empty(t, w.pool.Processes())

	same := within(t, "true") // but for the refusal
	v := same.visit()
	same.at(v, "/")
	same.sees(v, "here")
}

// within is a world whose Chromium runs in a user namespace of its own, after it was prepared.
func within(t *testing.T, prepare string) *world {
	t.Helper()
	program := filepath.Join(folder(t), "chromium")
	script := "#!/bin/sh\nexec unshare --user --map-current-user --keep-caps sh -c '" + prepare +
		` && exec setpriv --inh-caps=-all --ambient-caps=-all "$@"' - ` + chromium(t) + ` "$@"` + "\n"
	require.NoError(t, os.WriteFile(program, []byte(script), 0o755)) //nolint:gosec // it is run by another user
	return open(t, map[string]string{"/": "here"}, func(s *browser.Settings) { s.Program = program })
}

// Without any other of its children Chromium works on, or is replaced: the next visit begins.
func TestKilled_children_of_any_kind_leave_the_next_visit_whole(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"zygote", "gpu-process", "utility"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			w := open(t, map[string]string{"/": "here"})
			v := w.visit()
			w.at(v, "/")
			killed := children(t, w.pool.Processes()[0], kind)
			require.NotEmpty(t, killed)
			for pid := range killed {
				if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
					require.ErrorIs(t, err, syscall.ESRCH) // it went with one of the others
				}
			}
			next := w.visit()
			w.at(next, "/")
			w.sees(next, "here")
			if err := w.goes(v, "/"); err != nil { // the one before works on, or says that it is Chromium's end and not the bank's
				require.ErrorIs(t, err, browser.ErrGone)
			}
		})
	}
}

// renderers are the processes of pages in a group.
func renderers(t *testing.T, group int) map[int]bool {
	t.Helper()
	return children(t, group, "renderer")
}

// children are the processes of a kind in a group.
func children(t *testing.T, group int, kind string) map[int]bool {
	t.Helper()
	out := map[int]bool{}
	all, err := filepath.Glob("/proc/[0-9]*/cmdline")
	require.NoError(t, err)
	for _, file := range all {
		text, _ := os.ReadFile(file)
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		if own, err := syscall.Getpgid(pid); err == nil && own == group && strings.Contains(string(text), "--type="+kind) {
			out[pid] = true
		}
	}
	return out
}

// chromium is the program that a pool starts where none is named.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"/usr/lib/chromium/chromium", "chromium", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	require.Fail(t, "Chromium is missing: make deps")
	return ""
}
