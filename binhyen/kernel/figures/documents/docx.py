"""DOCX: paragraphs with an empty line between them, list paragraphs after "- ", rows of tables with tabs."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from binhyen.kernel.figures.documents.package import Package

BODY = "word/document.xml"


def text_of(package: Package) -> str:
    """The text of the body in reading order."""
    body = package.tree(BODY).find("body")
    return "\n".join(_blocks(body)) + "\n" if body is not None else ""


def _blocks(parent: Element) -> Iterator[str]:
    for child in parent:
        if child.tag == "p":
            yield _paragraph(child)
            yield ""
        elif child.tag == "tbl":
            yield from (_row(row) for row in child.iter("tr"))
            yield ""
        elif child.tag in ("sdt", "sdtContent", "ins", "customXml"):
            yield from _blocks(child)


def _paragraph(paragraph: Element) -> str:
    text = "".join(_runs(paragraph)).strip()
    is_listed = paragraph.find("pPr/numPr") is not None
    return f"- {text}" if text and is_listed else text


def _runs(paragraph: Element) -> Iterator[str]:
    for each in paragraph.iter():
        if each.tag == "t":
            yield each.text or ""
        elif each.tag == "noBreakHyphen":
            yield "-"
        elif each.tag in ("tab", "ptab") and "val" not in each.attrib:
            yield " "
        elif each.tag in ("br", "cr"):
            yield "\n"


def _row(row: Element) -> str:
    cells = (" ".join("".join(_runs(each)) for each in cell.iter("p")) for cell in row.iter("tc"))
    return "\t".join(" ".join(cell.split()) for cell in cells)
