"""“Thông báo”: the person's own messages, and the number on the bell."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from binhyen.kernel.accounts.models import User
from binhyen.kernel.notify.channels import channels
from binhyen.kernel.notify.choices import must_stay_on, switch_off
from binhyen.kernel.notify.content import open_content
from binhyen.kernel.notify.links import read_switch_off
from binhyen.kernel.notify.models import Message
from binhyen.kernel.notify.reading import (
    find_message,
    mark_all_read,
    mark_read,
    messages_of,
    shown,
    topics_of,
    unread_count,
)
from binhyen.kernel.units.authority import Refused, open_to, public

PER_PAGE = 25


def person_in(request: HttpRequest) -> User:
    """Who is signed in."""
    return request.authority.user  # type: ignore[attr-defined]  # set by AuthorityMiddleware; open_to asks for it


@require_safe
@never_cache
@open_to()
def notices(request: HttpRequest) -> HttpResponse:
    """Unread first, by topic where one is chosen."""
    user, topic = person_in(request), request.GET.get("loai", "")[:60]
    page = Paginator(messages_of(user, topic=topic), PER_PAGE).get_page(request.GET.get("trang"))
    context = {
        "page": page,
        "rows": list(shown(list(page.object_list))),
        "topics": topics_of(user),
        "chosen": topic,
        "unread_here": messages_of(user, topic=topic).filter(read_at=None).exists(),
    }
    return render(request, "web/notices.html", context)


@require_safe
@never_cache
@open_to()
def notice(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where mails and notifications lead: marks the message as read and goes on to its page."""
    message = _own(request, pk)
    mark_read(message)
    return redirect(open_content(message).url)


@require_POST
@open_to()
def notice_read(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Mark one as read and stay."""
    mark_read(_own(request, pk))
    return _back(request)


@require_POST
@open_to()
def all_read(request: HttpRequest) -> HttpResponse:
    """Mark everything (of a topic) as read."""
    count = mark_all_read(by=person_in(request), topic=request.POST.get("loai", "")[:60])
    messages.success(request, f"Đã đánh dấu {count} tin là đã đọc." if count else "Không có tin nào chưa đọc.")
    return _back(request)


@require_safe
@never_cache
@open_to()
def count(request: HttpRequest) -> JsonResponse:
    """`{"unread": n}` for the bell."""
    return JsonResponse({"unread": unread_count(person_in(request))})


@csrf_exempt  # a mail program posts here without a session (RFC 8058); the signed token says for whom
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@public
def one_click_off(request: HttpRequest, token: str) -> HttpResponse:
    """End one kind of message on one channel: at once where a mail program posts, with a button for a person."""
    user, topic, code = read_switch_off(token)
    if not topic.may_switch_off:
        raise Refused(must_stay_on(topic))
    is_done = request.method == "POST"
    if is_done:
        switch_off(user, topic, code)
    channel = channels().get(code)
    return render(request, "web/notice_off.html", {"topic": topic, "channel": channel, "is_done": is_done})


def _own(request: HttpRequest, pk: UUID) -> Message:
    message = find_message(person_in(request), pk)
    if message is None:
        raise Http404
    return message


def _back(request: HttpRequest) -> HttpResponse:
    topic = request.POST.get("loai", "")[:60]
    address = reverse("notices")
    return redirect(
        f"{address}?loai={topic}" if topic in [each.code for each in topics_of(person_in(request))] else address
    )
