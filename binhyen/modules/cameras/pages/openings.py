"""“Mở niêm phong”: what two people open together, and what was opened before."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from binhyen.kernel.units.authority import Refused, open_to
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras import openings as vault
from binhyen.modules.cameras.models import VaultOpening
from binhyen.modules.cameras.pages.shared import authority_in, open_cases_for, user_in

PER_PAGE = 25
for_both = open_to(Role.CHIEF, Role.AUDITOR)


class OpeningForm(forms.Form):
    """What a chief asks for."""

    code = forms.CharField(label="Mã camera hộ gia đình", max_length=32, help_text="Mã HG-… ghi ở đoạn hình đã mở.")
    reason = forms.ChoiceField(label="Lý do", choices=VaultOpening.Reason.choices)
    case = forms.ChoiceField(label="Vụ việc", help_text="Chỉ vụ việc đang mở của đơn vị anh/chị.")

    def __init__(self, *args: object, cases: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # whatever a form takes
        self.fields["case"].choices = cases  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["code"].error_messages["required"] = "Chưa nhập mã camera. Hãy nhập mã HG-… rồi gửi lại."
        self.fields["case"].error_messages |= {
            "required": "Chưa chọn vụ việc. Hãy chọn một vụ việc đang mở.",
            "invalid_choice": "Vụ việc này không còn mở. Hãy chọn vụ việc khác.",
        }
        self.fields["reason"].error_messages |= {
            "required": "Chưa chọn lý do. Hãy chọn một trong ba lý do.",
            "invalid_choice": "Không có lý do này. Hãy chọn một trong ba lý do.",
        }


@for_both
def openings(request: HttpRequest) -> HttpResponse:
    """What waits and what was opened; a chief asks here."""
    is_chief = authority_in(request).holds({Role.CHIEF})
    cases = [(case.number, f"{case.number} · {case.title}") for case in open_cases_for(request)] if is_chief else []
    form = OpeningForm(request.POST or None, cases=cases) if is_chief else None
    if request.method == "POST":
        if form is None:
            raise Refused(vault.NOT_FOUND)
        if form.is_valid() and _asked(request, form):
            return redirect("camera_openings")
    return _page(request, form, status=422 if form is not None and form.errors else 200)


def _asked(request: HttpRequest, form: OpeningForm) -> bool:
    told = form.cleaned_data
    try:
        vault.ask_to_open(told["code"].strip().upper(), reason=told["reason"], case=told["case"], by=user_in(request))
    except Refused as error:
        form.add_error("code", f"{error.refusal.sentence} {error.refusal.remedy}")
        return False
    messages.success(
        request, "Đã gửi đề nghị. Người giám sát nhật ký của đơn vị mở trong 24 giờ, hoặc đề nghị hết hạn."
    )
    return True


def _page(request: HttpRequest, form: OpeningForm | None, *, status: int = 200, **more: object) -> HttpResponse:
    authority, at = authority_in(request), now()
    found = Paginator(vault.openings_for(authority), PER_PAGE).get_page(request.GET.get("trang"))
    waiting = {opening.pk for opening in vault.waiting_openings(authority, at)}
    rows = [
        {
            "opening": opening,
            "may_answer": opening.pk in waiting,
            "is_open": opening.open_until is not None and at <= opening.open_until,
            "is_mine": opening.asked_by_id == user_in(request).pk,
            "is_over": opening.answered_at is None and at > opening.asked_at + vault.ASK_LASTS,
        }
        for opening in found
    ]
    return render(request, "cameras/openings.html", {"page": found, "rows": rows, "form": form, **more}, status=status)


@require_POST
@open_to(Role.AUDITOR)
def opening_answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The second person opens or declines."""
    grant = request.POST.get("answer") == "grant"
    if not grant and request.POST.get("answer") != "decline":
        messages.error(request, "Chưa chọn mở hay không mở. Hãy bấm một trong hai nút.")
        return redirect("camera_openings")
    vault.answer_opening(pk, grant=grant, by=user_in(request))
    messages.success(request, "Đã mở trong 15 phút cho người đề nghị." if grant else "Đã ghi là không mở.")
    return redirect("camera_openings")


@require_POST
@open_to(Role.CHIEF)
def opening_read(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the household told. POST, since each reading is a line in the log."""
    household = vault.read_opened(pk, by=user_in(request))
    answer = _page(request, None, household=household)
    answer["Cache-Control"] = "no-store"
    return answer
