/*
 * Marks of a player into the fields of a form.
 *
 *   <button data-watch data-camera data-name data-from data-to> in a [data-clip="7"] puts <by-player> into #clip-player
 *     (data-case); its marks go to #start-7 and #end-7, and ticks #clip-7.
 *   A <by-player> in a [data-clip="own"] sends its marks to the start and end of the form with data-marks-form.
 */
const ZONE_OFFSET_US = 7 * 3600 * 1_000_000; // Vietnam: one zone, no summer time

function fieldTime(instant, round) {
  const seconds = round((instant + ZONE_OFFSET_US) / 1_000_000);
  return new Date(seconds * 1000).toISOString().slice(0, 19);
}

function put(field, text) {
  field.value = text;
  field.dispatchEvent(new Event('input', {bubbles: true}));
}

function fill(start, end, marks) {
  if (start && Number.isFinite(marks.in)) put(start, fieldTime(marks.in, Math.floor));
  if (end && Number.isFinite(marks.out)) put(end, fieldTime(marks.out, Math.ceil));
}

function watch(button) {
  const place = document.getElementById('clip-player');
  const {camera, name, from, to} = button.dataset;
  const player = document.createElement('by-player');
  const attributes = {camera, name, from, to, at: from, case: place.dataset.case, purpose: 'vu_viec'};
  for (const [key, value] of Object.entries(attributes)) player.setAttribute(key, value);
  place.dataset.clip = button.closest('[data-clip]').dataset.clip;
  place.hidden = false;
  place.replaceChildren(player);
  place.scrollIntoView({block: 'nearest'});
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-watch]');
  if (button) watch(button);
});

document.addEventListener('by-marks', (event) => {
  const clip = event.target.closest('[data-clip]')?.dataset.clip;
  if (clip === 'own') {
    const form = document.querySelector('form[data-marks-form]');
    if (form) fill(form.elements.start, form.elements.end, event.detail);
    return;
  }
  fill(document.getElementById(`start-${clip}`), document.getElementById(`end-${clip}`), event.detail);
  const tick = document.getElementById(`clip-${clip}`);
  if (tick) tick.checked = true;
});
