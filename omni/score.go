package omni

import "context"

// Check is one test of a score: what was tested, the verdict, and a value
// whose scale depends on the test. Trust the status, not the value.
type Check struct {
	Key    Text `omni:"key"`
	Status Text `omni:"status"`
	Value  Text `omni:"value"`
}

// Rule is a rule of the rule engine that was applied.
type Rule struct {
	Name       Text `omni:"name"`
	Expression Text `omni:"expression"`
	RuleType   Text `omni:"ruleType"`
	Status     Text `omni:"status"`
}

// Score is the answer of "Fetch scores". A section is nil when the API left it
// out. Tree has all of it in the API's order, unknown sections and keys too.
type Score struct {
	IDValidation         *IDValidation         `omni:"idValidation"`
	SecondIDValidation   *IDValidation         `omni:"secondIdValidation"`
	Antifraud            *Antifraud            `omni:"antifraud"`
	Liveness             *Liveness             `omni:"liveness"`
	FaceRecognition      *FaceRecognition      `omni:"faceRecognition"`
	FaceRecognitionID2   *FaceRecognition      `omni:"faceRecognitionSecondId"`
	VideoConference      *VideoConference      `omni:"videoConference"`
	GovernmentValidation *GovernmentValidation `omni:"governmentValidation"`
	ExternalVerification *ExternalVerification `omni:"externalVerification"`
	CURPVerification     *CURPVerification     `omni:"curpVerification"`
	INEScraping          *INEScraping          `omni:"ineScrapingValidation"`
	OCRConfidence        *OCRConfidence        `omni:"idOcrConfidence"`
	OCRConfidenceID2     *OCRConfidence        `omni:"idOcrConfidenceSecondId"`
	RetryInfo            *RetryInfo            `omni:"retryInfo"`
	AppliedRule          *Rule                 `omni:"appliedRule"`
	Watchlist            *Watchlist            `omni:"incodeWatchlistScore"`
	Authentication       *Authentication       `omni:"authentication"`
	// NeedsReviewReason is MANUAL_CAPTURE, RULE_APPLIED or OLD_ID, and only
	// there when the total is MANUAL.
	NeedsReviewReason Text `omni:"needsReviewReason"`
	ReasonMsg         Text `omni:"reasonMsg"`
	// Seen, but not described by the reference.
	DeviceRisk         Node `omni:"deviceRisk"`
	BehavioralRisk     Node `omni:"behavioralRisk"`
	DocumentOnEdgeInfo Node `omni:"documentOnEdgeInfo"`
	SessionRecording   Node `omni:"sessionRecording"`
	// Overall is the API's verdict. It can be FAIL with a value of 100.0.
	Overall *Check `omni:"overall"`
	Tree    Node
}

// IDValidation is what was tested about a document.
type IDValidation struct {
	PhotoSecurityAndQuality []Check `omni:"photoSecurityAndQuality"`
	IDSpecific              []Check `omni:"idSpecific"`
	CustomFields            []Check `omni:"customFields"`
	AppliedRule             *Rule   `omni:"appliedRule"`
	Overall                 *Check  `omni:"overall"`
}

// Antifraud compares the session with others. NOT_EXECUTED is not passed.
type Antifraud struct {
	Overall *Check `omni:"overall"`
}

// Liveness is about the person being real.
type Liveness struct {
	Score           *Check `omni:"livenessScore,liveness_score"`
	PhotoQuality    *Check `omni:"photoQuality"` // has no status
	PhysicalAttack  Node   `omni:"physicalAttack"`
	DetectionMethod Text   `omni:"spoofDetectionMethod"`
	Overall         *Check `omni:"overall"`
}

// FaceRecognition compares the selfie with the document's picture and with
// those who are enrolled.
type FaceRecognition struct {
	ExistingUser        Flag   `omni:"existingUser"`
	ExistingInterviewID Text   `omni:"existingInterviewId"`
	ExistingExternalID  Text   `omni:"existingExternalId"`
	CustomerID          Text   `omni:"customerId"`
	MaskCheck           *Check `omni:"maskCheck"`
	LensesCheck         *Check `omni:"lensesCheck"` // has no value
	FaceBrightness      *Check `omni:"faceBrightness"`
	NameMatch           *Check `omni:"nameMatch"` // against the earlier approved session
	AppliedRule         *Rule  `omni:"appliedRule"`
	Overall             *Check `omni:"overall"`
}

// VideoConference is about the recorded video.
type VideoConference struct {
	SpeechTranscript           Text   `omni:"speechTranscript"`
	SpeechRecognition          *Check `omni:"speechRecognition"`
	VideoSelfieLiveness        *Check `omni:"videoSelfieLiveness"`
	VideoSelfieFaceRecognition *Check `omni:"videoSelfieFaceRecognition"`
	Score                      *Check `omni:"score"`
}

// GovernmentValidation is what an authority's register answered.
type GovernmentValidation struct {
	RecognitionConfidence *Check  `omni:"recognitionConfidence"`
	ValidationStatus      *Check  `omni:"validationStatus"` // value -1, 0 to 14, or 99
	OCRValidation         []Check `omni:"ocrValidation"`
	OCRValidationOverall  *Check  `omni:"ocrValidationOverall"`
	Overall               *Check  `omni:"overall"`
}

// ExternalVerification holds correlations and risks from outside sources.
type ExternalVerification struct {
	NameAddressCorrelation Num `omni:"nameAddressCorrelation"`
	NameEmailCorrelation   Num `omni:"nameEmailCorrelation"`
	NamePhoneCorrelation   Num `omni:"namePhoneCorrelation"`
	AddressRisk            Num `omni:"addressRisk"`
	EmailRisk              Num `omni:"emailRisk"`
	PhoneRisk              Num `omni:"phoneRisk"`
}

// CURPVerification is the Mexican population register's answer.
type CURPVerification struct {
	Success               Flag `omni:"success"`
	CURP                  Text `omni:"curp"`
	Sex                   Text `omni:"sex"`
	Nationality           Text `omni:"nationality"`
	Result                Text `omni:"result"`
	RenapoValid           Flag `omni:"renapo_valid"`
	Names                 Text `omni:"names"`
	PaternalSurname       Text `omni:"paternal_surname"`
	MothersMaidenName     Text `omni:"mothers_maiden_name"`
	Birthdate             Text `omni:"birthdate"` // DD/MM/YYYY
	EntityBirth           Text `omni:"entity_birth"`
	ProbationDocument     Text `omni:"probation_document"`
	StatusCURP            Text `omni:"status_curp"`
	ProbationDocumentData Node `omni:"probation_document_data"`
}

// INEScraping is what the Mexican electoral institute's site showed.
type INEScraping struct {
	ScrapingStatus Text `omni:"scrapingStatus"` // IN_PROGRESS, FINISHED, ERROR
	Success        Flag `omni:"success"`
	Result         Text `omni:"result"`
	ScreenshotURL  Text `omni:"screenshotUrl"`
	CIC            Text `omni:"cic"`
	ClaveElector   Text `omni:"claveElector"`
	NumeroEmision  Text `omni:"numeroEmision"`
	OCR            Text `omni:"ocr"`
	AnioRegistro   Text `omni:"anioRegistro"`
	AnioEmision    Text `omni:"anioEmision"`
}

// OCRConfidence is the certainty of reading, 0 to 100; not of authenticity.
type OCRConfidence struct {
	Overall *Check `omni:"overallConfidence"`
}

// RetryInfo is about failed attempts. The API sends {} or [] when there were none.
type RetryInfo struct {
	FailedAttempts Node   `omni:"failedAttemptsCounter"` // a count for each step
	StepsToRetry   []Text `omni:"stepsToRetry"`
}

// Watchlist is the score against Incode's and custom lists, which include
// lists of people who are welcome.
type Watchlist struct {
	Score       *Check `omni:"watchlistScore"`
	DataMatches []Text `omni:"dataMatches"`
}

// Authentication is a face log-in's part of the score.
type Authentication struct {
	Overall    *Check `omni:"overall"`
	IdentityID Text   `omni:"identityId"`
}

// Score reads a session's score (Incode Omni API, Fetch scores). The API
// computes it when onboarding is complete.
func (c *Client) Score(ctx context.Context, id string) (Answer[Score], error) {
	return call(ctx, c, EndpointScore, args{query: map[string]string{"id": id}}, decodeScore)
}

// OwnScore reads a session's score with the session's own token, for a caller
// who has that: to any other session's id the API says no.
func (c *Client) OwnScore(ctx context.Context, token SessionToken, id string) (Answer[Score], error) {
	return call(ctx, c, EndpointScore, args{query: map[string]string{"id": id}, session: token, own: true}, decodeScore)
}

func decodeScore(body []byte) (Score, error) {
	v, n, err := decode[Score](body, shape{strict: true})
	v.Tree = n
	return v, err
}
