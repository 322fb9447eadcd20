// What the page says: numbers and times as the minutes print them, and what each kind of trouble means.

const GAP_REASONS = {
  connection: "mất kết nối với camera",
  silent: "camera không gửi hình",
  garbage: "dữ liệu camera gửi bị hỏng",
  disk_full: "ổ đĩa đầy",
  disk_slow: "ổ đĩa ghi không kịp",
  disk_error: "ổ đĩa lỗi",
  clock_step: "đồng hồ máy ghi bị chỉnh",
  stopped: "đã tắt ghi hình",
  crash: "máy ghi dừng đột ngột",
};

const FILE_MEANINGS = {
  [MANIFEST]: "Thông tin vụ việc, camera, thời gian ghi trong tệp này không còn đáng tin.",
  [PUBLIC_KEY]: "Khóa đi kèm gói đã bị thay: hãy lấy khóa từ biên bản giấy hoặc từ đơn vị lập gói.",
  [VIEWER]: "Trang xem đi trong gói đã bị sửa: đừng mở trang đó. Hãy dùng trang lấy từ đơn vị lập gói.",
  [MINUTES]: "Bản biên bản điện tử không còn như khi lập: chỉ căn cứ vào bản giấy có chữ ký.",
  [SUMS]: "Đây là danh sách mã băm đã được ký.",
  [SIGNATURE]: "Không còn chữ ký nào bảo vệ được gói này.",
};
const CONTAINER_MEANING = "Vỏ ZIP mang các tệp đã bị can thiệp. Nội dung từng tệp được kiểm riêng ở trên và ở dưới.";
const UNLISTED_MEANING = "Tệp này không thuộc gói chứng cứ.";
const CLIP_MEANING = "Đoạn hình này không còn là hình do máy ghi giao ra.";

const PAPER_SENTENCES = {
  whole: "Khớp với biên bản: đúng gói này, đúng thông tin đã ký, đúng khóa ký.",
  match: "Khóa ký đúng là khóa đã nhập.",
  unclear: "Chưa đọc được. Hãy dán trọn nội dung mã QR (bắt đầu bằng BINHYEN1), hoặc 32 chữ số của vân tay khóa.",
  key: "Khóa ký KHÔNG phải là khóa trên biên bản: gói này do người khác ký, dù các tệp khớp với nhau.",
  root: "Mã băm gốc KHÔNG trùng với biên bản: đây không phải là nội dung đã bàn giao.",
  package: "Mã gói KHÔNG trùng với biên bản: biên bản này thuộc gói khác.",
};

function localDate(us) {
  return new Date(Math.floor(us / 1000) + 7 * 3_600_000); // its UTC fields are Vietnam's clock
}

function twoDigits(number) {
  return String(number).padStart(2, "0");
}

function dayWords(us) {
  const local = localDate(us);
  return `${twoDigits(local.getUTCDate())}/${twoDigits(local.getUTCMonth() + 1)}/${local.getUTCFullYear()}`;
}

/** `14:05:03,250` */
function hourWords(us) {
  const local = localDate(us);
  const parts = [local.getUTCHours(), local.getUTCMinutes(), local.getUTCSeconds()].map(twoDigits);
  return `${parts.join(":")},${String(local.getUTCMilliseconds()).padStart(3, "0")}`;
}

/** `21/11/2026 14:05:03,250`, as on the minutes. */
function clockWords(us) {
  return `${dayWords(us)} ${hourWords(us)}`;
}

/** `21/11/2026 14:05` */
function minuteWords(us) {
  return clockWords(us).slice(0, 16);
}

function spanWords(start, end) {
  const isOneDay = dayWords(start) === dayWords(end);
  return `${clockWords(start)} – ${isOneDay ? hourWords(end) : clockWords(end)}`;
}

function offsetWords(offsetUs) {
  if (offsetUs === null) return "chưa đo được";
  if (offsetUs === 0) return "không lệch";
  const seconds = (Math.abs(offsetUs) / 1e6).toFixed(3).replace(".", ",");
  return `${offsetUs > 0 ? "nhanh" : "chậm"} ${seconds} giây`;
}

function sizeWords(bytes) {
  let [size, unit] = [bytes, "byte"];
  for (const larger of ["KB", "MB", "GB", "TB"]) {
    if (size < 1000) break;
    [size, unit] = [size / 1000, larger];
  }
  return unit === "byte" ? `${bytes} byte` : `${size.toFixed(1).replace(".", ",")} ${unit}`;
}

function lengthWords(us) {
  const seconds = Math.round(us / 1e6);
  const minutes = Math.floor(seconds / 60);
  return minutes ? `${minutes} phút ${seconds % 60} giây` : `${(us / 1e6).toFixed(1).replace(".", ",")} giây`;
}

function countWords(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ".");
}

function grouped(digits, size = 4) {
  return (digits.match(new RegExp(`.{1,${size}}`, "g")) ?? []).join(" ");
}

/** What a finding means for who relies on the package; "" where its own sentence says it all. */
function meaningOf({ code, file }) {
  if (code === "unlisted") return UNLISTED_MEANING;
  if (code === "container") return CONTAINER_MEANING;
  return FILE_MEANINGS[file] ?? (isClip(file) ? CLIP_MEANING : "");
}

/** Findings of one file together: [{file, sentences, meaning}], in the order in which files were first named. */
function findingsByFile(findings) {
  const groups = new Map();
  for (const finding of findings) {
    const file = finding.code === "container" ? "" : finding.file;
    const group = groups.get(file) ?? { file, sentences: [], meaning: meaningOf(finding) };
    if (!group.sentences.includes(finding.message)) group.sentences.push(finding.message);
    groups.set(file, group);
  }
  return Array.from(groups.values());
}

/** {title, sentence} of the verdict. */
function verdictWords(report) {
  const files = Array.from(report.files.values());
  const size = sizeWords(files.reduce((sum, { size: bytes }) => sum + bytes, 0));
  if (report.ok) {
    return {
      title: "Gói nguyên vẹn",
      sentence: `Cả ${files.length} tệp (${size}) đúng từng byte như khi ký lúc ${clockWords(report.manifest.made_at.us)}.`,
    };
  }
  const named = new Set(report.findings.filter(({ code }) => code !== "container").map(({ file }) => file));
  const whole = files.filter(({ name }) => !named.has(name)).length;
  const rest = report.isSigned && whole ? ` ${whole} trong ${files.length} tệp vẫn đúng nội dung như khi ký.` : "";
  return {
    title: "Gói KHÔNG còn nguyên vẹn",
    sentence: `Đừng dùng gói này làm chứng cứ khi chưa rõ vì sao.${rest} Những chỗ sai:`,
  };
}

function trustWords(report) {
  if (!report.key) return "Không xác định được khóa ký.";
  if (!report.isSigned) return "Không có chữ ký đúng cho gói này. Khóa đi kèm gói:";
  return "Chữ ký đúng với khóa này. Ai giữ khóa thì gói không tự nói được: hãy đối chiếu vân tay khóa trên biên bản giấy.";
}

/** Sentences for what comparePaper() found. */
function paperWords(comparison) {
  if (comparison.state === "match") return [comparison.isWholeSeal ? PAPER_SENTENCES.whole : PAPER_SENTENCES.match];
  if (comparison.state === "unclear") return [PAPER_SENTENCES.unclear];
  return comparison.differs.map((each) => PAPER_SENTENCES[each]);
}
