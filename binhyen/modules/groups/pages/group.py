"""A group's page, a member's telephone number, and an owner's choice of the group that counts the camera."""

from collections import Counter
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_POST

from binhyen.kernel.screens import Action, Facts, History, screens_of
from binhyen.kernel.units.authority import Authority, Refused, across_units, open_to
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.public import cameras_of, own_camera_name
from binhyen.modules.groups import clusters, domain, rules
from binhyen.modules.groups.calendar import days_inside, weeks_of
from binhyen.modules.groups.forms import ClusterForm, PhoneForm
from binhyen.modules.groups.models import ClusterCamera, Duty, Group, Member, Rota
from binhyen.modules.groups.pages.shared import authority_in, for_groups, for_readers, group_in, rows, user_in
from binhyen.modules.groups.panels import panels_of
from binhyen.modules.groups.queries import cameras_on, members_on

PATROLS_SHOWN = 6
DAYS_AHEAD = 7
PATROL_DAYS = 30


@for_groups
def own_group(request: HttpRequest) -> HttpResponse:
    """The page of the group that the person belongs to."""
    mine = rules.group_ids_of(authority_in(request))
    if not mine:
        return render(request, "groups/no_group.html")
    return redirect("group-detail", mine[0])


@for_readers
def group_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Members, who is on duty, patrols, how many cameras; what modules above add."""
    authority, group = authority_in(request), group_in(request, pk)
    screens = screens_of(Group)
    assert screens is not None  # noqa: S101 - this module declares them
    sources = Counter(cameras_on(group).values_list("source", flat=True))
    may_change = screens.policy.may(authority, Action.CHANGE, group) is None
    arranges = rules.may_arrange(authority, group) is None
    members = list(members_on(group).select_related("user", "group__unit"))
    context = {
        "group": group,
        "members": members,
        "sees_phones": {member.pk for member in members if rules.may_see_phone(authority, member) is None},
        "camera_count": sum(sources.values()),
        "sources": [(label, sources[value]) for value, label in ClusterCamera.Source.choices if sources[value]],
        "patrols": group.patrols.order_by("-planned_at")[:PATROLS_SHOWN],
        "patrol_count": group.patrols.filter(ended_on__gt=localdate() - timedelta(PATROL_DAYS)).count(),
        "patrol_days": PATROL_DAYS,
        "panels": panels_of(authority, group),
        "is_own": group.pk in rules.group_ids_of(authority),
        "arranges": arranges,
        "edit_url": screens.url("edit", pk=pk) if may_change else "",
        "may_keep": authority.holds(rules.MANAGERS, group.unit),
        "facts": Facts().context(screens, authority, group) if authority.holds(rules.READERS, group.unit) else {},
        "history": History().context(screens, authority, group) if may_change else None,
        **_duties(group, authority),
    }
    return render(request, "groups/group.html", context)


def _duties(group: Group, authority: Authority) -> dict[str, Any]:
    """Whose turn it is today and in the next days, and the person's own next turn."""
    today = localdate()
    rota = Rota.objects.filter(group=group, state="published", first_day__lte=today + timedelta(DAYS_AHEAD),
                               last_day__gte=today).order_by("first_day").first()  # fmt: skip
    if rota is None:
        return {"rota": None, "days": [], "next_duty": None, "tonight": []}
    user_id = authority.user.pk if authority.user else None
    until = min(rota.last_day, today + timedelta(DAYS_AHEAD - 1))
    days = days_inside(weeks_of(rota, user_id, first=max(rota.first_day, today), last=until))
    own = Duty.objects.filter(shift__rota=rota, member__user_id=user_id, shift__ends_at__gt=now())
    return {
        "rota": rota,
        "days": days,
        "tonight": next((day.shifts for day in days if day.is_today), []),
        "next_duty": own.select_related("shift").order_by("shift__starts_at").first() if user_id else None,
    }


def _member(request: HttpRequest, pk: int) -> Member:
    member: Member = get_object_or_404(rows(Member, authority_in(request)).select_related("group__unit"), pk=pk)
    return member


@require_POST
@for_readers
def phone_look(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a member's number, once, with a line in the log."""
    member = _member(request, pk)
    refusal = rules.may_see_phone(authority_in(request), member)
    if refusal is not None:
        raise Refused(refusal)
    context = {"member": member, "phone": domain.read_phone(member, by=user_in(request))}
    template = "groups/_phone.html" if request.headers.get("HX-Request") else "groups/phone.html"
    response = render(request, template, context)
    response["Cache-Control"] = "no-store"
    return response


@open_to(Role.COMMUNE_OFFICER, Role.CHIEF, Role.GROUP_LEADER)
def phone_write(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a member's number; what stands there is not shown."""
    member, authority = _member(request, pk), authority_in(request)
    refusal = rules.may_arrange(authority, member.group)
    if refusal is not None:
        raise Refused(refusal)
    form = PhoneForm(request.POST or None) if request.method == "POST" else PhoneForm()
    if request.method == "POST" and form.is_valid():
        domain.write_phone(member, form.cleaned_data["phone"], by=user_in(request))
        messages.success(request, f"Đã niêm phong số điện thoại của {member.name}.")
        return redirect(member.group)
    status = 422 if form.errors else 200
    return render(request, "groups/phone_form.html", {"form": form, "member": member}, status=status)


# --- an owner's choice -----------------------------------------------------------------------------------------------
@open_to(Role.CAMERA_OWNER)
def own_clusters(request: HttpRequest) -> HttpResponse:
    """Each camera of the person and the group that counts it. Officers see a number, never which."""
    owner = user_in(request)
    if request.method == "POST":
        return _choose(request)
    with across_units():
        lines = [
            (
                camera.code,
                own_camera_name(camera.code, owner),
                clusters.form_for(camera),
                clusters.group_of(camera.code),
            )
            for camera in cameras_of(owner)
        ]
    return render(request, "groups/own_clusters.html", {"lines": lines})


def _choose(request: HttpRequest) -> HttpResponse:
    owner = user_in(request)
    camera = next((each for each in cameras_of(owner) if each.code == request.POST.get("camera")), None)
    if camera is None:
        raise Http404
    with across_units():
        form: ClusterForm = clusters.form_for(camera, request.POST)
        if form.is_valid():
            clusters.choose(camera, form.cleaned_data["group"])
            messages.success(request, "Đã ghi lựa chọn của anh/chị.")
        else:
            messages.error(request, "Không có tổ này trong xã của camera. Hãy chọn trong danh sách.")
    return redirect("own-clusters")
