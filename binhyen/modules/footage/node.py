"""Reading clips from the live node over HTTP: `/v1/clip/<code>` plans, `/v1/clip/<code>/<n>` streams a piece."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPException, IncompleteRead
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from binhyen.contracts import ContractError, Gap, Instant, load
from binhyen.modules.footage.evidence import Buffers, ClipSource, EvidenceError, SourceSegment

ANSWER_WITHIN_S = 60.0
CHUNK_BYTES = 1 << 20
PLAN_BYTES_MAX = 8 << 20
NOTHING_RECORDED = "Không có hình nào được ghi trong khoảng đã chọn. Hãy chọn khoảng khác."


class _NoRedirect(HTTPRedirectHandler):
    """The token goes to our own node and nowhere else."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_open = build_opener(ProxyHandler({}), _NoRedirect).open


class TryLater(Exception):
    """Footage that cannot be read now but will be: the node is away, or the last minute is still being written.

    The message is a Vietnamese sentence for the person who waits.
    """


@dataclass(frozen=True)
class Node:
    """The live process of this machine."""

    url: str
    token: str

    def __repr__(self) -> str:
        return f"Node({self.url!r})"

    def clips_of(self, camera: str, mark_in: Instant, mark_out: Instant, *, camera_name: str) -> list[ClipSource]:
        """The pieces that cover [mark_in, mark_out) of `camera`; a piece ends where the parameters change.

        Raises EvidenceError where there is nothing of that time, TryLater where the node is away or still writing it.
        """
        window = {"from": mark_in, "to": mark_out}
        try:
            with self._ask(f"/v1/clip/{quote(camera)}", window) as answer:
                plan = json.loads(answer.read(PLAN_BYTES_MAX))
            if int(plan.get("complete_until", mark_out)) < mark_out:
                raise TryLater(f"Phút cuối của camera {camera} còn đang được ghi.")
            if not plan["pieces"]:
                raise EvidenceError(NOTHING_RECORDED)
            return [self._piece(plan, piece, camera, camera_name, window) for piece in plan["pieces"]]
        except (KeyError, TypeError, ValueError, ContractError) as error:
            raise EvidenceError(f"Máy phát hình trả lời sai về camera {camera}. Hãy báo quản trị kỹ thuật.") from error

    def _piece(
        self, plan: dict[str, Any], piece: dict[str, Any], camera: str, camera_name: str, window: dict[str, Instant]
    ) -> ClipSource:
        start, end = Instant(int(piece["start"])), Instant(int(piece["end"]))
        return ClipSource(
            camera=camera,
            camera_name=camera_name,
            start=start,
            end=end,
            mark_in=Instant(int(piece["mark_in"])),
            mark_out=Instant(int(piece["mark_out"])),
            mime=str(piece["mime"]),
            content=self._content(f"/v1/clip/{quote(camera)}/{int(piece['n'])}", window, camera),
            clock_offset_us=plan.get("clock_offset_us"),
            sources=tuple(_source(each) for each in piece["sources"]),
            gaps=tuple(_gap(each, camera) for each in plan.get("gaps", ())),
            width=int(piece.get("width", 0)),
            height=int(piece.get("height", 0)),
            frames=int(piece.get("frames", 0)),
        )

    def _content(self, path: str, window: dict[str, Instant], camera: str) -> Callable[[], Iterator[memoryview]]:
        def chunks() -> Iterator[memoryview]:
            try:
                with self._ask(path, window) as answer:
                    yield from _whole_body(answer)
            except (OSError, HTTPException) as error:  # the node went away in the middle
                raise TryLater(f"Mất kết nối khi đang đọc hình camera {camera}.") from error

        return chunks

    def _ask(self, path: str, window: dict[str, Instant]) -> Any:
        asked = Request(f"{self.url}{path}?{urlencode(window)}", headers={"Authorization": f"Bearer {self.token}"})  # noqa: S310 - the address is the installation's own setting
        try:
            return _open(asked, timeout=ANSWER_WITHIN_S)
        except HTTPError as error:
            with error:
                if error.code >= 500:
                    raise TryLater("Máy phát hình đang gặp trục trặc.") from error
                raise EvidenceError(_sentence(error)) from error
        except (URLError, TimeoutError) as error:
            raise TryLater("Máy phát hình không trả lời.") from error


def _whole_body(answer: Any) -> Iterator[memoryview]:
    """The body in chunks, in memory that is used again as `Buffers` says.

    Raises HTTPException where it ends before the length that was told.
    """
    left = int(answer.headers.get("Content-Length", 0))
    told = left > 0
    buffers = Buffers()
    while size := answer.readinto(chunk := buffers(CHUNK_BYTES)):
        left -= size
        yield chunk[:size]
    if told and left > 0:
        raise IncompleteRead(b"", left)


def _sentence(error: HTTPError) -> str:
    if error.code == 404:
        return NOTHING_RECORDED
    return f"Máy phát hình từ chối đọc hình (mã {error.code}). Hãy báo quản trị kỹ thuật."


def _source(told: dict[str, Any]) -> SourceSegment:
    return SourceSegment(str(told["path"]), str(told["sha256"]), Instant(int(told["start"])), Instant(int(told["end"])))


def _gap(told: dict[str, Any], camera: str) -> Gap:
    return load(Gap, {"camera": camera, **told})
