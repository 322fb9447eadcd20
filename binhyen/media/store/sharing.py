"""Giving each recorder process the rows of its cameras after their number has changed.

Only the indexes change; files stay where they are. Rows are copied before they are removed, so a kill in between
leaves some twice, which readers tolerate and the next run ends.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from binhyen.media.store.index import SegmentIndex
from binhyen.media.store.layout import index_path, index_paths, shard_of

TABLES = ("segments", "gaps", "open_segments", "highest_numbers")


class IndexesMissing(Exception):
    """An index that should be there is not, or cannot be read: only the files can tell (`binhyen store rebuild`)."""


def share_out(store: Path, shards: int) -> int:
    """Put every camera's rows into the index of the recorder that has it among `shards`, and remove the indexes
    beyond them. No recorder may run. Returns how many cameras moved. Raises IndexesMissing; no row is lost then."""
    paths = index_paths(store)
    if set(paths) != {index_path(store, shard) for shard in range(len(paths))}:
        raise IndexesMissing
    try:
        moved = sum(_share_one(store, path, shards) for path in paths)
    except sqlite3.DatabaseError as error:
        raise IndexesMissing from error
    for path in set(paths) - {index_path(store, shard) for shard in range(shards)}:
        for each in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
            each.unlink(missing_ok=True)
    return moved


def _share_one(store: Path, path: Path, shards: int) -> int:
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        moving = {camera: index_path(store, shard_of(camera, shards)) for camera in _cameras(database)}
        moving = {camera: target for camera, target in moving.items() if target != path}
        for target in set(moving.values()):
            SegmentIndex(target).close()  # so that there are tables to copy into
        for camera, target in moving.items():
            _move(database, camera, target)
    return len(moving)


def _cameras(database: sqlite3.Connection) -> list[str]:
    query = " UNION ".join(f"SELECT camera FROM {table}" for table in TABLES)  # noqa: S608  # names of our own tables
    return [row[0] for row in database.execute(query)]


def _move(database: sqlite3.Connection, camera: str, target: Path) -> None:
    """Copy in one transaction of the target, then remove in one of the source."""
    database.execute("ATTACH ? AS target", (str(target),))
    try:
        for does in ("INSERT OR REPLACE INTO target.{table} SELECT * FROM main.{table}", "DELETE FROM main.{table}"):
            database.execute("BEGIN IMMEDIATE")
            for table in TABLES:
                database.execute(f"{does.format(table=table)} WHERE camera = ?", (camera,))
            database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise
    finally:
        database.execute("DETACH target")
