package handlers

import (
	"context"
	"strings"
	"time"

	"rounds/bot"
	"rounds/school"
)

// shareAt is today's time for sharing at the caller's campus.
func shareAt(v *school.Viewer) (time.Time, bool) {
	at := school.Clock(15*60 + 30)
	if c, ok := v.Model().Campus(v.Stint().Campus); ok && c.ShareAt != 0 {
		at = c.ShareAt
	}
	return v.Today().At(at, v.Zone()), true
}

// observeShare gives the note to its teacher now.
func (d *Desk) observeShare(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.share(ctx, c, func(v *school.Viewer) time.Time { return v.Now() })
}

// observeLater gives it at the campus's time of sharing, or now when that is over.
func (d *Desk) observeLater(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.share(ctx, c, func(v *school.Viewer) time.Time {
		if at, ok := shareAt(v); ok && at.After(v.Now()) {
			return at
		}
		return v.Now()
	})
}

func (d *Desk) share(ctx context.Context, c bot.Call, when func(*school.Viewer) time.Time) (bot.Answer, error) {
	return d.eachVisit(ctx, c, func(v *school.Viewer, x school.VisitSeen) school.Fact {
		if !x.Shared.IsZero() && !x.Shared.After(v.Now()) {
			return nil // given is given
		}
		return school.VisitShared{Visit: x.N, At: when(v).UTC()}
	})
}

// observeDebrief notes that it was talked over face to face.
func (d *Desk) observeDebrief(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.eachVisit(ctx, c, func(v *school.Viewer, x school.VisitSeen) school.Fact {
		if x.Debrief != 0 {
			return nil
		}
		return school.VisitDebriefed{Visit: x.N, On: v.Today()}
	})
}

// observeUndoThis takes the visits of a receipt back.
func (d *Desk) observeUndoThis(ctx context.Context, c bot.Call) (bot.Answer, error) {
	return d.eachVisit(ctx, c, func(v *school.Viewer, x school.VisitSeen) school.Fact {
		if v.Now().Sub(x.Logged) > undoFor {
			return nil
		}
		return school.VisitVoided{Visit: x.N}
	})
}

// eachVisit records a fact about each visit of the button's span that is not taken back, and shows the receipt as it
// reads then.
func (d *Desk) eachVisit(ctx context.Context, c bot.Call, fact func(*school.Viewer, school.VisitSeen) school.Fact) (bot.Answer, error) {
	s, err := parseSpan(c.Press.Subject)
	if err != nil {
		return nil, err
	}
	late := false
	_, err = d.decide(ctx, c, func(v *school.Viewer) (school.Entry, error) {
		list, err := ownVisits(v, s)
		if err != nil {
			return school.Entry{}, err
		}
		e := entry(c)
		for _, x := range list {
			if x.Void {
				continue
			}
			if f := fact(v, x); f != nil {
				e.Facts = append(e.Facts, f)
			}
		}
		late = strings.HasSuffix(c.Press.Action, ".undo") && len(e.Facts) == 0 && !list[0].Void
		return e, nil
	})
	if err != nil {
		return nil, err
	}
	var remarks []string
	if late {
		remarks = []string{"This visit was logged more than 24 hours ago, so it stays."}
	}
	return d.showReceipt(ctx, c, s, false, remarks)
}
