/*
 * What every page needs: display choices, messages, questions before what cannot be undone, drafts, and tables on phones.
 *
 *   <form data-confirm="Câu hỏi?" data-confirm-yes="Đóng vụ việc">   asks before it is sent
 *   <form data-draft="ten">                                           keeps what was typed when a session ran out
 *   <button data-copy="text">                                         copies and says so
 *   <button data-print>                                               prints the page
 *   <form data-auto-submit>                                           sends itself when a choice changes
 */

const root = document.documentElement;
const SIZES = ['-1', '0', '1', '2', '3'];
const MESSAGE_SHOWN_MS = 8000;

function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // storage may be forbidden: the choice then lasts as long as the page
  }
}

/* --- display choices --- */
function announce(text) {
  const place = document.getElementById('announcer');
  if (place) place.textContent = text;
}

const SIZE_NAMES = {'-1': 'nhỏ', '0': 'thường', '1': 'lớn', '2': 'rất lớn', '3': 'lớn nhất'};
function setTextSize(size) {
  root.dataset.text = size;
  remember('by-text', size);
  for (const button of document.querySelectorAll('[data-text-step]')) {
    const at = SIZES.indexOf(size);
    button.disabled = (button.dataset.textStep === '-1' && at === 0) || (button.dataset.textStep === '1' && at === SIZES.length - 1);
  }
}

function stepTextSize(step) {
  const at = Math.max(0, SIZES.indexOf(root.dataset.text));
  const size = step === 0 ? '0' : SIZES[Math.min(SIZES.length - 1, Math.max(0, at + step))];
  setTextSize(size);
  announce(`Cỡ chữ ${SIZE_NAMES[size]}.`);
}

function setPressed(selector, on) {
  for (const button of document.querySelectorAll(selector)) button.setAttribute('aria-pressed', String(on));
}

function toggleContrast() {
  const more = root.dataset.contrast !== 'more';
  root.dataset.contrast = more ? 'more' : 'normal';
  remember('by-contrast', root.dataset.contrast);
  setPressed('[data-contrast-toggle]', more);
  announce(more ? 'Đã bật tương phản cao.' : 'Đã tắt tương phản cao.');
}

function toggleTheme() {
  const dark = root.dataset.bsTheme !== 'dark';
  root.dataset.bsTheme = dark ? 'dark' : 'light';
  remember('by-theme', root.dataset.bsTheme);
  setPressed('[data-theme-toggle]', dark);
  announce(dark ? 'Đã chuyển sang nền tối.' : 'Đã chuyển sang nền sáng.');
}

/* --- messages --- */
function shelveMessage(message) {
  const close = () => message.remove();
  message.querySelector('[data-close]')?.addEventListener('click', close);
  if (message.getAttribute('role') === 'alert') return; // an error stays until it has been read
  let timer = setTimeout(close, MESSAGE_SHOWN_MS);
  message.addEventListener('pointerenter', () => clearTimeout(timer));
  message.addEventListener('focusin', () => clearTimeout(timer));
  message.addEventListener('pointerleave', () => (timer = setTimeout(close, MESSAGE_SHOWN_MS)));
}

/** Shows a sentence as a message; `kind` is "success", "info", "warning" or "error". */
export function say(text, kind = 'info') {
  const template = document.getElementById('message-template');
  const place = document.getElementById('messages');
  if (!template || !place) return;
  const message = template.content.firstElementChild.cloneNode(true);
  message.classList.add(`message-${kind}`);
  message.setAttribute('role', kind === 'error' ? 'alert' : 'status');
  message.querySelector('[data-text]').textContent = text;
  place.append(message);
  shelveMessage(message);
}

/* --- questions --- */
const asked = new WeakSet();

function ask(sentence, yes, then) {
  const dialog = document.getElementById('question');
  dialog.querySelector('[data-question]').textContent = sentence;
  dialog.querySelector('[data-yes]').textContent = yes || 'Đồng ý';
  dialog.returnValue = '';
  dialog.onclose = () => {
    if (dialog.returnValue === 'yes') then();
  };
  dialog.showModal();
}

function askBeforeSubmit(event) {
  const form = event.target;
  const source = event.submitter?.dataset.confirm ? event.submitter : form;
  if (!source.dataset.confirm || asked.has(form)) {
    asked.delete(form);
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  const {submitter} = event;
  ask(source.dataset.confirm, source.dataset.confirmYes, () => {
    asked.add(form);
    form.requestSubmit(submitter);
  });
}

function askBeforeHtmx(event) {
  if (!event.detail.question) return;
  event.preventDefault();
  ask(event.detail.question, event.detail.elt.dataset.confirmYes, () => event.detail.issueRequest(true));
}

/* --- drafts: this tab only, gone when the tab is closed or the form was taken --- */
const draftKey = (form) => `by-draft:${location.pathname}:${form.dataset.draft}`;
const kept = (field) => field.name && !['password', 'file', 'hidden', 'submit', 'button'].includes(field.type);

function fieldsOf(form) {
  return [...form.elements].filter(kept);
}

const valuesOf = (form) => fieldsOf(form).map((field) => [field.name, field.value, field.checked]);

function saveDraft(form, sent = false) {
  sessionStorage.setItem(draftKey(form), JSON.stringify({sent, values: valuesOf(form)}));
}

function fill(form, values) {
  const waiting = [...values];
  for (const field of fieldsOf(form)) {
    const at = waiting.findIndex(([name, value]) => name === field.name && (!['checkbox', 'radio'].includes(field.type) || value === field.value));
    if (at < 0) continue;
    const [[, value, checked]] = waiting.splice(at, 1);
    if (['checkbox', 'radio'].includes(field.type)) field.checked = checked;
    else field.value = value;
    field.dispatchEvent(new Event('input', {bubbles: true}));
  }
}

function restoreDraft(form) {
  const stored = sessionStorage.getItem(draftKey(form));
  if (!stored || form.querySelector('.is-invalid')) return; // the server already gave back what was typed
  const {values} = JSON.parse(stored);
  if (!values.some(([, value, checked]) => value || checked)) return;
  if (JSON.stringify(values) === JSON.stringify(valuesOf(form))) return; // a preview gave all of it back
  fill(form, values);
  say('Đã khôi phục nội dung anh/chị nhập dở.', 'info');
}

function dropSentDrafts() {
  if (document.body.dataset.keepsDrafts !== undefined) return; // signing in again: the form comes next
  for (const key of Object.keys(sessionStorage)) {
    if (!key.startsWith('by-draft:') || key.startsWith(`by-draft:${location.pathname}:`)) continue;
    if (JSON.parse(sessionStorage.getItem(key)).sent) sessionStorage.removeItem(key);
  }
}

function keepDrafts() {
  try {
    dropSentDrafts();
    for (const form of document.querySelectorAll('form[data-draft]')) {
      restoreDraft(form);
      form.addEventListener('input', () => saveDraft(form));
      form.addEventListener('submit', () => saveDraft(form, true));
    }
  } catch {
    // storage may be forbidden or full: forms then work without drafts
  }
}

/* --- small things --- */
async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    say('Đã sao chép.', 'success');
  } catch {
    say('Trình duyệt không cho sao chép. Anh/Chị hãy chọn và sao chép bằng tay.', 'warning');
  }
}

const CLICKS = [
  ['[data-text-step]', (button) => stepTextSize(Number(button.dataset.textStep))],
  ['[data-contrast-toggle]', toggleContrast],
  ['[data-theme-toggle]', toggleTheme],
  ['[data-copy]', copy],
  ['[data-print]', () => print()],
  ['[data-reload]', () => location.reload()],
  ['[data-back]', () => history.back()],
];

document.addEventListener('click', (event) => {
  for (const [selector, act] of CLICKS) {
    const button = event.target.closest(selector);
    if (button) act(button);
  }
});
document.addEventListener('submit', askBeforeSubmit, true);
document.addEventListener('change', (event) => event.target.closest('form[data-auto-submit]')?.requestSubmit());
document.addEventListener('htmx:confirm', askBeforeHtmx);
document.addEventListener('htmx:configRequest', (event) => {
  event.detail.headers['X-CSRFToken'] = document.querySelector('meta[name="csrf-token"]')?.content ?? '';
});
document.addEventListener('htmx:sendError', () => say('Không kết nối được với máy chủ. Anh/Chị hãy thử lại sau ít phút.', 'error'));
document.addEventListener('htmx:afterSwap', () => document.querySelectorAll('#messages .message:not([data-shelved])').forEach(shelve));

function shelve(message) {
  message.dataset.shelved = '';
  shelveMessage(message);
}

document.querySelectorAll('#messages .message').forEach(shelve);
setTextSize(SIZES.includes(root.dataset.text) ? root.dataset.text : '0');
setPressed('[data-contrast-toggle]', root.dataset.contrast === 'more');
setPressed('[data-theme-toggle]', root.dataset.bsTheme === 'dark');
keepDrafts();
