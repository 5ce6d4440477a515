//go:build race

package sqlite

// The race detector makes SQLite in Go some twenty times slower.
const (
	manyPeople = 300
	manyKills  = 2
	manyWays   = 1 // of TestConformanceOfEveryWay
)
