package docs

import (
	"slices"

	"docket/desk"
	"docket/model"
)

// roles says what each role is for.
func roles() string {
	var rows [][]string
	for _, info := range model.Roles() {
		rows = append(rows, []string{code(string(info.Role)), info.Says})
	}
	return table([]string{"Role", "What it is for"}, rows)
}

// rights is the table of roles and rights, as package desk has it.
func rights() string {
	head := []string{"May"}
	for _, info := range model.Roles() {
		head = append(head, code(string(info.Role)))
	}
	var rows [][]string
	for _, right := range desk.Rights() {
		row := []string{right.Does}
		for _, info := range model.Roles() {
			mark := ""
			if slices.Contains(desk.RightsOf(info.Role), right.Right) {
				mark = "yes"
			}
			row = append(row, mark)
		}
		rows = append(rows, row)
	}
	return table(head, rows)
}
