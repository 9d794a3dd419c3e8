// Package service is for the packages that live with a chat service over a network: what they do alike between the service's API
// and [bot.Platform], whatever the service says there.
//
//	service ──▶ request.go   is a request new enough, and small enough to be read
//	            intake.go    who takes what comes in, and does it come
//	            calls.go     has this call come before
//	            work.go      what goes on after the service was answered
//	            memo.go      small things to be known again after a restart
//	service ◀── client.go    requests of ours, and what is known of one that broke off
//	            wait.go      how long to leave the service alone
//	            counts.go    what an operator reads of it
//	            clock.go     a check-up's look at the clock
//
// It knows no service: payloads, signatures and the words of errors stand in each platform's own package.
package service
