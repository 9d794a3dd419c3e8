package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// A service that had no reply in time sends an event again, perhaps to another replica or to the process that came after
// this one, whose memory of calls is its own. What was said in a room would then be answered twice where all can see it,
// so that who answers it leaves a mark in the district's Keep:
//
//	answering   for a little longer than a call may take: if the process dies, a later try is answered after all
//	answered    for as long as calls are remembered
//
// Commands, clicks and forms are sent once, and what they write carries the call's id.

const onceGrace = 5 * time.Second // on top of the limit of a call

// first tells whether nobody has answered a call, or is about to. Where the store cannot tell, it is answered: twice is
// better than not at all.
func (r *Router) first(ctx context.Context, c Call) bool {
	keep := r.keepFor(c)
	if keep == nil {
		return true
	}
	mine, err := keep.PutIfAbsent(ctx, onceKey(c), []byte("answering"), r.cfg.Limit+onceGrace, "")
	if err != nil {
		r.cfg.Logger.Warn("whether a message was answered before cannot be known", "call", c.ID, "err", err)
		return true
	}
	return mine
}

// answered keeps the mark as long as the service may send the call again.
func (r *Router) answered(ctx context.Context, c Call) {
	if keep := r.keepFor(c); keep != nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), onceGrace)
		defer cancel()
		if err := keep.Put(ctx, onceKey(c), []byte("answered"), rememberCalls, ""); err != nil {
			r.cfg.Logger.Warn("that a message was answered is not kept", "call", c.ID, "err", err)
		}
	}
}

func (r *Router) keepFor(c Call) Keep {
	if c.Kind != Message || c.ID == "" || r.cfg.Keep == nil {
		return nil
	}
	return r.cfg.Keep(c.District)
}

// onceKey says nothing of who wrote where.
func onceKey(c Call) string {
	sum := sha256.Sum256([]byte(c.From.Platform + "\x00" + c.From.Workspace + "\x00" + c.From.User + "\x00" + c.ID))
	return "once/" + hex.EncodeToString(sum[:16])
}
