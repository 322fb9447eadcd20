"""Office files and PDFs as others make them, in memory."""

import io
import zipfile

import typst

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def package(parts):
    """A ZIP of `parts`: name to text or bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def docx(body, prolog=""):
    """A DOCX with the XML of its body."""
    return package({"word/document.xml": f'{prolog}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'})


def paragraph(text, *, listed=False):
    """A paragraph in two runs, as Word splits them."""
    cut = len(text) // 2
    numbered = "<w:pPr><w:numPr/></w:pPr>" if listed else ""
    runs = "".join(f'<w:r><w:t xml:space="preserve">{each}</w:t></w:r>' for each in (text[:cut], text[cut:]))
    return f"<w:p>{numbered}{runs}</w:p>"


def table(*rows):
    """A table of texts."""
    cells = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{each}</w:tr>" for each in cells) + "</w:tbl>"


def xlsx(*rows):
    """An XLSX with one sheet: texts shared, numbers as such."""
    shared: list[str] = []
    lines = []
    for number, row in enumerate(rows, 1):
        cells = []
        for column, value in zip("ABCDEFGH", row, strict=False):
            if value is None:
                continue
            if isinstance(value, str):
                shared.append(value)
                cells.append(f'<c r="{column}{number}" t="s"><v>{len(shared) - 1}</v></c>')
            else:
                cells.append(f'<c r="{column}{number}"><v>{value}</v></c>')
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    strings = "".join(f"<si><t>{each}</t></si>" for each in shared)
    return package(
        {
            "xl/workbook.xml": "<workbook/>",
            "xl/sharedStrings.xml": f'<sst xmlns="{S}">{strings}</sst>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{S}"><sheetData>{"".join(lines)}</sheetData></worksheet>',
        }
    )


def pdf(text):
    """A PDF page with `text`, wrapped by the typesetter."""
    return typst.compile(f"#set page(width: 12cm)\n{text}".encode())
