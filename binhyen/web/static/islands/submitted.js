/*
 * <by-submitted look="/doan-nop/7/xem/" watermark="…">: plays what an owner handed in.
 *
 * Opening the look is one line in the log. The right is asked again every two seconds; when it is gone the picture goes too.
 * Where the browser cannot play the codec it says so: the page offers the file instead.
 */
import {Away, Refused, ask, element, openLook} from './look.js';

const CHECK_EVERY_MS = 2000;

class Submitted extends HTMLElement {
  connectedCallback() {
    if (this.said) return;
    this.said = element('p', 'mb-2', '', {role: 'status'});
    this.open = element('button', 'btn btn-primary', 'Xem đoạn hình', {type: 'button'});
    this.open.addEventListener('click', () => this.#play());
    this.append(this.said, this.open);
  }

  disconnectedCallback() { clearInterval(this.timer); }

  async #play() {
    this.open.disabled = true;
    try {
      const {src, mime} = await openLook(this.getAttribute('look'), {});
      if (!document.createElement('video').canPlayType(mime)) {
        this.said.textContent = 'Trình duyệt này không phát được kiểu hình của đoạn này (H.265). Hãy tải đoạn hình xuống và mở bằng VLC; mỗi lần tải được ghi vào nhật ký.';
        return;
      }
      this.#show(src);
    } catch (error) {
      this.#end(error instanceof Refused || error instanceof Away ? error.message : 'Không mở được đoạn hình.');
      this.open.disabled = false;
    }
  }

  #show(src) {
    this.stage = element('div', 'submitted-stage');
    this.video = element('video', 'w-100', '', {controls: '', playsinline: '', controlslist: 'nodownload nofullscreen noremoteplayback', disablepictureinpicture: ''});
    this.video.addEventListener('error', () => this.video?.error && (this.said.textContent = 'Trình duyệt không phát được đoạn này. Hãy tải đoạn hình xuống và mở bằng VLC.'));
    this.video.src = src;
    this.stage.append(this.video, element('div', 'submitted-mark', this.getAttribute('watermark') ?? '', {'aria-hidden': 'true'}));
    const wide = element('button', 'btn btn-sm mt-2', 'Toàn màn hình', {type: 'button'});
    wide.addEventListener('click', () => this.stage.requestFullscreen()); // the stage, not the picture alone: the mark stays on it
    this.open.replaceWith(this.stage, wide);
    this.wide = wide;
    this.video.play().catch(() => {}); // a browser that wants a press first shows its own button
    this.timer = setInterval(() => this.#check(src), CHECK_EVERY_MS);
  }

  async #check(src) {
    try {
      const answer = await ask(src, {method: 'HEAD', headers: {Accept: 'application/json'}});
      if (answer.status === 404) this.#end('Đoạn hình này không còn được mở.');
    } catch (error) {
      if (error instanceof Refused) this.#end('Quyền xem đoạn hình này đã hết.');
    }
  }

  #end(text) {
    clearInterval(this.timer);
    this.video?.removeAttribute('src');
    this.video?.load();
    this.video = null;
    this.stage?.remove();
    this.wide?.remove();
    this.said.textContent = text;
  }
}

customElements.define('by-submitted', Submitted);
