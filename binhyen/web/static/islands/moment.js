/* Moments as people here say and read them. Instants are whole microseconds UTC in a Number (exact until 2255). */

export const SECOND = 1_000_000;
export const DAY = 86_400 * SECOND;
const ZONE = 'Asia/Ho_Chi_Minh';
const ZONE_OFFSET = 7 * 3600 * SECOND; // no daylight saving since 1975

const clock = new Intl.DateTimeFormat('vi-VN', {timeZone: ZONE, hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false});
const day = new Intl.DateTimeFormat('vi-VN', {timeZone: ZONE, day: '2-digit', month: '2-digit', year: 'numeric'});

export const now = () => Date.now() * 1000;
export const timeText = (at) => clock.format(new Date(at / 1000));
export const dayText = (at) => day.format(new Date(at / 1000));
export const momentText = (at) => `${timeText(at)} ngày ${dayText(at)}`;
export const startOfDay = (at) => Math.floor((at + ZONE_OFFSET) / DAY) * DAY - ZONE_OFFSET;

/** "2026-11-21T22:40:05.250+07:00": exact, sortable, fit for a link. */
export function isoText(at) {
  return new Date((at + ZONE_OFFSET) / 1000).toISOString().replace('Z', '+07:00');
}

/** Microseconds from a link: whole microseconds or ISO 8601. Null where it is neither. */
export function readInstant(text) {
  if (!text) return null;
  if (/^\d{14,17}$/.test(text)) return Number(text);
  const parsed = Date.parse(text.replace(' ', '+'));
  return Number.isNaN(parsed) ? null : parsed * 1000;
}

/** "4 phút 12 giây". */
export function lengthText(us) {
  const seconds = Math.max(0, Math.round(us / SECOND));
  const parts = [[Math.floor(seconds / 3600), 'giờ'], [Math.floor(seconds / 60) % 60, 'phút'], [seconds % 60, 'giây']];
  const told = parts.filter(([n]) => n > 0).map(([n, unit]) => `${n} ${unit}`);
  return told.length ? told.join(' ') : '0 giây';
}

const DAYS_BACK = {'hom nay': 0, nay: 0, 'hom qua': 1, qua: 1, 'hom kia': 2};
const plain = (text) => text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/[đĐ]/g, 'd').toLowerCase().trim();

/**
 * A moment as typed: "22:40", "22h40 hôm qua", "7 giờ 5 hom kia", "22:40:10 20/11", "20/11/2026 06:15".
 * Without a day it is the last such time before `reference`. Null where it cannot be understood.
 */
export function readMoment(text, reference = now()) {
  const said = plain(text);
  const date = said.match(/(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}))?/);
  const rest = date ? said.replace(date[0], ' ') : said;
  const time = rest.match(/(\d{1,2})\s*(?::|h|g|gio)\s*(\d{1,2})?\s*(?:(?::|p|phut)\s*(\d{1,2})?)?/);
  if (!time || +time[1] > 23 || +(time[2] || 0) > 59 || +(time[3] || 0) > 59) return null;
  const inDay = (+time[1] * 3600 + +(time[2] || 0) * 60 + +(time[3] || 0)) * SECOND;
  if (date) {
    const year = date[3] ? +date[3] : new Date((reference + ZONE_OFFSET) / 1000).getUTCFullYear();
    const midnight = Date.UTC(year, +date[2] - 1, +date[1]) * 1000 - ZONE_OFFSET;
    return new Date(midnight / 1000 + 25_200_000).getUTCDate() === +date[1] ? midnight + inDay : null;
  }
  const word = Object.keys(DAYS_BACK).sort((a, b) => b.length - a.length).find((w) => rest.includes(w));
  if (word) return startOfDay(reference) - DAYS_BACK[word] * DAY + inDay;
  const today = startOfDay(reference) + inDay;
  return today > reference ? today - DAY : today;
}
