// Command rounds is the whole bot in one program: this package introduces the rooms of the house to each
// other and holds no logic of its own.
//
//	main.go       commands and flags           config.go     district.yaml
//	app.go        one running Rounds           platforms.go  one line per chat service
//	demo.go       rounds demo                  serve.go      rounds serve
//	directory.go  accounts and people          metrics.go    counters for Prometheus
//
// Its tests are the conversations: what people type and what they see.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // a container without zone data must not turn 7:00 into 1:00

	"github.com/alecthomas/kong"
)

// version is set by the linker for releases.
var version = "dev"

// cli is every command with its flags. Each command is a struct with a Run method, in a file of its name.
type cli struct {
	Demo     demoCmd     `cmd:"" help:"Run the whole bot in a web page with a made-up district; no account, no set-up."`
	Serve    serveCmd    `cmd:"" help:"Run the bot for a district, on the chat services whose secrets are in the environment."`
	Init     initCmd     `cmd:"" help:"Write a district.yaml and people.csv to begin from."`
	Check    checkCmd    `cmd:"" help:"Read a district's files and say what is wrong with them, or what they hold."`
	Import   importCmd   `cmd:"" help:"Bring in the staff of a OneRoster export, a calendar, or past visits, by difference."`
	Targets  targetsCmd  `cmd:"" help:"Print where every visit target stands at a time, from a district's files."`
	Rehearse rehearseCmd `cmd:"" help:"Play any span of the school year without sending: who would get what, what is held and why."`
	Migrate  migrateCmd  `cmd:"" help:"Move a district's whole record from one store to another, and compare."`
	Ask      askCmd      `cmd:"" help:"Ask the competency statements and Lever 5 a question."`
	Manifest manifestCmd `cmd:"" help:"Print the app manifest for a chat service, made from the commands."`
	Export   exportCmd   `cmd:"" help:"Write one person's record to files: what they may see, or all for a records request."`
	Audit    auditCmd    `cmd:"" help:"List who looked at one person's record."`
	Doctor   doctorCmd   `cmd:"" help:"Look over a set-up without changing anything, and say what to do."`
	Version  versionCmd  `cmd:"" help:"Print the version."`
}

type versionCmd struct{}

// Help is shown by rounds version --help.
func (versionCmd) Help() string { return "Example:\n\n  rounds version" }

// Run prints the version.
func (versionCmd) Run(out *output) error {
	_, err := fmt.Fprintln(out.stdout, "rounds", version)
	return err
}

// output is where commands write; tests give buffers.
type output struct{ stdout, stderr io.Writer }

// exit is an error with its exit status: 1 the work failed, 2 it was asked for wrongly.
type exit struct {
	status int
	err    error
}

func (e *exit) Error() string { return e.err.Error() }
func (e *exit) Unwrap() error { return e.err }

func usage(format string, args ...any) error { return &exit{2, fmt.Errorf(format, args...)} }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], &output{os.Stdout, os.Stderr}))
}

// run is main for tests.
func run(ctx context.Context, args []string, out *output) (status int) {
	var c cli
	left := -1
	parser, err := kong.New(&c,
		kong.Name("rounds"),
		kong.Description("A chat bot for the people who lead instruction in schools.\n\nBegin with: rounds demo"),
		kong.UsageOnError(),
		kong.Writers(out.stdout, out.stderr),
		kong.Exit(func(code int) { left = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(out),
	)
	if err != nil {
		fmt.Fprintln(out.stderr, "rounds:", err)
		return 2
	}
	defer func() {
		if left >= 0 { // --help has been printed
			status = left
		}
	}()
	k, err := parser.Parse(args)
	if left >= 0 {
		return left
	}
	if err != nil {
		fmt.Fprintln(out.stderr, "rounds:", err)
		fmt.Fprintln(out.stderr, "Try: rounds --help")
		return 2
	}
	if err := k.Run(); err != nil {
		fmt.Fprintln(out.stderr, "rounds:", err)
		if e, ok := errors.AsType[*exit](err); ok {
			return e.status
		}
		return 1
	}
	return 0
}
