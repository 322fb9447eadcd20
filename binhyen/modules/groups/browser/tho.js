/*
 * Service worker of the page “Đi tuần”: keeps the page and its files on the telephone so that it opens without a line.
 * KEPT is written above by the server: {version, files, page}. Nothing else is kept: no answer that names anybody.
 */
const PREFIX = 'di-tuan-';
const CACHE = PREFIX + KEPT.version;

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(KEPT.files))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  const old = (name) => name.startsWith(PREFIX) && name !== CACHE;
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('fetch', (event) => {
  const {request} = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin || !KEPT.files.includes(url.pathname)) return;
  event.respondWith(caches.match(url.pathname, {cacheName: CACHE}).then((kept) => kept ?? fetch(request)));
});
