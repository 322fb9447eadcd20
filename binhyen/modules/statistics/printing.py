"""A report on paper: the form of an administrative document, the signature as a code that a telephone reads."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localtime, now

from binhyen.kernel.measures import Period
from binhyen.modules.statistics.models import Report
from binhyen.modules.statistics.sealing import digest_of
from binhyen.modules.statistics.tables import Table

TEMPLATE = Path(__file__).with_name("bao-cao.typ")


def report_pdf(report: Report, table: Table, *, by: str) -> bytes:
    """The report as it stands, on A4; the same typeface on every machine."""
    import typst

    pdf = typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        font_paths=_fonts(),
        sys_inputs={"facts": json.dumps(facts_of(report, table, by=by), ensure_ascii=False)},
    )
    if not isinstance(pdf, bytes):
        raise TypeError("typst gave no bytes")
    return pdf


def facts_of(report: Report, table: Table, *, by: str) -> dict[str, Any]:
    """What stands on the paper."""
    day = localtime(report.signed_at if report.is_signed else now())
    grid = table.grid()
    above = report.unit.with_those_above()[1:2]
    return {
        "title": report.title,
        "unit": report.unit.name,
        "parent_unit": above[0].name if above else "",
        "period": Period.parse(report.period).label,
        "version": report.version,
        "day": f"ngày {day:%d} tháng {day:%m} năm {day:%Y}",
        "state": "" if report.is_signed else "Bản thảo, chưa ký",
        "corner": grid.corner,
        "columns": grid.heads,
        "rows": [{"name": each.label, "cells": [cell.text for cell in each.cells]} for each in grid.lines],
        "definitions": [{"name": row.name, "definition": row.definition} for row in table.rows],
        "hidden": any(cell.is_hidden for row in table.rows for cell in row.cells),
        "text": [line for line in report.text.splitlines() if line.strip()],
        "answers": [
            {"about": each.quoted, "answer": each.answer} for each in report.questions.exclude(answered_at=None)
        ],
        "position": "Trưởng công an",
        **_seal(report),
        "foot": f"In lúc {localtime(now()):%d/%m/%Y %H:%M}, người in: {by}",
    }


def _seal(report: Report) -> dict[str, str]:
    names = ("signed_at", "signed_by", "public_id", "sha256", "proof", "qr")
    if not report.is_signed:
        return dict.fromkeys(names, "")
    proof = f"{settings.BINHYEN_URL}{reverse('report-prove', args=[report.public_id])}"
    signed_at = f"{localtime(report.signed_at):%H:%M ngày %d/%m/%Y}"
    return dict(
        zip(
            names,
            (signed_at, str(report.signed_by), report.public_id, _grouped(digest_of(report)), proof, _qr(proof)),
            strict=True,
        )
    )


def _grouped(digits: str) -> str:
    """Hex digits in groups, for people who compare them by eye; a line breaks between groups."""
    return " ".join(digits[at : at + 8] for at in range(0, len(digits), 8))


def _qr(text: str) -> str:
    import segno

    return str(segno.make_qr(text, error="m", boost_error=False).svg_inline(border=2, scale=4, omitsize=False))


@cache
def _fonts() -> Any:
    """The wheel's own fonts only."""
    import typst

    return typst.Fonts(include_system_fonts=False)
