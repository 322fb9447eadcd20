"""What happens at the station of the tests, each in a process of its own."""

import hashlib
import json
import sys
from datetime import timedelta
from pathlib import Path

import django

NOISE = b"packed footage "


def build(data: Path) -> dict:
    """A case that holds footage of a street camera and of a household that agreed; a package; an address; a witness."""
    from django.apps import apps
    from django.utils.timezone import now

    from binhyen.kernel.notify.addresses import give_address
    from binhyen.kernel.testing.world import make_person, make_world
    from binhyen.kernel.units.roles import Role
    from binhyen.modules.cameras.public import Window, add_camera, add_household_camera
    from binhyen.modules.cases.public import CaseFacts, add_person, open_case
    from binhyen.modules.footage import answers
    from binhyen.modules.footage.geometry import circle
    from binhyen.modules.footage.moments import instant_of
    from binhyen.modules.footage.requests import Asked, ask_for_footage, ask_owners

    world = make_world()
    officer = world.people["investigator"]
    owner = make_person("chu.camera", "Phạm Thị Sen", Role.CAMERA_OWNER, world.commune_a)
    street = add_camera(
        by=None, unit=world.commune_a, tier=2, name="Cổng chợ", url="rtsp://192.0.2.2/1", code="CAM-CHO",
        latitude=21.63, longitude=105.64, recording=False,
    )  # fmt: skip
    homes = [
        add_household_camera(
            by=None, owner=owner, unit=world.commune_a, name="Camera cổng", url="rtsp://192.0.2.21/1",
            address="Số 7 ngõ 3 thôn Đồng Mây", latitude=21.63, longitude=105.64, recording=False,
        )
        for _ in range(2)
    ]  # fmt: skip
    case = open_case(CaseFacts("trom-cap", "Mất xe máy"), unit=world.commune_a, by=officer)
    witnesses = [
        add_person(case, part="witness", name=name, contact="", by=officer) for name in ("Lò Văn An", "Vi Thị Bình")
    ]
    asked = Asked(circle(21.63, 105.64, 100), now() - timedelta(hours=2), now(), "Tìm xe máy bị lấy trộm", "Điều 147")
    request = ask_for_footage(case, asked, by=officer, later=lambda _: None)
    ask_owners(request.pk)
    for ask in request.asks.all():
        answers.approve(ask.pk, Window(request.start, request.end), by=owner)
    segments = _segments(data, [street.code, *(home.code for home in homes)], instant_of(now() - timedelta(hours=1)))
    give_address("email", "sen@vidu.example", by=owner)
    package = apps.get_model("footage", "EvidencePackage").objects.create(
        package_id="GCC-2026-AAAA-BBBB", request=request, selection=[], state="done", made_by=officer, queued_at=now()
    )
    _write_file(data / "blobs/evidence" / f"{package.package_id}.zip", NOISE * 1000)
    return {
        "case": case.pk,
        "homes": [home.code for home in homes],
        "asks": {ask.camera: str(ask.pk) for ask in request.asks.all()},
        "witnesses": [witness.pk for witness in witnesses],
        "segments": segments,
    }


def _segments(data: Path, cameras: list[str], start: int) -> dict[str, list[str]]:
    """One segment of each camera inside the window, and one five hours before, which nothing holds."""
    from binhyen.contracts import SECOND, Instant
    from binhyen.media.playback.tests.footage import write_segment
    from binhyen.media.playback.tests.pictures import encode_clip, parameter_sets, units

    clip = encode_clip(data.parent / "street.mp4")
    begin = Instant(start // SECOND * SECOND)
    return {
        camera: [
            write_segment(
                data / "store", camera, number, parameter_sets(clip), units(clip, start=Instant(begin - back * SECOND))
            ).path
            for number, back in ((1, 5 * 3600), (2, 0))
        ]
        for camera in cameras
    }


def write(data: Path, case: str) -> dict:
    """Notes with their lines in the log, and files, as fast as one process can, until the file `enough` is there."""
    from binhyen.kernel.accounts.models import User
    from binhyen.modules.cases.public import Case, add_note

    officer, book = User.objects.get(username="a.investigator"), Case.objects.get(pk=case)
    written = 0
    while not (data.parent / "enough").exists():
        _write_file(data / "blobs/evidence" / f"load-{written:05d}.zip", NOISE * (written + 1))
        add_note(book, f"Ghi chép {written}", by=officer)
        written += 1
        if written == 5:
            (data.parent / "writing").touch()
    return {"written": written}


def _write_file(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    part.rename(path)


def erase(data: Path, ask: str, home: str, witness: str) -> dict:
    """What a person may ask for after the backup was taken."""
    from uuid import UUID

    from binhyen.kernel.accounts.models import User
    from binhyen.kernel.notify.addresses import remove_address
    from binhyen.kernel.upkeep.jobs import carry
    from binhyen.modules.cameras.domain import end_sharing
    from binhyen.modules.cameras.public import Camera
    from binhyen.modules.cases.domain import remove_person
    from binhyen.modules.cases.models import CasePerson
    from binhyen.modules.footage.answers import withdraw

    owner, officer = User.objects.get(username="chu.camera"), User.objects.get(username="a.investigator")
    withdraw(UUID(ask), by=owner)
    end_sharing(Camera.objects.get(code=home), by=owner)
    remove_person(CasePerson.objects.get(pk=witness), by=officer)
    remove_address("email", by=owner)
    return {"carried": carry(data)}


def look(data: Path) -> dict:
    """What is there."""
    from django.apps import apps

    from binhyen.kernel.audit.record import verify

    rows = {
        model: list(apps.get_model(model).objects.order_by("pk").values_list(*fields))
        for model, fields in {
            "audit.Line": ("number", "hash"),
            "cases.CaseNote": ("text",),
            "cases.CasePerson": ("pk", "name"),
            "cameras.Camera": ("code", "active_until", "recording"),
            "footage.OwnerAsk": ("camera", "state"),
            "notify.Address": ("pk",),
            "sessions.Session": ("pk",),
        }.items()
    }
    files = {
        str(path.relative_to(data)): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in ("blobs", "store")
        for path in sorted((data / folder).rglob("*"))
        if path.suffix in (".zip", ".mp4")
    }
    return {"rows": rows, "files": files, "breaks": [each.sentence for each in verify()]}


def main() -> None:
    django.setup()
    from binhyen.kernel.units.authority import across_units

    does, data, *arguments = sys.argv[1:]
    with across_units():
        told = {"build": build, "write": write, "erase": erase, "look": look}[does](Path(data), *arguments)
    print(json.dumps(told, default=str))


if __name__ == "__main__":
    main()
