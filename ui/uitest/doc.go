// Package uitest is the test support of the console: a desk in memory with a
// dozen believable sessions, and switches for faults and delays, so that pages
// can be driven without an API and without a store.
package uitest
