"""The API for recording nodes: desired state down, events and status up. For a node with the token, nobody else."""

import hmac
import json
from typing import Any, NoReturn

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status
from ninja.security import HttpBearer

from binhyen.contracts import ContractError, EventBatch, StatusReport, load
from binhyen.contracts.describe import json_schema
from binhyen.modules.cameras import node

DIGITS_MAX = 30  # longer numbers overflow a float, and mean nothing here


class NodeToken(HttpBearer):
    """The secret that this installation and its recording nodes share."""

    def authenticate(self, request: HttpRequest, token: str) -> str | None:
        known = hmac.compare_digest(token.encode(), settings.BINHYEN_NODE_TOKEN.encode())
        return "node" if known else None


class CameraWanted(Schema):
    """One camera as a node is to record it; addresses hold passwords."""

    code: str
    url: str
    sub_url: str
    retention_days: int
    recording: bool


class HoldWanted(Schema):
    """Footage that is not to be deleted: [start, end) in microseconds UTC."""

    id: str
    camera: str
    start: int
    end: int


class SpecAnswer(Schema):
    """Desired state of a node (`contracts.NodeSpec`)."""

    cameras: list[CameraWanted]
    holds: list[HoldWanted]
    quota_bytes: int
    forget: list[str]


class Accepted(Schema):
    """How many of what was sent the centre now has."""

    accepted: int


class Problem(Schema):
    """What was wrong, naming the field."""

    detail: str


router = Router(tags=["node"], auth=NodeToken())


def _body(schema: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


@router.get("/spec", response={200: SpecAnswer, 304: None, 401: Problem}, summary="Camera cần ghi")
def spec(request: HttpRequest) -> HttpResponse:
    """Desired state with an ETag; 304 where the node has it already."""
    body, etag = node.spec_answer()
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers={"ETag": etag})
    headers = {"ETag": etag, "Cache-Control": "no-store"}
    return HttpResponse(body, content_type="application/json", headers=headers)


@router.post(
    "/events",
    response={200: Accepted, 401: Problem, 422: Problem},
    summary="Sự kiện của máy ghi",
    openapi_extra=_body(json_schema(EventBatch)),
)
def events(request: HttpRequest) -> Any:
    """News, each taken once by its id."""
    try:
        return Status(200, {"accepted": node.take_events(load(EventBatch, _json(request)))})
    except ContractError as error:
        return Status(422, {"detail": str(error)})


@router.post(
    "/status",
    response={200: Accepted, 401: Problem, 422: Problem},
    summary="Tình trạng camera",
    openapi_extra=_body(json_schema(StatusReport)),
)
def status(request: HttpRequest) -> Any:
    """The state of every camera of the node, as of now."""
    try:
        return Status(200, {"accepted": node.take_statuses(load(StatusReport, _json(request)).statuses)})
    except ContractError as error:
        return Status(422, {"detail": str(error)})


def _json(request: HttpRequest) -> Any:
    try:
        return json.loads(request.body, parse_constant=_no_constant, parse_int=_whole)
    except (ValueError, RecursionError) as error:
        raise ContractError(f"$: not JSON ({error})") from error


def _whole(digits: str) -> int:
    if len(digits) > DIGITS_MAX:
        raise ValueError(f"a number of {len(digits)} digits")
    return int(digits)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


ROUTERS = {"/node": router}
