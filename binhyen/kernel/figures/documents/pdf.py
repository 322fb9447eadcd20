"""PDF with text, by PDFium. A scanned picture has none, which is said."""

import pypdfium2

from binhyen.kernel.figures.documents.errors import Unreadable

PAGES_MAX = 2000


def text_of(raw: bytes) -> str:
    """The text of all pages. Raises Unreadable."""
    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as error:
        raise Unreadable("Tệp PDF bị hỏng hoặc có mật khẩu nên không đọc được.") from error
    try:
        if len(document) > PAGES_MAX:
            raise Unreadable(f"Tệp PDF có hơn {PAGES_MAX} trang. Hãy tách thành nhiều tệp.")
        text = "\n".join(_page(document, number) for number in range(len(document)))
    finally:
        document.close()
    if not text.strip():
        raise Unreadable("Tệp PDF chỉ có ảnh, không có chữ. Hãy nhận dạng chữ (OCR) trước, hoặc dùng tệp gốc.")
    return text


def _page(document: pypdfium2.PdfDocument, number: int) -> str:
    page = document[number]
    try:
        words = page.get_textpage()
        read = str(words.get_text_bounded())
        words.close()
    finally:
        page.close()
    return read.replace("\r\n", "\n").replace("\r", "\n").replace("\ufffe", "")
