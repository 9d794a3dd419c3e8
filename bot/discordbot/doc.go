// Package discordbot is everything Discord. It turns what Discord sends into a [bot.Call] and a [bot.Card] or [bot.Form] into
// what Discord shows; both directions are pure functions with golden files, and the rest is delivery.
//
//	     POST /discord/interactions            gateway
//	           │ http.go                          │ gateway.go
//	   signature, age, replay                     │ one replica at a time
//	           ▼                                  ▼
//	in.go    payload ─────────────────────▶ Incoming{bot.Call, where to answer}
//	                                              │ once per Call.ID
//	                                              ▼
//	                                          bot.Taker
//	                                              │ bot.Answer, at once or later
//	                                              ▼
//	answer.go  Answer ────────────────────▶ Reply{first response, steps}
//	out.go     Card ──▶ messages        (limits.go)
//	form.go    Form ──▶ modals, in parts (limits.go)
//	                                              │
//	deliver.go                                    ▼
//	   HTTP body or callback · @original · follow-ups · messages
//
//	bot.Hub ──▶ post.go: messages with a nonce and a marker
//
// # One renderer
//
// A card is a container of components v2, and not an embed: only there can a button stand beside its line, a picture have its
// words for a screen reader, and a text of 4000 characters stay whole; an embed's fields tear a list apart and its buttons
// stand all at the end.
//
// # What is stored where
//
// A private card is shown only as an ephemeral message. It is never posted, not even in a direct conversation, and a
// picture in it is never uploaded, because Discord keeps both. Words cannot be answered privately, so there a button stands
// that says nothing, and pressing it shows the answer. Posted messages carry their marker in the numbers of two components.
//
// # Forms
//
// A modal holds five fields, closes when it is sent and cannot come back with errors. So a form goes on in parts, behind
// a button, and is offered again with everything typed still in it; see form.go.
//
// # Literal text
//
// Discord has no plain text: what would be markup, a mention, a link or an emoji code is escaped, and nobody is ever notified
// by what a text holds.
//
// discordgo holds the gateway. Requests and payloads are made here, because it knows neither nonces nor the newer components,
// and fails to read them.
package discordbot
