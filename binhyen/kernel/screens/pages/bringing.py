"""Bringing a file in: choose it, look at what it would do, agree, and take it back if it was wrong."""

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from binhyen.kernel.screens import taking_in
from binhyen.kernel.screens.declaration import Screens
from binhyen.kernel.screens.jobs import go_on
from binhyen.kernel.screens.models import Import
from binhyen.kernel.screens.pages.taking import TYPES
from binhyen.kernel.sheets import UnreadableSheet, write_xlsx
from binhyen.kernel.sheets.limits import UPLOAD_BYTES_MAX

LINES_SHOWN = 20
IMPORTS_SHOWN = 10


def _own(request: HttpRequest, screens: Screens) -> Any:
    """The person's own files; another's are as if they were not there."""
    user = request.authority.user  # type: ignore[attr-defined]  # set by AuthorityMiddleware
    return Import.objects.filter(screens=screens.name, by=user)


def import_page(request: HttpRequest, screens: Screens) -> HttpResponse:
    """Choose a file, and see those of before."""
    problem = ""
    sent = request.FILES.get("tep")
    if request.method == "POST":
        if sent is None or not sent.name:
            problem = "Chưa chọn tệp. Hãy chọn tệp CSV hoặc XLSX rồi gửi lại."
        elif (sent.size or 0) > UPLOAD_BYTES_MAX:
            problem = f"Tệp lớn hơn {UPLOAD_BYTES_MAX // 1_000_000} MB. Hãy chia thành nhiều tệp nhỏ hơn."
        else:
            try:
                by = request.authority.user  # type: ignore[attr-defined]  # set by AuthorityMiddleware
                taken = taking_in.begin(screens, Path(sent.name).name, sent.read(), by=by)
            except UnreadableSheet as error:
                problem = str(error)
            else:
                go_on(taken)
                return redirect(screens.url("import-one", pk=taken.pk))
    context = {
        "screens": screens,
        "problem": problem,
        "labels": [(screens.labels()[name], screens.example.get(name, ""))
                   for name in screens.fields],
        "before": [(each, screens.url("import-one", pk=each.pk)) for each in _own(request, screens)[:IMPORTS_SHOWN]],
        "urls": {"list": screens.url(), "sample": screens.url("import-sample")},
    }  # fmt: skip
    return render(request, "screens/import.html", context, status=422 if problem else 200)


def sample_page(request: HttpRequest, screens: Screens) -> Any:
    """A file with the right columns and one row."""
    labels = [screens.labels()[name] for name in screens.fields]
    row = [screens.example.get(name, "") for name in screens.fields]
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        write_xlsx(Path(file.name), screens.title, labels, [row])
        content = file.read()
    headers = {"Content-Disposition": f'attachment; filename="mau-{screens.slug}.xlsx"'}
    return HttpResponse(content, content_type=TYPES["xlsx"], headers=headers)


def import_one(request: HttpRequest, screens: Screens, pk: int) -> HttpResponse:
    """What the file does or did: counts, problems line by line, the first lines."""
    taken = get_object_or_404(_own(request, screens), pk=pk)
    used = [(at, screens.labels()[name]) for at, name in enumerate(taken.names) if name]
    context = {
        "screens": screens,
        "taken": taken,
        "heads": [label for _, label in used],
        "lines": [
            (number, [(label, cells[at] if at < len(cells) else "") for at, label in used], number in taken.bad_lines)
            for number, cells in taken.lines[:LINES_SHOWN]
        ],
        "urls": {page: screens.url(f"import-{page}", pk=pk) for page in ("one", "take", "undo")}
        | {"list": screens.url(), "import": screens.url("import")},
    }
    return render(request, "screens/import_one.html", context)


def take_page(request: HttpRequest, screens: Screens, pk: int) -> HttpResponse:
    """Agree: write the good lines."""
    return _move(request, screens, pk, Import.State.READY, Import.State.TAKING)


def undo_page(request: HttpRequest, screens: Screens, pk: int) -> HttpResponse:
    """Take all of it back."""
    return _move(request, screens, pk, Import.State.TAKEN, Import.State.UNDOING)


def _move(request: HttpRequest, screens: Screens, pk: int, source: str, target: str) -> HttpResponse:
    taken = get_object_or_404(_own(request, screens), pk=pk)
    moved = _own(request, screens).filter(pk=pk, state=source).update(state=target)  # of two presses one counts
    if moved:
        go_on(taken)
    else:
        messages.info(request, "Tệp này đã được xử lý trước đó. Hãy xem trạng thái bên dưới.")
    return redirect(screens.url("import-one", pk=pk))
