"""Packages changed, and signed again by who holds a key: page and command both find what contradicts itself."""

import hashlib
import json
import shutil
import zipfile
from pathlib import Path

import pytest

from binhyen.kernel.signing.minisign import Signature, sign_file
from binhyen.modules.footage.evidence import SecretKey, verify_package
from binhyen.modules.footage.evidence.package import SUBJECT, sums_text
from binhyen.modules.footage.evidence.tests.making import KEY, make_package
from binhyen.modules.footage.evidence.tests.viewing import SCREEN, opened, written_page

pytestmark = pytest.mark.browser

OTHER_KEY = SecretKey.generate(bytes(range(100, 140)))
CLIP = "clips/BA-T1-01/20261122-020000-1.mp4"
SUMS, SIGNATURE = "SHA256SUMS", "SHA256SUMS.minisig"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("goi")
    with zipfile.ZipFile(make_package(folder / "goi.zip")) as archive:
        archive.extractall(folder / "mo")
    return folder / "mo"


@pytest.fixture(scope="module")
def reader(chromium, tmp_path_factory):
    with opened(chromium, written_page(tmp_path_factory.mktemp("trang")), SCREEN) as found:
        yield found


@pytest.fixture
def folder(whole, tmp_path):
    return shutil.copytree(whole, tmp_path / "goi")


def sign_again(folder: Path, key: SecretKey = KEY, comment: str | None = None) -> None:
    """List and sign what is there now, with a comment that fits it unless another is given."""
    names = [line.split("  ")[1] for line in (folder / SUMS).read_text().splitlines()]
    sums = sums_text((name, hashlib.sha256((folder / name).read_bytes()).hexdigest()) for name in names)
    (folder / SUMS).write_text(sums)
    root = hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()
    before = Signature.parse((folder / SIGNATURE).read_text(), subject=SUBJECT).trusted_comment.split(" ")
    fitting = " ".join([before[0], before[1], f"manifest={root}", before[3]])
    signed = sign_file(sums.encode(), subject=SUBJECT, trusted_comment=comment or fitting, signer=key)
    (folder / SIGNATURE).write_text(signed.text())


def edit_manifest(folder: Path, change) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    change(manifest)
    path.write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")


def verdicts(reader, folder: Path) -> tuple[str, bool]:
    reader.check(folder)
    return reader.state, verify_package(folder).ok


def test_what_was_signed_again_without_a_change_is_whole(reader, folder):
    sign_again(folder)
    assert verdicts(reader, folder) == ("good", True)


def test_a_clip_that_the_manifest_does_not_describe_is_found(reader, folder):
    (folder / CLIP).write_bytes((folder / CLIP).read_bytes() + b"\0\0\0\x08free")
    sign_again(folder)
    assert verdicts(reader, folder) == ("bad", False)
    assert reader.findings == [CLIP]


@pytest.mark.parametrize("change", [
    lambda manifest: manifest.update(more="x"),
    lambda manifest: manifest.pop("place"),
    lambda manifest: manifest.update(schema="binhyen-evidence/2"),
    lambda manifest: manifest["made_at"].update(local="2026-11-22T03:00:01.000000+07:00"),
    lambda manifest: manifest["made_at"].update(us=10**17),
    lambda manifest: manifest["clips"][0].update(frames="10"),
    lambda manifest: manifest["clips"][0].update(frames=True),
    lambda manifest: manifest["clips"][0]["gaps"][0].update(reason="none"),
    lambda manifest: manifest["clips"].pop(),
    lambda manifest: manifest["key"].update(fingerprint="00" * 16),
    lambda manifest: manifest.update(clips=None),
])  # fmt: skip
def test_a_manifest_that_is_not_of_the_form_is_found(reader, folder, change):
    edit_manifest(folder, change)
    sign_again(folder)
    assert verdicts(reader, folder) == ("bad", False)


@pytest.mark.parametrize("write", [
    lambda text: text + "\n", lambda text: "\ufeff" + text, lambda text: text.replace('"place"', '"\\u0070lace"'),
    lambda text: text.replace('"place": "Bình An"', '"place": "x",\n "place": "Bình An"'), lambda text: "[" * 100_000,
    lambda text: "null\n",
])  # fmt: skip
def test_a_manifest_written_otherwise_is_found(reader, folder, write):
    path = folder / "manifest.json"
    path.write_text(write(path.read_text()))
    sign_again(folder)
    assert verdicts(reader, folder) == ("bad", False)


def test_the_signature_of_another_package_is_found(reader, folder):
    sign_again(folder, comment=f"binhyen-evidence/1 package=0000-0000-0000-0000 manifest={'0' * 64} made=x")
    assert verdicts(reader, folder) == ("bad", False)
    assert reader.findings == [SIGNATURE]


def test_another_key_beside_an_old_manifest_is_found(reader, folder):
    (folder / "minisign.pub").write_text(OTHER_KEY.public_key.text())
    sign_again(folder, key=OTHER_KEY)
    assert verdicts(reader, folder) == ("bad", False)
    assert reader.findings == ["minisign.pub"]


def test_a_replaced_key_file_is_told_from_a_false_signature(reader, folder):
    (folder / "minisign.pub").write_text(OTHER_KEY.public_key.text())
    assert verdicts(reader, folder) == ("bad", False)
    assert reader.findings == ["minisign.pub"]


@pytest.mark.parametrize("edit", [
    lambda lines: [lines[1], lines[0], *lines[2:]],
    lambda lines: [line.upper() if n == 0 else line for n, line in enumerate(lines)],
    lambda lines: [*lines, lines[0]],
    lambda lines: [line + "\r" for line in lines],
    lambda lines: lines[1:],
    lambda lines: ["", *lines],
])  # fmt: skip
def test_a_list_written_otherwise_is_blamed_alone(reader, folder, edit):
    path = folder / SUMS
    lines = path.read_text().splitlines()
    path.write_bytes("".join(f"{line}\n" for line in edit(lines)).encode())
    assert verdicts(reader, folder) == ("bad", False)
    assert reader.findings == [SUMS]


def test_beside_an_edited_list_a_file_that_was_added_is_still_named(reader, folder):
    (folder / "them.txt").write_text("thêm")
    digest = hashlib.sha256((folder / "them.txt").read_bytes()).hexdigest()
    (folder / SUMS).write_text((folder / SUMS).read_text() + f"{digest}  them.txt\n")
    assert verdicts(reader, folder) == ("bad", False)
    assert sorted(reader.findings) == [SUMS, "them.txt"]


@pytest.mark.parametrize("line", [0, 1, 2, 3])
def test_every_line_of_the_signature_counts(reader, folder, line):
    path = folder / SIGNATURE
    lines = path.read_text().splitlines()
    lines[line] = lines[line][:-6] + ("A" if lines[line][-6] != "A" else "B") + lines[line][-5:]
    path.write_text("\n".join(lines) + "\n")
    assert verdicts(reader, folder) == ("bad", False)
    assert reader.findings == [SIGNATURE]
