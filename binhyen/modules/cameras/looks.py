"""Looking: the right is checked, one line is written, a ticket is given; the right is asked again while it lasts."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.utils.timezone import now
from django_scopes import scopes_disabled

from binhyen.contracts import SECOND, Instant
from binhyen.kernel.accounts.models import User
from binhyen.kernel.audit.record import record
from binhyen.kernel.units.authority import Authority, Refusal, Refused, authority_of
from binhyen.modules.cameras import rules
from binhyen.modules.cameras.access import Window, case_book
from binhyen.modules.cameras.households import owner_alias, viewer_key
from binhyen.modules.cameras.models import Camera, Look, LookKind, Purpose

TICKET_SECONDS = 60
LOOK_LASTS = timedelta(hours=12)  # one shift, as a session
WINDOW_MAX_US = 25 * 3600 * SECOND  # a day's timeline and a little on both sides
_SALT = "binhyen.cameras.look"


@dataclass(frozen=True)
class OpenedLook:
    """A look and the ticket that opens its one WebSocket within `TICKET_SECONDS`."""

    look: Look
    ticket: str


class TicketRefused(Exception):
    """A ticket that opens nothing; `refusal` says why."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.refusal = Refusal(sentence, code=code, remedy="Hãy tải lại trang để mở lượt xem mới.")


@transaction.atomic
def open_look(
    camera_code: str,
    *,
    by: User,
    kind: str,
    purpose: str = "",
    case: str = "",
    window: Window | None = None,
    at: datetime | None = None,
) -> OpenedLook:
    """Check the rule, write one line in the activity log, and give a ticket. Raises Refused.

    The case is asked before the camera: a closed case gives its own sentence whether or not the camera exists.
    """
    at = at or now()
    authority = authority_of(by)
    refusal = case_book().refusal(authority, case) if case else None
    camera = None if refusal else find_camera(authority, camera_code)
    if refusal or camera is None:
        raise Refused(refusal or rules.NOT_FOUND)
    span = Window(Instant(0), Instant(0)) if kind == LookKind.LIVE else _asked(window, at)
    if kind != LookKind.LIVE:
        span = rules.permitted_window(authority, camera, span, case=case)
    refusal = rules.may_look(authority, camera, kind, window=span, case=case)
    if refusal:
        raise Refused(refusal)
    look = _create(authority, camera, kind=kind, purpose=purpose, case=case, span=span, at=at)
    _write_line(look, by)
    return OpenedLook(look, signing.dumps({"look": str(look.pk), "nonce": look.nonce}, salt=_SALT))


def find_camera(authority: Authority, code: str) -> Camera | None:
    """The camera with `code` where `authority` may know of it; else None, whatever the reason."""
    with scopes_disabled():
        camera = Camera.objects.select_related("unit", "report").filter(code=code).first()
    return camera if camera is not None and rules.may_know(authority, camera) else None


def use_ticket(ticket: str, *, by: User | None, camera_code: str, at: datetime | None = None) -> Look:
    """The look that `ticket` opens, once, for who opened it, for its camera, within its time. Raises TicketRefused."""
    try:
        told = signing.loads(ticket, salt=_SALT, max_age=TICKET_SECONDS)
        look_id, nonce = UUID(told["look"]), str(told["nonce"])
    except signing.SignatureExpired as error:
        raise TicketRefused("ticket_expired", "Vé xem đã quá 60 giây.") from error
    except (signing.BadSignature, KeyError, TypeError, ValueError) as error:
        raise TicketRefused("ticket_bad", "Vé xem không hợp lệ.") from error
    with scopes_disabled():
        look = Look.objects.select_related("camera").filter(pk=look_id, nonce=nonce).first()
        if look is None or by is None or look.viewer_key != viewer_key(by) or look.camera.code != camera_code:
            raise TicketRefused("ticket_bad", "Vé xem này của người khác hoặc của camera khác.")
        fresh = Look.objects.filter(pk=look_id, used_at=None, ended_at=None).update(used_at=at or now())
    if not fresh:
        raise TicketRefused("ticket_used", "Vé xem này đã dùng rồi.")
    return look


def look_refusal(look_id: UUID, *, by: User | None, at: datetime | None = None) -> Refusal | None:
    """Why this look may not go on, asked of the rules as they stand now; None where it may."""
    at = at or now()
    with scopes_disabled():
        look = Look.objects.select_related("camera__unit").filter(pk=look_id).first()
    authority = authority_of(by)
    if look is None or authority.user is None or look.viewer_key != viewer_key(authority.user):
        return Refusal("Không có lượt xem này.", code="not_found", remedy="Hãy tải lại trang.")
    if look.ended_at is not None or at >= look.opened_at + LOOK_LASTS:
        return Refusal(look.end_reason or "Lượt xem đã kết thúc.", code="look_ended", remedy="Hãy tải lại trang.")
    if look.case:
        refusal = case_book().refusal(authority, look.case)
        if refusal:
            return refusal
    return rules.may_look(authority, look.camera, look.kind, window=window_of(look), case=look.case)


def look_of(look_id: UUID, *, by: User | None) -> Look | None:
    """The look where it is `by`'s; for the gateway, which asks `look_refusal` besides."""
    if by is None:
        return None
    with scopes_disabled():
        return Look.objects.select_related("camera").filter(pk=look_id, viewer_key=viewer_key(by)).first()


def window_of(look: Look) -> Window:
    """What `look` may show."""
    return Window(Instant(look.window_start), Instant(look.window_end))


def end_look(look_id: UUID, *, reason: str = "", at: datetime | None = None) -> None:
    """Note that a look is over; the first end counts."""
    with scopes_disabled():
        Look.objects.filter(pk=look_id, ended_at=None).update(ended_at=at or now(), end_reason=reason[:200])


def open_snapshot(look: Look, instant: Instant, *, by: User) -> OpenedLook:
    """A still out of a playback look is a look of its own: same case and purpose, one line more. Raises Refused."""
    window = Window(instant, Instant(instant + SECOND)).within(window_of(look))
    return open_look(
        look.camera.code, by=by, kind=LookKind.SNAPSHOT, purpose=look.purpose, case=look.case, window=window
    )


def _asked(window: Window | None, at: datetime) -> Window:
    end = Instant(int(at.timestamp() * SECOND))
    window = window or Window(Instant(end - 24 * 3600 * SECOND), end)
    if window.is_empty:
        raise Refused(Refusal("Thời điểm kết thúc phải sau thời điểm bắt đầu.", code="window_empty"))
    if window.end - window.start > WINDOW_MAX_US:
        sentence = "Mỗi lượt xem lại dài nhất 25 giờ."
        raise Refused(Refusal(sentence, code="window_long", remedy="Hãy chọn từng ngày một."))
    return window


def _create(
    authority: Authority, camera: Camera, *, kind: str, purpose: str, case: str, span: Window, at: datetime
) -> Look:
    user = authority.user
    assert user is not None  # noqa: S101  # `find_camera` refused nobody already; this tells the type checker
    own = rules.owns(authority, camera)
    return Look.objects.create(
        user=None if own else user,
        viewer_key=viewer_key(user),
        viewer_unit="" if own else _unit_name(user),
        camera=camera,
        kind=kind,
        purpose=_purpose(purpose, case=case, own=own),
        case=case,
        window_start=span.start,
        window_end=span.end,
        opened_at=at,
        nonce=secrets.token_hex(16),
    )


def _purpose(purpose: str, *, case: str, own: bool) -> str:
    if own:
        return purpose if purpose == Purpose.REQUEST else Purpose.OWN
    if purpose in Purpose.values and purpose not in (Purpose.OWN, Purpose.REQUEST):
        return purpose
    return Purpose.CASE if case else Purpose.ORDER


def _unit_name(user: User) -> str:
    membership = user.memberships.valid_on().select_related("unit").first()
    return membership.unit.name if membership else ""


def _write_line(look: Look, by: User) -> None:
    detail = {"look": str(look.pk)}
    if look.kind != LookKind.LIVE:
        detail |= {"from": _iso(look.window_start), "to": _iso(look.window_end)}
    record(
        f"look.{look.kind}",
        by=by if look.user_id else owner_alias(by),
        subject=look.camera.code,
        unit=look.camera.unit.code,
        case=look.case,
        purpose=Purpose(look.purpose).label,
        detail=detail,
    )


def _iso(instant: int) -> str:
    return datetime.fromtimestamp(instant / SECOND, UTC).isoformat(timespec="milliseconds")
