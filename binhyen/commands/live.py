"""`binhyen live`: the process that shows pictures, live and recorded, to the centre's web process."""

import argparse
import asyncio
import json
import os
import secrets
import signal
import sys
from pathlib import Path

TOKEN_VARIABLE = "BINHYEN_NODE_TOKEN"  # noqa: S105  # the name of the variable, not a token


def register(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("--data", type=Path, default=Path("data"), metavar="THƯ_MỤC", help="thư mục dữ liệu")
    parser.add_argument("--port", type=int, default=0, metavar="CỔNG", help="cổng trên loopback; 0: cổng trống")
    parser.add_argument(
        "--token-file", type=Path, metavar="TỆP", help=f"tệp chứa mã của máy; nếu không có thì lấy từ {TOKEN_VARIABLE}"
    )
    parser.add_argument("--allow-loopback", action="store_true", help="cho phép camera ở chính máy này (bản chạy thử)")


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGTERM or Ctrl-C; prints one JSON line when ready."""
    token = _token(arguments.token_file, arguments.data)
    if token is None:
        return 2
    return asyncio.run(_serve(arguments, token))


def _token(token_file: Path | None, folder: Path) -> str | None:
    """The token given, or one made for this run beside the data (a node on its own, for tests and trials)."""
    if token_file is None:
        return os.environ.get(TOKEN_VARIABLE) or _own_token(folder)
    try:
        token = token_file.read_text().strip()
    except OSError as error:
        print(f"Không đọc được tệp mã {token_file}: {error.strerror}. Hãy kiểm tra quyền của tệp.", file=sys.stderr)
        return None
    if not token:
        print(f"Tệp mã {token_file} trống. Hãy tạo lại mã của máy.", file=sys.stderr)
        return None
    return token


def _own_token(folder: Path) -> str:
    path = folder / "run" / "live-token"
    path.parent.mkdir(parents=True, exist_ok=True)
    token = secrets.token_urlsafe(32)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(token)
    return token


async def _serve(arguments: argparse.Namespace, token: str) -> int:
    from binhyen.media.live.node import application, serve
    from binhyen.media.sources.address import AddressPolicy

    loop = asyncio.get_running_loop()
    until = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, until.set)
    ready: asyncio.Future[int] = loop.create_future()
    ready.add_done_callback(_tell_ready)
    try:
        app = application(arguments.data, token, policy=AddressPolicy(allow_loopback=arguments.allow_loopback))
        await serve(app, port=arguments.port, ready=ready, until=until)
    except OSError as error:
        ready.cancel()
        sentence = f"Không mở được cổng {arguments.port}: {error.strerror}. Hãy chọn cổng khác bằng --port."
        print(sentence, file=sys.stderr)
        return 1
    return 0


def _tell_ready(ready: "asyncio.Future[int]") -> None:
    if not ready.cancelled():
        print(json.dumps({"ready": True, "port": ready.result()}), flush=True)
