"""`binhyen figures check`, as a person types it."""

import json

import pytest

from binhyen.__main__ import main

WRONG = "Toàn huyện đã thu nhận 5.680 hồ sơ, gồm 2.366 hồ sơ trẻ nhỏ, 2.877 hồ sơ trẻ lớn và 438 hồ sơ của người lớn.\n"
RIGHT = WRONG.replace("5.680", "5.681")


@pytest.fixture
def report(tmp_path):
    def write(text):
        path = tmp_path / "bao-cao.txt"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def test_findings_are_one_json_object(report, capsys):
    assert main(["figures", "check", report(WRONG), "--json"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    sentence = finding.pop("sentence")
    assert finding == {"kind": "sum", "text": "5.680", "start": 23, "end": 28, "expected": "5.681", "found": "5.680"}
    assert sentence.startswith("Cộng các phần 2.366 + 2.877 + 438 được 5.681, nhưng tổng ghi là 5.680.")


def test_nothing_found_is_exit_status_0(report, capsys):
    assert main(["figures", "check", report(RIGHT), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"findings": []}


def test_a_person_reads_line_and_sentence(report, capsys):
    assert main(["figures", "check", report(f"Báo cáo nhanh trong tuần.\n{WRONG}")]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert (lines[0][:9], lines[-1]) == ("Dòng 2: C", "1 chỗ cần xem lại.")


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_file_that_is_not_there_is_exit_status_2(tmp_path, capsys, options):
    assert main(["figures", "check", str(tmp_path / "mất.txt"), *options]) == 2
    printed = capsys.readouterr()
    assert f"Không có tệp {tmp_path}/mất.txt. Hãy kiểm tra đường dẫn." in printed.out + printed.err


def test_a_file_that_is_no_text_is_exit_status_2(tmp_path, capsys):
    path = tmp_path / "ảnh.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    assert main(["figures", "check", str(path)]) == 2
    assert "không phải là văn bản" in capsys.readouterr().err
