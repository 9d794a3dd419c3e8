// Package fit makes text and cards fit into what a chat service shows. It is for the packages that draw cards for a service with
// limits; it knows no service and no limit: those stand in limits.go of each platform, which draws with its own components.
//
//	bot.Card ──▶ renderer of a platform ──▶ payloads, and a Report
//	                  │
//	                  ├── text.go    measure, split, shorten
//	                  ├── words.go   what stands for a table, a chart or a bar that is not drawn
//	                  └── report.go  what could not be shown as it was meant
//
// Everything here is a function of what it is given. Which characters a service refuses is the platform's own: it cleans its text
// first, and hands its way of making one line of a text in where one is needed.
package fit
