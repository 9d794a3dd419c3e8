package bottest

import (
	"strings"
	"testing"

	"rounds/bot"

	"pgregory.net/rapid"
)

func TestFixturesKeepTheLimits(t *testing.T) {
	kinds := map[string]bool{}
	for name, c := range Cards() {
		err := bot.CheckCard(c)
		if loose := strings.HasPrefix(name, "over-") || strings.HasPrefix(name, "empty"); err != nil && !loose {
			t.Errorf("%s: %v", name, err)
		}
		for _, b := range c.Blocks {
			kinds[strings.TrimPrefix(strings.TrimPrefix(typeName(b), "bot."), "*")] = true
		}
	}
	if len(kinds) != 12 {
		t.Errorf("the cards hold %v, not every block", kinds)
	}
	fields := map[bot.FieldKind]bool{}
	for name, f := range Forms() {
		if err := bot.CheckForm(f); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, fd := range f.Fields {
			fields[fd.Kind] = true
		}
	}
	if len(fields) != int(bot.FieldPerson)+1 {
		t.Errorf("the forms hold %v, not every kind of field", fields)
	}
}

func TestCardsGolden(t *testing.T) {
	var w strings.Builder
	for _, name := range sortedKeys(Cards()) {
		if !strings.HasPrefix(name, "over-") {
			w.WriteString("# " + name + "\n" + Cards()[name].Text() + "\n\n")
		}
	}
	for _, name := range sortedKeys(Forms()) {
		if name != "many-options" {
			w.WriteString("# form " + name + "\n" + Forms()[name].Text() + "\n\n")
		}
	}
	Golden(t, "testdata/text.golden", w.String())
}

func TestAnyCardAndForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := AnyCard().Draw(t, "card")
		_ = c.Text()
		for i, b := range c.Blocks {
			if tb, ok := b.(bot.Table); ok {
				if err := bot.CheckCard(bot.Card{Blocks: []bot.Block{tb}}); err != nil {
					t.Fatalf("block %d: %v", i, err)
				}
			}
		}
		f := AnyForm().Draw(t, "form")
		_ = f.Text()
		if err := bot.CheckForm(f); err != nil {
			t.Fatal(err)
		}
	})
}
