"""`binhyen demo`: the station with a made-up commune, people of every role and six simulated cameras."""

import argparse
import json
import subprocess
import sys
import time
import webbrowser
from pathlib import Path
from typing import Any

from binhyen.commands.demo.places import PLACES, SIMULATED
from binhyen.commands.demo.stories import STORIES
from binhyen.commands.up import START_ERRORS
from binhyen.supervisor.folder import DataFolder
from binhyen.supervisor.processes import ChildSpec, python
from binhyen.supervisor.up import StartError, Station

CAMERAS = len(PLACES)
CAMERAS_READY_WITHIN_S = 180.0
MINUTE_S = 60.0


def register(parser: argparse.ArgumentParser) -> None:
    """What to show and for how long."""
    parser.add_argument(
        "--clips", type=Path, metavar="DIR", help="phát các đoạn phim trong DIR thay cho cảnh phố tự vẽ"
    )
    parser.add_argument(
        "--data", type=Path, default=Path("data"), metavar="DIR", help="thư mục dữ liệu (mặc định: data)"
    )
    parser.add_argument("--port", type=int, default=8700, metavar="N", help="cổng của trang web (mặc định: 8700)")
    told = "; ".join(f"{name}: {about}" for name, about in STORIES.items())
    parser.add_argument(
        "--story", choices=list(STORIES), help=f"thêm dữ liệu giả định dựng lại một câu chuyện ({told})"
    )
    parser.add_argument("--headless", action="store_true", help="không mở trình duyệt")
    parser.add_argument("--minutes", type=float, metavar="N", help="tự dừng sau N phút")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="nơi giữ phim đã vẽ (mặc định: trong --data)")
    parser.add_argument("--scene-seconds", type=float, metavar="N", help="cảnh tự vẽ dài N giây (mặc định: 40)")


def run(args: argparse.Namespace) -> int:
    """Start the station, the cameras and the people; print one JSON line when ready; end all on Ctrl-C."""
    if args.clips and not args.clips.is_dir():
        print(f"Không có thư mục {args.clips}. Hãy chỉ đúng thư mục chứa các đoạn phim.", file=sys.stderr)
        return 1
    environment = {"BINHYEN_DEMO": "1", "BINHYEN_ALLOW_LOOPBACK_CAMERAS": "1"}
    station = Station(DataFolder(args.data.absolute()), args.port, environment=environment)
    try:
        state = station.start()
        cameras = _start_cameras(station, _what_is_played(args), args.cache or args.data / "testcam")
        logins = _people(station, cameras, args.story)
        _report_for_the_story(station)
        _announce(station, state.url, logins)
        print(json.dumps({"ready": True, "url": state.url, "logins": logins}, ensure_ascii=False), flush=True)
        if not args.headless:
            webbrowser.open(state.url)
        station.run_until(time.monotonic() + args.minutes * MINUTE_S if args.minutes else None)
        station.say("Đang dừng…")
    except START_ERRORS as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        station.stop()
    return 0


def _what_is_played(args: argparse.Namespace) -> list[str]:
    """The clips or the scenes, as `binhyen testcam` takes them."""
    if args.clips:
        return ["--clips", str(args.clips.absolute())]
    length = ["--scene-seconds", str(args.scene_seconds)] if args.scene_seconds else []
    return [*length, *(word for place in PLACES for word in ("--scene", place.scene))]


def _start_cameras(station: Station, source: list[str], cache: Path) -> list[dict[str, Any]]:
    """Start the simulated cameras and return what they print: name, url, sub_url of each."""
    station.say("Đang chuẩn bị sáu camera mô phỏng (lần đầu phải vẽ cảnh, khoảng nửa phút)…")
    announced = station.folder.run / "testcam.json"
    announced.unlink(missing_ok=True)
    command = python("binhyen", "testcam", *source, "--count", str(CAMERAS), "--announce", str(announced))
    command += ["--cache", str(cache.absolute()), "--user", "demo", "--password-file", _password(station)]
    log = station.folder.log / "testcam.log"
    station.add(
        ChildSpec("testcam", command, log, station.environment, is_ready=announced.exists),
        within_s=CAMERAS_READY_WITHIN_S,
    )
    cameras = json.loads(announced.read_text())["cameras"]
    if not cameras:
        raise StartError(f"Không có đoạn phim nào đọc được; xem {log}.")
    return [cameras[n % len(cameras)] for n in range(CAMERAS)]


def _report_for_the_story(station: Station) -> None:
    """Where a story has cameras that nobody records, somebody tells how they are."""
    cameras = station.folder.run / SIMULATED
    if not cameras.exists():
        return
    token_file = station.folder.keys / "node-token"
    command = python("binhyen.commands.demo.reporting", str(cameras), "--token-file", str(token_file))
    command += ["--centre", station.environment["BINHYEN_CENTRE_URL"]]
    station.add(ChildSpec("reporting", command, station.folder.log / "reporting.log", station.environment))


def _password(station: Station) -> str:
    from binhyen.installation import secret

    path = station.folder.keys / "testcam-password"
    secret(path)
    return str(path)


def _people(station: Station, cameras: list[dict[str, Any]], story: str | None) -> list[dict[str, str]]:
    """Fill the database, in a process of its own since the supervisor has no Django; returns the logins."""
    done = subprocess.run(
        python("binhyen.commands.demo.seed", *([story] if story else [])),
        input=json.dumps(cameras),
        env={**_environment(), **station.environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise StartError(f"Không tạo được dữ liệu giả định: {done.stderr.strip()[-800:]}")
    logins: list[dict[str, str]] = json.loads(done.stdout.splitlines()[-1])
    return logins


def _environment() -> dict[str, str]:
    import os

    return dict(os.environ)


def _announce(station: Station, url: str, logins: list[dict[str, str]]) -> None:
    station.say(
        f"\nBình Yên đã sẵn sàng: {url}\nTài khoản của bản chạy thử (mật khẩu chỉ in một lần, mỗi lần chạy một khác):"
    )
    for login in logins:
        station.say(f"  {login['username']:14} {login['password']:20} {login['role_label']}")
    station.say("Mã xác thực lớp hai được hiện sẵn trên trang đăng nhập của bản chạy thử. Ctrl-C để dừng.\n")
