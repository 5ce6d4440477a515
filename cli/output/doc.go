// Package output writes sessions, inbox rows and outcomes for people and for
// programs: the page of `docket show`, its JSON document, the table, CSV and
// JSON of `docket list`. It writes what it is given and asks nobody.
//
// Values come here clean (package provider) and masked or not (package desk);
// nothing here reveals a value that is masked.
package output
