"""The HTTP server of the live node: live pictures, playback, clips, stills, status, cameras to be added.

Loopback, one bearer token.

It knows no user and no rule: the centre asks on behalf of people whom it has checked.
"""

import asyncio
import contextlib
import hmac
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from binhyen.contracts import Clock, SystemClock
from binhyen.media.live import live_routes
from binhyen.media.live.feeds import Channels, RecorderFeed, stop
from binhyen.media.live.sub_stream import SubStreamFeed
from binhyen.media.onvif import routes as device_routes
from binhyen.media.playback import routes as playback_routes
from binhyen.media.playback.problems import answer_problems, problem
from binhyen.media.playback.shelf import Shelf
from binhyen.media.playback.snapshot import Snapshots
from binhyen.media.playback.specs import Specs
from binhyen.media.sources.address import AddressPolicy
from binhyen.media.store.layout import RUN, SPOOL, STORE


def application(
    folder: Path, token: str, *, clock: Clock | None = None, policy: AddressPolicy | None = None
) -> web.Application:
    """The node over one data folder. Every request must carry `token`."""
    clock = clock or SystemClock()
    app = web.Application(middlewares=[_only_with(token), answer_problems])
    specs = Specs(folder / SPOOL)
    sub_streams = SubStreamFeed(specs, clock, policy or AddressPolicy())
    channels = Channels({"main": RecorderFeed(folder / RUN), "sub": sub_streams})
    shelf = Shelf(folder / STORE, clock)
    live_routes.add(app, channels, folder / RUN)
    playback_routes.add(app, shelf, Snapshots(shelf), specs, folder / RUN)
    device_routes.add(app, clock=clock, policy=policy or AddressPolicy())
    app.cleanup_ctx.append(_life(channels, shelf))
    return app


def _life(channels: Channels, shelf: Shelf) -> Callable[[web.Application], AsyncIterator[None]]:
    async def life(_: web.Application) -> AsyncIterator[None]:
        running = asyncio.get_running_loop().create_task(channels.run())
        yield
        await stop(running)
        shelf.close()

    return life


def _only_with(token: str) -> Middleware:
    expected = f"Bearer {token}".encode()

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        given = request.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(given, expected):
            return problem(401, "unauthorised", "Thiếu hoặc sai mã của máy phát hình.")
        return await handler(request)

    return check


async def serve(app: web.Application, *, port: int, ready: "asyncio.Future[int]", until: asyncio.Event) -> None:
    """Serve on loopback until `until` is set; `ready` gets the port. Raises OSError when the port is taken."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        ready.set_result(runner.addresses[0][1])
        await until.wait()
    finally:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(5):
                await runner.cleanup()
