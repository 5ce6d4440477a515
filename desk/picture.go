package desk

import (
	"context"
	"slices"

	"docket/model"
)

// Picture returns one picture of a session, from memory or fetched. It is kept
// in memory only, until it is pushed out by others, dropped, or the session is
// deleted. Who may not see pictures clearly gets a blurred one. The error is a
// *model.Problem, which never holds a link.
func (s *Seat) Picture(ctx context.Context, id string, ref model.PictureRef) (model.Picture, error) {
	see := func(ctx context.Context, key pictureKey) (model.Picture, *model.Problem) {
		return s.picture(ctx, key, true)
	}
	if !s.May(MayPicture) {
		see = s.blurry
	}
	p, problem := see(ctx, pictureKey{id, ref})
	if problem != nil {
		return model.Picture{}, problem
	}
	if err := s.viewed(ctx, sight{id, "picture " + ref.String()}); err != nil {
		return model.Picture{}, err
	}
	return p, nil
}

// blurry returns a picture as who may look at sessions, and no more, may see it.
func (s *Seat) blurry(ctx context.Context, key pictureKey) (model.Picture, *model.Problem) {
	if p := s.denied(MayLook); p != nil {
		return model.Picture{}, p
	}
	if refusal := s.noPictureOf(ctx, key); refusal != nil {
		return model.Picture{}, refusal
	}
	p, problem := s.blurredPicture(ctx, key)
	return p, s.lens().problem(problem)
}

// picture returns a picture as it is, to be shown or to be kept.
func (s *Seat) picture(ctx context.Context, key pictureKey, keep bool) (model.Picture, *model.Problem) {
	if refusal := s.noPicture(ctx, key); refusal != nil {
		return model.Picture{}, refusal
	}
	return s.d.pictures.get(ctx, key, keep, func(ctx context.Context) (model.Picture, *model.Problem) {
		return s.d.cfg.Provider.Picture(ctx, key.id, key.ref)
	})
}

// noPicture returns why a picture may not be asked for as it is.
func (s *Seat) noPicture(ctx context.Context, key pictureKey) *model.Problem {
	if p := s.denied(MayPicture); p != nil {
		return p
	}
	return s.noPictureOf(ctx, key)
}

// noPictureOf returns why no picture of a session may be asked for at all.
func (s *Seat) noPictureOf(ctx context.Context, key pictureKey) *model.Problem {
	if p := s.outside(ctx, key.id); p != nil {
		return p
	}
	switch {
	case !validID(key.id):
		return model.NewProblem(model.KindUsage, "This is not an interview id", quoteID(key.id), "an interview id is letters, digits, - and _")
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
	s.d.dropPictures(func(id string) bool { return len(ids) == 0 || slices.Contains(ids, id) })
}

func (d *Desk) dropPictures(gone func(id string) bool) {
	d.pictures.drop(gone)
	d.blurred.drop(gone)
}
