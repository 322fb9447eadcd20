"""Handing in a file: resumed after every cut, hashed on both sides, let in by a link that opens nothing else."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils.timezone import now

from binhyen.kernel.units.authority import Refused
from binhyen.modules.footage import answers, requests, submitting
from binhyen.modules.footage.models import Clip, OwnerAsk, Upload, UploadLink
from binhyen.modules.footage.requests import ask_for_footage, ask_owners
from binhyen.modules.footage.tests.films import dav, film, large_film
from binhyen.modules.footage.tests.uploading import Device, checked, shared, stated
from binhyen.modules.footage.uploads import keeping, limits, links
from binhyen.modules.footage.uploads.keeping import forget_uploads
from binhyen.modules.footage.uploads.vessel import BLOCK_BYTES


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.BINHYEN_DATA = tmp_path


def another(home):
    """A second device, another network, another link."""
    made = Device(Client())
    made.open(links.make_link(home.ask.pk, at=now()))
    return made


# --- resumable (F16) -------------------------------------------------------------------------------------------------
def test_F16_cut_at_99_percent_and_resumed_by_another_device_the_file_arrives_whole(home, device):
    content = large_film(100)
    url = device.create(content).headers["Location"]
    assert device.send(url, content, until=99 * BLOCK_BYTES) * 100 // len(content) == 98
    assert device.put(url, content[99 * BLOCK_BYTES : -1], 99 * BLOCK_BYTES).headers["Upload-Offset"] == str(
        100 * BLOCK_BYTES
    )
    later = another(home)
    assert device.state().status_code == 401  # one device at a time
    assert later.state().json()["file"]["received"] * 100 // len(content) == 99
    later.send(url, content)
    assert later.finish(url, content).status_code == 202
    upload = checked()
    assert (upload.state, upload.sha256) == ("ready", upload.device_sha256)
    assert b"".join(keeping.original(upload).chunks(0, upload.size_bytes)) == content


def test_F16_a_file_that_came_out_different_is_refused_and_removed(home, device):
    content = film()
    url = device.create(content).headers["Location"]
    device.send(url, content)
    assert device.finish(url, content, sha256="ab" * 32).status_code == 202
    upload = checked()
    assert upload.state == "rejected"
    assert "mã băm" in upload.problem
    assert list(keeping.folder().iterdir()) == []
    assert device.hand_in(film(4))  # another file may follow
    assert checked().state == "ready"


def test_F16_a_chunk_that_changed_on_the_way_is_not_taken(home, device):
    content = film()
    url = device.create(content).headers["Location"]
    assert device.put(url, content, 0, checksum=bytes(32)).status_code == 460
    assert device.offset(url) == 0


def test_F16_a_chunk_sent_twice_or_out_of_turn_is_told_where_to_go_on(home, device):
    content = large_film()
    url = device.create(content).headers["Location"]
    device.send(url, content, until=4 * BLOCK_BYTES)
    for offset in (0, 8 * BLOCK_BYTES):
        assert device.put(url, content[offset : offset + BLOCK_BYTES], offset).status_code == 409
    assert device.offset(url) == 4 * BLOCK_BYTES


def test_F16_the_end_said_twice_is_done_once(home, device):
    content = film()
    url = device.hand_in(content)
    assert device.finish(url, content).status_code == 202
    assert checked().state == "ready"
    assert device.finish(url, content).status_code == 202


def test_F12_an_unfinished_file_that_a_restore_did_not_bring_comes_anew(home, device):
    content = large_film()
    url = device.create(content).headers["Location"]
    device.send(url, content, until=4 * BLOCK_BYTES)
    keeping.arriving(Upload.objects.get()).path.unlink()
    assert device.offset(url) == 0
    device.send(url, content)
    device.finish(url, content)
    assert checked().state == "ready"


def test_a_file_that_was_changed_on_the_disk_is_refused(home, device):
    device.hand_in(film())
    path = keeping.original(Upload.objects.get()).path
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    upload = checked()
    assert upload.state == "rejected"
    assert "thay đổi trên đĩa" in upload.problem


def test_nothing_is_agreed_to_where_nothing_was_handed_in(home, signed_in):
    answer = signed_in(home.owner).post(
        f"/camera-cua-toi/yeu-cau/{home.ask.pk}/tra-loi/",
        {"answer": "approve", "start": "2026-01-01T00:00", "end": "2026-01-01T01:00"},
    )
    assert answer.status_code in (403, 422)
    with pytest.raises(Refused, match="không ghi hình camera này"):
        answers.approve(home.ask.pk, home.request.window, by=home.owner)
    assert not Clip.objects.filter(camera=home.ask.camera).exists()


def test_what_is_not_all_there_cannot_be_finished(home, device):
    content = large_film()
    url = device.create(content).headers["Location"]
    device.send(url, content, until=BLOCK_BYTES)
    answer = device.finish(url, content)
    assert answer.status_code == 409
    assert "chưa gửi xong" in answer.json()["detail"]


def test_the_station_says_what_it_can(client):
    answer = client.options("/nop-hinh/tep/")
    assert (answer.status_code, answer.headers["Tus-Version"]) == (204, "1.0.0")
    assert answer.headers["Tus-Extension"] == "creation,checksum,termination,expiration"


# --- the link (S03) --------------------------------------------------------------------------------------------------
def test_S03_a_link_opens_once(home):
    code = links.make_link(home.ask.pk, at=now())
    first, second = Device(Client()), Device(Client())
    assert first.open(code.lower()).status_code == 200
    answer = second.open(code)
    assert answer.status_code == 401
    assert "Hãy lập liên kết mới" in answer.json()["detail"]


def test_S03_a_link_ends_with_the_ask(home):
    code = links.make_link(home.ask.pk, at=now())
    UploadLink.objects.update(expires_at=now() - timedelta(seconds=1))
    assert Device(Client()).open(code).status_code == 401


def test_S03_a_grant_ends_with_the_answer_the_request_and_the_case(home, device):
    assert device.state().status_code == 200
    answers.refuse_ask(home.ask.pk, by=home.owner)
    assert device.state().status_code == 401
    OwnerAsk.objects.update(state="waiting")
    again = another(home)
    requests.take_step(home.request, "end", by=home.officer, note="Đủ rồi", later=lambda _: None)
    assert again.state().status_code == 401


def test_S03_a_grant_opens_the_own_ask_alone(home, device, street):
    content = film()
    url = device.create(content).headers["Location"]
    asked = street.asked(start=now() - timedelta(hours=2), end=now() - timedelta(hours=1))
    other = ask_for_footage(street.case, asked, by=street.officer, later=lambda _: None)
    ask_owners(other.pk)
    stranger = Device(Client())
    stranger.open(links.make_link(OwnerAsk.objects.get(request=other).pk, at=now()))
    tried = [
        stranger.client.head(url, headers=stranger.headers).status_code,
        stranger.put(url, content, 0).status_code,
        stranger.finish(url, content).status_code,
        stranger.client.delete(url, headers=stranger.headers).status_code,
    ]
    assert tried == [404, 404, 404, 404]
    for path in ("/camera-cua-toi/yeu-cau/", f"/camera-cua-toi/yeu-cau/{home.ask.pk}/nop/khung-dau.jpg", "/hom-nay/"):
        assert stranger.client.get(path, headers=stranger.headers).status_code in (302, 401), path


def test_S03_without_a_grant_or_with_a_wrong_one_nothing_is_taken(home, device):
    for grant in ("", "x" * 43, "é"):
        stranger = Device(Client(), grant)
        assert stranger.state().status_code == 401
        assert stranger.create(film()).status_code == 401
    assert Upload.objects.count() == 0


def test_the_link_tells_no_more_than_what_it_takes_to_send(home, device):
    told = device.state()
    for secret in (home.request.number, home.street.case.number, home.request.purpose, home.street.home.code):
        assert secret not in told.content.decode()


def test_no_code_and_no_grant_stands_in_the_database(home, device):
    link = UploadLink.objects.get()
    assert device.grant not in (link.code_hash, link.grant_hash)
    assert len(link.grant_hash) == 64


# --- bounds and hostile files (S06) ----------------------------------------------------------------------------------
@pytest.mark.parametrize("length", [0, -1, "mot", limits.FILE_BYTES_MAX + 1, 10**20])
def test_S06_impossible_sizes_are_refused(home, device, length):
    assert device.create(b"x", length=length).status_code in (413, 422)
    assert Upload.objects.count() == 0


def test_S06_what_does_not_fit_on_the_disk_is_refused_before_it_comes(home, device, monkeypatch):
    usage = SimpleNamespace(free=limits.FREE_BYTES_MIN + 100)
    monkeypatch.setattr("binhyen.modules.footage.uploads.receiving.shutil.disk_usage", lambda _: usage)
    answer = device.create(b"x", length=10_000)
    assert answer.status_code == 507
    assert "không đủ chỗ" in answer.json()["detail"]


def test_S06_more_than_was_announced_is_not_taken(home, device):
    url = device.create(b"x" * 100).headers["Location"]
    assert device.put(url, b"x" * 101, 0).status_code == 413
    assert device.offset(url) == 0


def test_S06_an_ask_takes_a_dozen_files_and_one_at_a_time(home, device):
    url = device.create(b"x" * 100).headers["Location"]
    assert device.create(b"y" * 100).status_code == 409
    for _ in range(limits.FILES_PER_ASK_MAX - 1):
        assert device.client.delete(url, headers=device.headers).status_code == 204
        url = device.create(b"x" * 100).headers["Location"]
    device.client.delete(url, headers=device.headers)
    assert device.create(b"x" * 100).status_code == 413


HOSTILE = {
    "a program": b"MZ\x90\x00" + bytes(4000),
    "a page": b"<!doctype html><script>alert(1)</script>",
    "a playlist": b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
    "a list of files": b"ffconcat version 1.0\nfile /etc/passwd\n",
    "an MP4 in name": b"\x00\x00\x00\x18ftypmp42" + bytes(3000),
    "half an MP4": film()[: len(film()) // 2],
    "a Matroska bomb": b"\x1a\x45\xdf\xa3" + b"\xff" * 4000,
    "an AVI of lies": b"RIFF\xff\xff\xff\xffAVI LIST\xff\xff\xff\x7fhdrl" + bytes(2000),
    "a DAV of noise": b"DHAV" + bytes(range(256)) * 20,
    "one byte": b"x",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_S06_a_file_that_is_no_video_is_refused_with_a_sentence_and_removed(home, device, content):
    device.hand_in(content, name="../../../tmp/lot-ra\x00.mp4")
    upload = checked()
    assert upload.state == "rejected"
    assert "Hãy xuất lại" in upload.problem
    assert list(keeping.folder().iterdir()) == []


@pytest.mark.parametrize(
    ("container", "codec", "label"),
    [
        ("mp4", "libx264", "MP4"), ("matroska", "libx264", "MKV"), ("avi", "mpeg4", "AVI"),
        ("mpegts", "libx264", "MPEG-TS"), ("mp4", "libx265", "MP4"), ("vob", "libx264", "MPEG-PS"),
    ],
)  # fmt: skip
def test_what_recorders_write_is_recognised_by_content_and_cut(home, device, container, codec, label):
    upload = shared(home, device, film(container=container, codec=codec))
    assert (upload.container, upload.width, upload.state) == (label, 64, "shared"), upload.problem
    assert upload.part_frames > 60


def test_a_file_of_a_dahua_recorder_is_recognised_and_cut(home, device):
    upload = shared(home, device, dav())
    assert (upload.container, upload.codec, upload.state) == ("DAV", "h264", "shared"), upload.problem
    assert (upload.length_us, upload.part_frames) == (8_000_000, 80)


def test_what_a_hikvision_recorder_puts_before_a_program_stream_is_passed_over(home, device):
    upload = shared(home, device, b"IMKH" + bytes(36) + film(container="vob"))
    assert (upload.container, upload.state) == ("MPEG-PS", "shared"), upload.problem


# --- what becomes of it -----------------------------------------------------------------------------------------------
def test_only_an_owner_s_yes_makes_a_clip_and_only_of_the_part_that_was_chosen(home, device):
    window = home.request.window
    device.hand_in(film())
    checked()
    assert Clip.objects.filter(camera=home.ask.camera).count() == 0
    part = type(window)(window.start + 2_500_000, window.start + 5_000_000)
    said = stated(home, part=part, printed=window.start + 60_000_000, clock_offset_us=60_000_000)
    upload = submitting.share(home.ask.pk, said, by=home.owner, later=lambda _: None)
    submitting.make_part(str(upload.pk))
    clip = Clip.objects.get(camera=home.ask.camera)
    assert (clip.source, clip.start, clip.end) == ("upload", window.start + 3_000_000, window.start + 5_000_000)
    upload.refresh_from_db()
    assert (upload.part_frames, upload.clock_offset_us) == (20, 60_000_000)
    assert [path.name for path in keeping.folder().iterdir()] == [
        f"{upload.pk}-doan.sealed"
    ]  # no original without a yes


def test_a_clock_that_puts_the_file_elsewhere_is_told(home, device):
    device.hand_in(film())
    checked()
    with pytest.raises(requests.RequestRefused, match="không có hình nào"):
        submitting.share(home.ask.pk, stated(home, clock_offset_us=86_400_000_000), by=home.owner, later=lambda _: None)


def test_refusing_while_the_part_is_being_cut_opens_nothing(home, device):
    device.hand_in(film())
    checked()
    upload = submitting.share(home.ask.pk, stated(home), by=home.owner, later=lambda _: None)
    OwnerAsk.objects.update(state="refused")
    submitting.make_part(str(upload.pk))
    assert not Clip.objects.filter(camera=home.ask.camera).exists()


def test_a_refusal_leaves_nothing_of_what_was_sent(home, device):
    device.hand_in(film())
    checked()
    answers.refuse_ask(home.ask.pk, by=home.owner)
    assert (Upload.objects.count(), UploadLink.objects.count()) == (0, 0)
    assert list(keeping.folder().iterdir()) == []


def test_T04_taking_it_back_removes_the_files_and_leaves_a_receipt(home, device, signed_in):
    upload = shared(home, device, with_original=True)
    assert len(list(keeping.folder().iterdir())) == 2
    answers.withdraw(home.ask.pk, by=home.owner)
    assert list(keeping.folder().iterdir()) == []
    text = signed_in(home.owner).get(f"/camera-cua-toi/yeu-cau/{home.ask.pk}/bien-nhan/").content.decode()
    assert upload.sha256 in text
    assert "tệp anh/chị nộp đã xóa khỏi máy chủ" in text


@pytest.mark.parametrize("state", ["receiving", "checking", "ready", "cutting"])
def test_T07_what_was_never_shared_does_not_stay(home, device, state):
    device.hand_in(film())
    Upload.objects.update(state=state)
    OwnerAsk.objects.update(state="expired")
    forget_uploads(now() + timedelta(days=400))
    assert (Upload.objects.count(), UploadLink.objects.count()) == (0, 0)
    assert list(keeping.folder().iterdir()) == []


def test_T07_an_unfinished_file_expires_after_three_days(home, device):
    content = large_film()
    url = device.create(content).headers["Location"]
    device.send(url, content, until=BLOCK_BYTES)
    forget_uploads(now() + limits.UNFINISHED_KEPT - timedelta(hours=1))
    assert Upload.objects.count() == 1
    forget_uploads(now() + limits.UNFINISHED_KEPT + timedelta(hours=1))
    assert Upload.objects.count() == 0
    assert list(keeping.folder().iterdir()) == []


def test_S12_nothing_on_the_disk_can_be_read_without_the_vault(home, device):
    content = large_film()
    url = device.create(content, name="nha-ba-sen.mp4").headers["Location"]
    device.send(url, content, until=BLOCK_BYTES)
    on_disk = b"".join(path.read_bytes() for path in keeping.folder().iterdir())
    assert content[:64] not in on_disk
    assert b"ftyp" not in on_disk
    assert b"nha-ba-sen" not in bytes(Upload.objects.get().name_sealed)
