"""“Sức khỏe”: whether this process can serve, for the supervisor and for who watches the station."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from binhyen.kernel.units.authority import public


@public
def health(request: HttpRequest) -> JsonResponse:
    """`{"ok", "database", "migrations"}`; 200 where all is well, else 503. Says nothing about why."""
    database = _database_answers()
    migrations = database and _is_migrated()
    body = {"ok": database and migrations, "database": database, "migrations": migrations}
    return JsonResponse(body, status=200 if body["ok"] else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


_migrated = False


def _is_migrated() -> bool:
    """A process never sees its own schema go back, so one yes is enough."""
    global _migrated  # asked every few seconds; reading all migrations costs 50 ms
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated
