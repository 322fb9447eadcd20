import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from binhyen.__main__ import main
from binhyen.modules.footage.evidence import EvidenceError, KeyTrust, SecretKey, verify_package
from binhyen.modules.footage.evidence.tests.making import KEY, clip, make_package, small_mp4

OTHER_KEY = SecretKey.generate(bytes(range(100, 140)))


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    return make_package(tmp_path_factory.mktemp("goi") / "goi.zip")


@pytest.fixture(scope="module")
def unpacked(package, tmp_path_factory):
    folder = tmp_path_factory.mktemp("mo")
    with zipfile.ZipFile(package) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
    return folder


def changed(package, tmp_path, edit):
    content = bytearray(package.read_bytes())
    edited = edit(content)
    path = tmp_path / "sua.zip"
    path.write_bytes(content if edited is None else edited)
    return path


def test_a_package_is_whole_and_says_what_it_is(package):
    report = verify_package(package, expected_key=KEY.public_key)
    assert report.findings == ()
    assert (report.ok, report.trust, report.package_id) == (True, KeyTrust.EXPECTED, "5E6F-F01A-02E4-CA57")
    assert report.case_number == "0001/2026/X99001"
    assert verify_package(package).trust is KeyTrust.NOT_COMPARED


def test_the_same_facts_make_the_same_bytes(package, tmp_path):
    assert make_package(tmp_path / "again.zip").read_bytes() == package.read_bytes()


def test_an_unpacked_package_is_checked_too(unpacked):
    assert verify_package(unpacked).ok


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
def test_T06_sha256sum_accepts_the_package_and_names_a_changed_file(unpacked, tmp_path):
    copy = shutil.copytree(unpacked, tmp_path / "copy")
    check = ["sha256sum", "--strict", "--quiet", "-c", "SHA256SUMS"]
    assert subprocess.run(check, cwd=copy, check=False).returncode == 0
    for name in [line.split("  ")[1] for line in (copy / "SHA256SUMS").read_text().splitlines()]:
        content = bytearray((copy / name).read_bytes())
        content[len(content) // 2] ^= 1
        (copy / name).write_bytes(content)
        done = subprocess.run(check, cwd=copy, capture_output=True, text=True, check=False)
        assert (done.returncode, name in done.stdout) == (1, True)
        shutil.copy(unpacked / name, copy / name)


@pytest.mark.skipif(shutil.which("minisign") is None, reason="minisign is not installed")
def test_T06_minisign_accepts_the_signature_and_refuses_a_changed_list(unpacked, tmp_path):
    copy = shutil.copytree(unpacked, tmp_path / "copy")
    check = ["minisign", "-V", "-p", "minisign.pub", "-m", "SHA256SUMS"]
    assert subprocess.run(check, cwd=copy, capture_output=True, check=False).returncode == 0
    sums = copy / "SHA256SUMS"
    sums.write_text(sums.read_text().replace("a", "b", 1))
    assert subprocess.run(check, cwd=copy, capture_output=True, check=False).returncode != 0


def test_T06_any_bit_flipped_in_any_file_is_found_and_the_file_is_named(unpacked, tmp_path):
    copy = shutil.copytree(unpacked, tmp_path / "copy")
    for path in sorted(p for p in copy.rglob("*") if p.is_file()):
        name, content = path.relative_to(copy).as_posix(), path.read_bytes()
        for position in {0, len(content) // 3, len(content) // 2, len(content) - 1}:
            flipped = bytearray(content)
            flipped[position] ^= 1 << position % 8
            path.write_bytes(flipped)
            report = verify_package(copy)
            assert not report.ok
            assert name in {finding.file for finding in report.findings}, (name, position, report.findings)
        path.write_bytes(content)
    assert verify_package(copy).ok


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_T06_any_bit_flipped_anywhere_in_the_zip_is_found(package, tmp_path, place, bit):
    def flip(content):
        content[int(place * len(content))] ^= 1 << bit

    assert not verify_package(changed(package, tmp_path, flip)).ok


@pytest.mark.slow
def test_T06_every_byte_of_the_container_is_covered(package, tmp_path):
    content = package.read_bytes()
    with zipfile.ZipFile(package) as archive:
        covered = [(info.header_offset, info.header_offset + 200) for info in archive.infolist()]
    places = [at for start, end in [*covered, (len(content) - 2000, len(content))] for at in range(start, end)]
    for at in places:
        flipped = bytearray(content)
        flipped[at] ^= 0x10
        path = tmp_path / "flip.zip"
        path.write_bytes(flipped)
        assert not verify_package(path).ok, at


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda c: c + b"x", "thừa 1 byte"),
        (lambda c: b"x" + c, "thừa 1 byte"),
        (lambda c: c[:-1], ""),
        (lambda c: b"", ""),
        (lambda c: b"PK" * 500, ""),
    ],
    ids=["appended", "prepended", "cut", "empty", "nonsense"],
)
def test_T06_a_zip_with_more_or_less_is_refused_in_words(package, tmp_path, edit, words):
    report = verify_package(changed(package, tmp_path, edit))
    assert not report.ok
    assert words in " ".join(finding.message for finding in report.findings)


def test_T06_an_added_file_is_named(unpacked, tmp_path):
    copy = shutil.copytree(unpacked, tmp_path / "copy")
    (copy / "clips" / "them.mp4").write_bytes(small_mp4())
    assert "clips/them.mp4 không có trong danh sách" in str(verify_package(copy).findings)


def test_T06_a_removed_file_is_named(unpacked, tmp_path):
    copy = shutil.copytree(unpacked, tmp_path / "copy")
    (copy / "bien-ban.pdf").unlink()
    assert "Thiếu tệp bien-ban.pdf" in str(verify_package(copy).findings)


def test_T06_a_package_signed_anew_by_another_is_whole_but_not_by_the_expected_key(tmp_path):
    forged = make_package(tmp_path / "gia.zip", key=OTHER_KEY)
    report = verify_package(forged, expected_key=KEY.public_key)
    assert (report.ok, report.trust) == (False, KeyTrust.OTHER)
    assert verify_package(forged).ok


def test_a_zip_rewritten_by_another_program_is_told_from_the_one_that_was_made(unpacked, tmp_path):
    path = tmp_path / "lai.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for each in sorted(p for p in unpacked.rglob("*") if p.is_file()):
            archive.write(each, each.relative_to(unpacked).as_posix())
    report = verify_package(path)
    assert not report.ok
    assert {finding.code for finding in report.findings} == {"container"}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_S09_a_damaged_package_never_crashes_the_verifier(package, tmp_path, data):
    content = bytearray(package.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(max(0, len(content) - 3000), len(content) - 1))
        size = data.draw(st.integers(1, 8))
        content[at : at + size] = data.draw(st.binary(max_size=12))
    path = tmp_path / "hong.zip"
    path.write_bytes(content)
    assert verify_package(path).ok is (bytes(content) == package.read_bytes())


def test_S06_a_directory_that_claims_the_impossible_is_refused_quickly(package, tmp_path):
    content = bytearray(package.read_bytes())
    content[-10:-6] = b"\xff\xff\xff\x7f"  # the size of the directory
    path = tmp_path / "bom.zip"
    path.write_bytes(content)
    report = verify_package(path)
    assert (report.ok, report.readable) == (False, False)


@pytest.mark.parametrize("content", [b"", small_mp4()[:-5], b"not an mp4 at all"])
def test_a_clip_that_is_not_whole_makes_no_package(tmp_path, content):
    with pytest.raises(EvidenceError):
        make_package(tmp_path / "goi.zip", [clip(content=content)])
    assert list(tmp_path.iterdir()) == []


def test_no_clip_makes_no_package(tmp_path):
    with pytest.raises(EvidenceError, match="Không có đoạn hình nào"):
        make_package(tmp_path / "goi.zip", [])


def test_the_command_says_it_in_words_and_in_json(package, unpacked, tmp_path, capsys):
    assert main(["evidence", "verify", str(package)]) == 0
    assert "NGUYÊN VẸN" in capsys.readouterr().out
    assert main(["evidence", "verify", str(package), "--json", "--public-key", KEY.public_key.base64]) == 0
    assert json.loads(capsys.readouterr().out)["trust"] == "expected"
    copy = shutil.copytree(unpacked, tmp_path / "copy")
    (copy / "manifest.json").write_text("{}")
    assert main(["evidence", "verify", str(copy)]) == 1
    assert "manifest.json đã bị thay đổi" in capsys.readouterr().out
    assert main(["evidence", "verify", str(tmp_path / "none.zip")]) == 2
    assert main(["evidence", "verify", str(Path(__file__))]) == 2
    assert main(["evidence", "verify", str(package), "--public-key", "xyz"]) == 2
