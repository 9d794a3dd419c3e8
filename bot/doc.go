// Package bot is where things are said: what arrives from a chat service becomes
// a [Call], what is answered is a [Card] or a [Form], and no handler knows which
// service it talks to.
//
//	Slack, Discord, web page                                  (bot/slackbot, bot/webbot, …)
//	  │  decode: payload -> Call            ▲ render: Card -> payload
//	  ▼                                     │
//	Router.Take ── seal opened, caller found in the Directory, line parsed,
//	  │            duplicate refused, time-limited, panics caught
//	  ▼
//	Command.Run / Command.On["…"]          (package handlers)
//	  │
//	  ▼
//	Answer: Whisper | Say | OpenForm | Update | FieldErrors | Choices
//
//	reminders ──> Hub.Post(room or person, Open card, marker) ──> Platform.Post
//
// # What Take does, in order
//
// It counts the call; finds the same call if it came before and waits for its answer; finds
// the district and the person, or answers a stranger; opens the seals; finds the command and
// reads the line; runs the handler, for at most the limit; passes open cards by the guard;
// seals what leaves; tells the audit; answers. When the budget passes first, the
// answer is [Deferred] and the work goes on. An error is shown as its sentence, an
// internal one as an id that the log has too. Values of options travel sealed and are
// opened wherever they come back: in Chosen, Fields, Options and in the typed line.
//
// # Privacy by type
//
// A card is either [Open] (aggregates, agendas, framework text, the calendar) or
// [Private] (anything out of a person's record). Posting takes only open cards, so
// that a chat message which a service stores never holds a person's record. A
// private card exists only as an answer to its verified viewer: [Whisper], [Update],
// a home view, a modal.
//
// Package bot imports the standard library only, and does not know package school.
package bot
