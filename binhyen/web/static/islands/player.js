/*
 * <by-player camera="CAM-1" name="…" …>: recorded pictures of one camera, or of several in step.
 *
 * Attributes: camera · name · more (JSON [{"camera", "name", "look_url"}]: further cameras in step, three at most)
 *   · look-url (default /xem/<camera>/) · purpose · case · from, to (the window that may be seen; µs or ISO 8601; default: the
 *   day of `at`) · at (where to begin; default: half a minute before the end of what there is) · link-base (address that
 *   deep links begin with; default this page) · no-snapshot
 * Events (bubble): by-time {at} about four times a second · by-marks {camera, in, out} · by-snapshot {camera, at, blob}
 *   · by-refused {text} · by-ready
 * Keys: ←/→ second, Shift ten, ↑/↓ previous and next border, space plays and pauses, `.` and `,` one frame, I and O marks,
 *   S snapshot, < and > speed. Keys in fields are left alone.
 */
import './timeline.js';
import {Refused, element} from './look.js';
import {REASONS, joined} from './timeline.js';
import {Track} from './track.js';
import {DAY, SECOND, dayText, isoText, lengthText, momentText, now, readInstant, readMoment, startOfDay, timeText} from './moment.js';

const SPEEDS = [0.5, 1, 2, 4, 8, 16];
const FRAME_US = SECOND / 15;
const DRIFT_TO_SEEK_S = 0.3;
const DRIFT_TO_NUDGE_S = 0.04;
const CHECK_EVERY_TICKS = 20; // two seconds: a right taken away ends a player within five
const START_BEFORE_END = 30 * SECOND;

class Player extends HTMLElement {
  connectedCallback() {
    if (this.tracks) return;
    this.speed = 1;
    this.playing = false;
    this.marks = {in: null, out: null};
    this.#build();
    this.observer = new ResizeObserver(() => this.#fit());
    this.observer.observe(document.body);
    this.#open();
  }

  /** Pictures as high as leaves the controls and the time line on the screen; on small screens one scrolls. */
  #fit() {
    const rows = this.tracks?.length > 2 && innerWidth > 640 ? 2 : 1;
    const above = this.stage.getBoundingClientRect().top + scrollY;
    const beside = this.offsetHeight - this.stage.offsetHeight + 28 * rows;
    const height = `${Math.round(Math.max(260 / rows, (innerHeight - above - beside) / rows))}px`;
    if (this.style.getPropertyValue('--by-picture-height') !== height) this.style.setProperty('--by-picture-height', height);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    this.observer?.disconnect();
    this.tracks?.forEach((track) => track.close());
    this.tracks = null;
    this.replaceChildren();
  }

  get at() { return this.here ?? this.range.from; }

  /** Go to an instant (µs). */
  seek(at, {dragging = false} = {}) {
    const allowed = Math.min(Math.max(at, this.range.from), this.range.to - 1);
    this.here = allowed;
    this.timeline.position = allowed;
    this.#tellTime();
    clearTimeout(this.dragTimer);
    if (dragging) this.dragTimer = setTimeout(() => this.#seekTracks(allowed), 120);
    else this.#seekTracks(allowed);
  }

  play() {
    this.playing = true;
    this.#apply();
  }

  pause() {
    this.playing = false;
    this.#apply();
  }

  // -- opening

  #wanted() {
    const own = {camera: this.getAttribute('camera'), name: this.getAttribute('name'), look_url: this.getAttribute('look-url')};
    return [own, ...JSON.parse(this.getAttribute('more') || '[]')].slice(0, 4);
  }

  #window() {
    const at = readInstant(this.getAttribute('at'));
    const day = startOfDay(at ?? now());
    return {from: readInstant(this.getAttribute('from')) ?? day, to: readInstant(this.getAttribute('to')) ?? Math.max(day + DAY, 0)};
  }

  async #open() {
    const fields = {purpose: this.getAttribute('purpose'), case: this.getAttribute('case')};
    this.range = this.#window();
    this.timeline.range = this.range;
    this.#say('Đang mở hình…');
    try {
      await Promise.all(this.tracks.map((track) => track.open(this.range, {url: track.url_, ...fields})));
    } catch (error) {
      this.#refused(error instanceof Refused ? error.message : `${error.message} Hãy tải lại trang.`);
      return;
    }
    const from = Math.max(...this.tracks.map((track) => track.range.from));
    const to = Math.min(...this.tracks.map((track) => track.range.to));
    this.range = {from, to};
    this.timeline.range = this.range;
    this.#drawTimeline();
    this.timer = setInterval(() => this.#tick(), 100);
    this.#say('');
    this.#start();
    this.dispatchEvent(new CustomEvent('by-ready', {bubbles: true}));
  }

  #start() {
    const newest = Math.max(0, ...this.tracks.flatMap((track) => track.segments.map((each) => each.end)));
    if (!newest) {
      this.here = this.range.from;
      this.#say('Không có hình nào được ghi trong khoảng thời gian này.');
      return;
    }
    const asked = readInstant(this.getAttribute('at'));
    this.seek(asked ?? Math.max(this.range.from, Math.min(newest, this.range.to) - START_BEFORE_END));
    if (this.range.to - this.range.from > 4 * 3600 * SECOND) this.timeline.view = {from: this.at - 3600 * SECOND, to: this.at + 3600 * SECOND};
  }

  // -- structure

  #build() {
    this.classList.add('by-player');
    this.stage = element('div', 'by-stage', '', {tabindex: '0', role: 'group', 'aria-label': 'Hình đã ghi'});
    this.tracks = this.#wanted().map((wanted) => this.#screen(wanted));
    this.stage.dataset.screens = this.tracks.length;
    this.notice = element('p', 'by-player-notice', '', {role: 'status'});
    this.timeline = document.createElement('by-timeline');
    this.timeline.addEventListener('by-seek', (event) => this.seek(event.detail.at, event.detail));
    this.append(this.stage, this.notice, this.#controls(), this.timeline, this.#tools());
    this.addEventListener('keydown', (event) => this.#key(event));
  }

  #screen({camera, name, look_url}) {
    const screen = element('div', 'by-screen');
    const video = element('video', 'by-screen-video', '', {playsinline: '', tabindex: '-1', 'aria-hidden': 'true'});
    video.muted = true;
    const line = element('div', 'by-screen-line');
    line.append(element('span', 'by-tile-name', name || camera), element('span', 'by-screen-time'));
    const cover = element('p', 'by-screen-cover');
    cover.hidden = true;
    screen.append(video, cover, line);
    this.stage.append(screen);
    const track = new Track(video, camera, {
      onTimeline: () => this.#drawTimeline(),
      onState: (state) => this.#trackState(track, state),
      onRefused: (text) => this.#refused(text),
    });
    return Object.assign(track, {name: name || camera, cover, time: line.lastChild, url_: look_url || `/xem/${encodeURIComponent(camera)}/`});
  }

  #button(text, act, attributes = {}) {
    const button = element('button', 'by-button', text, {type: 'button', ...attributes});
    button.addEventListener('click', act);
    return button;
  }

  #controls() {
    const bar = element('div', 'by-player-bar', '', {role: 'toolbar', 'aria-label': 'Điều khiển phát lại'});
    this.playButton = this.#button('▶ Phát', () => (this.playing ? this.pause() : this.play()), {title: 'Phím cách'});
    this.playButton.classList.add('by-primary');
    this.clock = element('output', 'by-player-clock', '', {'aria-live': 'off'});
    this.speedField = element('select', 'by-field', '', {'aria-label': 'Tốc độ phát'});
    this.speedField.append(...SPEEDS.map((speed) => new Option(`${String(speed).replace('.', ',')}×`, speed, speed === 1, speed === 1)));
    this.speedField.addEventListener('change', () => this.#setSpeed(Number(this.speedField.value)));
    const step = (text, label, by) => this.#button(text, () => this.seek(this.at + by), {'aria-label': label, title: label});
    bar.append(
      step('« 10 giây', 'Lùi 10 giây', -10 * SECOND), this.playButton, step('10 giây »', 'Tiến 10 giây', 10 * SECOND),
      this.#button('◂ Khung', () => this.#frame(-1), {'aria-label': 'Khung hình trước'}),
      this.#button('Khung ▸', () => this.#frame(1), {'aria-label': 'Khung hình sau', title: 'Phím .'}), this.speedField, this.clock,
    );
    return bar;
  }

  #tools() {
    const bar = element('div', 'by-player-bar');
    const form = element('form', 'by-player-goto');
    this.field = element('input', 'by-field', '', {'aria-label': 'Đến thời điểm', placeholder: '22:40 hôm qua', size: 14, autocomplete: 'off'});
    form.append(this.field, element('button', 'by-button', 'Đến', {type: 'submit'}));
    form.addEventListener('submit', (event) => this.#goTo(event));
    this.markLine = element('span', 'by-player-marks', '', {'aria-live': 'polite'});
    const snapshot = this.#button('Chụp hình', () => this.#snapshot(), {title: 'Phím S'});
    snapshot.hidden = this.hasAttribute('no-snapshot');
    bar.append(
      form, snapshot, this.#button('Đánh dấu đầu', () => this.#mark('in'), {title: 'Phím I'}),
      this.#button('Đánh dấu cuối', () => this.#mark('out'), {title: 'Phím O'}), this.#button('Chép liên kết', () => this.#copyLink()), this.markLine,
    );
    return bar;
  }

  // -- what happens

  #tick() {
    if (!this.tracks) return;
    const leader = this.tracks.find((track) => track.buffered(this.at) && !(this.playing && track.stuck)) ?? null;
    for (const track of this.tracks) track.tick();
    if (this.playing && !this.timeline.dragging) this.#advance(leader);
    this.#keepInStep(leader);
    this.ticks = (this.ticks ?? 0) + 1;
    if (this.ticks % CHECK_EVERY_TICKS === 0) this.tracks.forEach((track) => track.check());
    if (this.ticks % 300 === 0 && this.range.to > now()) this.tracks.forEach((track) => track.readTimeline().catch(() => {}));
  }

  #advance(leader) {
    if (leader) {
      if (!leader.video.seeking && leader.placed) this.here = leader.position;
    } else this.#jumpOverGap();
    this.timeline.position = this.at;
    this.#tellTime();
    if (this.at >= this.range.to - SECOND / 10) this.pause();
  }

  /** Nobody has a picture here: say so, and go on where somebody has one. */
  #jumpOverGap() {
    if (this.tracks.some((track) => track.fetching && !track.nextAt && track.recordedAt(this.at))) return;
    const found = this.tracks.map((track) => track.nextBuffered(this.at)).filter((at) => at !== null);
    if (!found.length) return;
    const next = Math.min(...found);
    const gap = this.tracks[0].gaps.find((each) => each.start < next && each.end > this.at);
    if (next - this.at > SECOND) this.#say(`Bỏ qua ${lengthText(next - this.at)} không có hình${gap ? ` (${REASONS[gap.reason] ?? gap.reason})` : ''}.`, 6000);
    this.seek(next);
  }

  #keepInStep(leader) {
    for (const track of this.tracks) {
      const {video} = track;
      const shows = track.placed && track.buffered(this.at);
      this.#cover(track, shows);
      if (!this.playing || !shows) {
        if (!video.paused) video.pause();
        continue;
      }
      if (video.paused) video.play().catch(() => {});
      const drift = track === leader ? 0 : (track.position - this.at) / SECOND;
      if (Math.abs(drift) > DRIFT_TO_SEEK_S * Math.max(1, this.speed)) track.seek(this.at);
      video.playbackRate = Math.abs(drift) > DRIFT_TO_NUDGE_S ? Math.max(0.25, this.speed * (drift > 0 ? 0.95 : 1.05)) : this.speed;
    }
  }

  #cover(track, shows) {
    const gap = track.gapAt(this.at);
    const text = gap ? `Không có hình: ${REASONS[gap.reason] ?? gap.reason}, ${timeText(gap.start)}–${timeText(gap.end)}.` : track.recordedAt(this.at) ? 'Đang tải hình…' : 'Không có hình vào lúc này.';
    track.cover.hidden = shows || Boolean(track.refusal);
    if (!shows && track.cover.textContent !== text) track.cover.textContent = text;
  }

  #seekTracks(at) {
    for (const track of this.tracks) {
      if (track.segments.length) track.seek(at);
    }
    this.#apply();
  }

  #trackState(track, state) {
    if (state === 'gap' || state === '') return;
    this.#say(state, 4000);
  }

  #apply() {
    this.playButton.textContent = this.playing ? '❚❚ Dừng' : '▶ Phát';
    this.playButton.setAttribute('aria-pressed', this.playing);
    for (const track of this.tracks) {
      track.speed = this.speed;
      if (!this.playing) track.video.pause();
    }
  }

  #setSpeed(speed) {
    this.speed = speed;
    this.speedField.value = speed;
    this.#apply();
  }

  #frame(by) {
    this.pause();
    this.seek(this.at + by * FRAME_US);
  }

  #mark(name) {
    this.marks[name] = Math.round(this.at);
    const {in: first, out: last} = this.marks;
    if (first !== null && last !== null && first > last) this.marks[name === 'in' ? 'out' : 'in'] = null;
    this.timeline.marks = this.marks;
    const told = [this.marks.in && `từ ${timeText(this.marks.in)}`, this.marks.out && `đến ${timeText(this.marks.out)}`].filter(Boolean);
    const length = this.marks.in && this.marks.out ? ` (${lengthText(this.marks.out - this.marks.in)})` : '';
    this.markLine.textContent = told.length ? `Đoạn đã chọn: ${told.join(' ')}${length}` : '';
    this.dispatchEvent(new CustomEvent('by-marks', {bubbles: true, detail: {camera: this.getAttribute('camera'), ...this.marks}}));
  }

  async #snapshot() {
    this.pause();
    try {
      for (const track of this.tracks) {
        if (!track.recordedAt(this.at)) continue;
        const {blob, at} = await track.snapshot(this.at);
        this.#download(blob, `${track.camera}_${isoText(at).slice(0, 19).replace(/[:T]/g, '-')}.jpg`);
        this.dispatchEvent(new CustomEvent('by-snapshot', {bubbles: true, detail: {camera: track.camera, at, blob}}));
      }
      this.#say(`Đã chụp hình lúc ${momentText(this.at)}.`, 5000);
    } catch (error) {
      this.#say(`Chưa chụp được hình: ${error.message}`, 8000);
    }
  }

  #download(blob, name) {
    const link = element('a', '', '', {download: name});
    link.href = URL.createObjectURL(blob);
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  async #copyLink() {
    const link = new URL(this.getAttribute('link-base') || location.href, location.href);
    link.searchParams.set('camera', this.tracks.map((track) => track.camera).join(','));
    link.searchParams.set('at', isoText(Math.round(this.at / 1000) * 1000));
    try {
      await navigator.clipboard.writeText(link.href);
      this.#say('Đã chép liên kết. Người nhận vẫn cần quyền xem và vụ việc của mình.', 5000);
    } catch {
      this.#say(`Liên kết: ${link.href}`);
    }
  }

  #goTo(event) {
    event.preventDefault();
    const at = readMoment(this.field.value, Math.min(now(), this.range.to));
    if (at === null) this.#say('Chưa hiểu thời điểm này. Hãy nhập như “22:40”, “22:40 hôm qua” hoặc “06:15 20/11/2026”.');
    else if (at < this.range.from || at >= this.range.to) this.#say(`${momentText(at)} nằm ngoài khoảng được xem: từ ${momentText(this.range.from)} đến ${momentText(this.range.to)}.`);
    else {
      this.#say('');
      this.seek(at);
      this.stage.focus();
    }
  }

  #key(event) {
    if (event.target.closest('input, select, textarea') || event.ctrlKey || event.altKey || event.metaKey) return;
    const onButton = event.target.closest('button');
    const step = (event.shiftKey ? 10 : 1) * SECOND;
    const faster = (by) => this.#setSpeed(SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, SPEEDS.indexOf(this.speed) + by))]);
    const actions = {
      ArrowLeft: () => this.seek(this.at - step), ArrowRight: () => this.seek(this.at + step),
      ArrowUp: () => this.seek(this.timeline.nextBorder(-1, this.at)), ArrowDown: () => this.seek(this.timeline.nextBorder(1, this.at)),
      '.': () => this.#frame(1), ',': () => this.#frame(-1), '<': () => faster(-1), '>': () => faster(1),
      i: () => this.#mark('in'), o: () => this.#mark('out'), s: () => !this.hasAttribute('no-snapshot') && this.#snapshot(),
      ' ': () => !onButton && (this.playing ? this.pause() : this.play()),
    };
    const act = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || (event.key === ' ' && onButton)) return;
    event.preventDefault();
    act();
  }

  #drawTimeline() {
    this.timeline.tracks = this.tracks.map(({name, segments, gaps, holds, looks}) => ({name, segments: joined(segments), gaps, holds, looks}));
    this.#fit(); // each camera has a line of its own
  }

  #tellTime() {
    this.clock.textContent = `${timeText(this.at)} · ${dayText(this.at)}`;
    for (const track of this.tracks) track.time.textContent = timeText(this.at);
    if (Math.abs(this.at - (this.toldAt ?? 0)) < SECOND / 4) return;
    this.toldAt = this.at;
    this.dispatchEvent(new CustomEvent('by-time', {bubbles: true, detail: {at: this.at}}));
  }

  #say(text, forMs = 0) {
    clearTimeout(this.sayTimer);
    this.notice.textContent = text;
    if (forMs) this.sayTimer = setTimeout(() => { this.notice.textContent = ''; }, forMs);
  }

  #refused(text) {
    this.pause();
    clearInterval(this.timer);
    this.setAttribute('state', 'refused');
    for (const track of this.tracks ?? []) {
      track.refusal = text;
      track.close();
      track.cover.hidden = false;
      track.cover.textContent = text;
    }
    this.#say(text);
    this.dispatchEvent(new CustomEvent('by-refused', {bubbles: true, detail: {text}}));
  }
}

customElements.define('by-player', Player);
