// The check itself. It answers two questions apart: is everything as it was signed, and which key signed it.
// Whether that key is the unit's own no file can say of itself: comparePaper() asks the signed paper.

const SCHEMA_NAME = "binhyen-evidence/1";
const MANIFEST = "manifest.json";
const PUBLIC_KEY = "minisign.pub";
const VIEWER = "xem-va-kiem.html";
const MINUTES = "bien-ban.pdf";
const SUMS = "SHA256SUMS";
const SIGNATURE = "SHA256SUMS.minisig";
const LISTED_LAST = [MANIFEST, PUBLIC_KEY, VIEWER, MINUTES];
const SLICE_BYTES = 4 << 20; // what is in memory of a clip at a time
const SMALL_FILE_BYTES = 32 << 20;
const SAFE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;
const GAP_CODES = [
  "connection", "silent", "garbage", "disk_full", "disk_slow", "disk_error", "clock_step", "stopped", "crash",
];

// --- manifest -------------------------------------------------------------------------------------------------
// A shape is "text", "whole" (number), { list: shape }, { maybe: shape }, { map: shape }, { oneOf: [...] }, or the
// fields of an object in their order. Nothing may be missing, nothing more may be there.
const MOMENT_SHAPE = { us: "whole", local: "text" };
const PERSON_SHAPE = { name: "text", position: "text", unit: "text" };
const CLIP_SHAPE = {
  file: "text", camera: "text", camera_name: "text", mime: "text", width: "whole", height: "whole",
  frames: "whole", size_bytes: "whole", sha256: "text", start: MOMENT_SHAPE, end: MOMENT_SHAPE,
  mark_in: MOMENT_SHAPE, mark_out: MOMENT_SHAPE, camera_clock_offset_us: { maybe: "whole" },
  sources: { list: { path: "text", sha256: "text", start: MOMENT_SHAPE, end: MOMENT_SHAPE } },
  gaps: { list: { start: MOMENT_SHAPE, end: MOMENT_SHAPE, reason: { oneOf: GAP_CODES } } },
};
const MANIFEST_SHAPE = {
  schema: { oneOf: [SCHEMA_NAME] }, package_id: "text", minutes_number: "text", made_at: MOMENT_SHAPE,
  place: "text", unit: "text", parent_unit: "text",
  case: { number: "text", kind: "text", legal_basis: "text" },
  request: {
    number: "text", purpose: "text", area: "text", start: MOMENT_SHAPE, end: MOMENT_SHAPE, granted_by: "text",
  },
  made_by: PERSON_SHAPE, recipient: { maybe: PERSON_SHAPE }, log_day: "text", log_root: "text",
  key: { algorithm: "text", id: "text", fingerprint: "text", public_key: "text" },
  software: { map: "text" }, clips: { list: CLIP_SHAPE },
};

/** Throws an Error naming the place that is wrong. */
function expectShape(value, shape, at) {
  const isRight = {
    text: () => typeof value === "string",
    whole: () => Number.isSafeInteger(value),
  };
  if (typeof shape === "string") {
    if (!isRight[shape]()) throw new Error(`${at}: sai kiểu`);
  } else if (shape.maybe) {
    if (value !== null) expectShape(value, shape.maybe, at);
  } else if (shape.oneOf) {
    if (!shape.oneOf.includes(value)) throw new Error(`${at}: giá trị lạ`);
  } else if (shape.list) {
    if (!Array.isArray(value)) throw new Error(`${at}: không phải là danh sách`);
    value.forEach((item, n) => expectShape(item, shape.list, `${at}[${n}]`));
  } else {
    expectObject(value, shape, at);
  }
}

function expectObject(value, shape, at) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`${at}: không phải là nhóm`);
  const names = Object.keys(value);
  const wanted = shape.map ? names : Object.keys(shape);
  const odd = wanted.find((name, n) => names[n] !== name) ?? names[wanted.length];
  if (odd !== undefined) throw new Error(`${at}.${odd}: thiếu, thừa hoặc sai chỗ`);
  for (const name of names) expectShape(value[name], shape.map ?? shape[name], `${at}.${name}`);
  if (shape === MOMENT_SHAPE && value.local !== isoLocal(value.us)) throw new Error(`${at}: hai cách ghi giờ khác nhau`);
}

/** ISO 8601 at +07:00 with microseconds; null outside the calendar. */
function isoLocal(us) {
  const micros = ((us % 1e6) + 1e6) % 1e6;
  const local = new Date((us - micros) / 1000 + 7 * 3_600_000);
  if (!(local.getUTCFullYear() >= 1 && local.getUTCFullYear() <= 9999)) return null; // equal to no text
  return `${local.toISOString().slice(0, 19)}.${String(micros).padStart(6, "0")}+07:00`;
}

/** The manifest, from the only bytes that can stand for it; throws an Error that says what is wrong. */
function parseManifest(bytes) {
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  const manifest = JSON.parse(text);
  expectShape(manifest, MANIFEST_SHAPE, "$");
  if (JSON.stringify(manifest, null, 1) + "\n" !== text) throw new Error("$: không còn nguyên dạng khi lập gói");
  return manifest;
}

// --- key and signature (https://jedisct1.github.io/minisign/) -------------------------------------------------

/** Strictly: null where `line` is not the one base64 writing of `size` bytes. */
function fromBase64(line, size) {
  let letters;
  try {
    letters = atob(line);
  } catch {
    return null; // DOMException: not base64
  }
  const isCanonical = letters.length === size && btoa(letters) === line;
  return isCanonical ? Uint8Array.from(letters, (letter) => letter.charCodeAt(0)) : null;
}

/** A key out of its base64 line: {id, key, fingerprint, base64}; null where it is none. */
function parseKey(line) {
  const raw = fromBase64(line, 42);
  if (!raw || raw[0] !== 0x45 || raw[1] !== 0x64) return null; // "Ed"
  return {
    id: toHex(raw.slice(2, 10).reverse()).toUpperCase(),
    key: raw.slice(10),
    fingerprint: toHex(sha256(raw.slice(10))).slice(0, 32).toUpperCase(),
    base64: line,
  };
}

function keyFileText(key) {
  return `untrusted comment: minisign public key ${key.id}\n${key.base64}\n`;
}

/** {id, signature, comment, globalSignature}; null where the text is not byte for byte what we write. */
function parseSignature(text) {
  const lines = text.split("\n");
  const mark = "trusted comment: ";
  if (lines.length !== 5 || lines[4] !== "" || !lines[2].startsWith(mark)) return null;
  const raw = fromBase64(lines[1], 74);
  const globalSignature = fromBase64(lines[3], 64);
  if (!raw || !globalSignature || raw[0] !== 0x45 || raw[1] !== 0x44) return null; // "ED": prehashed
  const id = toHex(raw.slice(2, 10).reverse()).toUpperCase();
  if (lines[0] !== `untrusted comment: Binh Yen evidence, key ${id}`) return null;
  return { id, signature: raw.slice(10), comment: lines[2].slice(mark.length), globalSignature };
}

function signsList(key, signature, sumsBytes) {
  return key.id === signature.id && ed25519Verify(key.key, signature.signature, blake2b512(sumsBytes));
}

function signsComment(key, signature) {
  const message = joinBytes([signature.signature, new TextEncoder().encode(signature.comment)]);
  return ed25519Verify(key.key, signature.globalSignature, message);
}

// --- the check ------------------------------------------------------------------------------------------------

/** One check of one package. `source` is a Blob (the ZIP), or a Map of name to Blob (the unpacked folder). */
class PackageCheck {
  constructor(source, { onProgress = () => {}, signal = null } = {}) {
    this.source = source;
    this.onProgress = onProgress;
    this.signal = signal;
    this.findings = [];
    this.container = null;
    this.entries = [];
    this.manifest = null;
    this.key = null;
    this.listed = new Map();
    this.isSigned = false;
  }

  /** The report. Throws NotAPackage, DOMException AbortError, and whatever reading the file throws. */
  async run() {
    await this.open();
    await this.hashAll();
    this.manifest = await this.readManifest();
    await this.checkSums();
    await this.checkSignature();
    if (this.manifest) this.checkManifest();
    if (this.container) await this.checkContainer();
    return this.report();
  }

  note(code, file, message) {
    this.findings.push({ code, file, message });
  }

  async open() {
    if (this.source instanceof Blob) {
      this.container = await readContainer(this.source);
      this.entries = this.container.entries;
    } else {
      this.entries = Array.from(this.source, ([name, blob]) => ({ name, size: blob.size, crc: 0, blob }));
    }
    this.byName = new Map(this.entries.map((entry) => [entry.name, entry]));
    if (!this.byName.has(MANIFEST) && !this.byName.has(SUMS)) {
      throw new NotAPackage("Đây không phải là gói chứng cứ: không có manifest.json và SHA256SUMS.");
    }
    for (const { name } of this.entries) {
      if (!SAFE_NAME.test(name)) this.note("container", name, `Tên tệp “${name}” không phải do Bình Yên đặt.`);
    }
    if (this.byName.size !== this.entries.length) {
      throw new NotAPackage("Gói có nhiều tệp cùng tên: không thể biết tệp nào là thật.");
    }
  }

  async hashAll() {
    const total = this.entries.reduce((sum, entry) => sum + entry.size, 0);
    let done = 0;
    for (const entry of this.entries) {
      const digest = new Sha256();
      entry.foundCrc = 0;
      for (let at = 0; at < entry.blob.size; at += SLICE_BYTES) {
        this.signal?.throwIfAborted();
        const slice = await bytesAt(entry.blob, at, Math.min(entry.blob.size, at + SLICE_BYTES));
        digest.update(slice);
        entry.foundCrc = crc32(slice, entry.foundCrc);
        this.onProgress((done += slice.length), total, entry.name);
      }
      entry.sha256 = toHex(digest.finish());
    }
  }

  async small(name) {
    const entry = this.byName.get(name);
    if (!entry || entry.blob.size > SMALL_FILE_BYTES) {
      const words = entry ? `${name} lớn bất thường.` : `Thiếu tệp ${name} trong gói.`;
      if (!this.findings.some((each) => each.message === words)) this.note(entry ? "changed" : "missing", name, words);
      return null;
    }
    return bytesAt(entry.blob, 0, entry.blob.size);
  }

  async readManifest() {
    const bytes = await this.small(MANIFEST);
    if (!bytes) return null;
    try {
      return parseManifest(bytes);
    } catch (error) {
      this.note("manifest", MANIFEST, `manifest.json không đọc được (${String(error.message).slice(0, 120)}).`);
      return null;
    }
  }

  // Every file is listed with its hash, and nothing else is there.
  async checkSums() {
    const bytes = await this.small(SUMS);
    if (!bytes) return;
    this.sums = bytes;
    const text = asciiLines(bytes);
    const lines = Array.from(text.matchAll(/^([0-9a-f]{64}) {2}([!-~]+)$/gm));
    this.listed = new Map(lines.map((line) => [line[2], line[1]]));
    const isStrict = lines.map((line) => `${line[0]}\n`).join("") === text && this.listed.size === lines.length;
    if (!isStrict) this.note("changed", SUMS, "SHA256SUMS đã bị sửa: có dòng không đúng dạng.");
  }

  async checkSignature() {
    const candidates = await this.keys();
    const bytes = await this.small(SIGNATURE);
    this.key = candidates[0] ?? null;
    const signature = bytes ? parseSignature(asciiLines(bytes)) : null;
    if (bytes && !signature) this.note("signature", SIGNATURE, "SHA256SUMS.minisig đã bị sửa: không còn là một chữ ký.");
    // A list rebuilt from the files themselves tells a change of the list from a change of what it lists.
    const rebuilt = this.rebuiltList();
    const rebuiltBytes = new TextEncoder().encode(Array.from(rebuilt, ([name, hash]) => `${hash}  ${name}\n`).join(""));
    const signer = signature && this.sums && candidates.find((key) => signsList(key, signature, this.sums));
    const filesSigner = signature && !signer && candidates.find((key) => signsList(key, signature, rebuiltBytes));
    this.key = signer || filesSigner || this.key;
    this.isSigned = Boolean(signer || filesSigner);
    if (filesSigner) {
      this.listed = rebuilt;
      if (this.sums) this.note("changed", SUMS, "Danh sách SHA256SUMS đã bị sửa; các tệp vẫn đúng như khi ký.");
    }
    this.compareHashes();
    if (signature && !this.isSigned) this.noteBadSignature();
    if (this.isSigned) this.checkComment(signature);
  }

  noteBadSignature() {
    this.note(
      "signature", SIGNATURE,
      "Chữ ký không đúng: SHA256SUMS.minisig, SHA256SUMS hoặc minisign.pub đã bị sửa sau khi ký.",
    );
  }

  /** Name to hash as the list must be, from the files that are there. */
  rebuiltList() {
    const clips = this.manifest?.clips.map((clip) => clip.file) ?? this.entries.map(({ name }) => name).filter(isClip);
    const names = [...clips, ...LISTED_LAST].filter((name) => this.byName.has(name));
    return new Map(names.map((name) => [name, this.byName.get(name).sha256]));
  }

  /** The keys that may have signed: the file's, and the manifest's where the file's was tampered with. */
  async keys() {
    const keys = [];
    const bytes = await this.small(PUBLIC_KEY);
    if (bytes) {
      const text = asciiLines(bytes);
      const key = parseKey(text.split("\n")[1] ?? "");
      if (!key || keyFileText(key) !== text) this.note("key", PUBLIC_KEY, "minisign.pub không còn là khóa như khi lập gói.");
      if (key) keys.push(key);
    }
    const other = this.manifest && parseKey(this.manifest.key.public_key);
    return other && other.base64 !== keys[0]?.base64 ? [...keys, other] : keys;
  }

  compareHashes() {
    for (const [name, digest] of this.listed) {
      const entry = this.byName.get(name);
      if (!entry) this.note("missing", name, `Thiếu tệp ${name} trong gói.`);
      else if (entry.sha256 !== digest) this.note("changed", name, `${name} đã bị thay đổi sau khi lập gói.`);
    }
    for (const { name } of this.entries) {
      const isOwn = name === SUMS || name === SIGNATURE;
      if (!isOwn && this.listed.size && !this.listed.has(name)) {
        this.note("unlisted", name, `${name} không có trong danh sách khi lập gói: đã bị thêm vào.`);
      }
    }
  }

  checkComment(signature) {
    if (!signsComment(this.key, signature)) {
      this.note("signature", SIGNATURE, "Lời chú trong SHA256SUMS.minisig đã bị sửa: chữ ký không đúng với lời chú.");
      return;
    }
    const { manifest } = this;
    const root = this.byName.get(MANIFEST)?.sha256;
    const isChanged = this.findings.some((each) => each.file === MANIFEST);
    if (!manifest || isChanged) return; // said already
    const comment = `${SCHEMA_NAME} package=${manifest.package_id} manifest=${root} made=${manifest.made_at.local}`;
    if (signature.comment !== comment) {
      this.note("signature", SIGNATURE, "Lời chú đã ký không khớp với manifest.json của gói này.");
    }
  }

  checkManifest() {
    const named = new Set(this.findings.map((each) => each.file));
    for (const clip of this.manifest.clips) {
      const entry = this.byName.get(clip.file);
      const isSame = entry && entry.sha256 === clip.sha256 && entry.size === clip.size_bytes;
      if (!isSame && !named.has(clip.file)) {
        this.note("manifest", clip.file, `${clip.file} không khớp với mã băm ghi trong manifest.json.`);
      }
    }
    const files = new Set(this.manifest.clips.map((clip) => clip.file));
    const present = new Set(this.entries.map(({ name }) => name).filter(isClip));
    const differing = [...files, ...present].filter((name) => files.has(name) !== present.has(name));
    if (differing.some((name) => !named.has(name)) || files.size !== this.manifest.clips.length) {
      this.note("manifest", MANIFEST, "Các đoạn hình trong gói không đúng với manifest.json.");
    }
    const said = this.manifest.key;
    const isSameKey = this.key && [said.fingerprint, said.id, said.public_key].join()
      === [this.key.fingerprint, this.key.id, this.key.base64].join();
    if (!isSameKey && !named.has(PUBLIC_KEY)) {
      this.note("key", PUBLIC_KEY, "minisign.pub không phải là khóa ghi trong manifest.json.");
    }
  }

  // --- the container ------------------------------------------------------------------------------------------
  async checkContainer() {
    const { size, shift } = this.container;
    if (shift > 0) this.note("container", "", `Có ${shift} byte lạ được chèn trước gói.`);
    // Where content is as listed its checksum is known; where not, the header is not blamed for it.
    const named = new Set(this.findings.map((each) => each.file));
    const entries = this.entries.map((entry) => ({ ...entry, crc: named.has(entry.name) ? entry.crc : entry.foundCrc }));
    const frames = containerLayout(entries, await this.stamp());
    const last = frames[frames.length - 1];
    const extra = size - Math.max(0, shift) - last.offset - last.bytes.length;
    if (extra > 0) this.note("container", "", `Tệp ZIP thừa ${extra} byte so với nội dung của gói.`);
    if (extra < 0) this.note("container", "", `Tệp ZIP thiếu ${-extra} byte so với nội dung của gói.`);
    for (const frame of frames) await this.compareFrame(frame, Math.max(0, shift));
    this.checkOrder();
  }

  async compareFrame(frame, shift) {
    const at = frame.offset + shift;
    const found = await bytesAt(this.source, at, at + frame.bytes.length);
    if (sameBytes(found, frame.bytes)) return;
    const where = frame.name ? `phần đầu của ${frame.name}` : "mục lục ở cuối tệp";
    this.note("container", frame.name, `Vỏ tệp ZIP đã bị sửa: ${where} không như khi lập gói.`);
  }

  async stamp() {
    if (this.manifest) return dosStamp(this.manifest.made_at.us);
    const view = viewOf(await bytesAt(this.source, 0, LOCAL_BYTES));
    return view.byteLength < LOCAL_BYTES ? { time: 0, date: 0x21 }
      : { time: view.getUint16(10, true), date: view.getUint16(12, true) };
  }

  checkOrder() {
    const names = this.entries.map(({ name }) => name);
    const clips = this.manifest ? this.manifest.clips.map((clip) => clip.file) : names.filter(isClip);
    const isSame = [...clips, ...LISTED_LAST, SUMS, SIGNATURE].join("\n") === names.join("\n");
    if (!isSame && this.findings.length === 0) {
      this.note("container", "", "Các tệp trong gói không theo thứ tự của một gói do Bình Yên lập.");
    }
  }

  report() {
    return {
      ok: this.findings.length === 0,
      isSigned: this.isSigned,
      isUnpacked: this.container === null,
      findings: this.findings,
      manifest: this.manifest,
      manifestSha256: this.byName.get(MANIFEST)?.sha256 ?? "",
      key: this.key,
      files: this.byName,
    };
  }
}

/** The text of bytes that should be ASCII; any other byte becomes a sign that no check accepts. */
function asciiLines(bytes) {
  const pieces = [];
  for (let at = 0; at < bytes.length; at += 8192) {
    const codes = Array.from(bytes.subarray(at, at + 8192), (byte) => (byte < 128 ? byte : 0xfffd));
    pieces.push(String.fromCharCode(...codes));
  }
  return pieces.join("");
}

/**
 * What the reader holds in the hand (a fingerprint, the text of the QR code, or a public key) against what the
 * package says: "match", "other", or "unclear" where it is none of these. `differs` names what is not the same.
 */
function comparePaper(report, typed) {
  const letters = typed.trim();
  const seal = /^BINHYEN1:([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}):([0-9A-F]{64}):([0-9A-F]{32})$/.exec(letters.toUpperCase());
  const fingerprint = seal ? seal[3] : fingerprintIn(letters);
  if (!fingerprint || !report.key) return { state: "unclear", differs: [] };
  const differs = [];
  if (fingerprint !== report.key.fingerprint) differs.push("key");
  if (seal && seal[2].toLowerCase() !== report.manifestSha256) differs.push("root");
  if (seal && report.manifest && seal[1] !== report.manifest.package_id) differs.push("package");
  return { state: differs.length ? "other" : "match", differs, isWholeSeal: Boolean(seal) };
}

function fingerprintIn(letters) {
  const digits = letters.replace(/[\s:.-]/g, "").toUpperCase();
  if (/^[0-9A-F]{32}$/.test(digits)) return digits;
  return parseKey(letters.slice(-56))?.fingerprint ?? null; // a key file pasted into one line ends with its key
}
