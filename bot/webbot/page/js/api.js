// Talks with the server: JSON over fetch, and one event stream.

/** An answer of the server that says no; its message is a sentence for the person. */
export class Refused extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

export const uuid = () => {
  if (crypto.randomUUID) return crypto.randomUUID();
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 0x0f) | 0x40;
  b[8] = (b[8] & 0x3f) | 0x80;
  const hex = [...b].map((x) => x.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};

/** Names this open page, so that a late private answer finds it and no other. */
export const page = uuid();

const lost = 'Rounds does not answer. Is it still running? What you typed is kept.';
const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

async function read(response) {
  let body = null;
  try {
    body = await response.json();
  } catch {
    // No JSON: the status alone has to say it.
  }
  if (response.ok && body !== null) return body;
  throw new Refused((body && body.error) || lost, response.status);
}

export async function get(path, params = {}, signal = undefined) {
  const query = new URLSearchParams(params).toString();
  let response;
  try {
    response = await fetch(`/web/${path}${query ? `?${query}` : ''}`, { signal });
  } catch (err) {
    if (err.name === 'AbortError') throw err;
    throw new Refused(lost, 0);
  }
  return read(response);
}

/**
 * Sends an action. When no answer comes it is sent again with the same id, and the server
 * does it once; so a lost connection changes nothing twice.
 */
export async function post(path, body, { tries = 4, signal = undefined } = {}) {
  const text = JSON.stringify({ id: uuid(), page, ...body });
  for (let i = 1; ; i++) {
    try {
      return await read(await fetch(`/web/${path}`, {
        method: 'POST', headers: { 'Content-Type': 'application/json' }, body: text, signal,
      }));
    } catch (err) {
      if (err.name === 'AbortError') throw err;
      const again = !(err instanceof Refused) || err.status === 503;
      if (!again) throw err;
      if (i >= tries) throw err instanceof Refused ? err : new Refused(lost, 0);
      await pause(250 * 3 ** (i - 1));
    }
  }
}

/**
 * Listens to what others do. The browser reconnects by itself after a broken line; where it gives
 * up (the server said no, or is away) this tries again. A page that is hidden for a minute lets go
 * of its line, because browsers allow only six to one server.
 */
export class Live {
  constructor(as, handlers) {
    this.as = as;
    this.handlers = handlers;
    this.wait = 500;
    this.closed = false;
    this.onVisibility = () => {
      clearTimeout(this.sleep);
      if (document.hidden) this.sleep = setTimeout(() => this.drop(), 60000);
      else if (!this.source) this.open();
    };
    document.addEventListener('visibilitychange', this.onVisibility);
    this.open();
  }

  open() {
    if (this.closed) return;
    this.drop();
    const source = new EventSource(`/web/live?${new URLSearchParams({ as: this.as, page })}`);
    this.source = source;
    source.addEventListener('hello', () => {
      this.wait = 500;
      clearTimeout(this.notice);
      this.handlers.up();
    });
    for (const name of ['message', 'gone', 'home', 'answer', 'clock']) {
      source.addEventListener(name, (e) => this.handlers[name](JSON.parse(e.data)));
    }
    source.onerror = () => {
      if (source !== this.source || this.closed) return;
      clearTimeout(this.notice);
      this.notice = setTimeout(() => this.handlers.down(), 1200); // a blink needs no notice
      if (source.readyState === EventSource.CLOSED) {
        this.drop();
        this.retry = setTimeout(() => this.open(), this.wait);
        this.wait = Math.min(this.wait * 2, 8000);
      }
    };
  }

  drop() {
    clearTimeout(this.retry);
    if (this.source) this.source.close();
    this.source = null;
  }

  close() {
    this.closed = true;
    clearTimeout(this.notice);
    clearTimeout(this.sleep);
    document.removeEventListener('visibilitychange', this.onVisibility);
    this.drop();
  }
}
