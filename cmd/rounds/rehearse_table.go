package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"rounds/reminders"
	"rounds/school"
)

// rehearsedWeek is what one person or room gets in a week.
type rehearsedWeek struct {
	to   string
	room bool
	post map[string]int // by kind
	held map[string]int // by kind and reason
}

// rehearsalTable prints a rehearsal for people: week by week, who gets how many of what, and what is held and why.
func rehearsalTable(w io.Writer, m *school.Model, first, last school.Day, played []reminders.Played) error {
	d := m.District()
	limit := cmp.Or(d.WeeklyCap, 10)
	fmt.Fprintf(w, "Rehearsal of %s, %s to %s. Nothing was sent.\n", d.Name, longDay(first), longDay(last))
	fmt.Fprintln(w, "Nobody logs visits, gives feedback or answers in a rehearsal: who is behind stays so, and the counts are the most there can be.")
	weeks := map[school.Day][]reminders.Played{}
	total := map[string]int{}
	var heads []string
	for _, k := range reminders.Kinds() {
		if slices.ContainsFunc(played, func(p reminders.Played) bool { return p.Kind == k }) {
			heads = append(heads, k)
		}
	}
	for _, p := range played {
		monday := school.DayOf(p.At, m.Zone()).Monday()
		weeks[monday] = append(weeks[monday], p)
		total[p.Status]++
	}
	for _, monday := range slices.Sorted(maps.Keys(weeks)) {
		rows := weekRows(m, weeks[monday])
		fmt.Fprintf(w, "\nWeek of %s\n", longDay(monday))
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		fmt.Fprintf(t, "  WHO\t%s\tIN ALL\tHELD, AND WHY\n", strings.ToUpper(strings.Join(heads, "\t")))
		var warnings []string
		for _, r := range rows {
			fmt.Fprintf(t, "  %s", r.to)
			all := 0
			for _, k := range heads {
				all += r.post[k]
				fmt.Fprintf(t, "\t%s", number(r.post[k]))
			}
			fmt.Fprintf(t, "\t%s\t%s\n", number(all), r.heldWords())
			if !r.room && all > limit {
				warnings = append(warnings, fmt.Sprintf("  ! %s gets %d messages, more than the weekly cap of %d; %d of them are notices, which it does not hold.", r.to, all, limit, r.post[reminders.KindNotice]))
			}
		}
		if err := t.Flush(); err != nil {
			return err
		}
		for _, line := range warnings {
			fmt.Fprintln(w, line)
		}
	}
	_, err := fmt.Fprintf(w, "\nIn all: %d to post, %d held, %d dropped.\n", total["post"], total["held"], total["dropped"])
	return err
}

// weekRows are the rows of one week: people by name, then rooms.
func weekRows(m *school.Model, played []reminders.Played) []*rehearsedWeek {
	by := map[string]*rehearsedWeek{}
	for _, p := range played {
		key := "room " + p.Room
		if p.To != "" {
			key = "person " + string(p.To)
		}
		r := by[key]
		if r == nil {
			r = &rehearsedWeek{to: p.Room, room: p.To == "", post: map[string]int{}, held: map[string]int{}}
			if p.To != "" {
				r.to = m.Name(p.To)
			}
			by[key] = r
		}
		if p.Status == "post" {
			r.post[p.Kind]++
		} else {
			r.held[p.Kind+": "+p.Reason]++
		}
	}
	rows := slices.Collect(maps.Values(by))
	slices.SortFunc(rows, func(a, b *rehearsedWeek) int {
		if a.room != b.room {
			if a.room {
				return 1
			}
			return -1
		}
		return strings.Compare(a.to, b.to)
	})
	return rows
}

func (r *rehearsedWeek) heldWords() string {
	var out []string
	for _, why := range slices.Sorted(maps.Keys(r.held)) {
		if n := r.held[why]; n > 1 {
			kind, reason, _ := strings.Cut(why, ": ")
			why = fmt.Sprintf("%d %s: %s", n, kind, reason)
		}
		out = append(out, why)
	}
	return strings.Join(out, "; ")
}

// number leaves a cell empty where there is nothing.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

func longDay(d school.Day) string { return d.Short() + ", " + d.String()[:4] }
