package school

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// A random district on which engine and oracle differ is cut down to the facts that show it, and printed as Go, so that it can
// become a test of its own.

// shrink takes out of a district whatever the difference does not need.
func (x oDistrict) shrink(viaJSON bool) oDistrict {
	for _, d := range x.days { // one day is enough, when one alone shows it
		if one := (oDistrict{x.log, []Day{d}}); one.differs(viaJSON, nil) != "" {
			x = one
			break
		}
	}
	try := func(i int, f Fact) bool {
		y := oDistrict{slices.Clone(x.log), x.days}
		y.log[i] = f
		if y.differs(viaJSON, nil) == "" {
			return false
		}
		x = y
		return true
	}
	for again := true; again; {
		again = false
		for i, f := range x.log {
			switch f := f.(type) {
			case nil, DistrictSet, CampusSet:
			case CalendarSet:
				for n := range slices.Backward(f.Spans) {
					c := f
					c.Spans = slices.Delete(slices.Clone(f.Spans), n, n+1)
					if try(i, c) {
						f, again = c, true
					}
				}
			default:
				again = try(i, nil) || again
			}
		}
	}
	return x
}

// String prints a district as Go literals.
func (x oDistrict) String() string {
	var b strings.Builder
	for i, f := range x.log {
		if f != nil {
			fmt.Fprintf(&b, "\t%s, // %d\n", literal(reflect.ValueOf(f)), i+1)
		}
	}
	return b.String()
}

func literal(v reflect.Value) string {
	switch {
	case v.Type() == reflect.TypeFor[Day]():
		if v.Int() == 0 {
			return "0"
		}
		y, m, d := Day(v.Int()).Civil()
		return fmt.Sprintf("Date(%d, %d, %d)", y, m, d)
	case v.Kind() == reflect.Struct:
		var parts []string
		for i := range v.NumField() {
			if !v.Field(i).IsZero() {
				parts = append(parts, v.Type().Field(i).Name+": "+literal(v.Field(i)))
			}
		}
		return v.Type().Name() + "{" + strings.Join(parts, ", ") + "}"
	case v.Kind() == reflect.Slice:
		var parts []string
		for i := range v.Len() {
			parts = append(parts, literal(v.Index(i)))
		}
		return strings.ReplaceAll(v.Type().String(), "school.", "") + "{" + strings.Join(parts, ", ") + "}"
	}
	return fmt.Sprintf("%#v", v.Interface())
}
