"""HTTP to a camera: bounded in size and time, to the address that was checked and to nowhere else (RELIABILITY S05).

Names are resolved here once for each connection and every address is checked: a name that changes its answer gains
nothing. A camera may name paths and ports of itself; whatever names another host is not followed.
"""

import asyncio
import secrets
import socket
from dataclasses import dataclass
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from binhyen.media.onvif.errors import OnvifElsewhere, OnvifGarbage, OnvifLocked, OnvifNotAuthorised, OnvifUnreachable
from binhyen.media.onvif.soap import ANSWER_BYTES_MAX
from binhyen.media.sources.address import AddressPolicy
from binhyen.media.sources.errors import MalformedUrl, SourceError
from binhyen.media.sources.rtsp.auth import Credentials, parse_challenge

REQUEST_S = 8.0
SOAP = {"Content-Type": "application/soap+xml; charset=utf-8"}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LOCKED = frozenset({423, 429})
_MALFORMED = "Địa chỉ thiết bị không đúng dạng. Hãy nhập địa chỉ IP hoặc http://địa-chỉ:cổng/onvif/device_service."


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, its body, and where it came from."""

    status: int
    body: bytes
    kind: str


def device_url(address: str) -> URL:
    """`address` (a host, host:port or URL) as the URL of a device service. Raises MalformedUrl."""
    written = address.strip()
    if "://" not in written:
        written = f"http://{written if '/' in written else written + '/onvif/device_service'}"
    try:
        url = URL(written)
    except ValueError as error:
        raise MalformedUrl(_MALFORMED) from error
    if url.scheme not in ("http", "https") or not url.host or url.user or url.password or len(written) > 500:
        raise MalformedUrl(_MALFORMED)
    return url


def at_same_host(told: str, device: URL) -> URL:
    """Where `told` leads on the host of `device`. A camera behind another address, or one that lies, names a host of
    its own: the path is believed, the host is not. Raises OnvifGarbage."""
    try:
        url = URL(told.strip())
        if url.scheme not in ("http", "https") or not url.host:
            raise ValueError(told)
    except ValueError as error:
        raise OnvifGarbage("Camera cho một địa chỉ không đọc được. Hãy cập nhật phần mềm của camera.") from error
    if url.host == device.host:
        return url.with_user(None)
    return device.with_path(url.path).with_query(url.query)


class CameraHttp:
    """Requests to one camera; `async with`. Digest (RFC 7616) is answered, Basic is not: it would give the password
    away to whoever stands at that address."""

    def __init__(self, device: URL, user: str, password: str, *, policy: AddressPolicy) -> None:
        self._device = device
        self._policy = policy
        self._credentials = Credentials(user, password, lambda: secrets.token_hex(8))
        connector = aiohttp.TCPConnector(resolver=_CheckedResolver(policy), use_dns_cache=False, ssl=False, limit=4)
        self._session = aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(total=REQUEST_S),
            auto_decompress=False,
            trust_env=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"Accept-Encoding": "identity", "User-Agent": "BinhYen"},
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def post(self, url: URL, message: bytes) -> Answer:
        """Send a SOAP message. Raises what `_ask` raises."""
        return await self._ask("POST", url, message, ANSWER_BYTES_MAX)

    async def get(self, url: URL, *, bytes_max: int) -> Answer:
        """Fetch a picture. Raises what `_ask` raises."""
        return await self._ask("GET", url, b"", bytes_max)

    async def _ask(self, method: str, url: URL, message: bytes, bytes_max: int) -> Answer:
        """Raises OnvifUnreachable, OnvifGarbage, OnvifElsewhere, OnvifNotAuthorised, AddressRefused, NameNotFound."""
        answer, challenges = await self._once(method, url, message, bytes_max)
        if answer.status == 401 and self._credentials.known:
            digests = [each for each in challenges if parse_challenge(each).scheme == "digest"]
            if challenges and not digests:
                raise OnvifNotAuthorised(
                    "Camera đòi gửi mật khẩu không mã hóa (Basic) nên không gửi. Hãy bật Digest trên camera."
                )
            if self._credentials.take(digests):
                answer, _ = await self._once(method, url, message, bytes_max)
        if answer.status == 401:
            raise OnvifNotAuthorised("Camera không nhận tài khoản hoặc mật khẩu này. Hãy kiểm tra rồi nhập lại.")
        if answer.status in _LOCKED:
            raise OnvifLocked("Camera đang khóa đăng nhập vì sai mật khẩu nhiều lần. Hãy đợi nửa giờ rồi thử lại.")
        return answer

    async def _once(self, method: str, url: URL, message: bytes, bytes_max: int) -> tuple[Answer, list[str]]:
        headers = dict(SOAP) if method == "POST" else {}
        proof = self._credentials.header(method, url.raw_path_qs)
        if proof is not None:
            headers["Authorization"] = proof
        self._policy.literal(url.host or "")
        try:
            async with self._session.request(
                method, url, data=message or None, headers=headers, allow_redirects=False
            ) as response:
                if response.status in _REDIRECTS:
                    raise OnvifElsewhere("Camera chuyển sang một địa chỉ khác; hệ thống không đi theo. Hãy nhập"
                                         " đúng địa chỉ thiết bị.")  # fmt: skip
                body = await _bounded(response, bytes_max)
                kind = response.headers.get("Content-Type", "")
                return Answer(response.status, body, kind), response.headers.getall("WWW-Authenticate", [])
        except TimeoutError as error:
            raise OnvifUnreachable("Camera không trả lời kịp. Hãy kiểm tra nguồn điện và đường mạng.") from error
        except (aiohttp.ClientConnectionError, OSError) as error:
            cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
            if isinstance(cause, _Refused):
                raise cause.reason from error
            raise OnvifUnreachable(
                "Không kết nối được với thiết bị. Hãy kiểm tra địa chỉ, cổng, nguồn điện và đường mạng."
            ) from error
        except (aiohttp.ClientError, ValueError) as error:
            raise OnvifGarbage("Thiết bị này không trả lời theo HTTP. Hãy kiểm tra địa chỉ và cổng.") from error


async def _bounded(response: aiohttp.ClientResponse, bytes_max: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in response.content.iter_any():
        size += len(part)
        if size > bytes_max:
            response.close()
            raise OnvifGarbage("Camera trả lời dài bất thường. Hãy kiểm tra lại địa chỉ thiết bị.")
        parts.append(part)
    return b"".join(parts)


class _Refused(OSError):
    """Carries why an address is not connected to through aiohttp, which knows OSError of a resolver alone."""

    def __init__(self, reason: SourceError) -> None:
        super().__init__(str(reason))
        self.reason = reason


class _CheckedResolver(AbstractResolver):
    """Names by the policy's resolver; every address that it gives has been checked."""

    def __init__(self, policy: AddressPolicy) -> None:
        self._policy = policy

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        try:
            found = await asyncio.to_thread(self._policy.resolve, host, port)
        except SourceError as refused:
            raise _Refused(refused) from refused
        return [
            ResolveResult(
                hostname=host, host=address, port=port, proto=0, flags=socket.AI_NUMERICHOST,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
            )
            for address in found
        ]  # fmt: skip

    async def close(self) -> None:
        """Nothing is held."""
