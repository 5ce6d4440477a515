package desk

import "docket/audit"

// AuditLog returns the audit log to who may read it. It is of everybody's sessions, so
// nobody reads it who has to do with some.
func (s *Seat) AuditLog() (audit.Reader, error) {
	if err := s.Needs(MayLog); err != nil {
		return nil, err
	}
	if p := s.scoped("The audit log is"); p != nil {
		return nil, p
	}
	return s.d.cfg.Store, nil
}
