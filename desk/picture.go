package desk

import (
	"context"
	"slices"

	"docket/model"
)

// Picture returns one picture of a session, from memory or fetched. It is kept
// in memory only, until it is pushed out by others, dropped, or the session is
// deleted. The error is a *model.Problem, which never holds a link.
func (s *Seat) Picture(ctx context.Context, id string, ref model.PictureRef) (model.Picture, error) {
	p, problem := s.picture(ctx, pictureKey{id, ref}, true)
	if problem != nil {
		return model.Picture{}, problem
	}
	if err := s.viewed(ctx, sight{id, "picture " + ref.String()}); err != nil {
		return model.Picture{}, err
	}
	return p, nil
}

func (s *Seat) picture(ctx context.Context, key pictureKey, keep bool) (model.Picture, *model.Problem) {
	if refusal := s.noPicture(ctx, key); refusal != nil {
		return model.Picture{}, refusal
	}
	return s.d.pictures.get(ctx, key, keep, func(ctx context.Context) (model.Picture, *model.Problem) {
		return s.d.cfg.Provider.Picture(ctx, key.id, key.ref)
	})
}

// noPicture returns why a picture may not be asked for at all. Pictures cannot
// be masked, so they go only to those who see everything.
func (s *Seat) noPicture(ctx context.Context, key pictureKey) *model.Problem {
	switch {
	case !validID(key.id):
		return model.NewProblem(model.KindUsage, "This is not an interview id", quoteID(key.id), "an interview id is letters, digits, - and _")
	case !s.May(MayPicture):
		return s.denied(MayPicture)
	case s.d.cfg.NoImages:
		return pictureProblem(model.KindGuard, "Pictures are switched off, nothing was asked for", key, "start docket without --no-images or no_images")
	case s.d.deleted(ctx, key.id):
		return pictureProblem(model.KindGuard, "The session was deleted, its pictures are gone", key, "go back to the inbox")
	}
	return nil
}

// deleted reports whether a session is known to be deleted. A store that cannot
// tell stops nobody: then the API says that it has nothing.
func (d *Desk) deleted(ctx context.Context, id string) bool {
	if so := d.cache.peek(id); so != nil && so.Life == model.Deleted {
		return true
	}
	row, err := d.cfg.Store.Get(ctx, id)
	return err == nil && row.Life == model.Deleted
}

func pictureProblem(kind model.Kind, message string, key pictureKey, do string) *model.Problem {
	shown := model.PictureRef{Type: pictureName(key.ref), N: key.ref.N}
	p := model.NewProblem(kind, message, shown.String()+" of session "+shortID(key.id), do)
	p.Part = model.PartImages
	return p
}

// DropPictures forgets the pictures of the sessions, or all there are when none
// is named: they were left, or the screen was locked. What is being fetched for
// somebody is not kept either.
func (s *Seat) DropPictures(ids ...string) {
	s.d.pictures.drop(func(id string) bool { return len(ids) == 0 || slices.Contains(ids, id) })
}
