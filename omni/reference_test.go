package omni

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// reference holds, for each endpoint, what the API's reference says beside
// what this client is asked to do. It repeats the endpoint table on purpose:
// the two are written apart and must agree.
type reference struct {
	endpoint string
	title    string // the section it was taken from
	request  string // method and path
	query    url.Values
	body     string // JSON; "": none
	token    string // X-Incode-Hardware-Id; "": the header is left out
	answer   string // an example, after the section's list of members
	accept   string // "": JSON
	call     func(context.Context, *Client) (outcome, error)
	check    func(*testing.T, any)
}

const success = `{"success": true}`

func wantDone(t *testing.T, v any) {
	require.True(t, v.(Done).Success.Value)
}

func query(pairs ...string) url.Values {
	q := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return q
}

func readings(t testing.TB) []reference {
	byID := query("id", testID)
	wantOCR := func(t *testing.T, v any) {
		require.Equal(t, "SAM SAMPLE", v.(OCR).Name.FullName.Value)
		require.Equal(t, int64(-23587200000), v.(OCR).BirthDate.Value.UnixMilli())
	}
	wantStatus := func(t *testing.T, v any) {
		s := v.(SessionStatus)
		require.Equal(t, "Closed", s.Status.Value)
		require.Equal(t, testID, s.ID.Value)
		require.Equal(t, int64(1647444546006), s.CreatedAt.Value.UnixMilli())
		require.Equal(t, int64(1647444546007), s.UpdatedAt.Value.UnixMilli())
		require.False(t, s.ClosedAt.Set)
		require.EqualValues(t, 2, s.BackIDTries.Int())
	}
	wantSignatures := func(t *testing.T, v any) {
		require.Equal(t, ImageData{ImageSignature, [][]byte{[]byte("hi"), []byte("ho")}}, v.(ImageData))
	}
	return []reference{
		{
			endpoint: EndpointOnboardingStatus, title: "Fetch onboarding status",
			request: "GET /omni/get/onboarding/status", query: byID, token: testExec,
			answer: `{"onboardingStatus": "ONBOARDING_FINISHED"}`,
			call: asking(func(ctx context.Context, c *Client) (Answer[OnboardingStatus], error) {
				return c.OnboardingStatus(ctx, testID)
			}),
			check: func(t *testing.T, v any) {
				require.Equal(t, "ONBOARDING_FINISHED", v.(OnboardingStatus).Status.Value)
			},
		},
		{
			endpoint: EndpointSessionStatus, title: "Get session status",
			request: "GET /omni/session/status/get", token: testSession.Reveal(), answer: fixture(t, "session-status.json"),
			call: asking(func(ctx context.Context, c *Client) (Answer[SessionStatus], error) {
				return c.SessionStatus(ctx, testSession)
			}),
			check: wantStatus,
		},
		{
			endpoint: EndpointScore, title: "Fetch scores",
			request: "GET /omni/get/score", query: byID, token: testExec, answer: fixture(t, "score.json"),
			call: asking(func(ctx context.Context, c *Client) (Answer[Score], error) { return c.Score(ctx, testID) }),
			check: func(t *testing.T, v any) {
				require.Equal(t, "FAIL", v.(Score).Overall.Status.Value)
				require.Equal(t, "OLD_ID", v.(Score).NeedsReviewReason.Value)
			},
		},
		{
			endpoint: EndpointOCR, title: "Fetch ocr data",
			request: "GET /omni/get/ocr-data", query: byID, token: testExec, answer: fixture(t, "ocr.json"),
			call:  asking(func(ctx context.Context, c *Client) (Answer[OCR], error) { return c.OCR(ctx, testID) }),
			check: wantOCR,
		},
		{
			endpoint: EndpointOCRV2, title: "Fetch ocr data v2",
			request: "GET /omni/get/ocr-data/v2", query: byID, token: testExec, answer: `{"ocrData": ` + fixture(t, "ocr.json") + `}`,
			call:  asking(func(ctx context.Context, c *Client) (Answer[OCR], error) { return c.OCRV2(ctx, testID) }),
			check: wantOCR,
		},
		{
			endpoint: EndpointOCRSecondID, title: "Fetch ocr data for second id",
			request: "GET /omni/get/ocr-data-second-id", query: byID, token: testExec, answer: fixture(t, "ocr.json"),
			call:  asking(func(ctx context.Context, c *Client) (Answer[OCR], error) { return c.OCRSecondID(ctx, testID) }),
			check: wantOCR,
		},
		{
			endpoint: EndpointDevice, title: "Fetch device info",
			request: "GET /omni/get/device-info", query: query("id", testID, "returnData", "true"), token: testExec,
			answer: fixture(t, "device.json"),
			call:   asking(func(ctx context.Context, c *Client) (Answer[Device], error) { return c.Device(ctx, testID) }),
			check: func(t *testing.T, v any) {
				d := v.(Device)
				require.Equal(t, "192.0.2.7", d.IPAddress.Value)
				require.InDelta(t, 22.3456, d.Longitude.Value, 1e-9)
				require.False(t, d.Location.Set)
			},
		},
		{
			endpoint: EndpointEvents, title: "Fetch events",
			request: "GET /omni/get/events", query: query("id", testID, "offset", "200", "limit", "50"), token: testExec,
			answer: fixture(t, "events.json"),
			call: asking(func(ctx context.Context, c *Client) (Answer[Events], error) {
				return c.Events(ctx, testID, 200, 50)
			}),
			check: func(t *testing.T, v any) {
				e := v.(Events)
				require.Len(t, e.Events, 2)
				require.Equal(t, 200, e.Offset)
				require.True(t, e.Last)
				require.Equal(t, []string{"c2ln", "c2lnMg=="}, []string{e.Events[0].Signature.Value, e.Events[1].Signature.Value})
				require.Equal(t, "true", e.Events[0].Data.Get("ok").Text)
				require.Equal(t, "sdk", e.Events[1].Tree.Get("source").Text)
			},
		},
		{
			endpoint: EndpointEventsSignature, title: "Fetch events signature",
			request: "GET /omni/get/events-signature", query: byID, token: testExec, answer: `{"signature": "c2ln"}`,
			call: asking(func(ctx context.Context, c *Client) (Answer[EventsSignature], error) {
				return c.EventsSignature(ctx, testID)
			}),
			check: func(t *testing.T, v any) { require.Equal(t, "c2ln", v.(EventsSignature).Signature.Value) },
		},
		{
			endpoint: EndpointEventsReport, title: "Download events report",
			request: "POST /omni/get/report", token: testSession.Reveal(), body: `{"provider": "incode"}`, answer: "%PDF-1.7\n",
			call: asking(func(ctx context.Context, c *Client) (Answer[EventsReport], error) {
				return c.EventsReport(ctx, testSession)
			}),
			check:  func(t *testing.T, v any) { require.Equal(t, "%PDF-1.7\n", string(v.(EventsReport).PDF)) },
			accept: "application/pdf, application/json",
		},
		{
			endpoint: EndpointIDSummary, title: "Get ID Summary",
			request: "GET /omni/get/id-summary", query: byID, token: testExec,
			answer: `{"addFrontResult": true, "addBackResult": "false", "onlyFront": false}`,
			call:   asking(func(ctx context.Context, c *Client) (Answer[IDSummary], error) { return c.IDSummary(ctx, testID) }),
			check: func(t *testing.T, v any) {
				s := v.(IDSummary)
				require.Equal(t, []Flag{{true, true}, {false, true}, {false, true}}, []Flag{s.Front, s.Back, s.OnlyFront})
			},
		},
		{
			endpoint: EndpointCustomFields, title: "Get custom fields",
			request: "GET /omni/get/custom-fields", token: testSession.Reveal(),
			answer: `{"customFields": {"watchlistName": "Name", "age": 4}}`,
			call: asking(func(ctx context.Context, c *Client) (Answer[CustomFields], error) {
				return c.CustomFields(ctx, testSession)
			}),
			check: func(t *testing.T, v any) {
				require.Equal(t, []Member{
					{"watchlistName", Node{Kind: String, Text: "Name"}}, {"age", Node{Kind: Number, Text: "4"}},
				}, v.(CustomFields).Fields)
			},
		},
		{
			endpoint: EndpointImages, title: "Fetch images",
			request: "POST /omni/get/images/v2", query: byID, body: `{"images": ["croppedFace", "signature"]}`, token: testExec,
			answer: fixture(t, "images.json"),
			call: asking(func(ctx context.Context, c *Client) (Answer[Images], error) {
				return c.Images(ctx, testID, ImageCroppedFace, ImageSignature)
			}),
			check: func(t *testing.T, v any) {
				require.Equal(t, []ImageLinks{
					{ImageCroppedFace, []string{"https://pictures.example.com/a?sign=b"}},
					{ImageSignature, []string{"https://pictures.example.com/c", "https://pictures.example.com/d"}},
				}, v.(Images).Links)
			},
		},
		{
			endpoint: EndpointImageData, title: "Fetch images",
			request: "POST /omni/get/images", query: byID, body: `{"images": ["signature"]}`, token: testExec,
			answer: fixture(t, "image-data.json"),
			call: asking(func(ctx context.Context, c *Client) (Answer[ImageData], error) {
				return c.ImageData(ctx, testID, ImageSignature)
			}),
			check: wantSignatures,
		},
		{
			endpoint: EndpointImagesSecondID, title: "Fetch images second id",
			request: "POST /omni/get/images-second-id", query: byID, body: `{"images": ["signature"]}`, token: testExec,
			answer: fixture(t, "image-data.json"),
			call: asking(func(ctx context.Context, c *Client) (Answer[ImageData], error) {
				return c.SecondIDImages(ctx, testID, ImageSignature)
			}),
			check: wantSignatures,
		},
		{
			endpoint: EndpointIdentitySessions, title: "Fetch all passed onboardings for the same person",
			request: "GET /omni/identity/a%2Fb/sessions", token: testExec, answer: fixture(t, "identity-sessions.json"),
			call: asking(func(ctx context.Context, c *Client) (Answer[[]IdentitySession], error) {
				return c.IdentitySessions(ctx, "a/b")
			}),
			check: func(t *testing.T, v any) {
				require.Len(t, v, 2)
				require.Equal(t, testID, v.([]IdentitySession)[0].InterviewID.Value)
			},
		},
		{
			endpoint: EndpointFinished, title: "Fetch processing status",
			request: "GET /omni/get/postprocess/isfinished", token: testSession.Reveal(), answer: `{"finished": true}`,
			call:  asking(func(ctx context.Context, c *Client) (Answer[Finished], error) { return c.Finished(ctx, testSession) }),
			check: func(t *testing.T, v any) { require.True(t, v.(Finished).Finished.Value) },
		},
		{
			endpoint: EndpointOnboardingURL, title: "Fetch onboarding url",
			request: "GET /omni/onboarding-url", query: query("clientId", "sample"), token: testSession.Reveal(),
			answer: `{"url": "https://onboarding.example.com/?a=b"}`,
			call: asking(func(ctx context.Context, c *Client) (Answer[OnboardingURL], error) {
				return c.OnboardingURL(ctx, testSession, "sample")
			}),
			check: func(t *testing.T, v any) {
				require.Equal(t, "https://onboarding.example.com/?a=b", v.(OnboardingURL).URL.Value)
			},
		},
		{
			endpoint: EndpointOnboardingURL, title: "Fetch onboarding url",
			request: "GET /omni/onboarding-url", token: testSession.Reveal(), answer: `{"url": "https://onboarding.example.com/"}`,
			call: asking(func(ctx context.Context, c *Client) (Answer[OnboardingURL], error) {
				return c.OnboardingURL(ctx, testSession, "")
			}),
			check: func(t *testing.T, v any) { require.True(t, v.(OnboardingURL).URL.Set) },
		},
	}
}

func actions(t testing.TB) []reference {
	yes, no := true, false
	done := func(f func(context.Context, *Client) (Answer[Done], error)) func(context.Context, *Client) (outcome, error) {
		return asking(f)
	}
	return []reference{
		{
			endpoint: EndpointLogIn, title: "Admin-Login",
			request: "POST /executive/log-in", body: `{"email": "` + testEmail + `", "password": "` + testPassword + `"}`,
			answer: `{"token": "` + testExec + `"}`,
			call: asking(func(ctx context.Context, c *Client) (Answer[Login], error) {
				return c.LogIn(ctx, testEmail, testPassword)
			}),
			check: func(t *testing.T, v any) { require.Equal(t, testExec, v.(Login).Token.Reveal()) },
		},
		{
			endpoint: EndpointSetSessionStatus, title: "Set session status",
			request: "POST /omni/session/status/set", query: query("action", "Closed", "id", testID), token: testExec,
			answer: fixture(t, "session-status.json"),
			call: asking(func(ctx context.Context, c *Client) (Answer[SessionStatus], error) {
				return c.SetSessionStatus(ctx, testID, SessionClosed)
			}),
			check: func(t *testing.T, v any) { require.Equal(t, "Closed", v.(SessionStatus).Status.Value) },
		},
		{
			endpoint: EndpointManualReview, title: "Update manual review",
			request: "PUT /omni/manual-review", query: query("interviewId", testID), token: testExec,
			body: `{"manualReviewStatus": "APPROVED"}`, answer: success,
			call: done(func(ctx context.Context, c *Client) (Answer[Done], error) {
				return c.SetManualReview(ctx, testID, ReviewApproved, "")
			}),
			check: wantDone,
		},
		{
			endpoint: EndpointManualReview, title: "Update manual review",
			request: "PUT /omni/manual-review", query: query("interviewId", testID), token: testExec,
			body: `{"manualReviewStatus": "REJECTED"}`, answer: success,
			call: done(func(ctx context.Context, c *Client) (Answer[Done], error) {
				return c.SetManualReview(ctx, testID, ReviewRejected, "")
			}),
			check: wantDone,
		},
		{
			endpoint: EndpointManualReview, title: "Update manual review",
			request: "PUT /omni/manual-review", query: query("interviewId", testID), token: testExec,
			body: `{"manualReviewStatus": "REQUIRED", "newReason": "Failed to capture id after 3 attempts"}`, answer: success,
			call: done(func(ctx context.Context, c *Client) (Answer[Done], error) {
				return c.SetManualReview(ctx, testID, ReviewRequired, "Failed to capture id after 3 attempts")
			}),
			check: wantDone,
		},
		{
			endpoint: EndpointApprove, title: "Approve customer",
			request: "POST /omni/process/approve", query: query("interviewId", testID), token: testExec, answer: fixture(t, "approval.json"),
			call: asking(func(ctx context.Context, c *Client) (Answer[Approval], error) { return c.Approve(ctx, testID) }),
			check: func(t *testing.T, v any) {
				require.Equal(t, "0000customer0000", v.(Approval).CustomerID.Value)
				require.Equal(t, Flag{false, true}, v.(Approval).ExistingCustomer)
				require.Equal(t, testCustomer, v.(Approval).Token.Reveal())
			},
		},
		{
			endpoint: EndpointApprove, title: "Approve customer",
			request: "POST /omni/process/approve", query: query("interviewId", testID), token: testExec,
			body: `{"approveComponents": ["liveness", "id"]}`, answer: fixture(t, "approval.json"),
			call: asking(func(ctx context.Context, c *Client) (Answer[Approval], error) {
				return c.Approve(ctx, testID, ComponentLiveness, ComponentID)
			}),
			check: func(t *testing.T, v any) { require.True(t, v.(Approval).Success.Value) },
		},
		{
			endpoint: EndpointResolveAntifraud, title: "Resolve Antifraud result",
			request: "PUT /omni/resolve/antifraud", query: query("interviewId", testID, "reason", "blurred & twins"), token: testExec,
			answer: success,
			call: done(func(ctx context.Context, c *Client) (Answer[Done], error) {
				return c.ResolveAntifraud(ctx, testID, "blurred & twins")
			}),
			check: wantDone,
		},
		{
			endpoint: EndpointResolveAntifraud, title: "Resolve Antifraud result",
			request: "PUT /omni/resolve/antifraud", query: query("interviewId", testID), token: testExec, answer: success,
			call: done(func(ctx context.Context, c *Client) (Answer[Done], error) {
				return c.ResolveAntifraud(ctx, testID, "")
			}),
			check: wantDone,
		},
		{
			endpoint: EndpointProcessAntifraud, title: "Process Antifraud",
			request: "GET /omni/process/antifraud", token: testSession.Reveal(),
			answer: `{"result": "FAILED", "stepName": "IdFaceAntifraudExecutor"}`,
			call: asking(func(ctx context.Context, c *Client) (Answer[AntifraudResult], error) {
				return c.ProcessAntifraud(ctx, testSession)
			}),
			check: func(t *testing.T, v any) {
				require.Equal(t, "FAILED", v.(AntifraudResult).Result.Value)
				require.Equal(t, "IdFaceAntifraudExecutor", v.(AntifraudResult).StepName.Value)
			},
		},
		{
			endpoint: EndpointExpire, title: "Expire onboarding sessions by interviewIds",
			request: "POST /omni/expire/interviews", token: testExec,
			body:   `{"interviewIds": ["a1", "b2"], "cleanerConfiguration": {"expirationConditions": ["NEEDS_REVIEW"]}}`,
			answer: success,
			call: done(func(ctx context.Context, c *Client) (Answer[Done], error) {
				return c.Expire(ctx, []string{"a1", "b2"}, ExpireNeedsReview)
			}),
			check: wantDone,
		},
		{
			endpoint: EndpointDeleteSession, title: "Delete PII data for single onboarding session",
			request: "DELETE /omni/interview", token: testExec, answer: success,
			query: query("interviewId", testID, "keepCustomer", "true", "sendNotification", "false"),
			call: done(func(ctx context.Context, c *Client) (Answer[Done], error) {
				return c.DeleteSession(ctx, testID, true, false)
			}),
			check: wantDone,
		},
		{
			endpoint: EndpointDeleteSession, title: "Delete PII data for single onboarding session",
			request: "DELETE /omni/interview", token: testExec, answer: success,
			query: query("interviewId", testID, "keepCustomer", "false", "sendNotification", "true"),
			call: done(func(ctx context.Context, c *Client) (Answer[Done], error) {
				return c.DeleteSession(ctx, testID, false, true)
			}),
			check: wantDone,
		},
		{
			endpoint: EndpointDeleteSessions, title: "Delete PII data for multiple onboarding sessions with multiple options",
			request: "DELETE /omni/interviews", token: testExec, answer: success,
			body: `{"filter": {"ids": ["a1", "b2"]}, "config": {"deletePiiDataOnly": true, "sendNotification": true, "relatedEntitiesToKeep": ["faceTemplates", "stats"]}}`,
			call: done(func(ctx context.Context, c *Client) (Answer[Done], error) {
				return c.DeleteSessions(ctx, DeleteFilter{IDs: []string{"a1", "b2"}},
					DeleteOptions{PIIOnly: true, SendNotification: true, Keep: []string{KeepFaceTemplates, KeepStats}})
			}),
			check: wantDone,
		},
		{
			endpoint: EndpointDeleteSessions, title: "Delete PII data for multiple onboarding sessions with multiple options",
			request: "DELETE /omni/interviews", token: testExec, answer: success, body: `{"filter": {"externalId": "x"}}`,
			call: done(func(ctx context.Context, c *Client) (Answer[Done], error) {
				return c.DeleteSessions(ctx, DeleteFilter{ExternalID: "x"}, DeleteOptions{})
			}),
			check: wantDone,
		},
		{
			endpoint: EndpointSetInterviewer, title: "Assign interviewId to interview",
			request: "POST /omni/interview/set-interviewer", token: testExec, answer: success,
			body: `{"interviewId": "` + testID + `", "interviewerId": "someone"}`,
			call: done(func(ctx context.Context, c *Client) (Answer[Done], error) {
				return c.SetInterviewer(ctx, testID, "someone")
			}),
			check: wantDone,
		},
		{
			endpoint: EndpointStart, title: "Start onboarding",
			request: "POST /omni/start", answer: fixture(t, "started.json"),
			body: `{"countryCode": "ALL", "configurationId": "0000000000000", "language": "en-US", "customFields": {"firstName": "Mike"}}`,
			call: asking(func(ctx context.Context, c *Client) (Answer[Started], error) {
				return c.Start(ctx, StartRequest{
					CountryCode: "ALL", ConfigurationID: "0000000000000", Language: "en-US",
					CustomFields: map[string]any{"firstName": "Mike"},
				})
			}),
			check: func(t *testing.T, v any) {
				require.Equal(t, testSession, v.(Started).Token)
				require.Equal(t, testID, v.(Started).InterviewID.Value)
				require.EqualValues(t, 15, v.(Started).SelfieCaptureTimeout.Int())
			},
		},
		{
			endpoint: EndpointStart, title: "Start onboarding",
			request: "POST /omni/start", answer: fixture(t, "started.json"),
			body: `{"externalId": "client34598", "externalCustomerId": "customer-7", "redirectionUrl": "https://example.com/"}`,
			call: asking(func(ctx context.Context, c *Client) (Answer[Started], error) {
				return c.Start(ctx, StartRequest{
					ExternalID: "client34598", ExternalCustomerID: "customer-7", RedirectionURL: "https://example.com/",
				})
			}),
			check: func(t *testing.T, v any) { require.Equal(t, testSession, v.(Started).Token) },
		},
		{
			endpoint: EndpointStart, title: "Start onboarding",
			request: "POST /omni/start", answer: fixture(t, "started.json"), body: `{"interviewId": "` + testID + `"}`,
			call: asking(func(ctx context.Context, c *Client) (Answer[Started], error) {
				return c.Start(ctx, StartRequest{InterviewID: testID})
			}),
			check: func(t *testing.T, v any) { require.True(t, v.(Started).ExistingSession.Value) },
		},
		{
			endpoint: EndpointUpdate, title: "Update — interview",
			request: "PUT /omni/update", query: query("id", testID), token: testExec, answer: success,
			body: `{"manualIdCheckNeeded": true, "manualSelfieCheckNeeded": false}`,
			call: done(func(ctx context.Context, c *Client) (Answer[Done], error) {
				return c.UpdateSession(ctx, testID, Update{ManualIDCheckNeeded: &yes, ManualSelfieCheckNeeded: &no})
			}),
			check: wantDone,
		},
		{
			endpoint: EndpointSendSMS, title: "Send SMS",
			request: "POST /omni/external/send-sms", query: query("id", testID), token: testExec, answer: success,
			body: `{"clientId": "incode", "smsText": "Here is the link to finish onboarding {0}"}`,
			call: done(func(ctx context.Context, c *Client) (Answer[Done], error) {
				return c.SendSMS(ctx, testID, "incode", "Here is the link to finish onboarding {0}")
			}),
			check: wantDone,
		},
		{
			endpoint: EndpointSendSMS, title: "Send SMS",
			request: "POST /omni/external/send-sms", query: query("id", testID), token: testExec, answer: success,
			body: `{"clientId": "incode"}`,
			call: done(func(ctx context.Context, c *Client) (Answer[Done], error) {
				return c.SendSMS(ctx, testID, "incode", "")
			}),
			check: wantDone,
		},
		{
			endpoint: EndpointFinish, title: "Mark onboarding complete",
			request: "GET /omni/finish-status", token: testSession.Reveal(),
			answer: `{"redirectionUrl": "https://example.com/", "action": "manualReview"}`,
			call:   asking(func(ctx context.Context, c *Client) (Answer[Finish], error) { return c.Finish(ctx, testSession) }),
			check: func(t *testing.T, v any) {
				require.Equal(t, "manualReview", v.(Finish).Action.Value)
				require.Equal(t, "https://example.com/", v.(Finish).RedirectionURL.Value)
			},
		},
		{
			endpoint: EndpointFinish, title: "Mark onboarding complete",
			request: "GET /omni/finish-status", token: testSession.Reveal(), answer: `{"redirectionUrl": null, "action": "none"}`,
			call: asking(func(ctx context.Context, c *Client) (Answer[Finish], error) { return c.Finish(ctx, testSession) }),
			check: func(t *testing.T, v any) {
				require.Equal(t, "none", v.(Finish).Action.Value)
				require.False(t, v.(Finish).RedirectionURL.Set)
			},
		},
		{
			endpoint: EndpointVerifyAuth, title: "Token backend sample: /auth",
			request: "POST /omni/authentication/verify", token: testExec, answer: `{"verified": "true"}`,
			body: `{"transactionId": "transaction-1", "token": "` + testCustomer + `", "interviewToken": "` + testSession.Reveal() + `"}`,
			call: asking(func(ctx context.Context, c *Client) (Answer[Verified], error) {
				return c.VerifyAuthentication(ctx, Attempt{"transaction-1", testCustomer, testSession})
			}),
			check: func(t *testing.T, v any) { require.Equal(t, Flag{true, true}, v.(Verified).Verified) },
		},
		{
			endpoint: EndpointVerifyAuth, title: "Token backend sample: /auth",
			request: "POST /omni/authentication/verify", token: testExec, answer: `{"verified": false}`,
			body: `{"transactionId": "transaction-2", "token": "` + testCustomer + `", "interviewToken": "` + testSession.Reveal() + `"}`,
			call: asking(func(ctx context.Context, c *Client) (Answer[Verified], error) {
				return c.VerifyAuthentication(ctx, Attempt{"transaction-2", testCustomer, testSession})
			}),
			check: func(t *testing.T, v any) {
				require.Equal(t, Flag{false, true}, v.(Verified).Verified, "an answer, no error")
			},
		},
	}
}

func references(t testing.TB) []reference { return append(readings(t), actions(t)...) }

func TestEachEndpointIsAsTheReferenceSays(t *testing.T) {
	for _, ref := range references(t) {
		for _, base := range []string{"", "/0"} {
			t.Run(ref.endpoint+base, func(t *testing.T) {
				var (
					got  *http.Request
					body []byte
				)
				c := client(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
					got = r
					body, _ = io.ReadAll(r.Body) // what could not be read is missing below
					_, _ = io.WriteString(w, ref.answer)
				})+base)
				out, err := ref.call(context.Background(), c)
				require.NoError(t, err)

				prefix := base
				if ref.endpoint == EndpointLogIn {
					prefix = ""
				}
				method, path, _ := strings.Cut(ref.request, " ")
				require.Equal(t, method+" "+prefix+path, got.Method+" "+got.URL.EscapedPath())
				if ref.query == nil {
					require.Empty(t, got.URL.RawQuery)
				} else {
					require.Equal(t, ref.query, got.URL.Query())
				}
				if ref.body == "" {
					require.Empty(t, body)
				} else {
					require.JSONEq(t, ref.body, string(body))
				}
				require.Equal(t, "1.0", got.Header.Get("api-version"))
				require.Equal(t, testKey, got.Header.Get("x-api-key"))
				require.Equal(t, "application/json", got.Header.Get("Content-Type"))
				require.Equal(t, cmp.Or(ref.accept, "application/json"), got.Header.Get("Accept"))
				require.Equal(t, ref.token, got.Header.Get("X-Incode-Hardware-Id"))

				require.Equal(t, http.StatusOK, out.status)
				ep, _ := endpoint(ref.endpoint)
				if !ep.Token {
					require.Equal(t, ref.answer, string(out.body), "the body is kept verbatim")
				}
				ref.check(t, out.value)
			})
		}
	}
}

func TestNoEndpointLacksAReference(t *testing.T) {
	titles := map[string]string{}
	for _, ref := range references(t) {
		titles[ref.endpoint] = ref.title
	}
	seen := map[string]bool{}
	for _, ep := range Endpoints() {
		require.False(t, seen[ep.Name], "%s is declared twice", ep.Name)
		seen[ep.Name] = true
		require.Equal(t, ep.Title, titles[ep.Name], "%s has no row, or one of another section", ep.Name)
		require.NotZero(t, ep.Effect, ep.Name)
		require.NotZero(t, ep.Auth, ep.Name)
	}
	require.Len(t, titles, len(seen), "a row is about an endpoint that is not in the table")
}

// What acts is a list of its own, so that a slip in the table is noticed.
func TestWhatActsIsDeclaredSo(t *testing.T) {
	acts := map[string]bool{}
	for _, ref := range actions(t) {
		acts[ref.endpoint] = true
	}
	for _, ep := range Endpoints() {
		require.Equal(t, acts[ep.Name], ep.Effect == Write, ep.Name)
	}
}
