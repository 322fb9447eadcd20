"""The minutes as they come out of the printer; `pdftotext` (poppler) reads them back."""

import shutil
import subprocess
import zipfile
from dataclasses import replace

import pytest

from binhyen.contracts import Instant
from binhyen.modules.footage.evidence import Person, build_package
from binhyen.modules.footage.evidence.manifest import Moment
from binhyen.modules.footage.evidence.minutes import clock_words, offset_words, size_words
from binhyen.modules.footage.evidence.seal import grouped
from binhyen.modules.footage.evidence.tests.making import KEY, START, FixedClock, clip, facts

A4_POINTS = "595.276 x 841.89"


def minutes_of(folder, the_facts, clips):
    path = folder / "goi.zip"
    build_package(path, the_facts, clips, signer=KEY, clock=FixedClock())
    with zipfile.ZipFile(path) as archive:
        return archive.extract("bien-ban.pdf", folder)


def printed(pdf) -> list[str]:
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    text = subprocess.run([program, "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout
    return [" ".join(line.split()) for line in text.splitlines()]


@pytest.fixture(scope="module")
def lines(tmp_path_factory):
    return printed(minutes_of(tmp_path_factory.mktemp("giay"), facts(), [clip(), clip("BA-T1-02", 160)]))


def test_the_head_is_that_of_an_official_paper(lines):
    assert lines[:3] == [
        "CÔNG AN TỈNH BÌNH YÊN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "CÔNG AN XÃ BÌNH AN Độc lập - Tự do - Hạnh phúc",
        "Số: 01/BB-BA Bình An, ngày 22 tháng 11 năm 2026",
    ]


def test_the_paper_names_key_package_and_every_clips_hash(lines):
    text = "\n".join(lines)
    assert f"Mã gói: {facts().package_id}" in text
    assert grouped(KEY.public_key.fingerprint) in text
    assert text.count("SHA-256 ") == 3  # two clips, and the word before the root hash


def test_both_sides_find_a_place_to_sign(lines):
    assert "NGƯỜI NHẬN NGƯỜI GIAO" in lines
    assert lines.count("(Ký, ghi rõ họ tên) (Ký, ghi rõ họ tên)") == 1


def test_names_are_never_read_as_markup(tmp_path):
    hostile = replace(facts(), recipient=Person('#strong[Nguyễn] $x$ "', "*đậm*", "@nguồn"))
    text = "\n".join(printed(minutes_of(tmp_path, hostile, [clip()])))
    for words in ('#strong[Nguyễn] $x$ "', "*đậm*", "@nguồn"):
        assert words in text


def test_many_clips_with_long_names_stay_on_a4(tmp_path):
    name = "Camera ngã tư đường Nguyễn Thị Minh Khai và đường Cách mạng tháng Tám"
    clips = [replace(clip("TP-NGUYEN-THI-MINH-KHAI-T1-001", after_s=30 * n), camera_name=name) for n in range(30)]
    pdf = minutes_of(tmp_path, facts(), clips)
    text = " ".join(printed(pdf))
    assert text.count("10 khung") == 30
    about = subprocess.run(["pdfinfo", pdf], check=True, capture_output=True, text=True).stdout
    assert f"Page size:       {A4_POINTS} pts (A4)" in about


def test_numbers_are_written_as_vietnamese_readers_do():
    found = [size_words(999), size_words(1_900), size_words(12_345_678), offset_words(-1_250_000), offset_words(None)]
    assert found == ["999 byte", "1,9 KB", "12,3 MB", "chậm 1,250 giây", "chưa đo được"]
    assert clock_words(Moment.at(Instant(START + 250_000))) == "22/11/2026 02:00:00,250"
