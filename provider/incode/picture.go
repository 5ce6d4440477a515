package incode

import (
	"context"
	"strings"
	"sync"
	"time"

	"docket/model"
	"docket/omni"
	"docket/omni/transport"
	"docket/provider/clean"
	"docket/provider/links"
)

const (
	// linkLife is how long a link is used: the API lets it end after an hour.
	linkLife = 50 * time.Minute
	// largeAtOnce is how many calls are made side by side whose answers are
	// pictures: each takes some five times the picture's size in memory.
	largeAtOnce = 1
	// linksKept is how many sessions' links stay in memory.
	linksKept = 64
)

// linkSet are the links to one session's pictures. They are secrets: they never
// leave this file but to be followed.
type linkSet struct {
	at    time.Time
	types map[string]linkedType // by the name that sessions show
}

// linkedType is a type of picture as the API spells it, with its links.
type linkedType struct {
	wire string
	urls []string
}

// linkBook keeps the links that the API gave lately, in memory only.
type linkBook struct {
	mu   sync.Mutex
	sets map[string]*linkSet // by id; a set is replaced, never changed
}

func newLinkBook() *linkBook { return &linkBook{sets: map[string]*linkSet{}} }

// put keeps an answer's links under the cleaned names, as mapImages shows them.
func (l *linkBook) put(id string, at time.Time, images omni.Images) *linkSet {
	set := &linkSet{at: at, types: make(map[string]linkedType, len(images.Links))}
	for _, k := range images.Links {
		name, _ := clean.Text(k.Type)
		if _, taken := set.types[name]; !taken {
			set.types[name] = linkedType{wire: k.Type, urls: k.URLs}
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.sets) >= linksKept {
		clear(l.sets)
	}
	l.sets[id] = set
	return set
}

// get returns the links that have not ended, but for those that were refused.
func (l *linkBook) get(id string, now time.Time, refused *linkSet) *linkSet {
	l.mu.Lock()
	defer l.mu.Unlock()
	set := l.sets[id]
	if set == nil || set == refused || now.Sub(set.at) >= linkLife {
		return nil
	}
	return set
}

// drop forgets the links of a session.
func (l *linkBook) drop(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.sets, id)
}

// Picture fetches one picture of a session: by its link, which is asked for anew
// once when it is refused, and as base64 where the API gives no link for the
// type. A type that begins with [model.SecondID] is one of the second document;
// the API has no links for those. The problem never holds a link.
func (p *Provider) Picture(ctx context.Context, id string, ref model.PictureRef) (model.Picture, *model.Problem) {
	ctx = withPriority(ctx)
	if ref.N < 0 || ref.Type == "" {
		return model.Picture{}, pictureProblem(model.KindUsage, "This names no picture", id, ref, "choose one of the session's list")
	}
	if kind, ok := strings.CutPrefix(ref.Type, model.SecondID); ok {
		return p.data(ctx, id, ref, secondDocument, kind)
	}
	set, problem := p.linksTo(ctx, id, ref, nil)
	if problem != nil {
		return model.Picture{}, problem
	}
	pic, failure := p.follow(ctx, set, ref)
	if failure != nil && failure.Why == links.Expired {
		if set, problem = p.linksTo(ctx, id, ref, set); problem != nil {
			return model.Picture{}, problem
		}
		pic, failure = p.follow(ctx, set, ref)
	}
	switch kind := set.types[ref.Type]; {
	case failure != nil:
		return model.Picture{}, failure.Problem(subjectOfPicture(id, ref))
	case pic.Body != nil:
		return pic, nil
	case len(kind.urls) > 0:
		return model.Picture{}, noPicture(id, ref)
	default:
		return p.withoutLink(ctx, id, ref, kind.wire)
	}
}

// linksTo returns the session's links, from memory unless those were refused.
func (p *Provider) linksTo(ctx context.Context, id string, ref model.PictureRef, refused *linkSet) (*linkSet, *model.Problem) {
	if set := p.book.get(id, p.now(), refused); set != nil {
		return set, nil
	}
	a, err := p.client.Images(ctx, id, omni.ImageTypes()...)
	if err != nil {
		return nil, Problem(err, model.PartImages, subjectOfPicture(id, ref))
	}
	return p.book.put(id, p.now(), a.Value), nil
}

// follow fetches the picture behind its link; no picture and no failure when
// there is no such link.
func (p *Provider) follow(ctx context.Context, set *linkSet, ref model.PictureRef) (model.Picture, *links.Failure) {
	urls := set.types[ref.Type].urls
	if ref.N >= len(urls) {
		return model.Picture{}, nil
	}
	pic, failure := p.fetcher.Fetch(ctx, urls[ref.N])
	pic.Ref, pic.From, pic.At = ref, omni.EndpointImages, p.now()
	return pic, failure
}

// withoutLink fetches a picture of a type that has no link. That of the second
// document is only at the endpoint for it.
func (p *Provider) withoutLink(ctx context.Context, id string, ref model.PictureRef, wire string) (model.Picture, *model.Problem) {
	if wire == "" {
		wire = ref.Type
	}
	if wire == omni.ImageSecondID {
		return p.data(ctx, id, ref, secondDocument, wire)
	}
	return p.data(ctx, id, ref, firstDocument, wire)
}

// dataCall is a call whose answer holds pictures.
type dataCall struct {
	endpoint string
	call     func(*omni.Client, context.Context, string, string) (omni.Answer[omni.ImageData], error)
}

var (
	firstDocument  = dataCall{omni.EndpointImageData, (*omni.Client).ImageData}
	secondDocument = dataCall{omni.EndpointImagesSecondID, (*omni.Client).SecondIDImages}
)

// data takes a picture out of an answer that holds it.
func (p *Provider) data(ctx context.Context, id string, ref model.PictureRef, c dataCall, wire string) (model.Picture, *model.Problem) {
	select {
	case p.large <- struct{}{}:
		defer func() { <-p.large }()
	case <-ctx.Done():
		return model.Picture{}, pictureProblem(model.KindUndone, advices[omni.KindCanceled].message, id, ref, "").Because(ctx.Err())
	}
	a, err := c.call(p.client, ctx, id, wire)
	if err != nil {
		return model.Picture{}, Problem(err, model.PartImages, subjectOfPicture(id, ref))
	}
	if ref.N >= len(a.Value.Bodies) {
		return model.Picture{}, noPicture(id, ref)
	}
	pic, failure := links.Inspect(a.Value.Bodies[ref.N])
	if failure != nil {
		return model.Picture{}, failure.Problem(subjectOfPicture(id, ref))
	}
	pic.Ref, pic.From, pic.At = ref, c.endpoint, a.At
	return pic, nil
}

func noPicture(id string, ref model.PictureRef) *model.Problem {
	return pictureProblem(model.KindNotFound, "The API has no such picture", id, ref, "choose one of the session's list")
}

func pictureProblem(kind model.Kind, message, id string, ref model.PictureRef, do string) *model.Problem {
	p := model.NewProblem(kind, message, subjectOfPicture(id, ref), do)
	p.Part = model.PartImages
	return p
}

// longestType is how much of a type's name a message shows, in runes.
const longestType = 40

// subjectOfPicture names a picture in a message. Its type may come from outside.
func subjectOfPicture(id string, ref model.PictureRef) string {
	ref.Type, _ = clean.Text(ref.Type)
	if r := []rune(ref.Type); len(r) > longestType {
		ref.Type = string(r[:longestType-1]) + "…"
	}
	return ref.String() + " of session " + transport.ShortID(id)
}
