/*
 * What the telephone keeps: what happened (until the station has it) and the patrols of this person.
 *
 * A thing that happened carries both clocks of the device and the station's newest anchor; see proof.py for why.
 */
const NAME = 'binhyen-di-tuan';
const KEPT_AFTER_TAKEN_MS = 24 * 3600 * 1000;

/** The life of this page: counts of `performance.now` of two lives do not compare. */
const RUN = newId();

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (each) => each.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Both clocks of the device. */
export function deviceTime() {
  return {wall: Date.now(), count: performance.now(), run: RUN};
}

function open() {
  return new Promise((done, failed) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('items', {keyPath: 'id'});
      request.result.createObjectStore('facts');
    };
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

async function within(store, mode, work) {
  const database = await open();
  try {
    const transaction = database.transaction(store, mode);
    const finished = new Promise((done, failed) => {
      transaction.oncomplete = done;
      transaction.onerror = transaction.onabort = () => failed(transaction.error);
    });
    const request = work(transaction.objectStore(store));
    await finished;
    return request?.result;
  } finally {
    database.close();
  }
}

export const keepFacts = (facts) => within('facts', 'readwrite', (store) => store.put(facts, 'now'));
export const readFacts = () => within('facts', 'readonly', (store) => store.get('now'));
export const keep = (item) => within('items', 'readwrite', (store) => store.put(item));
export const forget = (id) => within('items', 'readwrite', (store) => store.delete(id));

/** Everything kept, oldest first. */
export async function items() {
  const all = await within('items', 'readonly', (store) => store.getAll());
  return all.sort((a, b) => a.when.wall - b.when.wall);
}

/** What the station took a day ago need not stay on a telephone. */
export async function tidy() {
  const old = (item) => item.state === 'taken' && Date.now() - item.when.wall > KEPT_AFTER_TAKEN_MS;
  for (const item of (await items()).filter(old)) await forget(item.id);
}

export class SignInNeeded extends Error {}

async function answerOf(response) {
  if (response.status === 401 || response.redirected) throw new SignInNeeded();
  const told = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(told.detail ?? `Máy chủ trả lời ${response.status}.`);
  return told;
}

const JSON_ONLY = {Accept: 'application/json'};

async function send(waiting, token, url) {
  const plain = ({id, patrol, kind, when, anchor, place, text, latitude, longitude, accuracy}) => ({
    id, patrol, kind, when, anchor, place, text, latitude, longitude, accuracy,
  });
  const headers = {...JSON_ONLY, 'Content-Type': 'application/json', 'X-CSRFToken': token};
  const body = JSON.stringify({sent: deviceTime(), items: waiting.map(plain)});
  return answerOf(await fetch(url, {method: 'POST', headers, body}));
}

const BATCH = 50;

/**
 * Bring the station and the telephone together: fetch what is new, send what waits. One tab at a time; what was sent
 * twice is taken once, since every thing has its own id. Throws SignInNeeded, or TypeError where there is no line.
 */
export function sync(urls) {
  return navigator.locks.request(NAME, async () => {
    let facts = await answerOf(await fetch(urls.facts, {headers: JSON_ONLY}));
    await keepFacts(facts);
    const mine = (item) => item.state === 'waiting' && item.person === facts.person.key;
    const waiting = (await items()).filter(mine);
    for (let at = 0; at < waiting.length; at += BATCH) {
      const part = waiting.slice(at, at + BATCH);
      const {results} = await send(part, facts.token, urls.sync);
      for (const {id, state, said} of results) {
        const item = part.find((each) => each.id === id);
        if (item) await keep({...item, state, said});
      }
    }
    if (waiting.length) {
      facts = await answerOf(await fetch(urls.facts, {headers: JSON_ONLY}));
      await keepFacts(facts);
    }
    await tidy();
    return facts;
  });
}
