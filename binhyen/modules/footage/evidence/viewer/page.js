// The page: what is dropped or chosen goes through the check, and what it says is set as text, never as markup.

const element = (id) => document.getElementById(id);

/** An element with attributes and children; children that are text are set as text. */
function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function pairs(list, rows) {
  list.replaceChildren();
  for (const [term, ...values] of rows) {
    const shown = values.filter((value) => value !== "" && value !== null);
    if (shown.length === 0) continue;
    list.append(make("dt", {}, term), ...shown.map((value) => make("dd", {}, value)));
  }
}

const mono = (text, look = "mono") => make("span", { class: look }, text);

const SECTIONS = ["pick", "checking", "verdict", "trust", "clips", "facts", "files", "again", "print"];

function show(...ids) {
  for (const id of SECTIONS) element(id).hidden = !ids.includes(id);
}

function setState(state) {
  document.documentElement.dataset.state = state;
}

// --- choosing -------------------------------------------------------------------------------------------------

/** Files of a folder by their path inside it, without the folder's own name. */
function namedFiles(files) {
  return new Map(files.map((file) => [(file.webkitRelativePath || file.name).split("/").slice(1).join("/"), file]));
}

function filesIn(entry, path, found) {
  if (entry.isFile) {
    return new Promise((resolve, reject) => entry.file((file) => resolve(found.set(path, file)), reject));
  }
  const reader = entry.createReader();
  const nextBatch = async () => {
    const batch = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    for (const child of batch) await filesIn(child, path ? `${path}/${child.name}` : child.name, found);
    return batch.length ? nextBatch() : found; // a browser hands out a hundred at a time
  };
  return nextBatch();
}

async function dropped(event) {
  event.preventDefault();
  element("pick").classList.remove("over");
  if (checking) return;
  const entries = Array.from(event.dataTransfer.items, (item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const { files } = event.dataTransfer;
  if (entries.length === 1 && entries[0].isDirectory) check(await filesIn(entries[0], "", new Map()), entries[0].name);
  else if (files.length === 1) check(files[0], files[0].name);
  else if (entries.length > 1) check(await filesOf(entries), "các tệp đã thả");
}

async function filesOf(entries) {
  const found = new Map();
  for (const entry of entries) await filesIn(entry, entry.name, found);
  return found;
}

// --- checking -------------------------------------------------------------------------------------------------

let checking = null;
let objectUrls = [];

async function check(source, name) {
  checking = new AbortController();
  clear();
  setState("checking");
  show("checking");
  element("progress").value = 0;
  element("progress-words").textContent = name;
  try {
    const report = await new PackageCheck(source, { onProgress: showProgress, signal: checking.signal }).run();
    showReport(report, name);
  } catch (error) {
    showTrouble(error, name);
  } finally {
    checking = null;
  }
}

function showProgress(done, total, name) {
  element("progress").value = total ? done / total : 1;
  element("progress-words").textContent = `${sizeWords(done)} / ${sizeWords(total)} · ${name}`;
}

function showTrouble(error, name) {
  if (error.name === "AbortError") {
    start();
    return;
  }
  const isOurs = error instanceof NotAPackage;
  setState("bad");
  show("verdict", "again");
  element("verdict-title").textContent = isOurs ? "Không đọc được gói" : "Không kiểm tra được";
  element("verdict-sentence").textContent = isOurs
    ? error.message
    : `Trình duyệt không đọc được tệp (${error.name}: ${error.message}). Hãy chép tệp về máy rồi chọn lại.`;
  element("verdict-file").textContent = name;
  element("verdict").focus();
}

function clear() {
  objectUrls.forEach((url) => URL.revokeObjectURL(url));
  objectUrls = [];
  const video = element("video");
  video.removeAttribute("src");
  video.load();
  element("player").hidden = true;
  for (const id of ["findings", "clip-list", "gaps", "file-list", "paper-answer"]) element(id).replaceChildren();
  element("paper-text").value = "";
}

function start() {
  clear();
  setState("idle");
  show("pick");
  element("choose-zip").focus();
}

// --- the verdict ----------------------------------------------------------------------------------------------

let report = null;

function showReport(found, name) {
  report = found;
  setState(found.ok ? "good" : "bad");
  const words = verdictWords(found);
  element("verdict-title").textContent = words.title;
  element("verdict-sentence").textContent = words.sentence;
  element("findings").replaceChildren(...findingsByFile(found.findings).map(findingItem));
  const folderWords = found.isUnpacked ? " · thư mục đã giải nén: không còn vỏ ZIP để kiểm, mọi tệp đều được kiểm" : "";
  element("verdict-file").textContent = `${name}${folderWords} · kiểm tra lúc ${minuteWords(Date.now() * 1000)} (giờ máy này)`;
  showTrust(found);
  showFiles(found);
  const sections = ["verdict", "trust", "files", "again", "print"];
  if (found.manifest) {
    element("facts-warning").hidden = found.isSigned && !found.findings.some(({ file }) => file === MANIFEST);
    showFacts(found.manifest);
    showClips(found);
    sections.push("clips", "facts");
  }
  show(...sections);
  element("verdict").focus();
}

function findingItem({ file, sentences, meaning }) {
  const item = make("li", {}, make("strong", {}, file || "Vỏ tệp ZIP"));
  for (const sentence of sentences) item.append(make("p", {}, sentence));
  if (meaning) item.append(make("p", { class: "quiet" }, meaning));
  return item;
}

function showTrust(found) {
  element("trust-sentence").textContent = trustWords(found);
  pairs(element("trust-facts"), [
    ["Vân tay khóa ký", found.key ? mono(grouped(found.key.fingerprint), "mono large") : ""],
    ["Mã gói", found.manifest ? mono(found.manifest.package_id) : ""],
    ["Mã băm gốc (SHA-256 của manifest.json)", found.manifestSha256 ? mono(grouped(found.manifestSha256, 8)) : ""],
    ["Khóa công khai (minisign)", found.key ? mono(found.key.base64) : ""],
  ]);
}

function comparePaperNow(event) {
  event.preventDefault();
  const typed = element("paper-text").value;
  if (!report || typed.trim() === "") return;
  const comparison = comparePaper(report, typed);
  const look = { match: "answer right", other: "answer wrong", unclear: "answer" }[comparison.state];
  element("paper-answer").replaceChildren(...paperWords(comparison).map((words) => make("p", { class: look }, words)));
  if (comparison.state === "unclear") return;
  const isRight = report.ok && comparison.state === "match";
  setState(isRight ? "matched" : "bad");
  if (!report.ok) return;
  element("trust-sentence").textContent = isRight ? "Chữ ký đúng với khóa này." : trustWords(report);
  element("verdict-title").textContent = isRight ? verdictWords(report).title : "Gói KHÔNG khớp với biên bản";
}

// --- facts ----------------------------------------------------------------------------------------------------

function personWords({ name, position, unit }) {
  return [name, position, unit].filter(Boolean).join(", ");
}

function showFacts(manifest) {
  const { request } = manifest;
  pairs(element("case-facts"), [
    ["Đơn vị lập gói", [manifest.unit, manifest.parent_unit].filter(Boolean).join(", ")],
    ["Biên bản số", manifest.minutes_number],
    ["Lập lúc", clockWords(manifest.made_at.us)],
    ["Vụ việc", [manifest.case.number, manifest.case.kind].filter(Boolean).join(" · ")],
    ["Căn cứ pháp lý", manifest.case.legal_basis],
    ["Yêu cầu hình ảnh", request.number],
    ["Mục đích", request.purpose],
    ["Khu vực", request.area],
    ["Thời gian yêu cầu", spanWords(request.start.us, request.end.us)],
    ["Người duyệt yêu cầu", request.granted_by],
    ["Người lập, giao", personWords(manifest.made_by)],
    ["Người nhận", manifest.recipient ? personWords(manifest.recipient) : ""],
    ["Nhật ký hệ thống", manifest.log_root ? mono(`${manifest.log_day.split("-").reverse().join("/")} ${grouped(manifest.log_root, 8)}`) : ""],
    ["Phần mềm", Object.entries(manifest.software).map(([name, version]) => `${name} ${version}`).join(", ")],
  ]);
  showGaps(manifest.clips.flatMap((clip) => clip.gaps.map((gap) => ({ ...gap, camera: clip.camera }))));
}

function showGaps(gaps) {
  element("gaps").replaceChildren(make("h3", {}, "Khoảng không có hình"));
  if (gaps.length === 0) {
    element("gaps").append(make("p", {}, "Không có: hình liền mạch trong từng đoạn."));
    return;
  }
  const list = make("ul", { class: "plain" });
  for (const { camera, start: from, end, reason } of gaps) {
    list.append(make("li", {}, make("strong", {}, camera), ` ${spanWords(from.us, end.us)}: ${GAP_REASONS[reason]}`));
  }
  element("gaps").append(list);
}

function showFiles({ files, findings, key }) {
  const wrong = new Set(findings.map(({ file }) => file));
  element("file-list").replaceChildren(...Array.from(files.values(), (entry) => make(
    "li", wrong.has(entry.name) ? { class: "wrong" } : {},
    make("strong", {}, entry.name), ` ${sizeWords(entry.size)}${wrong.has(entry.name) ? " · SAI" : ""}`,
    mono(grouped(entry.sha256, 8)),
  )));
  element("commands").textContent =
    `sha256sum --strict -c SHA256SUMS\nminisign -V -m SHA256SUMS -P ${key ? key.base64 : "KHÓA"}`;
}

// --- clips ----------------------------------------------------------------------------------------------------

let shown = null;

function showClips({ manifest, files, findings }) {
  const wrong = new Set(findings.map(({ file }) => file));
  element("clip-list").replaceChildren(...manifest.clips.map((clip) => {
    const isWrong = wrong.has(clip.file);
    return make("li", {}, clipButton(clip, files.get(clip.file), isWrong));
  }));
}

function clipButton(clip, entry, isWrong) {
  const button = make(
    "button", { type: "button", class: isWrong ? "clip wrong" : "clip" },
    make("strong", {}, [clip.camera, clip.camera_name].filter(Boolean).join(" · ")),
    make("span", {}, spanWords(clip.mark_in.us, clip.mark_out.us)),
    make("span", { class: "quiet" }, [
      lengthWords(clip.end.us - clip.start.us), `${countWords(clip.frames)} khung hình`, sizeWords(clip.size_bytes),
      `đồng hồ camera ${offsetWords(clip.camera_clock_offset_us)}`,
    ].join(" · ")),
  );
  if (isWrong) button.append(make("span", { class: "wrong-mark" }, "Đã bị thay đổi hoặc thiếu"));
  button.disabled = !entry;
  button.addEventListener("click", () => play(clip, entry, button, isWrong));
  return button;
}

function play(clip, entry, button, isWrong) {
  const video = element("video");
  const url = URL.createObjectURL(entry.blob.slice(0, entry.blob.size, "video/mp4"));
  objectUrls.push(url);
  shown = clip;
  for (const other of document.querySelectorAll(".clip")) other.removeAttribute("aria-current");
  button.setAttribute("aria-current", "true");
  element("player").hidden = false;
  element("player-trouble").textContent = isWrong ? "Đoạn hình này không còn như khi ký: chỉ xem để tham khảo." : "";
  element("player-words").textContent =
    `${clip.camera}. Phần yêu cầu: ${spanWords(clip.mark_in.us, clip.mark_out.us)}. `
    + `Tệp bắt đầu từ khung chính lúc ${hourWords(clip.start.us)}. Đồng hồ camera: ${offsetWords(clip.camera_clock_offset_us)}.`;
  const save = element("save-clip");
  save.href = url;
  save.download = clip.file.split("/").pop();
  placeMarks(clip);
  video.src = url;
  video.currentTime = markSeconds(clip);
  video.setAttribute("aria-label", `Đoạn hình ${clip.camera}`);
  element("player").scrollIntoView({ block: "nearest" });
}

function markSeconds(clip) {
  return Math.max(0, (clip.mark_in.us - clip.start.us) / 1e6);
}

function placeMarks({ start: from, end, mark_in: markIn, mark_out: markOut }) {
  const share = (moment) => Math.min(100, Math.max(0, (100 * (moment.us - from.us)) / (end.us - from.us)));
  element("marked").style.left = `${share(markIn)}%`;
  element("marked").style.right = `${100 - share(markOut)}%`;
  showClock();
}

function showClock() {
  if (!shown) return;
  const at = element("video").currentTime;
  const length = (shown.end.us - shown.start.us) / 1e6;
  element("clock").textContent = clockWords(shown.start.us + Math.round(at * 1e6));
  element("playhead").style.left = `${Math.min(100, (100 * at) / length)}%`;
}

function cannotPlay() {
  if (!shown || !element("video").error) return;
  element("player-trouble").textContent =
    `Trình duyệt này không phát được đoạn hình (${shown.mime}). Hãy lưu đoạn hình và mở bằng trình phát khác, ví dụ VLC; kết quả kiểm tra vẫn đúng.`;
}

// --- wiring ---------------------------------------------------------------------------------------------------

function chosen(input, take) {
  const files = Array.from(input.files);
  input.value = ""; // choosing the same file again is a new check
  if (files.length) take(files);
}

element("choose-zip").addEventListener("click", () => element("zip-input").click());
element("choose-folder").addEventListener("click", () => element("folder-input").click());
element("zip-input").addEventListener("change", ({ target }) => chosen(target, ([file]) => check(file, file.name)));
element("folder-input").addEventListener("change", ({ target }) => {
  chosen(target, (files) => check(namedFiles(files), files[0].webkitRelativePath.split("/")[0]));
});
element("cancel").addEventListener("click", () => checking?.abort());
element("again").addEventListener("click", start);
element("print").addEventListener("click", () => window.print());
element("paper").addEventListener("submit", comparePaperNow);
element("from-mark").addEventListener("click", () => {
  element("video").currentTime = markSeconds(shown);
  element("video").play().catch(cannotPlay);
});
element("video").addEventListener("timeupdate", showClock);
element("video").addEventListener("seeked", showClock);
element("video").addEventListener("error", cannotPlay);
document.addEventListener("dragover", (event) => {
  event.preventDefault();
  element("pick").classList.add("over");
});
document.addEventListener("dragleave", () => element("pick").classList.remove("over"));
document.addEventListener("drop", dropped);
window.addEventListener("beforeprint", () => element("files").querySelector("details").open = true);
