/*
 * One camera's recorded pictures, piece by piece, through Media Source Extensions.
 *
 * The video's own time is seconds since `origin` (µs), so that files, gaps and parameter changes need no arithmetic elsewhere.
 * Pieces come from <base>/media?from=&to=&length= (headers X-Start, X-End, X-Next and X-Zero,
 * the instant of media time 0, in µs; 404 {"next": µs} in a gap).
 */
import {Away, Refused, ask, openLook} from './look.js';
import {SECOND, now} from './moment.js';

const AHEAD_S = 12;
const BEHIND_S = 20;
const PIECE_S = 20;
const STITCH_S = 0.35; // holes this small between pieces are stepped over without a word
const NEWEST_RETRY_MS = 3000;
const AWAY_RETRY_MS = 2500;

export class Track {
  /** `told`: onTimeline(), onState(text), onRefused(text). */
  constructor(video, camera, told) {
    this.video = video;
    this.camera = camera;
    this.told = told;
    this.segments = [];
    this.gaps = [];
    this.holds = [];
    this.looks = [];
    this.speed = 1;
    this.nextAt = null; // where recording goes on, when there is nothing at the place asked for
  }

  /** Opens the look and reads the time line of `range`; throws Refused or Away. */
  async open(range, {url, ...fields}) {
    this.range = range;
    this.origin = range.from;
    this.lookUrl = url;
    this.fields = fields;
    const look = await openLook(url, {kind: 'playback', from: range.from, to: range.to, ...fields});
    this.look = look;
    if (look.from && look.to) this.range = {from: Math.max(range.from, look.from), to: Math.min(range.to, look.to)};
    this.base = `/look/${encodeURIComponent(look.look)}`;
    await this.readTimeline();
  }

  async readTimeline() {
    const response = await ask(`${this.base}/timeline?from=${this.range.from}&to=${this.range.to}`);
    if (!response.ok) return;
    const told = await response.json();
    this.segments = told.segments.map(({start, end}) => ({start, end}));
    if (told.being_written) this.segments.push(told.being_written);
    this.gaps = told.gaps;
    this.holds = told.holds;
    this.looks = told.looks ?? [];
    this.told.onTimeline();
  }

  /** Ask whether one may still look; what is already buffered must not outlive the right. */
  async check() {
    if (this.closed || this.checking) return;
    this.checking = true;
    try {
      const from = Math.min(this.range.to - 1, Math.max(this.range.from, Math.round(this.position)));
      const answer = await ask(`${this.base}/timeline?from=${Math.floor(from)}&to=${Math.floor(from) + 1}`);
      if (answer.status === 404) throw new Refused('not_found', 'Lượt xem này đã kết thúc. Hãy tải lại trang.', 404);
    } catch (error) {
      if (error instanceof Refused && !this.closed) this.told.onRefused(error.message);
    } finally {
      this.checking = false;
    }
  }

  close() {
    this.closed = true;
    this.#drop();
  }

  get position() { return this.origin + this.video.currentTime * SECOND; }

  recordedAt(at) { return this.segments.some((each) => each.start <= at && at < each.end); }

  gapAt(at) { return this.gaps.find((each) => each.start <= at && at < each.end); }

  /** Whether a picture can be shown at `at` now. */
  buffered(at) {
    const t = this.#seconds(at);
    const {buffered} = this.video;
    for (let n = 0; n < buffered.length; n++) if (buffered.start(n) - 0.05 <= t && t < buffered.end(n) - 0.01) return true;
    return false;
  }

  /** The video has come to the end of a stretch and waits: browsers stop a frame or two before what is buffered ends. */
  get stuck() {
    const {buffered, currentTime, readyState, seeking} = this.video;
    if (seeking || readyState >= 3) return false;
    for (let n = 0; n < buffered.length; n++) {
      if (buffered.start(n) <= currentTime && currentTime <= buffered.end(n)) return buffered.end(n) - currentTime < STITCH_S;
    }
    return false;
  }

  /** Go to an instant: at once where it is buffered, else what was being fetched is dropped. */
  seek(at) {
    this.wanted = at;
    this.nextAt = null;
    if (this.buffered(at)) {
      this.video.currentTime = this.#seconds(at);
      this.#keepFilled();
      return;
    }
    this.#drop();
    this.#begin(at);
  }

  /** Called a few times a second while the player runs. */
  tick() {
    if (this.closed || !this.source) return;
    this.#stepOverSeams();
    this.#keepFilled();
  }

  #seconds(at) { return (at - this.origin) / SECOND; }

  #begin(at) {
    const source = (this.source = new MediaSource());
    this.url = URL.createObjectURL(source);
    this.video.src = this.url;
    this.fetchFrom = at;
    this.placed = false;
    source.addEventListener('sourceopen', () => {
      if (source !== this.source) return;
      source.duration = this.#seconds(this.range.to) + 1;
      this.#keepFilled();
    }, {once: true});
  }

  #drop() {
    this.aborter?.abort();
    this.aborter = null;
    clearTimeout(this.retryTimer);
    this.retryTimer = null;
    this.fetching = false;
    this.source = this.buffer = null;
    if (this.url) URL.revokeObjectURL(this.url);
    this.url = null;
    this.video.removeAttribute('src');
    this.video.load();
  }

  #bufferedAhead() {
    const t = this.video.currentTime;
    const {buffered} = this.video;
    let ahead = 0;
    for (let n = 0; n < buffered.length; n++) if (buffered.end(n) > t) ahead += buffered.end(n) - Math.max(t, buffered.start(n));
    return ahead;
  }

  async #keepFilled() {
    if (this.fetching || this.retryTimer || this.source?.readyState !== 'open' || this.fetchFrom === null) return;
    if (this.placed && this.#bufferedAhead() > AHEAD_S * Math.max(1, this.speed)) return;
    this.fetching = true;
    const {source} = this;
    try {
      await this.#fetchPiece(source);
    } catch (error) {
      if (source === this.source && error.name !== 'AbortError') this.#failed(error);
    } finally {
      if (source === this.source) this.fetching = false;
    }
    if (source === this.source && !this.closed) this.#keepFilled();
  }

  async #fetchPiece(source) {
    if (this.fetchFrom >= this.range.to) {
      this.fetchFrom = null;
      return;
    }
    const length = Math.min(60, Math.ceil(PIECE_S * Math.max(1, this.speed / 4)));
    this.aborter = new AbortController();
    const address = `${this.base}/media?from=${Math.round(this.fetchFrom)}&to=${Math.round(this.range.to)}&length=${length}`;
    const response = await ask(address, {signal: this.aborter.signal});
    if (response.status === 404) {
      this.#nothing((await response.json()).next);
      return;
    }
    const bytes = await response.arrayBuffer();
    if (source !== this.source) return;
    const header = (name) => (response.headers.has(name) ? Number(response.headers.get(name)) : null);
    await this.#append(bytes, response.headers.get('Content-Type'), header('X-Zero') ?? header('X-Start'));
    this.fetchFrom = header('X-Next');
    if (this.fetchFrom === null && now() - header('X-End') < 120 * SECOND) this.#laterFrom(header('X-End'));
    this.#place();
  }

  async #append(bytes, type, zeroAt) {
    const {source} = this;
    if (!MediaSource.isTypeSupported(type)) throw new Refused('unplayable', /hvc1|hev1/.test(type) ? 'Trình duyệt này không phát được H.265. Hãy dùng trình duyệt khác hoặc trích xuất đoạn hình.' : 'Trình duyệt này không phát được hình của camera.');
    if (!this.buffer) this.buffer = source.addSourceBuffer(type);
    else if (this.type !== type) this.buffer.changeType(type);
    this.type = type;
    const keepFrom = this.video.currentTime - BEHIND_S;
    if (keepFrom > 0 && this.video.buffered.length && this.video.buffered.start(0) < keepFrom) {
      this.buffer.remove(0, keepFrom);
      await this.#updated();
    }
    if (source !== this.source) return;
    this.buffer.timestampOffset = this.#seconds(zeroAt);
    this.buffer.appendBuffer(bytes);
    await this.#updated();
  }

  #updated() {
    return new Promise((done, failed) => {
      this.buffer.addEventListener('updateend', done, {once: true});
      this.buffer.addEventListener('error', () => failed(new Away('Không đọc được đoạn hình.')), {once: true});
    });
  }

  /** The first piece after a seek puts the video on the wanted instant. */
  #place() {
    if (this.placed || !this.video.buffered.length) return;
    this.placed = true;
    const first = this.video.buffered.start(0);
    this.video.currentTime = Math.max(first, this.#seconds(this.wanted));
    this.told.onState('');
  }

  #nothing(next) {
    if (next) {
      this.nextAt = next;
      this.fetchFrom = this.placed ? next : null;
      this.told.onState(this.placed ? '' : 'gap');
    } else if (now() - this.fetchFrom < 120 * SECOND) this.#laterFrom(this.fetchFrom);
    else {
      this.fetchFrom = null;
      if (!this.placed) this.told.onState('gap');
    }
  }

  /** The newest footage is still being written: ask again soon. */
  #laterFrom(at) {
    this.fetchFrom = at;
    clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => {
      this.retryTimer = null;
      this.#keepFilled();
    }, NEWEST_RETRY_MS);
  }

  #failed(error) {
    if (error instanceof Refused) {
      this.told.onRefused(error.message);
      this.#drop();
      return;
    }
    this.told.onState(`${error.message || 'Mất kết nối.'} Đang thử lại…`);
    this.retryTimer = setTimeout(() => {
      this.retryTimer = null;
      this.#keepFilled();
    }, AWAY_RETRY_MS);
  }

  #stepOverSeams() {
    const {video} = this;
    const t = video.currentTime;
    for (let n = 0; n < video.buffered.length; n++) {
      const start = video.buffered.start(n);
      if (start > t && start - t < STITCH_S && !this.buffered(this.position)) {
        video.currentTime = start + 0.001;
        return;
      }
    }
  }

  /** Start of what is buffered after `at`, in µs; null where nothing is. */
  nextBuffered(at) {
    const t = this.#seconds(at);
    for (let n = 0; n < this.video.buffered.length; n++) {
      const start = this.video.buffered.start(n);
      if (start > t) return this.origin + start * SECOND;
    }
    return this.nextAt && this.nextAt > at ? this.nextAt : null;
  }

  /** A still of `at` as a file name and a blob; its own look, since it takes a picture away. */
  async snapshot(at) {
    const look = await openLook(this.lookUrl, {...this.fields, kind: 'snapshot', at: Math.round(at)});
    const response = await ask(`/look/${encodeURIComponent(look.look)}/snapshot?at=${Math.round(at)}`);
    if (!response.ok) throw new Refused('not_recorded', 'Không có hình vào lúc này.');
    return {blob: await response.blob(), at: Number(response.headers.get('X-At') ?? at)};
  }
}
