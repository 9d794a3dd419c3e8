// Package webbot is the local web chat: a third platform beside Slack and Discord, and
// the face of the demo. It has rooms, direct conversations, commands with completion,
// cards with buttons and menus, forms, private answers, a home view and live
// updates; in the demo also the clock.
//
//	browser                            webbot                              bot
//	──────────────────────────────────────────────────────────────────────────────────
//	GET  /            page/*      ◄──  http.go    host, origin, headers
//	POST /web/act     action      ──►  in.go      action -> bot.Call  ──►  Router.Take
//	                  answer      ◄──  out.go     Card, Form -> JSON  ◄──  Answer
//	                                   act.go     once per call id
//	GET  /web/live    events      ◄──  live.go    what others did     ◄──  Platform.Post
//	GET  /web/messages            ◄──  store.go   open messages in bot.Keep
//	POST /web/clock/… next, jump  ──►  clock.go   Clock (demo only)
//
// # What is stored
//
// Open cards and people's own plain texts are stored through [bot.Keep] under
// "web/<room>/<id>", the ids in order of time. A private answer, a form, a home view and a
// typed slash line are never stored: they travel over the answering HTTP response (or,
// when the answer is late, over the event stream of the one page that asked) and live
// in the memory of that page until it is closed.
//
// # Who may reach it
//
// There is no sign-in: whoever opens the page chooses who to be. It is for made-up
// data on a loopback address, and says so. Every request must name an allowed host, so
// that a foreign site cannot reach it by DNS tricks, and what changes something must
// come from the page itself.
//
// The page (folder page) is plain HTML, CSS and ES modules, embedded, with no build step and
// no request to anywhere else. Data becomes text nodes only, never markup.
package webbot
