"""`binhyen store`: make the index of footage again from the files alone, or share it out among more recorders."""

import argparse
import fcntl
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path


def register(parser: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    actions = parser.add_subparsers(dest="action", metavar="VIỆC", required=True)
    rebuild = actions.add_parser("rebuild", help="dựng lại chỉ mục từ các tệp hình")
    share = actions.add_parser("share", help="chia chỉ mục cho số tiến trình ghi khác trước")
    for action in (rebuild, share):
        action.add_argument("--data", type=Path, default=Path("data"), help="thư mục dữ liệu (mặc định ./data)")
        action.add_argument("--shards", type=int, help="số tiến trình ghi của nút (mặc định: như hiện có)")


def run(arguments: argparse.Namespace) -> int:
    """Do it for every index of the data folder; exit status 1 with a sentence when that cannot be."""
    from binhyen.media.store import index_paths
    from binhyen.media.store.layout import RUN, STORE

    store = arguments.data / STORE
    if not store.is_dir():
        return _refuse(f"Không có kho hình ở {store}. Hãy kiểm tra --data.")
    present = max(1, len(index_paths(store)))
    shards = arguments.shards if arguments.shards is not None else present
    if shards < 1:
        return _refuse(f"--shards phải từ 1 trở lên, không phải {shards}.")
    try:
        with _alone(arguments.data / RUN, max(shards, present)):
            return (_share if arguments.action == "share" else _rebuild)(store, shards)
    except BlockingIOError:
        return _refuse(f"Đang có tiến trình ghi hình dùng {arguments.data}. Hãy dừng nó rồi dựng lại chỉ mục.")


@contextmanager
def _alone(run_folder: Path, shards: int) -> Iterator[None]:
    """No recorder runs until the end of the block. BlockingIOError where one does."""
    run_folder.mkdir(exist_ok=True)
    with ExitStack() as locks:
        for shard in range(shards):
            lock = locks.enter_context((run_folder / f"record-{shard}.lock").open("a"))
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def _share(store: Path, shards: int) -> int:
    from binhyen.media.store import IndexesMissing, share_out

    try:
        moved = share_out(store, shards)
    except IndexesMissing:
        print("Thiếu chỉ mục hoặc chỉ mục hỏng: dựng lại từ các tệp hình.")
        return _rebuild(store, shards)
    print(f"Đã chia chỉ mục cho {shards} tiến trình ghi: chuyển {moved} camera.")
    return 0


def _rebuild(store: Path, shards: int) -> int:
    from binhyen.media.store import index_path, rebuild, shard_of
    from binhyen.media.store.layout import cameras_on_disk

    for shard in range(shards):
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
