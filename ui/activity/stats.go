package activity

import (
	"cmp"
	"slices"
	"time"

	"docket/model"
)

// latency sums up the calls to one endpoint that got an answer.
type latency struct {
	name          string
	count         int
	p50, p95, max time.Duration
	server        time.Duration // median of what the server says it took; 0: it does not say
}

// trouble is calls that failed in the same way.
type trouble struct {
	name  string
	kind  model.Kind
	http  int
	count int
	last  time.Time
}

// latencies sums up calls by endpoint, the most used first.
func latencies(calls []model.Call) []latency {
	took, server := map[string][]time.Duration{}, map[string][]time.Duration{}
	for _, c := range calls {
		if c.HTTP == 0 {
			continue
		}
		took[c.Name] = append(took[c.Name], c.Took)
		if c.ServerTook > 0 {
			server[c.Name] = append(server[c.Name], c.ServerTook)
		}
	}
	var out []latency
	for name, all := range took {
		slices.Sort(all)
		slices.Sort(server[name])
		out = append(out, latency{
			name: name, count: len(all), p50: quantile(all, 50), p95: quantile(all, 95), max: all[len(all)-1], server: quantile(server[name], 50),
		})
	}
	slices.SortFunc(out, func(a, b latency) int { return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.name, b.name)) })
	return out
}

// quantile returns the smallest value that at least q per cent do not exceed.
func quantile(sorted []time.Duration, q int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	i := (len(sorted)*q + 99) / 100
	return sorted[max(i-1, 0)]
}

// troubles groups the calls that failed by kind and endpoint, the latest first.
func troubles(calls []model.Call) []trouble {
	type key struct {
		name string
		kind model.Kind
		http int
	}
	groups := map[key]*trouble{}
	for _, c := range calls {
		if c.Kind == "" {
			continue
		}
		k := key{c.Name, c.Kind, c.HTTP}
		t := groups[k]
		if t == nil {
			t = &trouble{name: c.Name, kind: c.Kind, http: c.HTTP}
			groups[k] = t
		}
		t.count++
		if c.At.After(t.last) {
			t.last = c.At
		}
	}
	out := make([]trouble, 0, len(groups))
	for _, t := range groups {
		out = append(out, *t)
	}
	slices.SortFunc(out, func(a, b trouble) int { return cmp.Or(b.last.Compare(a.last), cmp.Compare(a.name, b.name)) })
	return out
}
