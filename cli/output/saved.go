package output

import (
	"fmt"
	"io"
	"strings"

	"docket/model"
)

// savedDoc is what became of the pictures of a session, for scripts.
type savedDoc struct {
	ID       string       `json:"id"`
	Files    []fileDoc    `json:"files"`
	Problems []missingDoc `json:"problems"`
}

// fileDoc is a saved picture. N counts those of a type from 1.
type fileDoc struct {
	Type   string      `json:"type"`
	N      int         `json:"n"`
	Path   string      `json:"path"`
	Media  model.Media `json:"media"`
	Bytes  int         `json:"bytes"`
	SHA256 string      `json:"sha256"`
}

// missingDoc is a picture that was not saved.
type missingDoc struct {
	Type string `json:"type"`
	N    int    `json:"n"`
	problemDoc
}

// SavedJSON writes an entry a file, and one a picture that is missing.
func SavedJSON(w io.Writer, id string, all []model.SavedPicture) error {
	d := savedDoc{ID: id, Files: []fileDoc{}, Problems: []missingDoc{}}
	for _, p := range all {
		if p.Problem != nil {
			d.Problems = append(d.Problems, missingDoc{p.Ref.Type, p.Ref.N + 1, newProblemDoc(*p.Problem)})
			continue
		}
		d.Files = append(d.Files, fileDoc{p.Ref.Type, p.Ref.N + 1, p.Path, p.Media, p.Bytes, p.SHA256})
	}
	return JSON(w, d)
}

// SavedLines writes a line a file, as sha256sum writes and checks them.
func SavedLines(w io.Writer, all []model.SavedPicture) error {
	var b strings.Builder
	for _, p := range all {
		if p.Problem == nil {
			fmt.Fprintf(&b, "%s  %s\n", p.SHA256, p.Path)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
