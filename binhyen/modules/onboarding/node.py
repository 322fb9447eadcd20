"""Asking the node of this machine about cameras: `POST /v1/devices/…` with contract types."""

import json
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, TypeVar
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from django.conf import settings

from binhyen.contracts import ContractError, dump, load
from binhyen.contracts.devices import (
    ClockReport,
    DeviceLogin,
    DeviceReport,
    PasswordReport,
    PasswordTrial,
    Search,
    SearchReport,
    SnapshotAsk,
    StreamAsk,
    StreamReport,
)

ANSWER_WITHIN_S = 75.0
ANSWER_BYTES_MAX = 4_500_000
AWAY = "Máy ghi không trả lời. Hãy thử lại sau một phút, hoặc báo quản trị kỹ thuật."
Report = TypeVar("Report", SearchReport, DeviceReport, ClockReport, PasswordReport, StreamReport)


class _NoRedirect(HTTPRedirectHandler):
    """The token goes to our own node and nowhere else."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_open = build_opener(ProxyHandler({}), _NoRedirect).open


@dataclass(frozen=True)
class DeviceNode:
    """The node, from any thread. No method raises: a report has its `error`."""

    url: str
    token: str

    def __repr__(self) -> str:
        return f"DeviceNode({self.url!r})"

    def search(self, asked: Search) -> SearchReport:
        return self._report("search", asked, SearchReport)

    def describe(self, login: DeviceLogin) -> DeviceReport:
        return self._report("describe", login, DeviceReport)

    def set_time(self, login: DeviceLogin) -> ClockReport:
        return self._report("set-time", login, ClockReport)

    def try_passwords(self, trial: PasswordTrial) -> PasswordReport:
        return self._report("passwords", trial, PasswordReport)

    def look_at(self, url: str) -> StreamReport:
        return self._report("stream", StreamAsk(url), StreamReport)

    def picture(self, login: DeviceLogin, snapshot_url: str) -> bytes | None:
        """A JPEG, or None where the camera gives none."""
        try:
            return self._ask("snapshot", SnapshotAsk(login, snapshot_url))
        except (OSError, HTTPException):
            return None

    def _report(self, name: str, asked: object, kind: type[Report]) -> Report:
        try:
            return load(kind, json.loads(self._ask(name, asked)))
        except (OSError, HTTPException, ValueError, ContractError):
            return kind(error=AWAY)

    def _ask(self, name: str, asked: object) -> bytes:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        request = Request(f"{self.url}/v1/devices/{name}", json.dumps(dump(asked)).encode(), headers)  # noqa: S310  # the address is the installation's own setting
        try:
            with _open(request, timeout=ANSWER_WITHIN_S) as answer:
                return bytes(answer.read(ANSWER_BYTES_MAX))
        except HTTPError as error:
            error.close()
            raise


def own_node() -> DeviceNode:
    """The node that this installation's settings name."""
    return DeviceNode(settings.BINHYEN_NODE_URL, settings.BINHYEN_NODE_TOKEN)
