/*
 * <by-upload [here="/…/may-nay/"] [store="name"]>: hand in a file from the own recorder.
 *
 *   With `here` the owner is signed in: the grant is fetched from there when a file is chosen. Without it the page was opened by a
 *   link: the code stands behind # (or is typed), is opened once, and the grant stays on this device until the file is through.
 *   Event: by-uploaded (bubbles) when the station has checked the file.
 */
import {element} from './look.js';
import {Problem, Sending} from './sending.js';
import {momentText} from './moment.js';

const STATE_EVERY_MS = 2000;
const MB = 1_000_000;
const percent = (part, all) => `${Math.floor((part * 100) / Math.max(all, 1))} %`;
const size = (bytes) => `${(bytes / MB).toLocaleString('vi-VN', {maximumFractionDigits: 1})} MB`;

class Upload extends HTMLElement {
  connectedCallback() {
    if (this.built) return;
    this.built = true;
    this.key = `by-upload:${this.getAttribute('store') ?? 'link'}`;
    this.#build();
    this.#start();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    this.sending?.close();
  }

  #build() {
    this.said = element('p', 'mb-2', '', {role: 'status'});
    this.problem = element('div', 'alert alert-danger mb-2', '', {role: 'alert', hidden: ''});
    this.bar = element('progress', 'w-100', '', {max: '1000', value: '0', 'aria-label': 'Đã gửi', hidden: ''});
    this.hash = element('p', 'form-hint text-break', '', {hidden: ''});
    this.file = element('input', 'form-control', '', {type: 'file', id: 'by-upload-file', accept: 'video/*,.dav,.mkv,.avi,.mp4,.mov,.ps,.mpg,.ts,.264,.h264'});
    this.choose = element('div', 'mb-2', '', {hidden: ''});
    this.label = element('label', 'form-label', 'Chọn tệp đã xuất từ đầu ghi', {for: 'by-upload-file'});
    this.choose.append(this.label, this.file);
    this.buttons = element('div', 'btn-list');
    this.pause = this.#button('Tạm dừng', () => this.sending.pause());
    this.go = this.#button('Tiếp tục', () => this.#run(() => this.sending.resume()), 'btn btn-primary');
    this.drop = this.#button('Bỏ tệp, gửi tệp khác', () => this.#run(() => this.#dropped()));
    this.buttons.append(this.go, this.pause, this.drop);
    this.typed = this.#typedCode();
    this.append(this.problem, this.said, this.bar, this.hash, this.choose, this.buttons, this.typed);
    this.file.addEventListener('change', () => this.file.files[0] && this.#run(() => this.#chosen(this.file.files[0])));
  }

  #button(text, act, looks = 'btn') {
    const made = element('button', looks, text, {type: 'button', hidden: ''});
    made.addEventListener('click', act);
    return made;
  }

  #typedCode() {
    const form = element('form', '', '', {hidden: ''});
    const input = element('input', 'form-control mb-2', '', {id: 'by-upload-code', autocomplete: 'off', maxlength: '24', required: '', placeholder: 'XXXX-XXXX-XXXX-XXXX'});
    form.append(element('label', 'form-label', 'Nhập mã nộp tệp', {for: 'by-upload-code'}), input, element('button', 'btn btn-primary', 'Mở', {}));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#run(() => this.#open(input.value));
    });
    return form;
  }

  #start() {
    const code = this.hasAttribute('here') ? '' : location.hash.slice(1);
    if (code) history.replaceState(null, '', location.pathname);
    const kept = localStorage.getItem(this.key);
    if (code) this.#run(() => this.#open(code));
    else if (kept) this.#run(() => this.#granted(kept));
    else if (this.hasAttribute('here')) this.#say('Chọn tệp để gửi từ máy này. Mất mạng giữa chừng cũng không sao: lần sau gửi tiếp từ chỗ dừng.', {choose: true});
    else this.#say('Hãy nhập mã ở trang yêu cầu của chủ camera.', {typed: true});
  }

  async #open(code) {
    const headers = {'Content-Type': 'application/json', Accept: 'application/json'};
    const answer = await fetch('/nop-hinh/mo/', {method: 'POST', headers, body: JSON.stringify({code}), credentials: 'omit'});
    const told = await answer.json();
    if (!answer.ok) {
      this.#say('', {typed: true});
      throw new Problem(told.detail);
    }
    await this.#granted(told.grant);
  }

  async #granted(grant) {
    localStorage.setItem(this.key, grant);
    this.sending = new Sending(grant, (news) => this.#told(news));
    try {
      this.#shown(await this.sending.state());
    } catch (error) {
      if (error.status !== 401) throw error;
      this.#forget();
      if (!this.hasAttribute('here')) throw error;
      this.#say('Chọn tệp để gửi từ máy này.', {choose: true});
    }
  }

  #forget() {
    localStorage.removeItem(this.key);
    this.sending?.close();
    this.sending = null;
  }

  async #fetchGrant() {
    const headers = {Accept: 'application/json', 'X-CSRFToken': document.querySelector('meta[name="csrf-token"]').content};
    const answer = await fetch(this.getAttribute('here'), {method: 'POST', headers, credentials: 'same-origin'});
    const told = await answer.json();
    if (!answer.ok) throw new Problem(told.detail);
    await this.#granted(told.grant);
  }

  #shown({unit, from, to, file}) {
    const whom = `${unit} cần hình từ ${momentText(from)} đến ${momentText(to)}.`;
    if (!file) this.#say(`${whom} Hãy xuất đúng khoảng ấy từ đầu ghi rồi chọn tệp.`, {choose: true});
    else if (file.state === 'receiving') {
      this.#progress(file.received, file.size);
      this.#say(`${whom} Đã nhận ${percent(file.received, file.size)} của một tệp ${size(file.size)}. Hãy chọn lại đúng tệp ấy để gửi tiếp.`, {choose: true, drop: true});
      this.url = file.url;
    } else this.#checked(file);
  }

  async #chosen(file) {
    this.problem.hidden = true;
    if (!this.sending) await this.#fetchGrant();
    this.#say(`Đang chuẩn bị gửi “${file.name}”, ${size(file.size)}…`, {});
    try {
      await this.sending.begin(file);
    } catch (error) {
      this.file.value = '';
      const now = await this.sending.state().catch(() => null);
      if (now) this.#shown(now);
      else this.#say('', {choose: true});
      throw error;
    }
  }

  #told(news) {
    if (news.kind === 'progress') {
      this.#progress(news.sent, news.size);
      this.url = this.sending.url;
      this.#say(`Đã gửi ${size(news.sent)} trong ${size(news.size)} (${percent(news.sent, news.size)}). Đừng tắt máy; mất mạng thì trang tự gửi tiếp.`, {pause: true});
    } else if (news.kind === 'hashing') {
      this.hash.hidden = false;
      this.hash.textContent = `Đang tính mã băm của tệp: ${percent(news.done, news.size)}`;
    } else if (news.kind === 'waiting') {
      this.#say('Mất kết nối. Phần đã gửi vẫn còn; trang sẽ tự gửi tiếp khi có mạng.', {pause: true});
    } else if (news.kind === 'paused') {
      this.#say('Đã tạm dừng. Phần đã gửi vẫn còn.', {go: true, drop: true});
    } else if (news.kind === 'checking') {
      this.hash.hidden = false;
      this.hash.textContent = `Mã băm SHA-256 tính trên máy này: ${news.sha256}`;
      this.#checked(news.file);
    }
  }

  #checked(file) {
    this.#progress(1, 1);
    this.url = file.url;
    if (file.state === 'checking') {
      this.#say('Đã gửi xong. Máy chủ đang kiểm tra tệp…', {});
      this.timer = setTimeout(() => this.#run(async () => this.#shown(await this.sending.state())), STATE_EVERY_MS);
      return;
    }
    if (file.state === 'rejected') {
      this.#say('', {drop: true});
      throw new Problem(file.problem);
    }
    this.hash.hidden = false;
    this.hash.textContent = `Mã băm SHA-256 tại máy gửi và khi nhận giống nhau: ${file.sha256}`;
    this.#say(`${file.words}. Máy này đã xong việc: chủ camera chọn đoạn và đồng ý ở trang yêu cầu. Chưa ai xem được hình nào.`, {});
    this.#forget();
    this.dispatchEvent(new CustomEvent('by-uploaded', {bubbles: true}));
  }

  async #dropped() {
    await this.sending.drop(this.url);
    this.bar.hidden = true;
    this.hash.hidden = true;
    this.file.value = '';
    this.#shown(await this.sending.state());
  }

  #progress(sent, all) {
    this.bar.hidden = false;
    this.bar.value = Math.floor((sent * 1000) / all);
  }

  #say(text, {choose = false, pause = false, go = false, drop = false, typed = false}) {
    this.said.textContent = text;
    this.choose.hidden = !choose;
    this.pause.hidden = !pause;
    this.go.hidden = !go;
    this.drop.hidden = !drop;
    this.typed.hidden = !typed;
  }

  async #run(act) {
    this.problem.hidden = true;
    try {
      await act();
    } catch (error) {
      const known = error instanceof Problem;
      this.problem.textContent = known ? error.message : 'Không kết nối được với máy chủ. Hãy kiểm tra mạng rồi thử lại.';
      this.problem.hidden = false;
      if (this.sending?.file && !this.sending.isRunning && !known) this.go.hidden = false;
    }
  }
}

customElements.define('by-upload', Upload);
document.addEventListener('by-uploaded', () => {
  if (document.querySelector('by-upload[here]')) location.reload();
});
