import json
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binhyen.contracts import (
    CameraSpec,
    CameraState,
    CameraStatus,
    ContractError,
    Event,
    EventBatch,
    EventKind,
    Gap,
    GapReason,
    Hold,
    Instant,
    NodeSpec,
    Segment,
    SystemClock,
    dump,
    load,
)

codes = st.from_regex(r"[A-Z0-9][A-Z0-9-]{2,31}", fullmatch=True)
instants = st.integers(0, 2**53).map(Instant)
text = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
cameras = st.builds(CameraSpec, code=codes, url=text, sub_url=text, retention_days=st.integers(1, 400))
holds = st.builds(Hold, id=text, camera=codes, start=instants, end=instants)
specs = st.builds(NodeSpec, cameras=st.lists(cameras).map(tuple), holds=st.lists(holds).map(tuple))
statuses = st.builds(
    CameraStatus,
    camera=codes,
    state=st.sampled_from(CameraState),
    since=instants,
    frames_per_second=st.floats(0, 100),
    last_frame_at=st.none() | instants,
    clock_offset_us=st.none() | st.integers(-(2**40), 2**40),
)
events = st.builds(Event, id=text, kind=st.sampled_from(EventKind), at=instants, detail=st.dictionaries(text, text))
batches = st.builds(EventBatch, id=text, events=st.lists(events).map(tuple))
gaps = st.builds(Gap, camera=codes, start=instants, end=instants, reason=st.sampled_from(GapReason))
segments = st.builds(Segment, camera=codes, path=text, codec=text, sha256=text, start=instants, end=instants)


@given(st.one_of(specs, statuses, batches, gaps, segments))
def test_every_contract_survives_its_journey_as_json(value):
    assert load(type(value), json.loads(json.dumps(dump(value)))) == value


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([], r"\$: expected to be an object"),
        ({"camera": "CAM-1"}, r"\$\.state: expected to be present"),
        ({"camera": "CAM-1", "state": "asleep", "since": 1}, r"\$\.state: 'asleep' is not one of"),
        ({"camera": "CAM-1", "state": "silent", "since": "1"}, r"\$\.since: expected to be of type int"),
        ({"camera": "CAM-1", "state": "silent", "since": True}, r"\$\.since: expected to be of type int"),
        ({"camera": "CAM-1", "state": "silent", "since": 1, "url": "x"}, r"\$\.url: expected to be a known field"),
    ],
)
def test_what_is_not_a_status_is_refused_by_the_name_of_the_field(value, message):
    with pytest.raises(ContractError, match=message):
        load(CameraStatus, value)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"cameras": {}}, r"\$\.cameras: expected to be a list"),
        ({"cameras": [{"code": "../x", "url": ""}]}, r"\$\.cameras\[0\]: camera code '\.\./x'"),
        ({"cameras": [{"code": "CAM-1", "url": "", "retention_days": 0}]}, "retention_days must be at least 1"),
        ({"cameras": [{"code": "CAM-1", "url": "", "recording": 1}]}, r"\$\.cameras\[0\]\.recording: expected"),
    ],
)
def test_a_spec_names_the_camera_that_is_wrong(value, message):
    with pytest.raises(ContractError, match=message):
        load(NodeSpec, value)


@pytest.mark.parametrize("text", ["\0", "a\ud800b"])
def test_text_that_no_database_keeps_is_refused(text):
    with pytest.raises(ContractError, match=r"\$\.id: expected to be text without NUL"):
        load(Hold, {"id": text, "camera": "CAM-1", "start": 1, "end": 2})


def test_a_whole_number_is_taken_for_a_rate():
    status = load(CameraStatus, {"camera": "CAM-1", "state": "silent", "since": 1, "frames_per_second": 15})
    assert status.frames_per_second == 15.0
    assert isinstance(status.frames_per_second, float)


def test_an_object_of_words_is_not_a_list():
    with pytest.raises(ContractError, match=r"\$\.detail: expected to be an object"):
        load(Event, {"id": "1", "kind": "gap", "at": 1, "detail": []})


def test_passwords_are_not_in_the_repr_of_a_spec():
    spec = NodeSpec((CameraSpec("CAM-1", "rtsp://u:secret@h/1", "rtsp://u:secret@h/2"),))
    assert "secret" not in repr(spec)


def test_a_nested_contract_that_refuses_keeps_its_own_place():
    @dataclass(frozen=True)
    class Outer:
        inner: tuple[Hold, ...] = field(default=())

    with pytest.raises(ContractError, match=r"\$\.inner\[0\]\.start: expected to be of type int"):
        load(Outer, {"inner": [{"id": "h", "camera": "CAM-1", "start": "now", "end": 2}]})


def test_the_system_clock_goes_forward():
    clock = SystemClock()
    first, wall = clock.monotonic(), clock.now()
    assert clock.monotonic() >= first
    assert clock.now() > 1_600_000_000_000_000 < wall
