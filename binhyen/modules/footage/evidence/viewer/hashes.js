"use strict";
// Hashes that take their message in pieces. crypto.subtle cannot: it wants the whole message in memory.
// The constants of the SHA-2 family are computed from primes, as FIPS 180-4 defines them.

const MASK_64 = 0xffff_ffff_ffff_ffffn;

function firstPrimes(count) {
  const primes = [];
  for (let candidate = 2; primes.length < count; candidate++) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  }
  return primes;
}

/** First 64 bits after the point of the `degree`-th root of `prime` (FIPS 180-4 §4.2.2 to §5.3.5). */
function rootFraction(prime, degree) {
  const power = BigInt(degree);
  const wanted = BigInt(prime) << (64n * power);
  let low = 0n;
  let high = 1n << 70n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** power <= wanted) low = middle;
    else high = middle;
  }
  return low & MASK_64;
}

const CUBE_FRACTIONS = firstPrimes(80).map((prime) => rootFraction(prime, 3));
const SQUARE_FRACTIONS = firstPrimes(8).map((prime) => rootFraction(prime, 2));
const SHA256_K = Int32Array.from(CUBE_FRACTIONS.slice(0, 64), (word) => Number(word >> 32n));
const SHA256_START = Uint32Array.from(SQUARE_FRACTIONS, (word) => Number(word >> 32n));

function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function joinBytes(parts) {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** SHA-256 (FIPS 180-4 §6.2) of whatever `update` is given, in pieces of any size. */
class Sha256 {
  constructor() {
    this.state = Int32Array.from(SHA256_START);
    this.schedule = new Int32Array(64);
    this.rest = new Uint8Array(64);
    this.restLength = 0;
    this.length = 0; // bytes; exact up to 2^53
  }

  update(bytes) {
    this.length += bytes.length;
    let at = 0;
    if (this.restLength > 0) {
      at = Math.min(64 - this.restLength, bytes.length);
      this.rest.set(bytes.subarray(0, at), this.restLength);
      this.restLength += at;
      if (this.restLength < 64) return this;
      this.compress(this.rest, 0);
    }
    for (; at + 64 <= bytes.length; at += 64) this.compress(bytes, at);
    this.rest.set(bytes.subarray(at));
    this.restLength = bytes.length - at;
    return this;
  }

  /** The digest as 32 bytes; nothing may be added afterwards. */
  finish() {
    const length = this.length;
    const padding = new Uint8Array((length % 64 < 56 ? 64 : 128) - (length % 64)); // §5.1.1
    padding[0] = 0x80;
    const view = new DataView(padding.buffer);
    view.setUint32(padding.length - 8, Math.floor(length / 0x2000_0000));
    view.setUint32(padding.length - 4, (length << 3) >>> 0);
    this.update(padding);
    const digest = new DataView(new ArrayBuffer(32));
    this.state.forEach((word, n) => digest.setInt32(4 * n, word));
    return new Uint8Array(digest.buffer);
  }

  expand(bytes, at) {
    const w = this.schedule;
    for (let t = 0; t < 16; t++, at += 4) {
      w[t] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    }
    for (let t = 16; t < 64; t++) {
      const x = w[t - 15];
      const y = w[t - 2];
      const low = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const high = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[t] = (w[t - 16] + low + w[t - 7] + high) | 0;
    }
    return w;
  }

  compress(bytes, at) {
    const w = this.expand(bytes, at);
    const k = SHA256_K;
    const h = this.state;
    let a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], z = h[7];
    for (let t = 0; t < 64; t++) {
      const big1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const one = (z + big1 + (g ^ (e & (f ^ g))) + k[t] + w[t]) | 0;
      const big0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const two = (big0 + ((a & b) | (c & (a | b)))) | 0;
      z = g; g = f; f = e; e = (d + one) | 0;
      d = c; c = b; b = a; a = (one + two) | 0;
    }
    h[0] += a; h[1] += b; h[2] += c; h[3] += d; h[4] += e; h[5] += f; h[6] += g; h[7] += z;
  }
}

function sha256(bytes) {
  return new Sha256().update(bytes).finish();
}

// SHA-512 is only asked for some hundred bytes (inside Ed25519), so it is written for the eye.
const rotated = (word, by) => ((word >> BigInt(by)) | (word << BigInt(64 - by))) & MASK_64;

/** SHA-512 (FIPS 180-4 §6.4) of a short message. */
function sha512(message) {
  const tail = new Uint8Array((message.length % 128 < 112 ? 128 : 256) - (message.length % 128));
  tail[0] = 0x80;
  new DataView(tail.buffer).setBigUint64(tail.length - 8, BigInt(message.length) * 8n);
  const view = new DataView(joinBytes([message, tail]).buffer);
  let state = SQUARE_FRACTIONS;
  for (let at = 0; at < view.byteLength; at += 128) state = sha512Block(state, view, at);
  const digest = new DataView(new ArrayBuffer(64));
  state.forEach((word, n) => digest.setBigUint64(8 * n, word));
  return new Uint8Array(digest.buffer);
}

function sha512Block(state, view, at) {
  const w = Array.from({ length: 16 }, (_, t) => view.getBigUint64(at + 8 * t));
  for (let t = 16; t < 80; t++) {
    const low = rotated(w[t - 15], 1) ^ rotated(w[t - 15], 8) ^ (w[t - 15] >> 7n);
    const high = rotated(w[t - 2], 19) ^ rotated(w[t - 2], 61) ^ (w[t - 2] >> 6n);
    w.push((w[t - 16] + low + w[t - 7] + high) & MASK_64);
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let t = 0; t < 80; t++) {
    const big1 = rotated(e, 14) ^ rotated(e, 18) ^ rotated(e, 41);
    const one = h + big1 + (g ^ (e & (f ^ g))) + CUBE_FRACTIONS[t] + w[t];
    const big0 = rotated(a, 28) ^ rotated(a, 34) ^ rotated(a, 39);
    const two = big0 + ((a & b) ^ (a & c) ^ (b & c));
    [a, b, c, d, e, f, g, h] = [(one + two) & MASK_64, a, b, c, (d + one) & MASK_64, e, f, g];
  }
  return [a, b, c, d, e, f, g, h].map((word, n) => (word + state[n]) & MASK_64);
}

// BLAKE2b (RFC 7693). Its 64-bit words stand as pairs of 32-bit halves, low half first: a list of ten thousand
// files is a megabyte, for which BigInt would take seconds.
const BLAKE2B_START = Uint32Array.from(
  SQUARE_FRACTIONS.flatMap((word) => [Number(word & 0xffff_ffffn), Number(word >> 32n)]),
);
const BLAKE2B_SIGMA = [ // §2.7, a hex digit a word; rounds 10 and 11 use the first two again
  "0123456789abcdef", "ea489fd61c02b753", "b8c052fdae367194", "7931dcbe265a40f8", "905724afe1bc683d",
  "2c6a0b834d75fe19", "c51fed4a0763928b", "db7ec13950f4862a", "6fe9b308c2d714a5", "a2847615fb9e3cd0",
].map((line) => Array.from(line, (digit) => 2 * parseInt(digit, 16)));
const BLAKE2B_QUARTERS = [ // §3.2: four columns, then four diagonals
  [0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15],
  [0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14],
].map((quarter) => quarter.map((word) => 2 * word));

/** v[a] += the word (low, high), modulo 2^64. */
function addWord(v, a, low, high) {
  const sum = v[a] + low;
  v[a + 1] += high + (sum > 0xffff_ffff ? 1 : 0);
  v[a] = sum;
}

/** v[d] = (v[d] ^ v[a]) rotated right by `by`, which is one of 32, 24, 16 and 63. */
function mixWord(v, d, a, by) {
  const low = v[d] ^ v[a];
  const high = v[d + 1] ^ v[a + 1];
  const [first, second, shift] = by === 32 ? [high, low, 0] : by === 63 ? [high, low, 31] : [low, high, by];
  v[d] = shift ? (first >>> shift) | (second << (32 - shift)) : first;
  v[d + 1] = shift ? (second >>> shift) | (first << (32 - shift)) : second;
}

/** The function G of §3.1; x and y are where its two message words stand in m. */
function blake2bQuarter(v, m, [a, b, c, d], x, y) {
  addWord(v, a, v[b], v[b + 1]);
  addWord(v, a, m[x], m[x + 1]);
  mixWord(v, d, a, 32);
  addWord(v, c, v[d], v[d + 1]);
  mixWord(v, b, c, 24);
  addWord(v, a, v[b], v[b + 1]);
  addWord(v, a, m[y], m[y + 1]);
  mixWord(v, d, a, 16);
  addWord(v, c, v[d], v[d + 1]);
  mixWord(v, b, c, 63);
}

function blake2bBlock(state, block, bytesSoFar, isLast) {
  const v = new Uint32Array(32);
  v.set(state);
  v.set(BLAKE2B_START, 16);
  v[24] ^= bytesSoFar; // messages beyond 4 GiB are not asked for
  if (isLast) {
    v[28] = ~v[28];
    v[29] = ~v[29];
  }
  const view = new DataView(block.buffer, block.byteOffset, 128);
  const m = Uint32Array.from({ length: 32 }, (_, n) => view.getUint32(4 * n, true));
  for (let round = 0; round < 12; round++) {
    const sigma = BLAKE2B_SIGMA[round % 10];
    BLAKE2B_QUARTERS.forEach((quarter, n) => blake2bQuarter(v, m, quarter, sigma[2 * n], sigma[2 * n + 1]));
  }
  for (let n = 0; n < 16; n++) state[n] ^= v[n] ^ v[n + 16];
}

/** BLAKE2b-512 without key (RFC 7693 §3.3). */
function blake2b512(message) {
  const state = Uint32Array.from(BLAKE2B_START);
  state[0] ^= 0x0101_0040; // §2.5: 64 bytes of digest, no key, no tree
  let at = 0;
  for (; message.length - at > 128; at += 128) blake2bBlock(state, message.subarray(at, at + 128), at + 128, false);
  const last = new Uint8Array(128);
  last.set(message.subarray(at));
  blake2bBlock(state, last, message.length, true);
  const digest = new DataView(new ArrayBuffer(64));
  state.forEach((half, n) => digest.setUint32(4 * n, half, true));
  return new Uint8Array(digest.buffer);
}

// CRC-32 of ZIP (PKWARE APPNOTE §4.4.7). It proves nothing; it stands in headers, so it must be right too.
const CRC_TABLES = Array.from({ length: 8 }, () => new Int32Array(256));
for (let n = 0; n < 256; n++) {
  let remainder = n;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb8_8320 : 0);
  CRC_TABLES[0][n] = remainder;
}
for (let n = 0; n < 256; n++) {
  for (let k = 1; k < 8; k++) {
    const before = CRC_TABLES[k - 1][n];
    CRC_TABLES[k][n] = (before >>> 8) ^ CRC_TABLES[0][before & 255];
  }
}

/** The CRC of all bytes so far: start with 0. Eight bytes a turn. */
function crc32(bytes, before = 0) {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = CRC_TABLES;
  let crc = ~before;
  let at = 0;
  for (; at + 8 <= bytes.length; at += 8) {
    crc ^= bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
    crc = t7[crc & 255] ^ t6[(crc >>> 8) & 255] ^ t5[(crc >>> 16) & 255] ^ t4[crc >>> 24]
      ^ t3[bytes[at + 4]] ^ t2[bytes[at + 5]] ^ t1[bytes[at + 6]] ^ t0[bytes[at + 7]];
  }
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ t0[(crc ^ bytes[at]) & 255];
  return ~crc >>> 0;
}
