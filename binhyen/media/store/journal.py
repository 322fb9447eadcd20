"""Index rows on their way to SQLite, written by a thread of their own so that no slow disk holds up another."""

import logging
import sqlite3
import threading
import time
from collections import deque

from binhyen.media.store.index import Change, SegmentIndex

log = logging.getLogger(__name__)

WAITING_ROWS_MAX = 100_000  # hours of rows; beyond this the oldest are dropped and `binhyen store rebuild` finds them
_BATCH_WINDOW_S = 0.2
_RETRY_S = 2.0


class IndexJournal:
    """Takes changes at any rate from any thread and commits them in batches, in order."""

    def __init__(self, index: SegmentIndex) -> None:
        self._index = index
        self._waiting: deque[Change] = deque()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="index", daemon=True)
        self._thread.start()

    def put(self, *changes: Change) -> None:
        """Returns at once."""
        self._waiting.extend(changes)
        if len(self._waiting) > 2 * WAITING_ROWS_MAX:
            self._drop_oldest()
        self._wake.set()

    def settle(self, *, timeout_s: float = 5.0) -> None:
        """Wait until what has been put so far can be read from the index, or the time is up."""
        give_up_at = time.monotonic() + timeout_s
        while self._waiting and time.monotonic() < give_up_at:
            time.sleep(_BATCH_WINDOW_S / 4)

    def close(self, *, timeout_s: float = 10.0) -> None:
        """Commit what waits and end the thread."""
        self._stopping.set()
        self._wake.set()
        self._thread.join(timeout_s)

    def _run(self) -> None:
        while not (self._stopping.is_set() and not self._waiting):
            self._wake.wait()
            if not self._stopping.wait(_BATCH_WINDOW_S):
                self._wake.clear()
            if not self._commit():
                self._wake.set()
                if self._stopping.wait(_RETRY_S):
                    return

    def _commit(self) -> bool:
        batch = list(self._waiting)
        if not batch:
            return True
        try:
            self._index.write(batch)
        except (sqlite3.Error, OSError) as error:
            log.warning("Chưa ghi được chỉ mục kho hình, sẽ thử lại: %s", error)
            return False
        for change in batch:
            if self._waiting and self._waiting[0] is change:  # else it was dropped meanwhile
                self._waiting.popleft()
        return True

    def _drop_oldest(self) -> None:
        """The index could not be written for hours: forget half of what waits rather than the process."""
        log.error("Chỉ mục kho hình không ghi được đã lâu; hãy chạy binhyen store rebuild sau khi sửa ổ đĩa")
        for _ in range(WAITING_ROWS_MAX):
            self._waiting.popleft()
