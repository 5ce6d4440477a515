package incode

import (
	"cmp"
	"context"
	"encoding/json"
	"time"

	"docket/model"
	"docket/omni"
)

// change puts what one answer said on a session.
type change func(*model.Session)

// fetched is the end of fetching one part.
type fetched struct {
	change  change
	raw     []model.Raw
	target  string
	problem *model.Problem
}

// job is what a fetcher works on. so is the session as it is so far, for parts
// that depend on others; it may be nil.
type job struct {
	p  *Provider
	id string
	so *model.Session
	b  *border
}

// fetchers says how each part is fetched: one call each.
var fetchers = map[model.Part]func(context.Context, job) fetched{
	model.PartStatus: func(ctx context.Context, j job) fetched {
		a, err := j.p.client.OnboardingStatus(ctx, j.id)
		return got(j, a, err, a.Value.Tree, func(n omni.Node) (change, *model.Problem) {
			status, problem := mapStatus(n, j.b)
			return func(so *model.Session) { so.Status = status }, problem
		})
	},
	model.PartScore: func(ctx context.Context, j job) fetched {
		a, err := j.p.client.Score(ctx, j.id)
		return got(j, a, err, a.Value.Tree, func(n omni.Node) (change, *model.Problem) {
			s, problem := mapScore(n, j.b)
			return s.apply, problem
		})
	},
	model.PartOCR: func(ctx context.Context, j job) fetched {
		a, err := j.p.client.OCR(ctx, j.id)
		return got(j, a, err, a.Value.Tree, func(n omni.Node) (change, *model.Problem) {
			fields, problem := mapOCR(n, j.b)
			return func(so *model.Session) { so.OCR = fields }, problem
		})
	},
	model.PartOCR2: func(ctx context.Context, j job) fetched {
		a, err := j.p.client.OCRSecondID(ctx, j.id)
		return got(j, a, err, a.Value.Tree, func(n omni.Node) (change, *model.Problem) {
			fields, problem := mapOCR(n, j.b)
			return func(so *model.Session) { so.OCR2 = fields }, problem
		})
	},
	model.PartDevice: func(ctx context.Context, j job) fetched {
		a, err := j.p.client.Device(ctx, j.id)
		return got(j, a, err, a.Value.Tree, func(n omni.Node) (change, *model.Problem) {
			d, problem := mapDevice(n, j.b)
			return func(so *model.Session) { so.Device = d }, problem
		})
	},
	model.PartSummary: func(ctx context.Context, j job) fetched {
		a, err := j.p.client.IDSummary(ctx, j.id)
		return got(j, a, err, a.Value.Tree, func(n omni.Node) (change, *model.Problem) {
			fields, problem := mapSummary(n, j.b)
			return func(so *model.Session) { so.Summary = mergeSummary(so.Summary, fields) }, problem
		})
	},
	model.PartImages: fetchImages,
	model.PartEvents: fetchEvents,
	model.PartLinked: fetchLinked,
	model.PartLife:   fetchLife,
	model.PartCustom: fetchCustom,
	model.PartSignature: func(ctx context.Context, j job) fetched {
		a, err := j.p.client.EventsSignature(ctx, j.id)
		return got(j, a, err, a.Value.Tree, keptAsItCame)
	},
	model.PartReport: fetchReport,
}

// keptAsItCame is the reading of an answer of which nothing is shown: its body is
// all there is to keep.
func keptAsItCame(omni.Node) (change, *model.Problem) { return func(*model.Session) {}, nil }

// Fetch reads one part of a session. The function that it returns puts the part
// on a session, its problem included; it never fails.
func (p *Provider) Fetch(ctx context.Context, id string, part model.Part, so *model.Session) (func(*model.Session), *model.Problem) {
	fetch, ok := fetchers[part]
	if !ok {
		problem := model.NewProblem(model.KindUsage, "There is no part of a session with this name", string(part), "see the help for the names")
		problem.Part = part
		return func(*model.Session) {}, problem
	}
	f := fetch(withPriority(ctx), job{p: p, id: id, so: so, b: &border{part: part}})
	return p.deliver(part, f), f.problem
}

// FetchMore reads all pages of a session's events, of which Fetch reads the
// first.
func (p *Provider) FetchMore(ctx context.Context, id string) (func(*model.Session), *model.Problem) {
	b := &border{part: model.PartEvents}
	f := fetchAllEvents(withPriority(ctx), job{p: p, id: id, b: b})
	return p.deliver(model.PartEvents, f), f.problem
}

// deliver makes the function that puts a part on a session. A part that failed
// leaves the value that was there, beside the problem. Of two readings side by
// side the one that came later stays, in whatever order they are put there.
func (p *Provider) deliver(part model.Part, f fetched) func(*model.Session) {
	at := p.now()
	return func(so *model.Session) {
		st := so.Parts[part]
		if st.At.After(at) {
			return
		}
		st.Problem = f.problem
		st.Target = cmp.Or(f.target, st.Target)
		if f.problem == nil || st.At.IsZero() {
			st.Raw = f.raw // the body of a wrong shape is worth a look as well
		}
		if f.problem == nil {
			st.At = at
			f.change(so)
		}
		if so.Parts == nil {
			so.Parts = map[model.Part]model.PartState{}
		}
		so.Parts[part] = st
		p.complete(so)
	}
}

// got maps an answer that came, and turns a failed call into a problem.
func got[T any](j job, a omni.Answer[T], err error, tree omni.Node, read func(omni.Node) (change, *model.Problem)) fetched {
	f := fetched{raw: rawOf(j.b.part, a), target: a.Target}
	if err != nil {
		f.problem = Problem(err, j.b.part, subjectOf(j.b.part, j.id))
		return f
	}
	todo, problem := read(tree)
	if problem != nil {
		problem.Subject, problem.HTTP = subjectOf(j.b.part, j.id), a.Status
		f.problem = problem
		return f
	}
	f.change = func(so *model.Session) {
		todo(so)
		j.b.into(so)
	}
	return f
}

// calls names the endpoint of each part, as the client's table does.
var calls = map[model.Part]string{
	model.PartStatus: omni.EndpointOnboardingStatus, model.PartScore: omni.EndpointScore, model.PartOCR: omni.EndpointOCR,
	model.PartOCR2: omni.EndpointOCRSecondID, model.PartDevice: omni.EndpointDevice, model.PartEvents: omni.EndpointEvents,
	model.PartSummary: omni.EndpointIDSummary, model.PartImages: omni.EndpointImages, model.PartLinked: omni.EndpointIdentitySessions,
	model.PartLife: omni.EndpointSessionStatus, model.PartCustom: omni.EndpointCustomFields,
	model.PartSignature: omni.EndpointEventsSignature, model.PartReport: omni.EndpointEventsReport,
}

func rawOf[T any](part model.Part, a omni.Answer[T]) []model.Raw {
	if a.Body == nil {
		return nil
	}
	return []model.Raw{{Call: calls[part], Body: a.Body, HTTP: a.Status, At: a.At, Took: a.Took, ServerTook: a.ServerTook}}
}

// fetchImages asks which pictures there are. The links in the answer are secrets
// that live for an hour, so they are cut out of the raw answer too
// unless [Options.Links] asks for them; those that are followed later are kept
// apart.
func fetchImages(ctx context.Context, j job) fetched {
	a, err := j.p.client.Images(ctx, j.id, omni.ImageTypes()...)
	if err == nil {
		j.p.book.put(j.id, j.p.now(), a.Value)
	}
	f := got(j, a, err, a.Value.Tree, func(n omni.Node) (change, *model.Problem) {
		images, problem := mapImages(n, j.b)
		return func(so *model.Session) { so.Images = images }, problem
	})
	for i := range f.raw {
		if !j.p.links {
			f.raw[i].Body = withoutLinks(f.raw[i].Body)
		}
	}
	return f
}

// withoutLinks returns the answer with a mark in place of each text.
func withoutLinks(body []byte) []byte {
	var v map[string]any
	if err := json.Unmarshal(body, &v); err != nil {
		return nil
	}
	for name, value := range v {
		if list, ok := value.([]any); ok {
			for i := range list {
				list[i] = linkMark
			}
			continue
		}
		if value != nil {
			v[name] = linkMark
		}
	}
	out, _ := json.Marshal(v) // it came from JSON
	return out
}

func fetchEvents(ctx context.Context, j job) fetched {
	a, err := j.p.client.Events(ctx, j.id, 0, omni.EventsPerPage)
	return got(j, a, err, a.Value.Tree, func(n omni.Node) (change, *model.Problem) {
		events, problem := mapEvents([]omni.Node{n}, j.b)
		return func(so *model.Session) { setEvents(so, events, !a.Value.Last) }, problem
	})
}

// fetchAllEvents walks all pages. It begins with the first one again, so that
// what is shown is one reading.
func fetchAllEvents(ctx context.Context, j job) fetched {
	var (
		pages []omni.Node
		raw   []model.Raw
		more  bool
	)
	for a, err := range j.p.client.EventPages(ctx, j.id) {
		raw = append(raw, rawOf(model.PartEvents, a)...)
		if err != nil {
			return fetched{raw: raw, problem: Problem(err, model.PartEvents, subjectOf(model.PartEvents, j.id))}
		}
		pages = append(pages, a.Value.Tree)
		more = a.Value.Capped
	}
	events, problem := mapEvents(pages, j.b)
	if problem != nil {
		problem.Subject = subjectOf(model.PartEvents, j.id)
		return fetched{raw: raw, problem: problem}
	}
	return fetched{raw: raw, change: func(so *model.Session) {
		setEvents(so, events, more)
		j.b.into(so)
	}}
}

func setEvents(so *model.Session, events []model.Event, more bool) {
	so.Events, so.EventsMore = events, more
	so.FinishedAt = finishedAt(events)
	if so.CreatedAt.IsZero() && len(events) > 0 {
		so.CreatedAt = events[0].At
	}
}

// fetchLinked reads the passed sessions of the identity that the score names.
// Without one there is nothing to ask for.
func fetchLinked(ctx context.Context, j job) fetched {
	if j.so == nil || j.so.CustomerID == "" {
		return fetched{change: func(so *model.Session) { so.Linked = replaceLinks(so.Linked, model.LinkIdentity, nil) }}
	}
	a, err := j.p.client.IdentitySessions(ctx, j.so.CustomerID)
	tree, treeErr := omni.ParseNode(a.Body)
	if err == nil {
		err = treeErr
	}
	return got(j, a, err, tree, func(n omni.Node) (change, *model.Problem) {
		links, problem := mapLinked(n, j.id, j.b)
		return func(so *model.Session) { so.Linked = replaceLinks(so.Linked, model.LinkIdentity, links) }, problem
	})
}

func fetchLife(ctx context.Context, j job) fetched {
	token, problem := j.p.sessionToken(ctx, j.so)
	if problem != nil {
		problem.Part = model.PartLife
		return fetched{problem: problem}
	}
	a, err := j.p.client.SessionStatus(ctx, token)
	j.p.forgetIfRefused(j.id, err)
	return got(j, a, err, a.Value.Tree, func(n omni.Node) (change, *model.Problem) {
		l, problem := mapLife(n, j.b)
		return l.apply, problem
	})
}

func fetchCustom(ctx context.Context, j job) fetched {
	token, problem := j.p.sessionToken(ctx, j.so)
	if problem != nil {
		problem.Part = model.PartCustom
		return fetched{problem: problem}
	}
	a, err := j.p.client.CustomFields(ctx, token)
	j.p.forgetIfRefused(j.id, err)
	return got(j, a, err, a.Value.Tree, func(n omni.Node) (change, *model.Problem) {
		fields, problem := mapCustom(n, j.b)
		return func(so *model.Session) { so.Custom = fields }, problem
	})
}

func fetchReport(ctx context.Context, j job) fetched {
	token, problem := j.p.sessionToken(ctx, j.so)
	if problem != nil {
		problem.Part = model.PartReport
		return fetched{problem: problem}
	}
	a, err := j.p.client.EventsReport(ctx, token)
	j.p.forgetIfRefused(j.id, err)
	return got(j, a, err, omni.Node{}, keptAsItCame)
}

func (p *Provider) forgetIfRefused(id string, err error) {
	if e, ok := omni.AsError(err); ok && e.Kind == omni.KindAuth {
		p.forgetToken(id)
	}
}

// Status reads how far a session has come: the cheap way to see what an action
// did.
func (p *Provider) Status(ctx context.Context, id string) (model.Status, *model.Problem) {
	a, err := p.client.OnboardingStatus(withPriority(ctx), id)
	if err != nil {
		return "", Problem(err, model.PartStatus, subjectOf(model.PartStatus, id))
	}
	return mapStatus(a.Value.Tree, &border{part: model.PartStatus})
}

// complete works out what follows from the parts that are there.
func (p *Provider) complete(so *model.Session) { complete(so, p.now()) }

func complete(so *model.Session, now time.Time) {
	so.Applicant, so.Document = applicantOf(so.OCR), documentOf(so.OCR)
	if so.ExternalID == "" {
		so.ExternalID = textOf(so.OCR, "externalId")
	}
	so.Findings = findings(so, now)
	explain(so)
	so.Digest = ""
	if !so.Parts[model.PartScore].At.IsZero() {
		so.Digest = Digest(so)
	}
}
