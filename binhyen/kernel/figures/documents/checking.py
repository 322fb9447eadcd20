"""Runs inside the sandbox: the text of a document and what the figure checker finds in it.

The answer is one byte, b"F" and JSON {text, findings}, or b"R" and the refusal in UTF-8.
"""

import json

from binhyen.kernel.figures.check import check_text
from binhyen.kernel.figures.documents import extract

_SAMPLE = "Công tác bo vệ an ninh cùa xã: tổng 3 vụ, gồm 1 vụ trộm cắp và 1 vụ khác, vượt 150 % kế hoạch."
"""Makes every check load what it needs: the damaged words make the word lists load."""


def examine(payload: bytes) -> bytes:
    """`payload` as for `extract.extract`: the name's ending, a zero byte, the file."""
    answer = extract.extract(payload)
    if answer[:1] != b"T":
        return answer
    text = answer[1:].decode()
    findings = [each.as_json() for each in check_text(text)]
    return b"F" + json.dumps({"text": text, "findings": findings}, ensure_ascii=False).encode()


def rehearse() -> None:
    """Load now what could not be loaded later."""
    extract.rehearse()
    check_text(_SAMPLE)
