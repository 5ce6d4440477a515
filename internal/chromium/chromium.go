// Package chromium shows a file to tests as a browser without network does: its own
// Chromium, driven over a pipe.
package chromium

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"
)

// names are what Chromium is called.
var names = []string{"chromium", "chromium-browser", "google-chrome"}

// patience is how long a browser may be silent before a test gives it up.
const patience = 60 * time.Second

// Browser is a running Chromium with one page.
type Browser struct {
	t       testing.TB
	to      *os.File
	session string

	mu      sync.Mutex
	last    int
	events  []Event
	news    chan struct{} // closed and replaced when a message came
	replies map[int]message
	ended   error
}

// Event is something that the browser told of.
type Event struct {
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
}

// message is what goes over the pipe, either way.
type message struct {
	ID        int             `json:"id,omitempty"`
	SessionID string          `json:"sessionId,omitempty"`
	Method    string          `json:"method,omitempty"`
	Params    json.RawMessage `json:"params,omitempty"`
	Result    json.RawMessage `json:"result,omitempty"`
	Error     *struct {
		Message string `json:"message"`
	} `json:"error,omitempty"`
}

// Start starts a browser without network that ends with the test. Where there is no
// Chromium the test is skipped, but not in CI.
func Start(t testing.TB, width, height int) *Browser {
	t.Helper()
	path := find()
	if path == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("there is no Chromium: .ci/run installs it")
		}
		t.Skip("there is no Chromium to look at the page with")
	}
	fromTest, toBrowser, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	fromBrowser, toTest, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	home, err := os.MkdirTemp("", "docket-chromium-")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
		"--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:9", "--remote-debugging-pipe",
		fmt.Sprintf("--window-size=%d,%d", width, height), "--user-data-dir="+home, "about:blank")
	cmd.Env = []string{"HOME=" + home, "PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8"}
	cmd.ExtraFiles = []*os.File{fromTest, toTest}         // 3 and 4, where it reads and writes
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // to end its helpers with it
	if err := cmd.Start(); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	_ = fromTest.Close() // the browser has it
	_ = toTest.Close()   // as above
	b := &Browser{t: t, to: toBrowser, news: make(chan struct{}), replies: map[int]message{}}
	read := make(chan struct{})
	go func() {
		defer close(read)
		b.read(fromBrowser)
	}()
	t.Cleanup(func() {
		_ = toBrowser.Close() // nobody drives it any more
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Wait() // killed
		_ = fromBrowser.Close()
		<-read
		_ = os.RemoveAll(home) // what a helper writes that ends late stays among the system's temporary files
	})
	b.attach()
	return b
}

func find() string {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// attach takes hold of the page.
func (b *Browser) attach() {
	b.t.Helper()
	var made struct {
		TargetID string `json:"targetId"`
	}
	b.Call("Target.createTarget", map[string]any{"url": "about:blank"}, &made)
	var attached struct {
		SessionID string `json:"sessionId"`
	}
	b.Call("Target.attachToTarget", map[string]any{"targetId": made.TargetID, "flatten": true}, &attached)
	b.session = attached.SessionID
	for _, domain := range []string{"Page", "Network", "Log", "Runtime"} {
		b.Call(domain+".enable", nil, nil)
	}
}

// read takes messages until the browser ends.
func (b *Browser) read(from *os.File) {
	lines := bufio.NewReader(from)
	for {
		text, err := lines.ReadBytes(0)
		var m message
		if err == nil {
			err = json.Unmarshal(text[:len(text)-1], &m)
		}
		b.mu.Lock()
		switch {
		case err != nil:
			b.ended = err
		case m.ID != 0:
			b.replies[m.ID] = m
		default:
			b.events = append(b.events, Event{m.Method, m.Params})
		}
		close(b.news)
		b.news = make(chan struct{})
		b.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// until waits until the browser has told what is looked for.
func (b *Browser) until(what string, has func() bool) {
	b.t.Helper()
	late := time.NewTimer(patience)
	defer late.Stop()
	for {
		b.mu.Lock()
		done, news, ended := has(), b.news, b.ended
		b.mu.Unlock()
		switch {
		case done:
			return
		case ended != nil:
			b.t.Fatalf("the browser ended before %s: %v", what, ended)
		}
		select {
		case <-news:
		case <-late.C:
			b.t.Fatalf("the browser says nothing of %s", what)
		}
	}
}

// Call makes a call of the DevTools protocol and reads its answer, if that is wanted.
func (b *Browser) Call(method string, params, into any) {
	b.t.Helper()
	raw, err := json.Marshal(params)
	if err != nil {
		b.t.Fatal(err)
	}
	if params == nil {
		raw = nil
	}
	b.mu.Lock()
	b.last++
	id := b.last
	b.mu.Unlock()
	text, err := json.Marshal(message{ID: id, SessionID: b.session, Method: method, Params: raw})
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.to.Write(append(text, 0)); err != nil {
		b.t.Fatalf("%s: %v", method, err)
	}
	var reply message
	b.until(method, func() bool {
		var ok bool
		reply, ok = b.replies[id]
		return ok
	})
	if reply.Error != nil {
		b.t.Fatalf("%s: %s", method, reply.Error.Message)
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal(reply.Result, into); err != nil {
		b.t.Fatalf("%s: %v", method, err)
	}
}

// Open shows a file and returns when everything in it has come or failed. What was told
// of an earlier page is forgotten.
func (b *Browser) Open(path string) {
	b.t.Helper()
	b.mu.Lock()
	b.events = nil
	b.mu.Unlock()
	b.Call("Page.navigate", map[string]any{"url": "file://" + path}, nil)
	b.until("the page being loaded", func() bool {
		return slices.ContainsFunc(b.events, func(e Event) bool { return e.Method == "Page.loadEventFired" })
	})
}

// Events returns what the browser has told of the page by that name.
func (b *Browser) Events(method string) []Event {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(b.events), func(e Event) bool { return e.Method != method })
}

// Eval reads the value of an expression from the page. The page's own policy does not
// count for that.
func (b *Browser) Eval(expression string, into any) {
	b.t.Helper()
	var got struct {
		Result struct {
			Value json.RawMessage `json:"value"`
		} `json:"result"`
		Exception json.RawMessage `json:"exceptionDetails"`
	}
	b.Call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true}, &got)
	if got.Exception != nil {
		b.t.Fatalf("%s: %s", expression, got.Exception)
	}
	if err := json.Unmarshal(got.Result.Value, into); err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
}

// Prefer says which colours the page should have, "light" or "dark".
func (b *Browser) Prefer(scheme string) {
	b.t.Helper()
	b.Call("Emulation.setEmulatedMedia", map[string]any{
		"features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}},
	}, nil)
}

// Screenshot returns what is on the screen, as PNG.
func (b *Browser) Screenshot() []byte {
	b.t.Helper()
	var got struct {
		Data []byte `json:"data"`
	}
	b.Call("Page.captureScreenshot", map[string]any{"format": "png", "captureBeyondViewport": true}, &got)
	return got.Data
}
