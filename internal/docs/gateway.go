package docs

import "docket/gateway"

// metrics lists what a gateway counts.
func metrics() string {
	var rows [][]string
	for _, m := range gateway.Measures() {
		rows = append(rows, []string{code(m.Name), code(m.Labels...), m.Says})
	}
	return table([]string{"Metric", "Labels", "Says"}, rows)
}
