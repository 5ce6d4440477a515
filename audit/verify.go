package audit

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Fault says how a log does not fit.
type Fault string

// The faults, in the order in which they are looked for.
const (
	Missing    Fault = "missing"    // an entry is not there
	Changed    Fault = "changed"    // an entry is another one than was hashed
	Rehashed   Fault = "rehashed"   // a stored hash is another one than the entries give
	BackInTime Fault = "back"       // an entry is older than the one before
	Unreadable Fault = "unreadable" // an entry is no entry
	Truncated  Fault = "truncated"  // a signed checkpoint has seen more entries
	Rewritten  Fault = "rewritten"  // a signed checkpoint has seen other entries
	Unsigned   Fault = "unsigned"   // a checkpoint is signed by none of the keys
)

// Broken is the first thing that does not fit.
type Broken struct {
	Fault Fault
	Index int64 // of the first entry that does not fit
	Until int64 // the last that it may be, where only a range is known; else Index
	Why   string
}

// Error implements error.
func (b *Broken) Error() string {
	if b.Until > b.Index {
		return fmt.Sprintf("entries %d to %d: %s", b.Index, b.Until, b.Why)
	}
	return fmt.Sprintf("entry %d: %s", b.Index, b.Why)
}

// Report is what was verified.
type Report struct {
	Size   int64
	Root   tlog.Hash
	First  time.Time
	Last   time.Time
	Signed *Signed // the latest checkpoint that fits; nil: there is none
	Broken *Broken // nil: everything fits
}

// page is how many entries are read at once.
const page = 4096

// Verify reads the whole log, computes every hash anew, and holds them against what
// is stored and against checkpoints: those of the log and those that were kept
// elsewhere. The error is one of reading; what does not fit is in the report.
func Verify(ctx context.Context, log Reader, keys note.Verifiers, elsewhere ...string) (Report, error) {
	v := verifier{log: log, keys: keys, roots: map[int64]tlog.Hash{}}
	stored, err := log.Checkpoints(ctx)
	if err != nil {
		return Report{}, err
	}
	v.take(append(stored, elsewhere...))
	if err := v.read(ctx); err != nil {
		return v.report, err
	}
	if v.report.Broken == nil {
		v.checkpoints()
	}
	return v.report, nil
}

type verifier struct {
	log    Reader
	keys   note.Verifiers
	report Report
	points []point // by size
	roots  map[int64]tlog.Hash
	edge   edge
	at     time.Time
}

// point is a checkpoint whose signature has not been looked at.
type point struct {
	text string
	Signed
}

// take notes at which sizes roots are wanted.
func (v *verifier) take(texts []string) {
	for _, text := range texts {
		s, err := parseCheckpoint(text)
		if err != nil {
			s = Signed{Size: -1} // its signature is none either
		}
		v.points = append(v.points, point{text, s})
		v.roots[s.Size] = tlog.Hash{}
	}
	sort.SliceStable(v.points, func(i, j int) bool { return v.points[i].Size < v.points[j].Size })
}

// read computes the tree. It stops at the first entry that does not fit.
func (v *verifier) read(ctx context.Context) error {
	size, err := v.log.AuditSize(ctx)
	if err != nil {
		return err
	}
	for v.edge.size < size && v.report.Broken == nil {
		records, err := v.log.AuditRecords(ctx, v.edge.size, page)
		if err != nil {
			return err
		}
		if len(records) == 0 {
			v.broken(Missing, "it is not there")
			break
		}
		hashes, err := v.log.AuditHashes(ctx, tlog.StoredHashCount(v.edge.size), int(tlog.StoredHashCount(v.edge.size+int64(len(records)))-tlog.StoredHashCount(v.edge.size)))
		if err != nil {
			return err
		}
		v.pageOf(records, hashes)
	}
	v.report.Size, v.report.Root, v.report.Last = v.edge.size, v.edge.root(), v.at
	return nil
}

func (v *verifier) pageOf(records []Record, hashes []tlog.Hash) {
	for _, r := range records {
		if r.Index != v.edge.size {
			v.broken(Missing, "it is not there")
			return
		}
		e, err := Decode(r.Line)
		fits := len(hashes) > 0 && hashes[0] == tlog.RecordHash(r.Line)
		switch {
		case !fits:
			v.broken(Changed, "it is not what was written")
		case err != nil:
			v.broken(Unreadable, "it cannot be read")
		case e.At.Before(v.at):
			v.broken(BackInTime, "it is older than the entry before")
		}
		if v.report.Broken != nil {
			return
		}
		made := v.edge.add(hashes[0])
		if len(hashes) < len(made) || !same(made, hashes[:len(made)]) {
			v.edge.size-- // the entry that completes the part
			v.broken(Rehashed, "the hashes that are stored with it do not follow from the entries")
			return
		}
		hashes = hashes[len(made):]
		if v.at = e.At; v.edge.size == 1 {
			v.report.First = e.At
		}
		if _, wanted := v.roots[v.edge.size]; wanted {
			v.roots[v.edge.size] = v.edge.root()
		}
	}
}

func same(a, b []tlog.Hash) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func (v *verifier) broken(f Fault, why string) {
	v.report.Broken = &Broken{Fault: f, Index: v.edge.size, Until: v.edge.size, Why: why}
}

// checkpoints looks at the last checkpoint first: if it fits, so does everything
// before it. If not, bisecting finds the first that does not.
func (v *verifier) checkpoints() {
	n := len(v.points)
	if !v.known() || n == 0 {
		return
	}
	if v.fits(n - 1) {
		v.report.Signed = &v.points[n-1].Signed
		return
	}
	first := sort.Search(n, func(i int) bool { return !v.fits(i) })
	from := int64(0)
	if first > 0 {
		v.report.Signed = &v.points[first-1].Signed
		from = v.points[first-1].Size
	}
	p := v.points[first]
	b := Broken{Fault: Rewritten, Index: from, Until: p.Size - 1, Why: "not what was signed on " + p.At.UTC().Format(time.RFC3339)}
	if p.Size > v.edge.size {
		b = Broken{Fault: Truncated, Index: v.edge.size, Until: p.Size - 1, Why: "missing: they were there when the log was signed on " + p.At.UTC().Format(time.RFC3339)}
	}
	v.report.Broken = &b
}

// known looks at the signatures. A checkpoint of a key that is none of ours proves
// nothing, and may stand in the place of one that did.
func (v *verifier) known() bool {
	for i, p := range v.points {
		s, err := OpenCheckpoint(p.text, v.keys)
		var other *note.UnverifiedNoteError
		switch {
		case err == nil:
			v.points[i].Signed = s
			continue
		case errors.As(err, &other):
			v.unsigned(p, "the log up to it was signed by "+signers(other.Note)+", which is none of the keys that are trusted here")
		default:
			v.unsigned(p, "the signature of the log up to it does not fit")
		}
		return false
	}
	return true
}

func (v *verifier) unsigned(p point, why string) {
	last := max(p.Size-1, 0)
	v.report.Broken = &Broken{Fault: Unsigned, Index: last, Until: last, Why: why}
}

// signers names the keys of signatures, as they call themselves.
func signers(n *note.Note) string {
	var names []string
	for _, s := range n.UnverifiedSigs {
		names = append(names, strconv.Quote(s.Name))
	}
	return strings.Join(names, ", ")
}

// fits reports whether the log had this root at the size of a checkpoint.
func (v *verifier) fits(i int) bool {
	p := v.points[i]
	return p.Size <= v.edge.size && (v.roots[p.Size] == p.Root || p.Size == 0)
}
