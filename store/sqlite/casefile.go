package sqlite

import (
	"context"

	"docket/store"
)

// KeepCaseFile remembers where a case file was written.
func (s *Store) KeepCaseFile(ctx context.Context, id, path string) error {
	return s.change(ctx, "remember a case file", func(e *edit) error {
		return e.exec(e.ctx, "insert or replace into case_file (id, path, at) values (?, ?, ?)", id, path, store.Micros(e.now))
	})
}

// CaseFiles returns where case files of a session were written.
func (s *Store) CaseFiles(ctx context.Context, id string) (all []string, err error) {
	var path string
	err = s.reading(ctx, "where case files are", func(c *conn) error {
		return c.each(ctx, "select path from case_file where id = ? order by path", []any{id}, func() error {
			all = append(all, path)
			return nil
		}, &path)
	})
	return all, err
}
