/*
 * Live pictures by Media Source Extensions over one WebSocket.
 *
 * Text message {"mime", "width", "height"} begins a stream; {"error", "code"} says why there is none;
 * {"skipped": n} tells of dropped frames; {"ended": {"code", "reason"}} is the server's last word. Binary messages:
 * media time and arrival time (two big-endian doubles, seconds), then fMP4 (the init segment has media time 0).
 */

const HEADER_BYTES = 16;
const LAG_TO_SEEK_S = 1.2;
const LAG_TO_RUSH_S = 0.45;
const LAG_TO_HURRY_S = 0.13;
const LAG_GOOD_S = 0.07;
const HURRY = 1.1;
const RUSH = 1.5;
const KEPT_S = 8;
const CHASE_EVERY_MS = 250;
const JUMP_MS_MAX = 2000;
const TRIM_AT_S = 16;
const QUEUE_BYTES_MAX = 24 * 1024 * 1024;
const MEASURES_KEPT = 2000;

export const hasMse = () => typeof MediaSource !== 'undefined';

export class MsePlayer {
  /**
   * `told` receives what happens: onParameters({mime,width,height}), onUnplayable(mime), onFrame(), onTrouble(code, text),
   * onClose({code, reason, final}). `measure` keeps arrival-to-display times in `latencies` (ms).
   */
  constructor(video, told, {measure = false} = {}) {
    this.video = video;
    this.told = told;
    this.queue = [];
    this.queuedBytes = 0;
    this.newest = 0;
    this.skipped = 0;
    this.latencies = [];
    this.arrivals = measure ? new Map() : null;
    this.lastWord = null;
  }

  open(url) {
    this.socket = new WebSocket(url);
    this.socket.binaryType = 'arraybuffer';
    this.socket.onmessage = (event) => (typeof event.data === 'string' ? this.#hear(JSON.parse(event.data)) : this.#take(event.data));
    this.socket.onclose = (event) => this.#closed(event);
    this.chaser = setInterval(() => this.#chase(), CHASE_EVERY_MS);
    if (this.arrivals) this.#measure();
  }

  close() {
    clearInterval(this.chaser);
    if (this.socket) {
      this.socket.onclose = this.socket.onmessage = null;
      this.socket.close();
    }
    this.#dropSource();
    this.gone = true;
  }

  #hear(message) {
    if (message.mime) this.#begin(message);
    else if (message.error) this.told.onTrouble(message.code, message.error);
    else if (message.ended) this.lastWord = message.ended;
    else if (message.skipped) this.skipped += message.skipped;
  }

  #begin(parameters) {
    if (!MediaSource.isTypeSupported(parameters.mime)) {
      this.told.onUnplayable(parameters.mime);
      return;
    }
    this.told.onParameters(parameters);
    this.wantedType = parameters.mime;
    if (!this.source) this.#newSource();
    else if (this.buffer) this.#enqueue({type: parameters.mime});
  }

  #newSource() {
    this.source = new MediaSource();
    this.url = URL.createObjectURL(this.source);
    this.video.src = this.url;
    this.source.addEventListener('sourceopen', () => {
      if (!this.source || this.buffer) return;
      this.buffer = this.source.addSourceBuffer(this.wantedType);
      this.buffer.addEventListener('updateend', () => this.#pump());
      this.#pump();
    });
  }

  #dropSource() {
    this.source = this.buffer = null;
    this.queue = [];
    this.queuedBytes = 0;
    if (this.url) URL.revokeObjectURL(this.url);
    this.url = null;
    this.video.removeAttribute('src');
    this.video.load();
  }

  #take(message) {
    if (!this.source) return;
    const header = new DataView(message, 0, HEADER_BYTES);
    const mediaTime = header.getFloat64(0);
    if (mediaTime > 0) {
      this.newest = mediaTime;
      this.arrivals?.set(Math.round(mediaTime * 1000), header.getFloat64(8) * 1000);
      this.told.onFrame();
    }
    this.#enqueue({bytes: new Uint8Array(message, HEADER_BYTES)});
    this.#pump();
  }

  #enqueue(item) {
    this.queue.push(item);
    this.queuedBytes += item.bytes?.byteLength ?? 0;
    if (this.queuedBytes > QUEUE_BYTES_MAX) this.#fail('Trình duyệt không kịp nhận hình.');
  }

  #pump() {
    if (!this.buffer || this.buffer.updating || !this.queue.length || this.source.readyState !== 'open') return;
    try {
      if (this.queue[0].type) this.buffer.changeType(this.queue.shift().type);
      if (this.#trimmed()) return;
      const bytes = this.#gather();
      if (bytes) this.buffer.appendBuffer(bytes);
    } catch (error) {
      if (error.name === 'QuotaExceededError' && this.video.buffered.length) this.buffer.remove(0, this.newest - 2);
      else this.#fail(`Không phát được hình (${error.name}).`);
    }
  }

  #gather() {
    const run = this.queue.findIndex((item) => item.type);
    const items = this.queue.splice(0, run < 0 ? this.queue.length : run);
    const size = items.reduce((sum, item) => sum + item.bytes.byteLength, 0);
    this.queuedBytes -= size;
    if (!size) return null;
    if (items.length === 1) return items[0].bytes;
    const all = new Uint8Array(size);
    let at = 0;
    for (const item of items) {
      all.set(item.bytes, at);
      at += item.bytes.byteLength;
    }
    return all;
  }

  #trimmed() {
    const {buffered, currentTime} = this.video;
    if (!buffered.length || currentTime - buffered.start(0) < TRIM_AT_S) return false;
    this.buffer.remove(0, currentTime - KEPT_S);
    return true;
  }

  /** Keep close to the newest frame: jump when far behind, hurry a little when slightly behind. */
  #chase() {
    const {video} = this;
    if (video.error) {
      this.#fail(`Không phát được hình (${video.error.code}).`);
      return;
    }
    if (!this.buffer || !video.buffered.length || this.#jumping()) return;
    if (video.paused) video.play().catch(() => {});
    const last = video.buffered.length - 1;
    const begin = video.buffered.start(last);
    const lag = this.newest - video.currentTime;
    // Into what is buffered already: a jump to a frame that is still on its way might never land.
    const landing = Math.max(begin, Math.min(this.newest, video.buffered.end(last)) - 0.05);
    if (video.currentTime < begin || lag > LAG_TO_SEEK_S) video.currentTime = landing;
    else if (lag > LAG_TO_RUSH_S) video.playbackRate = RUSH;
    else if (lag > LAG_TO_HURRY_S) video.playbackRate = HURRY;
    else if (lag < LAG_GOOD_S) video.playbackRate = 1;
  }

  /** A second jump would undo the first one's decoding; but one that does not land is given up. */
  #jumping() {
    this.jumpingFor = this.video.seeking ? (this.jumpingFor ?? 0) + CHASE_EVERY_MS : 0;
    if (this.jumpingFor < JUMP_MS_MAX) return this.jumpingFor > 0;
    this.jumpingFor = 0;
    return false;
  }

  get lag() {
    return this.newest - this.video.currentTime;
  }

  #measure() {
    const seen = (_, frame) => {
      const arrived = this.arrivals.get(Math.round(frame.mediaTime * 1000));
      if (arrived && this.latencies.length < MEASURES_KEPT) this.latencies.push(performance.timeOrigin + frame.expectedDisplayTime - arrived);
      if (this.arrivals.size > 600) this.arrivals.delete(this.arrivals.keys().next().value);
      if (!this.gone) this.video.requestVideoFrameCallback(seen);
    };
    this.video.requestVideoFrameCallback(seen);
  }

  #fail(text) {
    this.close();
    this.told.onClose({code: 0, reason: text, final: false});
  }

  #closed(event) {
    this.close();
    const final = event.code === 4403;
    let told = this.lastWord;
    try {
      told ??= JSON.parse(event.reason);
    } catch {
      told ??= null;
    }
    this.told.onClose({code: event.code, reason: told?.reason ?? '', final});
  }
}
