// Package handlers is what people ask: one slash command, one file.
//
//	bot.Router ──> command.run(desk, ctx, call)
//	                 │  desk.as(…)      look: a school.Viewer applies the policy and notes what it shows
//	                 │  desk.record(…)  change: facts and texts under the call's own id
//	                 ▼
//	               cards.…  ──> bot.Whisper, bot.Say, bot.OpenForm, bot.Update
//
// A new command is one new file here with an init that registers it, and its conversation file in testdata.
// The registration holds no state, only method expressions; Slack's manifest,
// Discord's registration, the web page's completion and /rounds help are made from it.
//
// A handler answers only its caller. What others are to be told is a fact, which package reminders finds
// due and posts once.
package handlers
