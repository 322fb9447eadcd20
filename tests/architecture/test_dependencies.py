"""S11: what the product brings along is fixed by hashes, under licences that allow it, compared with known faults."""

import json
import re
import zipfile
from datetime import UTC, datetime
from importlib.metadata import version

import pytest

from tests.architecture.house import ROOT
from tests.architecture.licences import browser_packages, is_installed, may_be_shipped, page, pinned, python_packages
from tests.architecture.vulnerabilities import UnusableCopy, check, locked, main, within

LOCKS = ("requirements.lock", "requirements-test.lock")
AT = datetime(2026, 11, 27, tzinfo=UTC)


@pytest.mark.parametrize("lock", LOCKS)
def test_S11_every_locked_package_has_one_version_and_hashes(lock):
    logical = (ROOT / lock).read_text().replace("\\\n", " ").splitlines()
    lines = [line for line in logical if line.strip() and not line.lstrip().startswith("#")]
    loose = [line[:60] for line in lines if not re.match(r"[\w.-]+==[\w.+!-]+ .*--hash=sha256:[0-9a-f]{64}", line)]
    assert (len(lines) > 50, loose) == (True, [])
    assert "--no-deps --require-hashes" in (ROOT / "script/setup").read_text()


def test_S11_every_library_of_browsers_has_a_hash():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    loose = [name for name, each in packages.items() if name and not each.get("integrity", "").startswith("sha512-")]
    assert (len(packages) > 5, loose) == (True, [])


def test_S11_what_is_installed_is_what_is_locked():
    differing = {name: (wanted, version(name)) for name, wanted in pinned(LOCKS[1]).items()
                 if is_installed(name) and version(name) != wanted}  # fmt: skip
    assert differing == {}


def test_S11_every_licence_is_known_and_permitted():
    every = [*python_packages(), *browser_packages()]
    unknown = {each.name: each.licence for each in every if not may_be_shipped(each.licence)}
    assert unknown == {}, "read the licence; PERMITTED or READ_BY_A_PERSON in tests/architecture/licences.py"


@pytest.mark.parametrize(
    ("licence", "may"),
    [("MIT", True), ("GPL-3.0-only", False), ("MIT OR GPL-2.0-only", True), ("MIT AND GPL-2.0-only", False),
     ("AGPL-3.0-only", False), ("unknown", False), ("(MIT OR Apache-2.0) AND BSD-3-Clause", True)],
)  # fmt: skip
def test_S11_a_licence_that_asks_for_more_is_not_permitted(licence, may):
    assert may_be_shipped(licence) is may


def test_S11_the_list_of_licences_is_the_one_that_is_shipped():
    assert (ROOT / "docs/licences.md").read_text() == page(), "python -m tests.architecture.licences > docs/licences.md"


# --- known vulnerabilities: a made-up piece of the OSV database
def entry(name, events, ecosystem="PyPI", **more):
    ranges = [{"type": "ECOSYSTEM" if ecosystem == "PyPI" else "SEMVER", "events": events}]
    affected = [{"package": {"ecosystem": ecosystem, "name": name}, "ranges": ranges, **more.pop("affected", {})}]
    return {
        "id": f"TEST-{name}",
        "modified": "2026-11-20T00:00:00Z",
        "summary": "made up",
        "affected": affected,
        **more,
    }


PACKAGES = [("PyPI", "django-ninja", "1.7.1"), ("PyPI", "av", "18.1.0"), ("npm", "hls.js", "1.6.2")]
KNOWN = [
    entry("Django_Ninja", [{"introduced": "0"}, {"fixed": "1.7.2"}]),
    entry("av", [{"introduced": "0"}, {"fixed": "18.1.0"}]),
    entry("hls.js", [{"introduced": "1.6.0"}, {"last_affected": "1.6.2"}], "npm"),
    entry("av", [{"introduced": "0"}], withdrawn="2026-11-01T00:00:00Z"),
    entry("hls.js", [{"introduced": "0"}], "PyPI"),
]


@pytest.fixture(params=["zip", "folder"])
def copy(request, tmp_path):
    if request.param == "folder":
        for number, each in enumerate(KNOWN):
            (tmp_path / f"{number}.json").write_text(json.dumps(each))
        return tmp_path
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for number, each in enumerate(KNOWN):
            archive.writestr(f"{number}.json", json.dumps(each))
    return tmp_path / "all.zip"


def test_S11_locked_packages_with_a_known_vulnerability_are_named_without_a_network(copy):
    found = check([copy], PACKAGES, at=AT)
    assert sorted((each.package, each.version, each.fixed) for each in found) == [
        ("django-ninja", "1.7.1", ("1.7.2",)),
        ("hls.js", "1.6.2", ()),
    ]


def test_S11_a_version_that_is_listed_is_found_where_no_range_tells(tmp_path):
    listed = entry("av", [], affected={"versions": ["18.1.0"], "ranges": []})
    (tmp_path / "a.json").write_text(json.dumps(listed))
    assert [each.package for each in check([tmp_path], PACKAGES, at=AT)] == ["av"]


@pytest.mark.parametrize(
    ("version_asked", "inside"),
    [("0.9", False), ("1.0", True), ("1.5", False), ("2.0", True), ("2.4", True), ("2.5", False)],
)
def test_S11_ranges_are_read_in_the_order_of_versions(version_asked, inside):
    events = [{"introduced": "2.0"}, {"last_affected": "2.4"}, {"fixed": "1.5"}, {"introduced": "1.0"}]
    assert within(events, version_asked) is inside


def test_S11_a_copy_that_is_old_empty_or_damaged_says_so(tmp_path, copy, capsys):
    with pytest.raises(UnusableCopy, match="bring a newer one"):
        check([copy], PACKAGES, at=datetime(2027, 3, 1, tzinfo=UTC))
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(UnusableCopy, match="no entry"):
        check([empty], PACKAGES, at=AT)
    (empty / "x.zip").write_bytes(b"PK")
    assert main([str(empty)]) == 2
    assert "cannot be read" in capsys.readouterr().err
    assert main([]) == 2


def test_S11_the_lock_files_are_what_is_compared(tmp_path, capsys, monkeypatch):
    versions = {(ecosystem, name): version for ecosystem, name, version in locked()}
    assert ("npm", "hls.js") in versions
    name, newest = "django", datetime.now(UTC).isoformat()
    (tmp_path / "x.json").write_text(json.dumps(entry(name, [{"introduced": "0"}]) | {"modified": newest}))
    assert main([str(tmp_path)]) == 1
    assert f"django {versions['PyPI', 'django']}: TEST-django" in capsys.readouterr().out
