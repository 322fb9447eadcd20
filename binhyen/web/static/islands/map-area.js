/*
 * <by-map-area>: draw the area that footage is asked for.
 *
 * Attributes: features (address of {"units", "cameras", "households"}: a FeatureCollection each) · library, worker (MapLibre's
 *   CSP build) · proposed (GeoJSON geometry of a smaller area, drawn beside) · for (id of the hidden field that gets the
 *   GeoJSON polygon, and may already hold one) · largest (m²)
 * Events (bubble): by-area {polygon, m2}; polygon is null while it has fewer than three corners.
 * Press the map to set a corner, drag a corner to move it. Keys on the map: arrows move it, + and − zoom, Enter sets a corner
 * under the cross, Backspace takes the last one back. No tiles: boundaries and cameras are drawn from the station's own data.
 */
import {COLOURS, EMPTY, Names, boundsOf, layer, makeMap, openParts, placesOf, source, styleOf, tellOnPointing} from './map-parts.js';

const METRES_PER_DEGREE = 111_320;
const CORNERS_MAX = 199;
const number = new Intl.NumberFormat('vi-VN', {maximumFractionDigits: 0});

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
    const {library, features} = await openParts(this);
    this.features = features;
    this.map = makeMap(library, this.place, this.#style(), this.#bounds());
    this.map.on('load', () => this.#listen(library));
  }

  #style() {
    return styleOf(this.features, {
      sources: {area: source(this.#drawn()), proposal: source(this.#proposed() ?? EMPTY)},
      layers: [
        layer('inside', 'fill', 'area', {'fill-color': COLOURS.area, 'fill-opacity': 0.18}, ['==', ['geometry-type'], 'Polygon']),
        layer('proposed-inside', 'fill', 'proposal', {'fill-color': COLOURS.proposal, 'fill-opacity': 0.25}),
        layer('proposed', 'line', 'proposal', {'line-color': COLOURS.proposal, 'line-width': 3, 'line-dasharray': [2, 1.5]}),
        layer('edge', 'line', 'area', {'line-color': COLOURS.area, 'line-width': 2.5}, ['!=', ['geometry-type'], 'Point']),
        layer('corner', 'circle', 'area', {'circle-radius': 8, 'circle-color': '#fff', 'circle-stroke-color': COLOURS.area, 'circle-stroke-width': 3}, ['==', ['geometry-type'], 'Point']),
      ],
    });
  }

  #proposed() {
    try {
      return {type: 'Feature', properties: {}, geometry: JSON.parse(this.getAttribute('proposed'))};
    } catch {
      return null; // nothing is proposed
    }
  }

  #bounds() {
    const {units, cameras} = this.features;
    const known = [...units.features, ...cameras.features].flatMap((each) => placesOf(each.geometry));
    return boundsOf(this.corners.length ? this.corners : known);
  }

  #listen(library) {
    const {map} = this;
    new Names(library, map, this.features);
    tellOnPointing(library, map);
    map.getCanvas().setAttribute('aria-label', 'Bản đồ. Enter đặt đỉnh ở dấu cộng giữa bản đồ, Backspace bỏ đỉnh cuối.');
    map.on('click', (event) => {
      if (!this.moved) this.add(event.lngLat.toArray());
    });
    for (const start of ['mousedown', 'touchstart']) map.on(start, 'corner', (event) => this.#grab(event));
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
