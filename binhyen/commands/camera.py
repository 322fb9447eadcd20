"""`binhyen camera`: add a camera, list them, check what an address is before it is added."""

import argparse
import dataclasses
import json
import os
import sys
from typing import Any

from binhyen.commands.database import NoDatabase, add_data_argument, use_installation

CHECK_SECONDS = 15.0


def register(parser: argparse.ArgumentParser) -> None:
    """add, list, check."""
    does = parser.add_subparsers(dest="does", required=True, metavar="VIỆC")
    add = does.add_parser("add", help="thêm một camera", description="Thêm một camera vào hệ thống đang chạy.")
    add.add_argument("name", metavar="TÊN", help="nơi đặt, như người ở đó gọi")
    add.add_argument("url", metavar="URL", help="rtsp://tài-khoản:mật-khẩu@máy/luồng; “-” để đọc từ đầu vào chuẩn")
    add.add_argument("--unit", required=True, metavar="MÃ", help="mã đơn vị quản lý")
    add.add_argument("--tier", required=True, type=int, choices=(1, 2, 3), help="tầng; 3 là hộ gia đình, cần --owner")
    add.add_argument("--code", default="", metavar="MÃ", help="mã camera (mặc định: hệ thống đặt)")
    add.add_argument("--sub-url", default="", metavar="URL", help="luồng phụ")
    add.add_argument("--owner", metavar="TÀI_KHOẢN", help="chủ camera, cho tầng 3")
    add.add_argument("--address", default="", metavar="NƠI", help="nơi đặt của camera hộ gia đình (được niêm phong)")
    add.add_argument("--lat", type=float, metavar="ĐỘ", help="vĩ độ")
    add.add_argument("--lon", type=float, metavar="ĐỘ", help="kinh độ")
    add.add_argument("--retention-days", type=int, default=30, metavar="N", help="số ngày lưu (mặc định: 30)")
    listing = does.add_parser("list", help="liệt kê camera", description="Liệt kê camera và tình trạng.")
    check = does.add_parser("check", help="xem một địa chỉ là camera gì", description="Kết nối thử vài giây.")
    check.add_argument("url", metavar="URL", help="địa chỉ luồng; “-” để đọc từ đầu vào chuẩn")
    check.add_argument("--strict", action="store_true", help="từ chối địa chỉ mà máy ghi từ chối (chính máy này, tệp)")
    for sub in (add, listing, check):
        sub.add_argument("--json", action="store_true", help="in JSON")
    for sub in (add, listing):
        add_data_argument(sub)


def run(args: argparse.Namespace) -> int:
    """Exit 0 when done, 1 when it could not be done, with a sentence why."""
    if args.does == "check":
        return _check(args)
    try:
        use_installation(args.data)
    except NoDatabase as error:
        return _failed(str(error), args)
    from django.db import OperationalError

    from binhyen.kernel.units.authority import Refused

    try:
        return _add(args) if args.does == "add" else _list(args)
    except Refused as error:
        return _failed(f"{error.refusal.sentence} {error.refusal.remedy}".strip(), args)
    except OperationalError:
        return _failed("Không kết nối được cơ sở dữ liệu. Hãy kiểm tra: binhyen status", args)
    except ValueError as error:  # AddressRefused, CodeTaken, and what is wrong with an argument
        return _failed(str(error), args)


def _failed(sentence: str, args: argparse.Namespace) -> int:
    print(json.dumps({"error": sentence}, ensure_ascii=False) if args.json else sentence, file=sys.stderr)
    return 1


def _add(args: argparse.Namespace) -> int:
    code = _added(args)
    print(json.dumps({"code": code}) if args.json else f"Đã thêm camera {code}. Máy ghi kết nối trong vài giây.")
    return 0


def _added(args: argparse.Namespace) -> str:
    from binhyen.kernel.units.authority import across_units
    from binhyen.modules.cameras import public as cameras

    facts: dict[str, Any] = {
        "unit": _unit(args.unit),
        "name": args.name,
        "url": _typed(args.url),
        "sub_url": args.sub_url,
        "latitude": args.lat,
        "longitude": args.lon,
        "retention_days": args.retention_days,
    }
    if (args.lat is None) != (args.lon is None):
        raise ValueError("--lat và --lon phải cùng có hoặc cùng bỏ.")
    if not 1 <= args.retention_days <= 365:
        raise ValueError(f"--retention-days {args.retention_days}: phải từ 1 đến 365 ngày.")
    with across_units():
        if args.tier == cameras.Tier.HOUSEHOLD:
            return cameras.add_household_camera(by=None, owner=_owner(args), address=args.address, **facts).code
        return cameras.add_camera(by=None, tier=args.tier, code=args.code, **facts).code


def _unit(code: str) -> Any:
    from binhyen.kernel.units.models import Unit

    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        known = ", ".join(Unit.objects.order_by("path").values_list("code", flat=True)[:20]) or "chưa có đơn vị nào"
        raise ValueError(f"--unit {code}: không có đơn vị này. Các đơn vị: {known}.")
    return unit


def _owner(args: argparse.Namespace) -> Any:
    from binhyen.kernel.accounts.models import User

    if not args.owner:
        raise ValueError("Camera tầng 3 cần --owner: tài khoản của chủ camera.")
    owner = User.objects.filter(username=args.owner).first()
    if owner is None:
        raise ValueError(f"--owner {args.owner}: không có tài khoản này.")
    return owner


def _list(args: argparse.Namespace) -> int:
    rows = _rows()
    if args.json:
        print(json.dumps(rows, ensure_ascii=False))
        return 0
    for row in rows:
        print(f"{row['code']:16} tầng {row['tier']}  {row['unit']:10} {row['state']:11} {row['name']}")
    if not rows:
        print("Chưa có camera nào. Hãy thêm: binhyen camera add TÊN URL --unit MÃ --tier 1|2|3")
    return 0


def _rows() -> list[dict[str, Any]]:
    from django.utils.timezone import now

    from binhyen.kernel.units.authority import across_units
    from binhyen.modules.cameras.models import Camera
    from binhyen.modules.cameras.queries import condition_of

    with across_units():
        cameras = list(Camera.objects.select_related("unit", "report").order_by("code"))
    return [_row(camera, condition_of(camera, now())) for camera in cameras]


def _row(camera: Any, condition: Any) -> dict[str, Any]:
    report = condition.report
    return {
        "code": camera.code,
        "name": camera.name,
        "unit": camera.unit.code,
        "tier": camera.tier,
        "recording": camera.recording,
        "retention_days": camera.retention_days,
        "state": str(condition.state),
        "state_label": condition.label,
        "since": condition.since.isoformat() if condition.since else None,
        "frames_per_second": report.frames_per_second if report else None,
        "bits_per_second": report.bits_per_second if report else None,
        "last_frame_at": report.last_frame_at if report else None,
        "gaps_last_day": report.gaps_last_day if report else None,
        "clock_offset_us": report.clock_offset_us if report else None,
        "codec": report.codec if report else "",
        "width": report.width if report else 0,
        "height": report.height if report else 0,
        "error": report.error if report else "",
    }


def _check(args: argparse.Namespace) -> int:
    from binhyen.media.probe import probe
    from binhyen.media.sources.address import AddressPolicy

    here = not args.strict or os.environ.get("BINHYEN_ALLOW_LOOPBACK_CAMERAS") == "1"
    policy = AddressPolicy(allow_loopback=here, allow_files=not args.strict)
    report = probe(_typed(args.url), timeout_s=CHECK_SECONDS, address_policy=policy)
    if args.json:
        print(json.dumps(dataclasses.asdict(report), ensure_ascii=False))
    elif report.error:
        print(report.error)
    else:
        rate = f"{report.bits_per_second / 1000:.0f} kbit/s"
        print(f"{report.what}: {report.codec} {report.width}×{report.height}, {report.fps:.1f} khung/giây, {rate}")
    return 1 if report.error else 0


def _typed(url: str) -> str:
    """A password on the command line can be read by everyone on the machine; “-” takes it from standard input."""
    return sys.stdin.readline().strip() if url == "-" else url
