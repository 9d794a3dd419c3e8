// Small helpers to build the page. Data becomes text nodes only: nothing here or in the
// other modules ever parses a string as markup.

/** Makes an element. Props that start with "on" are listeners, the rest are attributes. */
export function h(tag, props, ...children) {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith('on')) el.addEventListener(name.slice(2), value);
    else if (name === 'value') el.value = value;
    else if (value === true) el.setAttribute(name, '');
    else el.setAttribute(name, value);
  }
  el.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
  return el;
}

export const $ = (id) => document.getElementById(id);

const paths = {
  menu: 'M4 7h16M4 12h16M4 17h16',
  close: 'M6 6l12 12M18 6L6 18',
  send: 'M5 12h13M12 5l7 7-7 7',
  lock: 'M7 11V8a5 5 0 0 1 10 0v3M6 11h12v9H6z',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4',
  moon: 'M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5z',
  hash: 'M9 4L7 20M17 4l-2 16M4.5 9h16M3.5 15h16',
  home: 'M4 11l8-7 8 7M6 9.5V20h12V9.5',
  chat: 'M4 5h16v11H10l-4 4v-4H4z',
  clock: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M12 8v4.5l3 2',
  trash: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
  down: 'M12 5v14M6 13l6 6 6-6',
  people: 'M9 11a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 9 11M3 19c.4-3.2 2.8-5 6-5s5.6 1.8 6 5M16 5.2a3 3 0 0 1 0 5.6M17.5 14.3c2 .6 3.2 2.2 3.5 4.7',
};

/** Draws one of the page's own icons. It is decoration: names stand in text or labels. */
export function icon(name, size = 18) {
  const ns = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(ns, 'svg');
  for (const [k, v] of Object.entries({
    viewBox: '0 0 24 24', width: size, height: size, fill: 'none', stroke: 'currentColor',
    'stroke-width': 1.8, 'stroke-linecap': 'round', 'stroke-linejoin': 'round', 'aria-hidden': 'true',
  })) svg.setAttribute(k, v);
  const path = document.createElementNS(ns, 'path');
  path.setAttribute('d', paths[name]);
  svg.append(path);
  return svg;
}

let ids = 0;
export const newID = (prefix) => `${prefix}-${++ids}`;

/** The initials of a name, at most two; names of any script. */
export function initials(name) {
  const words = name.replace(/^(Mr|Ms|Mrs|Mx|Dr)\.?\s+/i, '').split(/\s+/).filter((w) => /\p{L}|\p{N}/u.test(w));
  if (words.length === 0) return '?';
  const first = (w) => [...w].find((c) => /\p{L}|\p{N}/u.test(c));
  return (first(words[0]) + (words.length > 1 ? first(words[words.length - 1]) : '')).toLocaleUpperCase();
}

/** A number from a name, so that somebody's avatar always has the same colour. */
export function hue(name) {
  let n = 7;
  for (const c of name) n = (n * 31 + c.codePointAt(0)) % 6;
  return n;
}

/** Shows a short notice. Errors stay until they are closed. */
export function toast(text, { error = false, action = null } = {}) {
  const close = () => el.remove();
  const el = h('div', { class: error ? 'toast error' : 'toast', role: error ? 'alert' : 'status' },
    h('p', {}, text),
    action && h('button', { type: 'button', class: 'button', onclick: () => { close(); action.run(); } }, action.label),
    h('button', { type: 'button', class: 'icon-button', 'aria-label': 'Dismiss', onclick: close }, icon('close', 16)));
  const all = $('toasts');
  while (all.children.length > 2) all.firstChild.remove();
  all.append(el);
  if (!error) setTimeout(close, 6000);
}

/** Marks a button as working and gives back what ends that. A second press does nothing. */
export function busy(el) {
  if (!el) return () => {};
  el.setAttribute('aria-disabled', 'true');
  el.classList.add('busy');
  return () => {
    el.removeAttribute('aria-disabled');
    el.classList.remove('busy');
  };
}

export const isBusy = (el) => el.getAttribute('aria-disabled') === 'true';
