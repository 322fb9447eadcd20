"""Recorded footage over HTTP."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aiohttp import web

from binhyen.contracts import SECOND, dump
from binhyen.media.playback.clip import clip_pieces, clip_plan
from binhyen.media.playback.piece import Piece, find_piece, piece_bytes, piece_size
from binhyen.media.playback.problems import camera_of, instant_of, problem, window_of
from binhyen.media.playback.shelf import Shelf
from binhyen.media.playback.snapshot import Snapshots
from binhyen.media.playback.specs import Specs

TIMELINE_LONGEST_US = 40 * 24 * 3600 * SECOND
MEDIA_LONGEST_US = 24 * 3600 * SECOND
CLIP_LONGEST_US = 24 * 3600 * SECOND
PIECE_S_DEFAULT = 20
PIECE_S_MAX = 60


def add(app: web.Application, shelf: Shelf, snapshots: Snapshots, specs: Specs, run_folder: Path) -> None:
    """Put the routes into `app`."""
    routes = PlaybackRoutes(shelf, snapshots, specs, run_folder)
    app.router.add_get("/v1/timeline/{code}", routes.timeline)
    app.router.add_get("/v1/media/{code}", routes.media)
    app.router.add_get("/v1/snapshot/{code}", routes.snapshot)
    app.router.add_get("/v1/clip/{code}", routes.clip)
    app.router.add_get("/v1/clip/{code}/{number:[0-9]{1,5}}", routes.clip_piece)


class PlaybackRoutes:
    """Handlers. Disk work is done in threads; bodies are streamed fragment by fragment."""

    def __init__(self, shelf: Shelf, snapshots: Snapshots, specs: Specs, run_folder: Path) -> None:
        self._shelf = shelf
        self._snapshots = snapshots
        self._specs = specs
        self._run_folder = run_folder

    async def timeline(self, request: web.Request) -> web.Response:
        """What is recorded, what is missing and why, what cases hold."""
        camera, (start, end) = camera_of(request), window_of(request, longest_us=TIMELINE_LONGEST_US)
        segments = await asyncio.to_thread(self._shelf.segments, camera, start, end)
        gaps = await asyncio.to_thread(self._shelf.gaps, camera, start, end)
        written = await asyncio.to_thread(self._shelf.being_written, camera)
        holds = [hold for hold in self._specs.holds(camera) if hold.start < end and hold.end > start]
        shown = [{name: value for name, value in dump(each).items() if name != "path"} for each in segments]
        return web.json_response(
            {"segments": shown, "gaps": dump(gaps), "holds": dump(holds), "being_written": written}
        )

    async def media(self, request: web.Request) -> web.StreamResponse:
        """The piece at `from` as one MP4; `length` (s) says about how much is wanted at once."""
        camera, (start, end) = camera_of(request), window_of(request, longest_us=MEDIA_LONGEST_US)
        length = request.query.get("length", "")
        length_s = min(int(length), PIECE_S_MAX) if length.isascii() and length.isdigit() else PIECE_S_DEFAULT
        piece = await asyncio.to_thread(find_piece, self._shelf, camera, start, end, length_us=length_s * SECOND)
        return await _stream(request, piece)

    async def snapshot(self, request: web.Request) -> web.Response:
        """The frame at `at` as JPEG."""
        still = await self._snapshots.still(camera_of(request), instant_of(request, "at"))
        return web.Response(body=still.jpeg, content_type="image/jpeg", headers={"X-At": str(still.at)})

    async def clip(self, request: web.Request) -> web.Response:
        """What an evidence package would hold."""
        camera, (start, end) = camera_of(request), window_of(request, longest_us=CLIP_LONGEST_US)
        plan = await asyncio.to_thread(clip_plan, self._shelf, camera, start, end)
        plan["clock_offset_us"] = await asyncio.to_thread(_clock_offset, self._run_folder, camera)
        return web.json_response(plan)

    async def clip_piece(self, request: web.Request) -> web.StreamResponse:
        """One piece of the plan as one playable MP4."""
        camera, (start, end) = camera_of(request), window_of(request, longest_us=CLIP_LONGEST_US)
        pieces = await asyncio.to_thread(clip_pieces, self._shelf, camera, start, end)
        number = int(request.match_info["number"])
        if number >= len(pieces):
            return problem(404, "not_there", f"Không có đoạn số {number}.")
        return await _stream(request, pieces[number])


async def _stream(request: web.Request, piece: Piece) -> web.StreamResponse:
    headers = {
        "X-Start": str(piece.start),
        "X-End": str(piece.end),
        "X-Zero": str(piece.zero),
        "Content-Type": piece.mime,
    }
    if piece.next_at is not None:
        headers["X-Next"] = str(piece.next_at)
    body = piece_bytes(piece)
    try:
        first = await asyncio.to_thread(_next_chunk, body)
        response = web.StreamResponse(headers=headers)
        response.content_length = await asyncio.to_thread(piece_size, piece)  # told, so that aiohttp copies no chunk
        await response.prepare(request)
        while first is not None:
            await response.write(first)
            first = await asyncio.to_thread(_next_chunk, body)
        await response.write_eof()
    finally:
        await asyncio.to_thread(body.close)
    return response


def _next_chunk(body: Iterator[bytes | memoryview]) -> bytes | memoryview | None:
    return next(body, None)


def _clock_offset(run_folder: Path, camera: str) -> int | None:
    """Camera clock minus ours as the recorder last measured it."""
    for path in run_folder.glob("status-*.json"):
        try:
            told: Any = json.loads(path.read_text())
        except (OSError, ValueError):  # being replaced just now
            continue
        for status in told.get("cameras", []):
            if status.get("camera") == camera and status.get("clock_offset_us") is not None:
                return int(status["clock_offset_us"])
    return None
