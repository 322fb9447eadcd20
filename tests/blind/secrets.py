"""A household whose every fact can be told from anything else, and how to find it in whatever an answer is."""

import io
import zipfile

import h3
from pypdf import PdfReader

from binhyen.kernel.testing.world import make_person
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.public import add_household_camera

PLACE = (21.7134567, 105.7712345)
WORDS = {
    "name": "Cổng sau nhà Quắm",
    "address": "Ngách 91 ngõ Trứng Vịt",
    "contact": "0912 340 785",
    "owner": "Kha Thị Quắm",
    "username": "quam.kha",
    "password": "mat-ma-Quam-77",
    "host": "10.91.77.13",
}
CELLS = [h3.latlng_to_cell(*PLACE, resolution) for resolution in range(7, 16)]


def coordinates(decimals):
    """The place as text, with a point and with a comma, cut and rounded."""
    cut = [str(int(value * 10**decimals) / 10**decimals) for value in PLACE]
    told = {*cut, *(f"{value:.{decimals}f}" for value in PLACE)}
    return {*told, *(each.replace(".", ",") for each in told)}


def secrets(decimals=5):
    return [*WORDS.values(), *coordinates(decimals), *CELLS]


def add_sentinel(unit, *, at=PLACE, **changes):
    """The household and its owner."""
    owner = make_person(WORDS["username"], WORDS["owner"], Role.CAMERA_OWNER, unit)
    url = f"rtsp://nha:{WORDS['password']}@{WORDS['host']}/cong"
    facts = {name: WORDS[name] for name in ("name", "address", "contact")}
    camera = add_household_camera(
        by=None, owner=owner, unit=unit, url=url, latitude=at[0], longitude=at[1], **{**facts, **changes}
    )
    return camera, owner


def text_of(answer):
    """Head and body; what is packed is unpacked."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    parts = [str(answer.headers), *(str(morsel) for morsel in answer.cookies.values())]
    if body[:4] == b"%PDF":
        parts += [page.extract_text() for page in PdfReader(io.BytesIO(body)).pages]
    elif body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            parts += [packed.read(name).decode("utf-8", "replace") for name in packed.namelist()]
    else:
        parts.append(body.decode("utf-8", "replace"))
    return "\n".join(parts)


def found_in(text, decimals=5):
    return [each for each in secrets(decimals) if each in text]
