// Command count reads the output of go test -json, prints what failed and what was skipped, and ends with a
// line that counts tests. It exits 1 when a test failed, was skipped, or none ran.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

type line struct {
	Action, Package, Test, Output string
	Elapsed                       float64
}

func main() {
	f, err := os.Open(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer f.Close()
	var passed, failed, skipped int
	output := map[string][]string{}
	in := bufio.NewScanner(f)
	in.Buffer(nil, 64<<20)
	for in.Scan() {
		var l line
		if json.Unmarshal(in.Bytes(), &l) != nil {
			fmt.Println(in.Text()) // the build's own words
			continue
		}
		key := l.Package + " " + l.Test
		switch l.Action {
		case "output", "build-output":
			if len(output[key]) < 400 {
				output[key] = append(output[key], l.Output)
			}
		case "pass":
			if l.Test != "" {
				passed++
			} else {
				fmt.Printf("ok   %-28s %6.1fs\n", l.Package, l.Elapsed)
			}
			delete(output, key)
		case "skip":
			if l.Test != "" {
				skipped++
				fmt.Printf("SKIP %s\n%s", key, strings.Join(output[key], ""))
			}
			delete(output, key)
		case "fail", "build-fail":
			if l.Test != "" {
				failed++
			}
			fmt.Printf("FAIL %s %.1fs\n%s", key, l.Elapsed, strings.Join(output[key], ""))
		}
	}
	fmt.Printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped)
	if err := in.Err(); err != nil || failed > 0 || skipped > 0 || passed == 0 {
		os.Exit(1)
	}
}
