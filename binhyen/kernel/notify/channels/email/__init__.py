"""E-mail over the station's SMTP server.

What leaves: subject, the reason, a link, the switch-off. Mail programs show one-click switch-off by RFC 8058. SMTP
cannot say whether a message was taken when a connection breaks, so one that was cut off may arrive twice, under one
Message-ID by which mailboxes know a repetition.
"""

import smtplib
from typing import ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email

from binhyen.kernel.notify.channel import AddressedChannel, Parcel, TryLater, Undeliverable

PERMANENT = 500  # RFC 5321 §4.2.1: replies from 500 on are final


class Email(AddressedChannel):
    """See the module."""

    code: ClassVar[str] = "email"
    label: ClassVar[str] = "Thư điện tử"
    icon: ClassVar[str] = "mail"
    position: ClassVar[int] = 1
    address_label: ClassVar[str] = "Địa chỉ thư điện tử"
    address_example: ClassVar[str] = "ten@vidu.vn"
    input_type: ClassVar[str] = "email"

    def is_set_up(self) -> bool:
        return bool(settings.EMAIL_HOST)

    def cleaned(self, text: str) -> str:
        address = text.strip()
        try:
            validate_email(address)
        except ValidationError as error:
            sentence = f"“{address[:80]}” không phải là địa chỉ thư điện tử. Hãy nhập như {self.address_example}."
            raise ValueError(sentence) from error
        return address

    def carry(self, parcel: Parcel, address: str) -> None:
        headers = {}
        if parcel.switch_off:
            headers["List-Unsubscribe"] = f"<{parcel.switch_off}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        self._send(address, parcel.subject, _text(parcel), parcel.reference, headers)

    def carry_code(self, code: str, address: str, *, reference: str) -> None:
        text = (
            f"Mã xác nhận địa chỉ của anh/chị là {code}, dùng được trong 15 phút.\n\n"
            "Nếu anh/chị không yêu cầu, xin bỏ qua thư này: địa chỉ sẽ không được dùng.\n"
        )
        self._send(address, "Mã xác nhận địa chỉ nhận tin", text, reference, {})

    def _send(self, address: str, subject: str, text: str, reference: str, headers: dict[str, str]) -> None:
        host = urlsplit(settings.BINHYEN_URL).hostname or "localhost"
        standard = {"Message-ID": f"<{reference}@{host}>", "Auto-Submitted": "auto-generated"}
        mail = EmailMessage(
            subject,
            text,
            settings.DEFAULT_FROM_EMAIL,
            [address],
            headers=standard | headers,
            connection=get_connection(),
        )
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            raise _problem(max(code for code, _ in error.recipients.values())) from error
        except smtplib.SMTPResponseException as error:
            raise _problem(error.smtp_code) from error
        except (smtplib.SMTPException, OSError) as error:
            raise TryLater(type(error).__name__) from error


def _problem(code: int) -> Exception:
    """The reply's number alone: its text may repeat the address."""
    return Undeliverable(f"smtp-{code}") if code >= PERMANENT else TryLater(f"smtp-{code}")


def _text(parcel: Parcel) -> str:
    lines = [parcel.subject, *(f"- {line}" for line in parcel.lines), "", f"Xem tại: {parcel.link}", "", "--"]
    lines.append(parcel.reason)
    if parcel.switch_off:
        lines.append(f"Tắt loại tin này: {parcel.switch_off}")
    else:
        lines.append(parcel.why_not)
    lines.append(f"Mọi cài đặt: {parcel.settings_link}")
    return "\n".join(lines) + "\n"


CHANNEL = Email()
