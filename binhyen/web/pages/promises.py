"""“Cam kết”: every promise, what was tried against it, and since when it holds. For anyone: it is theirs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from binhyen.kernel.units.authority import public
from binhyen.web.promises import KINDS, Tried, tried_promises

SHOWN = {"": "Tất cả", "dat": "Đã thử, đạt", "chua": "Chưa thử", "sau": "Của bản sau"}


@public
def promise_list(request: HttpRequest) -> HttpResponse:
    """By kind; `loai` narrows to those that hold, that have not been tried, or that belong to a later release."""
    shown = request.GET.get("loai", "")
    every = tried_promises()
    wanted = [each for each in every if not shown or _standing(each) == shown]
    sections = [
        (title, about, [each for each in wanted if each.promise.code[0] == letter])
        for letter, (title, about) in KINDS.items()
    ]
    counts = [
        (word, label, sum(not word or _standing(each) == word for each in every)) for word, label in SHOWN.items()
    ]
    context = {"sections": [each for each in sections if each[2]], "counts": counts, "shown": shown}
    return render(request, "web/promises.html", context)


def _standing(each: Tried) -> str:
    if each.tests:
        return "dat"
    return "sau" if each.promise.is_later else "chua"
