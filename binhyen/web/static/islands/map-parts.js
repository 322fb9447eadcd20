/* What the islands that show a map have in common: MapLibre, colours, the station's own layers, names that cover nothing. */
const VIETNAM = [[102.1, 8.3], [109.6, 23.4]];
const NAME_SIDES = [(width) => [10, -9], (width) => [-10 - width, -9], (width) => [-width / 2, 9], (width) => [-width / 2, -27]];
const NAME_HEIGHT = 18;
const DOT = 8;
const WORDS = {'Map.Title': 'Bản đồ', 'NavigationControl.ZoomIn': 'Phóng to', 'NavigationControl.ZoomOut': 'Thu nhỏ'};

export const EMPTY = {type: 'FeatureCollection', features: []};
export const COLOURS = {ground: '#eef1f4', unit: '#dfe6ee', border: '#667382', centre: '#5b2a86', camera: '#0b5cad', household: '#2e7d4f', area: '#b3261e', proposal: '#b35c00'};

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

/** MapLibre and the layers of a map element: {library, features}. Layers that cannot be had are empty. */
export async function openParts(element) {
  const [library, answer] = await Promise.all([
    loadLibrary(element.getAttribute('library'), element.getAttribute('worker')),
    fetch(element.getAttribute('features'), {headers: {Accept: 'application/json'}}),
  ]);
  const told = answer.ok ? await answer.json() : {};
  return {library, features: {units: EMPTY, cameras: EMPTY, households: EMPTY, ...told}};
}

/** A map in `place` that shows `bounds`, without turning. */
export function makeMap(library, place, style, bounds) {
  const map = new library.Map({
    container: place, style, bounds, fitBoundsOptions: {padding: 40, maxZoom: 16},
    attributionControl: false, dragRotate: false, pitchWithRotate: false, locale: WORDS,
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new library.NavigationControl({showCompass: false}), 'top-right');
  map.addControl(new library.ScaleControl(), 'bottom-left');
  return map;
}

export function source(data) { return {type: 'geojson', data}; }

export function layer(id, type, from, paint, filter) {
  return {id, type, source: from, paint, ...(filter ? {filter} : {})};
}

/** The style of every map: the station's boundaries, published areas of households, cameras; `more` lies on top. */
export function styleOf({units, cameras, households}, more = {sources: {}, layers: []}) {
  return {
    version: 8,
    sources: {units: source(units), cameras: source(cameras), households: source(households), ...more.sources},
    layers: [
      {id: 'ground', type: 'background', paint: {'background-color': COLOURS.ground}},
      layer('unit', 'fill', 'units', {'fill-color': COLOURS.unit}),
      layer('border', 'line', 'units', {'line-color': COLOURS.border, 'line-width': 1.5}),
      layer('household', 'fill', 'households', {'fill-color': COLOURS.household, 'fill-opacity': ['case', ['==', ['get', 'cell'], ''], 0.08, 0.28]}),
      layer('household-edge', 'line', 'households', {'line-color': COLOURS.household, 'line-width': 1.5}, ['!=', ['get', 'cell'], '']),
      layer('camera', 'circle', 'cameras', {
        'circle-radius': 6, 'circle-color': ['case', ['==', ['get', 'tier'], 1], COLOURS.centre, COLOURS.camera],
        'circle-stroke-color': '#fff', 'circle-stroke-width': 2,
      }),
      ...more.layers,
    ],
  };
}

function overlap(one, other) {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}

function box(left, top, width, height) {
  return {left, top, right: left + width, bottom: top + height};
}

/** Every [longitude, latitude] of a geometry. */
export function placesOf({coordinates}) {
  return typeof coordinates[0] === 'number' ? [coordinates] : coordinates.flatMap((inner) => placesOf({coordinates: inner}));
}

/** The bounds of `seen` (places), of Vietnam where there are none. */
export function boundsOf(seen) {
  if (!seen.length) return VIETNAM;
  const [x, y] = [seen.map((each) => each[0]), seen.map((each) => each[1])];
  return [[Math.min(...x), Math.min(...y)], [Math.max(...x), Math.max(...y)]];
}

/** Names are HTML over the map: text drawn in it would need font files of its own. */
export class Names {
  constructor(library, map, {units, cameras}) {
    this.map = map;
    this.library = library;
    for (const {geometry, properties} of units.features) {
      const north = placesOf(geometry).reduce((top, each) => (each[1] > top[1] ? each : top));
      this.add(properties.name, north, {anchor: 'bottom', offset: [0, -4]}).addClassName('map-area-unit');
    }
    this.names = cameras.features.map(({geometry, properties}) => {
      const marker = this.add(properties.name, geometry.coordinates, {anchor: 'top-left'});
      return {marker, width: marker.getElement().offsetWidth};
    });
    map.on('moveend', () => this.#place());
    this.#place();
  }

  add(text, at, options) {
    const element = Object.assign(document.createElement('span'), {className: 'map-area-name', textContent: text});
    return new this.library.Marker({element, ...options}).setLngLat(at).addTo(this.map);
  }

  /** Each name on the first side of its camera where it covers nothing; where there is none, it shows on pointing. */
  #place() {
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
}

/** Says what a camera or an area of households is, where somebody points at it. */
export function tellOnPointing(library, map) {
  const popup = new library.Popup({closeButton: false, closeOnClick: false});
  const tell = (name, words) => {
    map.on('mousemove', name, (event) => popup.setLngLat(event.lngLat).setText(words(event.features[0].properties)).addTo(map));
    map.on('mouseleave', name, () => popup.remove());
  };
  tell('household', ({unit, homes, cell}) => (cell ? `${homes} hộ trong ô này (${unit})` : `${unit}: ${homes} hộ ngoài các ô`));
  tell('camera', ({name, code}) => `${name} (${code})`);
}
