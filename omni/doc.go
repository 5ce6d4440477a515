// Package omni is a client of the Incode Omni API, typed by hand from its
// reference.
//
// endpoints.go declares every endpoint in one table: method, path, parameters,
// whether it reads or acts, and whose token it takes. Each family of endpoints
// has a file with its methods and the types of its answers. A method returns
// an Answer, which holds the decoded value beside the bytes as they came.
//
// Decoding is tolerant where the API is known to vary (null anywhere, numbers
// and booleans as strings, an empty array for an object) and keeps what it
// does not know: values carry their Tree. An answer that is not what the
// endpoint answers at all is an error of KindWrongShape, never an empty value.
//
// Text in values is as the API sent it. Clean it before it is shown.
package omni
