package omni

import (
	"context"
	"crypto/sha256"
	"iter"
	"strconv"

	"docket/omni/transport"
)

const (
	// EventsPerPage is the API's largest page.
	EventsPerPage = 100
	// EventPagesMax ends a walk through a session's events: 10,000 of them.
	EventPagesMax = 100
)

// Event is something that happened in a session.
type Event struct {
	Name Text `omni:"eventName"`
	Data Node `omni:"eventData"` // a map; its keys depend on the event
	// Signature is spelled "singature" in the reference.
	Signature Text   `omni:"signature,singature"`
	At        Millis `omni:"timestamp"`
	Tree      Node
}

// Events is one page of events, in the API's order.
type Events struct {
	Events []Event
	Offset int // of the first one
	// Last: no page follows. Capped: more may follow, but EventPagesMax is reached.
	Last, Capped bool
	Tree         Node
}

// Events reads one page of a session's events (Incode Omni API, Fetch events).
// limit is 1 to 100.
func (c *Client) Events(ctx context.Context, id string, offset, limit int) (Answer[Events], error) {
	if offset < 0 || limit < 1 || limit > EventsPerPage {
		return Answer[Events]{}, invalid(EndpointEvents, "offset must not be negative, limit must be 1 to 100")
	}
	query := map[string]string{"id": id, "offset": strconv.Itoa(offset), "limit": strconv.Itoa(limit)}
	answer, err := call(ctx, c, EndpointEvents, args{query: query}, decodeEvents)
	if err == nil {
		answer.Value.Offset = offset
		answer.Value.Last = len(answer.Value.Events) < limit
	}
	return answer, err
}

// EventPages walks through a session's events page by page. It ends after a
// short page, at a page that was there before (then the API does not page), at
// EventPagesMax, or at the first error, which it yields.
func (c *Client) EventPages(ctx context.Context, id string) iter.Seq2[Answer[Events], error] {
	return func(yield func(Answer[Events], error) bool) {
		seen := map[[sha256.Size]byte]bool{}
		offset := 0
		for page := 1; ; page++ {
			answer, err := c.Events(ctx, id, offset, EventsPerPage)
			if err != nil {
				yield(answer, err)
				return
			}
			sum := sha256.Sum256(answer.Body)
			if seen[sum] {
				return
			}
			seen[sum] = true
			answer.Value.Capped = page == EventPagesMax && !answer.Value.Last
			if !yield(answer, nil) || answer.Value.Last || answer.Value.Capped {
				return
			}
			offset += len(answer.Value.Events)
		}
	}
}

func decodeEvents(body []byte) (Events, error) {
	wire, n, err := decode[struct {
		Events []Node `omni:"events"`
	}](body, shape{strict: true})
	if err != nil {
		return Events{}, err
	}
	if n.Get("events").Kind == Null {
		return Events{}, transport.WrongShape("events is null")
	}
	v := Events{Tree: n}
	for _, item := range wire.Events {
		if item.Kind != Object {
			return Events{}, transport.WrongShape("expected an event to be an object, got %s", item.Kind)
		}
		e := Event{Tree: item}
		fill(item, &e)
		v.Events = append(v.Events, e)
	}
	return v, nil
}

// EventsSignature is the signature over all events of a session.
type EventsSignature struct {
	Signature Text `omni:"signature,singature"`
	Tree      Node
}

// EventsSignature reads the signature over all events of a session (Incode
// Omni API, Fetch events signature).
func (c *Client) EventsSignature(ctx context.Context, id string) (Answer[EventsSignature], error) {
	return call(ctx, c, EndpointEventsSignature, args{query: map[string]string{"id": id}}, decodeEventsSignature)
}

func decodeEventsSignature(body []byte) (EventsSignature, error) {
	v, n, err := decode[EventsSignature](body, shape{})
	if err == nil {
		err = isText("signature", v.Signature)
	}
	v.Tree = n
	return v, err
}
