package bot

import (
	"errors"
	"fmt"
	"slices"
)

// seals fills in the IDs of a card or form on its way out. It copies what it changes,
// because a handler may answer several people with one card.
type seals struct {
	*Sealer
	day int32
}

func (s seals) card(c Card) (Card, error) {
	blocks := slices.Clone(c.Blocks)
	for i, b := range blocks {
		var err error
		switch b := b.(type) {
		case Buttons:
			b.Items = slices.Clone(b.Items)
			for j := range b.Items {
				if err == nil {
					err = s.button(&b.Items[j])
				}
			}
			blocks[i] = b
		case List:
			b.Items = slices.Clone(b.Items)
			for j, it := range b.Items {
				if it.Button == nil || err != nil {
					continue
				}
				bt := *it.Button
				err = s.button(&bt)
				b.Items[j].Button = &bt
			}
			blocks[i] = b
		case Select:
			if b.ID, err = s.id(b.Press, b.ID); err == nil {
				b.Options, err = s.choices(b.Options)
			}
			if err == nil && b.Chosen != "" {
				b.Chosen, err = s.SealValue(b.Chosen, s.day)
			}
			blocks[i] = b
		}
		if err != nil {
			return Card{}, fmt.Errorf("block %d (%s): %w", i+1, blockName(b), err)
		}
	}
	return Card{blocks}, nil
}

func (s seals) button(b *Button) (err error) {
	b.ID, err = s.id(b.Press, b.ID)
	return err
}

// id keeps an ID that stands without a Press: it was sealed before.
func (s seals) id(p Press, had string) (string, error) {
	if p == (Press{}) && had != "" {
		return had, nil
	}
	return s.SealPress(p, s.day)
}

func (s seals) choices(in []Choice) ([]Choice, error) {
	out := slices.Clone(in)
	for i := range out {
		var err error
		if out[i].Value, err = s.SealValue(out[i].Value, s.day); err != nil {
			return nil, fmt.Errorf("option %d: %w", i+1, err)
		}
	}
	return out, nil
}

func (s seals) form(f Form) (Form, error) {
	var err error
	if f.ID, err = s.id(f.Press, f.ID); err != nil {
		return Form{}, fmt.Errorf("form: %w", err)
	}
	f.Fields = slices.Clone(f.Fields)
	for i := range f.Fields {
		fd := &f.Fields[i]
		if !fd.Kind.HasOptions() {
			continue
		}
		if fd.Options, err = s.choices(fd.Options); err != nil {
			return Form{}, fmt.Errorf("field %s: %w", fd.Name, err)
		}
		fd.Value = slices.Clone(fd.Value)
		for j := range fd.Value {
			if fd.Value[j], err = s.SealValue(fd.Value[j], s.day); err != nil {
				return Form{}, fmt.Errorf("field %s: %w", fd.Name, err)
			}
		}
	}
	return f, nil
}

// opened gives back a value that came in. What does not open is left as it was typed:
// that a string authenticates is the very mark that tells an option's value from
// typed words, and no words do so by chance.
func (s seals) opened(v string) (string, error) {
	got, err := s.OpenValue(v, s.day)
	if errors.Is(err, ErrSealBroken) {
		return v, nil
	}
	return got, err
}

// HasOptions tells whether a field of this kind is answered by choosing among its Options.
func (k FieldKind) HasOptions() bool {
	switch k {
	case FieldSelect, FieldMultiSelect, FieldRadio, FieldCheckbox, FieldPerson:
		return true
	}
	return false
}

// blockName is what errors call a block.
func blockName(b Block) string {
	switch b.(type) {
	case Title:
		return "title"
	case Text:
		return "text"
	case Facts:
		return "facts"
	case List:
		return "list"
	case Table:
		return "table"
	case Progress:
		return "progress"
	case Chart:
		return "chart"
	case Image:
		return "image"
	case Divider:
		return "divider"
	case Context:
		return "context"
	case Buttons:
		return "buttons"
	case Select:
		return "select"
	}
	return fmt.Sprintf("%T", b)
}
