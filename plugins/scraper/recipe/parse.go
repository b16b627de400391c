package recipe

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/tributary-dev/tributary/plugins/readable"
)

var kind = func() *readable.Kind {
	k := readable.Of(schemaText)
	k.Columns = true
	return k
}()

// maxFile bounds one file, in bytes.
const maxFile = 256 << 10

// Parse reads one recipe. The error tells every mistake as "file:line:column: what is wrong".
func Parse(name string, text []byte) (Recipe, error) {
	if len(text) > maxFile {
		return Recipe{}, fmt.Errorf("%s: is larger than %d bytes", name, maxFile)
	}
	read, err := kind.Open(name, bytes.TrimPrefix(text, []byte("\ufeff")))
	if err != nil {
		return Recipe{}, err
	}
	var r Recipe
	if err := read.Decode(&r); err != nil {
		return Recipe{}, err
	}
	r.complete()
	r.File, r.Words = name, wordsOf(string(text))
	s := &sense{file: read, recipe: r}
	s.check()
	return r, read.Err()
}

var word = regexp.MustCompile(`\pL{2,}`)

// wordsOf are the words of a text, each once.
func wordsOf(text string) []string {
	all := word.FindAllString(strings.ToLower(text), -1)
	slices.Sort(all)
	return slices.Compact(all)
}

// Load reads every *.yaml of a folder, in the order of their names. The error tells all mistakes of all files.
func Load(folder fs.FS) ([]Recipe, error) {
	names, err := fs.Glob(folder, "*.yaml")
	if err != nil || len(names) == 0 {
		return nil, errors.New("the folder of recipes holds no *.yaml")
	}
	slices.Sort(names)
	var all []Recipe
	var wrong []error
	seen := map[string]string{}
	for _, name := range names {
		text, err := fs.ReadFile(folder, name)
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s: cannot be read", name))
			continue
		}
		r, err := Parse(path.Base(name), text)
		if other, twice := seen[r.Bank.ID]; twice && err == nil {
			err = fmt.Errorf("%s: the id %q is already that of %s", name, r.Bank.ID, other)
		}
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		seen[r.Bank.ID] = name
		all = append(all, r)
	}
	return all, errors.Join(wrong...)
}

// Lacks names the settings that a recipe needs and that are not set: such a bank is not served.
func (r Recipe) Lacks(settings map[string]string) (missing []string) {
	for _, name := range r.Settings {
		if settings[name] == "" {
			missing = append(missing, name)
		}
	}
	return missing
}

// Reach gives the hosts that may be contacted.
func (r Recipe) Reach(settings map[string]string) ([]string, error) {
	var hosts []string
	for _, host := range r.Hosts {
		filled, err := Template(host).Fill(Scope{Settings: settings}, nil)
		if err != nil {
			return nil, err
		}
		if strings.Contains(filled, "://") {
			parsed, err := url.Parse(filled)
			if err != nil {
				return nil, fmt.Errorf("%s: hosts: is no address", r.File)
			}
			filled = parsed.Host
		}
		if name, port, err := net.SplitHostPort(filled); err == nil && (port == "443" || port == "80") {
			filled = name
		}
		hosts = append(hosts, strings.ToLower(filled))
	}
	return hosts, nil
}
