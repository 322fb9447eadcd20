"""What officers get of a file that an owner handed in: the part that was agreed to, as long as it is."""

import json
import re
import zipfile
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.utils.timezone import localtime, now

from binhyen.kernel.audit.models import Line
from binhyen.kernel.notify.models import Message
from binhyen.kernel.notify.reading import messages_of, shown
from binhyen.kernel.upkeep.erasing import erase_again, read_journal
from binhyen.modules.cameras.public import Window
from binhyen.modules.cases.public import erase_due_cases
from binhyen.modules.cases.public import take_step as take_case_step
from binhyen.modules.footage import answers
from binhyen.modules.footage.evidence import verify_package
from binhyen.modules.footage.models import Clip, EvidencePackage, Upload
from binhyen.modules.footage.moments import datetime_of
from binhyen.modules.footage.node import Node
from binhyen.modules.footage.packages import Chosen, ask_for_package, make_package, path_of
from binhyen.modules.footage.ranges import Span, span_of
from binhyen.modules.footage.requests import RequestRefused
from binhyen.modules.footage.submitting import share
from binhyen.modules.footage.tests.films import film
from binhyen.modules.footage.tests.uploading import Device, checked, shared, stated
from binhyen.modules.footage.uploads import keeping


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.BINHYEN_DATA = tmp_path


def look(client, clip):
    return client.post(f"/doan-nop/{clip.pk}/xem/", headers={"Accept": "application/json"})


def body(answer):
    return b"".join(answer.streaming_content)


def package_of(home, clip):
    marks = Window(clip.start + 1_000_000, clip.start + 2_000_000)
    package = ask_for_package(home.request, [Chosen(clip, marks)], by=home.officer, later=lambda _: None)
    return make_package(package.package_id, node=Node("http://127.0.0.1:9", ""))


def test_an_officer_plays_the_part_by_ranges_and_each_look_is_a_line(home, device, signed_in):
    upload = shared(home, device)
    client = signed_in(home.officer)
    before = Line.objects.filter(action="look.playback").count()
    opened = look(client, upload.clip).json()
    whole = body(client.get(opened["src"]))
    assert whole[4:8] == b"ftyp"
    assert len(whole) == upload.part_bytes
    answer = client.get(opened["src"], headers={"Range": "bytes=100-299"})
    assert (answer.status_code, answer.headers["Content-Range"]) == (206, f"bytes 100-299/{upload.part_bytes}")
    assert body(answer) == whole[100:300]
    assert client.get(opened["src"], headers={"Range": "bytes=99999999-"}).status_code == 416
    line = Line.objects.filter(action="look.playback").latest("number")
    assert Line.objects.filter(action="look.playback").count() == before + 1
    assert (line.case, line.subject) == (home.street.case.number, home.ask.camera)


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("", Span(0, 10, 10, is_whole=True)), ("bytes=0-", Span(0, 10, 10)), ("bytes=3-4", Span(3, 5, 10)),
        ("bytes=-4", Span(6, 10, 10)), ("bytes=5-99", Span(5, 10, 10)), ("bytes=10-", None), ("bytes=7-3", None),
        ("bytes=-", Span(0, 10, 10, is_whole=True)), ("bytes=0-1,4-5", Span(0, 10, 10, is_whole=True)),
    ],
)  # fmt: skip
def test_a_range_is_what_the_standard_says(header, span):
    assert span_of(header, 10) == span


def test_T04_a_withdrawal_ends_the_pictures_at_the_next_request(home, device, signed_in):
    upload = shared(home, device)
    client = signed_in(home.officer)
    src = look(client, upload.clip).json()["src"]
    answers.withdraw(home.ask.pk, by=home.owner)
    told = [client.get(src, headers={"Accept": "application/json"}).status_code, look(client, upload.clip).status_code]
    assert told == [403, 403]
    assert "không còn được mở" in client.get(f"/doan-nop/{upload.clip_id}/").content.decode()


def test_S03_pictures_end_with_the_case_and_open_to_no_other_look_person_or_unit(home, device, signed_in):
    upload = shared(home, device)
    client = signed_in(home.officer)
    src = look(client, upload.clip).json()["src"]
    people = home.street.world
    assert signed_in(people.people["chief"]).get(src).status_code == 403  # somebody else's look
    assert signed_in(people.outsiders["chief"]).get(src).status_code == 404
    for role in ("it_admin", "auditor"):
        assert signed_in(people.people[role]).get(f"/doan-nop/{upload.clip_id}/").status_code == 403
    take_case_step(home.street.case, "close", by=people.people["chief"], note="Xong")
    assert client.get(src).status_code == 403


def agree_to_other_hours(home):
    """The household's consent covers an hour of the day that begins two hours after the window."""
    begun = localtime(datetime_of(home.request.start))
    start = (begun.hour * 60 + begun.minute + 240) % 1440
    hours = {"hours_start": start, "hours_end": (start + 60) % 1440}
    apps.get_model("consents", "Consent")._base_manager.filter(camera__code=home.ask.camera).update(**hours)


def test_a_household_s_hours_bind_what_it_hands_in(home, device):
    device.hand_in(film())
    checked()
    agree_to_other_hours(home)
    with pytest.raises(RequestRefused, match="Thỏa thuận của anh/chị chỉ gồm"):
        share(home.ask.pk, stated(home), by=home.owner, later=lambda _: None)


def test_nothing_is_shared_while_the_consent_is_paused(home, device):
    device.hand_in(film())
    checked()
    apps.get_model("consents", "Consent")._base_manager.filter(camera__code=home.ask.camera).update(state="paused")
    with pytest.raises(RequestRefused, match="tạm dừng"):
        share(home.ask.pk, stated(home), by=home.owner, later=lambda _: None)


def test_T04_a_consent_that_no_longer_covers_the_part_closes_it(home, device, signed_in):
    upload = shared(home, device)
    client = signed_in(home.officer)
    src = look(client, upload.clip).json()["src"]
    agree_to_other_hours(home)
    assert [client.get(src).status_code, look(client, upload.clip).status_code] == [403, 403]
    assert client.post(f"/doan-nop/{upload.clip_id}/tai/", {"what": "part"}).status_code == 403


def test_downloads_are_looked_and_logged_and_the_original_only_with_the_owner_s_yes(home, device, signed_in):
    content = film()
    upload = shared(home, device, content, with_original=True)
    client = signed_in(home.officer)
    answer = client.post(f"/doan-nop/{upload.clip_id}/tai/", {"what": "original"})
    assert body(answer) == content
    line = Line.objects.filter(action="look.export.download").latest("number")
    assert (line.detail["what"], line.detail["sha256"]) == ("original", upload.sha256)
    Upload.objects.update(with_original=False)
    assert client.post(f"/doan-nop/{upload.clip_id}/tai/", {"what": "original"}).status_code == 403
    assert body(client.post(f"/doan-nop/{upload.clip_id}/tai/", {"what": "part"}))[4:8] == b"ftyp"


def test_a_package_of_it_verifies_and_says_where_it_comes_from(home, device):
    upload = shared(home, device, printed=home.request.start + 90_000_000, clock_offset_us=90_000_000)
    package = package_of(home, upload.clip)
    assert package.state == "done", package.error
    assert verify_package(path_of(package)).ok
    with zipfile.ZipFile(path_of(package)) as file:
        (clip,) = json.loads(file.read("manifest.json"))["clips"]
    assert "do chủ camera nộp" in clip["camera_name"]
    assert clip["camera_clock_offset_us"] == 90_000_000
    assert (clip["sources"][0]["sha256"], clip["frames"]) == (upload.sha256, upload.part_frames)


def test_T04_the_original_that_a_package_names_stays_with_the_case(home, device):
    upload = shared(home, device, with_original=True)
    package_of(home, upload.clip)
    ask = answers.withdraw(home.ask.pk, by=home.owner)
    assert ask.packages_before_withdrawal == 1
    assert [path.name for path in keeping.folder().iterdir()] == [f"{upload.pk}.sealed"]


def test_S12_no_page_shows_a_file_before_its_owner_agreed(home, device, signed_in):
    device.hand_in(film())
    checked()
    world = home.street.world
    for role, person in {**world.people, "owner of another": home.street.world.outsiders["camera_owner"]}.items():
        answer = signed_in(person).get(f"/camera-cua-toi/yeu-cau/{home.ask.pk}/nop/khung-dau.jpg")
        assert answer.status_code == 403, role
    assert signed_in(home.owner).get(f"/camera-cua-toi/yeu-cau/{home.ask.pk}/nop/khung-dau.jpg").status_code == 200
    assert not Clip.objects.filter(source="upload").exists()


def test_T07_a_part_whose_right_ended_goes_after_a_month_and_with_its_case(home, device):
    upload = shared(home, device)
    Clip.objects.filter(pk=upload.clip_id).update(ended_at=now())
    keeping.forget_uploads(now() + timedelta(days=29))
    assert keeping.part(upload).path.is_file()
    keeping.forget_uploads(now() + timedelta(days=31))
    assert not keeping.part(upload).path.exists()
    assert Upload.objects.get().erased_at is not None


def test_the_owner_states_the_clock_and_shares_by_the_page(home, device, signed_in):
    device.hand_in(film())
    checked()
    client, address = signed_in(home.owner), f"/camera-cua-toi/yeu-cau/{home.ask.pk}/"
    page = client.get(address).content.decode()
    assert "Giờ in trên khung hình đầu tiên" in page
    assert "by-player" not in page
    form = {"clock": "ahead", "offset_minutes": "0", "offset_seconds": "0", "shown_at": "2026-01-01T00:00:00"}
    refused = client.post(f"{address}nop/chia-se/", form | {"start": "2026-01-01T00:00", "end": "2026-01-01T01:00"})
    assert refused.status_code == 422
    assert "Chưa ghi đồng hồ lệch bao nhiêu" in refused.content.decode()
    assert Upload.objects.get().state == "ready"


def test_the_owner_makes_a_link_and_drops_a_file_by_the_page(home, signed_in, client):
    owner, address = signed_in(home.owner), f"/camera-cua-toi/yeu-cau/{home.ask.pk}/"
    page = owner.post(f"{address}nop/lien-ket/")
    assert page.status_code == 200
    assert "data:image/svg+xml" in page.content.decode()
    assert page.headers["Cache-Control"] == "private, no-store"
    grant = owner.post(f"{address}nop/may-nay/").json()["grant"]
    assert client.get("/nop-hinh/tinh-trang/", headers={"Authorization": f"Bearer {grant}"}).status_code == 200
    assert owner.post(f"{address}nop/bo/").status_code == 302
    assert EvidencePackage.objects.count() == 0


def test_the_owner_may_have_the_link_sent_and_it_opens_once(home, signed_in, client):
    owner = signed_in(home.owner)
    page = owner.post(f"/camera-cua-toi/yeu-cau/{home.ask.pk}/nop/lien-ket/", {"send": "1"})
    code = re.search(r"<code>([0-9A-Z-]{19})</code>", page.content.decode())[1]
    message = Message.objects.get(topic="footage.owner-link")
    assert code.encode() not in bytes(message.sealed)
    [told] = [each for each in shown(messages_of(home.owner, at=now())) if each.content.lines]
    assert told.content.lines[-1] == f"Mã nộp tệp: {code}"
    device = Device(client)
    assert [device.open(code).status_code, device.open(code).status_code] == [200, 401]


def test_F12_what_was_refused_is_erased_again_after_a_restore(home, device):
    device.hand_in(film())
    upload = checked()
    on_disk = keeping.original(upload).path.read_bytes()
    answers.refuse_ask(home.ask.pk, by=home.owner)
    # A backup taken before the refusal is brought back: its own journal does not know of it.
    journal = [replace(each, id=str(uuid4())) for each in read_journal()]
    upload.save(force_insert=True)
    keeping.original(upload).path.write_bytes(on_disk)
    assert erase_again(journal)["footage.upload"] == 1
    assert (Upload.objects.count(), list(keeping.folder().iterdir())) == (0, [])


def test_F12_files_whose_rows_a_restore_did_not_bring_are_swept(home, device):
    stray = keeping.folder() / "0d9f0c5e-3b1c-4a53-9a94-33f1f4a1a001-doan.sealed"
    upload = shared(home, device)
    stray.write_bytes(b"left over")
    keeping.forget_uploads(now())
    assert [path.name for path in keeping.folder().iterdir()] == [f"{upload.pk}-doan.sealed"]


def test_T07_what_an_ended_case_erases_takes_the_files_along(home, device, settings):
    shared(home, device, with_original=True)
    take_case_step(home.street.case, "close", by=home.street.chief, note="Xong")
    erase_due_cases(now() + timedelta(days=400))
    assert (Upload.objects.count(), list(keeping.folder().iterdir())) == (0, [])
