"""`xem-va-kiem.html` in a real Chromium, from file://, as a court's clerk opens it."""

import base64
import hashlib
import zipfile
from pathlib import Path

import pytest

from binhyen.kernel.signing.minisign import Signature
from binhyen.modules.footage.evidence import Seal, SecretKey
from binhyen.modules.footage.evidence.container import CENTRAL, END, LOCAL
from binhyen.modules.footage.evidence.package import SUBJECT
from binhyen.modules.footage.evidence.seal import grouped
from binhyen.modules.footage.evidence.tests.making import KEY, clip, make_package
from binhyen.modules.footage.evidence.tests.viewing import PHONE, SCREEN, opened, written_page

pytestmark = pytest.mark.browser

FIRST_CLIP = "clips/BA-T1-01/20261122-020000-1.mp4"
FILES = (
    FIRST_CLIP, "clips/BA-T1-02/20261122-020000-1.mp4", "manifest.json", "minisign.pub", "xem-va-kiem.html",
    "bien-ban.pdf", "SHA256SUMS", "SHA256SUMS.minisig",
)  # fmt: skip
OTHER_KEY = SecretKey.generate(bytes(range(100, 140)))
SHELL = "Vỏ tệp ZIP"


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    return make_package(tmp_path_factory.mktemp("goi") / "goi.zip")


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    return written_page(tmp_path_factory.mktemp("trang"))


@pytest.fixture(scope="module")
def reader(chromium, page_file):
    """One page for all checks, as somebody checks one package after the other."""
    with opened(chromium, page_file, SCREEN) as found:
        yield found


@pytest.fixture
def unpacked(package, tmp_path):
    with zipfile.ZipFile(package) as archive:
        archive.extractall(tmp_path / "goi")
    return tmp_path / "goi"


def infos(package: Path) -> dict[str, zipfile.ZipInfo]:
    with zipfile.ZipFile(package) as archive:
        return {info.filename: info for info in archive.infolist()}


def content_at(info: zipfile.ZipInfo) -> int:
    return info.header_offset + LOCAL.size + len(info.filename) + (20 if info.filename.startswith("clips/") else 0)


def flipped(package: Path, folder: Path, *offsets: int) -> Path:
    content = bytearray(package.read_bytes())
    for offset in offsets:
        content[offset] ^= 1
    path = folder / "sua.zip"
    path.write_bytes(content)
    return path


def seal_of(package: Path, key: SecretKey = KEY) -> str:
    with zipfile.ZipFile(package) as archive:
        root = hashlib.sha256(archive.read("manifest.json")).hexdigest()
    return Seal("5E6F-F01A-02E4-CA57", root, key.public_key.fingerprint).text()


def test_a_whole_package_is_said_to_be_whole(reader, package):
    reader.check(package)
    assert (reader.state, reader.title, reader.findings) == ("good", "Gói nguyên vẹn", [])
    assert grouped(KEY.public_key.fingerprint) in reader.text("#trust-facts")
    assert "hãy đối chiếu vân tay khóa trên biên bản" in reader.text("#trust-sentence")


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("where", [0.0, 0.5, 1.0])
def test_T06_a_flipped_bit_in_a_file_names_that_file_alone(reader, package, tmp_path, name, where):
    info = infos(package)[name]
    reader.check(flipped(package, tmp_path, content_at(info) + int((info.file_size - 1) * where)))
    assert reader.state == "bad"
    assert reader.findings == [name]


@pytest.mark.parametrize("name", FILES)
def test_T06_a_flipped_bit_in_a_header_names_the_file_behind_it(reader, package, tmp_path, name):
    info = infos(package)[name]
    reader.check(flipped(package, tmp_path, info.header_offset + 10))  # the time stamp, which unzip never minds
    assert (reader.state, reader.findings) == ("bad", [SHELL])
    assert f"phần đầu của {name}" in reader.text("#findings")


def test_T06_a_forged_checksum_in_both_headers_is_found(reader, package, tmp_path):
    directory_at = zipfile.ZipFile(package).start_dir
    reader.check(flipped(package, tmp_path, 14, directory_at + 16))
    assert (reader.state, reader.findings) == ("bad", [SHELL])


def test_T06_every_byte_of_a_header_a_directory_line_and_the_end_counts(reader, package):
    directory_at, size = zipfile.ZipFile(package).start_dir, package.stat().st_size
    ranges = (range(LOCAL.size), range(directory_at, directory_at + CENTRAL.size), range(size - END.size, size))
    assert unnoticed(reader, package, [offset for each in ranges for offset in each]) == []


def test_T06_flipped_bits_all_over_the_package_are_found(reader, package):
    size, count = package.stat().st_size, 100
    assert unnoticed(reader, package, [size * n // count + n for n in range(count)]) == []


FLIP_AND_CHECK = """async ([letters, offsets]) => {
    const bytes = Uint8Array.from(atob(letters), (each) => each.charCodeAt(0));
    const whole = await new PackageCheck(new Blob([bytes])).run();
    if (!whole.ok) throw new Error("the package is not whole before any bit is flipped");
    const unnoticed = [];
    for (const offset of offsets) {
        bytes[offset] ^= 1;
        const report = await new PackageCheck(new Blob([bytes])).run().catch((error) => {
            if (!(error instanceof NotAPackage)) throw error;
            return { ok: false };
        });
        if (report.ok) unnoticed.push(offset);
        bytes[offset] ^= 1;
    }
    return unnoticed;
}"""


def unnoticed(reader, package, offsets) -> list[int]:
    """Where the page's check finds nothing wrong with a flipped bit."""
    return reader.run(FLIP_AND_CHECK, [base64.b64encode(package.read_bytes()).decode(), offsets])


def test_T06_bytes_after_the_package_are_counted(reader, package, tmp_path):
    path = tmp_path / "dai.zip"
    path.write_bytes(package.read_bytes() + b"x" * 7)
    reader.check(path)
    assert (reader.state, reader.findings) == ("bad", [SHELL])
    assert "thừa 7 byte" in reader.text("#findings")


def test_T06_bytes_before_the_package_are_counted(reader, package, tmp_path):
    path = tmp_path / "dai.zip"
    path.write_bytes(b"x" * 9 + package.read_bytes())
    reader.check(path)
    assert (reader.state, reader.findings) == ("bad", [SHELL])
    assert "9 byte lạ được chèn trước gói" in reader.text("#findings")


def test_T06_a_file_that_was_added_is_named(reader, package, tmp_path):
    path = tmp_path / "them.zip"
    path.write_bytes(package.read_bytes())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("clips/BA-T1-03/them.mp4", b"x")
    reader.check(path)
    assert reader.state == "bad"
    assert "clips/BA-T1-03/them.mp4" in reader.findings


def test_an_unpacked_folder_is_checked_too(reader, unpacked):
    reader.check(unpacked)
    assert (reader.state, reader.findings) == ("good", [])


def test_T06_files_missing_from_a_folder_and_added_to_it_are_named(reader, unpacked):
    (unpacked / FIRST_CLIP).unlink()
    (unpacked / "ghi-chu.txt").write_text("thêm")
    reader.check(unpacked)
    assert (reader.state, sorted(reader.findings)) == ("bad", [FIRST_CLIP, "ghi-chu.txt"])


def test_a_package_can_be_dropped_on_the_page(reader, package):
    reader.run("start()")
    reader.run(
        """(letters) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([Uint8Array.from(atob(letters), (each) => each.charCodeAt(0))], "goi.zip"));
            document.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer }));
        }""",
        base64.b64encode(package.read_bytes()).decode(),
    )
    reader.page.wait_for_selector("#verdict:not([hidden])")
    assert (reader.state, reader.findings) == ("good", [])
    assert reader.text("#verdict-file").startswith("goi.zip")


def test_what_is_no_package_is_said_to_be_none(reader, tmp_path):
    path = tmp_path / "anh.zip"
    path.write_bytes(b"not a zip at all")
    reader.check(path)
    assert (reader.title, reader.state) == ("Không đọc được gói", "bad")
    assert "không phải là gói chứng cứ" in reader.text("#verdict-sentence")


@pytest.mark.parametrize("typed", [
    grouped(KEY.public_key.fingerprint), KEY.public_key.fingerprint.lower(), KEY.public_key.base64,
    KEY.public_key.text(),
])  # fmt: skip
def test_the_key_of_the_paper_is_recognised_however_it_is_given(reader, package, typed):
    reader.check(package)
    reader.compare(typed)
    assert (reader.state, reader.text("#paper-answer")) == ("matched", "Khóa ký đúng là khóa đã nhập.")


def test_the_qr_code_of_the_paper_is_compared_as_a_whole(reader, package):
    reader.check(package)
    reader.compare(seal_of(package))
    assert reader.state == "matched"
    assert reader.text("#paper-answer").startswith("Khớp với biên bản")


def test_another_key_on_the_paper_is_said_so(reader, package):
    reader.check(package)
    reader.compare(grouped(OTHER_KEY.public_key.fingerprint))
    assert (reader.state, reader.title) == ("bad", "Gói KHÔNG khớp với biên bản")
    assert "KHÔNG phải là khóa trên biên bản" in reader.text("#paper-answer")


def test_a_package_signed_again_by_somebody_else_does_not_match_the_paper(reader, package, tmp_path):
    forged = make_package(tmp_path / "gia.zip", [clip(shade=30)], key=OTHER_KEY)
    reader.check(forged)
    assert reader.state == "good"  # nothing in it contradicts itself: only the paper can tell
    reader.compare(seal_of(package))
    assert reader.state == "bad"
    assert "Mã băm gốc KHÔNG trùng" in reader.text("#paper-answer")


def test_half_a_fingerprint_is_asked_for_again(reader, package):
    reader.check(package)
    reader.compare("B3A1 77")
    assert reader.state == "good"
    assert "Chưa đọc được" in reader.text("#paper-answer")


def test_a_changed_package_stays_red_though_its_key_matches(reader, package, tmp_path):
    reader.check(flipped(package, tmp_path, content_at(infos(package)[FIRST_CLIP])))
    reader.compare(KEY.public_key.fingerprint)
    assert (reader.state, reader.title) == ("bad", "Gói KHÔNG còn nguyên vẹn")


def test_a_signature_whose_number_was_written_otherwise_is_refused(reader, unpacked):
    """S + L signs the same (RFC 8032 §8.4): accepted, a package would have two valid forms."""
    path = unpacked / "SHA256SUMS.minisig"
    found = Signature.parse(path.read_text(), subject=SUBJECT)
    order = 2**252 + 27742317777372353535851937790883648493
    number = int.from_bytes(found.signature[32:], "little") + order
    other = Signature(
        found.key_id,
        found.signature[:32] + number.to_bytes(32, "little"),
        found.trusted_comment,
        found.global_signature,
        found.subject,
    )
    path.write_text(other.text())
    reader.check(unpacked)
    assert (reader.state, reader.findings) == ("bad", ["SHA256SUMS.minisig"])


def test_facts_are_shown_as_the_minutes_print_them(reader, package):
    reader.check(package)
    facts = reader.text("#facts")
    for words in (
        "Công an xã Bình An",
        "0001/2026/X99001 · Trộm cắp tài sản",
        "Trần Minh Quang",
        "mất kết nối với camera",
    ):
        assert words in facts
    assert "chậm 1,250 giây" in reader.text("#clip-list")


def test_a_clip_plays_from_its_mark_by_keyboard(reader, package):
    reader.check(package)
    reader.page.locator(".clip").first.press("Enter")
    reader.wait_until("document.getElementById('video').readyState >= 2")
    reader.page.locator("#from-mark").press("Enter")
    reader.wait_until("document.getElementById('video').currentTime > 0.3")
    assert reader.text("#clock").startswith("22/11/2026 02:00:00,")
    assert reader.text("#player-trouble") == ""


def test_a_clip_that_this_browser_cannot_play_can_be_saved(reader, tmp_path):
    content = b"\0\0\0\x10moov\0\0\0\x08free"
    reader.check(make_package(tmp_path / "la.zip", [clip(content=content)]))
    assert reader.state == "good"
    reader.page.locator(".clip").click()
    reader.wait_until("document.getElementById('player-trouble').textContent !== ''")
    assert "không phát được đoạn hình" in reader.text("#player-trouble")
    with reader.page.expect_download() as download:
        reader.page.click("#save-clip")
    assert (download.value.suggested_filename, download.value.path().read_bytes()) == (
        FIRST_CLIP.split("/")[-1],
        content,
    )


def test_no_name_in_a_package_is_read_as_markup(reader, package, tmp_path):
    path = tmp_path / "them.zip"
    path.write_bytes(package.read_bytes())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("<img src=x onerror=alert(1)>", b"x")
    reader.check(path)
    assert "<img src=x onerror=alert(1)>" in reader.findings
    assert reader.run("document.images.length") == 0


@pytest.mark.parametrize(("look", "size"), [("light", SCREEN), ("dark", SCREEN), ("light", PHONE)])
def test_the_page_fits_and_reads_well(chromium, page_file, package, tmp_path, look, size):
    with opened(chromium, page_file, size, color_scheme=look) as reader:
        reader.screenshot(f"chon-{look}")
        reader.check(package)
        reader.screenshot(f"nguyen-ven-{look}")
        reader.compare(seal_of(package))
        reader.page.locator(".clip").first.click()
        reader.wait_until("document.getElementById('video').readyState >= 2")
        reader.screenshot(f"khop-{look}")
        widths = [reader.overflow_px()]
        reader.check(flipped(package, tmp_path, content_at(infos(package)[FIRST_CLIP]), 10))
        reader.screenshot(f"sai-{look}")
        assert [*widths, reader.overflow_px()] == [0, 0]
