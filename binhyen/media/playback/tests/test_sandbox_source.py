"""S10 for what is too large to hand over: the child reads it through a socket, and can reach nothing else."""

import os
import time

import pytest

from binhyen.sandbox import MIB, Bounds, SandboxError, Source, run_on_source

HERE = "binhyen.media.playback.tests.misdeeds"


def source_of(content: bytes) -> Source:
    return Source(len(content), lambda offset, most: content[offset : offset + most])


def outcome(work: str, source: Source, asked: dict, **bounds) -> bytes:
    taken: list[bytes] = []
    run_on_source(f"{HERE}:{work}", source, asked, take=taken.append, bounds=Bounds(**bounds))
    return b"".join(taken)


def test_S10_the_child_reads_where_it_wants():
    content = os.urandom(3 * MIB + 17)
    assert outcome("backwards", source_of(content), {"step": 2 * MIB}) == content[::-1]


@pytest.mark.parametrize("misdeed", ["open_socket", "read_file", "write_file", "start_process", "listen"])
def test_S10_a_child_that_reads_through_a_socket_reaches_nothing_else(misdeed):
    with pytest.raises(SandboxError, match="Không xử lý được tệp"):
        outcome("on_source", source_of(b"x"), {"misdeed": misdeed})


def test_S10_too_much_memory_time_or_output_ends_it():
    with pytest.raises(SandboxError, match="hết bộ nhớ"):
        outcome("on_source", source_of(b"x"), {"misdeed": "take_memory"}, memory_mib=64)
    with pytest.raises(SandboxError, match="quá 1 giây"):
        outcome("on_source", source_of(b"x"), {"misdeed": "sleep"}, wall_s=1.0)
    with pytest.raises(SandboxError, match="lớn hơn 1 MiB"):
        outcome("on_source", source_of(b"x"), {"misdeed": "flood"}, output_bytes=MIB)
    began = time.monotonic()
    with pytest.raises(SandboxError):
        outcome("on_source", source_of(b"x"), {"misdeed": "spin"}, cpu_s=1, wall_s=20)
    assert time.monotonic() - began < 10


def test_S10_what_the_source_cannot_read_reaches_the_caller():
    def broken(offset: int, most: int) -> bytes:
        raise LookupError("changed on the disk")

    with pytest.raises(LookupError, match="changed on the disk"):
        outcome("backwards", Source(100, broken), {"step": 10})


def test_S10_what_takes_the_result_may_stop_it():
    def full(_: bytes) -> None:
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        run_on_source(f"{HERE}:backwards", source_of(os.urandom(MIB)), {"step": 1000}, take=full)
