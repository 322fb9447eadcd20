"""A store with recorded files and an index, written the way the recorder writes them."""

import hashlib
from pathlib import Path

from binhyen.contracts import SECOND, Gap, Instant, Segment
from binhyen.media import fmp4
from binhyen.media.packets import AccessUnit, ParameterSets
from binhyen.media.store import index as store_index
from binhyen.media.store.layout import SegmentName, index_path


def groups_of(units: list[AccessUnit]) -> list[list[AccessUnit]]:
    groups: list[list[AccessUnit]] = []
    for unit in units:
        if unit.key:
            groups.append([])
        groups[-1].append(unit)
    return groups


def write_segment(
    store: Path, camera: str, number: int, sets: ParameterSets, units: list[AccessUnit], *, part: bool = False
) -> Segment | None:
    """One file from `units`, indexed as closed, or as the one being written (`part`)."""
    start = units[0].arrived_at
    name = SegmentName(camera, number, Instant(start // SECOND * SECOND), part=part)
    path = store / name.path
    path.parent.mkdir(parents=True, exist_ok=True)
    fragmenter = fmp4.Fragmenter(sets)
    groups = groups_of(units)
    body = fragmenter.init
    for group, following in zip(groups, [*groups[1:], None], strict=True):
        next_pts = following[0].pts if following else group[-1].pts + (group[-1].pts - group[-2].pts)
        body += fragmenter.fragment(group, next_pts=next_pts, wall_clock=group[0].arrived_at)
    path.write_bytes(body)
    index = store_index.SegmentIndex(index_path(store, 0))
    try:
        if part:
            index.write([store_index.segment_opened(name)])
            return None
        end = Instant(units[-1].arrived_at + units[1].arrived_at - units[0].arrived_at)
        digest = hashlib.sha256(body).hexdigest()
        segment = Segment(
            camera, number, name.path, start, end, len(body), len(units), sets.mime, sets.width, sets.height, digest
        )
        index.write([store_index.segment_closed(segment)])
        return segment
    finally:
        index.close()


def write_gap(store: Path, gap: Gap) -> None:
    index = store_index.SegmentIndex(index_path(store, 0))
    index.write([store_index.gap_found(gap)])
    index.close()
