package scenarios

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/tributary-dev/tributary/testbank/config"
)

//go:embed *.yaml
var files embed.FS

// Scenario is one story.
type Scenario struct {
	// Name is the file's, without its ending: 03-fuel, say.
	Name string `json:"name"`
	// Title is the first sentence of the story.
	Title string `json:"title"`
	// Days is how many days the play lasts after its first one.
	Days int `json:"days"`

	Text []byte       `json:"-"`
	File *config.File `json:"-"`
}

// All gives the stories in the order of their numbers.
func All() []Scenario {
	names, err := fs.Glob(files, "*.yaml")
	if err != nil {
		panic("scenarios: a pattern that is none: " + err.Error())
	}
	slices.Sort(names)
	all := make([]Scenario, len(names))
	for i, name := range names {
		if all[i], err = read(name); err != nil {
			panic("scenarios: " + err.Error()) // a test reads them all
		}
	}
	return all
}

// Named gives the story of that name; the number before it may be left out.
func Named(name string) (Scenario, bool) {
	for _, s := range All() {
		if _, short, _ := strings.Cut(s.Name, "-"); s.Name == name || short == name {
			return s, true
		}
	}
	return Scenario{}, false
}

func read(name string) (Scenario, error) {
	text, err := files.ReadFile(name)
	if err != nil {
		return Scenario{}, err
	}
	file, err := config.Parse(text)
	if err != nil {
		return Scenario{}, fmt.Errorf("%s: %w", name, err)
	}
	title, _, _ := strings.Cut(string(text), "\n")
	s := Scenario{Name: strings.TrimSuffix(name, ".yaml"), Title: strings.TrimPrefix(title, "# "), Text: text, File: file}
	if len(file.Play) > 0 {
		s.Days = file.Play[0].On.DaysTo(file.Play[len(file.Play)-1].On)
	}
	return s, nil
}
