package httpapi

import (
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzhttp"
)

// minCompressed is the shortest answer that is compressed, in bytes: less fits
// one packet as it is.
const minCompressed = gzhttp.DefaultMinSize

// zipSuffix tells the tag of a compressed answer from that of the plain one:
// they are other bytes, and a strong tag is for the bytes (RFC 9110, 8.8.3.3).
const zipSuffix = "-gzip"

// compressed sends lists and resources, and the API's own description, in gzip
// to who prefers that. Whatever else there is goes out as it is.
//
// An answer that holds a secret beside something that an attacker chose tells
// the secret by its compressed length (BREACH). So what holds a token is never
// compressed, nor is any other answer of the OAuth server, a page for browsers,
// or a refusal. What is compressed is had with a bearer token, which no other
// site can make a browser send; somebody on the line may still watch lengths
// and choose the label of a transfer, against which the length is blurred by
// up to jitter bytes, as many for the same body each time.
//
// A stream goes out as it is: what is collected to be compressed comes late.
func compressed(next http.Handler) http.Handler {
	zip := zipper(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !compressible(r.URL.Path) || streams(r.Header.Get("Accept")):
			next.ServeHTTP(w, r)
		case takesGzip(r.Header.Values("Accept-Encoding")):
			r.Header.Set("Accept-Encoding", "gzip") // the library's own reading of it differs
			zip.ServeHTTP(w, r)
		default:
			w.Header().Add("Vary", "Accept-Encoding")
			next.ServeHTTP(w, r)
		}
	})
}

const (
	// jitter is how many bytes a compressed answer may be longer than it need be.
	jitter = 32
	// The fastest level: a page of 100 transactions, 72 kB, becomes 5.8 kB; the
	// usual level takes twice the time for 5.3 kB.
	fastest = 1
)

func zipper(next http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(
		gzhttp.EnableZstd(false), gzhttp.CompressionLevel(fastest), gzhttp.MinSize(minCompressed), gzhttp.SuffixETag(zipSuffix), gzhttp.RandomJitter(jitter, 0, false),
		gzhttp.ContentTypes([]string{"application/json", "application/yaml"}),
	)
	if err != nil {
		panic(err) // the options are constants
	}
	return wrap(next)
}

func compressible(path string) bool {
	return strings.HasPrefix(path, "/v1/") || path == "/openapi.yaml" || path == "/openapi-3.0.yaml"
}

// takesGzip reads Accept-Encoding (RFC 9110, 12.5.3): gzip is for who names it,
// or anything, and does not prefer the plain text. What cannot be read counts
// as not given.
func takesGzip(lines []string) bool {
	weights := map[string]float64{}
	for count, item := range strings.Split(strings.Join(lines, ","), ",") {
		if count == 20 {
			break
		}
		coding, q := weighed(item)
		weights[strings.TrimPrefix(strings.ToLower(coding), "x-")] = q
	}
	rest := weights["*"]
	zip, named := weights["gzip"]
	if !named {
		zip = rest
	}
	plain, named := weights["identity"]
	if !named {
		plain = rest
	}
	return zip > 0 && zip >= plain
}

// zips reports whether the answer to a request, of so many bytes, goes out
// compressed.
func zips(r *http.Request, size int) bool {
	return size >= minCompressed && takesGzip(r.Header.Values("Accept-Encoding"))
}

// zipped is the tag of the compressed answer, by that of the plain one.
func zipped(tag string) string { return strings.TrimSuffix(tag, `"`) + zipSuffix + `"` }
