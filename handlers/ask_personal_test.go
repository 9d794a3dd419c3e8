package handlers

import "testing"

func TestAsksToLog(t *testing.T) {
	for text, want := range map[string]bool{
		"log a visit to Bob Brown": true, "please log a walkthrough": true, "Can you add a step for Ada": true, "I'd like to record my visit to grade 4": true, "undo my last visit": true,
		"how do I log a visit?": false, "what does 5.2.5 say about logging visits": false, "give feedback within two days": false, "logs of visits": false, "can you log a visit?": false,
	} {
		if got := asksToLog.MatchString(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
