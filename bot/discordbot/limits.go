package discordbot

// A Limit is one number that Discord holds us to, and who says so.
type Limit struct {
	Name   string
	Max    int
	Source string
}

// The limits, in code points where they are of text. This is the only place in the package where they stand; [Limits] is
// the same as a table.
const (
	maxComponents     = 40
	maxTexts          = 4000
	maxSectionTexts   = 3
	maxRowButtons     = 5
	maxButtonLabel    = 80
	maxCustomID       = 100
	maxOptions        = 25
	maxOptionLabel    = 100
	maxOptionValue    = 100
	maxOptionNote     = 100
	maxPlaceholder    = 150
	maxGallery        = 10
	maxAlt            = 1024
	maxFileBytes      = 10 << 20
	maxModalRows      = 5
	maxModalTitle     = 45
	maxLabel          = 45
	maxLabelHint      = 100
	maxInputValue     = 4000
	maxInputHint      = 100
	maxRadio          = 10
	minRadio          = 2
	maxBoxes          = 10
	maxSuggestions    = 25
	maxSuggestion     = 100
	maxCommands       = 100
	maxMessageMenu    = 15
	maxCommandName    = 32
	maxCommandText    = 100
	maxCommandOptions = 25
	maxCommandChoices = 25
	maxCommandChars   = 8000
	maxNonce          = 25
	maxThreadName     = 100
)

// Limits is the table of every limit that this package enforces.
func Limits() []Limit {
	const (
		spec = "discord-api-spec (OpenAPI v10): "
		docs = "discord-api-docs: "
	)
	return []Limit{
		{"components of a message, nested ones too", maxComponents, docs + "components reference, IS_COMPONENTS_V2"},
		{"characters of all text displays of a message", maxTexts, "vercel/chat adapter-discord constant; " + spec + "one text display holds 4000"},
		{"text displays of a section", maxSectionTexts, spec + "SectionComponentForMessageRequest"},
		{"buttons in a row", maxRowButtons, docs + "components reference, action row"},
		{"button label", maxButtonLabel, spec + "ButtonComponentForMessageRequest"},
		{"custom_id", maxCustomID, spec + "every component"},
		{"options of a select", maxOptions, spec + "StringSelectComponentForMessageRequest"},
		{"option label", maxOptionLabel, spec + "StringSelectOptionForRequest"},
		{"option value", maxOptionValue, spec + "StringSelectOptionForRequest"},
		{"option description", maxOptionNote, spec + "StringSelectOptionForRequest"},
		{"placeholder of a select", maxPlaceholder, spec + "StringSelectComponentForMessageRequest"},
		{"pictures of a gallery", maxGallery, spec + "MediaGalleryComponentForMessageRequest"},
		{"description of a picture", maxAlt, spec + "MediaGalleryItemRequest, MessageAttachmentRequest"},
		{"bytes of a file", maxFileBytes, docs + "reference, uploading files: 10 MiB unless the server is boosted"},
		{"fields of a modal", maxModalRows, docs + "modals: 1 to 5 rows; the schema allows more, Discord's clients do not show them"},
		{"title of a modal", maxModalTitle, spec + "ModalInteractionCallbackRequestData"},
		{"label of a field", maxLabel, spec + "LabelComponentForModalRequest"},
		{"description of a field", maxLabelHint, spec + "LabelComponentForModalRequest"},
		{"text input value", maxInputValue, spec + "TextInputComponentForModalRequest"},
		{"text input placeholder", maxInputHint, spec + "TextInputComponentForModalRequest"},
		{"options of a radio group", maxRadio, spec + "RadioGroupComponentForModalRequest"},
		{"fewest options of a radio group", minRadio, spec + "RadioGroupComponentForModalRequest"},
		{"options of a checkbox group", maxBoxes, spec + "CheckboxGroupComponentForModalRequest"},
		{"suggestions", maxSuggestions, docs + "interactions, autocomplete"},
		{"name and value of a suggestion", maxSuggestion, spec + "ApplicationCommandOptionStringChoice"},
		{"slash commands", maxCommands, docs + "application commands: 100 global chat-input commands"},
		{"message commands", maxMessageMenu, docs + "application commands: 15 global message commands"},
		{"name of a command or option", maxCommandName, spec + "ApplicationCommandUpdateRequest"},
		{"description of a command or option", maxCommandText, spec + "ApplicationCommandStringOption"},
		{"options of a command or subcommand", maxCommandOptions, docs + "application commands"},
		{"choices of an option", maxCommandChoices, docs + "application commands"},
		{"characters of a command in all", maxCommandChars, docs + "application commands: names, descriptions and values together"},
		{"nonce", maxNonce, docs + "create message"},
		{"name of a thread", maxThreadName, spec + "CreateTextThreadWithMessageRequest"},
	}
}
