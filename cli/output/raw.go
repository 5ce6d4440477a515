package output

import (
	"io"

	"docket/model"
	"docket/provider/clean"
)

// Raw writes the bodies of a part as the API sent them: verbatim into a pipe,
// with what would act on a terminal made visible on one. Several bodies (pages
// of events) come one after the other, each on a line of its own.
func Raw(w io.Writer, bodies []model.Raw, terminal bool) error {
	for i, b := range bodies {
		if i > 0 {
			if _, err := io.WriteString(w, "\n"); err != nil {
				return err
			}
		}
		if err := rawBody(w, b.Body, terminal); err != nil {
			return err
		}
	}
	return nil
}

func rawBody(w io.Writer, body []byte, terminal bool) error {
	if !terminal {
		_, err := w.Write(body)
		return err
	}
	_, err := io.WriteString(w, clean.Raw(body)+"\n")
	return err
}
