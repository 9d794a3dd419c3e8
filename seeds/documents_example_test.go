package seeds_test

import (
	"fmt"

	"rounds/seeds"
)

// A question is answered with statements, their ids and their source.
func ExampleLibrary() {
	a := seeds.Library().Ask("difference between emerging and developing for purchasing")
	for _, hit := range a.Hits {
		fmt.Printf("%s: %s (%s)\n", hit.Statement.ID, hit.Statement.Title, hit.Document.Short)
	}
	a = seeds.Library().Ask("what does lever 2 say?")
	fmt.Println(a.Reason)
	// Output:
	// emerging.6: Instructional materials inventory (Instructional Coordinator framework)
	// developing.7: Instructional resource procurement (Instructional Coordinator framework)
	// otherlever
}
