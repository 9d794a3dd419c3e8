// Draws a card. Every text becomes a text node.
import { h, icon, busy, isBusy, newID } from './dom.js';

/**
 * Draws the blocks of a card. act({button, chosen}) is called for a press and resolves when it was
 * answered.
 */
export function drawCard(card, act) {
  const el = h('div', { class: 'card' });
  for (const block of card.blocks || []) {
    const draw = blocks[block.type];
    if (draw) el.append(draw(block, act));
  }
  return el;
}

const blocks = {
  title: (b) => h('h3', { class: 'b-title' }, b.text),
  text: drawText,
  // Short facts stand side by side; where one is a phrase, each gets a line of its own.
  facts: (b) => h('dl', { class: b.facts.some((f) => f.value.length > 20) ? 'b-facts lines' : 'b-facts' }, b.facts.map((f) => h('div', {}, h('dt', {}, f.label), h('dd', {}, f.value)))),
  list: drawList,
  table: (b) => scroller(drawTable(b), b.label || 'Table'),
  progress: drawProgress,
  chart: drawChart,
  image: drawImage,
  divider: () => h('hr', { class: 'b-divider' }),
  context: (b) => h('p', { class: 'b-context' }, b.text),
  buttons: (b, act) => h('div', { class: 'b-buttons' }, b.buttons.map((x) => drawButton(x, act))),
  select: drawSelect,
};

function drawText(b) {
  const text = b.text || '';
  if (b.style === 'quote') return h('blockquote', { class: 'b-quote' }, text);
  if (b.style !== 'strong') return h('p', { class: 'b-text' }, text);
  // A number to see first is set large; a sentence would shout.
  const size = text.length <= 32 && /\d/.test(text) ? ' big' : '';
  return h('p', { class: `b-strong${size}` }, text);
}

function drawList(b, act) {
  const items = (b.items || []).map((it) => h('li', {},
    h('div', { class: 'b-item' },
      h('div', { class: 'b-item-text' },
        h('span', {}, it.text),
        it.note && h('span', { class: 'b-note' }, it.note)),
      it.button && drawButton(it.button, act, 'small'))));
  const rows = b.items && b.items.some((it) => it.button || it.note);
  const props = { class: rows ? 'b-list rows' : 'b-list', role: 'list' };
  return b.ordered ? h('ol', { ...props, start: b.start || null }, items) : h('ul', props, items);
}

function drawTable(b) {
  const cell = (tag, i, text, extra = {}) => h(tag, { class: b.columns[i] && b.columns[i].right ? 'right' : null, ...extra }, text);
  // On a phone, a table of sentences is read row by row.
  const wordy = (b.rows || []).some((row) => row.some((text) => text.length > 60));
  return h('table', { class: wordy ? 'b-table wordy' : 'b-table' },
    b.label && h('caption', {}, b.label),
    h('thead', {}, h('tr', {}, (b.columns || []).map((c, i) => cell('th', i, c.head, { scope: 'col' })))),
    h('tbody', {}, (b.rows || []).map((row) => h('tr', {},
      row.map((text, i) => (i === 0 ? cell('th', i, text, { scope: 'row' }) : cell('td', i, text)))))));
}

/** Lets a wide table scroll by itself, by keyboard too, so that the page never does. */
function scroller(table, name) {
  return h('div', { class: 'b-scroll', role: 'region', 'aria-label': name, tabindex: '0' }, table);
}

function drawProgress(b) {
  const done = b.done || 0;
  const of = b.of || 0;
  const share = of > 0 ? Math.max(0, Math.min(1, done / of)) : 0;
  const fill = h('div', { class: 'b-fill' });
  fill.style.width = `${share * 100}%`;
  return h('div', { class: share >= 1 ? 'b-progress full' : 'b-progress' },
    h('div', { class: 'b-progress-words' }, h('span', {}, b.label), h('strong', {}, b.words)),
    h('div', {
      class: 'b-track', role: 'progressbar', 'aria-label': b.label || 'Progress', 'aria-valuemin': '0',
      'aria-valuemax': String(of), 'aria-valuenow': String(Math.max(0, Math.min(done, of))), 'aria-valuetext': b.words,
    }, fill));
}

/** A picture. Its size is read from the PNG's head, so that nothing jumps when it is drawn. */
function picture(bytes, alt) {
  const head = Uint8Array.from(atob(bytes.slice(0, 32)), (c) => c.charCodeAt(0));
  const at = (i) => (head[i] << 24) | (head[i + 1] << 16) | (head[i + 2] << 8) | head[i + 3];
  return h('img', { src: `data:image/png;base64,${bytes}`, alt, width: at(16) || null, height: at(20) || null });
}

function drawChart(b) {
  const n = b.numbers;
  const table = n && n.rows.length > 0 && scroller(drawTable({ columns: n.columns, rows: n.rows }), `Numbers: ${b.label || 'chart'}`);
  return h('figure', { class: 'b-figure' },
    b.label && h('figcaption', { class: b.picture ? 'visually-hidden' : null }, b.label), // the picture has it drawn in
    b.picture ? picture(b.picture, b.alt || b.label || 'Chart') : b.alt && h('p', { class: 'b-text' }, b.alt),
    table && (b.picture ? h('details', {}, h('summary', {}, 'Show the numbers'), table) : table));
}

function drawImage(b) {
  return h('figure', { class: 'b-figure' },
    b.label && h('figcaption', {}, b.label),
    b.picture ? picture(b.picture, b.alt || b.label || 'Picture') : h('p', { class: 'b-text' }, b.alt || ''));
}

export function drawButton(b, act, extra = '') {
  return h('button', {
    type: 'button', class: `button ${b.style || ''} ${extra}`.trim(), 'data-press': b.id,
    // "Log" beside each name: the label first, then what it is about.
    'aria-label': b.about ? `${b.label}: ${b.about}` : null,
    onclick: async (e) => {
      const el = e.currentTarget;
      if (isBusy(el)) return;
      if (b.confirm && !(await confirm(b.confirm, b))) return;
      const done = busy(el);
      try {
        await act({ button: b.id });
      } finally {
        done();
      }
    },
  }, b.label);
}

function drawSelect(b, act) {
  const id = newID('menu');
  const none = (b.options || []).every((o) => o.value !== b.chosen);
  const select = h('select', {
    id, 'data-press': b.id,
    onchange: async () => {
      if (!select.value || isBusy(select)) return;
      const done = busy(select);
      try {
        await act({ button: b.id, chosen: select.value });
      } finally {
        done();
      }
    },
  },
  none && h('option', { value: '' }, 'Choose…'),
  (b.options || []).map((o) => h('option', { value: o.value, selected: o.value === b.chosen },
    o.note ? `${o.label} — ${o.note}` : o.label)));
  return h('div', { class: 'b-select' }, h('label', { for: id }, b.label), select);
}

/** Asks before a press counts. Resolves to true if it was confirmed. */
export function confirm(question, { label, style = 'primary', cancel = 'Cancel' }) {
  return new Promise((resolve) => {
    const id = newID('confirm');
    const no = h('button', { type: 'button', class: 'button', onclick: () => dialog.close('') }, cancel);
    const dialog = h('dialog', { class: 'dialog small', role: 'alertdialog', 'aria-labelledby': id },
      h('p', { id, class: 'question' }, question),
      h('div', { class: 'dialog-foot' }, no,
        h('button', { type: 'button', class: `button ${style || 'primary'}`, onclick: () => dialog.close('yes') }, label)));
    dialog.addEventListener('close', () => {
      resolve(dialog.returnValue === 'yes');
      dialog.remove();
    });
    document.body.append(dialog);
    dialog.showModal();
    no.focus(); // the harmless answer, so that Enter alone does nothing
  });
}

/** The mark on what only I can see. */
export const privateMark = () => h('p', { class: 'private-mark' }, icon('lock', 14), 'Only you can see this');

/**
 * Where the focus goes when a card that held it is drawn anew: the same control if it is still there,
 * else the card itself. Never another control, which the next key would press unasked.
 */
export function refocus(old, drawn) {
  if (!old || !old.contains(document.activeElement)) return null;
  const press = document.activeElement.getAttribute('data-press');
  const same = press && [...drawn.querySelectorAll('[data-press]')].find((el) => el.getAttribute('data-press') === press);
  if (same) return same;
  drawn.tabIndex = -1;
  return drawn;
}
