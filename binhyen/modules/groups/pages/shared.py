"""What the pages of groups have in common."""

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from binhyen.kernel.accounts.models import User
from binhyen.kernel.screens import screens_of
from binhyen.kernel.units.authority import Authority, open_to
from binhyen.kernel.units.roles import Role
from binhyen.modules.groups.models import Group, Patrol, Rota
from binhyen.modules.groups.rules import group_ids_of

for_readers = open_to(
    Role.DUTY_OFFICER, Role.COMMUNE_OFFICER, Role.INVESTIGATOR, Role.CHIEF, Role.GROUP_LEADER, Role.GROUP_MEMBER
)
for_arrangers = open_to(Role.COMMUNE_OFFICER, Role.CHIEF, Role.GROUP_LEADER)
for_officers = open_to(Role.DUTY_OFFICER, Role.COMMUNE_OFFICER, Role.INVESTIGATOR, Role.CHIEF)
for_groups = open_to(Role.GROUP_LEADER, Role.GROUP_MEMBER)


def authority_in(request: HttpRequest) -> Authority:
    """What the person of this request may do."""
    return request.authority  # type: ignore[attr-defined,no-any-return]  # set by AuthorityMiddleware


def user_in(request: HttpRequest) -> User:
    """The person of this request; `open_to` has let nobody else in."""
    user = authority_in(request).user
    if user is None:
        raise Http404
    return user


def rows(model: Any, authority: Authority) -> Any:
    """The rows of a register that the person may see."""
    screens = screens_of(model)
    if screens is None:
        raise LookupError(f"{model.__name__} has no register")
    return screens.rows(authority)


def group_in(request: HttpRequest, pk: int) -> Group:
    """The group; 404 where the person may not know of it."""
    found: Group = get_object_or_404(rows(Group, authority_in(request)).select_related("unit"), pk=pk)
    return found


def patrol_in(request: HttpRequest, pk: int) -> Patrol:
    """The patrol; 404 where the person may not know of it."""
    found: Patrol = get_object_or_404(rows(Patrol, authority_in(request)).select_related("group__unit"), pk=pk)
    return found


def rotas_for(authority: Authority) -> Any:
    """Rotas of the groups that the person sees; drafts only for who arranges them (asked row by row)."""
    return Rota.objects.filter(group__in=rows(Group, authority)).select_related("group__unit")


def rota_in(request: HttpRequest, pk: int) -> Rota:
    """The rota; 404 where the person may not know of it: a draft is nobody's business but its makers'."""
    authority = authority_in(request)
    rota: Rota = get_object_or_404(rotas_for(authority), pk=pk)
    if rota.state == "draft" and rota.group_id in group_ids_of(authority) and not rota.group.is_led_by(authority):
        raise Http404
    return rota
