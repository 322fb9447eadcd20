"""“Kiểm tra số liệu”: a file or a pasted text is read, its findings are shown in place, and nothing of it is kept."""

from dataclasses import dataclass

from asgiref.sync import async_to_sync
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from binhyen.kernel.figures.documents.errors import Unreadable
from binhyen.kernel.figures.documents.reading import Examined, examine_document
from binhyen.kernel.units.authority import open_to
from binhyen.kernel.units.roles import OFFICERS
from binhyen.modules.statistics.marking import label_of, pieces

FILE_MB_MAX = 10
PASTED_CHARACTERS_MAX = 200_000


class NotSent(Exception):
    """What was sent cannot be checked; the message says why and what to do, `field` where it belongs."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Sent:
    """What a person sent: bytes and the name that tells a CSV from other text."""

    raw: bytes
    name: str


@never_cache
@open_to(*OFFICERS)
def check_figures(request: HttpRequest) -> HttpResponse:
    """The form, and under it what was found in what was sent."""
    context = {"pasted": request.POST.get("van_ban", ""), "mb_max": FILE_MB_MAX, "pasted_max": PASTED_CHARACTERS_MAX}
    status = 200
    if request.method == "POST":
        try:
            sent = _sent(request)
            context |= shown(_examined(sent)) | {"name": sent.name}
        except NotSent as problem:
            context |= {"problem": str(problem), "problem_field": problem.field}
            status = 422
    return render(request, "statistics/check.html", context, status=status)


def _examined(sent: Sent) -> Examined:
    try:
        return async_to_sync(examine_document)(sent.raw, name=sent.name)
    except Unreadable as refusal:
        raise NotSent("tep" if sent.name else "van_ban", str(refusal)) from refusal


def shown(examined: Examined) -> dict[str, object]:
    """What the template of findings needs."""
    return {
        "examined": examined,
        "pieces": pieces(examined.text, examined.findings),
        "findings": [(number, label_of(each.kind), each) for number, each in enumerate(examined.findings, 1)],
    }


def _sent(request: HttpRequest) -> Sent:
    file, pasted = request.FILES.get("tep"), request.POST.get("van_ban", "")
    if file is not None:
        if (file.size or 0) > FILE_MB_MAX * 1_000_000:
            raise NotSent("tep", f"Tệp lớn hơn {FILE_MB_MAX} MB. Hãy tách thành nhiều tệp nhỏ, hoặc dán phần cần kiểm.")
        if not file.size:
            raise NotSent("tep", "Tệp trống. Hãy kiểm tra đã chọn đúng tệp.")
        return Sent(file.read(), file.name or "")
    if not pasted.strip():
        raise NotSent("van_ban", "Chưa có gì để kiểm tra. Hãy chọn một tệp hoặc dán văn bản.")
    if len(pasted) > PASTED_CHARACTERS_MAX:
        most = f"{PASTED_CHARACTERS_MAX:,}".replace(",", ".")
        raise NotSent("van_ban", f"Văn bản dài hơn {most} ký tự. Hãy lưu thành tệp TXT rồi gửi tệp.")
    return Sent(pasted.replace("\r\n", "\n").encode(), "")
