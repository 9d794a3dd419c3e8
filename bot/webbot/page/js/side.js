// The sidebar: who I am, and where. On a phone it is a drawer.
import { h, $, icon } from './dom.js';
import { state, me, unread, HOME } from './state.js';

export const address = (as, place) => `#/${encodeURIComponent(as)}/${encodeURIComponent(place)}`;

/** Fills the switch once; people who are featured come first, by role. */
export function drawWho(onChange) {
  const who = $('who');
  const all = state.hello.personas;
  const featured = all.filter((p) => p.featured);
  const others = all.filter((p) => !p.featured);
  const about = (p) => [p.role, p.campus].filter(Boolean).join(', ');
  const option = (text) => (p) => h('option', { value: p.id }, text(p));
  const first = featured.map(option((p) => (p.role ? `${p.role} — ${p.name}` : p.name)));
  const rest = others.map(option((p) => (about(p) ? `${p.name} — ${about(p)}` : p.name)));
  if (first.length > 0 && rest.length > 0) {
    who.replaceChildren(h('optgroup', { label: 'Start here' }, first), h('optgroup', { label: 'Everybody' }, rest));
  } else who.replaceChildren(...first, ...rest);
  who.addEventListener('change', () => onChange(who.value));
}

export function drawSide() {
  $('who').value = state.as;
  const p = me();
  $('who-note').textContent = p ? p.campus || '' : '';
  const items = state.rooms.map((r) => ({ id: r.id, name: r.name, icon: r.direct ? 'chat' : 'hash', fresh: r.id !== state.place && unread(r) }));
  if (state.hello.home) items.unshift({ id: HOME, name: 'My day', icon: 'home', fresh: false });
  // The links stay the same elements, so that news does not take a press or the focus away.
  const list = $('rooms');
  const had = new Map([...list.children].map((li) => [li.dataset.place, li]));
  list.append(...items.filter((x) => !had.has(x.id)).map((x) => {
    const li = h('li', { 'data-place': x.id }, h('a', {}, icon(x.icon, 17), h('span', { class: 'room-label' }),
      h('span', { class: 'dot' }), h('span', { class: 'visually-hidden' }, ', unread')));
    had.set(x.id, li);
    return li;
  }));
  items.forEach((x, i) => {
    const li = had.get(x.id);
    had.delete(x.id);
    if (list.children[i] !== li) list.insertBefore(li, list.children[i]);
    const [a] = li.children;
    a.href = address(state.as, x.id);
    a.className = x.fresh ? 'room fresh' : 'room';
    a.querySelector('.room-label').textContent = x.name;
    for (const el of a.querySelectorAll('.dot, .visually-hidden')) el.hidden = !x.fresh;
    if (x.id === state.place) a.setAttribute('aria-current', 'page');
    else a.removeAttribute('aria-current');
  });
  for (const li of had.values()) li.remove();
}

export function drawHead() {
  const room = state.rooms.find((r) => r.id === state.place);
  const home = state.place === HOME;
  $('room-name').replaceChildren(icon(home ? 'home' : room && room.direct ? 'chat' : 'hash', 20), home ? 'My day' : room ? room.name : '');
  const topic = $('room-topic');
  if (home) topic.replaceChildren('What is due and what is coming up');
  else if (room && room.direct) topic.replaceChildren(icon('lock', 14), room.topic || 'Between you and Rounds alone');
  else if (room) {
    topic.replaceChildren(
      room.members ? h('span', { class: 'members', title: `${room.members} members` }, icon('people', 15), String(room.members), h('span', { class: 'visually-hidden' }, ' members')) : '',
      room.topic || '');
  } else topic.replaceChildren();
  const p = me();
  document.title = `${home ? 'My day' : room ? room.name : 'Rounds'} · ${p ? p.name : ''} · Rounds`;
}

/** The drawer and the theme: both change the page only. */
export function start() {
  const menu = $('menu');
  const side = $('side');
  menu.append(icon('menu', 22));
  const open = (yes) => {
    document.body.classList.toggle('drawer', yes);
    $('scrim').hidden = !yes;
    menu.setAttribute('aria-expanded', String(yes));
    for (const el of document.querySelectorAll('.top, .main')) el.inert = yes;
    if (yes) $('who').focus();
    else menu.focus();
  };
  const isOpen = () => document.body.classList.contains('drawer');
  menu.addEventListener('click', () => open(!isOpen()));
  $('side-close').append(icon('close', 20));
  $('side-close').addEventListener('click', () => open(false));
  $('scrim').addEventListener('click', () => open(false));
  $('rooms').addEventListener('click', (e) => {
    if (e.target.closest('a') && isOpen()) open(false);
  });
  // A wider window has no drawer, and must not stay shut off behind one.
  matchMedia('(max-width: 760px)').addEventListener('change', () => { if (isOpen()) open(false); });
  side.addEventListener('keydown', (e) => {
    if (e.key === 'Escape' && isOpen()) open(false);
  });
  startTheme();
}

function startTheme() {
  const button = $('theme');
  const root = document.documentElement;
  const dark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches);
  const draw = () => {
    button.replaceChildren(icon(dark() ? 'sun' : 'moon', 20));
    const name = dark() ? 'Switch to light' : 'Switch to dark';
    button.setAttribute('aria-label', name);
    button.title = name;
  };
  button.addEventListener('click', () => {
    root.dataset.theme = dark() ? 'light' : 'dark';
    try {
      localStorage.setItem('rounds.theme', root.dataset.theme);
    } catch {
      // It holds for this page.
    }
    draw();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  draw();
}
