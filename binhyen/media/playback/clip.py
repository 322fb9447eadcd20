"""What evidence is made of: pieces of a camera's footage with their sources, gaps and exact marks."""

from typing import Any

from binhyen.contracts import Instant, dump
from binhyen.media.playback.piece import Piece, find_pieces
from binhyen.media.playback.shelf import Reel, Shelf


def clip_plan(shelf: Shelf, camera: str, start: Instant, end: Instant) -> dict[str, Any]:
    """Pieces of [start, end) from closed files only, as JSON types.

    Each piece begins at the key frame before its mark and names the files it is copied from, with their SHA-256.
    `complete_until` is the end of what is closed, where the window reaches into the file that is being written.
    """
    pieces = clip_pieces(shelf, camera, start, end)
    written = shelf.being_written_until(camera)
    closed_end = pieces[-1].end if pieces else start
    still_open = written is not None and written > closed_end and closed_end < end
    return {
        "camera": camera,
        "from": start,
        "to": end,
        "pieces": [_piece_plan(number, piece, start, end) for number, piece in enumerate(pieces)],
        "gaps": [dump(gap) for gap in shelf.gaps(camera, start, end)],
        "complete_until": closed_end if still_open else end,
    }


def clip_pieces(shelf: Shelf, camera: str, start: Instant, end: Instant) -> list[Piece]:
    """The pieces in the order of the plan; the same request gives the same pieces while no file is removed."""
    return find_pieces(shelf, camera, start, end, closed_only=True)


def _piece_plan(number: int, piece: Piece, start: Instant, end: Instant) -> dict[str, Any]:
    return {
        "n": number,
        "start": piece.start,
        "end": piece.end,
        "zero": piece.zero,
        "mark_in": max(start, piece.start),
        "mark_out": min(end, piece.end),
        "mime": piece.mime,
        "codec": piece.parameters.mime,
        "width": piece.parameters.width,
        "height": piece.parameters.height,
        "bytes_at_most": sum(cut.fragment.end - cut.fragment.start for cut in piece.cuts) + 4096,
        "sources": [_source(reel) for reel in piece.reels],
    }


def _source(reel: Reel) -> dict[str, Any]:
    segment = reel.segment
    if segment is None:  # clip pieces come from closed files only
        raise ValueError(f"file {reel.number} of {reel.camera} is still being written")
    return {
        "path": segment.path,
        "sha256": segment.sha256,
        "start": segment.start,
        "end": segment.end,
        "number": segment.number,
        "repaired": segment.repaired,
        "clock_stepped": segment.clock_stepped,
    }
