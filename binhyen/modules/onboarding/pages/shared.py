"""What the pages have in common."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.http import Http404, HttpRequest

from binhyen.kernel.accounts.models import User
from binhyen.kernel.units.authority import open_to
from binhyen.kernel.units.roles import Role

for_registrars = open_to(Role.COMMUNE_OFFICER, Role.CHIEF, Role.IT_ADMIN)
MAY_SEE = frozenset({Role.COMMUNE_OFFICER, Role.CHIEF})
for_who_may_see = open_to(*MAY_SEE)
"""A technician takes cameras in without a picture, as everywhere."""

AT_ONCE = 3
BUSY = "Đang hỏi các camera khác. Hãy thử lại sau vài giây."
_places = threading.BoundedSemaphore(AT_ONCE)  # asking holds a thread of the server for as long as the camera takes


def user_in(request: HttpRequest) -> User:
    """The person of this request; `open_to` has let nobody else in."""
    user = request.authority.user  # type: ignore[attr-defined]  # set by AuthorityMiddleware
    if user is None:
        raise Http404
    return user


@contextmanager
def a_place() -> Iterator[bool]:
    """Whether there is a place to ask from."""
    got = _places.acquire(blocking=False)
    try:
        yield got
    finally:
        if got:
            _places.release()
