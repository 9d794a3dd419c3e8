//go:build !windows

package main

import (
	"errors"
	"syscall"
)

// inUse tells whether an address could not be had because another program listens on it.
func inUse(err error) bool { return errors.Is(err, syscall.EADDRINUSE) }
