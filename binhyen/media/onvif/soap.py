"""SOAP 1.2 envelopes as ONVIF uses them: writing, signing with a UsernameToken, reading what comes back.

Elements are found by their local names: cameras disagree about prefixes and namespaces, never about names.
"""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from binhyen.contracts import SECOND, Instant
from binhyen.media.onvif.errors import (
    OnvifError,
    OnvifFault,
    OnvifGarbage,
    OnvifLocked,
    OnvifNotAuthorised,
    OnvifUnsupported,
)
from binhyen.media.sources.errors import quoted

ANSWER_BYTES_MAX = 1_000_000
TEXT_MAX = 500
_ELEMENTS_MAX = 50_000
_WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
_WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
_TOKEN_PROFILE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0"  # noqa: S105  # a name
_ENCODING = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary"


@dataclass(frozen=True, slots=True)
class UsernameToken:
    """WS-Security UsernameToken Profile 1.0 with PasswordDigest; `nonce` is fresh for each message."""

    user: str
    password: str = field(repr=False)
    nonce: bytes
    created: Instant

    def header(self) -> str:
        """The Security header. Digest = Base64(SHA-1(nonce + created + password)), as the profile says."""
        created = datetime.fromtimestamp(self.created // SECOND, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        secret = self.nonce + created.encode() + self.password.encode()
        digest = base64.b64encode(hashlib.sha1(secret, usedforsecurity=False).digest()).decode()
        nonce = base64.b64encode(self.nonce).decode()
        return (
            f'<s:Header><w:Security s:mustUnderstand="1" xmlns:w="{_WSSE}" xmlns:u="{_WSU}"><w:UsernameToken>'
            f"<w:Username>{escape(self.user)}</w:Username>"
            f'<w:Password Type="{_TOKEN_PROFILE}#PasswordDigest">{digest}</w:Password>'
            f'<w:Nonce EncodingType="{_ENCODING}">{nonce}</w:Nonce><u:Created>{created}</u:Created>'
            "</w:UsernameToken></w:Security></s:Header>"
        )


def envelope(body: str, token: UsernameToken | None = None) -> bytes:
    """A message with `body`, which is XML."""
    header = token.header() if token else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope">'
        f"{header}<s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


def read_xml(content: bytes) -> Element:
    """`content` as a tree, without document types and entities. Raises OnvifGarbage."""
    if len(content) > ANSWER_BYTES_MAX:
        raise OnvifGarbage("Camera trả lời dài bất thường. Hãy kiểm tra lại địa chỉ thiết bị.")
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:  # LookupError: an unknown encoding
        raise OnvifGarbage("Thiết bị ở địa chỉ này không trả lời theo ONVIF. Hãy kiểm tra địa chỉ và cổng.") from error
    if sum(1 for _ in root.iter()) > _ELEMENTS_MAX:
        raise OnvifGarbage("Camera trả lời dài bất thường. Hãy kiểm tra lại địa chỉ thiết bị.")
    return root


def read_answer(content: bytes, wanted: str) -> Element:
    """The element `wanted` of a SOAP answer. Raises OnvifGarbage, or what its fault means."""
    root = read_xml(content)
    fault = first(root, "Fault")
    if fault is not None:
        raise _meaning(fault)
    found = first(root, wanted)
    if found is None:
        raise OnvifGarbage("Camera trả lời khác điều được hỏi. Hãy cập nhật phần mềm của camera rồi thử lại.")
    return found


def local(element: Element) -> str:
    """The name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def each(element: Element, name: str) -> Iterator[Element]:
    """Descendants of that name, in order."""
    return (found for found in element.iter() if local(found) == name)


def first(element: Element, *path: str) -> Element | None:
    """The first descendant of the first name, below it of the second, and so on."""
    found: Element | None = element
    for name in path:
        found = next(each(found, name), None) if found is not None else None
    return found


def text(element: Element | None, *path: str) -> str:
    """Printable text of the first descendant along `path`; "" where there is none."""
    found = first(element, *path) if element is not None else None
    words = (found.text or "") if found is not None else ""
    return "".join(letter for letter in words[:TEXT_MAX] if letter.isprintable()).strip()


def number(element: Element | None, *path: str) -> int:
    """A whole number, 0 where there is none or it is absurd."""
    written = text(element, *path).partition(".")[0]
    return int(written) if written.isascii() and written.isdigit() and len(written) < 9 else 0


def _meaning(fault: Element) -> OnvifError:
    codes = {found.text.rpartition(":")[2].strip() for found in each(fault, "Value") if found.text}
    reason = text(fault, "Reason", "Text") or text(fault, "faultstring")
    words = reason.lower()
    if "lock" in words or "OperationProhibited" in codes:
        return OnvifLocked("Camera đang khóa đăng nhập vì sai mật khẩu nhiều lần. Hãy đợi nửa giờ rồi thử lại.")
    if codes & {"NotAuthorized", "FailedAuthentication", "InvalidSecurity"} or "auth" in words:
        return OnvifNotAuthorised("Camera không nhận tài khoản hoặc mật khẩu này. Hãy kiểm tra rồi nhập lại.")
    if codes & {"ActionNotSupported", "OptionalActionNotImplemented", "NotSupported", "UnknownAction"}:
        return OnvifUnsupported("Camera không có chức năng này. Hãy thực hiện trên trang cấu hình của camera.")
    return OnvifFault(f"Camera từ chối: “{quoted(reason or 'không nói lý do')}”. Hãy xem cấu hình của camera.")
