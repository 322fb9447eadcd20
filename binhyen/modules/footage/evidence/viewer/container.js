// The ZIP container: read through its directory, then rebuilt byte by byte and compared. The layout has no
// freedom (docs/design/evidence.md), so whatever differs was changed. Names after PKWARE APPNOTE 6.3.10.

const CLIP_FOLDER = "clips/";
const LIMIT_32 = 0xffff_ffff;
const LIMIT_16 = 0xffff;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;
const END_64_BYTES = 56;
const LOCATOR_64_BYTES = 20;
const LOCAL_MARK = 0x0403_4b50;
const CENTRAL_MARK = 0x0201_4b50;
const END_MARK = 0x0605_4b50;
const END_64_MARK = 0x0606_4b50;
const LOCATOR_64_MARK = 0x0706_4b50;
const LARGEST_DIRECTORY_BYTES = 64 << 20;
const MOST_ENTRIES = 100_000;

/** The file is not a package at all; the message is for the reader. */
class NotAPackage extends Error {}

async function bytesAt(blob, start, end) {
  return new Uint8Array(await blob.slice(start, end).arrayBuffer());
}

function viewOf(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function asciiOf(bytes) {
  return Array.from(bytes, (byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : "\uFFFD")).join("");
}

// --- rebuilding -----------------------------------------------------------------------------------------------

/** Little-endian numbers of 2, 4 or 8 bytes: packed([[2, 20], [4, size]]). */
function packed(fields) {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [width]) => sum + width, 0)));
  let at = 0;
  for (const [width, value] of fields) {
    if (width === 2) view.setUint16(at, value, true);
    else if (width === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += width;
  }
  return new Uint8Array(view.buffer);
}

function isClip(name) {
  return name.startsWith(CLIP_FOLDER);
}

/** The time stamp of every header (§4.4.6): when the package was made, Vietnam's time, in steps of 2 s. */
function dosStamp(instantUs) {
  const local = new Date(Math.floor(instantUs / 1000) + 7 * 3_600_000);
  const year = local.getUTCFullYear();
  if (year < 1980 || year > 2107) return { time: 0, date: 0x21 };
  return {
    time: (local.getUTCHours() << 11) | (local.getUTCMinutes() << 5) | (local.getUTCSeconds() >> 1),
    date: ((year - 1980) << 9) | ((local.getUTCMonth() + 1) << 5) | local.getUTCDate(),
  };
}

function localHeader(entry, stamp) {
  const name = new TextEncoder().encode(entry.name);
  const large = isClip(entry.name);
  const extra = large ? packed([[2, 1], [2, 16], [8, entry.size], [8, entry.size]]) : new Uint8Array();
  const size = large ? LIMIT_32 : entry.size;
  const fixed = packed([
    [4, LOCAL_MARK], [2, large ? 45 : 20], [2, 0], [2, 0], [2, stamp.time], [2, stamp.date],
    [4, entry.crc], [4, size], [4, size], [2, name.length], [2, extra.length],
  ]);
  return joinBytes([fixed, name, extra]);
}

function directoryHeader(entry, offset, stamp) {
  const name = new TextEncoder().encode(entry.name);
  const wide = entry.size >= LIMIT_32 ? [[8, entry.size], [8, entry.size]] : [];
  if (offset >= LIMIT_32) wide.push([8, offset]);
  const extra = wide.length ? packed([[2, 1], [2, 8 * wide.length], ...wide]) : new Uint8Array();
  const size = Math.min(entry.size, LIMIT_32);
  const fixed = packed([
    [4, CENTRAL_MARK], [2, (3 << 8) | 45], [2, isClip(entry.name) || wide.length ? 45 : 20], [2, 0], [2, 0],
    [2, stamp.time], [2, stamp.date], [4, entry.crc], [4, size], [4, size], [2, name.length], [2, extra.length],
    [2, 0], [2, 0], [2, 0], [4, 0o100644 * 65536], [4, Math.min(offset, LIMIT_32)],
  ]);
  return joinBytes([fixed, name, extra]);
}

function endRecords(count, directorySize, directoryAt) {
  const wide = directoryAt >= LIMIT_32 || directorySize >= LIMIT_32 || count >= LIMIT_16;
  const records = !wide ? [] : [
    [4, END_64_MARK], [8, END_64_BYTES - 12], [2, (3 << 8) | 45], [2, 45], [4, 0], [4, 0],
    [8, count], [8, count], [8, directorySize], [8, directoryAt],
    [4, LOCATOR_64_MARK], [4, 0], [8, directoryAt + directorySize], [4, 1],
  ];
  const short = Math.min(count, LIMIT_16);
  return packed([
    ...records, [4, END_MARK], [2, 0], [2, 0], [2, short], [2, short],
    [4, Math.min(directorySize, LIMIT_32)], [4, Math.min(directoryAt, LIMIT_32)], [2, 0],
  ]);
}

/** Every byte of the container that is not content: [{offset, bytes, name}]; name "" for directory and end. */
function containerLayout(entries, stamp) {
  const frames = [];
  const directory = [];
  let offset = 0;
  for (const entry of entries) {
    const header = localHeader(entry, stamp);
    frames.push({ offset, bytes: header, name: entry.name });
    directory.push(directoryHeader(entry, offset, stamp));
    offset += header.length + entry.size;
  }
  const joined = joinBytes(directory);
  frames.push({ offset, bytes: joinBytes([joined, endRecords(entries.length, joined.length, offset)]), name: "" });
  return frames;
}

// --- reading --------------------------------------------------------------------------------------------------

/** {size, shift, entries: [{name, size, crc, blob}]}: shift is how many bytes stand before the package. */
async function readContainer(blob) {
  const end = await readEnd(blob);
  const shift = end.recordsAt - end.directorySize - end.directoryAt;
  const at = end.directoryAt + shift;
  if (at < 0 || end.count > MOST_ENTRIES || end.directorySize > LARGEST_DIRECTORY_BYTES) {
    throw new NotAPackage("Mục lục ZIP của gói bị hỏng: số mục hoặc vị trí không thể có thật.");
  }
  const entries = directoryEntries(await bytesAt(blob, at, at + end.directorySize), end.count);
  for (const entry of entries) {
    const start = await contentStart(blob, entry.headerAt + shift);
    entry.blob = blob.slice(start, start + entry.size);
  }
  return { size: blob.size, shift, entries };
}

async function readEnd(blob) {
  const tailAt = Math.max(0, blob.size - END_BYTES - LIMIT_16);
  const tail = await bytesAt(blob, tailAt, blob.size);
  const view = viewOf(tail);
  let at = tail.length - END_BYTES;
  while (at >= 0 && view.getUint32(at, true) !== END_MARK) at--;
  if (at < 0) throw new NotAPackage("Tệp này không phải là gói chứng cứ: không có mục lục ZIP ở cuối tệp.");
  const found = {
    recordsAt: tailAt + at,
    count: view.getUint16(at + 10, true),
    directorySize: view.getUint32(at + 12, true),
    directoryAt: view.getUint32(at + 16, true),
  };
  const isWide = found.count === LIMIT_16 || found.directorySize === LIMIT_32 || found.directoryAt === LIMIT_32;
  return isWide ? readWideEnd(blob, found.recordsAt) : found;
}

/** The Zip64 records stand right before the end record (§4.3.14, §4.3.15). */
async function readWideEnd(blob, endAt) {
  const recordsAt = endAt - LOCATOR_64_BYTES - END_64_BYTES;
  const bytes = recordsAt < 0 ? new Uint8Array() : await bytesAt(blob, recordsAt, endAt);
  const view = viewOf(bytes);
  const isWhole = bytes.length === LOCATOR_64_BYTES + END_64_BYTES
    && view.getUint32(0, true) === END_64_MARK && view.getUint32(END_64_BYTES, true) === LOCATOR_64_MARK;
  if (!isWhole) throw new NotAPackage("Mục lục ZIP của gói bị hỏng: phần cuối cho tệp lớn không đọc được.");
  return { recordsAt, count: numberAt(view, 32), directorySize: numberAt(view, 40), directoryAt: numberAt(view, 48) };
}

/** An 8-byte number; what no file can reach becomes a number that every bound refuses. */
function numberAt(view, at) {
  const number = view.getBigUint64(at, true);
  return number > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(number);
}

function directoryEntries(bytes, count) {
  const view = viewOf(bytes);
  const entries = [];
  for (let n = 0, at = 0; n < count; n++) {
    if (at + CENTRAL_BYTES > bytes.length || view.getUint32(at, true) !== CENTRAL_MARK) {
      throw new NotAPackage("Mục lục ZIP của gói bị hỏng: một dòng mục lục không đọc được.");
    }
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const nameAt = at + CENTRAL_BYTES;
    const entry = {
      name: asciiOf(bytes.subarray(nameAt, nameAt + nameBytes)),
      crc: view.getUint32(at + 16, true),
      size: view.getUint32(at + 24, true),
      headerAt: view.getUint32(at + 42, true),
    };
    widen(entry, viewOf(bytes.subarray(nameAt + nameBytes, nameAt + nameBytes + extraBytes)));
    entries.push(entry);
    at = nameAt + nameBytes + extraBytes + commentBytes;
  }
  return entries;
}

/** Take numbers that are too large for the header from the Zip64 field (§4.5.3). */
function widen(entry, extra) {
  let at = 4;
  const next = (step) => {
    if (at + step > extra.byteLength || extra.getUint16(0, true) !== 1) {
      throw new NotAPackage("Mục lục ZIP của gói bị hỏng: thiếu cỡ hoặc vị trí của một tệp lớn.");
    }
    at += step;
    return numberAt(extra, at - 8);
  };
  if (entry.size === LIMIT_32) entry.size = next(16);
  if (entry.headerAt === LIMIT_32) entry.headerAt = next(8);
}

/** Where content begins behind the local header at `at`, by that header's own word. */
async function contentStart(blob, at) {
  const header = await bytesAt(blob, at, at + LOCAL_BYTES);
  if (header.length < LOCAL_BYTES) return blob.size;
  const view = viewOf(header);
  return at + LOCAL_BYTES + view.getUint16(26, true) + view.getUint16(28, true);
}
