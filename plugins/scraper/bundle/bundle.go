// Package bundle owns what a failed visit leaves for whoever mends the recipe: documents and a picture whose texts are
// masked, the course of requests without what was in them, and where the recipe did not go on.
//
// It knows no browser. Invariants: what is written was masked before it came here; a bundle is for its owner's eyes (0600),
// and gone when its time is over; one that cannot be read is an error and never half a bundle.
package bundle

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Document is one document of the window that was in front; the first is the window's own.
type Document struct {
	Name string `json:"name,omitempty"`
	URL  string `json:"url"`
	HTML string `json:"-"`
}

// Exchange is one request.
type Exchange struct {
	Address string `json:"address"`
	Kind    string `json:"kind"`
	Status  int    `json:"status,omitempty"`
	Failed  string `json:"failed,omitempty"`
	Bytes   int    `json:"bytes,omitempty"`
}

// Bundle is one failed visit.
type Bundle struct {
	Bank    string `json:"bank"`
	Version int    `json:"recipe_version"`
	// Step is where in the recipe it was, Failure what the server was told, Reason what was not as the recipe says.
	Step      string         `json:"step"`
	Failure   string         `json:"failure"`
	Reason    string         `json:"reason"`
	Flags     []string       `json:"flags,omitempty"`
	Documents []Document     `json:"documents"`
	Network   []Exchange     `json:"network"`
	Refused   map[string]int `json:"refused,omitempty"`
	At        time.Time      `json:"at"`
	Picture   []byte         `json:"-"`
}

const (
	suffix  = ".bundle.zip"
	maxSize = 64 << 20
)

// Write puts a bundle into a folder, and gives its path.
func Write(folder string, b Bundle) (string, error) {
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	about, err := json.MarshalIndent(b, "", "  ")
	if err != nil {
		return "", err
	}
	files := map[string][]byte{"about.json": about, "picture.png": b.Picture}
	for i, document := range b.Documents {
		files[documentName(i)] = []byte(document.HTML)
	}
	for name, data := range files {
		w, err := archive.Create(name)
		if err != nil {
			return "", err
		}
		if _, err := w.Write(data); err != nil {
			return "", err
		}
	}
	if err := archive.Close(); err != nil {
		return "", err
	}
	file, err := os.CreateTemp(folder, b.Bank+"-"+b.At.UTC().Format("20060102-150405")+"-*"+suffix) // with 0600
	if err != nil {
		return "", errors.New("the folder of bundles cannot be written to")
	}
	_, err = file.Write(out.Bytes())
	return file.Name(), errors.Join(err, file.Close())
}

func documentName(i int) string { return fmt.Sprintf("document-%02d.html", i) }

// Read reads a bundle.
func Read(path string) (b Bundle, err error) {
	archive, err := zip.OpenReader(path)
	if err != nil {
		return b, fmt.Errorf("%s: is no bundle", path)
	}
	defer func() { _ = archive.Close() }()
	part := func(name string) ([]byte, error) {
		file, err := archive.Open(name)
		if err != nil {
			return nil, fmt.Errorf("%s: has no %s", path, name)
		}
		defer func() { _ = file.Close() }()
		return io.ReadAll(io.LimitReader(file, maxSize))
	}
	about, err := part("about.json")
	if err != nil {
		return b, err
	}
	if json.Unmarshal(about, &b) != nil {
		return b, fmt.Errorf("%s: is of another version", path)
	}
	for i := range b.Documents {
		text, err := part(documentName(i))
		if err != nil {
			return b, err
		}
		b.Documents[i].HTML = string(text)
	}
	b.Picture, err = part("picture.png")
	return b, err
}

// Sweep removes the bundles of a folder that are older than long.
func Sweep(folder string, now time.Time, long time.Duration) {
	all, err := filepath.Glob(filepath.Join(folder, "*"+suffix))
	if err != nil {
		return
	}
	for _, path := range all {
		info, err := os.Lstat(path)
		if err == nil && info.Mode().IsRegular() && strings.HasSuffix(path, suffix) && now.Sub(info.ModTime()) > long {
			_ = os.Remove(path)
		}
	}
}
