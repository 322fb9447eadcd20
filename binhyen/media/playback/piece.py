"""An uninterrupted stretch of footage as one MP4, by stream copy.

It starts at the key frame at or before the wanted start (a decoder needs it) and ends before the wanted end to the
frame: nothing after the end of a permitted window leaves the node.
"""

import io
import os
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

from binhyen.contracts import SECOND, Instant
from binhyen.media import fmp4
from binhyen.media.packets import TICKS_PER_SECOND, ParameterSets
from binhyen.media.playback.shelf import Reel, Shelf, StoredFragment, joined, whole_groups

LOOKBACK_US = 30 * SECOND
NEAR_US = SECOND
CHUNK_BYTES = 1 << 20
BATCH_MOST = 256  # fragments; one read takes at most 1024 stretches (IOV_MAX)
_SKIPPED = memoryview(bytearray(4096))
"""Where bytes go that nobody wants. Written by every thread, read by none."""
Room = Callable[[int], bytearray | memoryview]
"""Gives so many bytes of memory to read into."""


class NothingRecorded(LookupError):
    """There is no picture at this instant. `next_at`: when there is one again, if ever."""

    def __init__(self, camera: str, at: Instant, next_at: Instant | None) -> None:
        super().__init__(f"nothing of {camera} at {at}")
        self.camera = camera
        self.at = at
        self.next_at = next_at


@dataclass(frozen=True, slots=True)
class Cut:
    """One fragment of a piece: from `reel`, shown from `at` (µs after the piece's start), possibly cut at the end."""

    reel: Reel
    fragment: StoredFragment
    at_ticks: int
    last: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """[start, end) of one camera without interruption and with one set of parameters.

    `next_at`: where the next piece starts: `end` itself where recording goes on, later after a gap, None where
    nothing follows before the wanted end.
    """

    camera: str
    start: Instant
    end: Instant
    until: Instant
    parameters: ParameterSets
    cuts: tuple[Cut, ...]
    next_at: Instant | None

    @property
    def lead_ticks(self) -> int:
        """Media time of the first frame shown: reordered frames are decoded a little before they are shown."""
        first = self.cuts[0].fragment
        return first.media_start - first.decode_start

    @property
    def zero(self) -> Instant:
        """The instant of media time 0, for a player's time line."""
        return Instant(self.start - self.lead_ticks * SECOND // TICKS_PER_SECOND)

    @property
    def mime(self) -> str:
        return f'video/mp4; codecs="{self.parameters.mime}"'

    @property
    def reels(self) -> list[Reel]:
        """The files it is taken from, each once, in order."""
        return list({cut.reel.number: cut.reel for cut in self.cuts}.values())


def find_pieces(shelf: Shelf, camera: str, start: Instant, end: Instant, *, closed_only: bool = False) -> list[Piece]:
    """All pieces of [start, end), in order; none where nothing is recorded."""
    pieces = []
    for run in _runs(shelf.reels(camera, Instant(start - LOOKBACK_US), end, closed_only=closed_only)):
        piece = _piece(camera, list(whole_groups(run)), start, end)
        if piece is not None:
            pieces.append(piece)
    return pieces


def find_piece(shelf: Shelf, camera: str, start: Instant, end: Instant, *, length_us: int) -> Piece:
    """The piece at `start`, about `length_us` long, cut at a key frame; raises NothingRecorded."""
    horizon = Instant(min(end, start + length_us + LOOKBACK_US))
    runs = _runs(shelf.reels(camera, Instant(start - LOOKBACK_US), horizon))
    found = [piece for run in runs if (piece := _piece(camera, list(whole_groups(run)), start, end))]
    if not found or found[0].start > start + NEAR_US:
        next_at = found[0].start if found else shelf.next_start(camera, start)
        raise NothingRecorded(camera, start, next_at if next_at is not None and next_at < end else None)
    following = found[1].start if len(found) > 1 else None
    return _shortened(shelf, found[0], Instant(start + length_us), following)


def _runs(reels: list[Reel]) -> Iterator[list[Reel]]:
    """Files that belong together: no gap, no change of parameters, between them."""
    run: list[Reel] = []
    for reel in reels:
        if run and not joined(run[-1], reel):
            yield run
            run = []
        run.append(reel)
    if run:
        yield run


def _piece(camera: str, fragments: list[tuple[Reel, StoredFragment]], start: Instant, end: Instant) -> Piece | None:
    keys = [index for index, (_, each) in enumerate(fragments) if each.key]
    if not keys:
        return None
    first = max((index for index in keys if fragments[index][1].shown_from <= start), default=keys[0])
    chosen = [(reel, each) for reel, each in fragments[first:] if each.shown_from < end]
    if not chosen or chosen[-1][1].shown_until <= start:
        return None
    cuts, length_ticks = _lay_out(chosen)
    begins = chosen[0][1].shown_from
    ends = Instant(begins + length_ticks * SECOND // TICKS_PER_SECOND)
    return Piece(camera, begins, Instant(min(ends, end)), end, chosen[0][0].table.parameters, cuts, None)


def _lay_out(chosen: list[tuple[Reel, StoredFragment]]) -> tuple[tuple[Cut, ...], int]:
    """Place fragments one after the other: by media time within a file, end to start between files."""
    cuts: list[Cut] = []
    at = 0
    before: tuple[Reel, StoredFragment] | None = None
    for index, (reel, fragment) in enumerate(chosen):
        if before is not None:
            reached = fragment.media_start if before[0] is reel else before[1].media_end
            at += max(reached - before[1].media_start, 1) * TICKS_PER_SECOND // reel.table.timescale
        cuts.append(Cut(reel, fragment, at, index == len(chosen) - 1))
        before = (reel, fragment)
    last = chosen[-1]
    return tuple(cuts), at + (last[1].media_end - last[1].media_start) * TICKS_PER_SECOND // last[0].table.timescale


def _shortened(shelf: Shelf, piece: Piece, stop_at: Instant, following: Instant | None) -> Piece:
    """`piece` up to the first key frame at or after `stop_at`, with what comes next."""
    for index, cut in enumerate(piece.cuts):
        shown = Instant(piece.start + cut.at_ticks * SECOND // TICKS_PER_SECOND)
        if index and cut.fragment.key and shown >= stop_at:
            return Piece(piece.camera, piece.start, shown, piece.until, piece.parameters, piece.cuts[:index], shown)
    if following is None:
        following = shelf.next_start(piece.camera, piece.end)
    if following is not None and following >= piece.until:
        following = None
    return Piece(piece.camera, piece.start, piece.end, piece.until, piece.parameters, piece.cuts, following)


def piece_bytes(piece: Piece, room: Room = bytearray) -> Generator[bytes | memoryview, None, None]:
    """The MP4: init segment, then the fragments moved to their places, about CHUNK_BYTES of them in memory at a time.

    They are read into what `room` gives and changed there, so a chunk is good for as long as that memory is left
    alone; by default it is fresh. Raises FileNotFoundError when retention removes a file meanwhile.
    """
    yield fmp4.init_segment(piece.parameters)
    opened: tuple[int, io.FileIO] | None = None
    sequence = 1
    try:
        for batch in _batches(piece):
            reel = batch[0].reel
            if opened is None or opened[0] != reel.number:
                if opened is not None:
                    opened[1].close()
                opened = (reel.number, io.FileIO(reel.table.path))
            yield _moved(piece, batch, _read(batch, opened[1].fileno(), room), sequence)
            sequence += len(batch)
    finally:
        if opened is not None:
            opened[1].close()


def piece_size(piece: Piece) -> int:
    """How many bytes `piece_bytes` gives. Reads the fragments that are cut short, none else; raises as it does."""
    size = len(fmp4.init_segment(piece.parameters))
    for cut in piece.cuts:
        if _is_cut_short(piece, cut):
            with io.FileIO(cut.reel.table.path) as file:
                size += len(_moved(piece, [cut], _read([cut], file.fileno(), bytearray), 1))
        else:
            size += cut.fragment.end - cut.fragment.start
    return size


def _batches(piece: Piece) -> Iterator[list[Cut]]:
    """Fragments that lie side by side in one file and are wanted whole, so many that one read takes them."""
    batch: list[Cut] = []
    for cut in piece.cuts:
        if batch and not _may_follow(piece, batch, cut):
            yield batch
            batch = []
        batch.append(cut)
    if batch:
        yield batch


def _may_follow(piece: Piece, batch: list[Cut], cut: Cut) -> bool:
    last = batch[-1]
    return (
        cut.reel.number == last.reel.number
        and 0 <= cut.fragment.start - last.fragment.end <= len(_SKIPPED)
        and cut.fragment.end - batch[0].fragment.start <= CHUNK_BYTES
        and len(batch) < BATCH_MOST
        and not _is_cut_short(piece, last)
        and not _is_cut_short(piece, cut)
    )


def _is_cut_short(piece: Piece, cut: Cut) -> bool:
    ticks_us = cut.at_ticks * SECOND // TICKS_PER_SECOND
    length_us = (cut.fragment.media_end - cut.fragment.media_start) * SECOND // cut.reel.table.timescale
    return piece.start + ticks_us + length_us > piece.until


def _read(batch: list[Cut], descriptor: int, room: Room) -> memoryview:
    """The fragments of `batch` without what lies between them (`prft`: its media time is no longer true)."""
    wanted = memoryview(room(sum(cut.fragment.end - cut.fragment.start for cut in batch)))
    parts: list[memoryview] = []
    at, reached = 0, batch[0].fragment.start
    for cut in batch:
        start, end = cut.fragment.start, cut.fragment.end
        parts += [_SKIPPED[: start - reached], wanted[at : at + end - start]]
        at, reached = at + end - start, end
    skipped = reached - batch[0].fragment.start - at
    return wanted[: max(os.preadv(descriptor, parts, batch[0].fragment.start) - skipped, 0)]


def _moved(piece: Piece, batch: list[Cut], stored: memoryview, sequence: int) -> bytes | memoryview:
    if _is_cut_short(piece, batch[0]):  # then it is alone
        stored = memoryview(bytearray(_cut_short(piece, batch[0], bytes(stored))))
        return _retimed(piece, batch[0], stored, sequence) if stored else b""
    at = 0
    for number, cut in enumerate(batch, start=sequence):
        size = cut.fragment.end - cut.fragment.start
        _retimed(piece, cut, stored[at : at + size], number)
        at += size
    return stored


def _retimed(piece: Piece, cut: Cut, stored: memoryview, sequence: int) -> memoryview:
    offset = cut.at_ticks + piece.lead_ticks - cut.fragment.media_start
    return fmp4.retime(stored, sequence=sequence, decode_offset=offset)


def _cut_short(piece: Piece, cut: Cut, stored: bytes) -> bytes:
    """The fragment without the frames from the first, in decoding order, that is shown at or after the end."""
    scanned = scan_fragment(cut.reel.table.parameters, stored)
    start = piece.start + cut.at_ticks * SECOND // TICKS_PER_SECOND
    kept: list[fmp4.ScannedSample] = []
    for sample in scanned.samples:
        shown = start + (sample.presentation_time - cut.fragment.media_start) * SECOND // TICKS_PER_SECOND
        if shown >= piece.until:
            break
        kept.append(sample)
    if not kept:
        return b""
    init_bytes = len(fmp4.init_segment(cut.reel.table.parameters))
    samples = [fmp4.Sample(s.size, s.duration, s.presentation_time - s.decode_time, s.key) for s in kept]
    parts = [stored[s.offset - init_bytes : s.offset - init_bytes + s.size] for s in kept]
    return fmp4.fragment(scanned.sequence, kept[0].decode_time, samples, parts)


def scan_fragment(parameters: ParameterSets, stored: bytes) -> fmp4.ScannedFragment:
    """The sample table of one stored fragment; sample offsets count from the start of an init segment before it."""
    scanned = fmp4.scan(io.BytesIO(fmp4.init_segment(parameters) + stored))
    if not scanned.fragments:
        raise fmp4.FragmentError(scanned.trouble or "no fragment")
    return scanned.fragments[0]
