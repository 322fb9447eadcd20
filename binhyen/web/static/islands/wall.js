/*
 * <by-wall>: the wall of live pictures, 1, 4, 9 or 16 at a time.
 *
 * Cameras come as a child <script type="application/json">: [{"code", "name", "group", "has_sub", "look_url", "ws_url"}, …]
 *   (group, look_url, ws_url may be missing), in the order in which they are put on the wall.
 * Attributes: size (1, 4, 9, 16; default 4) · purpose · case · hls-library · storage-key (default by-wall)
 *   · layouts (JSON of named layouts kept by the server: {"Ca đêm": {"size": 9, "cameras": ["CAM-1", …]}})
 *   · save-url (POST {"name", "layout"} as JSON to keep one, layout null to remove it; without it layouts stay in this browser)
 * Events: by-wall-change {size, cameras}, by-choose {camera} when a tile is opened large; by-state from the tiles.
 * Keys: 1 4 9 6 (16) choose the size, arrows move, Enter enlarges, Escape goes back, F full screen, Page Up/Down turns pages.
 * Walls of 9 and 16 use the sub-stream of cameras that have one.
 */
import './live-tile.js';
import {ask, element} from './look.js';

const SIZES = [1, 4, 9, 16];
const KEYS = {1: 1, 4: 4, 9: 9, 6: 16};
const SUB_FROM = 9;

class Wall extends HTMLElement {
  connectedCallback() {
    if (this.grid) return;
    this.cameras = JSON.parse(this.querySelector('script[type="application/json"]')?.textContent || '[]');
    this.layouts = this.#readLayouts();
    this.size = SIZES.includes(+this.getAttribute('size')) ? +this.getAttribute('size') : 4;
    this.shown = this.cameras.slice(0, this.size).map((camera) => camera.code);
    this.enlarged = null;
    this.#build();
    this.#draw();
    new ResizeObserver(() => this.#fit()).observe(document.body);
  }

  /** Tell the styles how much of the screen is taken above the pictures, so that the whole wall is seen at once. */
  #fit() {
    if (document.fullscreenElement) return;
    const above = this.grid.getBoundingClientRect().top + scrollY + 8;
    const offset = `${Math.round(Math.min(above, innerHeight * 0.45))}px`;
    if (this.style.getPropertyValue('--by-wall-offset') !== offset) this.style.setProperty('--by-wall-offset', offset);
  }

  /** Put cameras (codes; "" leaves a place empty) on a wall of `size`. */
  show(size, cameras) {
    this.size = size;
    this.enlarged = null;
    this.shown = Array.from({length: size}, (_, place) => cameras[place] ?? '');
    this.#draw();
    this.dispatchEvent(new CustomEvent('by-wall-change', {bubbles: true, detail: {size, cameras: [...this.shown]}}));
  }

  #build() {
    const bar = element('div', 'by-wall-bar', '', {role: 'toolbar', 'aria-label': 'Bố cục tường hình'});
    this.sizeButtons = SIZES.map((size) => {
      const button = element('button', 'by-button', `${size} hình`, {type: 'button'});
      button.addEventListener('click', () => this.show(size, this.#fill(size)));
      return button;
    });
    this.picker = element('select', 'by-field', '', {'aria-label': 'Bố cục đã lưu'});
    this.picker.addEventListener('change', () => this.#pick(this.picker.value));
    this.saving = element('button', 'by-button', 'Lưu bố cục', {type: 'button'});
    this.saving.addEventListener('click', () => this.#askName());
    this.removing = element('button', 'by-button', 'Xoá bố cục', {type: 'button'});
    this.removing.addEventListener('click', () => this.#remove(this.picker.value));
    const full = element('button', 'by-button', 'Toàn màn hình', {type: 'button', title: 'Phím F'});
    full.addEventListener('click', () => this.#fullScreen());
    this.pages = element('span', 'by-wall-pages', '', {'aria-live': 'polite'});
    this.before = this.#turner('‹ Trước', -1);
    this.after = this.#turner('Sau ›', 1);
    this.form = this.#nameForm();
    bar.append(...this.sizeButtons, this.before, this.pages, this.after, this.picker, this.saving, this.removing, full, this.form);
    this.grid = element('div', 'by-wall-grid', '', {role: 'list', 'aria-label': 'Các camera đang xem'});
    this.append(bar, this.grid);
    this.addEventListener('keydown', (event) => this.#key(event));
    this.#drawLayouts();
  }

  #turner(text, by) {
    const button = element('button', 'by-button', text, {type: 'button'});
    button.addEventListener('click', () => this.#turn(by));
    return button;
  }

  #nameForm() {
    const form = element('form', 'by-wall-name');
    form.hidden = true;
    this.nameField = element('input', 'by-field', '', {'aria-label': 'Tên bố cục', placeholder: 'Tên bố cục, ví dụ: Ca đêm', maxlength: 60, required: ''});
    form.append(this.nameField, element('button', 'by-button by-primary', 'Lưu', {type: 'submit'}));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#save(this.nameField.value.trim());
    });
    return form;
  }

  /** Keep what is on the wall, then go on with cameras that are not. */
  #fill(size) {
    const kept = this.shown.filter(Boolean).slice(0, size);
    const others = this.cameras.map((camera) => camera.code).filter((code) => !kept.includes(code));
    return [...kept, ...others].slice(0, size);
  }

  #turn(by) {
    const codes = this.cameras.map((camera) => camera.code);
    const at = Math.max(0, codes.indexOf(this.shown.find(Boolean)));
    const page = Math.floor(at / this.size) + by;
    const last = Math.max(0, Math.ceil(codes.length / this.size) - 1);
    this.show(this.size, codes.slice(Math.min(last, Math.max(0, page)) * this.size).slice(0, this.size));
  }

  #draw() {
    this.setAttribute('size', this.size);
    this.grid.dataset.size = this.enlarged === null ? this.size : 1;
    const places = this.enlarged === null ? this.shown : [this.shown[this.enlarged]];
    const kept = new Map([...this.grid.querySelectorAll('by-live-tile')].map((tile) => [tile.camera, tile]));
    const cells = places.map((code, place) => this.#cell(code, place, kept));
    this.grid.replaceChildren(...cells);
    this.sizeButtons.forEach((button, n) => button.setAttribute('aria-pressed', SIZES[n] === this.size));
    const total = Math.max(1, Math.ceil(this.cameras.length / this.size));
    const first = this.cameras.findIndex((camera) => camera.code === this.shown.find(Boolean));
    this.pages.textContent = `Trang ${Math.floor(Math.max(0, first) / this.size) + 1}/${total}`;
    this.before.disabled = this.after.disabled = total === 1;
  }

  #cell(code, place, kept) {
    const cell = element('div', 'by-wall-cell', '', {role: 'listitem'});
    const camera = this.cameras.find((each) => each.code === code);
    if (!camera) {
      cell.append(this.#chooser(place, 'Chọn camera…'));
      return cell;
    }
    const tile = kept.get(code) ?? this.#tile(camera);
    const small = this.enlarged === null && this.size >= SUB_FROM;
    const stream = small && camera.has_sub ? 'sub' : 'main';
    if (tile.getAttribute('stream') !== stream) tile.setAttribute('stream', stream);
    cell.append(tile, this.#chooser(place, camera.name || code));
    return cell;
  }

  #tile(camera) {
    const tile = document.createElement('by-live-tile');
    const facts = {
      camera: camera.code, name: camera.name, 'look-url': camera.look_url, 'ws-url': camera.ws_url, 'has-sub': camera.has_sub ? 'yes' : 'no',
      purpose: this.getAttribute('purpose'), case: this.getAttribute('case'), 'hls-library': this.getAttribute('hls-library'), tabindex: 0,
    };
    for (const [name, value] of Object.entries(facts)) if (value !== undefined && value !== null) tile.setAttribute(name, value);
    if (this.hasAttribute('hls')) tile.setAttribute('hls', '');
    tile.addEventListener('dblclick', () => this.#enlarge(tile));
    return tile;
  }

  #chooser(place, label) {
    const chooser = element('select', 'by-field by-wall-chooser', '', {'aria-label': `Camera ở ô ${place + 1}: ${label}`});
    chooser.append(new Option('— để trống —', ''));
    const groups = new Map();
    for (const camera of this.cameras) {
      const option = new Option(camera.name || camera.code, camera.code);
      if (!camera.group) chooser.append(option);
      else {
        if (!groups.has(camera.group)) groups.set(camera.group, element('optgroup', '', '', {label: camera.group}));
        groups.get(camera.group).append(option);
      }
    }
    chooser.append(...groups.values());
    const index = this.enlarged ?? place;
    chooser.value = this.shown[index] ?? '';
    chooser.addEventListener('change', () => {
      const codes = [...this.shown];
      const elsewhere = chooser.value ? codes.indexOf(chooser.value) : -1;
      if (elsewhere >= 0) codes[elsewhere] = codes[index]; // one camera stands once on the wall: they change places
      codes[index] = chooser.value;
      this.show(this.size, codes);
    });
    return chooser;
  }

  #enlarge(tile) {
    if (this.size === 1) return;
    this.enlarged = this.enlarged === null ? this.shown.indexOf(tile.camera) : null;
    const camera = tile.camera;
    this.#draw();
    [...this.grid.querySelectorAll('by-live-tile')].find((each) => each.camera === camera)?.focus();
    if (this.enlarged !== null) this.dispatchEvent(new CustomEvent('by-choose', {bubbles: true, detail: {camera}}));
  }

  #key(event) {
    if (event.target.closest('select, input, textarea') || event.ctrlKey || event.altKey || event.metaKey) return;
    const tiles = [...this.grid.querySelectorAll('by-live-tile')];
    const at = tiles.indexOf(event.target.closest('by-live-tile'));
    const across = Math.sqrt(this.size);
    const steps = {ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across};
    const actions = {
      f: () => this.#fullScreen(), F: () => this.#fullScreen(),
      Escape: () => this.enlarged !== null && this.#enlarge(tiles[0]), PageUp: () => this.#turn(-1), PageDown: () => this.#turn(1),
    };
    if (event.key in steps && tiles.length) tiles[Math.min(tiles.length - 1, Math.max(0, at + steps[event.key]))].focus();
    else if (event.key === 'Enter' && at >= 0 && event.target === tiles[at]) this.#enlarge(tiles[at]);
    else if (event.key in KEYS) this.show(KEYS[event.key], this.#fill(KEYS[event.key]));
    else if (event.key in actions) actions[event.key]();
    else return;
    event.preventDefault();
  }

  #fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.requestFullscreen?.();
  }

  get #storageKey() { return this.getAttribute('storage-key') || 'by-wall'; }

  #readLayouts() {
    try {
      const kept = this.getAttribute('layouts') ?? (this.hasAttribute('save-url') ? '{}' : localStorage.getItem(this.#storageKey));
      return JSON.parse(kept ?? '{}');
    } catch {
      return {}; // a layout that cannot be read is no reason to show no picture
    }
  }

  #drawLayouts(chosen = '') {
    const names = Object.keys(this.layouts).sort((a, b) => a.localeCompare(b, 'vi'));
    this.picker.replaceChildren(new Option(names.length ? 'Bố cục đã lưu…' : 'Chưa lưu bố cục nào', ''), ...names.map((name) => new Option(name, name)));
    this.picker.value = chosen;
    this.picker.disabled = !names.length;
    this.removing.hidden = !chosen;
  }

  #pick(name) {
    const layout = this.layouts[name];
    this.removing.hidden = !layout;
    if (layout) this.show(SIZES.includes(layout.size) ? layout.size : 4, layout.cameras);
  }

  #askName() {
    this.form.hidden = !this.form.hidden;
    this.nameField.value = this.picker.value;
    if (!this.form.hidden) this.nameField.focus();
  }

  async #save(name) {
    if (!name) return;
    this.layouts[name] = {size: this.size, cameras: [...this.shown]};
    this.form.hidden = true;
    await this.#keep(name, this.layouts[name]);
    this.#drawLayouts(name);
  }

  async #remove(name) {
    delete this.layouts[name];
    await this.#keep(name, null);
    this.#drawLayouts();
  }

  async #keep(name, layout) {
    const url = this.getAttribute('save-url');
    if (!url) {
      localStorage.setItem(this.#storageKey, JSON.stringify(this.layouts));
      return;
    }
    const token = document.querySelector('meta[name="csrf-token"]')?.content ?? '';
    const headers = {'Content-Type': 'application/json', 'X-CSRFToken': token};
    try {
      await ask(url, {method: 'POST', headers, body: JSON.stringify({name, layout})});
    } catch (error) {
      this.pages.textContent = `Chưa lưu được bố cục: ${error.message}`;
    }
  }
}

customElements.define('by-wall', Wall);
