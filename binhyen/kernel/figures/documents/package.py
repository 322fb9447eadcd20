"""The ZIP and XML below DOCX and XLSX: sizes bounded, document types (and with them entities) refused (promise S06)."""

import io
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.parsers import expat

from binhyen.kernel.figures.documents.errors import Unreadable

PART_BYTES_MAX = 64 * 1024 * 1024
"""Of one part, unpacked: a text of a thousand pages has about 10 MB of XML."""


class Package:
    """An Office file in memory."""

    def __init__(self, raw: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
        except zipfile.BadZipFile as error:
            raise Unreadable("Tệp Office bị hỏng nên không mở được. Hãy lưu lại tệp rồi thử lần nữa.") from error

    def names(self) -> list[str]:
        """Of all parts, as the file lists them."""
        return self._zip.namelist()

    def tree(self, name: str) -> ElementTree.Element:
        """The XML of a part. Raises Unreadable."""
        return parsed(self._read(name))

    def _read(self, name: str) -> bytes:
        try:
            with self._zip.open(name) as part:
                content = part.read(PART_BYTES_MAX + 1)
        except (KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
            raise Unreadable(f"Tệp Office thiếu phần {name} hoặc có mật khẩu nên không đọc được.") from error
        if len(content) > PART_BYTES_MAX:
            raise Unreadable("Tệp Office giải nén quá lớn nên không đọc. Hãy tách thành nhiều tệp nhỏ.")
        return content


def parsed(content: bytes) -> ElementTree.Element:
    """An element tree of `content`, which may declare no document type."""
    builder = ElementTree.TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise Unreadable("Tệp Office có khai báo kiểu tài liệu (DTD) nên không đọc vì lý do an toàn.")

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: builder.start(_local(name), _plain(attributes))
    parser.EndElementHandler = lambda name: builder.end(_local(name))
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(content, True)
        return builder.close()
    except expat.ExpatError as error:
        raise Unreadable("Nội dung tệp Office bị hỏng nên không đọc được.") from error


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _plain(attributes: dict[str, str]) -> dict[str, str]:
    return {_local(name): value for name, value in attributes.items()}


def texts(element: ElementTree.Element, name: str) -> Iterator[str]:
    """Texts of all `name` below `element`."""
    return (each.text or "" for each in element.iter(name))
