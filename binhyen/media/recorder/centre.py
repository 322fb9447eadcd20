"""The recorder's talk with the centre, in a thread of its own: desired state down, events and status up.

Nothing here may hold up recording: the loop only ever leaves things in a queue and picks the last answer up.
"""

import http.client
import json
import logging
import queue
import sqlite3
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from binhyen.contracts import SECOND, CameraStatus, Clock, ContractError, Event, NodeSpec, dump, load
from binhyen.media.recorder.files import read_private, write_private
from binhyen.media.recorder.spool import EventSpool

log = logging.getLogger(__name__)

POLL_EVERY_US = 2 * SECOND
STATUS_EVERY_US = 10 * SECOND
TIMEOUT_S = 5.0
RETRY_EVENTS_US = 2 * SECOND
UNSTORED_MAX = 10_000  # events kept in memory while the disk takes none
ANSWER_BYTES_MAX = 32 * 1024 * 1024


class CentreAway(Exception):
    """The centre could not be reached or did not answer as agreed; the message says how."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status code, ETag and body of one HTTP answer."""

    status: int
    etag: str
    body: bytes


class CentreClient:
    """Plain HTTP with a bearer token over one kept connection."""

    def __init__(self, base_url: str, token: str, *, timeout_s: float = TIMEOUT_S) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"Địa chỉ trung tâm không hợp lệ: {base_url!r}. Hãy dùng dạng http://máy:cổng")
        self._prefix = parts.path.rstrip("/")
        self._token = token
        self._connection: http.client.HTTPConnection
        if parts.scheme == "https":
            tls = ssl.create_default_context()
            self._connection = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=timeout_s, context=tls)
        else:
            self._connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout_s)

    def get(self, path: str, *, etag: str = "") -> Answer:
        return self._ask("GET", path, None, {"If-None-Match": etag} if etag else {})

    def post(self, path: str, value: Any) -> Answer:
        body = json.dumps(value, ensure_ascii=False).encode()
        return self._ask("POST", path, body, {"Content-Type": "application/json"})

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        headers = {"Authorization": f"Bearer {self._token}", **headers}
        try:
            self._connection.request(method, self._prefix + path, body, headers)
            answer = self._connection.getresponse()
            found = Answer(answer.status, answer.headers.get("ETag", ""), answer.read(ANSWER_BYTES_MAX))
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise CentreAway(str(error) or type(error).__name__) from error
        if answer.will_close:
            self._connection.close()
        if found.status >= 400:
            raise CentreAway(f"HTTP {found.status}")
        return found


class CentreLink:
    """One thread: polls the desired state, delivers events at least once, sends status.

    `wanted` is called from that thread with each new desired state. The last one is kept in `kept_spec`, so
    that recording starts with the centre away.
    """

    def __init__(
        self,
        client: CentreClient | None,
        *,
        clock: Clock,
        kept_spec: Path,
        spool: Path,
        wanted: Callable[[NodeSpec], None],
        statuses: Callable[[], list[CameraStatus]],
    ) -> None:
        self._client, self._clock = client, clock
        self._kept_spec, self._spool_path = kept_spec, spool
        self._wanted, self._statuses = wanted, statuses
        self._etag = ""
        self._away = False
        self._unstored: list[Event] = []
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._changed = threading.Event()
        self._stopping = threading.Event()
        self._due = dict.fromkeys(("spec", "events", "status"), 0)
        self._spool = EventSpool(spool, clock=clock)
        self._thread = threading.Thread(target=self._run, name="centre", daemon=True)

    def start(self) -> None:
        """Begin with the kept desired state, then with the centre's."""
        kept = read_private(self._kept_spec)
        if kept is not None:
            self._adopt(kept)
        self._thread.start()

    def tell(self, event: Event) -> None:
        """Keep and deliver `event`; returns at once."""
        self._events.put(event)
        self._changed.set()

    def status_changed(self) -> None:
        """Send all statuses within a second rather than at the next ten."""
        self._due["status"] = min(self._due["status"], self._clock.monotonic() + SECOND)
        self._changed.set()

    def close(self, *, timeout_s: float = 2 * TIMEOUT_S) -> None:
        """Store what waits, try to deliver it once more, and end the thread."""
        self._stopping.set()
        self._changed.set()
        self._thread.join(timeout_s)

    # -- the thread

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._changed.wait(0.5)
            self._changed.clear()
            self._turn_safely()
        self._due = dict.fromkeys(self._due, 0)
        self._turn_safely()
        self._spool.close()
        if self._client is not None:
            self._client.close()

    def _turn_safely(self) -> None:
        """A disk that is full must not end the talk with the centre: it is what the centre has to hear of."""
        try:
            self._turn()
        except (sqlite3.Error, OSError) as error:
            log.error("Không ghi được vùng đệm của nút, sẽ thử lại: %s", error)

    def _turn(self) -> None:
        self._store_events()
        if self._client is None:
            return
        now = self._clock.monotonic()
        tasks = {
            "spec": (self._fetch_spec, POLL_EVERY_US),
            "events": (self._deliver, RETRY_EVENTS_US),
            "status": (self._send_status, STATUS_EVERY_US),
        }
        for name, (task, every_us) in tasks.items():
            if now >= self._due[name]:
                self._due[name] = now + every_us
                if not self._attempt(task):
                    return

    def _attempt(self, task: Callable[[], None]) -> bool:
        try:
            task()
        except CentreAway as error:
            if not self._away:
                log.warning("Không liên lạc được với trung tâm, vẫn ghi hình: %s", error)
            self._away = True
            return False
        if self._away:
            log.info("Đã liên lạc lại được với trung tâm")
        self._away = False
        return True

    def _store_events(self) -> None:
        waiting = self._unstored
        while not self._events.empty():
            waiting.append(self._events.get())
        if waiting:
            del waiting[:-UNSTORED_MAX]
            self._spool.add(*waiting)
            waiting.clear()
            self._due["events"] = 0 if not self._away else self._due["events"]

    def _fetch_spec(self) -> None:
        answer = self._api().get("/api/node/spec", etag=self._etag)
        if answer.status == 304:
            return
        if self._adopt(answer.body):
            self._etag = answer.etag
            write_private(self._kept_spec, answer.body)

    def _adopt(self, body: bytes) -> bool:
        try:
            spec = load(NodeSpec, json.loads(body))
        except (ValueError, ContractError) as error:
            log.error("Không hiểu danh sách camera của trung tâm, giữ danh sách cũ: %s", error)
            return False
        self._wanted(spec)
        return True

    def _deliver(self) -> None:
        while (batch := self._spool.next_batch()) is not None:
            self._api().post("/api/node/events", dump(batch))
            self._spool.delivered(batch)

    def _send_status(self) -> None:
        self._api().post("/api/node/status", {"statuses": dump(self._statuses())})

    def _api(self) -> CentreClient:
        if self._client is None:
            raise CentreAway("no centre")
        return self._client
