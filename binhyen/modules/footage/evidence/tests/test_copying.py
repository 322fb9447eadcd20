"""How clips are copied into a package: memory that is used again, and flushing beside the writing."""

import errno
import os
import struct
import tracemalloc
from dataclasses import replace

import pytest

from binhyen.modules.footage.evidence import Buffers, EvidenceError, build_package, verify_package
from binhyen.modules.footage.evidence.copying import CHUNKS_KEPT
from binhyen.modules.footage.evidence.tests.making import KEY, FixedClock, clip, facts, make_package, small_mp4

MIB = 1 << 20


def in_chunks(content, size):
    """`content` through memory that is used again."""
    buffers = Buffers()
    for at in range(0, len(content), size):
        part = content[at : at + size]
        chunk = buffers(len(part))
        chunk[:] = part
        yield chunk


def padded_mp4(mib):
    """A whole clip, with so much free space in chunks of a MiB behind it."""
    buffers = Buffers()
    yield small_mp4()
    for _ in range(mib):
        chunk = buffers(MIB)
        struct.pack_into(">I4s", chunk, 0, MIB, b"free")
        yield chunk


def test_memory_is_given_again_only_after_as_many_more_chunks_as_may_wait():
    buffers = Buffers()
    given = [buffers(size) for size in (5, *[9] * CHUNKS_KEPT)]
    for number, chunk in enumerate(given[1:]):
        chunk[:] = bytes([number]) * 9
    assert [bytes(chunk) for chunk in given[1:]] == [bytes([number]) * 9 for number in range(CHUNKS_KEPT)]
    assert buffers(3).obj is given[1].obj


def test_a_clip_from_memory_that_is_used_again_is_the_clip(tmp_path):
    whole = make_package(tmp_path / "whole.zip", [clip()])
    again = replace(clip(), content=lambda: in_chunks(small_mp4(), 37))
    assert make_package(tmp_path / "again.zip", [again]).read_bytes() == whole.read_bytes()


def test_packing_takes_no_more_memory_for_a_longer_clip(tmp_path):
    make_package(tmp_path / "warm.zip")
    peaks = []
    for mib in (16, 96):
        tracemalloc.start()
        make_package(tmp_path / f"{mib}.zip", [replace(clip(), content=lambda mib=mib: padded_mp4(mib))])
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + MIB
    assert verify_package(tmp_path / "96.zip").findings == ()


@pytest.fixture
def failing_disk(monkeypatch):
    """A disk that takes what is written and fails to keep it; the kernel says so once."""
    answers = [OSError(errno.EIO, "Input/output error")]

    def fdatasync(_):
        if answers:
            raise answers.pop()

    monkeypatch.setattr("binhyen.modules.footage.evidence.copying._FLUSH_EVERY_BYTES", 1)
    monkeypatch.setattr(os, "fdatasync", fdatasync)


def test_a_flush_that_failed_beside_the_writing_leaves_no_package(tmp_path, failing_disk):
    out = tmp_path / "package.zip"
    with pytest.raises(EvidenceError, match="Input/output error"):
        build_package(out, facts(), [clip()], signer=KEY, clock=FixedClock())
    assert list(tmp_path.iterdir()) == []
