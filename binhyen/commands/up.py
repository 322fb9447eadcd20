"""`binhyen up`: run the whole station on this machine."""

import argparse
import sys
from pathlib import Path

from binhyen.supervisor.database import SchemaError
from binhyen.supervisor.folder import DataFolder, FolderError
from binhyen.supervisor.postgres import PostgresError
from binhyen.supervisor.up import StartError, Station

START_ERRORS = (FolderError, PostgresError, SchemaError, StartError)


def register(parser: argparse.ArgumentParser) -> None:
    """Where the data lies and where to listen."""
    parser.add_argument(
        "--data", type=Path, default=Path("data"), metavar="DIR", help="thư mục dữ liệu (mặc định: data)"
    )
    parser.add_argument("--port", type=int, default=8700, metavar="N", help="cổng của trang web (mặc định: 8700)")
    parser.add_argument("--host", default="127.0.0.1", help="địa chỉ lắng nghe (mặc định: chỉ máy này)")


def run(args: argparse.Namespace) -> int:
    """Start, wait for Ctrl-C or SIGTERM, end all."""
    station = Station(DataFolder(args.data.absolute()), args.port, args.host)
    try:
        state = station.start()
        station.say(f"Bình Yên đã sẵn sàng: {state.url} (Ctrl-C để dừng)")
        station.run_until()
        station.say("Đang dừng…")
    except START_ERRORS as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        station.stop()
    return 0
