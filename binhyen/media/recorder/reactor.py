"""One epoll loop: sockets that want to be served at once, a way to be woken, and nothing else."""

import os
import select
from collections.abc import Callable

Ready = Callable[[bool, bool], None]
_IN = select.EPOLLIN | select.EPOLLHUP | select.EPOLLERR | select.EPOLLRDHUP


class EpollReactor:
    """`wake` may be called from any thread and from a signal handler; all else from the loop's own thread."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._ready: dict[int, Ready] = {}
        self._bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._epoll.register(self._bell, select.EPOLLIN)

    def add(self, fd: int, ready: Ready, *, writing: bool = False) -> None:
        self._ready[fd] = ready
        self._epoll.register(fd, select.EPOLLIN | (select.EPOLLOUT if writing else 0))

    def change(self, fd: int, *, writing: bool) -> None:
        events = select.EPOLLIN | (select.EPOLLOUT if writing else 0)
        try:
            self._epoll.modify(fd, events)
        except FileNotFoundError:  # the number belongs to a new socket now
            self._epoll.register(fd, events)

    def remove(self, fd: int) -> None:
        """The descriptor may already be closed."""
        if self._ready.pop(fd, None) is None:
            return
        try:
            self._epoll.unregister(fd)
        except (OSError, ValueError):  # closed: the kernel has forgotten it already
            return

    def turn(self, timeout_s: float) -> None:
        """Wait at most `timeout_s` and serve what is ready."""
        for fd, events in self._epoll.poll(max(0.0, timeout_s)):
            if fd == self._bell:
                os.eventfd_read(self._bell)
                continue
            ready = self._ready.get(fd)
            if ready is not None:
                ready(bool(events & _IN), bool(events & select.EPOLLOUT))

    def wake(self) -> None:
        """Does nothing once the loop is closed."""
        if not self._epoll.closed:
            os.eventfd_write(self._bell, 1)

    def close(self) -> None:
        self._epoll.close()
        os.close(self._bell)
