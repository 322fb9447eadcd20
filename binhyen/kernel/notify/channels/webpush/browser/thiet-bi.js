/*
 * On the settings page: lets this browser take push messages. Asks for permission only when the button is pressed.
 *
 *   <section data-devices data-key="…" data-add="/thong-bao/thiet-bi/" data-worker="/thong-bao/nhan-tin.js">
 *     <button data-allow>…</button> <p data-said role="status"></p>
 *   </section>
 */
const section = document.querySelector('[data-devices]');
const button = section.querySelector('[data-allow]');
const said = section.querySelector('[data-said]');

const SENTENCES = {
  unable: 'Trình duyệt này không nhận được thông báo. Anh/Chị hãy dùng Chrome, Cốc Cốc, Edge hoặc Firefox bản mới.',
  insecure: 'Thông báo chỉ bật được khi mở hệ thống bằng địa chỉ https.',
  denied: 'Trình duyệt đang chặn thông báo của hệ thống. Anh/Chị hãy mở phần Quyền của trang trong trình duyệt, cho phép Thông báo, rồi thử lại.',
  away: 'Không kết nối được với dịch vụ chuyển tin của trình duyệt. Anh/Chị hãy kiểm tra mạng rồi thử lại.',
  refused: 'Hệ thống chưa nhận thiết bị này. Anh/Chị hãy tải lại trang rồi thử lại.',
};

function say(text) {
  said.textContent = text;
}

function bytesOf(base64url) {
  const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(text, (each) => each.charCodeAt(0));
}

async function subscribe() {
  const registration = await navigator.serviceWorker.register(section.dataset.worker);
  await until(registration);
  const options = {userVisibleOnly: true, applicationServerKey: bytesOf(section.dataset.key)};
  try {
    return await registration.pushManager.subscribe(options);
  } catch (error) {
    if (error.name !== 'InvalidStateError') throw error;
    const old = await registration.pushManager.getSubscription(); // made with a key that the station no longer has
    await old?.unsubscribe();
    return registration.pushManager.subscribe(options);
  }
}

function until(registration) {
  const worker = registration.installing ?? registration.waiting;
  if (registration.active || !worker) return undefined;
  return new Promise((done) => worker.addEventListener('statechange', () => worker.state === 'activated' && done()));
}

async function tell(subscription) {
  const token = document.querySelector('meta[name="csrf-token"]')?.content ?? '';
  const headers = {'Content-Type': 'application/json', 'X-CSRFToken': token, Accept: 'application/json'};
  const answer = await fetch(section.dataset.add, {method: 'POST', headers, body: JSON.stringify(subscription)});
  if (answer.ok) return location.reload();
  const told = await answer.json().catch(() => ({}));
  await subscription.unsubscribe();
  return say(told.detail ?? SENTENCES.refused);
}

async function allow() {
  if (!isSecureContext) return say(SENTENCES.insecure);
  if (!('serviceWorker' in navigator) || !('PushManager' in window)) return say(SENTENCES.unable);
  if ((await Notification.requestPermission()) !== 'granted') return say(SENTENCES.denied);
  say('Đang bật…');
  try {
    return await tell(await subscribe());
  } catch {
    return say(SENTENCES.away);
  }
}

button.addEventListener('click', async () => {
  button.disabled = true;
  await allow();
  button.disabled = false;
});
