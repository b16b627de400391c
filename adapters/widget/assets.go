package widget

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"strings"
)

//go:embed assets
var assetFiles embed.FS

// piece is a file that pages load. Its address holds the hash of its content, so
// that a browser may keep it for ever.
type piece struct {
	hash, kind    string
	plain, zipped []byte
}

var kinds = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}

var pieces = load()

func load() map[string]piece {
	all := map[string]piece{}
	entries, err := assetFiles.ReadDir("assets")
	if err != nil {
		panic(err) // they are part of the program
	}
	for _, entry := range entries {
		plain, err := assetFiles.ReadFile("assets/" + entry.Name())
		if err != nil {
			panic(err)
		}
		var zipped bytes.Buffer
		zip, _ := gzip.NewWriterLevel(&zipped, gzip.BestCompression)
		_, _ = zip.Write(plain)
		_ = zip.Close()
		sum := sha256.Sum256(plain)
		all[entry.Name()] = piece{hex.EncodeToString(sum[:6]), kinds[path.Ext(entry.Name())], plain, zipped.Bytes()}
	}
	return all
}

func assetAddress(name string) string { return "/widget/assets/" + pieces[name].hash + "/" + name }

func (s *server) asset(w http.ResponseWriter, r *http.Request) {
	found, known := pieces[r.PathValue("name")]
	if !known || found.hash != r.PathValue("hash") {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	h := w.Header()
	h.Set("Content-Type", found.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	body := found.plain
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = found.zipped
	}
	_, _ = w.Write(body)
}
