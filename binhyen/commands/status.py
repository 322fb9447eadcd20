"""`binhyen status`: what of this installation runs."""

import argparse
import json
import sys
import urllib.error
import urllib.request
from pathlib import Path

from binhyen.supervisor.state import NotRunningError, State, read_state


def register(parser: argparse.ArgumentParser) -> None:
    """Which installation, and in which form."""
    parser.add_argument(
        "--data", type=Path, default=Path("data"), metavar="DIR", help="thư mục dữ liệu (mặc định: data)"
    )
    parser.add_argument("--json", action="store_true", help="in một đối tượng JSON")


def run(args: argparse.Namespace) -> int:
    """Exit 0 when everything runs, 1 when something does not, 3 when nothing does."""
    try:
        state = read_state(args.data.absolute())
    except NotRunningError as error:
        print(json.dumps({"running": False, "detail": str(error)}, ensure_ascii=False) if args.json else error)
        return 3
    answers = _answers(state.url)
    healthy = answers and all(process["running"] for process in state.processes.values())
    if args.json:
        print(json.dumps({"running": True, "healthy": healthy, **_shown(state)}, ensure_ascii=False))
    else:
        _print(state, answers)
    return 0 if healthy else 1


def _shown(state: State) -> dict[str, object]:
    return {
        "url": state.url,
        "version": state.version,
        "pid": state.pid,
        "started_at": state.started_at,
        "ready": state.ready,
        "processes": state.processes,
    }


def _print(state: State, answers: bool) -> None:
    print(f"Bình Yên {state.version}, chạy từ {state.started_at}")
    print(f"Trang web {state.url}: {'trả lời' if answers else 'KHÔNG trả lời'}")
    for name, process in state.processes.items():
        condition = "đang chạy" if process["running"] else "ĐÃ DỪNG"
        restarts = f", đã chạy lại {process['restarts']} lần" if process["restarts"] else ""
        print(f"  {name:10} {condition} (tiến trình {process['pid']}{restarts})")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/suc-khoe/", timeout=5) as answer:  # noqa: S310  # our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError) as error:
        print(f"{url}: {error}", file=sys.stderr)
        return False
