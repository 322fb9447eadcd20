"""The gateway between browser and node, as plain ASGI against a real node of aiohttp."""

import asyncio
import json
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from aiohttp import web

from binhyen.web.gateway import Refusal, proxy_http, proxy_websocket, refuse_websocket

GONE = Refusal(
    "case_closed", "Không xem được: vụ việc 12/2026 đã đóng lúc 14:05 ngày 21/11/2026. Trưởng công an xã có thể mở lại."
)


def run_apart(coroutine):
    """In a thread: Playwright leaves a running loop behind in the thread of the tests."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


class Rights:
    def __init__(self) -> None:
        self.refusal: Refusal | None = None
        self.asked = 0

    async def __call__(self) -> Refusal | None:
        self.asked += 1
        return self.refusal


class Browser:
    """The other end of an ASGI WebSocket or request."""

    def __init__(self) -> None:
        self.sent: list[dict] = []
        self.incoming: asyncio.Queue = asyncio.Queue()
        self.incoming.put_nowait({"type": "websocket.connect"})
        self.at: list[float] = []

    async def receive(self):
        return await self.incoming.get()

    async def send(self, message):
        self.sent.append(message)
        self.at.append(time.monotonic())

    @property
    def closed(self):
        return [(m["code"], m["reason"]) for m in self.sent if m["type"] == "websocket.close"]

    @property
    def body(self) -> bytes:
        return b"".join(m.get("body", b"") for m in self.sent if m["type"] == "http.response.body")

    @property
    def start(self):
        return next(m for m in self.sent if m["type"] == "http.response.start")


@asynccontextmanager
async def node():
    async def live(request):
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_str(json.dumps({"authorization": request.headers["Authorization"]}))
        for number in range(1000):
            await socket.send_bytes(bytes([number % 256]) * 1000)
            await asyncio.sleep(0.01)
        return socket

    async def short(request):
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.close()
        return socket

    async def media(request):
        response = web.StreamResponse(
            headers={"X-Start": "5", "Content-Type": "video/mp4", "X-Secret": "s", "Set-Cookie": "a=b"}
        )
        await response.prepare(request)
        for _ in range(int(request.query.get("chunks", "4"))):
            await response.write(b"m" * 100_000)
            await asyncio.sleep(0.02)
        return response

    app = web.Application()
    app.router.add_get("/live", live)
    app.router.add_get("/short", short)
    app.router.add_get("/media", media)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def carry(browser, url, rights, check_every_s=0.05):
    await proxy_websocket(
        {"type": "websocket"}, browser.receive, browser.send, node_url=url, token="T", allowed=rights,
        check_every_s=check_every_s,
    )  # fmt: skip


def test_messages_pass_and_the_token_goes_to_the_node_only():
    async def run():
        browser = Browser()
        async with node() as url:
            carrying = asyncio.create_task(carry(browser, f"{url}/live", Rights()))
            await asyncio.sleep(0.3)
            browser.incoming.put_nowait({"type": "websocket.disconnect", "code": 1001})
            await asyncio.wait_for(carrying, 5)
        return browser

    browser = run_apart(run())
    assert json.loads(browser.sent[1]["text"]) == {"authorization": "Bearer T"}
    assert browser.sent[2]["bytes"] == b"\0" * 1000
    assert browser.closed == []


def test_taking_the_right_away_closes_with_4403_and_the_whole_sentence():
    async def run():
        browser, rights = Browser(), Rights()
        async with node() as url:
            carrying = asyncio.create_task(carry(browser, f"{url}/live", rights))
            await asyncio.sleep(0.2)
            rights.refusal = GONE
            taken_at = time.monotonic()
            await asyncio.wait_for(carrying, 5)
        return browser, browser.at[-1] - taken_at

    browser, took = run_apart(run())
    assert took < 1
    assert browser.closed == [(4403, '{"code": "case_closed"}')]
    assert json.loads(browser.sent[-2]["text"]) == {"ended": {"code": GONE.code, "reason": GONE.reason}}


def test_without_the_right_nothing_is_asked_of_the_node():
    async def run():
        browser, rights = Browser(), Rights()
        rights.refusal = Refusal("no", "Không được.")
        await carry(browser, "http://127.0.0.1:9/live", rights)
        return browser

    assert run_apart(run()).closed == [(4403, '{"code": "no", "reason": "Không được."}')]


def test_a_node_that_is_away_or_refuses_or_ends_has_its_own_code():
    async def run(path):
        browser = Browser()
        async with node() as url:
            await carry(browser, f"{url}{path}" if path else "http://127.0.0.1:9/", Rights())
        return browser.closed[0][0]

    assert [run_apart(run(path)) for path in ("", "/nowhere", "/short")] == [4503, 4404, 4503]


def test_a_bad_ticket_is_told_to_the_page():
    async def run():
        browser = Browser()
        await refuse_websocket(browser.receive, browser.send, Refusal("bad_ticket", "Vé xem đã hết hạn."))
        return browser

    browser = run_apart(run())
    assert browser.sent[0] == {"type": "websocket.accept"}
    assert browser.closed == [(4401, '{"code": "bad_ticket", "reason": "Vé xem đã hết hạn."}')]


def fetch(path, rights=None, refuse_after_s=None):
    async def run():
        browser, asked = Browser(), rights or Rights()
        async with node() as url:
            fetching = asyncio.create_task(
                proxy_http(browser.send, node_url=f"{url}{path}", token="T", allowed=asked, check_every_s=0.05)
            )
            if refuse_after_s is not None:
                await asyncio.sleep(refuse_after_s)
                asked.refusal = GONE
            await asyncio.wait_for(fetching, 10)
        return browser

    return run_apart(run())


def test_http_answers_are_streamed_with_only_the_headers_that_a_player_needs():
    browser = fetch("/media")
    assert (browser.start["status"], browser.body) == (200, b"m" * 400_000)
    assert dict(browser.start["headers"]) == {
        b"content-type": b"video/mp4", b"x-start": b"5", b"cache-control": b"private, no-store",
        b"x-content-type-options": b"nosniff",
    }  # fmt: skip
    assert len(browser.sent) > 3


def test_an_answer_ends_early_when_the_right_is_taken_away_while_it_is_sent():
    browser = fetch("/media?chunks=100", refuse_after_s=0.3)
    assert 0 < len(browser.body) < 100 * 100_000
    assert browser.sent[-1] == {"type": "http.response.body", "body": b"", "more_body": False}


def test_an_answer_ends_early_when_the_rules_cannot_be_asked_any_more(caplog):
    class Failing(Rights):
        async def __call__(self):
            if self.refusal is not None:
                raise TimeoutError
            return

    browser = fetch("/media?chunks=100", Failing(), refuse_after_s=0.3)
    assert 0 < len(browser.body) < 100 * 100_000
    assert browser.sent[-1] == {"type": "http.response.body", "body": b"", "more_body": False}
    assert "Không hỏi được quyền xem" in caplog.text


def test_a_refused_request_never_reaches_the_node():
    rights = Rights()
    rights.refusal = GONE
    browser = fetch("/media", rights)
    assert (browser.start["status"], json.loads(browser.body)) == (403, GONE.as_dict())


def test_a_node_that_is_away_is_a_503_with_a_sentence():
    async def run():
        browser = Browser()
        await proxy_http(browser.send, node_url="http://127.0.0.1:9/", token="T", allowed=Rights())
        return browser

    browser = run_apart(run())
    assert (browser.start["status"], json.loads(browser.body)["code"]) == (503, "node_away")
