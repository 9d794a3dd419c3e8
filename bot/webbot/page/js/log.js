// Draws what stands at a place: posted messages, private answers between them, and where
// the day changes. Nodes are kept by key, so that an update replaces its own card and nothing else moves.
import { h, $, icon, initials, hue } from './dom.js';
import { drawCard, privateMark, refocus } from './cards.js';
import { state, timeline, HOME } from './state.js';

const near = 80; // pixels from the end that still count as being at the end
let drawn = new Map(); // key -> {node, version}
let shown = ''; // persona and place that stand there now

/**
 * Draws the log anew. on holds what its controls do; see main.js. With older set, messages were put
 * in above, and what one was reading stays where it was.
 */
export function drawLog(on, { older = false } = {}) {
  const log = $('log');
  const here = `${state.as}\n${state.place}`;
  const moved = here !== shown;
  const atEnd = moved || log.scrollHeight - log.scrollTop - log.clientHeight < near;
  if (moved) {
    shown = here;
    drawn = new Map();
    // Only what comes while one is here is read out, not a whole room on entering it.
    log.setAttribute('aria-live', 'off');
    log.replaceChildren();
    requestAnimationFrame(() => requestAnimationFrame(() => log.setAttribute('aria-live', 'polite')));
  }
  const fromEnd = log.scrollHeight - log.scrollTop;
  const grew = place(log, entries(on));
  if (older) log.scrollTop = log.scrollHeight - fromEnd;
  else if (atEnd) toEnd();
  else if (grew) $('newer').hidden = false;
}

/** Keeps the end in view when the log gets smaller: a notice came, or a phone's keyboard. */
export function start() {
  const log = $('log');
  let end = true;
  const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  log.addEventListener('scroll', () => {
    end = atEnd();
    if (end) $('newer').hidden = true;
  }, { passive: true });
  new ResizeObserver(() => { if (end) log.scrollTop = log.scrollHeight; }).observe(log);
  $('newer').append(icon('down', 16));
  $('newer').addEventListener('click', toEnd);
}

export function toEnd() {
  const log = $('log');
  const last = log.lastElementChild;
  // A long card is read from its beginning: its number to see first stands there.
  if (last && last.offsetHeight > log.clientHeight - 24) log.scrollTop = last.offsetTop - log.offsetTop - 8;
  else log.scrollTop = log.scrollHeight;
  $('newer').hidden = true;
}

/** Puts the nodes in order, drawing only those that are new or changed; true if the last is new. */
function place(log, list) {
  const keys = new Set(list.map((x) => x.key));
  for (const [key, { node }] of drawn) if (!keys.has(key)) node.remove();
  const keep = new Map();
  let next = log.firstChild;
  let grew = false;
  for (const { key, version, draw } of list) {
    const had = drawn.get(key);
    let node = had && had.node;
    if (!had || had.version !== version) {
      node = draw();
      if (had) {
        const focus = refocus(had.node, node);
        if (next === had.node) next = node;
        had.node.replaceWith(node);
        if (focus) focus.focus();
      }
    }
    grew = !had;
    keep.set(key, { node, version });
    if (node === next) next = next.nextSibling;
    else log.insertBefore(node, next);
  }
  drawn = keep;
  return grew;
}

function entries(on) {
  const out = [];
  const room = state.history.get(state.place);
  if (state.place === HOME) out.push(homeEntry(on));
  else if (!room || !room.loaded) return [{ key: 'wait', version: 0, draw: () => h('p', { class: 'wait' }, 'Reading messages…') }];
  if (room && room.more) out.push({ key: 'older', version: room.loading, draw: () => h('button', { type: 'button', class: 'older button', onclick: on.older }, 'Show earlier messages') });

  let day = '';
  let last = null; // the message before, to put what one person says in a row together
  const list = timeline(state.place);
  if (list.length === 0 && state.place !== HOME) return [emptyEntry(on)];
  for (const x of list) {
    const at = x.kind === 'message' ? x.message.at : x.entry.at;
    if (at && at.date !== day && state.place !== HOME) {
      day = at.date;
      const words = dayWords(at);
      out.push({ key: `day-${day}-${out.length === 0 ? 0 : list.indexOf(x)}`, version: words, draw: () => h('p', { class: 'day' }, h('span', {}, words)) });
      last = null;
    }
    if (x.kind === 'private') {
      out.push(privateEntry(x.entry, on));
      last = null;
      continue;
    }
    const m = x.message;
    const joins = last !== null && last.from === m.from && !m.for && minutesApart(last.at, m.at) < 5;
    out.push({ key: m.id, version: `${m.version || 0}${joins}`, draw: () => drawMessage(m, joins, on) });
    last = m;
  }
  return out;
}

function minutesApart(a, b) {
  const minutes = (s) => {
    const [, hour, minute, half] = /^(\d+):(\d+) (AM|PM)$/.exec(s.time) || [0, 0, 0, 'AM'];
    return ((Number(hour) % 12) + (half === 'PM' ? 12 : 0)) * 60 + Number(minute);
  };
  return a.date === b.date ? minutes(b) - minutes(a) : Infinity;
}

/** A day as one says it now; now is the bot's, so that demo time reads right. */
function dayWords(at) {
  const today = state.clock && state.clock.now.date;
  if (!today) return at.day;
  const days = Math.round((Date.parse(today) - Date.parse(at.date)) / 86400000);
  if (days === 0) return `Today · ${at.day}`;
  if (days === 1) return `Yesterday · ${at.day}`;
  return at.date.slice(0, 4) === today.slice(0, 4) ? at.day : `${at.day}, ${at.date.slice(0, 4)}`;
}

export function avatar(name, bot) {
  if (bot) return h('img', { class: 'avatar', src: '/web/assets/mark.svg', alt: '', width: '36', height: '36' });
  return h('span', { class: `avatar tone-${hue(name)}`, 'aria-hidden': 'true' }, initials(name));
}

function head(name, role, at, bot, ...more) {
  return h('div', { class: 'from' },
    h('strong', {}, name),
    bot ? h('span', { class: 'tag' }, 'App') : role && h('span', { class: 'role' }, role),
    at && h('time', { title: at.full }, at.time),
    more);
}

function drawMessage(m, joins, on) {
  const bot = !m.from;
  const mine = m.from === state.as;
  return h('article', { class: joins ? 'message joins' : 'message', 'aria-label': `${m.name}, ${m.at.time}` },
    joins ? h('time', { class: 'gutter', title: m.at.full }, m.at.time.replace(/ [AP]M$/, '')) : avatar(m.name, bot),
    h('div', { class: 'said' },
      m.for && h('p', { class: 'for' }, m.quote ? `${m.for}: ${m.quote}` : m.for),
      !joins && head(m.name, m.role, m.at, bot),
      m.text && h('p', { class: 'words' }, mentions(m.text)),
      m.card && drawCard(m.card, (press) => on.click(press, { message: m })),
      m.edited && h('p', { class: 'edited' }, 'updated')),
    mine && h('button', {
      type: 'button', class: 'icon-button delete', 'aria-label': 'Delete this message of mine', title: 'Delete', onclick: () => on.remove(m),
    }, icon('trash', 16)));
}

/** Words with "@Rounds" marked. */
function mentions(text) {
  return text.split(/(@rounds\b)/i).map((part, i) => (i % 2 === 1 ? h('span', { class: 'mention' }, part) : part));
}

function privateEntry(e, on) {
  return {
    key: e.key,
    version: e.version,
    draw: () => h('article', { class: 'message private', 'aria-label': e.at ? `Rounds to you alone, ${e.at.time}` : 'To you alone' },
      avatar('Rounds', true),
      h('div', { class: 'said' },
        head('Rounds', '', e.at, true, privateMark(),
          h('button', { type: 'button', class: 'icon-button', 'aria-label': 'Dismiss this answer', title: 'Dismiss', onclick: () => on.dismiss(e) }, icon('close', 15))),
        e.typed && h('p', { class: 'typed' }, h('span', { class: 'visually-hidden' }, 'You typed '), e.typed),
        drawCard(e.card, (press) => on.click(press, { entry: e })))),
  };
}

function homeEntry(on) {
  const home = state.home.get(state.as);
  if (!home) return { key: 'home', version: 'wait', draw: () => h('p', { class: 'wait' }, 'Reading your day…') };
  if (home.error) {
    return {
      key: 'home', version: home.error, draw: () => h('div', { class: 'empty' }, h('p', {}, home.error),
        h('button', { type: 'button', class: 'button', onclick: on.home }, 'Try again')),
    };
  }
  return {
    key: 'home',
    version: home.version,
    draw: () => h('article', { class: 'message home', 'aria-label': 'My day' },
      h('div', { class: 'said' },
        privateMark(),
        drawCard(home.card, (press) => on.click(press, { home: true })))),
  };
}

function emptyEntry(on) {
  const room = state.rooms.find((r) => r.id === state.place);
  const direct = room && room.direct;
  const examples = on.examples(direct);
  return {
    key: `empty-${state.place}`,
    version: 0,
    draw: () => h('div', { class: 'empty' },
      h('img', { src: '/web/assets/mark.svg', alt: '', width: '44', height: '44' }),
      h('h2', {}, direct ? 'This is between you and Rounds' : `Nothing has been said in ${room ? room.name : 'this room'} yet`),
      h('p', {}, direct
        ? 'Ask a question in your own words, or start with a slash. Answers about people are shown to you and are not stored.'
        : 'Agendas and digests appear here by themselves. Everybody in the room sees what is written; what you ask with a slash only you see.'),
      examples.length > 0 && h('div', { class: 'examples' }, h('p', { class: 'examples-title' }, 'Try'),
        h('ul', { role: 'list' }, examples.map(({ text, note }) => h('li', {},
          h('button', { type: 'button', class: 'chip', onclick: () => on.fill(text) }, text),
          h('span', {}, note)))))),
  };
}
