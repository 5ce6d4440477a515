// Package sim is a simulator of the Incode Omni API: the endpoints that a
// reviewer's work needs, over real HTTP, with a generated population of
// onboarding sessions behind them.
//
// It is written from the API reference alone and shares nothing with the
// client, so that a misreading in one of them shows as a failing test and is
// not hidden by the other.
//
// It is strict where the reference is definite: headers, methods, paths,
// parameter names and types, mandatory fields. It changes state for real: a
// decision, an expiry, a deletion is seen by every later read. And it fails on
// demand: see [Fault].
//
// Where the reference leaves a question open, the simulator decides as
// follows, and a client should not lean on any of it:
//
//   - An unknown session is answered with 404, a custom error code (such as
//     4006 or 4014) with HTTP 400 and the code in the body's status.
//   - A request whose token names no session, and which carries no id, is
//     answered with 400.
//   - A session token on an endpoint that "requires admin login token", or on
//     another session's id, is answered with 401.
//   - A deleted session still answers its onboarding status and session
//     status; every other read of it is answered with 404, apart from what a
//     deletion was told to keep (images, deviceFingerPrints).
//   - An expired session keeps its answers, but its verdict becomes UNKNOWN:
//     nobody waits for a decision any more.
//   - "Needs review" asked for by a person keeps the review reason that the
//     session already had; without one the message becomes the reason.
//   - A session that is not finished has null sections where nothing was
//     checked yet, and a null total.
//   - "Set session status" and "Fetch events" do not say where their
//     parameters travel: the query and a JSON body are both accepted, but not
//     mixed.
//   - "Fetch onboarding url" takes a request without clientId, as the token backend
//     sample sends it; one that is given has to be the session's.
//   - "Mark onboarding complete" brings a session that is under way to its end: what
//     is missing counts as captured, since the simulator has no captures. One flow is
//     configured to approve and reject by the score, the others decide nothing.
//   - "authentication/verify" is not in the reference. An attempt is verified when it
//     matched and is told with the tokens it was made with; anything else, also a
//     transaction that is not known, is answered with verified false and no error.
//   - The reference names no events. The names used are those of the web and
//     mobile capture (screenOpened, captureAttemptFinished, …).
//   - A type of picture that a session does not have is left out of the answer.
//     "Fetch images second id" has pictures of the document alone. The examples
//     ask for "signatures" where the list of types has signature: both are
//     taken where an example has it.
//   - A document shows the right number where the OCR answer misread it: that
//     is for a person to find.
//
// Under the base path /0 a session's own token is enough; elsewhere the API
// key is needed too.
package sim
