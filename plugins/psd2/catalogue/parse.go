package catalogue

import (
	"github.com/tributary-dev/tributary/plugins/readable"
)

var kind = readable.Of(schemaText)

// Parse reads one bank's file. quirks are the deviations that the dialect of each standard knows. The error tells every
// mistake as "file:line: what is wrong".
func Parse(name string, text []byte, quirks map[string]Quirks) (Bank, error) {
	read, err := kind.Open(name, text)
	if err != nil {
		return Bank{}, err
	}
	var bank Bank
	if err := read.Decode(&bank); err != nil {
		return Bank{}, err
	}
	f := &file{read}
	f.sense(bank, quirks[bank.Standard])
	bank.complete()
	return bank, f.Err()
}

// file collects the mistakes of one file.
type file struct{ *readable.File }
