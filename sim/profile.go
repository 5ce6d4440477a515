package sim

import (
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"time"
)

// stage is how far the applicant has come.
type stage int

const (
	stageStarted stage = iota
	stageID
	stageSecondID
	stageProcessed
	stageGovernment
	stageFace
	stageFinished
	stageCount
)

// statuses are the onboarding statuses that a stage stands for (Incode Omni
// API, Fetch onboarding status).
var statuses = [stageCount]string{
	stageStarted:    "UNKNOWN",
	stageID:         "ID_VALIDATION_FINISHED",
	stageSecondID:   "ID_VALIDATION_FINISHED_SECOND_ID",
	stageProcessed:  "POST_PROCESSING_FINISHED",
	stageGovernment: "GOVERNMENT_VALIDATION_FINISHED",
	stageFace:       "FACE_VALIDATION_FINISHED",
	stageFinished:   "ONBOARDING_FINISHED",
}

// profile is what is true about one session before anybody acts on it: who
// came, with what, and what the checks say of it. It never changes once built.
type profile struct {
	index    int
	id       string
	story    *story
	code     string // interview code
	created  time.Time
	finished time.Time // the applicant's last step
	decided  time.Time // zero: nobody decided
	reached  [stageCount]time.Time
	until    stage

	clientID, externalID, externalCustomerID, customerID string
	flow                                                 *flow

	person person
	doc    *document
	second *document
	selfie selfie
	link   *link
	device device

	gov       *government
	curp      *curpCheck
	watch     *watch
	video     *video
	external  bool
	antifraud *antifraud
	form      *name // the name given in the form, when the flow compares it

	verdict, reason                 string
	value                           float64
	totalRule, idRule, faceRule     *rule
	chatty                          bool // more than a page of events
	deleted, oldKeys, femaleInWords bool
}

// flow is a configured onboarding flow.
type flow struct {
	id, name  string
	antifraud bool
	active    bool
	decides   bool // approves and rejects by the score when a customer is finished
}

// flows are the flows of the simulated organization. The last one is switched
// off, for the error of Start onboarding.
var flows = []flow{
	{id: "6710c0ffee0000000000a001", name: "Account opening", antifraud: true, active: true},
	{id: "6710c0ffee0000000000a002", name: "Marketplace seller", active: true, decides: true},
	{id: "6710c0ffee0000000000a003", name: "Two documents", antifraud: true, active: true},
	{id: "6710c0ffee0000000000a004", name: "Withdrawn", active: false},
}

// selfie is what the face capture said. Scores are 0–100.
type selfie struct {
	match, liveness float64
	brightness      float64
	mask            float64 // 0: none
	lenses          bool
	quality         float64
	fails           int
	otherFace       bool // the person is not the one on the document
	spoof           string
}

// link is an earlier session with the same face.
type link struct {
	interviewID, customerID, externalID string
	sameName                            bool
}

// rule is a rule of the organization's rule engine that decided a section.
type rule struct{ name, expression, kind, status string }

type antifraud struct {
	status string
	step   string // which executor found it; empty: none
}

// population derives every session from a seed. It holds no session: the same
// index always gives the same profile.
type population struct {
	seed     uint64
	base     time.Time // the moment the population is seen from
	size     int       // sessions there are at that moment
	clientID string
	blocks   map[int]*block
	arrivals map[int]time.Time // of sessions beyond size
}

// rng is a stream of randomness of its own for each session and purpose, so
// that a change in one story does not shift the others.
func (p *population) rng(index int, purpose string) *rand.Rand {
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%d/%s", index, purpose) // a hash never fails to write
	return rand.New(rand.NewPCG(p.seed, h.Sum64()))
}

// hexID is a 24-character identifier in the form the API uses.
func hexID(r *rand.Rand) string {
	var b [12]byte
	for i := range b {
		b[i] = byte(r.UintN(256))
	}
	return hex.EncodeToString(b[:])
}

// sessionID is the interview id of an index; it depends on the seed alone, so
// that a restarted simulator knows the ids of the one before.
func (p *population) sessionID(index int) string { return hexID(p.rng(index, "id")) }

func (p *population) customerID(index int) string { return hexID(p.rng(index, "customer")) }

// profile builds a session.
func (p *population) profile(index int) *profile {
	blk, at := p.block(index)
	st := blk.deck[at]
	if !p.arrivals[index].IsZero() && st.class != classReview && st.class != classFailed && st.class != classPassed {
		st = &passedStories[0] // whoever arrives now was neither decided nor expired before
	}
	r := p.rng(index, "profile")
	pr := &profile{
		index: index, id: p.sessionID(index), story: st, clientID: p.clientID,
		code: fill(p.rng(index, "code"), "@#@##@"), until: st.until,
		verdict: st.verdict, reason: st.reason, totalRule: st.rule, idRule: st.idRule, faceRule: st.faceRule,
	}
	p.times(pr, blk, at, r)
	p.people(pr, blk, at, r)
	pr.selfie = selfie{
		match: 92 + 7.9*r.Float64(), liveness: 94 + 5.9*r.Float64(),
		brightness: 90 + 70*r.Float64(), quality: 88 + 12*r.Float64(),
	}
	pr.device = newDevice(p, pr, blk, at)
	pr.antifraud = &antifraud{status: "OK"}
	pr.quirks(r)
	if st.tell != nil {
		st.tell(pr, r)
	}
	pr.chooseFlow(r)
	pr.settleValue(r)
	return pr
}

// times places the session on the time line: those in review wait between a
// few minutes and a little over four hours, oldest first in generation order.
func (p *population) times(pr *profile, blk *block, at int, r *rand.Rand) {
	took := time.Duration(180+r.IntN(600)) * time.Second
	ago := pr.story.class.ago(r, blk.rank[at], index2block(pr.index))
	pr.finished = p.base.Add(-ago)
	if arrived := p.arrivals[pr.index]; !arrived.IsZero() {
		pr.finished = arrived.Add(took)
	}
	pr.created = pr.finished.Add(-took)
	if pr.story.class == classDecided {
		pr.decided = pr.finished.Add(time.Duration(12+r.IntN(220)) * time.Minute)
	}
	span := took / time.Duration(stageCount)
	for st := stageStarted; st <= pr.until; st++ {
		jitter := time.Duration(r.Int64N(int64(span / 2)))
		pr.reached[st] = pr.created.Add(span*time.Duration(st) + jitter)
	}
	pr.reached[stageStarted] = pr.created
	if pr.until == stageFinished {
		pr.reached[stageFinished] = pr.finished
	}
}

// people chooses document and applicant; a story about an earlier session
// brings back the person of that session.
func (p *population) people(pr *profile, blk *block, at int, r *rand.Rand) {
	st := pr.story
	kind := chooseKind(r, st.docs)
	minAge, maxAge := st.ages()
	target := blk.target(p, pr.index, at)
	switch {
	case st.link == linkNone:
		pr.person = newPerson(r, kind, pr.finished, minAge, maxAge)
	case target < 0:
		pr.person = newPerson(r, kind, pr.finished, minAge, maxAge)
		pr.link = &link{interviewID: hexID(r), customerID: hexID(r), sameName: st.link == linkSame}
	default:
		earlier := p.profile(target)
		kind = sameCountry(r, earlier.doc.kind, st.docs)
		pr.person = earlier.person
		pr.link = &link{earlier.id, earlier.customerID, earlier.externalID, st.link == linkSame}
		if st.link == linkOther {
			pr.person.name = otherName(r, kind, earlier.person)
		}
	}
	pr.doc = newDocument(r, kind, &pr.person, pr.finished)
	pr.externalID = fmt.Sprintf("client-%05d", 10000+r.IntN(90000))
	pr.externalCustomerID = fmt.Sprintf("cust-%06d", r.IntN(1_000_000))
	if st.enrolled {
		pr.customerID = p.customerID(pr.index)
	}
	if pr.link != nil && st.enrolledAgain {
		pr.customerID = pr.link.customerID
	}
}

// otherName gives the same face another name of the same kind.
func otherName(r *rand.Rand, k *docKind, p person) name {
	for {
		if n := newName(r, k.culture, p.female); n.given != p.given && n.family != p.family {
			return n
		}
	}
}

// chooseKind draws a document kind that the story can be told with.
func chooseKind(r *rand.Rand, fits func(*docKind) bool) *docKind {
	total := 0
	for i := range docKinds {
		if fits == nil || fits(&docKinds[i]) {
			total += docKinds[i].weight
		}
	}
	n := r.IntN(total)
	for i := range docKinds {
		k := &docKinds[i]
		if fits != nil && !fits(k) {
			continue
		}
		if n -= k.weight; n < 0 {
			return k
		}
	}
	return &docKinds[0]
}

// sameCountry prefers another document of the same country and language for a
// person who comes again.
func sameCountry(r *rand.Rand, k *docKind, fits func(*docKind) bool) *docKind {
	other := func(o *docKind) bool {
		return o.country == k.country && o.culture == k.culture && o != k && (fits == nil || fits(o))
	}
	for i := range docKinds {
		if other(&docKinds[i]) {
			return chooseKind(r, other)
		}
	}
	return k
}

// quirks are the API's own irregularities, met in a few sessions.
func (pr *profile) quirks(r *rand.Rand) {
	pr.chatty = r.IntN(14) == 0
	pr.oldKeys = r.IntN(3) == 0
	pr.femaleInWords = pr.person.female && r.IntN(9) == 0
	if pr.doc.kind.country == "MEX" && pr.doc.text("curp") != "" && r.IntN(2) == 0 {
		pr.curp = &curpCheck{}
	}
}

// chooseFlow names the flow that would have asked for what the session has.
func (pr *profile) chooseFlow(r *rand.Rand) {
	switch {
	case pr.second != nil:
		pr.flow = &flows[2]
	case pr.antifraud.step != "" || r.IntN(3) > 0:
		pr.flow = &flows[0]
	default:
		pr.flow = &flows[1]
		pr.antifraud = nil
	}
}

// settleValue gives the total a number that the verdict is likely to have. A
// total can be FAIL with 100.0: one rule is enough.
func (pr *profile) settleValue(r *rand.Rand) {
	if pr.value != 0 {
		return
	}
	ranges := map[string][2]float64{
		"OK": {90, 10}, "WARN": {75, 15}, "FAIL": {0, 45}, "MANUAL": {48, 35}, "MANUAL_PENDING": {50, 30},
		"MANUAL_OK": {50, 35}, "MANUAL_FAIL": {10, 40},
	}
	span := ranges[pr.verdict]
	pr.value = span[0] + span[1]*r.Float64()
}
