package sim

import "net/http"

// Custom error codes of the API that the simulated endpoints answer with.
const (
	codeCustomerExists    = 4006 // Approve customer
	codeInterviewNotFound = 4014 // Assign interviewId to interview
	codeInvalidUUID       = 4026 // Start onboarding
	codeInvalidFlow       = 4027
	codeFlowNotActive     = 4028
)

// apiError is an answer that is not a success. HTTP is the status line; code
// is the body's status, which may be a custom code of the endpoint.
type apiError struct {
	http    int
	code    int
	message string
}

func failed(status int, message string) *apiError {
	return &apiError{http: status, code: status, message: message}
}

func badRequest(message string) *apiError {
	return failed(http.StatusBadRequest, "BadRequestException: "+message)
}

func custom(code int, message string) *apiError {
	return &apiError{http: http.StatusBadRequest, code: code, message: "BadRequestException: " + message}
}

func notFound() *apiError {
	return failed(http.StatusNotFound, "Interview not found.")
}

// body is the documented error body (Incode Omni API, Error responses).
func (e *apiError) body(timestamp int64, path string) object {
	o := object{
		{"timestamp", timestamp},
		{"status", e.code},
		{"error", http.StatusText(e.http)},
	}
	o.add("message", e.message)
	return append(o, field{"path", path})
}
