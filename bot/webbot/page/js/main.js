// Puts the page together: who I am, where, what is said there, and what comes of pressing things.
import { $, toast } from './dom.js';
import { get, post, uuid, Live } from './api.js';
import {
  state, HOME, directID, roomOf, history, privates, addPrivate, dropPrivate, posted, keepAs, lastAs, markRead, keepDraft, draft,
} from './state.js';
import { drawLog, toEnd, start as startLog } from './log.js';
import { openForm } from './forms.js';
import * as side from './side.js';
import * as composer from './composer.js';
import * as clock from './clock.js';

let live = null;
let waiting = 0; // calls under way
const late = new Map(); // call id -> what to do with an answer that comes by the stream

const on = {
  click: (press, from) => act({ kind: 'click', ...press, message: from.message ? from.message.id : '' }, from),
  home: readHome,
  older: readOlder,
  dismiss(entry) {
    dropPrivate(state.as, state.place, entry);
    draw();
    $('message').focus();
  },
  async remove(message) {
    const room = state.place;
    try {
      await post('delete', { as: state.as, room, message: message.id });
      gone({ room, id: message.id });
      $('message').focus();
    } catch (err) {
      toast(err.message, { error: true });
    }
  },
  fill: composer.fill,
  examples(direct) {
    const all = state.hello.commands.map((c) => ({ open: c.subs.find((s) => s.example), c })).filter((x) => x.open);
    return all.slice(0, direct ? 5 : 3).map((x) => ({ text: x.open.example, note: x.open.summary || x.c.summary }));
  },
};

const draw = (how) => drawLog(on, how);

function remember(room, message) {
  const h = history(room);
  const had = h.messages.get(message.id);
  const version = had ? (had.version || 0) + (JSON.stringify({ ...had, version: 0 }) === JSON.stringify({ ...message, version: 0 }) ? 0 : 1) : 0;
  h.messages.set(message.id, { ...message, version });
  const info = state.rooms.find((r) => r.id === room);
  if (info && message.id > (info.last || '')) info.last = message.id;
}

function seen() {
  const room = state.rooms.find((r) => r.id === state.place);
  if (room && room.last && !document.hidden) markRead(room.id, room.last);
  side.drawSide();
}

/** Reads the newest page of the room on show; what one has read before stays. */
async function readRoom(room) {
  if (room === HOME) {
    await readHome();
    return;
  }
  const as = state.as;
  try {
    const got = await get('messages', { as, room });
    if (as !== state.as) return;
    const h = history(room);
    const ids = new Set(got.messages.map((m) => m.id));
    const oldest = got.messages.length ? got.messages[0].id : '';
    // What was deleted while the line was down is gone; older pages that were read stay.
    for (const id of [...h.messages.keys()]) if (!ids.has(id) && (id > oldest || !got.more)) h.messages.delete(id);
    for (const m of got.messages) remember(room, m);
    if (!h.loaded || !got.more) h.more = got.more;
    h.loaded = true;
    if (room === state.place) {
      draw();
      seen();
    }
  } catch (err) {
    toast(err.message, { error: true, action: { label: 'Try again', run: () => readRoom(room) } });
  }
}

async function readOlder() {
  const room = state.place;
  const all = posted(room);
  try {
    const got = await get('messages', { as: state.as, room, before: all.length ? all[0].id : '' });
    for (const m of got.messages) remember(room, m);
    history(room).more = got.more;
    if (room === state.place) draw({ older: true });
  } catch (err) {
    toast(err.message, { error: true });
  }
}

async function readHome() {
  const as = state.as;
  let home;
  try {
    const { answer } = await post('act', { as, kind: 'home' });
    home = answer.card ? { card: answer.card, at: answer.at } : { error: 'There is nothing to show here yet.' };
  } catch (err) {
    home = { error: err.message };
  }
  setHome(as, home);
}

function setHome(as, home) {
  const had = state.home.get(as);
  const same = had && JSON.stringify(had.card) === JSON.stringify(home.card) && had.error === home.error;
  state.home.set(as, { ...home, version: had ? had.version + (same ? 0 : 1) : 0 });
  if (as === state.as && state.place === HOME) draw();
}

let homeSoon = 0;
function refreshHome() {
  if (state.place !== HOME) return;
  clearTimeout(homeSoon);
  homeSoon = setTimeout(readHome, 200);
}

function working(change) {
  waiting += change;
  clearTimeout(working.timer);
  const box = $('working');
  // A quick answer needs no notice.
  if (waiting > 0) working.timer = setTimeout(() => { box.textContent = 'Rounds is working on it…'; }, 350);
  else box.textContent = '';
}

/** Sends an action and shows its answer. Resolves when it was answered; never rejects. */
async function act(action, from = {}) {
  try {
    await send(action, from);
  } catch (err) {
    toast(err.message, { error: true });
  }
}

async function send(action, from) {
  const where = { as: state.as, place: state.place };
  const id = uuid();
  working(1);
  try {
    const got = await post('act', { id, as: where.as, room: roomOf(where.place), ...action });
    if (got.posted) {
      remember(roomOf(where.place), got.posted);
      if (where.as === state.as) draw();
    }
    if (got.answer.kind === 'later') {
      late.set(`web:${id}`, (answer) => apply(answer, from, where));
      return null;
    }
    return apply(got.answer, from, where);
  } finally {
    working(-1);
    clock.refresh();
  }
}

/** Shows an answer. Gives back field errors for the form that asked, or null. */
function apply(answer, from, where) {
  const here = where.as === state.as && where.place === state.place;
  switch (answer.kind) {
    case 'private':
      addPrivate(where.as, where.place, { card: answer.card, at: answer.at, typed: from.typed });
      break;
    case 'home':
      setHome(where.as, answer);
      break;
    case 'update':
      update(answer, from, where);
      break;
    case 'said':
      remember(answer.room, answer.message);
      if (where.place === HOME && here) go(where.as, answer.room);
      break;
    case 'form':
      openForm(answer.form, (fields) => send({ kind: 'submit', button: answer.form.id, fields }, from));
      break;
    case 'errors':
      return answer.errors || {};
    default:
  }
  if (here) {
    draw();
    if (answer.kind === 'private') toEnd();
    if (answer.kind !== 'home') refreshHome();
  }
  return null;
}

/** Replaces the card that was pressed: a posted one, one that only I see, or my day. */
function update(answer, from, where) {
  if (answer.message) remember(answer.room, answer.message);
  else if (from.entry && privates(where.as, where.place).includes(from.entry)) {
    from.entry.card = answer.card;
    from.entry.version += 1;
  } else if (from.home) setHome(where.as, answer);
  else addPrivate(where.as, where.place, { card: answer.card, at: answer.at });
}

/** Sends what was typed. What could not be sent comes back into the box. */
async function typed({ text, shown }) {
  const slash = text.startsWith('/');
  if (!slash && state.place === HOME) await go(state.as, directID());
  const { as, place } = state;
  toEnd();
  try {
    await send({ kind: 'typed', text }, { typed: slash ? shown : '' });
  } catch (err) {
    const again = { label: 'Put it back', run: () => composer.fill(shown) };
    if (as === state.as && place === state.place && composer.isEmpty()) composer.fill(shown);
    else if (draft(as, place) === '') keepDraft(as, place, shown);
    toast(err.message, { error: true, action: composer.isEmpty() ? again : null });
  }
}

function gone({ room, id }) {
  const { messages } = history(room);
  messages.delete(id);
  for (const m of messages.values()) {
    if (m.about === id) Object.assign(m, { quote: '', version: (m.version || 0) + 1 });
  }
  if (room === state.place) draw();
}

function listen() {
  if (live) live.close();
  let first = true;
  live = new Live(state.as, {
    up() {
      $('offline').textContent = '';
      if (!first) refreshAll();
      first = false;
    },
    down() { $('offline').textContent = 'Connection lost. Reconnecting…'; },
    message({ room, message }) {
      remember(room, message);
      if (room === state.place) draw();
      seen();
    },
    gone,
    home({ card }) { setHome(state.as, { card }); },
    answer({ call, answer }) {
      const then = late.get(call);
      late.delete(call);
      if (then && then(answer)) toast('That form could not be used. Please open it again.', { error: true });
    },
    clock(c) {
      clock.show(c);
      refreshHome();
    },
  });
}

async function readRooms() {
  const as = state.as;
  const { rooms } = await get('rooms', { as });
  if (as === state.as) state.rooms = rooms;
}

async function refreshAll() {
  try {
    await readRooms();
  } catch {
    return; // the next try of the stream comes back here
  }
  clock.refresh();
  await readRoom(state.place);
  seen();
}

/** Goes to a place as a persona. The address bar follows, so that one can come back or open a second tab. */
async function go(as, place) {
  const address = side.address(as, place);
  if (location.hash !== address) window.history.pushState(null, '', address);
  await enter(as, place);
}

async function enter(as, place) {
  const other = as !== state.as;
  state.as = as;
  keepAs(as);
  if (other) {
    state.rooms = [];
    state.history.clear(); // rooms of another persona may not be mine
    listen();
    try {
      await readRooms();
    } catch (err) {
      toast(err.message, { error: true, action: { label: 'Try again', run: () => location.reload() } });
    }
    if (state.as !== as) return;
  }
  const exists = (place === HOME && state.hello.home) || state.rooms.some((r) => r.id === place);
  state.place = exists ? place : state.hello.home ? HOME : directID();
  const room = state.rooms.find((r) => r.id === state.place);
  side.drawHead();
  seen();
  composer.enter(room && !room.direct ? `Message ${room.name}, or type / for commands` : 'Ask, or type / for commands');
  draw();
  await readRoom(state.place);
}

function fromAddress() {
  const [, as, place] = location.hash.split('/').map(decodeURIComponent);
  const known = (id) => state.hello.personas.some((p) => p.id === id);
  const who = [as, lastAs()].find((id) => id && known(id)) || state.hello.personas[0]?.id;
  return { as: who, place: (as === who && place) || HOME };
}

async function begin() {
  try {
    state.hello = await get('hello');
  } catch (err) {
    toast(err.message, { error: true, action: { label: 'Try again', run: () => location.reload() } });
    return;
  }
  $('district').textContent = state.hello.district || '';
  if (state.hello.personas.length === 0) {
    toast('Nobody is on the roster yet: there is no one to be.', { error: true });
    return;
  }
  side.start();
  side.drawWho((as) => go(as, state.place === HOME || state.place === directID() ? (state.place === HOME ? HOME : `dm-${as}`) : state.place));
  composer.start(typed);
  clock.start(() => {
    draw();
    refreshHome();
  });
  startLog();
  document.addEventListener('visibilitychange', seen);
  window.addEventListener('popstate', () => {
    const { as, place } = fromAddress();
    enter(as, place);
  });
  document.querySelector('.skip').addEventListener('click', (e) => {
    e.preventDefault(); // the address says who and where, not which element
    $('message').focus();
  });
  const { as, place } = fromAddress();
  window.history.replaceState(null, '', side.address(as, place));
  await enter(as, place);
  document.body.dataset.ready = 'true';
}

begin();
