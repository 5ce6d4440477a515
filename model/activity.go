package model

import "time"

// Call is one request to a provider, as its journal keeps it: without secrets
// and personal data.
type Call struct {
	At         time.Time
	Name       string // the endpoint's name in the provider's table
	Method     string
	Path       string
	HTTP       int // 0: no answer
	Code       int // the API's own error code
	Took       time.Duration
	ServerTook time.Duration // from the Processing-Time header; 0: not given
	Bytes      int64
	Attempt    int // from 1
	Kind       Kind
}

// Budget is what is left of the API's limits.
type Budget struct {
	SecondLeft, SecondMax int // requests in any second
	WindowLeft, WindowMax int // requests in any five minutes
}
