/*
 * <by-network-map>: the station's cameras as points, households as areas of five homes and more.
 *
 * Attributes: features (address of {"units", "cameras", "households"}: a FeatureCollection each) · library, worker (MapLibre's
 *   CSP build). The page beside it has the same as a table: the map adds nothing that only it tells.
 */
import {Names, boundsOf, makeMap, openParts, placesOf, styleOf, tellOnPointing} from './map-parts.js';

class NetworkMap extends HTMLElement {
  connectedCallback() {
    if (this.place) return;
    this.place = document.createElement('div');
    this.place.className = 'map-area-map map-area-wide';
    this.replaceChildren(this.place);
    this.#open().catch(() => this.#tellNoMap());
  }

  disconnectedCallback() {
    this.map?.remove();
    this.map = this.place = null;
    this.replaceChildren();
  }

  async #open() {
    const {library, features} = await openParts(this);
    const known = Object.values(features).flatMap((each) => each.features).flatMap((each) => placesOf(each.geometry));
    this.map = makeMap(library, this.place, styleOf(features), boundsOf(known));
    this.map.on('load', () => {
      const names = new Names(library, this.map, features);
      for (const {geometry, properties} of features.households.features) {
        if (properties.cell) names.add(`${properties.homes} hộ`, middleOf(geometry), {anchor: 'center'}).addClassName('map-area-homes');
      }
      tellOnPointing(library, this.map);
      this.map.getCanvas().setAttribute('aria-label', 'Bản đồ mạng camera. Mũi tên để di chuyển, cộng và trừ để phóng. Bảng bên dưới có cùng nội dung.');
      this.dataset.ready = 'true';
    });
  }

  #tellNoMap() {
    this.place.hidden = true;
    this.append(Object.assign(document.createElement('p'), {textContent: 'Trình duyệt này không vẽ được bản đồ. Bảng bên dưới có cùng nội dung.'}));
  }
}

function middleOf({coordinates: [ring]}) {
  const corners = ring.slice(1);
  return [0, 1].map((axis) => corners.reduce((sum, corner) => sum + corner[axis], 0) / corners.length);
}

customElements.define('by-network-map', NetworkMap);
