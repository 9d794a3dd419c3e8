package school

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Fingerprint is a hash over everything the model holds. Two models made of the same events have the same one, in
// whatever store the events were and on whatever machine. It looks at every field, so that one that is added later is
// compared without being named here; it is for checks and tests, and takes seconds where there are millions of visits.
func (m *Model) Fingerprint() string {
	p := printer{seen: map[uintptr]uint64{}}
	p.value(reflect.ValueOf(m).Elem())
	return hex.EncodeToString(p.sum())
}

type printer struct {
	buf  []byte
	hash [32]byte
	seen map[uintptr]uint64 // pointers by the order in which they are met: there are circles
}

func (p *printer) number(n uint64) {
	p.buf = binary.BigEndian.AppendUint64(p.buf, n)
	if len(p.buf) > 1<<16 {
		p.fold()
	}
}

func (p *printer) text(s string) {
	p.number(uint64(len(s)))
	p.buf = append(p.buf, s...)
}

func (p *printer) fold() {
	p.hash = sha256.Sum256(append(p.hash[:], p.buf...))
	p.buf = p.buf[:0]
}

func (p *printer) sum() []byte {
	p.fold()
	return p.hash[:]
}

// computed marks what is only kept because it is dear to compute again, and says nothing new.
func (*derived[T]) computed() {}

var computedType = reflect.TypeFor[interface{ computed() }]()

var (
	timeType = reflect.TypeFor[time.Time]()
	zoneType = reflect.TypeFor[*time.Location]()
)

func (p *printer) value(v reflect.Value) {
	switch {
	case v.Kind() == reflect.Struct && reflect.PointerTo(v.Type()).Implements(computedType):
		return
	case v.Type() == zoneType:
		if v.IsNil() {
			p.text("-")
		} else { // its name is unexported, and the fields of the model are too
			p.text(v.Elem().FieldByName("name").String())
		}
		return
	case v.Type() == timeType: // wall and ext: instants in the model have no monotonic part
		p.number(v.Field(0).Uint())
		p.number(uint64(v.Field(1).Int()))
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		n := uint64(0)
		if v.Bool() {
			n = 1
		}
		p.number(n)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		p.number(uint64(v.Int()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		p.number(v.Uint())
	case reflect.Float64:
		p.text(fmt.Sprint(v.Float()))
	case reflect.String:
		p.text(v.String())
	case reflect.Slice, reflect.Array:
		p.number(uint64(v.Len()))
		for i := range v.Len() {
			p.value(v.Index(i))
		}
	case reflect.Struct:
		for _, f := range v.Fields() {
			p.value(f)
		}
	case reflect.Pointer:
		if v.IsNil() {
			p.number(0)
			return
		}
		n, known := p.seen[v.Pointer()]
		if !known {
			n = uint64(len(p.seen) + 1)
			p.seen[v.Pointer()] = n
		}
		p.number(n)
		if !known {
			p.value(v.Elem())
		}
	case reflect.Map:
		p.dict(v)
	case reflect.Interface, reflect.Func, reflect.Chan:
		if !v.IsNil() {
			panic(fmt.Sprintf("school: a model holds a %s, which has no fingerprint", v.Type()))
		}
		p.number(0)
	default:
		panic(fmt.Sprintf("school: a model holds a %s, which has no fingerprint", v.Type()))
	}
}

// dict goes through a map in the order of its keys' own prints.
func (p *printer) dict(v reflect.Value) {
	type pair struct {
		print string
		key   reflect.Value
	}
	pairs := make([]pair, 0, v.Len())
	for _, k := range v.MapKeys() {
		own := printer{seen: map[uintptr]uint64{}}
		own.value(k)
		pairs = append(pairs, pair{string(own.buf) + string(own.hash[:]), k})
	}
	slices.SortFunc(pairs, func(a, b pair) int { return strings.Compare(a.print, b.print) })
	p.number(uint64(len(pairs)))
	for _, kv := range pairs {
		p.value(kv.key)
		p.value(v.MapIndex(kv.key))
	}
}
