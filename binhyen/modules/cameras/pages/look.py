"""Opening a look: the one address that every player asks first."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from binhyen.contracts import SECOND, Instant
from binhyen.kernel.units.authority import Refused, open_to
from binhyen.modules.cameras.access import Window
from binhyen.modules.cameras.looks import TICKET_SECONDS, open_look
from binhyen.modules.cameras.models import LookKind
from binhyen.modules.cameras.pages.shared import user_in

DIGITS_MAX = 17


@require_POST
@open_to()
def look(request: HttpRequest, code: str) -> HttpResponse:
    """Check the rule, write one line, answer with the look, its ticket and what it may show."""
    kind = request.POST.get("kind", "")
    if kind not in (LookKind.LIVE, LookKind.PLAYBACK, LookKind.SNAPSHOT):
        return _problem("kind_unknown", "Cách xem này không có. Hãy tải lại trang.", 422)
    try:
        window = _window(request)
        opened = open_look(
            code, by=user_in(request), kind=kind, window=window,
            purpose=request.POST.get("purpose", ""), case=request.POST.get("case", "")[:40],
        )  # fmt: skip
    except ValueError:
        return _problem("window_invalid", "Thời gian xem không đúng dạng. Hãy tải lại trang.", 422)
    except Refused as error:
        sentence = " ".join(filter(None, (error.refusal.sentence, error.refusal.remedy)))
        return _problem(error.refusal.code, sentence, 404 if error.refusal.code == "not_found" else 403)
    told = {"look": str(opened.look.pk), "ticket": opened.ticket, "expires_in": TICKET_SECONDS}
    if kind != LookKind.LIVE:
        told |= {"from": opened.look.window_start, "to": opened.look.window_end}
    return JsonResponse(told, headers={"Cache-Control": "no-store"})


def _window(request: HttpRequest) -> Window | None:
    """`at` alone is the second that begins there: a still."""
    if "at" in request.POST:
        at = _instant(request.POST["at"])
        return Window(at, Instant(at + SECOND))
    if "from" not in request.POST and "to" not in request.POST:
        return None
    return Window(_instant(request.POST.get("from", "")), _instant(request.POST.get("to", "")))


def _instant(text: str) -> Instant:
    if not (text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX):
        raise ValueError("an instant is whole microseconds since 1970")
    return Instant(int(text))


def _problem(code: str, reason: str, status: int) -> JsonResponse:
    return JsonResponse({"code": code, "reason": reason}, status=status, headers={"Cache-Control": "no-store"})
