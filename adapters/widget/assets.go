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
		all[entry.Name()] = pieceOf(entry.Name(), plain)
	}
	return all
}

// plainPiece is one that is sent as it is.
func plainPiece(kind string, plain []byte) piece {
	sum := sha256.Sum256(plain)
	return piece{hash: hex.EncodeToString(sum[:6]), kind: kind, plain: plain}
}

func pieceOf(name string, plain []byte) piece {
	var zipped bytes.Buffer
	zip, _ := gzip.NewWriterLevel(&zipped, gzip.BestCompression)
	_, _ = zip.Write(plain)
	_ = zip.Close()
	p := plainPiece(kinds[path.Ext(name)], plain)
	p.zipped = zipped.Bytes()
	return p
}

func assetAddress(name string) string { return "/widget/assets/" + pieces[name].hash + "/" + name }

func (s *server) asset(w http.ResponseWriter, r *http.Request) {
	pieces[r.PathValue("name")].answer(w, r)
}

// answer sends a piece to who asked for it by its hash.
func (p piece) answer(w http.ResponseWriter, r *http.Request) {
	if p.hash == "" || p.hash != r.PathValue("hash") {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	p.send(w, r)
}

func (p piece) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", p.kind)
	h.Set("Vary", "Accept-Encoding")
	body := p.plain
	if p.zipped != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = p.zipped
	}
	_, _ = w.Write(body)
}
