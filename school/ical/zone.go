package ical

import (
	"strconv"
	"strings"
	"time"

	"github.com/teambition/rrule-go"
)

// windows are the zone names that Outlook and Exchange write, for the zones of the United States and the two that a
// server falls back to (Unicode CLDR, windowsZones.xml).
var windows = map[string]string{
	"eastern standard time": "America/New_York", "us eastern standard time": "America/Indiana/Indianapolis",
	"central standard time": "America/Chicago", "mountain standard time": "America/Denver",
	"us mountain standard time": "America/Phoenix", "pacific standard time": "America/Los_Angeles",
	"alaskan standard time": "America/Anchorage", "aleutian standard time": "America/Adak",
	"hawaiian standard time": "Pacific/Honolulu", "sa western standard time": "America/Puerto_Rico",
	"west pacific standard time": "Pacific/Guam", "utc": "UTC", "gmt standard time": "Europe/London",
	"greenwich standard time": "UTC",
}

// observance is one half of a VTIMEZONE: from when an offset holds.
type observance struct {
	begins time.Time // civil, as if in UTC
	offset int       // seconds east of UTC
	rule   string
}

// zoneBlock is a VTIMEZONE of the file.
type zoneBlock struct {
	iana string // X-LIC-LOCATION
	obs  []observance
}

// readZone reads the lines of a VTIMEZONE. What cannot be read is left out: then its times stand as they are written.
func readZone(lines []string) (tzid string, z zoneBlock) {
	var o observance
	for _, l := range lines {
		name, value, _ := strings.Cut(l, ":")
		name, _, _ = strings.Cut(name, ";")
		value = strings.TrimSpace(value)
		switch strings.ToUpper(name) {
		case "TZID":
			tzid = value
		case "X-LIC-LOCATION":
			z.iana = value
		case "BEGIN":
			o = observance{}
		case "DTSTART":
			o.begins, _ = time.Parse("20060102T150405", value)
		case "TZOFFSETTO":
			o.offset = offset(value)
		case "RRULE":
			o.rule = value
		case "END":
			if !o.begins.IsZero() {
				z.obs = append(z.obs, o)
			}
			o = observance{}
		}
	}
	return tzid, z
}

// offset reads "-0600" as seconds.
func offset(s string) int {
	if len(s) < 5 {
		return 0
	}
	n, err := strconv.Atoi(s[1:5])
	if err != nil {
		return 0
	}
	n = n/100*3600 + n%100*60
	if s[0] == '-' {
		n = -n
	}
	return n
}

// zone is where a time with this TZID was written; nil when nothing says, and then it stands as on the wall of the campus.
func (r *reader) zone(tzid string, civil time.Time) *time.Location {
	tzid = strings.Trim(tzid, `" `)
	if tzid == "" {
		return nil
	}
	if l, ok := r.zones[tzid]; ok && l != nil {
		return l
	}
	l := named(tzid)
	block, defined := r.blocks[tzid]
	if l == nil && block.iana != "" {
		l = named(block.iana)
	}
	if l != nil {
		r.zones[tzid] = l
		return l
	}
	if !defined {
		return nil
	}
	return block.at(civil)
}

// named finds a zone by its IANA or Windows name, also one behind a path as some programs write it
// ("/vendor/20260101/America/Chicago").
func named(name string) *time.Location {
	if w, ok := windows[strings.ToLower(name)]; ok {
		name = w
	}
	for name != "" {
		if name != "Local" {
			if l, err := time.LoadLocation(name); err == nil {
				return l
			}
		}
		_, rest, ok := strings.Cut(name, "/")
		if !ok {
			return nil
		}
		name = rest
	}
	return nil
}

// at is the offset that the block gives for a civil time.
func (z zoneBlock) at(civil time.Time) *time.Location {
	var best time.Time
	var found *time.Location
	for _, o := range z.obs {
		on, ok := o.onset(civil)
		if ok && (found == nil || on.After(best)) {
			best, found = on, time.FixedZone("", o.offset)
		}
	}
	return found
}

// onset is the last time at or before the civil time that the observance begins.
func (o observance) onset(civil time.Time) (last time.Time, ok bool) {
	if o.begins.After(civil) {
		return last, false
	}
	last = o.begins
	if o.rule == "" {
		return last, true
	}
	defer func() { // the library's own faults must not end the program
		if recover() != nil {
			last, ok = o.begins, true
		}
	}()
	opt, err := rrule.StrToROption(o.rule)
	if err != nil || opt.Freq != rrule.YEARLY || len(opt.Bymonth) == 0 || len(opt.Byweekday) == 0 || len(opt.Bymonthday)+len(opt.Byyearday)+len(opt.Byweekno)+len(opt.Bysetpos)+len(opt.Byhour) > 0 {
		return last, true
	}
	// The years before last cannot matter, and begin in 1601 in files of Outlook.
	opt.Dtstart = time.Date(max(civil.Year()-1, o.begins.Year()), 1, 1, o.begins.Hour(), o.begins.Minute(), o.begins.Second(), 0, time.UTC)
	opt.Count, opt.Interval = 0, 1
	if opt.Until.IsZero() || opt.Until.After(civil) {
		opt.Until = civil
	}
	set, err := rrule.NewRRule(*opt)
	if err != nil {
		return last, true
	}
	for _, t := range set.All() {
		if t.After(last) && !t.After(civil) {
			last = t
		}
	}
	return last, true
}
