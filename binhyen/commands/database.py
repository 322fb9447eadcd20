"""How a command reaches the database of an installation: the one that runs on a data folder, or `DATABASE_URL`."""

import argparse
import json
import logging
import os
from pathlib import Path

from binhyen.supervisor.state import NAME, NotRunningError, read_state


class NoDatabase(Exception):
    """There is no database to speak to; the message is a sentence."""


def add_data_argument(parser: argparse.ArgumentParser) -> None:
    """`--data DIR`."""
    parser.add_argument(
        "--data", type=Path, default=Path("data"), metavar="DIR", help="thư mục dữ liệu (mặc định: data)"
    )


def use_installation(data: Path) -> None:
    """Make Django ready for the installation in `data`. Raises NoDatabase."""
    root = data.absolute()
    os.environ["BINHYEN_DATA"] = str(root)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "binhyen.settings")
    if "DATABASE_URL" not in os.environ:
        os.environ["DATABASE_URL"] = _running_database(root)
    logging.disable(logging.INFO)  # what modules say while they load is for a server's log, not for a person here
    import django

    django.setup()


def _running_database(root: Path) -> str:
    try:
        state = read_state(root)
        told = json.loads((root / "run" / NAME).read_text())
    except NotRunningError as error:
        raise NoDatabase(str(error)) from error
    except PermissionError as error:
        raise NoDatabase(
            f"Không đọc được {error.filename}: không có quyền. Hãy chạy bằng tài khoản đang chạy Bình Yên."
        ) from error
    if told.get("allow_loopback_cameras"):  # as the recorder of this installation was told
        os.environ["BINHYEN_ALLOW_LOOPBACK_CAMERAS"] = "1"
    return state.database_url
