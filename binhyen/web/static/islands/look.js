/*
 * Before a picture, the right: a look is opened with its purpose, is one line in the activity log, and gives a
 * ticket for one WebSocket and an address for everything else.
 *
 *   POST <look-url>   kind, purpose, case, and what else the caller adds (form encoded, header X-CSRFToken)
 *   200 {"look": "…", "ticket": "…", "expires_in": 60}      4xx {"code": "…", "reason": "câu tiếng Việt"}
 */

export class Refused extends Error {
  constructor(code, reason, status = 0) {
    super(reason);
    this.code = code;
    this.status = status;
  }
}

export class Away extends Error {}

const csrfToken = () => document.querySelector('meta[name="csrf-token"]')?.content ?? '';

/** Opens a look; throws Refused (final, with a reason for the person) or Away (worth another try). */
export async function openLook(url, {signal, ...fields}) {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined && value !== null && value !== '') body.set(name, value);
  const headers = {'X-CSRFToken': csrfToken(), Accept: 'application/json'};
  return asJson(await ask(url, {method: 'POST', body, headers, signal, credentials: 'same-origin'}));
}

/** fetch with the two failures that matter here. */
export async function ask(url, options = {}) {
  let response;
  try {
    response = await fetch(url, {credentials: 'same-origin', cache: 'no-store', ...options});
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Away('Không kết nối được với máy chủ.');
  }
  if (response.ok || response.status === 404) return response;
  if (response.status >= 500 || response.status === 429) throw new Away('Máy chủ đang bận.');
  const told = await response.json().catch(() => ({}));
  throw new Refused(told.code ?? 'refused', told.reason ?? 'Không được xem hình này.', response.status);
}

export async function asJson(response) {
  if (response.status === 404) throw new Refused('not_found', 'Không có camera này hoặc anh/chị không có quyền xem.', 404);
  return response.json();
}

/** Same-origin WebSocket address of a path. */
export function socketUrl(path, query = {}) {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

/** Back-off with full jitter: 0…1 s, 0…2 s, … 0…30 s, so that twenty pages do not return together. */
export function waitBeforeTry(attempt) {
  const longest = Math.min(30_000, 1000 * 2 ** attempt);
  return 200 + Math.random() * longest;
}

/** A small element with text and class; never innerHTML, so that no name can be markup. */
export function element(tag, className = '', text = '', attributes = {}) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
