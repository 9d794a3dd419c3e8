// Works out what could come next in a line that is being typed. It is pure: the composer shows what
// it says, and asks the server for what only the server knows (names, teams, focus areas).

const starts = (s, typed) => s.toLowerCase().startsWith(typed.toLowerCase());
const people = (kind) => kind === 'people' || kind === 'person';
const asked = (kind) => people(kind) || kind === 'team' || kind === 'focus' || kind === 'text';

/** The command of a line, its subcommand and the options that are not yet given. */
export function reading(text, commands) {
  const m = /^\/(\S+)(\s*)([\s\S]*)$/.exec(text);
  if (!m) return null;
  const name = m[1].toLowerCase();
  const command = commands.find((c) => c.name === name || (c.aliases || []).includes(name));
  if (!command) return null;
  const line = m[3];
  const word = (/^\S+/.exec(line) || [''])[0].toLowerCase();
  const named = command.subs.find((s) => s.name && s.name === word);
  const sub = named || command.subs[0] || { name: '', options: [] };
  const given = new Set();
  for (const key of line.matchAll(/(?:^|\s)([\p{L}_-]+):/gu)) {
    const o = find(sub, key[1]);
    if (o) given.add(o.name);
  }
  return { command, sub, named: Boolean(named), line, start: text.length - line.length, given, spaced: m[2] !== '' };
}

function find(sub, key) {
  const k = key.toLowerCase();
  return (sub.options || []).find((o) => o.name === k || (o.aliases || []).includes(k));
}

/**
 * What to suggest at the caret: {title, from, items, active, ask}. from is where the text that an
 * item replaces begins; ask, where set, is what to ask the server for. active is -1 where Enter
 * is to send the line as it stands.
 */
export function suggest(text, caret, hello) {
  const before = text.slice(0, caret);
  if (!before.startsWith('/')) return mentioned(before, hello);
  const command = /^\/(\S*)$/.exec(before);
  if (command) return commandNames(command[1], hello.commands);
  const r = reading(before, hello.commands);
  if (!r) return null;
  const word = (/\S*$/.exec(before) || [''])[0];
  const from = caret - word.length;
  const open = openOption(r, before);
  const query = (focus, typed, at) => (r.command.ask && focus
    ? { command: r.command.name, line: r.line, sub: r.sub.name, focus, typed, from: at } : null);

  if (word.startsWith('@')) {
    const o = open && people(open.option.kind) ? open.option : (r.sub.options || []).find((x) => people(x.kind));
    const ask = query(o && o.name, word.slice(1), from);
    return { title: 'People', from, items: ask ? [] : persons(word.slice(1), hello), active: 0, ask };
  }
  if (open) return optionValue(r, open, word, from, query, hello);

  const firstWord = from === r.start;
  const items = [];
  if (firstWord) {
    for (const s of r.command.subs) {
      if (s.name && s.name !== word && starts(s.name, word)) items.push({ label: s.name, note: s.summary, insert: `${s.name} ` });
    }
  }
  if (word.length > 0) items.push(...keys(r, word));
  const bare = (r.sub.options || []).find((o) => o.bare && people(o.kind));
  const ask = bare && word.length > 1 && firstAfterSub(r, from) ? query(bare.name, word, from) : null;
  if (items.length === 0 && !ask) return null;
  return { title: firstWord ? `/${r.command.name}` : 'Options', from, items, active: -1, ask };
}

const firstAfterSub = (r, from) => {
  const skip = r.named ? r.sub.name.length : 0;
  return r.line.slice(skip, from - r.start).trim() === '';
};

function commandNames(typed, commands) {
  const items = commands
    .filter((c) => starts(c.name, typed) || (c.aliases || []).some((a) => starts(a, typed)))
    .map((c) => ({ label: `/${c.name}`, hint: c.hint, note: c.summary, insert: `/${c.name} ` }));
  const exact = commands.some((c) => c.name === typed.toLowerCase());
  return items.length ? { title: 'Commands', from: 0, items, active: exact ? -1 : 0 } : null;
}

/** The option whose value is being typed: the last "key:" before the caret that the subcommand knows. */
function openOption(r, before) {
  let open = null;
  for (const m of before.matchAll(/(^|\s)([\p{L}_-]+):/gu)) {
    const option = find(r.sub, m[2]);
    const at = m.index + m[0].length;
    if (option && at > r.start) open = { option, at, value: before.slice(at) };
  }
  return open;
}

function optionValue(r, open, word, from, query, hello) {
  const { option, at } = open;
  const typed = open.value.trimStart();
  const begin = at + open.value.length - typed.length;
  const fit = (list) => list.filter((x) => starts(x, typed)).map((x) => ({ label: x, insert: `${x} ` }));
  const base = { title: `${option.name}: ${option.help || ''}`.trim(), from: begin, active: -1 };
  const others = word.length > 1 && word !== typed ? keys(r, word).map((x) => ({ ...x, from })) : [];
  switch (option.kind) {
    case 'choice':
      return some({
        ...base,
        items: [...(option.choices || []).filter((c) => starts(c.label, typed) || starts(c.value, typed))
          .map((c) => ({ label: c.label, note: c.note, insert: `${c.value} ` })), ...others],
      });
    case 'date':
      return some({ ...base, items: [...fit(['today', 'tomorrow', 'fri', 'next mon', 'in 2 weeks']), ...others] });
    case 'minutes':
      return some({ ...base, items: [...fit(['5m', '10m', '15m', '20m', '30m']), ...others] });
    case 'text':
      if (!r.command.ask || typed.includes(' ')) return some({ ...base, items: others });
      return { ...base, items: others, ask: query(option.name, typed, begin) };
    default:
      if (!asked(option.kind)) return null;
      return {
        ...base,
        items: r.command.ask || !people(option.kind) ? others : persons(typed, hello),
        ask: query(option.name, typed, begin),
      };
  }
}

const some = (s) => (s.items.length > 0 ? s : null);

function keys(r, word) {
  return (r.sub.options || [])
    .filter((o) => !r.given.has(o.name) && starts(`${o.name}:`, word))
    .map((o) => ({ label: `${o.name}:`, note: o.help, insert: `${o.name}:` }));
}

/** People of this page by name or handle, where no command is asked. */
export function persons(typed, hello, n = 8) {
  const t = typed.toLowerCase();
  return hello.personas
    .filter((p) => p.name.toLowerCase().split(/\s+/).some((w) => w.startsWith(t)) || p.handle.toLowerCase().startsWith(t))
    .slice(0, n)
    .map((p) => ({ label: p.name, note: [p.role, p.campus].filter(Boolean).join(', '), insert: `@${p.handle} ` }));
}

function mentioned(before, hello) {
  const m = /(?:^|\s)@([\p{L}\p{N}._-]*)$/u.exec(before);
  if (!m) return null;
  const items = persons(m[1], hello, 6);
  if (starts('rounds', m[1])) items.unshift({ label: 'Rounds', note: 'asks the bot', insert: '@Rounds ' });
  return items.length ? { title: 'Mention', from: before.length - m[1].length - 1, items, active: 0 } : null;
}

/**
 * What a choice of the server puts into the line. Somebody on this page is written by handle;
 * other choices by their label, and sent, the composer remembers, as the value the server gave.
 */
export function chosen(choice, option, hello) {
  const same = hello.personas.filter((p) => p.name === choice.label);
  if (people(option) && same.length === 1) return { shown: `@${same[0].handle}`, value: null };
  const shown = /^[^\s"]+$/.test(choice.label) ? choice.label : `"${choice.label.replaceAll('"', '')}"`;
  return { shown, value: choice.value };
}

export function optionKind(text, command, focus, commands) {
  const r = reading(text, commands);
  const o = r && r.command.name === command && find(r.sub, focus);
  return o ? o.kind : '';
}
