package httpapi

import (
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

var notModified = strconv.Itoa(http.StatusNotModified)

// describeConditions puts conditional requests into the document.
func describeConditions(described *huma.Operation, op operation) {
	if op.Tagged {
		described.Parameters = append(described.Parameters, conditionParameter("If-None-Match",
			"An ETag that was given before: 304 without a body while it is still that one. What cannot be read is ignored."))
		described.Responses = map[string]*huma.Response{
			notModified: {Description: "It is still what If-None-Match names.", Headers: map[string]*huma.Param{"ETag": tagHeader()}},
		}
	}
	if op.Guarded {
		described.Parameters = append(described.Parameters, conditionParameter("If-Match",
			"The ETag that was given before, in the same language: 412 precondition_failed when it has changed since. It guards against "+
				"changes that people make meanwhile, not against one in the same instant."))
		described.Errors = append(described.Errors, http.StatusPreconditionFailed)
	}
}

func conditionParameter(name, words string) *huma.Param {
	return &huma.Param{
		Name: name, In: "header", Description: words, Example: `"Zk3rW0mXb1cT9yQe7uLh2aPd"`, Schema: &huma.Schema{Type: huma.TypeString},
	}
}

func tagHeader() *huma.Param {
	return &huma.Param{Description: "A strong entity tag of the body (RFC 9110). That of a compressed answer ends in -gzip; If-Match takes either.", Schema: &huma.Schema{Type: huma.TypeString}}
}
