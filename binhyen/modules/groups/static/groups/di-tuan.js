/*
 * The page “Đi tuần”: start, check in, tell what was seen, end. Works without a line; says what still waits on the
 * telephone, what the station took, and what somebody there has to look at.
 */
import {SignInNeeded, deviceTime, forget, items, keep, newId, readFacts, sync} from './queue.js';

const page = document.querySelector('[data-patrols]');
const urls = {facts: page.dataset.facts, sync: page.dataset.sync};
const SYNC_EVERY_MS = 30_000;
const PLACE_MAX_AGE_MS = 60_000;
const KINDS = {start: 'Bắt đầu', point: 'Điểm danh', seen: 'Phát hiện', end: 'Kết thúc'};
const STATES = {
  waiting: ['waiting', 'Chờ gửi'],
  taken: ['done', 'Đã vào sổ'],
  conflict: ['late', 'Tổ trưởng cần xem'],
  refused: ['late', 'Không gửi được'],
};

const part = (name) => page.querySelector(`[data-${name}]`);
const drawing = (name) => document.getElementById(name).content.firstElementChild.cloneNode(true);
const clock = (wall) => new Date(wall).toLocaleTimeString('vi-VN', {hour: '2-digit', minute: '2-digit'});
let problem = '';

/* --- what is drawn --- */
async function draw() {
  const [facts, kept] = await Promise.all([readFacts(), items()]);
  const mine = kept.filter((item) => item.person === facts?.person.key);
  drawLine(facts, mine, kept.length - mine.length);
  part('person').textContent = facts?.person.name ?? '';
  part('empty').hidden = Boolean(facts?.patrols.length) || mine.length > 0;
  part('empty').textContent = facts
    ? 'Hôm nay anh/chị chưa được phân công chuyến nào.'
    : 'Máy này chưa có dữ liệu. Hãy mở trang này một lần khi có mạng.';
  drawPatrols(facts?.patrols ?? [], mine);
  part('log').replaceChildren(...mine.toReversed().map(drawItem));
  part('log-box').hidden = mine.length === 0;
}

function drawLine(facts, mine, others) {
  const waiting = mine.filter((item) => item.state === 'waiting').length;
  const chip = part('line');
  chip.textContent = navigator.onLine ? 'Có mạng' : 'Mất mạng';
  chip.className = `chip ${navigator.onLine ? 'chip-done' : 'chip-waiting'}`;
  const sentences = [];
  if (waiting) sentences.push(`${waiting} việc đang ở trên máy, chờ gửi.`);
  else if (mine.length) sentences.push('Mọi việc đã gửi lên trạm.');
  if (mine.some((item) => item.state === 'conflict')) sentences.push('Có việc không khớp với sổ: tổ trưởng sẽ xem và quyết định.');
  if (others) sentences.push(`Máy còn giữ ${others} việc của người khác; người ấy đăng nhập thì máy sẽ gửi.`);
  if (problem) sentences.push(problem);
  part('said').textContent = sentences.join(' ');
  part('send').hidden = waiting === 0;
  part('sign-in').hidden = problem !== SENTENCES.signIn;
}

function stateOf(patrol, mine) {
  const told = mine.filter((item) => item.patrol === patrol.id && item.state !== 'conflict' && item.state !== 'refused');
  if (told.some((item) => item.kind === 'end')) return 'ended';
  return told.length || patrol.state === 'under_way' ? 'under_way' : 'planned';
}

/* Cards are kept where they stand: what somebody is typing must not vanish when an answer comes. */
function drawPatrols(patrols, mine) {
  const place = part('list');
  const wanted = new Map(patrols.map((patrol) => [String(patrol.id), patrol]));
  for (const card of [...place.children]) if (!wanted.has(card.dataset.id)) card.remove();
  for (const patrol of patrols) {
    let card = place.querySelector(`[data-id="${patrol.id}"]`);
    if (!card) place.append((card = newCard(patrol)));
    const state = stateOf(patrol, mine);
    card.dataset.state = state;
    card.querySelector('[data-route]').textContent = patrol.route;
    card.querySelector('[data-when]').textContent = `${patrol.group} · ${patrol.planned}`;
    card.querySelector('[data-people]').textContent = `Đi cùng: ${patrol.people.join(', ')}`;
    for (const box of card.querySelectorAll('[data-in]')) box.hidden = box.dataset.in !== state;
  }
}

function newCard(patrol) {
  const card = drawing('patrol');
  card.dataset.id = patrol.id;
  const told = card.querySelector('[data-told]');
  const place = card.querySelector('[name="place"]');
  const seen = card.querySelector('[name="text"]');
  for (const field of [place, seen]) field.id = `${field.name}-${patrol.id}`;
  card.querySelector('[data-for="place"]').htmlFor = place.id;
  card.querySelector('[data-for="text"]').htmlFor = seen.id;
  const on = (kind, read) =>
    card.querySelector(`[data-do="${kind}"]`).addEventListener('click', async () => {
      const values = read();
      if (values === null) return;
      await happened(patrol.id, kind, values);
      told.textContent = `${KINDS[kind]}: đã ghi lúc ${clock(Date.now())}.`;
    });
  on('start', () => ({}));
  on('end', () => ({}));
  on('point', () => {
    const value = {place: place.value.trim()};
    place.value = '';
    return value;
  });
  on('seen', () => {
    const text = seen.value.trim();
    if (!text) {
      told.textContent = 'Hãy viết điều anh/chị thấy rồi bấm “Ghi phát hiện”.';
      seen.focus();
      return null;
    }
    const value = {text, place: place.value.trim()};
    seen.value = place.value = '';
    return value;
  });
  return card;
}

function drawItem(item) {
  const line = drawing('item');
  const [look, words] = STATES[item.state];
  line.querySelector('[data-time]').textContent = clock(item.when.wall);
  line.querySelector('[data-kind]').textContent = [KINDS[item.kind], item.place].filter(Boolean).join(' · ');
  line.querySelector('[data-text]').textContent = [item.text, item.said].filter(Boolean).join(' — ');
  const chip = line.querySelector('[data-state]');
  chip.textContent = words;
  chip.className = `chip chip-${look}`;
  const remove = line.querySelector('[data-remove]');
  remove.hidden = item.state !== 'refused';
  remove.addEventListener('click', () => forget(item.id).then(draw));
  return line;
}

/* --- what happens --- */
async function whereabouts() {
  if (!part('with-place').checked) return {};
  const options = {enableHighAccuracy: true, timeout: 8000, maximumAge: PLACE_MAX_AGE_MS};
  return new Promise((done) => {
    const told = ({coords}) => done({latitude: coords.latitude, longitude: coords.longitude, accuracy: coords.accuracy});
    navigator.geolocation.getCurrentPosition(told, () => done({}), options); // a check-in without a place still counts
  });
}

async function happened(patrol, kind, values) {
  const when = deviceTime(); // before asking where: that takes seconds
  const {person, anchor} = await readFacts();
  const item = {id: newId(), person: person.key, patrol, kind, when, anchor, place: '', text: '', state: 'waiting', ...values};
  await keep(item);
  await draw();
  await keep({...item, ...(await whereabouts())});
  await bringTogether();
}

const SENTENCES = {
  signIn: 'Phiên đăng nhập đã hết. Việc trên máy vẫn còn; hãy đăng nhập lại để gửi.',
  away: '',
};

async function bringTogether() {
  try {
    await sync(urls);
    problem = '';
  } catch (error) {
    if (error instanceof SignInNeeded) problem = SENTENCES.signIn;
    else problem = error instanceof TypeError ? SENTENCES.away : error.message; // TypeError: there is no line
  }
  await draw();
}

/* --- from the start on --- */
part('send').addEventListener('click', bringTogether);
addEventListener('online', bringTogether);
addEventListener('offline', draw);
document.addEventListener('visibilitychange', () => document.hidden || bringTogether());
setInterval(() => navigator.onLine && bringTogether(), SYNC_EVERY_MS);
if ('serviceWorker' in navigator) await navigator.serviceWorker.register(page.dataset.worker);
await navigator.storage?.persist?.(); // asks that the queue is not cleared when the telephone is short of space
await draw();
await bringTogether();
page.dataset.ready = '';
