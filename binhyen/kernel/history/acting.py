"""Who acts: carried beside the call, handed to the database before each statement that writes to a kept table."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from binhyen.kernel.accounts.models import User

KEPT_TABLES: set[str] = set()
"""Tables with the trigger; filled by `KeepHistory.register`."""

_WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)
_actor: ContextVar[tuple[str, str]] = ContextVar("actor", default=("", ""))


@contextmanager
def acting(by: "User | None", *, batch: str = "") -> Iterator[None]:
    """What is written inside is `by`'s doing (None: the system's); `batch` names what belongs together."""
    token = _actor.set((str(by.pk) if by else "", batch))
    try:
        yield
    finally:
        _actor.reset(token)


def tell_the_database(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """An execute wrapper. Set anew before every write: a rollback takes a setting back, a pool lends it to others."""
    written = _WRITES.match(sql)
    if written and written[1] in KEPT_TABLES:
        connection = context["connection"]
        with connection.connection.cursor() as cursor:  # psycopg's own: Django's would come back here
            cursor.execute(
                "SELECT set_config('binhyen.actor', %s, %s), set_config('binhyen.batch', %s, %s)",
                [*_actor.get()[:1], connection.in_atomic_block, *_actor.get()[1:], connection.in_atomic_block],
            )
    return execute(sql, params, many, context)


def listen(connection: Any, **kwargs: Any) -> None:
    """Receiver of `connection_created`."""
    if connection.vendor == "postgresql" and tell_the_database not in connection.execute_wrappers:
        connection.execute_wrappers.append(tell_the_database)


class ActorMiddleware:
    """What a request writes is the signed-in person's doing. Stands after AuthorityMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with acting(request.authority.user):  # type: ignore[attr-defined]  # set by AuthorityMiddleware
            return self.get_response(request)
