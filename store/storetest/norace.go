//go:build !race

package storetest

// examples is how many random histories the property test goes through.
const examples = 60
