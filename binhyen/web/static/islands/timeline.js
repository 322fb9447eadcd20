/*
 * <by-timeline>: what was recorded, hour by hour, one row per camera.
 *
 * Properties: tracks = [{name, segments: [{start, end}], gaps: [{start, end, reason}], holds: [{start, end}],
 *   looks: [{at, text}]}] · range = {from, to} (what may be seen at all) · view = {from, to} (what is drawn) · position (µs)
 *   · marks = {in, out}. Instants are µs UTC.
 * Events: by-seek {at, dragging}, by-zoom {from, to}.
 * Each kind has a shape of its own beside its colour: recorded is a filled bar, a gap a hatched one, a hold a bracket below,
 * a look a small triangle above, a mark a flag. The time under the thumb is written in a row of its own, above.
 * Keys (also offered by <by-player>): ←/→ one second, Shift ten, ↑/↓ previous and next border, Home/End, + and − zoom.
 */
import {DAY, SECOND, dayText, lengthText, momentText, timeText} from './moment.js';

export const REASONS = {
  connection: 'mất kết nối với camera', silent: 'camera không gửi hình', garbage: 'tín hiệu hỏng', disk_full: 'ổ đĩa đầy',
  disk_slow: 'ổ đĩa chậm', disk_error: 'lỗi ổ đĩa', clock_step: 'đồng hồ máy bị chỉnh', stopped: 'tạm dừng ghi', crash: 'máy ghi bị tắt đột ngột',
};
const LABEL_ROW = 26;
const TICK_ROW = 20;
const TRACK_ROW = 34;
const NARROWEST = 10 * SECOND;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200].map((s) => s * SECOND);
const ZONE_OFFSET = 7 * 3600 * SECOND;

class Timeline extends HTMLElement {
  connectedCallback() {
    if (this.canvas) return;
    this.classList.add('by-timeline');
    this.setAttribute('role', 'slider');
    this.tabIndex = 0;
    if (!this.hasAttribute('aria-label')) this.setAttribute('aria-label', 'Thời điểm đang xem');
    this.canvas = document.createElement('canvas');
    this.canvas.setAttribute('aria-hidden', 'true');
    this.append(this.canvas);
    new ResizeObserver(() => this.draw()).observe(this);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.draw());
    this.#listen();
    this.draw();
  }

  set tracks(tracks) { this._tracks = tracks; this.draw(); }
  get tracks() { return this._tracks ?? []; }
  set range(range) { this._range = range; this._view = {...range}; this.draw(); }
  get range() { return this._range ?? {from: 0, to: DAY}; }
  set view(view) { this._view = this.#clamped(view); this.draw(); }
  get view() { return this._view ?? this.range; }
  set marks(marks) { this._marks = marks; this.draw(); }
  get marks() { return this._marks ?? {}; }
  get position() { return this._position ?? this.range.from; }
  set position(at) {
    this._position = at;
    const {from, to} = this.view;
    if (!this.dragging && (at > to || at < from)) this._view = this.#clamped({from: at - (to - from) * 0.2, to: at + (to - from) * 0.8});
    this.#describe();
    this.draw();
  }

  /** Zoom by `factor` (below 1 is closer) so that `at` stays where it is on the screen. */
  zoom(factor, at = this.position) {
    const {from, to} = this.view;
    const width = Math.min(this.range.to - this.range.from, Math.max(NARROWEST, (to - from) * factor));
    const share = (at - from) / (to - from);
    this.view = {from: at - width * share, to: at - width * share + width};
    this.dispatchEvent(new CustomEvent('by-zoom', {detail: this.view}));
  }

  /** Starts and ends of recordings, holds and looks: where ↑ and ↓ go. */
  borders() {
    const all = this.tracks.flatMap((track) => [
      ...joined(track.segments).flatMap((s) => [s.start, s.end]), ...(track.holds ?? []).map((h) => h.start), ...(track.looks ?? []).map((l) => l.at),
    ]);
    return [...new Set(all)].filter((at) => at >= this.range.from && at < this.range.to).sort((a, b) => a - b);
  }

  nextBorder(by, from = this.position) {
    const slack = SECOND / 2;
    const found = by > 0 ? this.borders().find((at) => at > from + slack) : this.borders().findLast((at) => at < from - slack);
    return found ?? from;
  }

  #clamped({from, to}) {
    const {range} = this;
    const width = Math.min(to - from, range.to - range.from);
    const start = Math.min(Math.max(from, range.from), range.to - width);
    return {from: start, to: start + width};
  }

  #x(at) { return ((at - this.view.from) / (this.view.to - this.view.from)) * this.clientWidth; }
  #at(x) { return this.view.from + (x / this.clientWidth) * (this.view.to - this.view.from); }

  #seek(at, dragging) {
    const allowed = Math.min(Math.max(at, this.range.from), this.range.to - 1);
    this.position = allowed;
    this.dispatchEvent(new CustomEvent('by-seek', {detail: {at: allowed, dragging}}));
  }

  #listen() {
    const pointers = new Map();
    let pinch = null;
    this.addEventListener('pointerdown', (event) => {
      this.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, event.offsetX);
      this.dragging = pointers.size === 1;
      if (pointers.size === 2) pinch = this.#pinch(pointers);
      else this.#seek(this.#at(event.offsetX), true);
    });
    this.addEventListener('pointermove', (event) => {
      this.hover = event.offsetX;
      if (pointers.has(event.pointerId)) {
        pointers.set(event.pointerId, event.offsetX);
        if (pinch && pointers.size === 2) {
          const next = this.#pinch(pointers);
          this.zoom(pinch.apart / Math.max(10, next.apart), this.#at(next.middle));
          pinch = next;
        } else if (this.dragging) this.#seek(this.#at(event.offsetX), true);
      }
      this.draw();
    });
    const up = (event) => {
      pointers.delete(event.pointerId);
      if (this.dragging) this.#seek(this.#at(event.offsetX), false);
      this.dragging = false;
      pinch = null;
    };
    this.addEventListener('pointerup', up);
    this.addEventListener('pointercancel', () => { pointers.clear(); this.dragging = false; pinch = null; });
    this.addEventListener('pointerleave', () => { this.hover = null; this.draw(); });
    this.addEventListener('wheel', (event) => {
      event.preventDefault();
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        const by = (event.deltaX / this.clientWidth) * (this.view.to - this.view.from);
        this.view = {from: this.view.from + by, to: this.view.to + by};
      } else this.zoom(event.deltaY > 0 ? 1.25 : 0.8, this.#at(event.offsetX));
    }, {passive: false});
    this.addEventListener('keydown', (event) => this.#key(event));
  }

  #pinch(pointers) {
    const [a, b] = [...pointers.values()];
    return {apart: Math.abs(a - b), middle: (a + b) / 2};
  }

  #key(event) {
    const step = (event.shiftKey ? 10 : 1) * SECOND;
    const to = {
      ArrowLeft: () => this.position - step, ArrowRight: () => this.position + step, ArrowUp: () => this.nextBorder(-1),
      ArrowDown: () => this.nextBorder(1), Home: () => this.range.from, End: () => this.range.to - SECOND,
    }[event.key];
    if (to) this.#seek(to(), false);
    else if (event.key === '+' || event.key === '=') this.zoom(0.5);
    else if (event.key === '-') this.zoom(2);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #describe() {
    this.setAttribute('aria-valuemin', Math.round(this.range.from / SECOND));
    this.setAttribute('aria-valuemax', Math.round(this.range.to / SECOND));
    this.setAttribute('aria-valuenow', Math.round(this.position / SECOND));
    this.setAttribute('aria-valuetext', `${momentText(this.position)}, ${this.#told(this.tracks[0], this.position)}`);
  }

  #told(track, at) {
    if (!track) return 'chưa có dữ liệu';
    const gap = (track.gaps ?? []).find((each) => each.start <= at && at < each.end);
    if (gap) return `không có hình: ${REASONS[gap.reason] ?? gap.reason} (${lengthText(gap.end - gap.start)})`;
    const hold = (track.holds ?? []).some((each) => each.start <= at && at < each.end) ? ', được giữ cho vụ việc' : '';
    return track.segments.some((each) => each.start <= at && at < each.end) ? `có hình${hold}` : 'không có hình';
  }

  draw() {
    if (!this.canvas || !this.clientWidth) return;
    if (this.drawing) return;
    this.drawing = requestAnimationFrame(() => { this.drawing = 0; this.#paint(); });
  }

  #paint() {
    const width = this.clientWidth;
    const height = LABEL_ROW + Math.max(1, this.tracks.length) * TRACK_ROW + TICK_ROW;
    const ratio = devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(height * ratio);
      this.canvas.style.width = `${width}px`;
      this.canvas.style.height = `${height}px`;
    }
    const pen = this.canvas.getContext('2d');
    const colours = getComputedStyle(this);
    this.colour = (name) => colours.getPropertyValue(`--by-${name}`).trim() || '#888';
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.font = `12px ${colours.fontFamily}`;
    pen.textBaseline = 'middle';
    this.#paintTicks(pen, width, height);
    this.tracks.forEach((track, row) => this.#paintTrack(pen, track, LABEL_ROW + row * TRACK_ROW, width));
    this.#paintMarks(pen, height);
    this.#paintThumb(pen, width, height);
  }

  #paintTicks(pen, width, height) {
    const {from, to} = this.view;
    const step = STEPS.find((each) => (each / (to - from)) * width > 74) ?? DAY;
    pen.fillStyle = this.colour('soft');
    pen.strokeStyle = this.colour('line');
    pen.textAlign = 'center';
    for (let at = Math.ceil((from + ZONE_OFFSET) / step) * step - ZONE_OFFSET; at < to; at += step) {
      const x = Math.round(this.#x(at)) + 0.5;
      pen.beginPath();
      pen.moveTo(x, LABEL_ROW);
      pen.lineTo(x, height - TICK_ROW + 4);
      pen.stroke();
      const text = (at + ZONE_OFFSET) % DAY === 0 ? dayText(at).slice(0, 5) : timeText(at).slice(0, step < 60 * SECOND ? 8 : 5);
      if (x > 20 && x < width - 20) pen.fillText(text, x, height - TICK_ROW / 2 + 2);
    }
  }

  #paintTrack(pen, track, top, width) {
    const bar = top + 9;
    const deep = 14;
    pen.fillStyle = this.colour('panel');
    pen.fillRect(0, bar, width, deep);
    pen.fillStyle = this.colour('recorded');
    for (const each of joined(track.segments)) this.#box(pen, each, bar, deep);
    for (const gap of track.gaps ?? []) this.#hatch(pen, gap, bar, deep);
    pen.strokeStyle = this.colour('hold');
    pen.lineWidth = 2;
    for (const hold of track.holds ?? []) this.#bracket(pen, hold, bar + deep + 2);
    pen.lineWidth = 1;
    if (this.tracks.length > 1) this.#name(pen, track.name, bar + deep / 2);
    pen.fillStyle = this.colour('look');
    for (const look of track.looks ?? []) this.#triangle(pen, this.#x(look.at), bar - 1);
  }

  #name(pen, name, middle) {
    pen.textAlign = 'left';
    pen.fillStyle = this.colour('panel');
    pen.fillRect(0, middle - 7, Math.min(pen.measureText(name).width, 140) + 8, 14);
    pen.fillStyle = this.colour('ink');
    pen.fillText(name, 4, middle + 1, 140);
  }

  #box(pen, {start, end}, top, deep) {
    const left = this.#x(start);
    const right = this.#x(end);
    if (right < 0 || left > this.clientWidth) return;
    pen.fillRect(left, top, Math.max(1, right - left), deep);
  }

  #hatch(pen, gap, top, deep) {
    const left = Math.max(0, this.#x(gap.start));
    const right = Math.min(this.clientWidth, Math.max(this.#x(gap.end), left + 2));
    if (right <= 0 || left >= this.clientWidth) return;
    pen.save();
    pen.beginPath();
    pen.rect(left, top, right - left, deep);
    pen.clip();
    pen.fillStyle = this.colour('panel');
    pen.fillRect(left, top, right - left, deep);
    pen.strokeStyle = this.colour('gap');
    pen.lineWidth = 1.5;
    for (let x = left - deep; x < right; x += 6) {
      pen.beginPath();
      pen.moveTo(x, top + deep);
      pen.lineTo(x + deep, top);
      pen.stroke();
    }
    pen.strokeRect(left + 0.5, top + 0.5, right - left - 1, deep - 1);
    pen.restore();
  }

  #bracket(pen, hold, top) {
    const left = this.#x(hold.start);
    const right = this.#x(hold.end);
    pen.beginPath();
    pen.moveTo(left, top - 3);
    pen.lineTo(left, top + 3);
    pen.lineTo(right, top + 3);
    pen.lineTo(right, top - 3);
    pen.stroke();
  }

  #triangle(pen, x, bottom) {
    pen.beginPath();
    pen.moveTo(x, bottom);
    pen.lineTo(x - 4, bottom - 7);
    pen.lineTo(x + 4, bottom - 7);
    pen.fill();
  }

  #paintMarks(pen, height) {
    pen.fillStyle = pen.strokeStyle = this.colour('mark');
    pen.lineWidth = 2;
    for (const [name, way] of [['in', 1], ['out', -1]]) {
      if (this.marks[name] == null) continue;
      const x = this.#x(this.marks[name]);
      pen.beginPath();
      pen.moveTo(x, LABEL_ROW);
      pen.lineTo(x, height - TICK_ROW);
      pen.stroke();
      pen.fillRect(Math.min(x, x + 9 * way), LABEL_ROW, 9, 7);
    }
    if (this.marks.in != null && this.marks.out != null) {
      pen.globalAlpha = 0.18;
      pen.fillRect(this.#x(this.marks.in), LABEL_ROW, this.#x(this.marks.out) - this.#x(this.marks.in), height - LABEL_ROW - TICK_ROW);
      pen.globalAlpha = 1;
    }
    pen.lineWidth = 1;
  }

  /** The thumb is a thin line; what it points to is written above, never under it. */
  #paintThumb(pen, width, height) {
    const x = this.#x(this.position);
    if (this.hover != null && !this.dragging) this.#label(pen, this.hover, width, this.#hoverText(), this.colour('soft'), false);
    if (x < -1 || x > width + 1) return;
    pen.strokeStyle = this.colour('thumb');
    pen.lineWidth = 2;
    pen.beginPath();
    pen.moveTo(x, LABEL_ROW - 3);
    pen.lineTo(x, height - TICK_ROW + 2);
    pen.stroke();
    pen.lineWidth = 1;
    const hovering = this.hover != null && !this.dragging && Math.abs(this.hover - x) < 260;
    if (!hovering) this.#label(pen, x, width, timeText(this.position), this.colour('thumb'), true);
  }

  #hoverText() {
    const at = this.#at(this.hover);
    return `${timeText(at)} · ${this.#told(this.tracks[0], at)}`;
  }

  #label(pen, x, width, text, colour, strong) {
    pen.font = `${strong ? '600 ' : ''}13px ${getComputedStyle(this).fontFamily}`;
    const wide = pen.measureText(text).width + 14;
    const left = Math.min(Math.max(0, x - wide / 2), Math.max(0, width - wide));
    pen.fillStyle = this.colour('panel');
    pen.strokeStyle = colour;
    pen.beginPath();
    pen.roundRect(left + 0.5, 1.5, wide - 1, LABEL_ROW - 6, 4);
    pen.fill();
    pen.stroke();
    pen.fillStyle = this.colour('ink');
    pen.textAlign = 'left';
    pen.fillText(text, left + 7, (LABEL_ROW - 2) / 2);
  }
}

/** Neighbouring segments as one stretch: files are cut each minute, recordings are not. */
export function joined(segments) {
  const stretches = [];
  for (const {start, end} of [...segments].sort((a, b) => a.start - b.start)) {
    const last = stretches.at(-1);
    if (last && start - last.end < SECOND) last.end = Math.max(last.end, end);
    else stretches.push({start, end});
  }
  return stretches;
}

customElements.define('by-timeline', Timeline);
