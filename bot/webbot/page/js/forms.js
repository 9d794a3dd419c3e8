// A form of the bot, as a dialog. What is typed stays until it is sent or thrown away on purpose.
import { h, busy, isBusy, newID, icon } from './dom.js';
import { drawField } from './fields.js';
import { confirm } from './cards.js';

/**
 * Opens a form on top of what is there. submit(fields) sends it and resolves to null when it was
 * taken, or to {field: sentence} to show beside the fields.
 */
export function openForm(form, submit) {
  const titleID = newID('form');
  const before = document.activeElement;
  const fields = form.fields.map(drawField);
  const summary = h('p', { class: 'form-problem', role: 'alert' });
  const send = h('button', { type: 'submit', class: 'button primary' }, form.submit);
  const initial = () => JSON.stringify(fields.map((f) => f.values()));

  const leave = async () => {
    if (isBusy(send)) return;
    if (initial() !== untouched
      && !(await confirm('Close this form and lose what you filled in?', { label: 'Close it', style: 'danger', cancel: 'Keep editing' }))) return;
    dialog.close();
  };

  const body = h('form', {
    class: 'form', novalidate: true,
    onsubmit: async (e) => {
      e.preventDefault();
      if (isBusy(send)) return;
      const early = {};
      for (const f of fields) {
        const problem = f.check();
        if (problem) early[f.name] = problem;
      }
      if (show(early)) return;
      const done = busy(send);
      try {
        const values = {};
        for (const f of fields) values[f.name] = f.values();
        const errors = await submit(values);
        if (errors === null) dialog.close();
        else show(errors);
      } catch (err) {
        summary.textContent = err.message; // nothing is lost: it can be sent again
      } finally {
        done();
      }
    },
  },
  h('div', { class: 'dialog-head' },
    h('h2', { id: titleID }, form.title),
    h('button', { type: 'button', class: 'icon-button', 'aria-label': 'Close', onclick: leave }, icon('close'))),
  h('div', { class: 'dialog-body' },
    form.intro && h('p', { class: 'form-intro' }, form.intro),
    summary,
    fields.map((f) => f.el)),
  h('div', { class: 'dialog-foot' },
    h('p', { class: 'form-private' }, icon('lock', 14), 'Only you can see this form'),
    h('button', { type: 'button', class: 'button', onclick: leave }, 'Cancel'), send));

  const dialog = h('dialog', { class: 'dialog', 'aria-labelledby': titleID }, body);
  const untouched = initial();

  /** Shows problems beside their fields and goes to the first; false if there are none. */
  function show(errors) {
    let first = null;
    const others = [];
    for (const f of fields) {
      f.complain(errors[f.name] || '');
      if (errors[f.name] && !first) first = f;
    }
    for (const [name, sentence] of Object.entries(errors)) {
      if (!fields.some((f) => f.name === name)) others.push(sentence);
    }
    const n = Object.keys(errors).length;
    summary.textContent = others.join(' ') || (n === 0 ? '' : n === 1 ? 'One field needs another look.' : `${n} fields need another look.`);
    if (first) first.focus();
    return n > 0;
  }

  dialog.addEventListener('cancel', (e) => {
    e.preventDefault();
    leave();
  });
  dialog.addEventListener('close', () => {
    dialog.remove();
    if (before && before.isConnected) before.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  if (fields.length > 0) fields[0].focus();
}
