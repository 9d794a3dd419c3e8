package slackbot

import (
	"encoding/json"

	"rounds/bot/fit"
)

// A Limit is one number that Slack holds us to, and who says so.
type Limit struct {
	Name   string
	Max    int
	Source string
}

// The limits, in code points where they are of text. This is the only place in the
// package where they stand; [Limits] is the same as a table.
const (
	maxMessageBlocks  = 50
	maxMessageChars   = 9500
	maxModalBlocks    = 100
	maxHomeBlocks     = 100
	maxViewBytes      = 240_000
	maxFallback       = 3000
	maxText           = 3000
	maxHeader         = 150
	maxContext        = 10
	maxActions        = 25
	maxButtonText     = 75
	maxButtonValue    = 2000
	maxButtonA11y     = 75
	maxActionID       = 255
	maxBlockID        = 255
	maxCallbackID     = 255
	maxMetadata       = 3000
	maxConfirmTitle   = 100
	maxConfirmText    = 300
	maxConfirmButton  = 30
	maxOptions        = 100
	maxGroups         = 100
	maxGroupLabel     = 75
	maxOptionText     = 75
	maxOptionValue    = 150
	maxOptionNote     = 75
	maxChoiceOptions  = 10
	maxPlaceholder    = 150
	maxInputLabel     = 2000
	maxInputHint      = 2000
	maxInputValue     = 3000
	maxFieldError     = 2000
	maxViewTitle      = 24
	maxViewButton     = 24
	maxImageAlt       = 2000
	maxImageTitle     = 2000
	maxTableRows      = 100
	maxTableCells     = 20
	maxTableChars     = 9000
	maxTables         = 1
	maxSocketAck      = 20_000
	maxResponses      = 5
	maxCommands       = 50
	maxCommandName    = 32
	maxCommandSummary = 2000
	maxCommandHint    = 1000
	maxAppName        = 35
	maxAppSummary     = 140
	maxAppDescription = 4000
	minAppDescription = 174
	maxBotName        = 80
	maxBotEvents      = 100
	maxScopes         = 255
)

// Limits is the table of every limit that this package enforces.
func Limits() []Limit {
	const (
		types = "@slack/types 3.2.0 doc comments"
		docs  = "docs.slack.dev/reference"
	)
	return []Limit{
		{"blocks in a message", maxMessageBlocks, docs + "/block-kit/blocks"},
		{"characters in a message's blocks", maxMessageChars, "undocumented: msg_blocks_too_long seen at 11,341 (slackapi/bolt-js#2867) and near 13,200 (#2509); 9,597 was accepted"},
		{"blocks in a modal", maxModalBlocks, types + ", views.d.ts"},
		{"blocks in a home view", maxHomeBlocks, types + ", views.d.ts"},
		{"bytes of a view", maxViewBytes, docs + "/methods/views.push: view_too_large over 250 kB"},
		{"fallback text", maxFallback, docs + "/methods/chat.postMessage: truncated above 40,000, 4,000 advised; escaping may take five characters for one"},
		{"text object, section, rich text element", maxText, types + ", composition-objects.d.ts"},
		{"header", maxHeader, types + ", blocks.d.ts"},
		{"elements of a context block", maxContext, types + ", blocks.d.ts"},
		{"elements of an actions block", maxActions, types + ", blocks.d.ts"},
		{"button text", maxButtonText, types + ", block-elements.d.ts"},
		{"button value", maxButtonValue, types + ", block-elements.d.ts"},
		{"button accessibility label", maxButtonA11y, types + ", block-elements.d.ts"},
		{"action_id", maxActionID, types + ", extensions.d.ts"},
		{"block_id", maxBlockID, types + ", blocks.d.ts"},
		{"callback_id", maxCallbackID, types + ", views.d.ts"},
		{"private_metadata", maxMetadata, types + ", views.d.ts"},
		{"confirm title", maxConfirmTitle, types + ", composition-objects.d.ts"},
		{"confirm text", maxConfirmText, types + ", composition-objects.d.ts"},
		{"confirm buttons", maxConfirmButton, types + ", composition-objects.d.ts"},
		{"options of a select or of a group", maxOptions, types + ", block-elements.d.ts"},
		{"option groups of a select", maxGroups, types + ", block-elements.d.ts"},
		{"option group label", maxGroupLabel, types + ", composition-objects.d.ts"},
		{"option text", maxOptionText, types + ", composition-objects.d.ts"},
		{"option value", maxOptionValue, docs + "/block-kit/composition-objects/option-object; the comment in @slack/types says 75, and a sealed value has at most 72"},
		{"option description", maxOptionNote, types + ", composition-objects.d.ts"},
		{"options of radio buttons and checkboxes", maxChoiceOptions, types + ", block-elements.d.ts"},
		{"placeholder", maxPlaceholder, types + ", extensions.d.ts"},
		{"input label", maxInputLabel, types + ", blocks.d.ts"},
		{"input hint", maxInputHint, types + ", blocks.d.ts"},
		{"plain text input value", maxInputValue, docs + "/block-kit/block-elements/plain-text-input-element"},
		{"field error", maxFieldError, "none documented; as the hint, in whose place it stands"},
		{"view title", maxViewTitle, types + ", views.d.ts"},
		{"view submit and close", maxViewButton, types + ", views.d.ts"},
		{"image alt text", maxImageAlt, types + ", blocks.d.ts"},
		{"image title", maxImageTitle, types + ", blocks.d.ts"},
		{"rows of a table", maxTableRows, docs + "/block-kit/blocks/table-block"},
		{"cells of a table row", maxTableCells, docs + "/block-kit/blocks/table-block"},
		{"characters of a table", maxTableChars, "10,000 in vercel/chat; less, so that the message that holds it stays within its own limit"},
		{"tables in a message", maxTables, "error only_one_table_allowed"},
		{"bytes of a Socket Mode acknowledgement", maxSocketAck, "slack-go socketmode.go: 20 KB and more are dropped silently"},
		{"uses of a response_url", maxResponses, "docs.slack.dev/interactivity/handling-user-interaction: 5 in 30 minutes"},
		{"slash commands of an app", maxCommands, "node-slack-sdk manifest.ts"},
		{"slash command name", maxCommandName, "node-slack-sdk manifest.ts"},
		{"slash command description", maxCommandSummary, "node-slack-sdk manifest.ts"},
		{"slash command usage hint", maxCommandHint, "node-slack-sdk manifest.ts"},
		{"app name", maxAppName, "node-slack-sdk manifest.ts"},
		{"app short description", maxAppSummary, "node-slack-sdk manifest.ts"},
		{"app long description", maxAppDescription, "node-slack-sdk manifest.ts; at least 174"},
		{"bot display name", maxBotName, "node-slack-sdk manifest.ts"},
		{"bot events", maxBotEvents, "node-slack-sdk manifest.ts"},
		{"scopes", maxScopes, "node-slack-sdk manifest.ts"},
	}
}

// oneLine is clean without line breaks, for headers, labels and cells.
func oneLine(s string) string { return fit.OneLine(fit.Clean(s)) }

// weight counts the characters of every text in a block, its options and its
// buttons, which is how msg_blocks_too_long seems to be counted.
func weight(v any) int {
	switch v := v.(type) {
	case Block:
		return weight(map[string]any(v))
	case map[string]any:
		n := 0
		for k, x := range v {
			if s, ok := x.(string); ok {
				if k == "text" || k == "alt_text" {
					n += fit.Length(s)
				}
				continue
			}
			n += weight(x)
		}
		return n
	case []any:
		n := 0
		for _, x := range v {
			n += weight(x)
		}
		return n
	case []Block:
		n := 0
		for _, x := range v {
			n += weight(x)
		}
		return n
	}
	return 0
}

// bytesOf is how long v is as JSON.
func bytesOf(v any) int {
	b, err := json.Marshal(v)
	if err != nil {
		return 0
	}
	return len(b)
}
