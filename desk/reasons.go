package desk

import (
	"slices"

	"docket/model"
)

// DefaultReasons is the catalogue of reason codes that docket ships.
func DefaultReasons() []model.Reason {
	approve, reject, review := []model.ActionKind{model.ActApprove}, []model.ActionKind{model.ActReject}, []model.ActionKind{model.ActReview}
	all := slices.Concat(approve, reject, review)
	of := func(code string, area model.Area, to []model.ActionKind, en, es string) model.Reason {
		return model.Reason{Code: code, Area: area, For: to, Texts: map[string]string{model.English: en, "es": es}}
	}
	other := of("other", model.AreaOther, all, "Something else: say what in the note", "Otro motivo: explíquelo en la nota")
	other.NeedsNote = true
	return []model.Reason{
		of("checked-ok", model.AreaOther, approve, "Everything was looked at and is in order", "Se revisó la sesión completa y está en orden"),
		of("false-alarm", model.AreaOther, approve, "The check that failed was wrong", "La validación fallida fue un falso positivo"),
		of("document-accepted", model.AreaDocument, approve, "The document is acceptable as it is", "El documento es aceptable tal como se presentó"),
		of("document-expired", model.AreaDocument, reject, "The document is past its date", "El documento está vencido"),
		of("document-altered", model.AreaDocument, reject, "The document was changed or is not genuine", "El documento fue alterado o no es auténtico"),
		of("document-unreadable", model.AreaDocument, reject, "The document cannot be read well enough", "El documento no es lo suficientemente legible"),
		of("face-mismatch", model.AreaFace, reject, "The face is not the one on the document", "El rostro no corresponde al del documento"),
		of("not-live", model.AreaLiveness, reject, "The selfie does not show a living person", "La selfie no corresponde a una persona presente"),
		of("duplicate-identity", model.AreaAntifraud, reject, "The person is already known under another name", "La persona ya está registrada con otro nombre"),
		of("antifraud", model.AreaAntifraud, reject, "Signs of fraud", "Hay indicios de fraude"),
		of("watchlist", model.AreaWatchlist, reject, "A confirmed hit on a watchlist", "Coincidencia confirmada en una lista de control"),
		of("data-mismatch", model.AreaData, reject, "The data do not agree with each other", "Los datos no coinciden entre sí"),
		of("underage", model.AreaData, reject, "The person is too young", "La persona no cumple la edad mínima"),
		of("decided-in-error", model.AreaOther, review, "The decision was made in error", "La decisión se tomó por error"),
		of("new-information", model.AreaOther, review, "New information has come up since", "Surgió información nueva después de la decisión"),
		of("quality-check", model.AreaOther, review, "A quality check asks for a second look", "Un control de calidad pide una segunda revisión"),
		other,
	}
}

// Catalogue returns the reasons there are when a configuration has some of its own.
// They replace those that docket ships; an action that none of them is for keeps the
// shipped ones, or it could not be done any more.
func Catalogue(own []model.Reason) []model.Reason {
	all := slices.Clone(own)
	for _, r := range DefaultReasons() {
		r.For = slices.DeleteFunc(slices.Clone(r.For), func(k model.ActionKind) bool {
			return slices.ContainsFunc(own, func(o model.Reason) bool { return o.Allows(k) })
		})
		if len(r.For) == 0 {
			continue
		}
		if i := slices.IndexFunc(all, func(o model.Reason) bool { return o.Code == r.Code }); i >= 0 {
			all[i].For = slices.Concat(all[i].For, r.For)
			continue
		}
		all = append(all, r)
	}
	return all
}

// Reasons returns the reasons that may be given for an action.
func (s *Seat) Reasons(kind model.ActionKind) []model.Reason {
	return ReasonsFor(s.d.cfg.Reasons, kind)
}

// ReasonsFor returns those of a catalogue that may be given for an action.
func ReasonsFor(all []model.Reason, kind model.ActionKind) []model.Reason {
	return slices.DeleteFunc(slices.Clone(all), func(r model.Reason) bool { return !r.Allows(kind) })
}

// reason looks a code up for an action.
func (d *Desk) reason(code string, kind model.ActionKind) (model.Reason, bool) {
	i := slices.IndexFunc(d.cfg.Reasons, func(r model.Reason) bool { return r.Code == code && r.Allows(kind) })
	if i < 0 {
		return model.Reason{}, false
	}
	return d.cfg.Reasons[i], true
}
