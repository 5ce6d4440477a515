package docs

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/audit"
	"docket/internal/config"
	"docket/internal/pin"
)

var update = flag.Bool("update", false, "write the made parts of the documentation anew")

// root is the folder of the module, seen from this one.
const root = "../.."

// pages returns the files of the documentation.
func pages(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, pattern := range []string{"*.md", "docs/*.md"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		require.NoError(t, err)
		all = append(all, found...)
	}
	require.NotEmpty(t, all)
	return all
}

func TestMadePartsAreWhatTheProgramSays(t *testing.T) {
	parts, used := Parts(), map[string]bool{}
	for _, page := range pages(t) {
		was, err := os.ReadFile(page)
		require.NoError(t, err)
		now, err := Fill(string(was), parts)
		require.NoError(t, err, page)
		for name := range parts {
			used[name] = used[name] || strings.Contains(now, beginPart+name+" ")
		}
		if *update && now != string(was) {
			require.NoError(t, os.WriteFile(page, []byte(now), 0o644))
			continue
		}
		assert.True(t, now == string(was), "%s is out of date: run go test ./internal/docs -update", page)
	}
	for name := range parts {
		assert.True(t, used[name], "no page has the part %s", name)
	}
}

func TestFill(t *testing.T) {
	parts := map[string]Part{"x": always(func() string { return "new\n" })}
	page := "a\n<!-- made: x -->\nold\n<!-- end -->\nb"
	filled, err := Fill(page, parts)
	require.NoError(t, err)
	require.Equal(t, "a\n<!-- made: x -->\n\nnew\n\n<!-- end -->\nb", filled)
	again, err := Fill(filled, parts)
	require.NoError(t, err)
	require.Equal(t, filled, again)

	_, err = Fill("a\n<!-- made: y -->\n<!-- end -->", parts)
	require.ErrorContains(t, err, `no part "y"`)
	_, err = Fill("a\n<!-- made: x -->\n", parts)
	require.ErrorContains(t, err, "no end")
}

// The names that the table of settings gives are those that the program takes.
func TestVariablesAndSampleNames(t *testing.T) {
	hash, err := pin.Hash("4711")
	require.NoError(t, err)
	_, public, err := audit.NewKey()
	require.NoError(t, err)
	values := map[string]string{
		"lock": "9m", "lock_pin": hash, "colours": "16", "clocks": "off",
		"timezone": "local", "store": "sqlite:x.db", "hold": "9s", "sla": "9h", "sms_wait": "9m", "sms_text": "x {0}", "claim": "9m", "log_level": "debug", "api_url": "https://api.example.test",
		"read_only": "true", "no_images": "true", "mouse": "true", "lang": "en", "reasons_lang": "es", "picture": "sixel", "attention": "bell",
		"audit_keys": public,
	}
	value := func(s setting) string {
		if v := values[s.key]; v != "" {
			return v
		}
		return "some-word"
	}
	env := map[string]string{}
	var sample strings.Builder
	for _, s := range settings {
		env[variable(s.key)] = value(s)
		if s.sample != "" {
			sample.WriteString(s.sample + "=" + value(s) + "\n")
		}
	}
	c, err := config.Load(config.Inputs{Env: func(name string) string { return env[name] }, ConfigPath: os.DevNull})
	require.NoError(t, err)
	for _, s := range settings {
		require.Equal(t, variable(s.key), c.Sources[s.key])
	}

	file := filepath.Join(t.TempDir(), "sample.env")
	require.NoError(t, os.WriteFile(file, []byte(sample.String()), 0o600))
	c, err = config.Load(config.Inputs{Env: func(string) string { return "" }, ConfigPath: os.DevNull, EnvFile: file})
	require.NoError(t, err)
	for _, s := range settings {
		if s.sample != "" {
			require.Equal(t, file, c.Sources[s.key], s.key)
		}
	}
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.+)$`)
	fence   = regexp.MustCompile("(?ms)^```[a-z]*\n(.*?)^```")
	span1   = regexp.MustCompile("`([^`\n]+)`")
)

func TestLinksLeadSomewhere(t *testing.T) {
	for _, page := range pages(t) {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		for _, m := range link.FindAllStringSubmatch(fence.ReplaceAllString(string(text), ""), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			file, anchor, _ := strings.Cut(m[1], "#")
			target := page
			if file != "" {
				target = filepath.Join(filepath.Dir(page), file)
			}
			body, err := os.ReadFile(target)
			if info, statErr := os.Stat(target); statErr == nil && info.IsDir() {
				continue
			}
			if assert.NoError(t, err, "%s links to %s", page, m[1]) && anchor != "" {
				assert.Contains(t, anchors(string(body)), anchor, "%s links to %s", page, m[1])
			}
		}
	}
}

// anchors are the names that headings of a page can be linked to by.
func anchors(page string) []string {
	var all []string
	for _, m := range heading.FindAllStringSubmatch(page, -1) {
		name := strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-' || r == '_' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
				return r
			}
			return -1
		}, strings.ToLower(m[1]))
		all = append(all, name)
	}
	return all
}

// Every command line of the documentation has names and flags that exist.
func TestCommandLinesExist(t *testing.T) {
	seen := 0
	for _, page := range pages(t) {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		for _, words := range commandLines(string(text)) {
			seen++
			assert.NoError(t, exists(words), "%s: docket %s", page, strings.Join(words, " "))
		}
	}
	require.Greater(t, seen, 20, "the command lines were not found")
}

func TestCommandLinesThatDoNotExistAreFound(t *testing.T) {
	for _, line := range []string{"docket frobnicate", "docket list --nope", "docket list -o yaml", "docket antifraud ID"} {
		found := commandLines("`" + line + "`")
		require.Len(t, found, 1, line)
		require.Error(t, exists(found[0]), line)
	}
	require.Equal(t, [][]string{{"add", "-"}, {"show", "ID"}}, commandLines("```sh\nX=1 curl x | docket add -  # why\ngo run . show ID > file\n```"))
}

// exists reports whether help knows the command and each of its flags.
func exists(words []string) error {
	help, err := Help(words...)
	if err != nil {
		return err
	}
	_, usage, _ := strings.Cut(help, headUsage)
	usage, _, _ = strings.Cut(usage, "\n")
	for i, w := range words {
		flagged := i > 0 && strings.HasPrefix(words[i-1], "-")
		if strings.HasPrefix(w, "-") || flagged {
			continue
		}
		// The first bare word is the name of a command.
		if !strings.HasPrefix(usage, "  docket "+w) {
			return os.ErrNotExist
		}
		below, err := under(w)
		if err == nil && len(below) > 0 && !runs(help) && !slices.ContainsFunc(below, func(p []string) bool { return i+1 < len(words) && words[i+1] == p[1] }) {
			return os.ErrNotExist
		}
		break
	}
	return nil
}

// commandLines finds the command lines of docket in blocks of code and in code
// within text. Lines of a block are joined where they end in a backslash.
func commandLines(page string) [][]string {
	var candidates []string
	for _, m := range fence.FindAllStringSubmatch(page, -1) {
		if strings.HasPrefix(m[0], "```sh") {
			candidates = append(candidates, strings.Split(strings.ReplaceAll(m[1], "\\\n", " "), "\n")...)
		}
	}
	for _, m := range span1.FindAllStringSubmatch(fence.ReplaceAllString(page, ""), -1) {
		candidates = append(candidates, m[1])
	}
	var all [][]string
	for _, c := range candidates {
		for _, simple := range simpleCommands(c) {
			if words, ok := ofDocket(simple); ok {
				all = append(all, words)
			}
		}
	}
	return all
}

// ofDocket returns the arguments of a command, if it is docket or its source.
func ofDocket(words []string) ([]string, bool) {
	for len(words) > 0 && strings.Contains(words[0], "=") {
		words = words[1:]
	}
	switch {
	case len(words) > 0 && words[0] == "docket":
		return words[1:], true
	case len(words) > 2 && slices.Equal(words[:3], []string{"go", "run", "."}):
		return words[3:], true
	}
	return nil, false
}

// simpleCommands splits a line of a shell at pipes and the like, without
// redirections and remarks.
func simpleCommands(line string) [][]string {
	var all [][]string
	var words []string
	var word strings.Builder
	var quote rune
	inWord, skip := false, false
	endWord := func() {
		if inWord && !skip {
			words = append(words, word.String())
		}
		skip = skip && !inWord
		word.Reset()
		inWord = false
	}
	endCommand := func() {
		endWord()
		all = append(all, words)
		words, skip = nil, false
	}
	for _, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '\'' || r == '"':
			quote, inWord = r, true
		case r == ' ' || r == '\t':
			endWord()
		case r == '|' || r == ';' || r == '&':
			endCommand()
		case r == '>' || r == '<':
			endWord()
			skip = true
		case r == '#' && !inWord:
			endCommand()
			return all
		default:
			inWord = true
			word.WriteRune(r)
		}
	}
	endCommand()
	return all
}

// What a reader outside has no use for must not be in what readers get.
func TestNothingOfThisMachine(t *testing.T) {
	private := regexp.MustCompile(`/(work|root)/|/tmp/[a-z]|(?i)\b(TODO|FIXME|XXX)\b`)
	for _, page := range pages(t) {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		assert.Empty(t, private.FindAllString(string(text), -1), page)
	}
}
