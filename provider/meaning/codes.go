package meaning

import "docket/model"

// statuses are onboarding statuses (Fetch onboarding status). Those that the
// reference does not list were seen in public samples.
var statuses = table{
	"UNKNOWN":                          ref("Not started", "Not started yet, or still capturing the ID. No webhook tells: ask again."),
	"ID_VALIDATION_FINISHED":           ref("ID captured", "The customer has finished capturing the ID."),
	"ID_VALIDATION_FINISHED_SECOND_ID": named("Second ID captured", "the second ID has been captured."),
	"POST_PROCESSING_FINISHED":         ref("ID processed", "The server has finished processing the ID."),
	"FACE_VALIDATION_FINISHED":         ref("Selfie captured", "The customer has finished the selfie."),
	"GOVERNMENT_VALIDATION_FINISHED":   named("Government check done", "the check at the authority has finished."),
	"ONBOARDING_FINISHED":              ref("Finished", "The customer is done. The verdict is in the score."),
	"MANUAL_REVIEW_APPROVED":           ref("Approved by a person", "An executive approved the session after review."),
	"MANUAL_REVIEW_REJECTED":           ref("Rejected by a person", "An executive rejected the session after review."),
	"EXPIRED":                          named("Expired session", "the session was expired and takes nothing more."),
}

// lives are session statuses (Set session status).
var lives = table{
	"Alive":   ref("Alive", "The session takes input."),
	"Closed":  ref("Closed", "Nothing can be added to the session any more."),
	"Deleted": ref("Deleted", "The important data of the session has been deleted."),
}

// verdicts are values of the total "overall" (Fetch scores).
var verdicts = table{
	"OK":             ref("Passed", "Incode's verdict over all sections: passed."),
	"WARN":           ref("Warning", "Incode's verdict over all sections: a warning, not a fail."),
	"FAIL":           ref("Failed", "Incode's verdict over all sections: failed. The value may still be 100."),
	"UNKNOWN":        ref("No verdict", "Incode could not come to a verdict. Neither passed nor failed."),
	"MANUAL":         ref("Needs review", "Waits for a person; Incode names a reason."),
	"MANUAL_OK":      named("Passed by a person", "a person decided that the session passed."),
	"MANUAL_FAIL":    named("Failed by a person", "a person decided that the session failed."),
	"MANUAL_PENDING": named("Review under way", "a review is pending and a person has to decide."),
}

// results are statuses of one test.
var results = table{
	"OK":             ref("Test passed", "This test passed."),
	"WARN":           ref("Test warns", "This test asks for a look."),
	"FAIL":           ref("Test failed", "This test failed. The verdict may be another."),
	"UNKNOWN":        ref("No result", "This test has no result, which is neither pass nor fail."),
	"MANUAL":         ref("Left to a person", "This test leaves it to a person."),
	"MANUAL_OK":      named("Set to passed", "a person set this test to passed."),
	"MANUAL_FAIL":    named("Set to failed", "a person set this test to failed."),
	"MANUAL_PENDING": named("Left open", "a person has still to judge this test."),
}

// reasons are values of "needsReviewReason".
var reasons = table{
	"MANUAL_CAPTURE": ref("Manual capture", "A picture was taken by hand, not by automatic capture. Quality may be lower."),
	"RULE_APPLIED":   ref("A rule applied", "A rule of the customer's own rule engine asked for review."),
	"OLD_ID":         ref("Old ID", "Incode counts the document as old. That is not the same as expired."),
}

// governmentKeys maps the keys of validationStatus to their numbers.
var governmentKeys = map[string]string{
	"processingIne": "-1", "ok": "0", "validationError": "1", "ineConnectionError": "2", "ineInfrastructureError": "3",
	"moduleNotSupported": "4", "missingDocumentId": "5", "missingSelfie": "6", "userNotFound": "7",
	"userNotFoundInIneDb": "8", "notEnoughData": "9", "livenessFail": "10", "ineNotCurrent": "11",
	"ineReportedLost": "12", "ineReportedStolen": "13", "ineSignaturError": "14", "geographicRegionNotSupported": "99",
}

// governmentCodes are values of validationStatus. Only the names are in the
// reference; what they say of a person is kept to that.
var governmentCodes = table{
	"-1": ref("Still pending", "The register's answer is pending. No result yet."),
	"0":  ref("Register agrees", "The register confirmed the data."),
	"1":  ref("Validation error", "The register's check ended in a validation error."),
	"2":  ref("Register unreachable", "No connection to the register: the authority's outage, nothing about the person."),
	"3":  ref("Register out of order", "The register's systems failed: an outage again, nothing about the person."),
	"4":  ref("Not supported", "The check is not offered for this module: no result about the person."),
	"5":  ref("Document id missing", "The document's id was missing in the request: nothing was looked up."),
	"6":  ref("Selfie missing", "The selfie was missing in the request, so no face was compared."),
	"7":  ref("Not found", "The register did not find the person. A misreading has the same effect."),
	"8":  ref("Not found at INE", "The electoral register did not find the person. A misreading does the same."),
	"9":  ref("Not enough data", "Too little data was sent to look anybody up."),
	"10": ref("Liveness failed", "The register's liveness test of the face failed."),
	"11": ref("Card not current", "The register does not carry this card as current; a newer one may exist."),
	"12": ref("Reported lost", "The card was reported lost. It does not say who holds it now."),
	"13": ref("Reported stolen", "The card was reported stolen. It does not say who holds it now."),
	"14": ref("Signature error", "A signature error at the register; which signature is not said."),
	"99": ref("Region not supported", "This region is not supported: no check took place."),
}

// antifraudResults are values of "result" (Process Antifraud).
var antifraudResults = table{
	"PASSED":       ref("Nothing found", "No anomaly was found against other sessions."),
	"FAILED":       ref("Signs found", "An anomaly was found that could be a sign of fraud. Not proof."),
	"NOT_EXECUTED": ref("Not executed", "The module is not part of this flow: it did not run, so it did not pass."),
}

var antifraudSteps = table{
	"FuzzyFieldAntifraudExecutor": named("Similar data", "data much like that of another session."),
	"IdFaceAntifraudExecutor":     named("Face on the ID", "the face on the ID is in another session."),
	"SelfieFaceAntifraudExecutor": named("Face in the selfie", "the face in the selfie is in another session."),
}

// failReasons say why a capture was not accepted (Add front side of ID). Each is
// about the picture.
var failReasons = table{
	"UNKNOWN_DOCUMENT_TYPE":    ref("Type not recognised", "The picture could not be classified as a document."),
	"WRONG_DOCUMENT_SIDE":      ref("Wrong side", "The other side of the document was photographed."),
	"WRONG_ONE_SIDED_DOCUMENT": ref("One side only", "A wrong document, one with a single side, was photographed."),
	"DOCUMENT_NOT_READABLE":    ref("Not readable", "The document could not be read, probably because of the picture."),
	"UNABLE_TO_ALIGN_DOCUMENT": ref("Not aligned", "The document could not be brought into position in the picture."),
	"ID_TYPE_UNACCEPTABLE":     ref("Type not accepted", "This type of ID is not accepted in this flow."),
	"UNEXPECTED_ERROR_OCCURRED": ref("Unexpected error",
		"An error of the system, not of the document."),
}

var retrySteps = table{
	"frontId":              ref("Front of the ID", "The capture of the front was repeated."),
	"backId":               ref("Back of the ID", "The capture of the back was repeated."),
	"selfie":               ref("Selfie", "The selfie was repeated."),
	"poa":                  ref("Proof of address", "The capture of the proof of address was repeated."),
	"governmentValidation": ref("Government check", "The check at the authority was repeated."),
}

var dataMatches = table{
	"face":      ref("By face", "Somebody on a list has a similar face."),
	"birthDate": ref("By birth date", "Somebody on a list has this birth date."),
	"name":      ref("By name", "Somebody on a list has this name. Namesakes match too."),
	"idNumber":  ref("By ID number", "Somebody on a list has this document number."),
	"phone":     ref("By phone", "Somebody on a list has this phone number."),
	"email":     ref("By email", "Somebody on a list has this email."),
}

var scrapingStatuses = table{
	"IN_PROGRESS": ref("Looking up", "The look-up at the electoral institute is still running."),
	"FINISHED":    ref("Looked up", "The look-up at the electoral institute is through; see its result."),
	"ERROR":       ref("Look-up broke off", "The look-up at the electoral institute failed: no answer about the person."),
}

var expiryConditions = table{
	"INCOMPLETE":   ref("If incomplete", "Expires the session if the customer has not finished."),
	"NEEDS_REVIEW": ref("If it needs review", "Expires the session if it waits for a review."),
}

var components = table{
	"liveness":             ref("Liveness", "Enrolment asks that liveness passed."),
	"faceRecognition":      ref("Face match", "Enrolment asks that the face match passed."),
	"id":                   ref("ID document", "Enrolment asks that the document tests passed."),
	"governmentValidation": ref("Government check", "Enrolment asks that the government check passed."),
}

// curpGroups maps the codes of connection and internal errors to their groups,
// which the reference explains as one.
var curpGroups = map[string]string{
	"0113": "connection", "0114": "connection", "0118": "connection", "0201": "connection", "0202": "connection",
	"0203": "connection", "0401": "connection", "0199": "connection", "0299": "connection",
	"0101": "internal", "0102": "internal", "0103": "internal", "0105": "internal", "0107": "internal", "0108": "internal",
	"0110": "internal", "0111": "internal", "0112": "internal", "0115": "internal", "0116": "internal", "0117": "internal",
	"0119": "internal", "0302": "internal", "0501": "internal",
}

// curpErrors are errors of the CURP register (Add curp).
var curpErrors = table{
	"0104":       ref("CURP withdrawn", "This CURP was withdrawn from the register before; another one may be in force."),
	"0106":       ref("CURP not found", "This CURP is not in the register's database. Perhaps mistyped."),
	"0109":       ref("CURP malformed", "The key of this CURP is not well formed. Perhaps mistyped."),
	"0120":       ref("Several CURPs", "More than one CURP fits these data."),
	"0301":       ref("Field malformed", "A field does not have the format that the register asks for."),
	"connection": ref("Register not reached", "No connection to the CURP register; usually passes. Nothing about the person."),
	"internal":   ref("Internal error", "An internal error around the CURP register; ask Incode's support."),
}

// errorCodes are custom error codes of the API.
var errorCodes = map[int]model.Meaning{
	1001: ref("Face not cropped", "Code 1001: the face could not be cut out of the picture."),
	1003: ref("Face not cropped", "Code 1003: cutting the face out of the picture failed."),
	3002: ref("Face not cropped", "Code 3002: the face could not be cropped from the selfie."),
	3004: ref("Face not cropped", "Code 3004: cropping the face failed."),
	3005: ref("Face size", "The face in the picture is too small or too large."),
	3006: ref("Blurred", "The picture is too blurred."),
	3007: ref("Brightness", "The picture is too dark or too bright."),
	3008: ref("Selfie size", "The selfie does not have the size that is asked for."),
	3009: ref("Orientation", "The picture is turned the wrong way."),
	3010: ref("Compression", "The picture is compressed too much."),
	4004: ref("Not known", "The API could not find the user or session."),
	4005: ref("Spoof suspected", "The face test took the picture for a spoof attempt. A test result, not proof."),
	4006: ref("Enrolled before", "A user with this phone number exists already."),
	4010: ref("Several faces", "More than one face is in the picture."),
	4014: ref("Code or session unknown", "The interview code is not valid, or there is no such interview."),
	4019: ref("No face", "No face was found in the picture."),
	4020: ref("Nothing to compare", "The picture to compare with was not found."),
	4026: ref("Invalid uuid", "The uuid in the request is not valid."),
	4027: ref("Invalid flow", "The configurationId in the request is not valid."),
	4028: ref("Flow inactive", "The flow is not activated."),
	5003: ref("Picture size", "The picture of the document does not have the size that is asked for."),
	5004: ref("Document not aligned", "The document in the picture could not be aligned."),
	5005: ref("No document", "No document was found in the picture."),
	6000: named("Refused", "a rule of the API that the request broke."),
}

// events are the kinds of session events that webhooks name.
var events = table{
	"SESSION_STARTED": pub("Session started", "The customer has started the session."),
	"SUCCEEDED":       pub("Session succeeded", "The session ended, and passed."),
	"FAILED":          pub("Session failed", "The session ended, and did not pass."),
	"PENDING_REVIEW":  pub("Session pending review", "The session ended and waits for a person to look."),
}

// eventFields are details of capture events; the reference defines them for the
// answers of the capture itself (Add front side of ID).
var eventFields = table{
	"classification": ref("Recognised", "Whether the picture was recognised as the side that was asked for."),
	"readability":    ref("Readable", "Whether all key places of the document could be read."),
	"sharpness":      ref("Sharp", "100 is sharp, 0 is blurred: picture quality."),
	"glare":          ref("Free of glare", "100 is free of glare, 0 is not: picture quality."),
	"typeOfId":       ref("Type seen", "The type of document that this capture was taken for."),
	"stepName":       ref("Step", "The antifraud step that found something."),
}
