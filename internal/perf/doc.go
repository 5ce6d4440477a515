// Package perf measures the console as a person feels it: the built binary on a
// real pseudo-terminal, with the clock outside. Its benchmarks are told in
// docs/performance.md, with how to repeat them; nothing here passes or fails.
package perf
