package main

import "os"

// notifyReload does nothing: Windows has no SIGHUP; restarting the service reads the files again.
func notifyReload(chan<- os.Signal) {}
