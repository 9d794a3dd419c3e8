// Package roster reads the two tables that a district keeps itself: who works where and is visited by
// whom (people.csv), and the visits that were made before Rounds or outside of it (visits.csv).
//
//	people.csv ──ReadPeople──> []Person ──Entry──> person.set, by school.Model.Diff
//	visits.csv ──ReadVisits──> []Visit  ──Entry──> visit.logged
//
// The tables come out of spreadsheets and personnel systems, so a byte order mark, Windows line
// ends, curly quotes, trailing blanks and empty rows are no errors. What cannot be used is: every
// row's problems are reported together, with line and column, and say what would be right. A column is
// counted in characters from 1.
package roster
