// Package slackbot is everything Slack. It turns what Slack sends into a [bot.Call] and a
// [bot.Card] or [bot.Form] into what Slack shows; both directions are pure functions with
// golden files, and the rest is delivery.
//
//	             POST /slack/events          Socket Mode
//	                   │ http.go                  │ socket.go
//	   signature, age  │                          │ acknowledge first
//	                   ▼                          ▼
//	      in.go      payload ───────────────▶ Incoming{bot.Call, where to answer}
//	                                              │ once per Call.ID
//	                                              ▼
//	                                          bot.Taker
//	                                              │ bot.Answer, at once or later
//	                                              ▼
//	      answer.go  Answer ────────────────▶ Reply{body, steps}
//	      out.go     Card ──▶ messages, modal, home view   (limits.go)
//	      form.go    Form ──▶ modal                        (limits.go)
//	                                              │
//	      deliver.go                              ▼
//	       response body · response_url · views.* · chat.*
//
//	bot.Hub ──▶ post.go: chat.postMessage with a marker in its metadata
//
// # What is stored where
//
// A private card is shown only as an ephemeral message, a modal or a home view. It is never
// posted, not even in the direct conversation, and a picture in it is never uploaded,
// because Slack keeps both. Posted messages carry an opaque marker in their metadata
// and nothing else; views carry the channel they were opened from and nothing else.
//
// # Literal text
//
// All text of a card travels in plain_text objects and rich_text elements, in which Slack
// reads no markup, mention or link; the notification text, which Slack does read, is escaped.
//
// slack-go is used for the Web API and for Socket Mode. Blocks are made here, because
// every block must be measured against limits.go before it goes out and slack-go adds
// fields that Slack's own types do not have.
package slackbot
