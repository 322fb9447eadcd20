"""The page with packages larger than memory, and with numbers larger than 32 bits."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from binhyen.contracts import Instant
from binhyen.modules.footage.evidence.container import DosTime, Entry, layout
from binhyen.modules.footage.evidence.tests.making import START, clip, make_package, small_mp4
from binhyen.modules.footage.evidence.tests.viewing import SCREEN, opened, written_page

pytestmark = pytest.mark.browser

MIB = 1 << 20
LARGE = [
    Entry("clips/BA-T1-01/a.mp4", 5 << 30, 0xDEAD_BEEF),
    Entry("clips/BA-T1-02/b.mp4", 3, 1),
    Entry("manifest.json", 0xFFFF_FFFF, 2),
    Entry("minisign.pub", 0xFFFF_FFFE, 3),
    Entry("SHA256SUMS", 0, 0),
]
ASK_FOR_FRAMES = """([entries, us]) => {
    const frames = containerLayout(entries, dosStamp(us));
    return [frames[frames.length - 1].offset, toHex(sha256(joinBytes(frames.map(({ bytes }) => bytes))))];
}"""
READ = """async () => {
    const { shift, entries } = await readContainer(document.getElementById("raw").files[0]);
    return [shift, entries.map(({ name, size, crc }) => [name, size, crc])];
}"""


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    return written_page(tmp_path_factory.mktemp("trang"))


@pytest.fixture
def reader(chromium, page_file):
    with opened(chromium, page_file, SCREEN) as found:
        yield found


def as_json(entries):
    return [{"name": each.name, "size": each.size, "crc": each.crc32} for each in entries]


def frames_of(entries, us):
    """The last offset, and the SHA-256 of all headers."""
    frames = layout(entries, DosTime.at(Instant(us)))
    return [frames[-1].offset, hashlib.sha256(b"".join(frame.content for frame in frames)).hexdigest()]


@pytest.mark.parametrize("us", [START, START + 1_999_999, 0, -1])
def test_the_page_lays_out_bytes_as_the_maker_does(reader, us):
    for entries in (LARGE, LARGE[1:], []):
        assert reader.run(ASK_FOR_FRAMES, [as_json(entries), us]) == frames_of(entries, us)


def test_the_page_lays_out_more_entries_than_fit_in_sixteen_bits(reader):
    script = f"""(us) => ({ASK_FOR_FRAMES})([
        Array.from({{ length: 65535 }}, (_, n) => ({{ name: `clips/C-${{n}}/x.mp4`, size: n, crc: n }})), us])"""
    many = [Entry(f"clips/C-{n}/x.mp4", n, n) for n in range(65535)]
    assert reader.run(script, START) == frames_of(many, START)


def test_a_directory_beyond_four_gibibytes_is_read(reader, tmp_path):
    path = tmp_path / "lon.zip"
    with path.open("wb") as file:  # all holes but the headers
        for frame in layout(LARGE, DosTime.at(START)):
            file.seek(frame.offset)
            file.write(frame.content)
    reader.run("document.body.append(make('input', { type: 'file', id: 'raw' }))")
    reader.page.set_input_files("#raw", path)
    assert reader.run(READ) == [0, [[each.name, each.size, each.crc32] for each in LARGE]]


def test_a_check_can_be_stopped(reader, tmp_path):
    package = make_package(tmp_path / "goi.zip")
    reader.run(
        "new MutationObserver(() => element('cancel').click())"
        ".observe(element('progress'), { attributes: true, attributeFilter: ['value'] })"
    )
    reader.page.set_input_files("#zip-input", package)
    reader.page.wait_for_selector("#pick:not([hidden])")
    assert reader.state == "idle"


def resident_mib(chromium) -> int:
    """The most that any page process has held so far."""
    session = chromium.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    statuses = [Path(f"/proc/{each['id']}/status") for each in processes if each["type"] == "renderer"]
    lines = [line for status in statuses if status.exists() for line in status.read_text().splitlines()]
    return max(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_T06_memory_stays_flat_while_a_package_of_600_mib_is_checked(chromium, reader, tmp_path):
    size = 600 * MIB
    block = hashlib.shake_128(b"footage").digest(MIB)

    def content():
        yield small_mp4()
        yield (size + 8).to_bytes(4, "big") + b"free"
        for _ in range(600):
            yield block

    reader.check(make_package(tmp_path / "nho.zip"))
    before = resident_mib(chromium)
    package = make_package(tmp_path / "lon.zip", [replace(clip(), content=content)])
    reader.check(package, timeout_s=240)
    assert (reader.state, reader.findings) == ("good", [])
    assert resident_mib(chromium) - before < 150
