package config

import (
	"encoding/json"
	"reflect"
)

// Schema gives the JSON Schema (2020-12) of the file, made from the structs that read it. It is what an editor can
// check; rules across several keys are only known to Parse.
func Schema() []byte {
	root := schemaOf(reflect.TypeFor[File](), field{})
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "Configuration of the test bank"
	text, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		panic("config: a schema of maps and strings cannot fail to be written: " + err.Error())
	}
	return append(text, '\n')
}

func schemaOf(t reflect.Type, f field) map[string]any {
	if own, ok := reflect.New(t).Interface().(scalar); ok {
		return own.schema()
	}
	switch t.Kind() {
	case reflect.Struct:
		return objectSchema(t)
	case reflect.Slice:
		list := map[string]any{"type": "array", "items": schemaOf(t.Elem(), field{})}
		if f.max != nil {
			list["maxItems"] = *f.max
		}
		return list
	case reflect.Int:
		return bounded(map[string]any{"type": "integer"}, f)
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	default:
		return textSchema(f)
	}
}

func objectSchema(t reflect.Type) map[string]any {
	properties, required := map[string]any{}, []string{}
	for _, f := range fieldsOf(t) {
		property := schemaOf(f.kind, f)
		property["description"] = f.doc
		properties[f.name] = property
		if f.need {
			required = append(required, f.name)
		}
	}
	object := map[string]any{"type": "object", "additionalProperties": false, "properties": properties}
	if len(required) > 0 {
		object["required"] = required
	}
	return object
}

func textSchema(f field) map[string]any {
	text := map[string]any{"type": "string", "maxLength": 1000}
	if f.enum != nil {
		return map[string]any{"type": "string", "enum": f.enum}
	}
	if f.need {
		text["minLength"] = 1
	}
	return text
}

func bounded(schema map[string]any, f field) map[string]any {
	if f.min != nil {
		schema["minimum"] = *f.min
	}
	if f.max != nil {
		schema["maximum"] = *f.max
	}
	return schema
}
