"""All checks over one text."""

from binhyen.kernel.figures.checks import CHECKS
from binhyen.kernel.figures.finding import Finding
from binhyen.kernel.figures.report import Report


def check_text(text: str) -> list[Finding]:
    """Findings in the order of the text; offsets count characters of `text`. Time grows linearly with its length."""
    report = Report(text)
    if not report.text.sentences:
        return []
    found = {(each.kind, each.start, each.end): each for check in CHECKS for each in check(report)}
    return sorted(found.values())
