package main

import (
	"context"
	"fmt"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/launcher"
	"github.com/go-rod/rod/lib/proto"
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/scraper/browser"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// BenchmarkVisit logs in, reads two accounts with their rows and logs out, at a bank that answers at once: by a bare script
// that knows every page beforehand, in a browser without sandbox, gate or masks, and by the recipe.
func BenchmarkVisit(b *testing.B) {
	w := openBank(b, []byte(small))
	for name, visit := range map[string]func(b *testing.B) func() int{
		"script": func(b *testing.B) func() int { s := scripted(b, w.url); return s.visit },
		"recipe": func(b *testing.B) func() int { return w.recited(b) },
	} {
		b.Run(name, func(b *testing.B) {
			once := visit(b)
			require.Equal(b, 3, once()) // the browser is warm
			b.ResetTimer()
			b.SetParallelism(2)
			var wrong atomic.Int32
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if once() != 3 {
						wrong.Add(1)
					}
				}
			})
			b.StopTimer()
			require.Zero(b, wrong.Load())
			b.ReportMetric(float64(b.N)/b.Elapsed().Minutes(), "visits/min")
		})
	}
}

// BenchmarkOpen is the time until the first page can be looked at, in a browser that is yet to be started and in one that runs.
func BenchmarkOpen(b *testing.B) {
	w := openBank(b, []byte(small))
	start := w.url + "/web/modern/"
	ours := func(b *testing.B, pool *browser.Pool) {
		v, err := pool.Open(b.Context(), browser.Options{Hosts: []string{w.url[len("http://"):]}, Library: "globalThis.ours = 1"})
		require.NoError(b, err)
		defer v.Close()
		window, err := v.Window(b.Context())
		require.NoError(b, err)
		require.NoError(b, window.Go(b.Context(), start))
		var title string
		for title == "" {
			require.NoError(b, window.Call(b.Context(), "", `() => document.querySelector("input[autocomplete=username]") ? document.title : ""`, nil, &title))
		}
	}
	b.Run("cold/script", func(b *testing.B) {
		for range b.N {
			s := scripted(b, w.url)
			s.opens()()
			s.end()
		}
	})
	b.Run("cold/recipe", func(b *testing.B) {
		for range b.N {
			pool := browser.New(browser.Settings{Folder: folder(b)})
			ours(b, pool)
			pool.Close()
		}
	})
	b.Run("warm/script", func(b *testing.B) {
		s := scripted(b, w.url)
		for b.Loop() {
			s.opens()()
		}
	})
	b.Run("warm/recipe", func(b *testing.B) {
		pool := browser.New(browser.Settings{Folder: folder(b)})
		b.Cleanup(pool.Close)
		for b.Loop() {
			ours(b, pool)
		}
	})
}

// recited is a visit by the recipe, which says how many rows were read.
func (w *world) recited(b *testing.B) func() int {
	w.provider = w.plugin()
	request := sdk.BeginRequest{Session: sessionOf("testbank-modern"), PSU: someone, Credentials: credentials("camille")}
	return func() (rows int) {
		step, err := w.provider.Begin(b.Context(), request)
		if err != nil || step.Ready == nil {
			return -1
		}
		k := &told{balances: map[string][]sdk.Balance{}, rows: map[string][]sdk.Transaction{}, failed: map[string]sdk.AccountFailureItem{}, done: map[string]sdk.AccountDoneItem{}}
		err = w.provider.Fetch(b.Context(), sdk.FetchRequest{
			Session: request.Session, PSU: someone, Mode: sdk.FetchAll, State: step.Ready.State, Secrets: step.Ready.Secrets, Window: sdk.Window{Default: "2026-01-01", To: "2026-03-14"},
		}, k)
		if err != nil || w.provider.(sdk.Ender).End(b.Context(), sdk.EndRequest{Session: request.Session, State: step.Ready.State}) != nil {
			return -1
		}
		for _, of := range k.rows {
			rows += len(of)
		}
		return rows
	}
}

// script is what somebody writes who knows the pages and wants no more than to get through them.
type script struct {
	browser *rod.Browser
	start   string
	end     func()
}

func scripted(b *testing.B, bank string) *script {
	b.Helper()
	started := launcher.New().Bin(browserProgram(b)).NoSandbox(os.Geteuid() == 0).Leakless(false)
	address, err := started.Launch()
	require.NoError(b, err)
	s := &script{browser: rod.New().ControlURL(address), start: bank + "/web/modern/"}
	require.NoError(b, s.browser.Connect())
	s.end = func() { _ = s.browser.Close(); started.Cleanup() }
	b.Cleanup(s.end)
	return s
}

// opens goes to the first page, in a context of its own.
func (s *script) opens() (closes func()) {
	_, closes = s.first()
	return closes
}

func (s *script) first() (*rod.Page, func()) {
	own := s.browser.MustIncognito()
	page := own.MustPage().Timeout(time.Minute)
	s.leads(page, func() { page.MustNavigate(s.start) })
	page.MustElement("input[autocomplete=username]")
	return page, func() { _ = proto.TargetDisposeBrowserContext{BrowserContextID: own.BrowserContextID}.Call(s.browser) }
}

// leads does what leads to the next page, and waits for it.
func (s *script) leads(page *rod.Page, do func()) {
	wait := page.WaitNavigation(proto.PageLifecycleEventNameDOMContentLoaded)
	do()
	wait()
}

func (s *script) visit() (rows int) {
	page, closes := s.first()
	defer closes()
	click := func(what string) func() { return func() { page.MustElement(what).MustClick() } }
	if _, shown, _ := page.Has("[data-cookies]"); shown != nil {
		click("[data-cookies] [data-choice=none]")()
	}
	page.MustElement("input[autocomplete=username]").MustInput("camille")
	page.MustElement("input[autocomplete=current-password]").MustInput("camille-pass1")
	s.leads(page, click("form[action$='/login'] button[type=submit]"))
	s.leads(page, func() { page.MustNavigate(s.start + "accounts") })
	links := page.MustEval(`() => [...document.querySelectorAll("main section a[href*='/web/modern/accounts/']")].map(a => a.href)`).Arr()
	for _, link := range links {
		s.leads(page, func() { page.MustNavigate(link.Str()) })
		page.MustWait(`() => document.querySelector("[data-list] li, [data-list] tr") !== null || /Aucune opération|No transactions/.test(document.body.innerText)`)
		rows += page.MustEval(`() => document.querySelectorAll("[data-list] li, [data-list] tr").length`).Int()
	}
	s.leads(page, click("form[action$='/logout'] button"))
	return rows
}

// browserProgram is the one that a pool starts.
func browserProgram(b *testing.B) string {
	b.Helper()
	pool := browser.New(browser.Settings{Folder: folder(b)})
	defer pool.Close()
	v, err := pool.Open(context.Background(), browser.Options{})
	require.NoError(b, err)
	defer v.Close()
	path, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", pool.Processes()[0]))
	require.NoError(b, err)
	return path
}
