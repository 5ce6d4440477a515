package perf

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"docket/model"
	"docket/sim"
	"docket/store/sqlite"
)

func itoa(n int) string { return strconv.Itoa(n) }

// rows is how many sessions the big store holds: 1,000,000 takes some minutes
// to write, so a quick look can ask for fewer.
func rows(b *testing.B, normal int) int {
	text := os.Getenv("DOCKET_BENCH_ROWS")
	if text == "" {
		return normal
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		b.Fatalf("DOCKET_BENCH_ROWS: %v", err)
	}
	return n
}

// build makes the binary as it is released.
func build(b *testing.B) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "docket")
	cmd := exec.Command("go", "build", "-o", path, "docket")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("build: %v\n%s", err, out)
	}
	return path
}

// filled writes a store of n sessions and returns its path. It is kept between
// runs under DOCKET_BENCH_DIR if that is set.
func filled(b *testing.B, n int) string {
	b.Helper()
	dir := os.Getenv("DOCKET_BENCH_DIR")
	if dir == "" {
		dir = b.TempDir()
	}
	path := filepath.Join(dir, fmt.Sprintf("docket-%d.db", n))
	if _, err := os.Stat(path); err == nil {
		return path
	}
	st, err := sqlite.Open(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	const batch = 5000
	for i := 0; i < n; i += batch {
		page := make([]model.Row, 0, batch)
		for j := i; j < min(n, i+batch); j++ {
			page = append(page, row(j))
		}
		if err := st.Upsert(b.Context(), page...); err != nil {
			b.Fatal(err)
		}
	}
	if err := st.Close(); err != nil {
		b.Fatal(err)
	}
	return path
}

var (
	given    = []string{"Ana", "João", "Aiko", "Karim", "Rosa", "Zoë", "Łukasz", "Олена", "太郎", "Ngozi", "Irma", "Søren"}
	families = []string{"Prueba", "Souza", "Tanaka", "Haddad", "Quispe", "Müller", "Nowak", "Шевченко", "田中", "Okafor", "García", "Holm"}
	verdicts = []model.Verdict{model.OK, model.OK, model.OK, model.OK, model.OK, model.Warn, model.Fail, model.ManualOK, model.Manual, ""}
	lands    = []string{"MEX", "BRA", "JPN", "FRA", "PER", "DEU", "POL", "UKR", "NGA", "ESP"}
)

// row makes a believable session out of its number.
func row(i int) model.Row {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * 20 * time.Second)
	score := float64(i % 101)
	return model.Row{
		ID: fmt.Sprintf("%08x%016x", uint32(i*2654435761), i), Provider: "omni", Status: model.StatusFinished,
		Verdict: verdicts[i%len(verdicts)], Score: &score, ReviewReason: model.RuleApplied, WorstKey: "documentExpired", WorstStatus: model.Fail,
		Name:    model.NewPersonal(model.ClassName, given[i%12]+" "+families[(i/12)%12]+" "+families[(i/144)%12]),
		DocType: "Passport", DocCountry: lands[i%10], DocNumber: model.NewPersonal(model.ClassDocument, fmt.Sprintf("G%08d", i)),
		ExternalID: fmt.Sprintf("client-%d", i), CreatedAt: at, WaitsFrom: at, AddedAt: at, UpdatedAt: at,
		DeviceHash: model.NewPersonal(model.ClassDevice, fmt.Sprintf("hash%d", i/3)), IP: model.NewPersonal(model.ClassDevice, fmt.Sprintf("192.0.2.%d", i%250)),
	}
}

// home is an environment of its own for the binary, with the API simulated.
func home(b *testing.B, store, api string) []string {
	dir := b.TempDir()
	return []string{
		"HOME=" + dir, "XDG_CONFIG_HOME=" + dir, "XDG_DATA_HOME=" + dir, "XDG_STATE_HOME=" + dir, "XDG_CACHE_HOME=" + dir,
		"DOCKET_STORE=sqlite:" + store, "DOCKET_API_URL=" + api, "DOCKET_API_KEY=bench-key", "DOCKET_ADMIN_TOKEN=bench-token",
	}
}

func apiURL(b *testing.B, h http.Handler) string {
	srv := httptest.NewServer(h)
	b.Cleanup(srv.Close)
	return srv.URL
}

// BenchmarkFirstPaint starts the console on 100,000 sessions, and tig on a
// history of as many commits, by turns. The time ends with the chunk of output
// that holds a row of the list.
func BenchmarkFirstPaint(b *testing.B) {
	bin, n := build(b), rows(b, 100_000)
	env := home(b, filled(b, n), apiURL(b, sim.New(sim.Options{Sessions: 10})))
	repo := history(b, n)
	var ours, theirs []time.Duration
	for b.Loop() {
		s := start(b, env, bin)
		ours = append(ours, s.until("documentExpired").Sub(s.start))
		s.stop()
		if repo != "" {
			s = start(b, []string{"HOME=" + repo}, "tig", "-C", repo)
			theirs = append(theirs, s.until("session number").Sub(s.start))
			s.stop()
		}
	}
	b.ReportMetric(ms(percentile(ours, 50)), "docket-p50-ms")
	b.ReportMetric(ms(percentile(ours, 95)), "docket-p95-ms")
	if repo != "" {
		b.ReportMetric(ms(percentile(theirs, 50)), "tig-p50-ms")
		b.ReportMetric(ms(percentile(theirs, 95)), "tig-p95-ms")
	}
	b.ReportMetric(0, "ns/op")
}

// history makes a repository of n commits for tig; empty if tig is not here.
func history(b *testing.B, n int) string {
	if _, err := exec.LookPath("tig"); err != nil {
		b.Log("tig is not installed: no peer")
		return ""
	}
	dir := b.TempDir()
	script := fmt.Sprintf(`cd %q && git init -q -b main . && awk 'BEGIN { for (i = 1; i <= %d; i++) {
		m = "session number " i " waits for a person"
		printf "commit refs/heads/main\ncommitter Ana <ana@example.test> %%d +0000\ndata %%d\n%%s\n", 1700000000 + i, length(m), m } }' | git fast-import --quiet`, dir, n)
	if out, err := exec.Command("bash", "-c", script).CombinedOutput(); err != nil {
		b.Fatalf("history: %v\n%s", err, out)
	}
	return dir
}

// BenchmarkKeyToFrame moves through an inbox of 1,000,000 sessions with a
// search active, while sessions arrive, and times each key until the last byte
// of its frame.
func BenchmarkKeyToFrame(b *testing.B) {
	bin, n := build(b), rows(b, 1_000_000)
	path := filled(b, n)
	s := start(b, home(b, path, apiURL(b, sim.New(sim.Options{Sessions: 10}))), bin)
	defer s.stop()
	s.until("documentExpired")
	for _, k := range "/an\r" {
		s.key(string(k))
	}
	s.settle(time.Second)
	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	arrived := arrive(ctx, b, path, n)
	var took []time.Duration
	var bytes []int
	for i := 0; b.Loop(); i++ {
		key := "j"
		if i%40 >= 30 {
			key = "k"
		}
		d, size := s.key(key)
		took, bytes = append(took, d), append(bytes, size)
	}
	stop()
	all, own := s.resident()
	slices.Sort(bytes)
	b.ReportMetric(ms(percentile(took, 50)), "p50-ms")
	b.ReportMetric(ms(percentile(took, 95)), "p95-ms")
	b.ReportMetric(float64(bytes[len(bytes)/2]), "p50-bytes/key")
	b.ReportMetric(float64(bytes[len(bytes)*95/100]), "p95-bytes/key")
	b.ReportMetric(all, "rss-MB")
	b.ReportMetric(own, "anon-MB")
	b.ReportMetric(float64(<-arrived), "arrived")
	b.ReportMetric(0, "ns/op")
}

// arrive puts five new sessions a second into the store, from outside of the
// console, and says at the end how many.
func arrive(ctx context.Context, b *testing.B, path string, from int) <-chan int {
	count := make(chan int, 1)
	st, err := sqlite.Open(ctx, path)
	if err != nil {
		b.Fatal(err)
	}
	go func() {
		n := 0
		defer func() {
			_ = st.Close()
			count <- n
		}()
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				if st.Upsert(ctx, row(from+n)) == nil {
					n++
				}
			}
		}
	}()
	return count
}
