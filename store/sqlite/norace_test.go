//go:build !race

package sqlite

const (
	manyPeople = 2000 // that TestForgetFromTheFile puts into the inbox
	manyKills  = 5    // rounds of TestKilled
	manyWays   = 7    // of TestConformanceOfEveryWay
)
