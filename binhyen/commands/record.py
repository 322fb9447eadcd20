"""`binhyen record`: the recorder process of a node."""

import argparse
import gc
import json
import logging
import os
import random
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from binhyen.contracts import NodeSpec

TOKEN_FILE = "keys/node-token"  # noqa: S105 (the name of a file)


def register(parser: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    parser.add_argument("--data", type=Path, default=Path("data"), help="thư mục dữ liệu (mặc định ./data)")
    parser.add_argument("--centre", metavar="URL", help="địa chỉ trung tâm, ví dụ http://127.0.0.1:8000")
    parser.add_argument("--spec", type=Path, metavar="TỆP", help="danh sách camera trong một tệp, thay cho trung tâm")
    parser.add_argument("--shard", type=_shard, default=(0, 1), metavar="I/N", help="phần I trong N tiến trình ghi")
    parser.add_argument(
        "--store", type=Path, action="append", default=[], metavar="Ổ", help="ổ chứa hình, lặp lại được"
    )
    parser.add_argument("--reserve-mb", type=int, metavar="MB", help="dung lượng luôn để trống trên mỗi ổ")
    parser.add_argument("--token-file", type=Path, metavar="TỆP", help=f"khoá của nút (mặc định {TOKEN_FILE})")
    parser.add_argument("--allow-loopback", action="store_true", help="cho phép camera trên chính máy này (chạy thử)")


def run(arguments: argparse.Namespace) -> int:
    """Record until SIGTERM or SIGINT; exit status 1 with a sentence when it cannot begin."""
    from binhyen.contracts import SystemClock
    from binhyen.media.recorder.centre import CentreClient
    from binhyen.media.recorder.node import NodeInUse, NodeOptions, RecorderNode
    from binhyen.media.recorder.opening import source_opener
    from binhyen.media.sources.address import AddressPolicy
    from binhyen.media.store import StoreOptions

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    if not arguments.centre and not arguments.spec:
        return _refuse("Hãy cho biết trung tâm (--centre URL) hoặc tệp danh sách camera (--spec TỆP).")
    clock = SystemClock()
    reserve = arguments.reserve_mb * 1024**2 if arguments.reserve_mb is not None else None
    try:
        spec = _read_spec(arguments.spec) if arguments.spec else None
        _prepare(arguments.data, *arguments.store)
        client = CentreClient(arguments.centre, _token(arguments)) if arguments.centre and spec is None else None
        node = RecorderNode(
            NodeOptions(
                data=arguments.data.resolve(),
                shard=arguments.shard[0],
                shards=arguments.shard[1],
                store=StoreOptions(folders=tuple(arguments.store), reserve_bytes=reserve),
                spec=spec,
            ),
            clock=clock,
            open_source=source_opener(clock, AddressPolicy(allow_loopback=arguments.allow_loopback)),
            random=random.SystemRandom().random,
            client=client,
        )
    except (NodeInUse, ValueError) as error:
        return _refuse(str(error))
    except OSError as error:
        return _refuse(f"Không dùng được {error.filename}: {error.strerror}. Hãy kiểm tra quyền và ổ đĩa.")
    node.stop_on_signals()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)  # pictures form no cycles; looking for some in them costs and finds nothing
    node.run()
    return 0


def _prepare(*folders: Path) -> None:
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise ValueError(f"Không ghi được vào thư mục {folder}: không có quyền. Hãy cấp quyền hoặc đổi thư mục.")


def _read_spec(path: Path) -> "NodeSpec":
    from binhyen.contracts import NodeSpec, load

    try:
        return load(NodeSpec, json.loads(path.read_bytes()))
    except json.JSONDecodeError as error:
        raise ValueError(f"Tệp {path} không phải JSON (dòng {error.lineno}). Hãy kiểm tra tệp.") from error


def _token(arguments: argparse.Namespace) -> str:
    path = arguments.token_file or arguments.data / TOKEN_FILE
    return str(path.read_text().strip())


def _shard(text: str) -> tuple[int, int]:
    part, _, parts = text.partition("/")
    if not (part.isdigit() and parts.isdigit() and 1 <= int(part) <= int(parts)):
        raise argparse.ArgumentTypeError(f"{text!r} không đúng dạng I/N, ví dụ 1/2")
    return int(part) - 1, int(parts)


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1
