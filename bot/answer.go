package bot

// An Answer is what a handler gives back; it reaches only the caller, except [Say],
// which answers in the room where the caller spoke. It is one of [Whisper], [Say],
// [OpenForm], [Update], [FieldErrors], [Choices], [HomeView], [Deferred], [Nothing].
type Answer interface{ isAnswer() }

// Whisper answers the caller alone: an ephemeral message, a modal, a private line on
// the web page. In a direct conversation it is still not stored by the service.
type Whisper struct{ Card Private }

// Say answers in the room, for everyone there to see. Platforms say it as a reply to the
// caller's message where they can.
type Say struct{ Card Open }

// OpenForm opens a form. It must be the first answer to its call; the command
// declares Opens on the subcommand or action, so that the receiver does not defer it. In
// answer to a click inside a form it is pushed on top.
type OpenForm struct{ Form Form }

// Update replaces the message that held the clicked button. A message that only its
// viewer sees (an earlier Whisper, a home view, a modal) takes Private; a posted one takes
// Open. Exactly one of the two is set.
type Update struct {
	Private *Private
	Open    *Open
}

// Choices completes what somebody is typing.
type Choices []Choice

// HomeView is the caller's home: my day.
type HomeView struct{ Card Private }

// Deferred means that the answer comes later, over the channel that [Router.Take]
// returned. Handlers never return it: the receiver defers by itself.
type Deferred struct{}

// Nothing is the answer to a call that needs none.
type Nothing struct{}

func (Whisper) isAnswer()     {}
func (Say) isAnswer()         {}
func (OpenForm) isAnswer()    {}
func (Update) isAnswer()      {}
func (FieldErrors) isAnswer() {}
func (Choices) isAnswer()     {}
func (HomeView) isAnswer()    {}
func (Deferred) isAnswer()    {}
func (Nothing) isAnswer()     {}

// UpdatePrivate is an Update of something only its viewer sees.
func UpdatePrivate(c Private) Update { return Update{Private: &c} }

// UpdateOpen is an Update of a posted message.
func UpdateOpen(c Open) Update { return Update{Open: &c} }
