package testbank

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"net/http"

	"github.com/tributary-dev/tributary/testbank/admin"
	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/reply"
)

// maxShown is how many mistakes of a configuration an answer lists.
const maxShown = 100

func (g *guests) mount(mux *http.ServeMux) {
	mux.HandleFunc("GET /api/admin/configurations", g.serveList)
	mux.HandleFunc("POST /api/admin/configurations", g.serveUpload)
	mux.HandleFunc("GET /api/admin/configurations/{id}", g.serveOne)
	mux.HandleFunc("PUT /api/admin/configurations/{id}", g.serveUpload)
	mux.HandleFunc("DELETE /api/admin/configurations/{id}", g.serveRemove)
	mux.HandleFunc("/b/{id}/", g.serveBank)
}

// serveBank hands a request to the bank of its configuration, without the prefix.
func (g *guests) serveBank(w http.ResponseWriter, r *http.Request) {
	found, err := g.get(r.PathValue("id"))
	if err != nil {
		reply.Error(w, r, err)
		return
	}
	prefix := "/b/" + found.id
	http.StripPrefix(prefix, found.handler).ServeHTTP(w, reply.WithPrefix(r, prefix))
}

type configurationBody struct {
	ID       string          `json:"id"`
	URL      string          `json:"url"`
	Bank     string          `json:"bank"`
	Personas []admin.Persona `json:"personas"`
}

func (g *guest) body(r *http.Request) configurationBody {
	return configurationBody{ID: g.id, URL: reply.Base(r) + "/b/" + g.id, Bank: g.file.Bank.Name, Personas: admin.Personas(g.file)}
}

func (g *guests) serveList(w http.ResponseWriter, r *http.Request) {
	bodies := []configurationBody{}
	for _, guest := range g.list() {
		bodies = append(bodies, guest.body(r))
	}
	reply.JSON(w, http.StatusOK, map[string]any{"configurations": bodies})
}

func (g *guests) serveOne(w http.ResponseWriter, r *http.Request) {
	found, err := g.get(r.PathValue("id"))
	if err != nil {
		reply.Error(w, r, err)
		return
	}
	reply.JSON(w, http.StatusOK, found.body(r))
}

func (g *guests) serveRemove(w http.ResponseWriter, r *http.Request) {
	if err := g.remove(r.PathValue("id")); err != nil {
		reply.Error(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// serveUpload opens a bank from the text of a configuration, under the id of the path or a new one.
func (g *guests) serveUpload(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(io.LimitReader(r.Body, config.MaxBytes+1))
	switch {
	case err != nil:
		reply.Error(w, r, &bank.Refusal{Code: bank.InvalidRequest, Message: "The body could not be read."})
		return
	case len(text) > config.MaxBytes:
		reply.Error(w, r, &bank.Refusal{Code: bank.ConfigurationTooLarge, Message: "A configuration is at most 1 MiB."})
		return
	}
	file, err := config.Parse(text)
	var mistakes config.Mistakes
	if errors.As(err, &mistakes) {
		serveMistakes(w, mistakes)
		return
	}
	id := r.PathValue("id")
	if id == "" {
		id = newID()
	}
	created, err := g.put(id, file)
	if err != nil {
		reply.Error(w, r, err)
		return
	}
	status := http.StatusOK
	if created {
		status = http.StatusCreated
	}
	reply.JSON(w, status, (&guest{id: id, file: file}).body(r))
}

type mistakeBody struct {
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Reason string `json:"reason"`
}

// serveMistakes tells what is wrong with a configuration, where, and how much of it there is.
func serveMistakes(w http.ResponseWriter, mistakes config.Mistakes) {
	shown := make([]mistakeBody, min(len(mistakes), maxShown))
	for i := range shown {
		shown[i] = mistakeBody(mistakes[i])
	}
	reply.JSON(w, http.StatusUnprocessableEntity, map[string]any{
		"code": "invalid_configuration", "message": "The configuration has mistakes.", "mistakes": shown, "total": len(mistakes),
	})
}

func newID() string {
	bytes := make([]byte, 12)
	_, _ = rand.Read(bytes) // never fails (crypto/rand)
	return "cfg_" + hex.EncodeToString(bytes)
}
