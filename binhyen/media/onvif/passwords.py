"""Does a camera let in whoever knows its maker's manual? Found out by trying, carefully.

Cameras lock an account after five wrong passwords or so. At most `GUESSES_MAX` are sent, one every `BETWEEN_S`, then
the right one (which clears the camera's count), and the same camera is left alone for `REST_US`. What is asked is the
list of accounts (GetUsers): only an administrator is told, so an answer means that the password was taken.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from binhyen.contracts import SECOND, Clock, Instant
from binhyen.contracts.devices import DeviceLogin, PasswordReport, PasswordTrial, Tried
from binhyen.media.onvif.device import OnvifCamera
from binhyen.media.onvif.errors import OnvifFault, OnvifGarbage, OnvifLocked, OnvifNotAuthorised, OnvifUnsupported
from binhyen.media.onvif.soap import text
from binhyen.media.onvif.transport import device_url
from binhyen.media.sources.address import AddressPolicy
from binhyen.media.sources.errors import SourceError

GUESSES_MAX = 3
BETWEEN_S = 2.0
REST_US = 30 * 60 * SECOND
RESTING_MAX = 10_000
TOO_SOON = "Camera này vừa được thử trong 30 phút qua. Hãy đợi để camera không tự khóa tài khoản."

Account = tuple[str, str]
_BY_MAKER: dict[str, tuple[Account, ...]] = {
    "hikvision": (("admin", "12345"),),
    "dahua": (("admin", "admin"), ("888888", "888888")),
    "uniview": (("admin", "123456"),),
    "axis": (("root", "pass"),),
    "hanwha": (("admin", "4321"),),
    "samsung": (("admin", "4321"),),
    "panasonic": (("admin", "12345"),),
    "vivotek": (("root", ""),),
    "bosch": (("service", "service"),),
    "sony": (("admin", "admin"),),
    "tp-link": (("admin", "admin"),),
}
"""Accounts that makers' public manuals name, as far as they were ever shipped."""

ANY_MAKER: tuple[Account, ...] = (("admin", "admin"), ("admin", "123456"), ("admin", "12345"), ("admin", ""))


def guesses_for(maker: str) -> tuple[Account, ...]:
    """The accounts worth a try, the maker's own first; at most `GUESSES_MAX`."""
    name = maker.lower()
    own = [account for known, accounts in _BY_MAKER.items() if known in name for account in accounts]
    return tuple(dict.fromkeys([*own, *ANY_MAKER]))[:GUESSES_MAX]


def is_default(user: str, password: str) -> bool:
    """Whether this is an account of some maker's manual; an empty password always is."""
    known = {*ANY_MAKER, *(account for accounts in _BY_MAKER.values() for account in accounts)}
    return not password or password.lower() == user.lower() or (user, password) in known


@dataclass
class _Rest:
    """When each camera may be tried again; the oldest are forgotten, which at worst tries one once more."""

    until: dict[str, Instant]

    def begin(self, host: str, now: Instant) -> bool:
        """False where the camera still rests."""
        if self.until.get(host, Instant(0)) > now:
            return False
        self.until.pop(host, None)
        self.until[host] = Instant(now + REST_US)
        while len(self.until) > RESTING_MAX:
            del self.until[next(iter(self.until))]
        return True


class PasswordTrials:
    """Trials of one node; `open_stream` says whether a stream shows pictures to somebody without a password."""

    def __init__(
        self,
        *,
        policy: AddressPolicy,
        clock: Clock,
        open_stream: Callable[[str], Awaitable[bool]],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._policy, self._clock = policy, clock
        self._open_stream, self._pause = open_stream, pause
        self._rest = _Rest({})

    async def run(self, trial: PasswordTrial) -> PasswordReport:
        """Try one camera. Never raises over what a camera does; the report has the sentence."""
        try:
            url = device_url(trial.login.address)
            if not self._rest.begin(f"{url.host}:{url.port}", self._clock.monotonic()):
                return PasswordReport(error=TOO_SOON)
            report = await self._accounts(trial.login)
        except SourceError as error:
            return PasswordReport(error=str(error))
        if not trial.stream_url:
            return report
        opened = await self._open_stream(trial.stream_url)
        return replace(report, stream=Tried.ACCEPTED if opened else Tried.REFUSED)

    async def _accounts(self, login: DeviceLogin) -> PasswordReport:
        nobody = await self._gets_in(DeviceLogin(login.address))
        if is_default(login.user, login.password) and login.user:
            accepted = await self._gets_in(login)
            return PasswordReport(nobody, accepted, accepted_user=login.user if accepted is Tried.ACCEPTED else "")
        if nobody is Tried.ACCEPTED:  # whatever password is sent, it would let us in: nothing would be learnt
            return PasswordReport(nobody, Tried.UNKNOWN)
        maker = await self._maker(login)
        outcome = Tried.REFUSED
        tries = 0
        for user, password in guesses_for(maker):
            await self._pause(BETWEEN_S)
            tries += 1
            outcome = await self._gets_in(DeviceLogin(login.address, user, password))
            if outcome is not Tried.REFUSED:
                return PasswordReport(nobody, outcome, accepted_user=user if outcome is Tried.ACCEPTED else "",
                                      tries=tries)  # fmt: skip
        if login.user:
            await self._gets_in(login)
        return PasswordReport(nobody, outcome, tries=tries)

    async def _gets_in(self, login: DeviceLogin) -> Tried:
        """Raises OnvifLocked and what keeps the camera from answering at all."""
        async with OnvifCamera(login, policy=self._policy, clock=self._clock) as camera:
            await camera.time_or_none()
            try:
                await camera.list_users()
            except OnvifLocked:
                raise
            except OnvifNotAuthorised:
                return Tried.REFUSED
            except (OnvifFault, OnvifGarbage, OnvifUnsupported):
                return Tried.UNKNOWN
        return Tried.ACCEPTED

    async def _maker(self, login: DeviceLogin) -> str:
        async with OnvifCamera(login, policy=self._policy, clock=self._clock) as camera:
            await camera.time_or_none()
            try:
                return text(await camera.information(), "Manufacturer")
            except (OnvifNotAuthorised, OnvifFault, OnvifGarbage, OnvifUnsupported):
                return ""
