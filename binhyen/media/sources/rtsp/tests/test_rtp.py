import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from binhyen.contracts import SECOND, Instant
from binhyen.media.codec.tests.encoded import FRAME_TICKS, encoded
from binhyen.media.packets import Codec
from binhyen.media.sources.rtsp import rtp
from binhyen.media.sources.rtsp.tests.packets import NOW, Packetiser, Recorded, feed, receiver_of


def sent(stream, packetiser):
    return [packet for picture in stream.pictures for packet in packetiser.picture(picture.nals, picture.pts)]


def expected_samples(stream):
    return [b"".join(unit.parts) for unit in stream.units()]


SHAPES = st.builds(
    dict, mtu=st.sampled_from([40, 100, 1400]), extension=st.booleans(), sources=st.sampled_from([0, 2]),
    padding=st.sampled_from([0, 3]), aggregate=st.booleans(), end_bits=st.booleans(),
    markers=st.sampled_from(["last", "none"]),
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(list(Codec)), SHAPES, st.sampled_from([1, 2]), st.sampled_from([23, 150, 1499, None]))
def test_every_way_of_sending_gives_the_same_pictures(codec, shape, slices, step):
    stream = encoded(codec, frames=12, b_frames=2, options=f"slices={slices}")
    sink = Recorded()
    last = Packetiser(codec, **shape)
    packets = sent(stream, last)
    packets.append(last.packet(b"\x41" if codec is Codec.H264 else b"\2\1", 9 * 90_000))  # ends the last picture
    feed(receiver_of(stream, sink), b"".join(packets), step=step)
    assert sink.samples[:12] == expected_samples(stream)
    assert [unit.key for unit in sink.units[:12]] == [picture.key for picture in stream.pictures]
    first = stream.pictures[0].pts
    assert [unit.pts for unit in sink.units[:12]] == [picture.pts - first for picture in stream.pictures]
    assert sink.calls[0] == ("parameters", stream.sets)
    assert sink.of("lost") == []


def test_size_is_that_of_the_parts():
    sink = Recorded()
    feed(receiver_of(encoded(), sink), b"".join(sent(encoded(), Packetiser())))
    assert [unit.size for unit in sink.units] == [len(sample) for sample in sink.samples]
    assert {unit.arrived_at for unit in sink.units} == {NOW}


def test_parameter_sets_may_come_in_band_only():
    sink = Recorded()
    feed(receiver_of(encoded(), sink, sets=False), b"".join(sent(encoded(), Packetiser())))
    assert (sink.of("parameters"), len(sink.units)) == ([encoded().sets], 30)


def test_without_parameter_sets_nothing_is_delivered():
    stream, sink = encoded(), Recorded()
    packetiser = Packetiser()
    bare = [packetiser.picture(picture.nals[-1:], picture.pts) for picture in stream.pictures]
    receiver = receiver_of(stream, sink, sets=False)
    feed(receiver, b"".join(packet for picture in bare for packet in picture))
    assert (sink.calls, receiver.malformed, receiver.delivered) == ([], 3, 0)


def test_a_reader_that_comes_late_starts_at_the_next_key_picture():
    stream, sink = encoded(gop=10), Recorded()
    packets = [Packetiser().picture(p.nals, p.pts) for p in stream.pictures]
    feed(receiver_of(stream, sink), b"".join(b for picture in sent_from(stream, 3) for b in picture))
    assert sink.samples == expected_samples(stream)[10:]
    assert len(packets) == 30


def sent_from(stream, first):
    packetiser = Packetiser()
    return [packetiser.picture(picture.nals, picture.pts) for picture in stream.pictures[first:]]


@pytest.mark.parametrize("missing", [0, 1, 2, 5])
def test_F07_a_missing_packet_costs_the_rest_of_its_group_and_no_more(missing):
    stream, sink = encoded(gop=10), Recorded()
    pictures = sent_from(stream, 0)
    del pictures[14][missing : missing + 1]
    feed(receiver_of(stream, sink), b"".join(packet for picture in pictures for packet in picture))
    expected = expected_samples(stream)
    assert sink.samples == expected[:14] + expected[20:]
    assert sink.of("lost") == [1]


def test_a_missing_packet_of_a_picture_nobody_refers_to_costs_that_picture():
    stream, sink = encoded(b_frames=2, options="b-pyramid=none"), Recorded()
    victim = next(n for n, picture in enumerate(stream.pictures) if picture.nals[-1][0] >> 5 == 0)
    pictures = sent_from(stream, 0)
    del pictures[victim][2]
    feed(receiver_of(stream, sink), b"".join(packet for picture in pictures for packet in picture))
    expected = expected_samples(stream)
    assert sink.samples == expected[:victim] + expected[victim + 1 :]


def test_a_missing_end_and_begin_are_noticed_across_pictures():
    stream, sink = encoded(gop=10), Recorded()
    pictures = sent_from(stream, 0)
    del pictures[3][-1], pictures[4][0]
    feed(receiver_of(stream, sink), b"".join(packet for picture in pictures for packet in picture))
    expected = expected_samples(stream)
    assert (sink.samples, sink.of("lost")) == (expected[:3] + expected[10:], [2])


def test_a_camera_that_counts_anew_is_one_loss():
    stream, sink = encoded(gop=10), Recorded()
    packetiser = Packetiser(sequence=30_000)
    packets = [packetiser.picture(p.nals, p.pts) for p in stream.pictures[:10]]
    packetiser.sequence = 5
    packets += [packetiser.picture(p.nals, p.pts) for p in stream.pictures[10:]]
    feed(receiver_of(stream, sink), b"".join(packet for picture in packets for packet in picture))
    assert (len(sink.units), sink.of("lost")) == (30, [1])


def test_markers_on_every_slice_are_recognised_as_lies():
    stream, sink = encoded(options="slices=3", gop=10), Recorded()
    feed(receiver_of(stream, sink), b"".join(sent(stream, Packetiser(markers="each"))))
    assert sink.samples[-19:] == expected_samples(stream)[10:29]


def test_new_parameter_sets_are_announced_with_the_key_picture_they_belong_to():
    small, large = encoded(width=98), encoded(width=130)
    sink, packetiser = Recorded(), Packetiser()
    packets = sent(small, packetiser)
    packetiser.timestamp_base += 30 * FRAME_TICKS
    packets += sent(large, packetiser)
    feed(receiver_of(small, sink), b"".join(packets))
    names = [name for name, _ in sink.calls]
    assert sink.of("parameters") == [small.sets, large.sets]
    assert names == ["parameters", *["unit"] * 30, "parameters", *["unit"] * 30]


def test_a_picture_set_that_changes_between_key_pictures_stays_in_the_stream():
    stream, sink = encoded(), Recorded()
    pps = stream.sets.pps[0]
    other = bytes((pps[0],)) + b"\x68" + pps[2:] if pps[1] != 0x68 else pps[:-1] + b"\x90"
    packetiser = Packetiser(mtu=1400)
    packets = packetiser.picture(stream.pictures[0].nals, 0)
    packets += packetiser.picture((other, stream.pictures[1].nals[-1]), FRAME_TICKS)
    receiver = receiver_of(stream, sink)
    feed(receiver, b"".join(packets))
    assert (receiver.malformed, len(sink.units), len(sink.of("parameters"))) == (0, 2, 1)
    assert sink.samples[1].startswith(len(other).to_bytes(4, "big") + other)


def test_an_open_group_starts_at_its_recovery_point():
    stream, sink = encoded(gop=10, b_frames=2, options="open-gop=1"), Recorded()
    feed(receiver_of(stream, sink), b"".join(sent(stream, Packetiser())))
    assert [unit.key for unit in sink.units] == [picture.key for picture in stream.pictures]
    assert sum(unit.key for unit in sink.units) == 3


def test_other_payload_types_on_the_channel_are_ignored():
    stream, sink = encoded(), Recorded()
    pictures = sent_from(stream, 0)
    foreign = bytearray(pictures[0][1])
    foreign[5] ^= 3
    pictures[0].insert(1, bytes(foreign))
    pictures[0].insert(4, bytes(foreign))
    feed(receiver_of(stream, sink), b"".join(packet for picture in pictures for packet in picture))
    assert (len(sink.units), sink.of("lost")) == (30, [])


@pytest.mark.parametrize("payload", [b"\x1d\x80ab", b"\x7c", b"\x7c\x85", b"\x18\0\x20a", b"\x18\0\0ab"])
def test_payloads_that_are_none_are_counted_and_passed_over(payload):
    sink, packetiser = Recorded(), Packetiser()
    receiver = receiver_of(encoded(), sink)
    feed(receiver, packetiser.packet(payload, 0) + b"".join(sent(encoded(), packetiser)))
    assert receiver.malformed == 1
    assert sink.samples[-20:] == expected_samples(encoded())[10:]


def test_padding_longer_than_its_packet_is_malformed():
    packet = bytearray(Packetiser(padding=3).packet(b"\x41abc", 0))
    packet[-1] = 200
    receiver = receiver_of(encoded(), Recorded())
    feed(receiver, bytes(packet))
    assert receiver.malformed == 1


def test_a_picture_without_end_is_given_up(monkeypatch):
    monkeypatch.setattr(rtp, "MAX_UNIT_BYTES", 5_000)
    sink, packetiser = Recorded(), Packetiser()
    receiver = receiver_of(encoded(), sink)
    endless = packetiser.packet(b"\x7c\x85\x88" + bytes(99), 0)
    endless += b"".join(packetiser.packet(b"\x7c\x05" + bytes(99), 0) for _ in range(100))
    feed(receiver, endless, step=700)
    assert (receiver.malformed > 0, sink.units) == (True, [])
    assert sum(map(len, receiver._parts)) < 6_000


def test_a_timestamp_that_leaps_counts_as_the_time_that_passed():
    stream, sink = encoded(gop=5), Recorded()
    receiver, packetiser = receiver_of(stream, sink), Packetiser()
    for number, picture in enumerate(stream.pictures):
        if number == 10:
            packetiser.timestamp_base += 3600 * 90_000
        packets = packetiser.picture(picture.nals, picture.pts)
        feed(receiver, b"".join(packets), now=Instant(NOW + number * SECOND // 15))
    steps = {later.pts - earlier.pts for earlier, later in zip(sink.units, sink.units[1:], strict=False)}
    assert max(abs(step - FRAME_TICKS) for step in steps) <= 1


def test_other_clock_rates_become_90_khz():
    stream, sink = encoded(), Recorded()
    packetiser = Packetiser()
    packets = [packetiser.picture(p.nals, p.pts // 90) for p in stream.pictures]
    feed(receiver_of(stream, sink, clock_rate=1000), b"".join(packet for picture in packets for packet in picture))
    assert [unit.pts for unit in sink.units[:4]] == [0, 5940, 11970, 18000]


def test_draining_stops_at_what_is_no_packet_of_the_channel():
    stream, packets = encoded(), b"".join(sent(encoded(), Packetiser()))
    for strange in (b"RTSP/1.0 200 OK\r\n\r\n", b"$\1\0\4abcd", b"$\0\0\x0e" + bytes(14), b"$\0\0\2\x80\x60"):
        assert feed(receiver_of(stream, Recorded()), packets + strange) == strange


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(list(Codec)), st.lists(st.binary(max_size=60), max_size=30), st.integers(1, 90))
def test_S09_garbage_payloads_never_raise(codec, payloads, step):
    packetiser, sink = Packetiser(codec), Recorded()
    stream = b"".join(packetiser.packet(each, n // 3 * 6000, marker=n % 3 == 0) for n, each in enumerate(payloads))
    feed(receiver_of(encoded(codec), sink), stream, step=step)
    assert all(unit.size == sum(map(len, unit.parts)) for unit in sink.units)
