package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"docket/desk"
	"docket/internal/config"
	"docket/internal/version"
	"docket/model"
	"docket/omni"
	"docket/provider/incode"
	"docket/store"
	"docket/store/postgres"
	"docket/store/sqlite"
	"docket/ui"
)

// parts are what a desk is assembled from, wherever they come from: the
// configuration, or the demo.
type parts struct {
	apiURL, apiKey string
	token          string
	known          desk.Token
	keep           func(token string) (desk.Token, error)
	store          store.Inbox
	profile        string
	readOnly       bool
	noImages       bool
	fresh          bool // a log-in follows, so a kept token is not asked for
	links          bool // keep the links to pictures in raw answers
	hold, sla      time.Duration
	lease          time.Duration
	second         []model.SecondRule
	acted          func(model.Outcome)              // hears of every outcome; may be nil
	enrolled       func(id string, a omni.Approval) // hears what the API answers to an enrolment; may be nil
	refused        func()                           // hears that the API refused the token; may be nil
	reasons        []model.Reason
	reasonsLang    string
	retention      model.Retention
	me             model.Actor // who acts
	clientID       string      // of the links to onboardings
	smsWait        time.Duration
	smsText        string
	key            note.Signer // signs the audit log and case files; nil: neither is signed
}

// work is an assembled desk with what a command needs beside it.
type work struct {
	desk      *desk.Desk
	seat      *desk.Seat
	client    *omni.Client
	store     store.Inbox
	overrides string // where a token stands that wins over a kept one; may be empty
	now       func() time.Time
	ended     func(calls []model.Call) // hears of all calls in the end; may be nil
	console   ui.Options               // what the configuration says of the console
	shared    bool                     // others work at the desk, so it is not closed here
}

// assemble builds client, provider and desk. The store is closed with the work.
func assemble(p parts) (*work, error) {
	holder := &incode.Token{}
	holder.Set(p.token)
	client, err := omni.New(omni.Config{
		BaseURL: p.apiURL, APIKey: p.apiKey, Token: holder.Get, UserAgent: "docket/" + version.String(),
	})
	if err != nil {
		return nil, model.AsProblem(err)
	}
	var provider desk.Provider = incode.New(client, incode.Options{Token: holder, Links: p.links, Enrolled: p.enrolled, ClientID: p.clientID})
	if p.refused != nil {
		provider = watchful{provider, p.refused}
	}
	d := desk.New(desk.Config{
		Store: p.store, Provider: provider, Profile: p.profile, ReadOnly: p.readOnly, NoImages: p.noImages,
		Hold: p.hold, SLA: p.sla, Lease: p.lease, Second: p.second, Reasons: p.reasons, ReasonsLang: p.reasonsLang, Retention: p.retention, Token: p.known, KeepToken: p.keep, Ended: p.acted, Sign: signing(p.key, time.Now), Key: p.key,
		SMSWait: p.smsWait, SMSText: p.smsText,
	})
	return &work{desk: d, seat: d.As(p.me), client: client, store: p.store, now: time.Now}, nil
}

// close waits for what is being sent, then lets everything go.
func (w *work) close() {
	if w.shared {
		return
	}
	if w.desk != nil {
		w.desk.Wait()
		w.desk.Close(context.Background()) // the context of the command may have ended
	}
	if w.ended != nil {
		w.ended(w.seat.Activity(0).Calls)
	}
	if w.client != nil {
		w.client.CloseIdle()
	}
	if w.store != nil {
		_ = w.store.Close() // everything is written; there is nothing left to do about it
	}
}

// wire builds everything that the configuration asks for. It is the one place
// where commands get a desk from.
func (a *app) wire(ctx context.Context, more ...func(*parts)) (*work, error) {
	cfg, err := a.config()
	if err != nil {
		return nil, err
	}
	if a.env.Shared != nil {
		return a.env.Shared.at(a.actor(cfg, desk.Token{}), a.consoleOptions(cfg)), nil
	}
	if err := a.openLog(cfg.LogFile, cfg.LogLevel); err != nil {
		return nil, err
	}
	a.warnings(cfg)
	if err := ready(cfg); err != nil {
		return nil, err
	}
	p := partsOf(cfg)
	for _, set := range more {
		set(&p)
	}
	if err := a.useToken(ctx, cfg, &p); err != nil {
		return nil, err
	}
	p.me = a.actor(cfg, p.known)
	if p.store, err = openStore(ctx, cfg); err != nil {
		return nil, err
	}
	p.acted = a.logOutcome
	if p.key, err = signer(cfg); err != nil {
		return nil, errors.Join(err, p.store.Close())
	}
	w, err := assemble(p)
	if err != nil {
		return nil, errors.Join(err, p.store.Close())
	}
	w.ended = a.logCalls
	if err := p.store.Bind(ctx, w.seat.Policy().Origin); err != nil {
		w.close()
		return nil, err
	}
	if err := w.configured(ctx, cfg); err != nil {
		w.close()
		return nil, err
	}
	w.console = a.consoleOptions(cfg)
	if !cfg.AdminToken.Empty() {
		w.overrides = cfg.Sources["admin_token"]
	}
	return w, nil
}

// configured logs a change of the configuration. Machines, folders, profiles and runs
// with other flags may share an inbox: each has a configuration of its own.
func (w *work) configured(ctx context.Context, cfg config.Config) error {
	host, _ := os.Hostname() // one that has no name is one of those without a name
	place := []string{host, cfg.Dirs.Data, cfg.Profile}
	settings := cfg.Matters()
	for _, key := range slices.Sorted(maps.Keys(settings)) {
		if strings.HasPrefix(cfg.Sources[key], "--") {
			place = append(place, key)
		}
	}
	sum := sha256.Sum256([]byte(strings.Join(place, "\x00")))
	return w.seat.Configured(ctx, hex.EncodeToString(sum[:]), settings)
}

// wireStore builds what needs the inbox and no API: its desk can list and
// nothing else. Only what belongs to the person who asks needs to know who that
// is: the kept token says so, and a keyring may ask for its password first.
func (a *app) wireStore(ctx context.Context, personal bool) (*work, error) {
	cfg, err := a.config()
	if err != nil {
		return nil, err
	}
	if a.env.Shared != nil {
		return a.env.Shared.at(a.actor(cfg, desk.Token{}), a.consoleOptions(cfg)), nil
	}
	if err := a.openLog(cfg.LogFile, cfg.LogLevel); err != nil {
		return nil, err
	}
	a.warnings(cfg)
	p := partsOf(cfg)
	if personal {
		_ = a.useToken(ctx, cfg, &p) // without a token it is the user of the system
	}
	inbox, err := openStore(ctx, cfg)
	if err != nil {
		return nil, err
	}
	key, err := signer(cfg)
	if err != nil {
		return nil, errors.Join(err, inbox.Close())
	}
	d := desk.New(desk.Config{Store: inbox, Sign: signing(key, time.Now), SLA: p.sla})
	return &work{desk: d, seat: d.As(a.actor(cfg, p.known)), store: inbox, now: time.Now}, nil
}

// signer returns the key of this data folder.
func signer(cfg config.Config) (note.Signer, error) {
	secret, _, err := auditKey(cfg.Dirs.Data)
	if err != nil {
		return nil, err
	}
	return note.NewSigner(secret)
}

// openStore opens the inbox that the configuration names.
func openStore(ctx context.Context, cfg config.Config) (anyInbox, error) {
	return openInbox(ctx, cfg.Store)
}

// anyInbox is what every database can do.
type anyInbox interface {
	store.Inbox
	store.Mover
}

func openInbox(ctx context.Context, at config.StoreURL) (inbox anyInbox, err error) {
	if path, ok := strings.CutPrefix(at.Reveal(), "sqlite:"); ok {
		inbox, err = sqlite.Open(ctx, path)
	} else {
		inbox, err = postgres.Open(ctx, at.Reveal())
	}
	if err != nil {
		return nil, err // and no inbox, of any kind
	}
	return inbox, nil
}
