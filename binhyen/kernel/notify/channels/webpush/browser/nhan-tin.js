/*
 * The service worker that shows push messages. Its scope is /thong-bao/ (the folder it is served from), so it takes no
 * part in loading pages. A message is {title, body, url, tag}; one with the same tag replaces the one before.
 */
self.addEventListener('push', (event) => {
  const shown = read(event);
  const options = {body: shown.body, tag: shown.tag, data: {url: shown.url}, icon: '/static/icon.svg', lang: 'vi'};
  event.waitUntil(self.registration.showNotification(shown.title, options));
});

function read(event) {
  try {
    return event.data.json();
  } catch {
    return {title: 'Có tin mới', body: '', tag: 'tin', url: '/thong-bao/'};
  }
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.url));
});

async function open(address) {
  const url = new URL(address, self.location.origin);
  const path = url.pathname.startsWith('/thong-bao/') ? url.pathname : '/thong-bao/'; // never to another site
  const windows = await self.clients.matchAll({type: 'window', includeUncontrolled: true});
  const ours = windows.find((each) => new URL(each.url).origin === self.location.origin && 'navigate' in each);
  if (!ours) return self.clients.openWindow(path);
  await ours.focus();
  return ours.navigate(path).catch(() => self.clients.openWindow(path)); // one we do not control cannot be led on
}

self.addEventListener('install', () => self.skipWaiting());
