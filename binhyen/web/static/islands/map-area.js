/*
 * <by-map-area>: draw the area that footage is asked for.
 *
 * Attributes: features (address of {"units": FeatureCollection, "cameras": FeatureCollection}) · library, worker (MapLibre's
 *   CSP build) · for (id of the hidden field that gets the GeoJSON polygon, and may already hold one) · largest (m²)
 * Events (bubble): by-area {polygon, m2}; polygon is null while it has fewer than three corners.
 * Press the map to set a corner, drag a corner to move it. Keys on the map: arrows move it, + and − zoom, Enter sets a corner
 * under the cross, Backspace takes the last one back. No tiles: boundaries and cameras are drawn from the station's own data.
 */
const METRES_PER_DEGREE = 111_320;
const VIETNAM = [[102.1, 8.3], [109.6, 23.4]];
const CORNERS_MAX = 199;
const EMPTY = {type: 'FeatureCollection', features: []};
const COLOURS = {ground: '#eef1f4', unit: '#dfe6ee', border: '#667382', camera: '#0b5cad', area: '#b3261e'};
const NAME_SIDES = [(width) => [10, -9], (width) => [-10 - width, -9], (width) => [-width / 2, 9], (width) => [-width / 2, -27]];
const NAME_HEIGHT = 18;
const DOT = 8;
const WORDS = {'Map.Title': 'Bản đồ', 'NavigationControl.ZoomIn': 'Phóng to', 'NavigationControl.ZoomOut': 'Thu nhỏ'};
const number = new Intl.NumberFormat('vi-VN', {maximumFractionDigits: 0});

let loading;
function loadLibrary(address, worker) {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = address;
    script.onload = () => {
      window.maplibregl.setWorkerUrl(worker);
      resolve(window.maplibregl);
    };
    script.onerror = () => reject(new Error(address));
    document.head.append(script);
  });
  return loading;
}

/** Square metres of a ring of [longitude, latitude], about its own middle. */
export function areaOf(corners) {
  if (corners.length < 3) return 0;
  const middle = corners.reduce((sum, [, latitude]) => sum + latitude, 0) / corners.length;
  const east = METRES_PER_DEGREE * Math.cos((middle * Math.PI) / 180);
  const [[x0, y0]] = corners;
  const metres = corners.map(([x, y]) => [(x - x0) * east, (y - y0) * METRES_PER_DEGREE]);
  const twice = metres.reduce((sum, [x, y], n) => {
    const [nextX, nextY] = metres[(n + 1) % metres.length];
    return sum + x * nextY - nextX * y;
  }, 0);
  return Math.abs(twice) / 2;
}

function overlap(one, other) {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}

function box(left, top, width, height) {
  return {left, top, right: left + width, bottom: top + height};
}

/** Every [longitude, latitude] of a geometry. */
function placesOf({coordinates}) {
  return typeof coordinates[0] === 'number' ? [coordinates] : coordinates.flatMap((inner) => placesOf({coordinates: inner}));
}

function point(coordinates, properties = {}) {
  return {type: 'Feature', geometry: {type: 'Point', coordinates}, properties};
}

class MapArea extends HTMLElement {
  connectedCallback() {
    if (this.place) return;
    this.corners = this.#written();
    this.#build();
    this.#open().catch(() => this.#tellNoMap());
  }

  disconnectedCallback() {
    this.map?.remove();
    this.map = this.place = null;
    this.replaceChildren();
  }

  get field() { return document.getElementById(this.getAttribute('for')); }

  undo() {
    this.corners = this.corners.slice(0, -1);
    this.#changed();
  }

  clear() {
    this.corners = [];
    this.#changed();
  }

  add(corner) {
    if (this.corners.length >= CORNERS_MAX) return;
    this.corners = [...this.corners, corner];
    this.#changed();
  }

  #written() {
    try {
      const [ring] = JSON.parse(this.field.value).coordinates;
      return ring.slice(0, -1);
    } catch {
      return []; // nothing drawn yet
    }
  }

  #build() {
    this.place = document.createElement('div');
    this.place.className = 'map-area-map';
    const tools = document.createElement('div');
    tools.className = 'map-area-tools';
    this.undoButton = this.#button('Hoàn tác', () => this.undo());
    this.clearButton = this.#button('Vẽ lại', () => this.clear());
    this.told = document.createElement('p');
    this.told.className = 'map-area-told';
    this.told.setAttribute('role', 'status');
    tools.append(this.undoButton, this.clearButton, this.told);
    this.replaceChildren(this.place, tools);
    this.#tell();
  }

  #button(text, act) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'btn btn-sm';
    button.textContent = text;
    button.addEventListener('click', act);
    return button;
  }

  async #open() {
    const [library, answer] = await Promise.all([
      loadLibrary(this.getAttribute('library'), this.getAttribute('worker')),
      fetch(this.getAttribute('features'), {headers: {Accept: 'application/json'}}),
    ]);
    this.features = answer.ok ? await answer.json() : {units: EMPTY, cameras: EMPTY};
    this.map = new library.Map({
      container: this.place, style: this.#style(), bounds: this.#bounds(), fitBoundsOptions: {padding: 40, maxZoom: 16},
      attributionControl: false, dragRotate: false, pitchWithRotate: false, locale: WORDS,
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.addControl(new library.NavigationControl({showCompass: false}), 'top-right');
    this.map.addControl(new library.ScaleControl(), 'bottom-left');
    this.popup = new library.Popup({closeButton: false, closeOnClick: false});
    this.map.on('load', () => this.#listen(library));
  }

  #style() {
    const {units, cameras} = this.features;
    const source = (data) => ({type: 'geojson', data});
    const layer = (id, type, from, paint, filter) => ({id, type, source: from, paint, ...(filter ? {filter} : {})});
    return {
      version: 8,
      sources: {units: source(units), cameras: source(cameras), area: source(this.#drawn())},
      layers: [
        {id: 'ground', type: 'background', paint: {'background-color': COLOURS.ground}},
        layer('unit', 'fill', 'units', {'fill-color': COLOURS.unit}),
        layer('border', 'line', 'units', {'line-color': COLOURS.border, 'line-width': 1.5}),
        layer('camera', 'circle', 'cameras', {'circle-radius': 6, 'circle-color': COLOURS.camera, 'circle-stroke-color': '#fff', 'circle-stroke-width': 2}),
        layer('inside', 'fill', 'area', {'fill-color': COLOURS.area, 'fill-opacity': 0.18}, ['==', ['geometry-type'], 'Polygon']),
        layer('edge', 'line', 'area', {'line-color': COLOURS.area, 'line-width': 2.5}, ['!=', ['geometry-type'], 'Point']),
        layer('corner', 'circle', 'area', {'circle-radius': 8, 'circle-color': '#fff', 'circle-stroke-color': COLOURS.area, 'circle-stroke-width': 3}, ['==', ['geometry-type'], 'Point']),
      ],
    };
  }

  #bounds() {
    const {units, cameras} = this.features;
    const known = [...units.features, ...cameras.features].flatMap((each) => placesOf(each.geometry));
    const seen = this.corners.length ? this.corners : known;
    if (!seen.length) return VIETNAM;
    const [x, y] = [seen.map((each) => each[0]), seen.map((each) => each[1])];
    return [[Math.min(...x), Math.min(...y)], [Math.max(...x), Math.max(...y)]];
  }

  /** Names are HTML over the map: text drawn in it would need font files of its own. */
  #name({Marker}) {
    const made = (text, at, options) => {
      const element = Object.assign(document.createElement('span'), {className: 'map-area-name', textContent: text});
      return new Marker({element, ...options}).setLngLat(at).addTo(this.map);
    };
    for (const {geometry, properties} of this.features.units.features) {
      const north = placesOf(geometry).reduce((top, each) => (each[1] > top[1] ? each : top));
      made(properties.name, north, {anchor: 'bottom', offset: [0, -4]}).addClassName('map-area-unit');
    }
    this.names = this.features.cameras.features.map(({geometry, properties}) => {
      const marker = made(properties.name, geometry.coordinates, {anchor: 'top-left'});
      return {marker, width: marker.getElement().offsetWidth};
    });
    this.map.on('moveend', () => this.#placeNames());
    this.#placeNames();
  }

  /** Each name on the first side of its camera where it covers nothing; where there is none, it shows on pointing. */
  #placeNames() {
    const dots = this.names.map(({marker}) => this.map.project(marker.getLngLat()));
    const taken = dots.map(({x, y}) => box(x - DOT, y - DOT, 2 * DOT, 2 * DOT));
    this.names.forEach(({marker, width}, n) => {
      const {x, y} = dots[n];
      const side = NAME_SIDES.map((at) => at(width)).find(([right, down]) => {
        const place = box(x + right, y + down, width, NAME_HEIGHT);
        return !taken.some((other) => overlap(place, other));
      });
      marker.getElement().hidden = !side;
      if (!side) return;
      taken.push(box(x + side[0], y + side[1], width, NAME_HEIGHT));
      marker.setOffset(side);
    });
  }

  #listen(library) {
    const {map} = this;
    this.#name(library);
    map.getCanvas().setAttribute('aria-label', 'Bản đồ. Enter đặt đỉnh ở dấu cộng giữa bản đồ, Backspace bỏ đỉnh cuối.');
    map.on('click', (event) => {
      if (!this.moved) this.add(event.lngLat.toArray());
    });
    for (const start of ['mousedown', 'touchstart']) map.on(start, 'corner', (event) => this.#grab(event));
    map.on('mouseenter', 'camera', (event) => {
      const [camera] = event.features;
      this.popup.setLngLat(camera.geometry.coordinates).setText(`${camera.properties.name} (${camera.properties.code})`).addTo(map);
    });
    map.on('mouseleave', 'camera', () => this.popup.remove());
    map.getCanvas().addEventListener('keydown', (event) => this.#key(event));
    this.#changed();
    this.dataset.ready = 'true';
  }

  #grab(event) {
    event.preventDefault();
    const corner = event.features[0].properties.n;
    const move = (moved) => {
      this.moved = true;
      this.corners = this.corners.map((each, n) => (n === corner ? moved.lngLat.toArray() : each));
      this.#changed();
    };
    const drop = () => {
      this.map.off('mousemove', move).off('touchmove', move);
      setTimeout(() => { this.moved = false; }); // after the click that ends a drag
    };
    this.map.on('mousemove', move).on('touchmove', move).once('mouseup', drop).once('touchend', drop);
  }

  #key(event) {
    if (event.key === 'Enter') this.add(this.map.getCenter().toArray());
    else if (event.key === 'Backspace') this.undo();
    else return;
    event.preventDefault();
  }

  #ring() { return [...this.corners, this.corners[0]]; }

  #drawn() {
    const corners = this.corners.map((corner, n) => point(corner, {n}));
    const shape = this.corners.length > 2
      ? {type: 'Polygon', coordinates: [this.#ring()]}
      : {type: 'LineString', coordinates: this.corners};
    const drawn = this.corners.length > 1 ? [{type: 'Feature', geometry: shape, properties: {}}] : [];
    return {type: 'FeatureCollection', features: [...drawn, ...corners]};
  }

  #changed() {
    const polygon = this.corners.length > 2 ? {type: 'Polygon', coordinates: [this.#ring()]} : null;
    this.field.value = polygon ? JSON.stringify(polygon) : '';
    this.map?.getSource('area')?.setData(this.#drawn());
    this.#tell();
    this.dispatchEvent(new CustomEvent('by-area', {bubbles: true, detail: {polygon, m2: areaOf(this.corners)}}));
  }

  #tell() {
    const count = this.corners.length;
    const size = areaOf(this.corners);
    const largest = Number(this.getAttribute('largest')) || Infinity;
    this.undoButton.disabled = this.clearButton.disabled = count === 0;
    this.dataset.tooLarge = String(size > largest);
    if (count === 0) this.told.textContent = 'Bấm lên bản đồ để đặt từng đỉnh của khu vực.';
    else if (count < 3) this.told.textContent = `Đã đặt ${count} đỉnh; cần ít nhất 3.`;
    else if (size > largest) this.told.textContent = `${number.format(size)} m²: rộng quá mức ${number.format(largest)} m². Hãy kéo các đỉnh lại gần.`;
    else this.told.textContent = `${number.format(size)} m², ${count} đỉnh. Kéo một đỉnh để sửa.`;
  }

  #tellNoMap() {
    this.place.hidden = true;
    this.told.textContent = 'Trình duyệt này không vẽ được bản đồ. Hãy nhập tâm và bán kính bên dưới.';
    const other = this.parentElement.querySelector('details');
    if (other) other.open = true;
  }
}

customElements.define('by-map-area', MapArea);
