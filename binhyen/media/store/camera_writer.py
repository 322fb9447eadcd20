"""Pictures of one camera into segments and gaps. Lives in the recorder's loop; never waits for a disk."""

from collections.abc import Callable

from binhyen.contracts import SECOND, Clock, GapReason, Instant
from binhyen.media.fmp4 import Fragmenter
from binhyen.media.fmp4.fragment import DEFAULT_FRAME_TICKS
from binhyen.media.packets import TICKS_PER_SECOND, AccessUnit, ParameterSets
from binhyen.media.store.index import Change, gap_ended, gap_opened
from binhyen.media.store.layout import SegmentName
from binhyen.media.store.timing import WallClock, ticks_to_us
from binhyen.media.store.volume import SegmentFile, Volume

SEGMENT_US = 60 * SECOND
GROUP_TICKS_MAX = 8 * TICKS_PER_SECOND
GROUP_BYTES_MAX = 4 * 1024 * 1024
GROUP_UNITS_MAX = 2000
HOLE_TICKS = 2 * TICKS_PER_SECOND
"""Pictures further apart than this, and than five times what is usual, have a gap between them."""
SHORTEST_GAP_US = SECOND // 2


class CameraWriter:
    """One camera's way to disk.

    `number` gives the next segment number; `commit` takes index rows; `gap` is told of each gap when it opens.
    A camera that was never recorded has no gap before its first picture unless `fail` says so.
    """

    def __init__(
        self,
        camera: str,
        *,
        volume: Volume,
        clock: Clock,
        number: Callable[[str], int],
        commit: Callable[[Change], None],
        gap: Callable[[str, Instant, GapReason], None],
        open_gap: GapReason | None = None,
    ) -> None:
        self.camera = camera
        self.gap_reason = open_gap
        self.group: list[AccessUnit] = []
        self._sets: ParameterSets | None = None
        self._volume, self._clock, self._number = volume, clock, number
        self._commit, self._tell_gap = commit, gap
        self._wall = WallClock()
        self._fragmenter: Fragmenter | None = None
        self._file: SegmentFile | None = None
        self._cut_at: Instant = Instant(0)
        self._size = 0
        self._latest_pts = 0
        self._usual_ticks = 0
        self._step_us = 0
        self._stepped = False
        self._end: Instant | None = None

    @property
    def writing(self) -> bool:
        """A segment is open."""
        return self._file is not None

    def parameters(self, sets: ParameterSets) -> None:
        """The connection begins, or the coding changes: what follows goes into a new segment."""
        if self.group:
            self._flush(None)
        if sets != self._sets:
            self._close_file()
            self._sets = sets

    def unit(self, unit: AccessUnit) -> None:
        """The next picture in decoding order. Called for each, so it does little."""
        pts, key = unit.pts, unit.key
        if self.group or self._file is not None:
            since = pts - self._latest_pts
            if not (0 if key else -HOLE_TICKS) <= since <= HOLE_TICKS and self._is_hole(since):
                self.fail(GapReason.CONNECTION)
            elif key or self._size > GROUP_BYTES_MAX or (self.group and pts - self.group[0].pts > GROUP_TICKS_MAX):
                self._end_group(unit)
        if not key and not self.group and self._file is None:
            return
        if pts > self._latest_pts or not self.group:
            self._latest_pts = pts
        self.group.append(unit)
        self._size += unit.size
        self._wall.observe(pts, Instant(unit.arrived_at - self._step_us))

    def fail(self, reason: GapReason) -> None:
        """Nothing more comes, or nothing more can be kept: write what is in hand and open a gap with its reason."""
        if self.group:
            self._flush(None)
        self._close_file()
        self._wall = WallClock()
        self._open_gap(reason)
        self._settle_step()

    def clock_stepped(self, by_us: int) -> None:
        """This machine's clock was set. The segment in hand ends with its group, the next says so."""
        self._step_us += by_us
        if not self.group and self._file is None:
            self._settle_step()

    # -- groups

    def _end_group(self, unit: AccessUnit) -> None:
        overlapping = unit.pts <= self._latest_pts and not unit.key
        if overlapping and self._size <= 2 * GROUP_BYTES_MAX and len(self.group) <= GROUP_UNITS_MAX:
            return  # pictures still overlap in time (B frames); a later place will do
        if self.group:
            self._flush(unit.pts)
        if unit.key and self._step_us:
            self._begin_new_time()

    def _is_hole(self, ticks: int) -> bool:
        return not 0 <= ticks <= max(HOLE_TICKS, 5 * self._usual_ticks)

    def _begin_new_time(self) -> None:
        self._close_file()
        self._wall.stepped(self._step_us)
        if self._step_us > SHORTEST_GAP_US:
            self._open_gap(GapReason.CLOCK_STEP)
        self._settle_step()

    def _settle_step(self) -> None:
        self._stepped = self._stepped or self._step_us != 0
        self._step_us = 0

    def _flush(self, next_pts: int | None) -> None:
        group, self.group = self.group, []
        self._size = 0
        first, key = group[0].pts, group[0].key
        if len(group) > 1:
            self._usual_ticks = (self._latest_pts - first) // (len(group) - 1)
        self._wall.next_group()
        start = self._wall.at(first)
        end_pts = self._latest_pts + (self._usual_ticks or DEFAULT_FRAME_TICKS) if next_pts is None else next_pts
        if key and (refused := self._volume.refusal()) is not None:
            self._close_file()
            self._open_gap(refused)
            return
        if key and (self._file is None or start >= self._cut_at):
            self._change_file(start)
        self._write(group, next_pts, start, Instant(start + ticks_to_us(end_pts - first)))

    def _write(self, group: list[AccessUnit], next_pts: int | None, start: Instant, end: Instant) -> None:
        if self._file is None or self._fragmenter is None:
            return
        content = self._fragmenter.fragment(group, next_pts=next_pts, wall_clock=start)
        refused = self._volume.append(self._file, (content,), size=len(content), frames=len(group), until=end)
        if refused is None:
            self._end = end
            return
        if self._file.failed is not None:
            self._end = max(self._file.written_until, self._file.start)
        self._close_file()
        self._open_gap(refused)

    # -- files

    def _change_file(self, start: Instant) -> None:
        self._close_file()
        if self._sets is None:
            return
        name = SegmentName(self.camera, self._number(self.camera), start, clock_stepped=self._stepped, part=True)
        self._stepped = False
        self._file = SegmentFile(name, start, self._sets.mime, self._sets.width, self._sets.height)
        self._fragmenter = Fragmenter(self._sets)
        self._cut_at = Instant((start // SEGMENT_US + 1) * SEGMENT_US)
        self._volume.open(self._file, (self._fragmenter.init,))
        self._end_gap(start)

    def _close_file(self) -> None:
        if self._file is not None:
            self._volume.finish(self._file)
        self._file = self._fragmenter = None

    # -- gaps

    def _open_gap(self, reason: GapReason) -> None:
        if self.gap_reason == reason:
            return
        now = Instant(self._clock.now() - self._step_us)
        start = now if self.gap_reason is not None or self._end is None else min(self._end, now)
        self._end_gap(start)
        self.gap_reason = reason
        self._commit(gap_opened(self.camera, start, reason))
        self._tell_gap(self.camera, start, reason)

    def _end_gap(self, at: Instant) -> None:
        if self.gap_reason is not None:
            self._commit(gap_ended(self.camera, at))
            self.gap_reason = None
