"""Pages of rotas: working one out, looking at it, publishing, exchanging turns."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from binhyen.kernel.units.authority import Refused
from binhyen.modules.groups import rotas, rules
from binhyen.modules.groups.calendar import days_inside, weeks_of
from binhyen.modules.groups.forms import RotaForm, SwapForm
from binhyen.modules.groups.models import Duty, Group, Rota, Swap
from binhyen.modules.groups.pages.shared import (
    authority_in,
    for_arrangers,
    for_readers,
    group_in,
    rota_in,
    rotas_for,
    rows,
    user_in,
)
from binhyen.modules.groups.rota import NoRota

ROTAS_SHOWN = 50


@for_readers
def rota_list(request: HttpRequest) -> HttpResponse:
    """Rotas of the groups that the person sees; somebody of one group goes straight to what is in force."""
    authority = authority_in(request)
    found = [rota for rota in rotas_for(authority)[:ROTAS_SHOWN] if _is_shown(request, rota)]
    leading = [group for group in rows(Group, authority) if rules.may_arrange(authority, group) is None]
    return render(request, "groups/rotas.html", {"rotas": found, "groups": leading})


def _is_shown(request: HttpRequest, rota: Rota) -> bool:
    return rota.state == "published" or rules.may_arrange(authority_in(request), rota.group) is None


@for_arrangers
def rota_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a rota; the draft is shown before it is published. Where there is none, the form says why."""
    group, authority = group_in(request, pk), authority_in(request)
    _refuse(rules.may_arrange(authority, group))
    form = RotaForm(request.POST, group=group) if request.method == "POST" else RotaForm(group=group)
    problem = None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            rota = rotas.draft_rota(
                group, form.kinds, first=said["first_day"], last=said["last_day"], limits=form.limits,
                without=[int(pk) for pk in said["without"]], by=user_in(request),
            )  # fmt: skip
        except NoRota as refusal:
            problem = refusal
        else:
            return redirect(rota)
    context = {"form": form, "group": group, "problem": problem}
    return render(request, "groups/rota_form.html", context, status=422 if form.errors or problem else 200)


@for_readers
def rota_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The calendar; on a phone the own turns first; who exchanges with whom; how even it is."""
    rota, authority = rota_in(request, pk), authority_in(request)
    user = user_in(request)
    weeks = weeks_of(rota, user.pk)
    own = Duty.objects.filter(shift__rota=rota, member__user=user).select_related("shift", "member")
    context = {
        "rota": rota,
        "weeks": weeks,
        "days": days_inside(weeks),
        "own": [(duty, _may_swap(rota, duty)) for duty in own.order_by("shift__starts_at")],
        "fairness": rotas.fairness(rota),
        "steps": rota.workflow.open_to(authority, rota),
        "arranges": rules.may_arrange(authority, rota.group) is None,
        "swaps": _swaps(request, rota),
    }
    return render(request, "groups/rota.html", context)


def _may_swap(rota: Rota, duty: Duty) -> bool:
    return rota.state == "published" and duty.shift.starts_at > now()


def _swaps(request: HttpRequest, rota: Rota) -> list[tuple[Swap, list[Any]]]:
    authority = authority_in(request)
    found = Swap.objects.filter(duty__shift__rota=rota).select_related(
        "group__unit", "duty__member", "duty__shift", "for_duty__member", "for_duty__shift"
    )
    return [(swap, swap.workflow.open_to(authority, swap)) for swap in found]


@require_POST
@for_arrangers
def rota_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish or withdraw."""
    rota, step = rota_in(request, pk), request.POST.get("buoc", "")
    if step == "publish":
        rotas.publish(rota, by=user_in(request))
        messages.success(request, "Đã công bố lịch và báo cho từng tổ viên có tài khoản.")
    elif step == "withdraw":
        rotas.withdraw(rota, by=user_in(request), note=request.POST.get("ghi_chu", "")[:200])
        messages.success(request, "Đã thu hồi lịch.")
    else:
        raise BadRequest("no such step")
    return redirect(rota)


@for_readers
def swap_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask somebody to exchange turns."""
    authority = authority_in(request)
    visible = Duty.objects.filter(shift__rota__in=rotas_for(authority).filter(state="published"))
    duty = get_object_or_404(visible.select_related("shift__rota__group__unit", "member"), pk=pk)
    if duty.member.user_id != user_in(request).pk:
        _refuse(rules.may_arrange(authority, duty.shift.rota.group))
    offers = rotas.exchangeable(duty, now())
    form = SwapForm(request.POST or None, offers=offers)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        swap = rotas.ask_swap(duty, said["for_duty"], by=user_in(request), reason=said["reason"])
        messages.success(request, f"Đã gửi đề nghị cho {swap.for_duty.member.name}.")
        return redirect(swap)
    context = {"form": form, "duty": duty, "offers": offers}
    return render(request, "groups/swap_form.html", context, status=422 if form.errors else 200)


@require_POST
@for_readers
def swap_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree, decline, approve, refuse, withdraw: the table says who may."""
    found = Swap.objects.filter(duty__shift__rota__in=rotas_for(authority_in(request)))
    swap = get_object_or_404(found.select_related("duty__shift__rota__group__unit", "for_duty__member"), pk=pk)
    step = request.POST.get("buoc", "")
    if step not in {each.name for each in swap.workflow.steps}:
        raise BadRequest("no such step")
    moved = rotas.answer_swap(swap, step, by=user_in(request), note=request.POST.get("ghi_chu", "")[:200])
    messages.success(request, f"Đổi ca: {moved.state_label.lower()}.")
    return redirect(swap)


def _refuse(refusal: Any) -> None:
    if refusal is not None:
        raise Refused(refusal)
