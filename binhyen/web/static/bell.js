/*
 * The number on the bell: drawn by each page as it loads, then asked for once a minute while the page is seen.
 *
 *   <a data-bell="/thong-bao/so.json"><span data-bell-count hidden></span></a>
 */
const EVERY_MS = 60_000;
const SHOWN_MAX = 99;
const bell = document.querySelector('[data-bell]');
let askedAt = Date.now();
let timer = setInterval(askWhenSeen, EVERY_MS);

async function askWhenSeen() {
  if (document.visibilityState !== 'visible' || Date.now() - askedAt < EVERY_MS / 2) return;
  askedAt = Date.now();
  const answer = await fetch(bell.dataset.bell, {headers: {Accept: 'application/json'}, redirect: 'error'}).catch(() => null);
  if (answer?.ok) show((await answer.json()).unread);
  else if (answer?.status === 401) clearInterval(timer); // signed out meanwhile: the next page says so
}

function show(unread) {
  const count = bell.querySelector('[data-bell-count]');
  count.hidden = unread === 0;
  count.textContent = unread > SHOWN_MAX ? `${SHOWN_MAX}+` : String(unread);
  bell.setAttribute('aria-label', unread ? `Thông báo: ${unread} tin chưa đọc` : 'Thông báo');
}

if (bell) document.addEventListener('visibilitychange', askWhenSeen);
else clearInterval(timer);
