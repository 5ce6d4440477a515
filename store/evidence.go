package store

import (
	"encoding/json"
	"fmt"

	"docket/model"
)

// EncodeEvidence returns evidence as text; of none it is empty.
func EncodeEvidence(e model.Evidence) (string, error) {
	if e.Empty() {
		return "", nil
	}
	text, err := json.Marshal(e)
	if err != nil {
		return "", fmt.Errorf("evidence: %w", err)
	}
	return string(text), nil
}

// DecodeEvidence returns what EncodeEvidence wrote, or ErrDamaged.
func DecodeEvidence(text string) (model.Evidence, error) {
	var e model.Evidence
	if text == "" {
		return e, nil
	}
	if err := json.Unmarshal([]byte(text), &e); err != nil {
		return e, fmt.Errorf("%w: evidence of a note: %w", ErrDamaged, err)
	}
	return e, nil
}
