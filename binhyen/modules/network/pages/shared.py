"""What the pages of the network have in common."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import localtime, now

from binhyen.kernel.accounts.models import User
from binhyen.kernel.audit.record import record
from binhyen.kernel.screens.columns import words
from binhyen.kernel.screens.taking_out import KINDS, TYPES, pdf_of
from binhyen.kernel.sheets import Cell, write_csv, write_xlsx
from binhyen.kernel.units.authority import Authority, open_to
from binhyen.kernel.units.roles import Role

__all__ = ["KINDS", "authority_in", "for_keepers", "for_readers", "handed_out", "user_in"]

for_readers = open_to(Role.DUTY_OFFICER, Role.COMMUNE_OFFICER, Role.INVESTIGATOR, Role.CHIEF, Role.IT_ADMIN)
for_keepers = open_to(Role.COMMUNE_OFFICER, Role.CHIEF, Role.IT_ADMIN)


def authority_in(request: HttpRequest) -> Authority:
    """What the person of this request may do."""
    return request.authority  # type: ignore[attr-defined,no-any-return]  # set by AuthorityMiddleware


def user_in(request: HttpRequest) -> User:
    """The person of this request; `open_to` has let nobody else in."""
    user = authority_in(request).user
    if user is None:
        raise Http404
    return user


def handed_out(
    request: HttpRequest, kind: str, *, title: str, slug: str, header: Sequence[str], lines: Sequence[Sequence[Cell]]
) -> HttpResponse:
    """A table as CSV, XLSX or PDF, with its line in the log."""
    user = user_in(request)
    record("network.export", by=user, subject=title, detail={"kind": kind, "rows": str(len(lines))})
    response = HttpResponse(_file(kind, title, header, lines, by=str(user)), content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{slug}-{localtime(now()):%Y%m%d-%H%M}.{kind}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _file(kind: str, title: str, header: Sequence[str], lines: Sequence[Sequence[Cell]], *, by: str) -> bytes:
    if kind == "pdf":
        return pdf_of(title, list(header), [[words(cell) for cell in line] for line in lines], by)
    with tempfile.NamedTemporaryFile(suffix=f".{kind}") as file:
        path = Path(file.name)
        if kind == "csv":
            write_csv(path, header, lines)
        else:
            write_xlsx(path, title, header, lines)
        return path.read_bytes()
