"""S10: untrusted bytes are worked on in a child that can do nothing else."""

import asyncio
import os
import time

import psutil
import pytest

from binhyen.sandbox import Bounds, SandboxError, run_bounded

HERE = "binhyen.media.playback.tests.misdeeds"


def outcome(work: str, payload: bytes = b"", **bounds) -> str:
    try:
        return asyncio.run(run_bounded(f"{HERE}:{work}", payload, bounds=Bounds(**bounds))).decode()
    except SandboxError as error:
        return f"refused: {error}"


def test_S10_the_child_gives_its_result_back():
    assert outcome("reverse", b"abc") == "cba"


def test_S10_megabytes_pass_both_ways():
    payload = os.urandom(8_000_000)
    assert asyncio.run(run_bounded(f"{HERE}:reverse", payload)) == payload[::-1]


@pytest.mark.parametrize("misdeed", ["open_socket", "read_file", "write_file", "start_process", "listen"])
def test_S10_the_child_can_reach_nothing(misdeed):
    assert outcome(misdeed).startswith("refused: Không xử lý được tệp:")


def test_S10_too_much_memory_ends_the_child():
    assert outcome("take_memory", memory_mib=64) == "refused: Không xử lý được tệp: hết bộ nhớ cho phép"


def test_S10_too_much_processor_time_ends_the_child():
    started = time.monotonic()
    assert outcome("spin", cpu_s=1, wall_s=20).startswith("refused")
    assert time.monotonic() - started < 10


def test_S10_a_child_that_sleeps_is_ended_by_the_clock():
    assert outcome("sleep", wall_s=1.0) == "refused: Xử lý tệp quá 1 giây nên đã dừng."


def test_S10_too_much_output_is_thrown_away():
    assert outcome("flood", output_bytes=1024 * 1024) == "refused: Kết quả xử lý tệp lớn hơn 1 MiB nên đã bỏ."


def test_S10_a_child_that_crashes_is_a_sentence():
    assert outcome("crash").startswith("refused: Không xử lý được tệp: mã -")


def test_S10_a_child_that_ends_without_reading_is_no_trouble():
    assert outcome("leave", b"x" * 4_000_000).startswith("refused")


def test_S10_no_child_is_left_behind():
    outcome("sleep", wall_s=0.5)
    children = [child.cmdline() for child in psutil.Process().children()]
    assert not any("binhyen.sandbox" in arguments for arguments in children)


def test_S10_garbage_instead_of_video_is_refused_with_a_sentence():
    async def decode():
        await run_bounded("binhyen.media.playback.still:jpeg_at", b"\0" * 8 + os.urandom(4096))

    with pytest.raises(SandboxError, match="Không xử lý được tệp"):
        asyncio.run(decode())
