"""“Cài đặt thông báo”: which messages come how, quiet hours, addresses, devices."""

import json
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from binhyen.kernel.notify.addresses import address_of, confirm_address, give_address, open_address, remove_address
from binhyen.kernel.notify.channel import AddressedChannel
from binhyen.kernel.notify.channels import channels_set_up, find_addressed, find_device_channel
from binhyen.kernel.notify.choices import preferences_of
from binhyen.kernel.notify.devices import add_device, devices_of, remove_device, try_device
from binhyen.kernel.units.authority import Refused, open_to
from binhyen.web.pages.notice_forms import PreferencesForm, pace_choices, rows_for, save_rows
from binhyen.web.pages.notices import person_in
from binhyen.web.words import browser_words

BODY_BYTES_MAX = 8192


@never_cache
@open_to()
def notice_settings(request: HttpRequest) -> HttpResponse:
    """Everything on one page; the switches and hours are saved together."""
    authority = request.authority  # type: ignore[attr-defined]  # set by AuthorityMiddleware
    form = PreferencesForm(request.POST or None, instance=preferences_of(person_in(request)))
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            save_rows(request.POST, authority)
        messages.success(request, "Đã lưu cài đặt thông báo.")
        return redirect("notice_settings")
    return render(request, "web/notice_settings.html", _page(request, form), status=422 if form.errors else 200)


def _page(request: HttpRequest, form: PreferencesForm) -> dict[str, Any]:
    user, device_channel = person_in(request), find_device_channel()
    addressed = [each for each in channels_set_up() if isinstance(each, AddressedChannel)]
    return {
        "form": form,
        "rows": rows_for(request.authority),  # type: ignore[attr-defined]  # set by AuthorityMiddleware
        "channels": channels_set_up(),
        "unready": [each.label for each in channels_set_up() if not each.is_ready_for(user)],
        "paces": pace_choices(),
        "addresses": [_address_facts(each, request) for each in addressed],
        "push_key": device_channel.public_key() if device_channel else "",
        "devices": devices_of(user) if device_channel else [],
    }


def _address_facts(channel: AddressedChannel, request: HttpRequest) -> dict[str, Any]:
    address = address_of(person_in(request), channel.code)
    text = open_address(address) if address else ""
    return {"channel": channel, "address": address, "text": text, "waits": bool(address and not address.confirmed_at)}


# --- addresses ------------------------------------------------------------------------------------------------------
@require_POST
@open_to()
def address_give(request: HttpRequest) -> HttpResponse:
    """Take an address and send a code there."""
    channel = _addressed(request)
    try:
        cleaned = channel.cleaned(request.POST.get("dia_chi", "")[:254])
        give_address(channel.code, cleaned, by=person_in(request))
    except (ValueError, Refused) as error:
        messages.error(request, _sentence(error))
    else:
        messages.success(request, f"Đã gửi mã xác nhận đến {cleaned}. Anh/Chị hãy nhập mã trong 15 phút.")
    return redirect("notice_settings")


@require_POST
@open_to()
def address_confirm(request: HttpRequest) -> HttpResponse:
    """Use the address from now on."""
    channel = _addressed(request)
    try:
        confirm_address(channel.code, request.POST.get("ma", "")[:20], by=person_in(request))
    except Refused as error:
        messages.error(request, _sentence(error))
    else:
        messages.success(request, f"{channel.address_label} đã được xác nhận.")
    return redirect("notice_settings")


@require_POST
@open_to()
def address_remove(request: HttpRequest) -> HttpResponse:
    """Send nothing there any more."""
    channel = _addressed(request)
    remove_address(channel.code, by=person_in(request))
    messages.success(request, f"Đã bỏ {channel.address_label.lower()}.")
    return redirect("notice_settings")


def _addressed(request: HttpRequest) -> AddressedChannel:
    channel = find_addressed(request.POST.get("kenh", ""))
    if channel is None:
        raise Http404
    return channel


def _sentence(error: Exception) -> str:
    return f"{error} {error.refusal.remedy}".strip() if isinstance(error, Refused) else str(error)


# --- devices --------------------------------------------------------------------------------------------------------
@require_POST
@open_to()
def device_add(request: HttpRequest) -> JsonResponse:
    """Let this browser take messages: `{"endpoint", "keys": {"p256dh", "auth"}}` as browsers write it."""
    channel = find_device_channel()
    if channel is None:
        raise Http404
    label = browser_words(request.headers.get("User-Agent", ""))
    try:
        told = json.loads(request.body[:BODY_BYTES_MAX])
        if not isinstance(told, dict):
            raise ValueError("Trình duyệt gửi thông tin không đọc được. Hãy tải lại trang rồi thử lại.")
        device = add_device(told, label=label, by=person_in(request), check=channel.check)
    except json.JSONDecodeError:
        sentence = "Trình duyệt gửi thông tin không đọc được. Hãy tải lại trang rồi thử lại."
        return JsonResponse({"code": "bad_subscription", "detail": sentence}, status=400)
    except (ValueError, Refused) as error:
        return JsonResponse({"code": "bad_subscription", "detail": _sentence(error)}, status=400)
    messages.success(request, f"Thiết bị này ({device.label}) sẽ nhận thông báo.")
    return JsonResponse({"id": device.pk})


@require_POST
@open_to()
def device_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Send nothing to that browser any more."""
    if not remove_device(pk, by=person_in(request)):
        raise Http404
    messages.success(request, "Đã bỏ thiết bị.")
    return redirect("notice_settings")


@require_POST
@open_to()
def device_try(request: HttpRequest, pk: int) -> HttpResponse:
    """A trial message to that browser."""
    if not try_device(pk, by=person_in(request)):
        raise Http404
    messages.success(request, "Đã gửi tin thử. Nếu một phút nữa chưa thấy, hãy bỏ thiết bị rồi bật lại.")
    return redirect("notice_settings")


@require_safe
@never_cache
@open_to()
def browser_file(request: HttpRequest, name: str) -> HttpResponse:
    """Scripts of the channel to browsers. The service worker's scope is the folder of this address, /thong-bao/."""
    channel = find_device_channel()
    content = channel.browser_file(f"{name}.js") if channel else None
    if content is None:
        raise Http404
    return HttpResponse(content, content_type="text/javascript; charset=utf-8")
