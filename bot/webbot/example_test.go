package webbot_test

import (
	"fmt"
	"net/http"

	"rounds/bot"
	"rounds/bot/webbot"
)

// A platform needs a store, the people one can be and their rooms; its routes go into any mux.
func ExampleNew() {
	var keep bot.Keep // of the district's store
	_, err := webbot.New(webbot.Config{Keep: keep})
	fmt.Println(err)

	serve := func(p *webbot.Platform) *http.ServeMux {
		mux := http.NewServeMux()
		for pattern, h := range p.Routes() {
			mux.Handle(pattern, h)
		}
		return mux
	}
	_ = serve
	// Output: webbot: Config.Keep is missing
}
