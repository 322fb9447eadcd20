"""Pages for an owner: what is asked of the own cameras, and the answer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from binhyen.kernel.accounts.models import User
from binhyen.kernel.units.authority import Refusal, Refused, across_units, open_to
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.public import own_camera_name, playback_url
from binhyen.modules.footage import answers
from binhyen.modules.footage.forms import WindowForm, window_form
from binhyen.modules.footage.models import OwnerAsk
from binhyen.modules.footage.requests import RequestRefused, must_open_now
from binhyen.modules.footage.upload_pages import facts_of_upload, upload_context

for_owners = open_to(Role.CAMERA_OWNER)
NO_RECEIPT = Refusal(
    "Yêu cầu này chưa có biên nhận.", code="no_receipt", remedy="Biên nhận có khi anh/chị đồng ý hoặc rút lại."
)


@for_owners
def ask_list(request: HttpRequest) -> HttpResponse:
    """Everything that was asked of this owner, what waits first."""
    owner = _owner(request)
    with across_units():
        asks = [_shown(ask, owner) for ask in answers.asks_of(owner)]
    asks.sort(key=lambda shown: not shown["waits"])
    return render(request, "footage/owner_list.html", {"asks": asks})


@for_owners
def ask_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Watch, trim, approve, refuse, withdraw."""
    with across_units():
        ask = _ask_in(request, pk)
        return render(request, "footage/owner_ask.html", _page(request, ask, window_form(ask.request.window)))


def _ask_in(request: HttpRequest, pk: UUID) -> OwnerAsk:
    ask = answers.asks_of(_owner(request)).filter(pk=pk).first()
    if ask is None:
        raise Refused(answers.NOT_YOURS)
    return ask


def _page(request: HttpRequest, ask: OwnerAsk, form: WindowForm, problem: str = "") -> dict[str, Any]:
    watch = playback_url(ask.camera, at=ask.request.window.start)
    shown = {**_shown(ask, _owner(request)), "watch": watch, "problem": problem}
    by_upload = upload_context(ask, waits=bool(shown["waits"]))
    return {**shown, **(by_upload or {"form": form})}


def _shown(ask: OwnerAsk, owner: User) -> dict[str, Any]:
    waits = ask.state == OwnerAsk.State.WAITING and must_open_now(ask.request) is None
    return {
        "ask": ask,
        "its": ask.request,
        "waits": waits,
        "ended": ask.request.state != "open" or not ask.request.case.is_open,
        "camera": own_camera_name(ask.camera, owner),
    }


@for_owners
def receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the owner agreed to or took back, as a text file to keep."""
    with across_units():
        ask = _ask_in(request, pk)
        if not ask.receipt:
            raise Refused(NO_RECEIPT)
        told = {**_shown(ask, _owner(request)), **facts_of_upload(ask), "now": now()}
        text = render_to_string("footage/receipt.txt", told)
    response = HttpResponse(text, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})
    response["Content-Disposition"] = f'attachment; filename="bien-nhan-{ask.receipt}.txt"'
    return response


@require_POST
@for_owners
def ask_answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Approve (a part), refuse or withdraw."""
    answer = request.POST.get("answer", "")
    if answer == "approve":
        return _approve(request, pk)
    if answer == "refuse":
        answers.refuse_ask(pk, by=_owner(request))
        messages.success(request, "Đã từ chối. Không ai được báo là anh/chị đã từ chối.")
    elif answer == "withdraw":
        answers.withdraw(pk, by=_owner(request))
        messages.success(request, "Đã rút lại. Ai đang xem đoạn hình này sẽ bị ngắt trong vài giây.")
    else:
        messages.error(request, "Chưa chọn đồng ý, từ chối hay rút lại. Hãy bấm một trong các nút trên trang.")
    return redirect("owner-ask", pk=pk)


def _approve(request: HttpRequest, pk: UUID) -> HttpResponse:
    with across_units():
        ask = _ask_in(request, pk)
        form = window_form(ask.request.window, request.POST)
        problem = ""
        if form.is_valid():
            try:
                answers.approve(pk, form.window_within(ask.request.window), by=_owner(request))
                messages.success(request, "Đã đồng ý chia sẻ đoạn hình. Anh/Chị có thể rút lại bất cứ lúc nào.")
                return redirect("owner-ask", pk=pk)
            except RequestRefused as error:
                problem = str(error)
        return render(request, "footage/owner_ask.html", _page(request, ask, form, problem), status=422)


def _owner(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]  # open_to lets only users in
