package setting

import (
	"slices"
	"strings"
)

// Sources are where settings come from.
type Sources struct {
	// Flags by key name, only those that were given.
	Flags map[string]string
	// Environment is a process's variables, as name=value.
	Environment []string
	// File is the path of the file, if a flag names one.
	File string
}

// Load reads, checks and joins the sources. The error is Mistakes.
func Load(from Sources) (Values, error) {
	var values Values
	var wrong Mistakes
	given := map[string]string{} // key → the place that counts so far
	for _, layer := range []map[string]one{from.flags(), from.variables(&wrong), from.file(&values, &wrong)} {
		for _, key := range Keys() {
			text, ok := layer[key.Name]
			if !ok || key.FileOnly {
				continue
			}
			into := &values
			if given[key.Name] != "" {
				into = &Values{} // another layer counts; this one is checked all the same
			}
			if !key.set(into, text.value) {
				wrong.add(text.place, "wants "+key.Wants)
			}
			given[key.Name] = text.place
		}
	}
	for _, key := range Keys() {
		if given[key.Name] == "" && key.Default != "" {
			key.set(&values, key.Default)
		}
	}
	if len(wrong) > 0 {
		return Values{}, wrong
	}
	return values, nil
}

// one value and where it stands.
type one struct{ place, value string }

func (s Sources) flags() map[string]one {
	all := map[string]one{}
	for name, value := range s.Flags {
		if key, ok := Find(name); ok {
			all[name] = one{"--" + key.Flag(), value}
		}
	}
	return all
}

func (s Sources) variables(wrong *Mistakes) map[string]one {
	all, known := map[string]one{}, []string{configVariable}
	for _, key := range Keys() {
		if !key.FileOnly {
			known = append(known, key.Variable())
		}
	}
	for _, text := range slices.Sorted(slices.Values(s.Environment)) {
		name, value, _ := strings.Cut(text, "=")
		switch {
		case !strings.HasPrefix(name, prefix) || name == configVariable:
		case slices.Contains(known, name):
			all[strings.ToLower(strings.TrimPrefix(name, prefix))] = one{name, value}
		default:
			wrong.add(name, unknown("variable", name, known))
		}
	}
	return all
}

// config is the path of the file; the flag counts before the variable.
func (s Sources) config() (path, place string) {
	if s.File != "" {
		return s.File, "--config"
	}
	for _, text := range s.Environment {
		if value, ok := strings.CutPrefix(text, configVariable+"="); ok {
			return value, configVariable
		}
	}
	return "", ""
}
