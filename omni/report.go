package omni

import (
	"bytes"
	"context"

	"docket/omni/transport"
)

// mediaPDF is the type of the answer that is no JSON.
const mediaPDF = "application/pdf"

// signedBy is the protocol that signs each event of the report: the API's own. The
// other one, nom151, is a service of Mexican law that not every client has.
const signedBy = "incode"

// EventsReport is the report of all events of a session, as a PDF.
type EventsReport struct {
	PDF []byte
}

// EventsReport reads the report of all events of the token's session (Incode Omni
// API, Download events report).
func (c *Client) EventsReport(ctx context.Context, token SessionToken) (Answer[EventsReport], error) {
	body := struct {
		Provider string `json:"provider"`
	}{signedBy}
	return call(ctx, c, EndpointEventsReport, args{body: body, session: token}, decodeEventsReport)
}

// decodeEventsReport takes a PDF by how it begins; what is in it is not looked at.
func decodeEventsReport(body []byte) (EventsReport, error) {
	if !bytes.HasPrefix(body, []byte("%PDF-")) {
		return EventsReport{}, transport.WrongShape("expected a PDF")
	}
	return EventsReport{PDF: body}, nil
}
