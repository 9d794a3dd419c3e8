// The demo's clock in the header: what time it is there, what comes next, and jumping ahead.
import { h, $, icon, busy, isBusy } from './dom.js';
import { get, post } from './api.js';
import { state } from './state.js';
import { address } from './side.js';

let onMoved = () => {};
let soon = 0;

export function start(moved) {
  onMoved = moved;
  if (!state.hello.demo) return;
  $('clock').hidden = false;
  $('made-up').hidden = false;
  const toggle = $('clock-toggle');
  toggle.hidden = false;
  toggle.append(icon('clock', 20));
  toggle.addEventListener('click', () => {
    const open = document.body.classList.toggle('jumping');
    toggle.setAttribute('aria-expanded', String(open));
    if (open) $('jump-to').focus();
  });
  $('next').addEventListener('click', () => move('clock/next', {}, $('next')));
  $('jump').addEventListener('submit', (e) => {
    e.preventDefault();
    const to = $('jump-to').value.trim();
    if (to === '') {
      problem('Type a time to jump to, such as fri 3pm.');
      return;
    }
    move('clock/jump', { to }, $('jump').querySelector('button'));
  });
  $('jump-to').addEventListener('input', () => problem(''));
  setInterval(() => { if (!document.hidden) read(false); }, 20000); // demo time may run by itself
  read(true);
}

function problem(sentence) {
  $('jump-error').textContent = sentence;
  if (sentence) $('jump-to').setAttribute('aria-invalid', 'true');
  else $('jump-to').removeAttribute('aria-invalid');
}

async function read(next) {
  try {
    show(await get('clock', next ? { next: 1 } : {}), next);
  } catch {
    // The notice about the lost connection says it.
  }
}

/** What comes next may have changed with what was just done; asks soon, and once for many changes. */
export function refresh() {
  if (!state.hello.demo) return;
  clearTimeout(soon);
  soon = setTimeout(() => read(true), 300);
}

export function show(clock, next = true) {
  const day = state.clock && state.clock.now.date;
  state.clock = clock;
  $('now').textContent = clock.now.full;
  $('now').title = clock.zone;
  if (next) {
    const what = $('next-what');
    const text = clock.next ? `Next: ${clock.next.what} · ${clock.next.at}` : 'Nothing more is planned.';
    what.textContent = text;
    what.title = text;
  }
  if (day !== clock.now.date) onMoved();
}

async function move(path, body, button) {
  if (isBusy(button)) return;
  const done = busy(button);
  problem('');
  try {
    const got = await post(path, { as: state.as, ...body });
    $('jump-to').value = '';
    show(got.clock);
    happened(got);
    onMoved();
  } catch (err) {
    if (path === 'clock/jump') problem(err.message);
    else happened({ what: [err.message], landed: [], failed: true });
  } finally {
    done();
  }
}

/** Says what happened and leads there, also where it happened to somebody else. */
function happened({ what, landed, clock, failed }) {
  const box = $('happened');
  const close = h('button', {
    type: 'button', class: 'icon-button', 'aria-label': 'Dismiss what happened', onclick: () => box.replaceChildren(),
  }, icon('close', 16));
  const title = failed ? 'The clock did not move' : clock ? `It is now ${clock.now.day}, ${clock.now.time}` : '';
  const lines = what.length > 0 ? what : ['Nothing was due until then.'];
  box.replaceChildren(h('div', { class: failed ? 'panel failed' : 'panel' },
    icon('clock', 18),
    h('div', { class: 'panel-words' },
      h('p', {}, h('strong', {}, title)),
      lines.length === 1 ? h('p', {}, lines[0]) : h('ul', {}, lines.slice(-8).map((x) => h('li', {}, x))),
      lines.length > 8 && h('p', {}, `and ${lines.length - 8} more before`),
      landed.length > 0 && h('p', { class: 'landed' }, landed.slice(0, 6).map((l) => h('a', {
        class: 'button small', href: address(l.as, l.room), onclick: () => box.replaceChildren(),
      }, l.as === state.as ? `Open ${l.name}` : `See it as ${l.who} in ${l.name}`)))),
    close));
}
