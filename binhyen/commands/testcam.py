"""`binhyen testcam`: simulated cameras that speak real RTSP on loopback."""

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from binhyen.media.testcam import TestCameraServer

FAULTS = ("none", "silent", "garbage", "noise", "loss", "flap", "refuse", "bad_password", "parameter_change", "dead")


def register(parser: argparse.ArgumentParser) -> None:
    """What to play, where to listen, who may watch, what goes wrong."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--clips", type=Path, metavar="DIR", help="phát các đoạn phim trong thư mục")
    what.add_argument("--scene", action="append", metavar="TÊN", help="phát cảnh phố tự vẽ; lặp lại được; all: tất cả")
    parser.add_argument("--scene-seconds", type=float, metavar="N", help="cảnh tự vẽ dài N giây (mặc định: 40)")
    parser.add_argument("--count", type=int, metavar="N", help="số camera (mặc định: mỗi đoạn phim một camera)")
    parser.add_argument("--port", type=int, default=0, metavar="CỔNG", help="cổng RTSP trên loopback; 0: cổng trống")
    parser.add_argument("--user", default="", help="tên đăng nhập của camera")
    parser.add_argument("--password-file", type=Path, metavar="TỆP", help="tệp chứa mật khẩu của camera")
    parser.add_argument("--auth", choices=("basic", "digest"), default="digest", help="cách xác thực")
    parser.add_argument("--fault", choices=FAULTS, default="none", help="mọi camera cư xử sai theo cách này")
    parser.add_argument("--cache", type=Path, default=Path("data/testcam"), metavar="DIR", help="nơi giữ phim đã vẽ")
    parser.add_argument("--announce", type=Path, metavar="TỆP", help="khi sẵn sàng, ghi danh sách camera vào tệp này")


def run(args: argparse.Namespace) -> int:
    """Serve until SIGTERM or Ctrl-C; prints one JSON line when ready."""
    from binhyen.media.scene import SceneError

    try:
        server, cameras = _build(args)
    except (SceneError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    if not cameras:
        print(f"Không có đoạn phim nào phát được trong {args.clips}.", file=sys.stderr)
        return 1
    try:
        return asyncio.run(_serve(server, cameras, args))
    except OSError as error:
        print(f"Không mở được cổng {args.port}: {error.strerror}. Hãy chọn cổng khác bằng --port.", file=sys.stderr)
        return 1


def _build(args: argparse.Namespace) -> tuple["TestCameraServer", dict[str, str]]:
    """The server with its cameras, and the title of each by name."""
    from binhyen.media.testcam import TestCameraServer

    password = args.password_file.read_text().strip() if args.password_file else ""
    server = TestCameraServer(
        port=args.port, user=args.user, password=password, auth=args.auth if args.user else "none"
    )
    titles = {}
    clips = _clips(args)
    for number in range(args.count or len(clips)) if clips else ():
        title, main, sub = clips[number % len(clips)]
        name = f"cam{number + 1}"
        server.add(name, main, sub=sub, phase_s=3.1 * (number // len(clips)))
        titles[name] = title
    return server, titles


def _clips(args: argparse.Namespace) -> list[tuple[str, Any, Any]]:
    """`(title, main, sub)` of each clip or scene."""
    if args.clips:
        from binhyen.media.testcam.library import load_folder

        return [(each.title, each.main, each.sub) for each in load_folder(args.clips, args.cache, say=_say)]
    from binhyen.media.scene.catalogue import SCENES, load_scene, make_scenes, title_of

    names = SCENES if args.scene in (None, ["all"]) else tuple(args.scene)
    length = {"duration_s": args.scene_seconds} if args.scene_seconds else {}
    make_scenes(names, args.cache, say=_say, **length)
    return [(title_of(name), *load_scene(name, args.cache, **length)) for name in names]


async def _serve(server: "TestCameraServer", titles: dict[str, str], args: argparse.Namespace) -> int:
    from binhyen.media.testcam import Fault

    end = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, end.set)
    serving = asyncio.create_task(server.serve(end))
    await asyncio.wait({serving, asyncio.create_task(_listening(server))}, return_when=asyncio.FIRST_COMPLETED)
    if not serving.done():
        for name in titles:
            server.set_fault(name, Fault[args.fault.upper()])
        _announce(server, titles, args.announce)
    await serving
    return 0


async def _listening(server: "TestCameraServer") -> None:
    while not server.is_listening:
        await asyncio.sleep(0.02)


def _announce(server: "TestCameraServer", titles: dict[str, str], file: Path | None) -> None:
    cameras = [{"name": titles[n], "url": server.url(n), "sub_url": server.sub_url(n)} for n in titles]
    text = json.dumps({"ready": True, "cameras": cameras}, ensure_ascii=False)
    if file is None:
        print(text, flush=True)
        return
    beside = file.with_name(f".{file.name}")
    beside.touch(0o600)
    beside.write_text(text)  # the addresses carry the password: not on a terminal, not in a log
    beside.replace(file)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
