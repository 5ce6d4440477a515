package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"time"

	"docket/internal/config"
	"docket/internal/secret"
	"docket/model"
	"docket/omni"
)

// examineToken says what is known of the token by itself. Whether the API takes
// it is found out by asking.
func (a *app) examineToken(ctx context.Context, cfg config.Config) []examination {
	p := partsOf(cfg)
	if err := a.useToken(ctx, cfg, &p); err != nil {
		return []examination{illBy("token", err)}
	}
	const mend = "log in with `docket login`, or set DOCKET_ADMIN_TOKEN"
	t := p.known
	const soon = time.Hour
	switch left := time.Until(t.Expires); {
	case !t.Present:
		return []examination{ill("token", "there is none", mend)}
	case t.Expires.IsZero():
		return []examination{well("token", "from "+t.From+"; it does not say when it ends")}
	case left <= 0:
		return []examination{ill("token", tokenState(t, time.Now()), mend)}
	case left < soon:
		return []examination{doubtful("token", tokenState(t, time.Now()), mend)}
	}
	return []examination{well("token", tokenState(t, time.Now()))}
}

// examineKeyring says where a log-in would keep its token.
func (a *app) examineKeyring(ctx context.Context, cfg config.Config) []examination {
	kept := a.secrets(cfg).Until(ctx)
	switch where := kept.Where(); where {
	case secret.InKeyring:
		return []examination{well("keyring", "tokens are kept in the keyring of the system")}
	case secret.InEncrypted:
		return []examination{well("keyring", "there is none; tokens are kept in encrypted files in "+kept.Folder())}
	default:
		return []examination{doubtful("keyring", "there is none; tokens are kept in files for you alone in "+kept.Folder(),
			"set DOCKET_PASSPHRASE to encrypt them")}
	}
}

// examineStore opens the inbox and reads it.
func (a *app) examineStore(ctx context.Context, cfg config.Config) []examination {
	where := cfg.Store.String()
	inbox, err := openStore(ctx, cfg)
	if err != nil {
		return []examination{illBy("store", err)}
	}
	defer func() { _ = inbox.Close() }() // nothing was written
	counts, err := inbox.Counts(ctx, "", time.Now())
	if err != nil {
		return []examination{ill("store", "the inbox at "+where+" cannot be read: "+err.Error(), "name another one with --store")}
	}
	all := []examination{well("store", fmt.Sprintf("%s, %d sessions", where, counts[model.ViewAll]))}
	all = append(append(all, examineMode(cfg)...), examineFit(ctx, inbox)...)
	return append(all, examineAudit(ctx, cfg, inbox)...)
}

// examineFit asks a server whether the inbox can be written to, and what time it has
// there. Claims and the order of actions go by the clocks of all who share an inbox.
func examineFit(ctx context.Context, inbox anyInbox) []examination {
	server, ok := inbox.(interface {
		Fit(ctx context.Context) (ahead time.Duration, err error)
	})
	if !ok {
		return nil
	}
	ahead, err := server.Fit(ctx)
	if err != nil {
		return []examination{illBy("store", err)}
	}
	const much = 2 * time.Second
	if ahead = ahead.Round(time.Second); ahead.Abs() > much {
		return []examination{doubtful("store", fmt.Sprintf("the clock here differs from that of the inbox's server by %s", ahead.Abs()),
			"let both set their clocks by the network: claims, and which of two actions was first, go by them")}
	}
	return nil
}

// examineMode looks whether others may read the inbox.
func examineMode(cfg config.Config) []examination {
	path, ok := strings.CutPrefix(cfg.Store.Reveal(), "sqlite:")
	if !ok {
		return nil
	}
	const others = 0o077
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return []examination{doubtful("store", "its permissions cannot be read: "+err.Error(), "")}
	case info.Mode().Perm()&others != 0:
		return []examination{ill("store", "others on this machine may read "+path, "run: chmod 600 "+path)}
	}
	return nil
}

// A session that no system has: asking for it proves that key and token are
// taken, and reads nothing of anybody.
const noSuchSession = "000000000000000000000000"

// examineTime is how long the API may take to answer the doctor.
const examineTime = 10 * time.Second

// examineAPI asks the API one harmless question.
func (a *app) examineAPI(ctx context.Context, cfg config.Config) []examination {
	if ready(cfg) != nil {
		return nil // told with the configuration
	}
	ctx, cancel := context.WithTimeout(ctx, examineTime)
	defer cancel()
	p := partsOf(cfg)
	if err := a.useToken(ctx, cfg, &p); err != nil {
		return nil // told with the token
	}
	w, err := assemble(p)
	if err != nil {
		return []examination{illBy("API", err)}
	}
	defer w.close()
	_, err = w.client.OnboardingStatus(ctx, noSuchSession)
	all := []examination{answered(err, w.client.Origin())}
	if all[0].Verdict == healthOK {
		all = append(all, examineClock(ctx, cfg)...)
	}
	return all
}

// answered judges what the API said to a question about a session that does not
// exist.
func answered(err error, origin string) examination {
	e, ok := omni.AsError(err)
	if !ok {
		if err == nil {
			return well("API", origin+" answers")
		}
		return ill("API", origin+": "+err.Error(), "see the configuration")
	}
	switch e.Kind {
	case omni.KindNotFound, omni.KindRefused:
		return well("API", origin+" answers, and takes key and token")
	case omni.KindAuth:
		return ill("API", origin+" answers, but does not take the token", "log in with `docket login`")
	case omni.KindForbidden:
		return ill("API", origin+" answers, but does not take the API key, or it does not allow to read sessions", "check DOCKET_API_KEY")
	case omni.KindUnreachable, omni.KindTimeout, omni.KindBreakerOpen:
		return ill("API", origin+" cannot be reached", "check the address (DOCKET_API_URL), the network, and a proxy in between")
	}
	switch {
	case e.Status == http.StatusTooManyRequests:
		return doubtful("API", origin+" answers that it has had too many requests", "wait a minute, then run `docket doctor` again")
	case e.Status >= http.StatusInternalServerError:
		return ill("API", fmt.Sprintf("%s answers, but fails (HTTP %d)", origin, e.Status), "try again; if it stays so, tell Incode's support")
	}
	return ill("API", origin+" gives an answer that is none of the Omni API's", "check the address (DOCKET_API_URL)")
}

// examineClock compares the clock of this machine with the API's. Tokens end,
// and times are shown, by the clock here.
func examineClock(ctx context.Context, cfg config.Config) []examination {
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, cfg.Origin(), nil)
	if err != nil {
		return nil
	}
	before := time.Now()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil // the API was reached a moment ago; only the clock stays unknown
	}
	_ = resp.Body.Close() // a HEAD has no body
	there, err := http.ParseTime(resp.Header.Get("Date"))
	if err != nil {
		return nil
	}
	const much = 30 * time.Second
	skew := before.Sub(there).Round(time.Second)
	if skew.Abs() > much {
		return []examination{doubtful("clock", fmt.Sprintf("this machine is %s off the API's", skew.Abs()), "set the clock of this machine")}
	}
	return []examination{well("clock", "agrees with the API's")}
}
