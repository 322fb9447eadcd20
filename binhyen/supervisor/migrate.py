"""Run as a process: compare the database's migrations with ours, then apply what is missing."""

import os
import sys


def main() -> int:
    """Exit 0 when the schema is ours, 3 (with a sentence on stderr) when it is newer."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "binhyen.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    ours = {app for app, _ in loader.disk_migrations}
    unknown = sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in ours and (app, name) not in loader.disk_migrations
    )
    if unknown:
        print(
            f"Cơ sở dữ liệu thuộc một bản phần mềm mới hơn (có {', '.join(unknown[:3])}). Chưa có gì bị thay đổi. "
            "Hãy cài đúng bản phần mềm mới, hoặc phục hồi bản sao lưu của bản này.",
            file=sys.stderr,
        )
        return 3
    missing = [key for key in loader.disk_migrations if key not in loader.applied_migrations]
    if missing:
        first = "" if loader.applied_migrations else " (lần đầu)"
        print(f"Đang cập nhật cấu trúc dữ liệu: {len(missing)} bước{first}…", flush=True)
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
