"""`binhyen bench NAME`: one measurement, one JSON object as the last line."""

import argparse
import importlib

MEASUREMENTS = {
    "recorder": "bộ ghi hình so với ffmpeg và mức sàn",
    "soak": "nhiều camera trong nhiều phút, một phần năm bị lỗi",
    "live": "độ trễ hình trực tiếp",
    "export": "tốc độ đóng gói chứng cứ",
    "measures": "số liệu của 3.321 xã so với câu GROUP BY trên các dòng",
    "users": "500 người cùng lúc, trong khi một người tải về tất cả",
    "blind": "hỏi hình của 1.621 camera mà không biết hộ nào có camera",
    "lists": "danh sách một triệu dòng so với trang quản trị của Django",
}


def register(parser: argparse.ArgumentParser) -> None:
    """Arguments of the command: each measurement brings its own."""
    names = parser.add_subparsers(dest="measurement", metavar="PHÉP ĐO", required=True)
    for name, summary in MEASUREMENTS.items():
        sub = names.add_parser(name, help=summary, description=summary)
        sub.add_argument("--json", action="store_true", help="chỉ in một đối tượng JSON ở dòng cuối")
        try:
            importlib.import_module(f"binhyen.bench.{name}").register(sub)
        except ModuleNotFoundError as error:
            if error.name != f"binhyen.bench.{name}":
                raise


def run(arguments: argparse.Namespace) -> int:
    """Measure."""
    return int(importlib.import_module(f"binhyen.bench.{arguments.measurement}").run(arguments))
