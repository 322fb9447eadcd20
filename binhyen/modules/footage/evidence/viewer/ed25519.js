// Ed25519 verification (RFC 8032 §5.1) with BigInt. Not constant-time, which checking a public signature does
// not ask for, and never used to sign. Stricter than the RFC where it leaves a choice: keys and points of small
// order are refused, and the equation is the one without the cofactor, as libsodium (hence minisign) does.

const FIELD = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const CURVE_D = modulo(-121665n * inverse(121666n));
const ROOT_OF_MINUS_ONE = power(2n, (FIELD - 1n) / 4n);
const NEUTRAL = [0n, 1n, 1n, 0n]; // extended coordinates X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z (§5.1.4)
const BASE = decodePoint(littleEndianBytes(modulo(4n * inverse(5n))));

function modulo(number) {
  const rest = number % FIELD;
  return rest < 0n ? rest + FIELD : rest;
}

function power(base, exponent) {
  let result = 1n;
  for (let square = modulo(base); exponent > 0n; exponent >>= 1n, square = (square * square) % FIELD) {
    if (exponent & 1n) result = (result * square) % FIELD;
  }
  return result;
}

function inverse(number) {
  return power(number, FIELD - 2n);
}

function littleEndian(bytes) {
  return BigInt("0x" + toHex(Uint8Array.from(bytes).reverse()));
}

function littleEndianBytes(number) {
  return Uint8Array.from({ length: 32 }, (_, n) => Number((number >> BigInt(8 * n)) & 255n));
}

/** A point from its 32 bytes (§5.1.3); null where they are no point, or not the only way to write it. */
function decodePoint(bytes) {
  const number = littleEndian(bytes);
  const sign = number >> 255n;
  const y = number & ((1n << 255n) - 1n);
  if (y >= FIELD) return null;
  const u = modulo(y * y - 1n);
  const v = modulo(CURVE_D * y * y + 1n);
  let x = modulo(u * power(v, 3n) * power(u * power(v, 7n), (FIELD - 5n) / 8n));
  if (modulo(v * x * x) !== u) x = modulo(x * ROOT_OF_MINUS_ONE);
  if (modulo(v * x * x) !== u || (x === 0n && sign === 1n)) return null;
  if ((x & 1n) !== sign) x = FIELD - x;
  return [x, y, 1n, modulo(x * y)];
}

function encodePoint([x, y, z]) {
  const byZ = inverse(z);
  return littleEndianBytes(modulo(y * byZ) | ((modulo(x * byZ) & 1n) << 255n));
}

/** §5.1.4; complete: right for equal points and for the neutral one too. */
function addPoints([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = modulo((y1 - x1) * (y2 - x2));
  const b = modulo((y1 + x1) * (y2 + x2));
  const c = modulo(2n * CURVE_D * t1 * t2);
  const d = modulo(2n * z1 * z2);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [modulo(e * f), modulo(g * h), modulo(f * g), modulo(e * h)];
}

function timesPoint(scalar, point) {
  let sum = NEUTRAL;
  for (let doubled = point; scalar > 0n; scalar >>= 1n, doubled = addPoints(doubled, doubled)) {
    if (scalar & 1n) sum = addPoints(sum, doubled);
  }
  return sum;
}

/** Whether eight times the point is the neutral one: such a "key" signs anything. */
function isSmallOrder(point) {
  const [x, y, z] = timesPoint(8n, point);
  return x === 0n && y === z;
}

function sameBytes(one, other) {
  return one.length === other.length && one.every((byte, n) => byte === other[n]);
}

/** Whether `signature` (64 bytes) is that of the key `publicKey` (32 bytes) for `message` (§5.1.7). */
function ed25519Verify(publicKey, signature, message) {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  const key = decodePoint(publicKey);
  const commitment = decodePoint(signature.subarray(0, 32));
  const scalar = littleEndian(signature.subarray(32));
  if (!key || !commitment || scalar >= ORDER) return false; // S ≥ L: the same signature written otherwise
  if (isSmallOrder(key) || isSmallOrder(commitment)) return false;
  const challenge = littleEndian(sha512(joinBytes([signature.subarray(0, 32), publicKey, message]))) % ORDER;
  const [x, y, z, t] = key;
  const minusKey = [modulo(-x), y, z, modulo(-t)];
  const found = addPoints(timesPoint(scalar, BASE), timesPoint(challenge, minusKey));
  return sameBytes(encodePoint(found), signature.subarray(0, 32));
}
