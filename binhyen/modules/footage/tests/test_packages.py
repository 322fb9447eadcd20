"""Evidence packages from an officer's ticks to a file that proves itself."""

import json
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from asgiref.sync import async_to_sync
from django.test import AsyncClient, Client

from binhyen.kernel.audit.models import Line
from binhyen.kernel.units.authority import Refused
from binhyen.modules.cameras.public import Window
from binhyen.modules.cases.public import erase_due_cases
from binhyen.modules.cases.public import take_step as take_case_step
from binhyen.modules.footage import answers, packages, requests
from binhyen.modules.footage.evidence import verify_package
from binhyen.modules.footage.models import Clip, EvidencePackage, OwnerAsk
from binhyen.modules.footage.node import Node, TryLater
from binhyen.modules.footage.packages import Chosen, ask_for_package, make_package, path_of
from binhyen.modules.footage.requests import RequestRefused, ask_for_footage, ask_owners
from binhyen.modules.footage.tests.conftest import NOW
from binhyen.modules.footage.tests.node import TOKEN, fake_node


@pytest.fixture
def live():
    with fake_node() as node:
        yield node


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.BINHYEN_DATA = tmp_path
    settings.BINHYEN_KEYS = settings.BINHYEN_KEYS  # the vault's key stays where the cameras were sealed


@pytest.fixture
def footage(street):
    return ask_for_footage(street.case, street.asked(), by=street.officer, later=lambda _: None, at=NOW)


def queue(street, footage, *, clip=None, marks=None):
    clip = clip or footage.clips.get()
    marks = marks or Window(clip.start + 60_000_000, clip.start + 120_000_000)
    return ask_for_package(footage, [Chosen(clip, marks)], by=street.officer, later=lambda _: None, at=NOW)


def make(package, live):
    return make_package(package.package_id, node=Node(live.url, TOKEN))


def approved_clip(street, footage):
    ask_owners(footage.pk, at=NOW)
    ask = answers.approve(OwnerAsk.objects.get().pk, footage.window, by=street.owner, at=NOW)
    return ask, ask.clip


def test_a_package_is_made_of_the_marked_part_and_verifies(street, footage, live):
    package = make(queue(street, footage), live)
    assert (package.state, package.error) == ("done", "")
    assert verify_package(path_of(package)).ok
    with zipfile.ZipFile(path_of(package)) as file:
        manifest = json.loads(file.read("manifest.json"))
    clip = footage.clips.get()
    assert [(each["camera"], each["mark_in"]["us"] - clip.start) for each in manifest["clips"]] == [
        ("CAM-GAN", 60_000_000),
        ("CAM-GAN", 90_000_000),
    ]
    assert (manifest["case"]["number"], manifest["request"]["number"]) == (street.case.number, footage.number)
    assert manifest["clips"][0]["camera_clock_offset_us"] == -1_250_000


def test_T01_a_package_names_neither_the_household_nor_its_place(street, footage, live):
    _, clip = approved_clip(street, footage)
    package = make(queue(street, footage, clip=clip), live)
    with zipfile.ZipFile(path_of(package)) as file:
        told = b"".join(file.read(name) for name in file.namelist() if not name.endswith(".mp4")).decode(
            "utf-8", "replace"
        )
    assert not [
        each for each in ("Phạm Thị Sen", "Đồng Mây", "Camera cổng", "192.168.7.21", "sen") if f'"{each}"' in told
    ]
    assert "Đồng Mây" not in told


def test_T05_asking_making_and_downloading_are_one_line_each(street, footage, live):
    package = make(queue(street, footage), live)
    packages.open_for_download(package, by=street.officer)
    told = Line.objects.filter(case=street.case.number).exclude(action__startswith="cases.").order_by("number")
    assert list(told.values_list("action", flat=True)) == [
        "footage.request.ask",
        "look.export",
        "footage.package.ask",
        "footage.package.make",
        "look.export.download",
    ]


def test_F13_a_build_that_was_killed_in_the_middle_is_done_again_without_harm(street, footage, live):
    package = queue(street, footage)
    path = path_of(package)
    path.parent.mkdir(parents=True)
    path.with_name(path.name + ".part").write_bytes(b"half")  # what kill -9 leaves
    EvidencePackage.objects.update(state="working")
    assert make(package, live).state == "done"
    assert verify_package(path).ok
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_F13_a_build_that_was_killed_before_it_could_say_done_is_done_again(street, footage, live):
    package = make(queue(street, footage), live)
    EvidencePackage.objects.update(state="working")
    again = make(package, live)
    with zipfile.ZipFile(path_of(package)) as file:
        assert json.loads(file.read("manifest.json"))["package_id"] == again.package_id
    assert (again.state, verify_package(path_of(again)).ok) == ("done", True)


def test_F13_a_finished_package_is_not_built_again(street, footage, live):
    package = make(queue(street, footage), live)
    before = (path_of(package).stat().st_mtime_ns, len(live.asked), Line.objects.count())
    make(package, live)
    assert (path_of(package).stat().st_mtime_ns, len(live.asked), Line.objects.count()) == before


@pytest.mark.parametrize("trouble", ["away", "cut_short", "still_writing"])
def test_a_node_in_trouble_means_later_and_leaves_nothing_half_written(street, footage, live, trouble):
    package = queue(street, footage)
    setattr(live, trouble, True)
    with pytest.raises(TryLater):
        make(package, live)
    folder = path_of(package).parent
    assert not list(folder.iterdir())
    setattr(live, trouble, False)
    assert make(package, live).state == "done"


def test_nothing_recorded_is_said_so(street, footage, live):
    live.empty = True
    package = make(queue(street, footage), live)
    assert (package.state, package.error) == (
        "failed",
        "Không có hình nào được ghi trong khoảng đã chọn. Hãy chọn khoảng khác.",
    )


def test_a_package_tried_often_enough_says_that_it_will_not_be_made(street, footage):
    package = queue(street, footage)
    packages.give_up(package.package_id, "Máy phát hình không trả lời.")
    package.refresh_from_db()
    assert package.error == "Máy phát hình không trả lời. Đã thử nhiều lần; hãy lập lại gói sau."


def test_closing_the_case_stops_a_package_that_was_queued(street, footage, live):
    package = queue(street, footage)
    take_case_step(street.case, "close", by=street.officer, note="Xong")
    assert make(package, live).state == "failed"
    assert live.asked == []


def test_closing_the_case_ends_downloads(street, footage, live):
    package = make(queue(street, footage), live)
    take_case_step(street.case, "close", by=street.officer, note="Xong")
    package = EvidencePackage.objects.get(pk=package.pk)
    with pytest.raises(Refused, match="đã đóng"):
        packages.open_for_download(package, by=street.officer)


def test_T04_a_withdrawal_before_the_package_stops_it_and_after_it_is_counted(street, footage, live):
    ask, clip = approved_clip(street, footage)
    done, queued = make(queue(street, footage, clip=clip), live), queue(street, footage, clip=clip)
    withdrawn = answers.withdraw(ask.pk, by=street.owner, at=NOW)
    assert withdrawn.packages_before_withdrawal == 1
    assert make(queued, live).state == "failed"
    assert not path_of(queued).exists()
    assert path_of(done).exists()


def test_marks_outside_the_clip_are_refused(street, footage):
    clip = footage.clips.get()
    with pytest.raises(RequestRefused, match="nằm ngoài đoạn được mở"):
        queue(street, footage, marks=Window(clip.start - 1, clip.end))


def test_an_ended_request_packs_nothing(street, footage):
    clip = footage.clips.get()
    requests.take_step(footage, "end", by=street.officer, note="Xong", later=print)
    with pytest.raises(Refused, match="đã kết thúc"):
        queue(street, footage, clip=clip)


def test_T07_files_and_reasons_go_with_the_case(street, footage, live):
    package = make(queue(street, footage), live)
    ended = datetime(2026, 11, 22, tzinfo=UTC)
    take_case_step(street.case, "close", by=street.officer, note="Xong", at=ended)
    assert erase_due_cases(ended + timedelta(days=400)) == [street.case.number]
    footage.refresh_from_db()
    assert not path_of(package).exists()
    assert (footage.purpose, footage.place, footage.area, Clip.objects.count()) == ("", "", {}, 0)


def download(client_kind, street, package):
    client = client_kind()
    Authenticator.objects.get_or_create(user=street.officer, type="totp", defaults={"data": {"secret": "not-used"}})
    client.force_login(street.officer)
    return client, f"/goi-chung-cu/{package.package_id}/tai/"


def test_a_download_is_the_file_that_was_made(street, footage, live):
    package = make(queue(street, footage), live)
    client, address = download(Client, street, package)
    response = client.post(address)
    assert b"".join(response.streaming_content) == path_of(package).read_bytes()
    assert response["Cache-Control"] == "private, no-store"


def test_the_server_streams_a_download_instead_of_reading_it_whole(street, footage, live):
    package = make(queue(street, footage), live)
    client, address = download(AsyncClient, street, package)

    async def fetched():
        response = await client.post(address)
        return response.is_async, b"".join([chunk async for chunk in response.streaming_content])

    assert async_to_sync(fetched)() == (True, path_of(package).read_bytes())
