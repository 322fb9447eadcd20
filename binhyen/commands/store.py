"""`binhyen store rebuild`: make the index of footage again from the files alone."""

import argparse
import fcntl
import sys
from pathlib import Path


def register(parser: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    actions = parser.add_subparsers(dest="action", metavar="VIỆC", required=True)
    rebuild = actions.add_parser("rebuild", help="dựng lại chỉ mục từ các tệp hình")
    rebuild.add_argument("--data", type=Path, default=Path("data"), help="thư mục dữ liệu (mặc định ./data)")
    rebuild.add_argument("--shards", type=int, help="số tiến trình ghi của nút (mặc định: như hiện có)")


def run(arguments: argparse.Namespace) -> int:
    """Rebuild every index of the data folder; exit status 1 with a sentence when that cannot be."""
    from binhyen.media.store import index_paths
    from binhyen.media.store.layout import STORE

    store = arguments.data / STORE
    if not store.is_dir():
        return _refuse(f"Không có kho hình ở {store}. Hãy kiểm tra --data.")
    shards = arguments.shards or max(1, len(index_paths(store)))
    if shards < 1:
        return _refuse(f"--shards phải từ 1 trở lên, không phải {shards}.")
    return max(_rebuild(arguments.data, store, shard, shards) for shard in range(shards))


def _rebuild(data: Path, store: Path, shard: int, shards: int) -> int:
    from binhyen.media.store import index_path, rebuild, shard_of
    from binhyen.media.store.layout import RUN, cameras_on_disk

    (data / RUN).mkdir(exist_ok=True)
    with (data / RUN / f"record-{shard}.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return _refuse(f"Đang có tiến trình ghi hình dùng {data}. Hãy dừng nó rồi dựng lại chỉ mục.")
        cameras = [each for each in cameras_on_disk(store) if shard_of(each, shards) == shard]
        report = rebuild(store, index_path(store, shard), cameras=cameras, progress=lambda code: print(f"  {code}"))
    print(
        f"Đã dựng lại chỉ mục của {len(cameras)} camera: {report.segments} đoạn hình,"
        f" sửa {report.repaired}, không đọc được {report.unreadable}."
    )
    return 0


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1
