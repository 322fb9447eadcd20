/*
 * <by-live-tile camera="CAM-1" name="Ngã ba chợ" …>: one live picture.
 *
 * Attributes: camera (code, required) · name · look-url (default /xem/<camera>/) · ws-url (default /ws/live/<camera>)
 *   · stream (main, sub; default main) · purpose · case (passed on with the look) · hls (force LL-HLS)
 *   · hls-library (address of hls.js as an ES module, needed where MSE is missing or hls is forced)
 *   · has-sub ("no": the camera has no sub-stream to offer) · measure (keep latencies, for benchmarks)
 * Attribute set by the tile: state = connecting | playing | silent | trouble | unplayable | refused | away
 * Event: by-state {camera, state, text}, bubbles.
 * Changing camera or stream starts anew. Text and structure are the tile's own; styles are in islands.css.
 */
import {Refused, element, openLook, socketUrl, waitBeforeTry} from './look.js';
import {MsePlayer, hasMse} from './mse.js';
import {now, timeText} from './moment.js';

const SILENT_AFTER_MS = 4000;
const MARKS = {connecting: '◌', playing: '●', silent: '◍', trouble: '▲', unplayable: '▲', refused: '■', away: '◌'};

export class LiveTile extends HTMLElement {
  static observedAttributes = ['camera', 'stream', 'name'];

  connectedCallback() {
    if (!this.video) this.#build();
    if (this.turn) return; // only moved to another place of the page: the picture goes on
    this.attempt = 0;
    this.#start();
  }

  disconnectedCallback() {
    queueMicrotask(() => this.isConnected || this.#stop());
  }

  attributeChangedCallback(name, before, after) {
    if (!this.video || before === after) return;
    if (name === 'name') this.label.textContent = this.title_;
    else this.restart();
  }

  /** Begin anew, for a user who asks or a page that changed something. */
  restart() {
    this.#stop();
    this.attempt = 0;
    if (this.isConnected) this.#start();
  }

  get camera() { return this.getAttribute('camera') ?? ''; }
  get stream() { return this.getAttribute('stream') ?? 'main'; }
  get title_() { return this.getAttribute('name') || this.camera; }

  #build() {
    this.classList.add('by-tile');
    this.setAttribute('role', 'group');
    this.video = element('video', 'by-tile-video', '', {playsinline: '', tabindex: '-1', 'aria-hidden': 'true'});
    this.video.muted = true;
    this.video.autoplay = true;
    this.video.disablePictureInPicture = true;
    this.notice = element('div', 'by-tile-notice');
    this.noticeText = element('p', 'by-tile-notice-text');
    this.again = element('button', 'by-button', 'Thử lại', {type: 'button'});
    this.again.addEventListener('click', () => this.restart());
    this.toSub = element('button', 'by-button', 'Xem luồng phụ', {type: 'button'});
    this.toSub.addEventListener('click', () => this.setAttribute('stream', 'sub'));
    this.notice.append(this.noticeText, this.again, this.toSub);
    const line = element('div', 'by-tile-line');
    this.mark = element('span', 'by-tile-mark', '', {'aria-hidden': 'true'});
    this.label = element('span', 'by-tile-name', this.title_);
    this.line = element('span', 'by-tile-state', '', {'aria-live': 'polite'});
    line.append(this.mark, this.label, this.line);
    this.replaceChildren(this.video, this.notice, line);
  }

  async #start() {
    const turn = (this.turn = {});
    if (!this.camera) return;
    this.#show('connecting', 'đang mở hình…');
    this.setAttribute('aria-label', `Hình trực tiếp: ${this.title_}`);
    this.aborter = new AbortController();
    try {
      const lookUrl = this.getAttribute('look-url') ?? `/xem/${encodeURIComponent(this.camera)}/`;
      const fields = {kind: 'live', stream: this.stream, purpose: this.getAttribute('purpose'), case: this.getAttribute('case')};
      const look = await openLook(lookUrl, {...fields, signal: this.aborter.signal});
      if (turn !== this.turn) return;
      if (this.hasAttribute('hls') || !hasMse()) await this.#playHls(look, turn);
      else this.#playMse(look);
    } catch (error) {
      if (turn !== this.turn || error.name === 'AbortError') return;
      if (error instanceof Refused) this.#show('refused', error.message);
      else this.#retry(error.message);
    }
  }

  #stop() {
    this.turn = null;
    clearTimeout(this.retryTimer);
    clearInterval(this.silenceTimer);
    this.aborter?.abort();
    this.player?.close();
    this.hls?.destroy();
    this.player = this.hls = null;
  }

  #playMse(look) {
    this.player = new MsePlayer(this.video, {
      onParameters: (parameters) => this.#begun(parameters),
      onUnplayable: (mime) => this.#unplayable(mime),
      onFrame: () => this.#frame(),
      onTrouble: (code, text) => this.#show('trouble', text),
      onClose: (end) => this.#closed(end),
    }, {measure: this.hasAttribute('measure')});
    const path = this.getAttribute('ws-url') ?? `/ws/live/${encodeURIComponent(this.camera)}`;
    this.player.open(socketUrl(path, {ticket: look.ticket, stream: this.stream}));
    this.#watchSilence();
  }

  async #playHls(look, turn) {
    const playlist = `/look/${encodeURIComponent(look.look)}/hls/${this.stream}/live.m3u8`;
    this.video.onplaying = () => this.#show('playing', 'trực tiếp · chậm khoảng 1–2 giây');
    this.video.ontimeupdate = () => this.#frame();
    if (this.video.canPlayType('application/vnd.apple.mpegurl') && !this.hasAttribute('hls-library')) {
      this.video.src = playlist;
      this.video.onerror = () => this.#retry('Mất hình.');
    } else {
      const {default: Hls} = await import(this.getAttribute('hls-library'));
      if (turn !== this.turn) return;
      this.hls = new Hls({lowLatencyMode: true, maxLiveSyncPlaybackRate: 1.5, backBufferLength: 10});
      this.hls.on(Hls.Events.ERROR, (_, problem) => this.#hlsFailed(problem));
      this.hls.loadSource(playlist);
      this.hls.attachMedia(this.video);
    }
    this.video.play().catch(() => {});
    this.#watchSilence();
  }

  #hlsFailed(problem) {
    if (problem.response?.code === 403) {
      this.restart(); // opening the look anew brings the reason
      return;
    }
    if (!problem.fatal) return;
    this.#stop();
    if (String(problem.details).includes('Incompatible')) this.#unplayable('');
    else this.#retry('Mất hình.');
  }

  #begun({width, height}) {
    this.picture = width && height ? `${width}×${height}` : '';
    if (this.video.readyState < 2) this.#show('connecting', 'đang chờ khung hình…');
  }

  #frame() {
    this.lastFrameAt = performance.now();
    this.attempt = 0;
    if (this.getAttribute('state') !== 'playing' && this.video.readyState >= 2) {
      this.#show('playing', this.stream === 'sub' ? 'trực tiếp · luồng phụ' : 'trực tiếp');
    }
  }

  #watchSilence() {
    this.lastFrameAt = performance.now();
    clearInterval(this.silenceTimer);
    this.silenceTimer = setInterval(() => {
      const quiet = performance.now() - this.lastFrameAt;
      if (quiet < SILENT_AFTER_MS || ['trouble', 'unplayable', 'refused'].includes(this.getAttribute('state'))) return;
      if (this.getAttribute('state') !== 'silent') this.#show('silent', `Camera không gửi hình từ ${timeText(now() - quiet * 1000)}.`);
    }, 1000);
  }

  #unplayable(mime) {
    const what = /hvc1|hev1/.test(mime) ? 'H.265' : 'kiểu hình của camera này';
    const offer = this.stream === 'main' && this.getAttribute('has-sub') !== 'no';
    this.player?.close();
    this.player = null;
    clearInterval(this.silenceTimer);
    this.#show('unplayable', `Trình duyệt này không phát được ${what}${offer ? ' → dùng luồng phụ' : ''}.`, {offer});
    if (offer && this.getAttribute('has-sub') === 'yes') this.setAttribute('stream', 'sub');
  }

  #closed({code, reason, final}) {
    this.player = null;
    clearInterval(this.silenceTimer);
    if (final) this.#show('refused', reason || 'Quyền xem hình này đã hết.');
    else this.#retry(reason || (code === 4401 ? 'Vé xem đã hết hạn.' : 'Mất kết nối.'));
  }

  #retry(why) {
    this.#stop();
    const wait = waitBeforeTry(this.attempt++);
    this.#show('away', `${why} Sẽ thử lại sau ${Math.ceil(wait / 1000)} giây.`);
    this.retryTimer = setTimeout(() => this.#start(), wait);
  }

  #show(state, text, {offer = false} = {}) {
    const quiet = state === 'playing';
    this.setAttribute('state', state);
    this.mark.textContent = MARKS[state];
    this.line.textContent = quiet ? text : {connecting: text, away: 'mất hình', silent: 'im lặng', refused: 'không được xem'}[state] ?? 'không có hình';
    this.noticeText.textContent = quiet || state === 'connecting' ? '' : text;
    this.notice.hidden = quiet || state === 'connecting';
    this.again.hidden = !['refused', 'away', 'unplayable'].includes(state);
    this.toSub.hidden = !offer;
    this.dispatchEvent(new CustomEvent('by-state', {bubbles: true, detail: {camera: this.camera, state, text}}));
  }
}

customElements.define('by-live-tile', LiveTile);
