// The fields of a form. Each is drawn with its label, its hint and a place for its error, and knows its
// values, its own first check, and how to take the focus.
import { h, newID } from './dom.js';

const searchFrom = 9; // choices from which a search box helps

export function drawField(f) {
  const id = newID('field');
  const hint = f.hint && h('p', { id: `${id}-hint`, class: 'hint' }, f.hint);
  const error = h('p', { id: `${id}-error`, class: 'field-error' });
  const described = [f.hint ? `${id}-hint` : '', `${id}-error`].join(' ').trim();
  const control = (kinds[f.kind] || text)(f, id, described);
  const label = [f.label, f.optional && h('span', { class: 'optional' }, 'optional')];
  const el = control.group
    ? h('fieldset', { class: 'field', 'aria-describedby': described }, h('legend', {}, label), hint, control.el, error)
    : h('div', { class: 'field' }, h('label', { for: id }, label), hint, control.el, error);
  return {
    name: f.name,
    el,
    values: control.values,
    focus: control.focus,
    check() {
      const values = control.values().filter((v) => v.trim() !== '');
      if (values.length === 0) return f.optional ? '' : missing[f.kind] || 'Please fill this in.';
      return control.check ? control.check(values[0]) : '';
    },
    complain(sentence) {
      error.textContent = sentence;
      el.classList.toggle('bad', sentence !== '');
      for (const x of control.marks) {
        if (sentence) x.setAttribute('aria-invalid', 'true');
        else x.removeAttribute('aria-invalid');
      }
    },
  };
}

const missing = {
  select: 'Please choose one.', radio: 'Please choose one.', person: 'Please choose somebody.',
  multi: 'Please choose at least one.', checkbox: 'Please choose at least one.', date: 'Please choose a day.',
};

const one = (value) => (value === '' ? [] : [value]);
const first = (f) => (f.value && f.value.length > 0 ? f.value[0] : '');

function simple(el, check) {
  return { el, values: () => one(el.value), focus: () => el.focus(), marks: [el], check };
}

function text(f, id, described) {
  return simple(h('input', {
    id, type: 'text', name: f.name, autocomplete: 'off', 'aria-describedby': described,
    placeholder: f.placeholder || null, maxlength: f.max || null, value: first(f),
  }));
}

function long(f, id, described) {
  const el = h('textarea', {
    id, name: f.name, rows: '3', 'aria-describedby': described,
    placeholder: f.placeholder || null, maxlength: f.max || null, value: first(f),
  });
  return simple(el);
}

function number(f, id, described) {
  const el = h('input', {
    id, type: 'text', inputmode: 'numeric', name: f.name, autocomplete: 'off', class: 'short',
    'aria-describedby': described, placeholder: f.placeholder || null, value: first(f),
  });
  return simple(el, (value) => {
    if (!/^-?\d{1,9}$/.test(value.trim())) return 'Please give a whole number, such as 12.';
    const n = Number(value);
    if (f.min && n < f.min) return `Please give ${f.min} or more.`;
    if (f.max && n > f.max) return `Please give ${f.max} or less.`;
    return '';
  });
}

function date(f, id, described) {
  return simple(h('input', {
    id, type: 'date', name: f.name, class: 'short', 'aria-describedby': described, value: first(f),
  }));
}

const named = (o) => (o.note ? `${o.label} — ${o.note}` : o.label);

function select(f, id, described) {
  const chosen = first(f);
  const options = f.options || [];
  const none = f.optional || !options.some((o) => o.value === chosen);
  return simple(h('select', { id, name: f.name, 'aria-describedby': described },
    none && h('option', { value: '' }, f.placeholder || (f.optional ? 'None' : 'Choose…')),
    options.map((o) => h('option', { value: o.value, selected: o.value === chosen }, named(o)))));
}

/** Checkboxes or radio buttons; with many of them a search box and the chosen ones on top. */
function choices(f, id, many) {
  const chosen = new Set(f.value || []);
  const options = f.options || [];
  const inputs = options.map((o) => h('input', {
    type: many ? 'checkbox' : 'radio', name: id, value: o.value, checked: chosen.has(o.value),
  }));
  const rows = options.map((o, i) => h('label', { class: 'choice' }, inputs[i],
    h('span', {}, o.label, o.note && h('span', { class: 'b-note' }, o.note))));
  const list = h('div', { class: options.length >= searchFrom ? 'choices scroll' : 'choices' }, rows);
  const group = { group: true, el: list, marks: inputs };
  group.values = () => inputs.filter((x) => x.checked).map((x) => x.value);
  group.focus = () => (inputs.find((x) => x.checked) || inputs[0])?.focus();
  if (options.length < searchFrom) return group;

  const picked = h('div', { class: 'picked' });
  const found = h('p', { class: 'visually-hidden', role: 'status' });
  const nobody = h('p', { class: 'hint', hidden: true }, 'Nothing matches.');
  const search = h('input', {
    type: 'search', class: 'search', placeholder: 'Search…', autocomplete: 'off', 'aria-label': `Search: ${f.label}`,
    oninput: () => {
      const words = fold(search.value).split(' ').filter(Boolean);
      let n = 0;
      options.forEach((o, i) => {
        const hay = fold(`${o.label} ${o.note || ''}`);
        const hit = words.every((w) => hay.includes(w));
        rows[i].hidden = !hit;
        if (hit) n += 1;
      });
      nobody.hidden = n > 0;
      found.textContent = `${n} found`;
    },
    onkeydown: (e) => {
      if (e.key !== 'Enter') return;
      e.preventDefault(); // Enter takes the first match; it does not send a half-filled form
      const i = rows.findIndex((r) => !r.hidden);
      if (i < 0 || search.value.trim() === '') return;
      inputs[i].checked = many ? !inputs[i].checked : true;
      search.value = '';
      search.dispatchEvent(new Event('input'));
      draw();
    },
  });
  const draw = () => {
    picked.replaceChildren(...options.flatMap((o, i) => (inputs[i].checked ? [h('button', {
      type: 'button', class: 'chip', 'aria-label': `Remove ${o.label}`,
      onclick: () => {
        inputs[i].checked = false;
        draw();
        search.focus();
      },
    }, o.label, h('span', { 'aria-hidden': 'true' }, ' ×'))] : [])));
  };
  list.addEventListener('change', draw);
  list.append(nobody);
  draw();
  group.el = h('div', {}, picked, search, list, found);
  group.focus = () => search.focus();
  group.marks = [search];
  return group;
}

const fold = (s) => s.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

const kinds = {
  text,
  long,
  number,
  date,
  select,
  multi: (f, id) => choices(f, id, true),
  checkbox: (f, id) => choices(f, id, true),
  radio: (f, id) => choices(f, id, false),
  person: (f, id) => choices(f, id, Boolean(f.many)),
};
