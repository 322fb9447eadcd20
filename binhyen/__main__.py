"""The `binhyen` command. Every process and tool of the product is listed here."""

import argparse
import importlib
import sys

COMMANDS = {
    "up": "chạy toàn bộ hệ thống trên máy này",
    "status": "tình trạng hệ thống đang chạy",
    "doctor": "kiểm tra máy và thư mục dữ liệu",
    "demo": "chạy thử với một xã giả định",
    "backup": "sao lưu khi đang chạy; kiểm tra bản sao lưu",
    "restore": "phục hồi bản sao lưu vào thư mục trống",
    "camera": "thêm, liệt kê, kiểm tra camera",
    "record": "tiến trình ghi hình",
    "live": "tiến trình phát hình trực tiếp và xem lại",
    "store": "kho hình: dựng lại hoặc chia chỉ mục",
    "jobs": "tiến trình làm việc nền",
    "testcam": "camera mô phỏng nói RTSP",
    "evidence": "kiểm tra gói chứng cứ",
    "contributions": "kiểm tra tổng đóng góp đã công bố",
    "audit": "kiểm tra nhật ký",
    "units": "danh mục đơn vị: nhập, tra cứu",
    "figures": "kiểm tra số liệu của một văn bản",
    "measures": "tính lại số liệu từ các dòng",
    "bench": "đo hiệu năng",
    "manage": "lệnh quản trị của Django",
}


def main(argv: list[str] | None = None) -> int:
    """Run one command; only its own module is imported, so each starts as fast as it can."""
    arguments = sys.argv[1:] if argv is None else argv
    parser = argparse.ArgumentParser(prog="binhyen", description="Bình Yên")
    subparsers = parser.add_subparsers(dest="command", metavar="LỆNH")
    chosen = arguments[0] if arguments and arguments[0] in COMMANDS else None
    for name, summary in COMMANDS.items():
        sub = subparsers.add_parser(name, help=summary, description=summary)
        if name == chosen:
            importlib.import_module(f"binhyen.commands.{name}").register(sub)
    if chosen is None:
        parser.parse_args(arguments)
        parser.print_help()
        return 2
    return int(importlib.import_module(f"binhyen.commands.{chosen}").run(parser.parse_args(arguments)) or 0)


if __name__ == "__main__":
    sys.exit(main())
