import asyncio
import io
import json
import struct

from binhyen.contracts import Instant
from binhyen.media import fmp4
from binhyen.media.live import channel as channel_module
from binhyen.media.live.channel import Channel
from binhyen.media.live.viewer import BACKLOG_BYTES_MAX, Message, Viewer
from binhyen.media.playback.tests.pictures import parameter_sets, units

START = Instant(1_795_000_000_000_000)


def drained(viewer) -> list[Message]:
    return [asyncio.run(viewer.next()) for _ in range(len(viewer))]


def mp4_of(messages) -> bytes:
    return b"".join(message.payload[16:] for message in messages if isinstance(message.payload, bytes))


def fed(clip, count, *, code="CAM-001") -> Channel:
    channel = Channel(code, "main")
    channel.parameters(parameter_sets(clip))
    for unit in units(clip, start=START)[:count]:
        channel.access_unit(unit)
    return channel


def frame(number: int, size: int = 10, *, key: bool = False) -> Message:
    return Message.frame(b"x" * size, number / 15 + 1, 0.0, key=key)


def test_a_new_viewer_gets_description_init_segment_and_everything_since_the_last_key_frame(street):
    channel = fed(street, 40)
    messages = drained(channel.join())
    assert json.loads(messages[0].payload) == {"mime": 'video/mp4; codecs="avc1.42c016"', "width": 640, "height": 360}
    scanned = fmp4.scan(io.BytesIO(mp4_of(messages)))
    assert (len(scanned.fragments), scanned.trouble, scanned.fragments[0].key) == (10, "", True)


def test_each_frame_carries_its_media_time_and_arrival_time(street):
    channel = fed(street, 1)
    first = units(street, start=START)[0]
    message = drained(channel.join())[-1]
    media_time, arrived = struct.unpack("!dd", message.payload[:16])
    assert (media_time > 0, arrived) == (True, first.arrived_at / 1e6)


def test_all_viewers_share_one_message(street):
    channel = fed(street, 1)
    viewers = [channel.join() for _ in range(3)]
    channel.access_unit(units(street, start=START)[1])
    last = [drained(viewer)[-1] for viewer in viewers]
    assert last[0] is last[1] is last[2]


def test_frames_before_the_parameters_are_ignored(street):
    channel = Channel("CAM-001", "main")
    channel.access_unit(units(street, start=START)[0])
    assert drained(channel.join()) == []


def test_changed_parameters_begin_anew_for_everybody(street, small):
    channel = fed(street, 5)
    viewer = channel.join()
    channel.parameters(parameter_sets(small))
    messages = drained(viewer)
    assert [json.loads(m.payload)["width"] for m in messages if isinstance(m.payload, str)] == [320]
    assert len(messages) == 2


def test_the_same_parameters_again_disturb_nobody(street):
    channel = fed(street, 5)
    viewer = channel.join()
    before = len(drained(viewer))
    channel.parameters(parameter_sets(street))
    assert (before, drained(viewer)) == (7, [])


def test_an_end_is_told_once_and_the_stream_may_come_back(street):
    channel = fed(street, 5)
    viewer = channel.join()
    channel.ended("Mất kết nối với máy ghi")
    channel.ended("Mất kết nối với máy ghi")
    told = drained(viewer)
    assert [json.loads(m.payload) for m in told] == [{"error": "Mất kết nối với máy ghi", "code": "no_picture"}]
    channel.parameters(parameter_sets(street))
    assert json.loads(drained(viewer)[0].payload)["width"] == 640


def test_a_viewer_who_left_gets_nothing_more(street):
    channel = fed(street, 5)
    viewer = channel.join()
    drained(viewer)
    channel.leave(viewer)
    channel.access_unit(units(street, start=START)[5])
    assert drained(viewer) == []


def test_a_group_without_end_is_not_kept_for_ever(street, monkeypatch):
    monkeypatch.setattr(channel_module, "GOP_FRAMES_MAX", 10)
    channel = fed(street, 25)
    assert len(drained(channel.join())) == 2  # description and init segment: pictures from the next key frame on


def test_a_slow_viewer_goes_on_at_the_next_key_frame_and_is_told_how_much_it_missed():
    viewer = Viewer()
    viewer.catch_up([frame(0, key=True)])
    for number in range(1, 200):
        viewer.offer(frame(number, key=number % 100 == 0))
    messages = drained(viewer)
    keys = [n for n, m in enumerate(messages) if m.key]
    skipped = [json.loads(m.payload)["skipped"] for m in messages if isinstance(m.payload, str)]
    assert (skipped, len(keys), messages[keys[0]].media_time_s) == ([100], 1, 100 / 15 + 1)
    assert viewer.skipped_total == 100


def test_what_waits_for_a_viewer_is_bounded_in_bytes():
    viewer = Viewer()
    viewer.catch_up([frame(0, key=True)])
    for number in range(1, 40):
        viewer.offer(frame(number, 1024 * 1024))
    assert viewer.backlog_bytes <= BACKLOG_BYTES_MAX


def test_a_viewer_waits_for_what_has_not_come_yet():
    async def wait():
        viewer = Viewer()
        waiting = asyncio.create_task(viewer.next())
        await asyncio.sleep(0.01)
        viewer.offer(frame(1, key=True))
        return await waiting

    assert asyncio.run(wait()).key


def test_a_viewer_who_joins_before_the_first_key_frame_is_not_told_of_losses():
    viewer = Viewer()
    viewer.begin([Message.text({"mime": "x"})])
    viewer.offer(frame(1))
    viewer.offer(frame(2, key=True))
    assert [m.key for m in drained(viewer)] == [False, True]
