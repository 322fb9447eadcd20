"""Sending a large file with flat memory."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from django.core.handlers.asgi import ASGIRequest
from django.http import FileResponse, HttpRequest, StreamingHttpResponse

CHUNK_BYTES = 1 << 20


def file_response(request: HttpRequest, path: Path, *, name: str, content_type: str) -> StreamingHttpResponse:
    """`path` as an attachment that no cache keeps.

    Under ASGI Django would read all of a FileResponse into memory first; an asynchronous iterator is streamed.
    """
    if isinstance(request, ASGIRequest):
        response = StreamingHttpResponse(_chunks(path), content_type=content_type)
        response["Content-Length"] = str(path.stat().st_size)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    else:
        response = FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=content_type)
    response["Cache-Control"] = "private, no-store"
    return response


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(path.open, "rb") as file:
        while chunk := await asyncio.to_thread(file.read, CHUNK_BYTES):
            yield chunk
