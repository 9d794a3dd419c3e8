// What this page knows. Posted messages come from the server and can be read again; private
// answers live only here, each with the persona and place it was given to, until the page is closed.

export const HOME = 'home'; // the place "My day"; no room of the server

export const state = {
  hello: null, // personas, commands, limits
  as: '', // who I am
  place: '', // a room's id, or HOME
  rooms: [],
  history: new Map(), // room id -> {messages: Map id -> message, more, loaded}
  privates: new Map(), // persona + place -> entries
  home: new Map(), // persona -> {card, at} or {error}
  clock: null,
};

export const me = () => state.hello.personas.find((p) => p.id === state.as);
export const directID = () => `dm-${state.as}`;

/** The room where what is said at a place goes. */
export const roomOf = (place) => (place === HOME ? directID() : place);

export function history(room) {
  if (!state.history.has(room)) state.history.set(room, { messages: new Map(), more: false, loaded: false });
  return state.history.get(room);
}

const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
export const posted = (room) => [...history(room).messages.values()].sort((a, b) => order(a.id, b.id));

export function privates(as, place) {
  const key = `${as}\n${place}`;
  if (!state.privates.has(key)) state.privates.set(key, []);
  return state.privates.get(key);
}

let count = 0;

/** Adds something that only I see, after the newest posted message of now. */
export function addPrivate(as, place, entry) {
  const all = posted(place);
  const full = {
    key: `private-${++count}`, version: 0, anchor: all.length ? all[all.length - 1].id : '', ...entry,
  };
  privates(as, place).push(full);
  return full;
}

export function dropPrivate(as, place, entry) {
  const list = privates(as, place);
  const i = list.indexOf(entry);
  if (i >= 0) list.splice(i, 1);
}

/** What stands at a place, in order: posted messages and what only I see between them. */
export function timeline(place) {
  const mine = privates(state.as, place);
  if (place === HOME) return mine.map((entry) => ({ kind: 'private', entry }));
  const out = [];
  let i = 0;
  const until = (id) => {
    while (i < mine.length && (id === null || mine[i].anchor < id)) {
      out.push({ kind: 'private', entry: mine[i] });
      i += 1;
    }
  };
  for (const message of posted(place)) {
    until(message.id);
    out.push({ kind: 'message', message });
  }
  until(null);
  return out;
}

// What was read and typed is kept by this browser, and only there: reading marks over visits, drafts in
// this tab. Where storage is off both live as long as the page.
const memory = new Map();
const kept = (area) => ({
  get(key) {
    try {
      return area().getItem(key);
    } catch {
      return memory.get(key) ?? null;
    }
  },
  set(key, value) {
    try {
      if (value === '') area().removeItem(key);
      else area().setItem(key, value);
    } catch {
      memory.set(key, value);
    }
  },
});
const browser = kept(() => localStorage);
const tab = kept(() => sessionStorage);

export const draft = (as, place) => tab.get(`rounds.draft.${as}.${place}`) || '';
export const keepDraft = (as, place, text) => tab.set(`rounds.draft.${as}.${place}`, text);

export const lastAs = () => tab.get('rounds.as') || browser.get('rounds.as') || '';
export function keepAs(as) {
  tab.set('rounds.as', as);
  browser.set('rounds.as', as);
}

export const unread = (room) => Boolean(room.last) && room.last > (browser.get(`rounds.read.${state.as}.${room.id}`) || '');
export function markRead(room, id) {
  if (id && id > (browser.get(`rounds.read.${state.as}.${room}`) || '')) browser.set(`rounds.read.${state.as}.${room}`, id);
}
