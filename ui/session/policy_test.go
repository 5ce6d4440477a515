package session_test

import (
	"docket/desk"
	"docket/model"
)

func readOnly(p *desk.Policy) { p.ReadOnly = true }

func noCapabilities(p *desk.Policy) { p.Can = model.Capabilities{} }

func noHold(p *desk.Policy) { p.Hold = 0 }
