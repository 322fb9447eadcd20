"""Run as a process: `look` compares the database's migrations with ours, `apply` brings what is missing."""

import json
import os
import sys
from collections.abc import Iterable
from typing import Any

from binhyen.supervisor.database import NEWER, UNFIT


def main(does: str) -> int:
    """Exit 0 when it went well; `look` prints what is missing as JSON. 3 and 4, with a sentence on stderr, where the
    schema is newer than ours or cannot be brought to ours."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "binhyen.settings")
    import django

    django.setup()
    return _look() if does == "look" else _apply()


def _look() -> int:
    from django.db import connection
    from django.db.migrations.exceptions import InconsistentMigrationHistory
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    unknown = _unknown(loader)
    if unknown:
        return _refuse(
            NEWER,
            f"Cơ sở dữ liệu thuộc một bản phần mềm mới hơn (có {_some(unknown)}). Chưa có gì bị thay đổi. "
            "Hãy cài đúng bản phần mềm mới, hoặc phục hồi bản sao lưu của bản này.",
        )
    try:
        loader.check_consistent_history(connection)
    except InconsistentMigrationHistory as error:
        return _refuse(
            UNFIT,
            f"Cấu trúc dữ liệu không theo bản phát hành nào ({error}). Chưa có gì bị thay đổi. "
            "Hãy phục hồi bản sao lưu gần nhất vào thư mục khác.",
        )
    missing = [f"{app}.{name}" for app, name in loader.disk_migrations if (app, name) not in loader.applied_migrations]
    print(json.dumps({"missing": sorted(missing), "empty": not loader.applied_migrations}))
    return 0


def _unknown(loader: Any) -> list[str]:
    ours = {app for app, _ in loader.disk_migrations}
    return sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in ours and (app, name) not in loader.disk_migrations
    )


def _some(names: Iterable[str]) -> str:
    return ", ".join(list(names)[:3])


def _refuse(code: int, sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return code


def _apply() -> int:
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
