package docs

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"docket/model"
)

// explained is one explanation as provider/meaning has it.
type explained struct {
	name    string
	meaning model.Meaning
}

// explanations says under which heading each table of provider/meaning stands.
var explanations = []struct{ variable, heading, says string }{
	{"verdicts", "Verdicts", "The total `overall` of a score. It is Incode's own; docket never computes one."},
	{"reasons", "Reasons for a review", "Values of `needsReviewReason`, which comes with the verdict MANUAL only."},
	{"results", "Results of one test", "Trust the status, not the value: there are tests that are OK with 20 and others that FAIL with 100."},
	{"statuses", "Onboarding statuses", "How far a session has come."},
	{"lives", "Session statuses", "Whether a session takes input."},
	{"sections", "Sections of the score", ""},
	{"checks", "Checks", "Every test of the score, by section and key. The second document is explained like the first."},
	{"governmentCodes", "Codes of the government check", "Values of `governmentValidation.validationStatus`."},
	{"facts", "Facts", "Values of the score that have no status: something to know, not a test."},
	{"ocrFields", "Fields of a document", "What was read from the document, and marks of the ID summary."},
	{"documentTypes", "Types of documents", "Values of `typeOfId`."},
	{"images", "Pictures", "Types of pictures of a session."},
	{"antifraudResults", "Antifraud results", ""},
	{"antifraudSteps", "Antifraud steps", ""},
	{"dataMatches", "Watch-list matches", ""},
	{"retrySteps", "Repeated steps", ""},
	{"failReasons", "Why a capture was not accepted", "Each is about the picture, none about the person."},
	{"events", "Session events", ""},
	{"eventFields", "Details of an event", ""},
	{"scrapingStatuses", "Look-up at the electoral institute", ""},
	{"curpErrors", "Errors of the CURP register", ""},
	{"errorCodes", "Error codes of the API", ""},
	{"expiryConditions", "Conditions for expiring", ""},
	{"components", "Components of an enrolment", ""},
}

// sources are where explanations come from, as a reader should take them.
var sources = map[model.Source]string{
	model.FromReference: "reference", model.FromPublic: "public pages", model.FromName: "name only",
}

// checks writes every explanation with its source.
func checks(root string) (string, error) {
	tables, err := meanings(filepath.Join(root, "provider", "meaning"))
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, e := range explanations {
		list, ok := tables[e.variable]
		if !ok {
			return "", fmt.Errorf("provider/meaning has no table %s", e.variable)
		}
		delete(tables, e.variable)
		b.WriteString("## " + e.heading + "\n\n")
		if e.says != "" {
			b.WriteString(e.says + "\n\n")
		}
		var rows [][]string
		for _, x := range list {
			text := x.meaning.Text
			if guess, ok := strings.CutPrefix(text, namedSays); ok {
				text = "Probably " + guess
			}
			rows = append(rows, []string{code(x.name), x.meaning.Title, text, sources[x.meaning.Source]})
		}
		b.WriteString(table([]string{"Name", "Title", "Explanation", "Source"}, rows) + "\n")
	}
	for variable := range tables {
		return "", fmt.Errorf("the table %s of provider/meaning has no heading in explanations", variable)
	}
	return b.String(), nil
}

// meanings reads the tables of explanations from their source, in the order in
// which they are written there: the package gives them out one name at a time.
func meanings(folder string) (map[string][]explained, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return nil, err
	}
	tables := map[string][]explained{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			return nil, err
		}
		for _, d := range parsed.Decls {
			decl, ok := d.(*ast.GenDecl)
			if !ok || decl.Tok != token.VAR {
				continue
			}
			for _, s := range decl.Specs {
				read(s.(*ast.ValueSpec), tables)
			}
		}
	}
	return tables, nil
}

// read takes a variable if it is a table of explanations.
func read(spec *ast.ValueSpec, tables map[string][]explained) {
	if len(spec.Values) != 1 {
		return
	}
	lit, ok := spec.Values[0].(*ast.CompositeLit)
	if !ok {
		return
	}
	var list []explained
	for _, e := range lit.Elts {
		pair, ok := e.(*ast.KeyValueExpr)
		if !ok {
			return
		}
		m, ok := explanation(pair.Value)
		if !ok {
			return
		}
		list = append(list, explained{constant(pair.Key), m})
	}
	tables[spec.Names[0].Name] = list
}

// namedSays is what provider/meaning puts before the explanation of a name that
// the reference does not define.
const namedSays = "Named by Incode, not defined; probably "

// explanation reads ref("title", "text"), pub(…) or named(…).
func explanation(e ast.Expr) (model.Meaning, bool) {
	call, ok := e.(*ast.CallExpr)
	if !ok || len(call.Args) != 2 {
		return model.Meaning{}, false
	}
	by, ok := call.Fun.(*ast.Ident)
	if !ok {
		return model.Meaning{}, false
	}
	kinds := []string{"ref", "pub", "named"}
	m := model.Meaning{Title: constant(call.Args[0]), Text: constant(call.Args[1])}
	switch slices.Index(kinds, by.Name) {
	case 0:
		m.Source = model.FromReference
	case 1:
		m.Source = model.FromPublic
	case 2:
		m.Source, m.Text = model.FromName, namedSays+m.Text
	default:
		return model.Meaning{}, false
	}
	return m, true
}

// constant reads a literal, or literals that are put together with +.
func constant(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(e.Value); err == nil {
			return text
		}
		return e.Value
	case *ast.BinaryExpr:
		return constant(e.X) + constant(e.Y)
	}
	return ""
}
