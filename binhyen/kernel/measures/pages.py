"""“Chỉ số”: what every number of the station means."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from binhyen.kernel.measures.answers import parts_of
from binhyen.kernel.measures.declaration import Measure, measure_of, registered
from binhyen.kernel.screens.search import search_words
from binhyen.kernel.units.authority import open_to
from binhyen.kernel.units.roles import Role

WORDS_CHARS_MAX = 100

for_staff = open_to(Role.DUTY_OFFICER, Role.COMMUNE_OFFICER, Role.INVESTIGATOR, Role.CHIEF, Role.AUDITOR, Role.IT_ADMIN)


@for_staff
def measure_list(request: HttpRequest) -> HttpResponse:
    """Every definition, found by words without marks."""
    text = request.GET.get("tim", "")[:WORDS_CHARS_MAX]
    words = search_words(text)
    found = [measure for measure in registered() if all(word in _searched(measure) for word in words)]
    context = {"measures": found, "words": text, "has_any": bool(registered())}
    return render(request, "measures/list.html", context)


def _searched(measure: Measure) -> str:
    return " ".join(search_words(f"{measure.name} {measure.code} {measure.definition} {measure.owner}"))


@for_staff
def measure_page(request: HttpRequest, code: str) -> HttpResponse:
    """One definition."""
    try:
        measure = measure_of(code)
    except KeyError as error:
        raise Http404 from error
    return render(request, "measures/one.html", {"measure": measure, "facts": facts(measure)})


@dataclass(frozen=True)
class Fact:
    """A line of the definition; `links` are other measures."""

    label: str
    words: str
    links: tuple[Measure, ...] = ()


def facts(measure: Measure) -> list[Fact]:
    """What the page says, line by line."""
    found = [
        Fact("Định nghĩa", measure.definition),
        Fact("Đơn vị chịu trách nhiệm", measure.owner),
        Fact("Phiên bản", str(measure.version)),
        Fact("Mã", measure.code),
        Fact("Cách tính", _way(measure), parts_of(measure) if measure.is_ratio else ()),
        Fact("Thời điểm", "có ở cuối kỳ" if measure.is_stock else "phát sinh trong kỳ"),
    ]
    if measure.kind_choices:
        found.append(Fact("Chia theo", ", ".join(label for _, label in measure.kind_choices)))
    if measure.decimals or measure.is_ratio:
        found.append(Fact("Số lẻ", f"{measure.rounding.label} đến {measure.decimals} chữ số thập phân"))
    if measure.counts_people:
        found.append(Fact("Bảo vệ người được thống kê", PEOPLE))
    return found


PEOPLE = (
    "Số từ 1 đến 4 được ẩn, cùng những số khác mà từ đó có thể tính ra chúng. Chỉ công bố theo tháng, quý, 6 tháng, "
    "9 tháng và năm; chia theo loại chỉ công bố cả năm, với số có ở cuối kỳ thì ở mỗi kỳ."
)


def _way(measure: Measure) -> str:
    if measure.is_ratio:
        return "tỷ lệ phần trăm của"
    return "tổng" if measure.format == "dong" else "đếm"
