"""What the pages of cameras have in common."""

from django.http import Http404, HttpRequest

from binhyen.kernel.accounts.models import User
from binhyen.kernel.units.authority import Authority, Refused, open_to
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.access import CaseChoice, case_book
from binhyen.modules.cameras.looks import find_camera
from binhyen.modules.cameras.models import Camera, Purpose

for_officers = open_to(Role.DUTY_OFFICER, Role.COMMUNE_OFFICER, Role.INVESTIGATOR, Role.CHIEF)
for_register_readers = open_to(Role.DUTY_OFFICER, Role.COMMUNE_OFFICER, Role.INVESTIGATOR, Role.CHIEF, Role.IT_ADMIN)
for_registrars = open_to(Role.COMMUNE_OFFICER, Role.CHIEF, Role.IT_ADMIN)
for_owners = open_to(Role.CAMERA_OWNER)
for_technicians = open_to(Role.IT_ADMIN)
_CASE, _PURPOSE = "look_case", "look_purpose"


def authority_in(request: HttpRequest) -> Authority:
    """What the person of this request may do."""
    return request.authority  # type: ignore[attr-defined,no-any-return]  # set by AuthorityMiddleware


def user_in(request: HttpRequest) -> User:
    """The person of this request; `open_to` has let nobody else in."""
    user = authority_in(request).user
    if user is None:
        raise Http404
    return user


def camera_in(request: HttpRequest, code: str) -> Camera:
    """The camera, or 404 where the person may not know of it: whether it exists is not told."""
    camera = find_camera(authority_in(request), code)
    if camera is None:
        raise Http404
    return camera


def open_cases_for(request: HttpRequest) -> list[CaseChoice]:
    """Cases that the person may look under."""
    return list(case_book().open_cases(authority_in(request)))


def chosen_right(request: HttpRequest) -> tuple[str, str]:
    """`(case, purpose)` chosen for this session, ("", "") where none is or the case has been closed since.

    An address may bring a case along (`?case=`): a link from a case's page, or one that a colleague sent.
    """
    case = request.GET.get("case", "") or request.session.get(_CASE, "")
    if not case or case_book().refusal(authority_in(request), case) is not None:
        return "", ""
    purpose = request.session.get(_PURPOSE, "") or Purpose.CASE.value
    if request.session.get(_CASE) != case:
        choose_right(request, case, purpose)
    return case, purpose


def refuse_closed_case(request: HttpRequest) -> None:
    """Raise Refused where the address brings a case that opens nothing (any more). Asked before the camera, so that a
    closed case gives its own sentence whether or not the camera may still be known."""
    case = request.GET.get("case", "")
    refusal = case_book().refusal(authority_in(request), case) if case else None
    if refusal is not None:
        raise Refused(refusal)


def choose_right(request: HttpRequest, case: str, purpose: str) -> None:
    """Remember under what the person looks, for this session."""
    request.session[_CASE], request.session[_PURPOSE] = case, purpose
