// Package marked tests that a masked role finds no personal value by any way: marks stand
// in every leaf of every answer of the API, and whatever a role gets is searched for them.
package marked
