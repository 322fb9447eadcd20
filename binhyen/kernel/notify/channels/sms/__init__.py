"""SMS through an HTTP gateway that the station rents or runs.

One POST a message; what it looks like is set by a template (see docs/design/notify.md). The gateway's address is the
station's own choice, so private networks are allowed, and loopback where the address itself says so; metadata
services, groups and redirects never. The `reference` stays the same for every try: gateways that know it drop
repetitions, at others a message that was cut off may arrive twice.
"""

import ipaddress
import json
import re
from typing import ClassVar
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from binhyen.kernel.notify.channel import AddressedChannel, Parcel, TryLater, Undeliverable
from binhyen.kernel.notify.outside import Reach, post

TEXT_MAX = 320
BUSY = frozenset({408, 425, 429})
_SEPARATORS = re.compile(r"[\s.\-()]")
_VIETNAMESE = re.compile(r"\+84[35789]\d{8}")


class Sms(AddressedChannel):
    """See the module."""

    code: ClassVar[str] = "sms"
    label: ClassVar[str] = "Tin nhắn SMS"
    icon: ClassVar[str] = "device-mobile-message"
    position: ClassVar[int] = 2
    address_label: ClassVar[str] = "Số điện thoại di động"
    address_example: ClassVar[str] = "0912 345 678"
    input_type: ClassVar[str] = "tel"

    def is_set_up(self) -> bool:
        return bool(settings.BINHYEN_SMS_URL)

    def cleaned(self, text: str) -> str:
        """A Vietnamese mobile number in E.164: +84912345678."""
        digits = _SEPARATORS.sub("", text)
        number = f"+84{digits[1:]}" if digits.startswith("0") else digits
        if not _VIETNAMESE.fullmatch(number):
            sentence = f"“{text.strip()[:30]}” không phải là số di động Việt Nam. Hãy nhập như {self.address_example}."
            raise ValueError(sentence)
        return number

    def carry(self, parcel: Parcel, address: str) -> None:
        room = TEXT_MAX - len(parcel.link) - 1
        self._post(address, f"{parcel.subject[:room]} {parcel.link}", parcel.reference)

    def carry_code(self, code: str, address: str, *, reference: str) -> None:
        self._post(address, f"Mã xác nhận nhận tin của anh/chị: {code} (dùng trong 15 phút)", reference)

    def _post(self, phone: str, text: str, reference: str) -> None:
        values = {"{phone}": phone, "{text}": text, "{reference}": reference}
        fields = {name: _filled(value, values) for name, value in json.loads(settings.BINHYEN_SMS_TEMPLATE).items()}
        is_json = settings.BINHYEN_SMS_FORMAT == "json"
        body = json.dumps(fields, ensure_ascii=False) if is_json else urlencode(fields)
        kind = "application/json" if is_json else "application/x-www-form-urlencoded"
        name, _, secret = settings.BINHYEN_SMS_HEADER.partition(":")
        own = {name.strip(): secret.strip()} if secret else {}
        url = settings.BINHYEN_SMS_URL
        status = post(url, body.encode(), {"Content-Type": f"{kind}; charset=utf-8", **own}, reach=_reach(url))
        if status in BUSY or status >= 500:
            raise TryLater(f"http-{status}")
        if not 200 <= status < 300:
            raise Undeliverable(f"http-{status}")


def _filled(value: object, values: dict[str, str]) -> object:
    """`value` of the template with its placeholder replaced; other values stand as they are."""
    return values.get(value, value) if isinstance(value, str) else value


def _reach(url: str) -> Reach:
    host = urlsplit(url).hostname or ""
    try:
        is_loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_loopback = host == "localhost"
    return Reach(private=True, loopback=is_loopback)


CHANNEL = Sms()
