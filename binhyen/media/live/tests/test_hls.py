import asyncio
import io
import re

import pytest

from binhyen.contracts import Instant
from binhyen.media import fmp4
from binhyen.media.live import hls
from binhyen.media.live.channel import Channel
from binhyen.media.live.hls import NotThere, Packager
from binhyen.media.playback.tests.pictures import parameter_sets, units

START = Instant(1_795_000_000_000_000)


def packaged(clip, count, loops=3) -> tuple[Channel, Packager]:
    channel = Channel("CAM-001", "main")
    packager = Packager(channel)
    channel.parameters(parameter_sets(clip))
    for unit in units(clip, start=START, loops=loops)[:count]:
        channel.access_unit(unit)
    return channel, packager


def test_the_playlist_names_init_segments_parts_and_what_comes_next(street):
    async def ask():
        _, packager = packaged(street, 100)
        return await packager.playlist()

    text = asyncio.run(ask())
    assert text.splitlines()[:3] == ["#EXTM3U", "#EXT-X-VERSION:9", "#EXT-X-TARGETDURATION:2"]
    assert re.findall(r"segment-\d+\.m4s", text) == ["segment-0.m4s", "segment-1.m4s", "segment-2.m4s"]
    assert '#EXT-X-MAP:URI="init-1.mp4"' in text
    assert "#EXT-X-PROGRAM-DATE-TIME:2026-11-18T11:06:40.000Z" in text
    assert text.splitlines()[-1] == '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part-3-1.m4s"'
    durations = [float(d) for d in re.findall(r"PART:DURATION=([\d.]+)", text)]
    assert max(durations) <= float(re.search(r"PART-TARGET=([\d.]+)", text)[1])


def test_segments_are_their_parts_one_after_the_other_and_hold_every_frame(street):
    async def ask():
        _, packager = packaged(street, 100)
        init = await packager.init(1)
        return [init + await packager.segment(number) for number in range(3)]

    scans = [fmp4.scan(io.BytesIO(body)) for body in asyncio.run(ask())]
    assert [sum(len(f.samples) for f in scan.fragments) for scan in scans] == [30, 30, 30]
    assert [scan.fragments[0].key for scan in scans] == [True, True, True]


def test_a_hinted_part_is_waited_for(street):
    async def ask():
        channel, packager = packaged(street, 60)
        waiting = asyncio.create_task(packager.part(2, 0))
        await asyncio.sleep(0.01)
        early = waiting.done()
        for unit in units(street, start=START, loops=2)[60:70]:
            channel.access_unit(unit)
        return early, len(await waiting) > 100

    assert asyncio.run(ask()) == (False, True)


def test_a_blocking_reload_answers_when_the_part_exists(street):
    async def ask():
        channel, packager = packaged(street, 60)
        waiting = asyncio.create_task(packager.playlist(2, 1))
        await asyncio.sleep(0.01)
        early = waiting.done()
        for unit in units(street, start=START, loops=2)[60:75]:
            channel.access_unit(unit)
        return early, "part-2-1.m4s" in await waiting

    assert asyncio.run(ask()) == (False, True)


def test_a_reload_that_asks_for_what_has_passed_is_answered_at_once(street):
    async def ask():
        _, packager = packaged(street, 100)
        return await packager.playlist(0), await packager.playlist()

    passed, newest = asyncio.run(ask())
    assert passed == newest


def test_a_packager_of_a_channel_that_already_shows_pictures_begins_with_its_parameters(street):
    async def ask():
        channel = Channel("CAM-001", "main")
        channel.parameters(parameter_sets(street))
        packager = Packager(channel)
        for unit in units(street, start=START, loops=2)[:60]:
            channel.access_unit(unit)
        return await packager.init(1), await packager.playlist()

    init, text = asyncio.run(ask())
    assert fmp4.scan(io.BytesIO(init)).parameters == parameter_sets(street)
    assert '#EXT-X-MAP:URI="init-1.mp4"' in text


def test_what_never_comes_is_not_waited_for_for_ever(street, monkeypatch):
    monkeypatch.setattr(hls, "WAIT_S", 0.05)

    async def ask(wanted):
        _, packager = packaged(street, 60)
        with pytest.raises(NotThere):
            await wanted(packager)

    asyncio.run(ask(lambda packager: packager.playlist(99)))
    asyncio.run(ask(lambda packager: packager.part(9, 9)))
    asyncio.run(ask(lambda packager: packager.part(0, 99)))
    asyncio.run(ask(lambda packager: packager.segment(99)))
    asyncio.run(ask(lambda packager: packager.init(99)))


def test_a_change_of_parameters_is_a_discontinuity_with_its_own_init_segment(street, small):
    async def ask():
        channel, packager = packaged(street, 60)
        channel.parameters(parameter_sets(small))
        for unit in units(small, start=Instant(START + 4_000_000)):
            channel.access_unit(unit)
        return await packager.playlist(), await packager.init(2)

    text, init = asyncio.run(ask())
    assert text.index("#EXT-X-DISCONTINUITY") < text.index('#EXT-X-MAP:URI="init-2.mp4"')
    assert fmp4.scan(io.BytesIO(init)).parameters.width == 320


def test_old_segments_are_forgotten(street):
    async def ask():
        _, packager = packaged(street, 600, loops=10)
        text = await packager.playlist()
        with pytest.raises(NotThere):
            await packager.segment(0)
        return text

    text = asyncio.run(ask())
    assert len(re.findall(r"#EXTINF", text)) == hls.SEGMENTS_KEPT
    assert f"#EXT-X-MEDIA-SEQUENCE:{19 - hls.SEGMENTS_KEPT}" in text


def test_a_camera_without_key_frames_does_not_fill_memory(street, monkeypatch):
    monkeypatch.setattr(hls, "SEGMENT_MAX_S", 1.0)

    async def ask():
        channel, packager = packaged(street, 29)
        return channel, await packager.playlist()

    _, text = asyncio.run(ask())
    assert text.count("#EXTINF") == 1


def test_a_closed_packager_listens_no_more(street):
    async def ask():
        channel, packager = packaged(street, 10)
        packager.close()
        return channel.on_frame, channel.on_parameters

    assert asyncio.run(ask()) == ([], [])
