// The message box: completion, examples, drafts, and what Enter does.
import { h, $, icon } from './dom.js';
import { post } from './api.js';
import { state, draft, keepDraft, roomOf } from './state.js';
import { suggest, reading, chosen, optionKind } from './complete.js';

let box;
let send; // sends the text; set by start
let current = null; // what is suggested now
let active = -1;
let moved = false; // the person chose by arrow
let asking = null; // aborts the question that is under way
let timer = 0;
let picks = []; // {shown, value}: what stands in the line, and what the server called it
const sent = []; // lines of this page, for the arrow up
let recall = -1;
let plainEnter = false;

export function start(onSend) {
  box = $('message');
  send = onSend;
  $('send').append(icon('send', 20));
  box.addEventListener('input', () => {
    recall = -1;
    changed();
  });
  box.addEventListener('keydown', key);
  box.addEventListener('beforeinput', (e) => {
    // Enter has sent the line: whatever break a keyboard still brings along is not meant.
    if (plainEnter && (e.inputType === 'insertLineBreak' || e.inputType === 'insertParagraph')) e.preventDefault();
  });
  box.addEventListener('blur', () => setTimeout(() => {
    if (document.activeElement !== box) hide();
  }, 120));
  box.addEventListener('click', refresh);
  $('composer').addEventListener('submit', (e) => {
    e.preventDefault();
    submit();
  });
}

/** Shows what was being typed at this place. */
export function enter(name) {
  box.value = draft(state.as, state.place);
  box.placeholder = name;
  picks = [];
  recall = -1;
  hide();
  changed(false);
}

/** Puts a text into the box, for an example or a line that could not be sent. */
export function fill(text) {
  box.value = text;
  box.focus();
  box.setSelectionRange(text.length, text.length);
  changed();
}

export const isEmpty = () => box.value.trim() === '';

function changed(withSuggestions = true) {
  keepDraft(state.as, state.place, box.value);
  box.style.height = 'auto';
  box.style.height = `${Math.min(box.scrollHeight, 180)}px`;
  drawUsage();
  if (withSuggestions) refresh();
}

function submit() {
  const text = box.value.trim();
  if (text === '') {
    box.focus();
    return;
  }
  let line = text;
  for (const { shown, value } of picks) if (value) line = line.replace(shown, () => value);
  sent.push(text);
  box.value = '';
  picks = [];
  recall = -1;
  hide();
  changed(false);
  box.focus();
  send({ text: line, shown: text });
}

function key(e) {
  plainEnter = e.key === 'Enter' && !e.shiftKey && !e.isComposing;
  if (e.isComposing) return; // an input method is at work: the key is its own
  const open = !$('suggest').hidden;
  if (open && (e.key === 'ArrowDown' || e.key === 'ArrowUp')) {
    e.preventDefault();
    const n = current.items.length;
    active = active < 0 ? (e.key === 'ArrowDown' ? 0 : n - 1) : (active + (e.key === 'ArrowDown' ? 1 : n - 1)) % n;
    moved = true;
    mark();
  } else if (open && e.key === 'Tab' && !e.shiftKey) {
    e.preventDefault();
    accept(Math.max(active, 0));
  } else if (open && e.key === 'Escape') {
    e.preventDefault();
    hide();
  } else if (e.key === 'Enter' && !e.shiftKey) {
    e.preventDefault();
    if (open && active >= 0 && (moved || current.active >= 0)) accept(active);
    else submit();
  } else if (e.key === 'ArrowUp' && sent.length > 0 && (box.value === '' || recall >= 0)) {
    e.preventDefault();
    recall = recall < 0 ? sent.length - 1 : Math.max(recall - 1, 0);
    box.value = sent[recall];
    changed(false);
  }
}

/** Works out the suggestions anew, asking the server where only it knows. */
function refresh() {
  clearTimeout(timer);
  if (asking) asking.abort();
  asking = null;
  const s = suggest(box.value, box.selectionStart, state.hello);
  if (!s) {
    hide();
    return;
  }
  if (s.items.length > 0) show(s);
  else if (!s.ask) hide();
  if (s.ask) timer = setTimeout(() => ask(s), 90);
}

async function ask(s) {
  const abort = new AbortController();
  asking = abort;
  const text = box.value;
  const { from, ...query } = s.ask;
  let got;
  try {
    got = await post('act', { as: state.as, room: roomOf(state.place), kind: 'complete', ...query }, { tries: 1, signal: abort.signal });
  } catch {
    return; // suggestions are a help; the line can be typed without
  }
  if (abort.signal.aborted || box.value !== text) return;
  asking = null;
  const kind = optionKind(text, query.command, query.focus, state.hello.commands);
  const items = ((got.answer && got.answer.choices) || []).slice(0, 12).map((c) => {
    const { shown, value } = chosen(c, kind, state.hello);
    return { label: c.label, note: c.note, insert: `${shown} `, from, pick: { shown, value } };
  });
  const all = [...items, ...s.items];
  if (all.length > 0) show({ ...s, items: all });
  else hide();
}

function show(s) {
  current = s;
  active = s.active;
  moved = false;
  $('suggest-title').textContent = s.title;
  $('suggest-list').replaceChildren(...s.items.map((it, i) => h('li', {
    role: 'option', id: `suggestion-${i}`, 'aria-selected': 'false',
    onmousedown: (e) => {
      e.preventDefault(); // keeps the focus in the box
      accept(i);
    },
  },
  h('span', { class: 's-label' }, it.label, it.hint && h('span', { class: 's-hint' }, ` ${it.hint}`)),
  it.note && h('span', { class: 's-note' }, it.note))));
  $('suggest').hidden = false;
  $('suggest-count').textContent = `${s.items.length} ${s.items.length === 1 ? 'suggestion' : 'suggestions'}`;
  mark();
}

function mark() {
  [...$('suggest-list').children].forEach((li, i) => {
    li.setAttribute('aria-selected', String(i === active));
    if (i === active) li.scrollIntoView({ block: 'nearest' });
  });
  if (active >= 0) box.setAttribute('aria-activedescendant', `suggestion-${active}`);
  else box.removeAttribute('aria-activedescendant');
}

function hide() {
  current = null;
  active = -1;
  $('suggest').hidden = true;
  $('suggest-list').replaceChildren();
  $('suggest-count').textContent = '';
  box.removeAttribute('aria-activedescendant');
}

function accept(i) {
  const it = current.items[i];
  if (!it) return;
  if (it.pick) picks.push(it.pick);
  put(it.from ?? current.from, it.insert);
}

/** Replaces what stands from a place to the caret. */
function put(from, text) {
  const caret = box.selectionStart;
  const rest = box.value.slice(caret);
  const add = text.endsWith(' ') && rest.startsWith(' ') ? text.trimEnd() : text;
  box.value = box.value.slice(0, from) + add + rest;
  box.setSelectionRange(from + add.length, from + add.length);
  box.focus();
  changed();
}

/** Under the box: what the command does, an example, and its options to fill in with one press. */
function drawUsage() {
  const usage = $('usage');
  const r = reading(box.value, state.hello.commands);
  if (!r) {
    usage.replaceChildren(h('p', { class: 'usage-keys' }, h('kbd', {}, 'Enter'), ' sends · ', h('kbd', {}, 'Shift Enter'), ' new line · ', h('kbd', {}, '/'), ' commands'));
    return;
  }
  const options = (r.sub.options || []).filter((o) => !o.bare && !r.given.has(o.name));
  usage.replaceChildren(
    h('p', {}, h('strong', {}, `/${r.command.name}${r.named ? ` ${r.sub.name}` : ''}`), ' ', r.sub.summary || r.command.summary),
    r.sub.example ? h('p', { class: 'example' }, 'Example: ', h('code', {}, r.sub.example)) : '',
    options.length > 0 ? h('div', { class: 'option-chips' }, options.map((o) => h('button', {
      type: 'button', class: 'chip', title: o.help || null,
      onclick: () => {
        const space = /\s$/.test(box.value) ? '' : ' ';
        box.setSelectionRange(box.value.length, box.value.length);
        put(box.value.length, `${space}${o.name}:`);
      },
    }, `${o.name}:`))) : '');
}
