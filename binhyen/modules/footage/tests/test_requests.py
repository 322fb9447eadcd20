"""Asking for footage, and what the households answer."""

from datetime import timedelta

import pytest
from django.apps import apps

from binhyen.kernel.audit.models import Line
from binhyen.kernel.units.authority import Refused, authority_of
from binhyen.modules.cameras.public import LookKind, Window, look_refusal, open_look
from binhyen.modules.cases.public import take_step as take_case_step
from binhyen.modules.footage import answers, requests
from binhyen.modules.footage.geometry import AreaRefused, circle
from binhyen.modules.footage.models import Clip, OwnerAsk
from binhyen.modules.footage.moments import instant_of
from binhyen.modules.footage.receivers import windows_of_requests
from binhyen.modules.footage.requests import RequestRefused, ask_for_footage, ask_owners
from binhyen.modules.footage.tests.conftest import MIDDLE, NOW, add_home

FootageHold = apps.get_model("cameras", "FootageHold")


def ask(street, hours=2, **changes):
    later = changes.pop("later", lambda _: None)
    by = changes.pop("by", street.officer)
    return ask_for_footage(street.case, street.asked(hours, **changes), by=by, later=later, at=NOW)


def asked_owner(street, request):
    assert ask_owners(request.pk, at=NOW) == 1
    return OwnerAsk.objects.get(request=request)


def approve(street, request, ask_row):
    return answers.approve(ask_row.pk, request.window, by=street.owner, at=NOW)


def test_the_server_finds_the_public_cameras_of_the_area_and_keeps_their_footage(street):
    request = ask(street)
    assert [(clip.camera, clip.source, clip.window) for clip in request.clips.all()] == [
        ("CAM-GAN", "policy", request.window)
    ]
    hold = FootageHold.objects.get()
    assert (hold.camera, hold.start, hold.end) == (street.near, request.start, request.end)


def test_every_request_queues_the_same_search_whatever_lies_in_the_area(street):
    queued = []
    made = [ask(street, later=queued.append), ask(street, later=queued.append, area=circle(22.5, 104.0, 200))]
    assert queued == [each.pk for each in made]


def test_F13_a_household_is_asked_once_however_often_the_job_runs(street):
    request = ask(street)
    assert [ask_owners(request.pk, at=NOW), ask_owners(request.pk, at=NOW)] == [1, 0]
    assert FootageHold.objects.filter(camera=street.home, released_at=None).count() == 1


def test_requests_of_a_case_are_numbered(street):
    assert [ask(street).number, ask(street).number] == [f"{street.case.number}/YC1", f"{street.case.number}/YC2"]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"purpose": "xem"}, "purpose", "Mục đích “xem” quá ngắn"),
        ({"legal_basis": " "}, "legal_basis", "Chưa có căn cứ pháp lý"),
        ({"end": NOW + timedelta(hours=1)}, "end", "ở tương lai"),
        ({"start": NOW, "end": NOW}, "end", "phải sau thời điểm bắt đầu"),
        ({"hours": 73}, "end", "Khoảng 73 giờ vượt mức tối đa 72 giờ"),
    ],
)
def test_a_request_outside_the_limits_names_the_field_and_what_to_do(street, changes, field, words):
    with pytest.raises(RequestRefused, match=words) as refused:
        ask(street, **changes)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("area", "words"),
    [
        (circle(*MIDDLE, 405), "quá mức tối đa 0,5 km²"),
        (circle(*MIDDLE, 3), "Khu vực chỉ rộng 28 m²"),
        ({"type": "Point", "coordinates": [1, 2]}, "Chưa có khu vực"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}, "Khu vực phải là một hình khép kín"),
        ({"type": "Polygon", "coordinates": [[[0, 0], ["a", 1], [1, 0], [0, 0]]]}, "không đọc được"),
        ({"type": "Polygon", "coordinates": [[[200, 0], [201, 1], [202, 0], [200, 0]]]}, "nằm ngoài bản đồ"),
        (
            {
                "type": "Polygon",
                "coordinates": [[[105, 21], [105.001, 21.001], [105.001, 21], [105, 21.001], [105, 21]]],
            },
            "các cạnh cắt nhau",
        ),
    ],
)
def test_an_area_outside_the_limits_is_refused_with_what_to_do(street, area, words):
    with pytest.raises(AreaRefused, match=words):
        ask(street, area=area)


def test_twelve_hours_need_no_signature_and_a_minute_more_waits_for_one(street):
    assert [ask(street, 12).state, ask(street, 12 + 1 / 60).state] == ["open", "cosign"]
    assert Clip.objects.count() == 1


def test_a_chief_who_did_not_ask_opens_a_long_window(street):
    queued = []
    request = ask(street, 13)
    requests.take_step(request, "cosign", by=street.chief, later=queued.append, at=NOW)
    assert (request.state, request.clips.count(), queued) == ("open", 1, [request.pk])


def test_nobody_signs_the_own_request(street):
    request = ask(street, 13, by=street.chief)
    with pytest.raises(Refused, match="không có quyền “Ký duyệt”"):
        requests.take_step(request, "cosign", by=street.chief, later=print)


def test_a_closed_case_takes_no_request(street):
    take_case_step(street.case, "close", by=street.officer, note="Xong", at=NOW)
    with pytest.raises(Refused, match="đã đóng lúc 17:00 ngày 21/11/2026"):
        ask(street)


def test_an_officer_of_another_unit_asks_nothing_in_this_case(street):
    with pytest.raises(Refused):
        ask(street, by=street.world.outsiders["investigator"])


def test_an_approved_window_opens_to_case_officers_and_ends_with_the_case(street):
    request = ask(street)
    approve(street, request, asked_owner(street, request))
    authority = authority_of(street.officer)
    assert [access.window for access in windows_of_requests(authority, street.home.code)] == [request.window]
    assert list(windows_of_requests(authority_of(street.world.outsiders["chief"]), street.home.code)) == []
    take_case_step(street.case, "close", by=street.officer, note="Xong")
    assert list(windows_of_requests(authority, street.home.code)) == []


def test_an_owner_opens_only_the_part_that_was_chosen(street):
    request = ask(street)
    row = asked_owner(street, request)
    part = Window(request.start + 60_000_000, request.end - 60_000_000)
    answers.approve(row.pk, part, by=street.owner, at=NOW)
    whole = {"by": street.officer, "kind": LookKind.PLAYBACK, "purpose": "vu_viec", "case": street.case.number}
    look = open_look(street.home.code, window=request.window, at=NOW, **whole).look
    assert (look.window_start, look.window_end) == (part.start, part.end)


def test_an_owner_opens_nothing_outside_what_was_asked_for(street):
    request = ask(street)
    row = asked_owner(street, request)
    with pytest.raises(RequestRefused, match="phải nằm trong khoảng được yêu cầu"):
        answers.approve(row.pk, Window(request.start - 1, request.end), by=street.owner, at=NOW)


def test_T04_withdrawal_ends_a_running_look_keeps_nothing_more_and_leaves_a_receipt(street):
    request = ask(street)
    row = approve(street, request, asked_owner(street, request))
    opened = open_look(
        street.home.code, by=street.officer, kind=LookKind.PLAYBACK, purpose="vu_viec", case=street.case.number,
        window=request.window, at=NOW,
    )  # fmt: skip
    assert look_refusal(opened.look.pk, by=street.officer, at=NOW) is None
    withdrawn = answers.withdraw(row.pk, by=street.owner, at=NOW)
    assert look_refusal(opened.look.pk, by=street.officer, at=NOW) is not None
    assert not FootageHold.objects.filter(camera=street.home, released_at=None).exists()
    assert (withdrawn.receipt[:3], withdrawn.receipt == row.receipt) == ("BN-", False)


def test_only_the_owner_answers(street):
    row = asked_owner(street, ask(street))
    for stranger in (street.officer, street.world.people["camera_owner"]):
        with pytest.raises(Refused, match="Không có yêu cầu này"):
            answers.refuse_ask(row.pk, by=stranger, at=NOW)


def test_an_answer_after_the_deadline_or_a_second_one_opens_nothing(street):
    request = ask(street)
    row = asked_owner(street, request)
    with pytest.raises(Refused, match="hết hạn trả lời"):
        answers.approve(row.pk, request.window, by=street.owner, at=NOW + timedelta(days=8))
    answers.refuse_ask(row.pk, by=street.owner, at=NOW)
    with pytest.raises(Refused, match="anh/chị đã từ chối"):
        approve(street, request, row)


def test_silence_ends_by_itself_and_releases_the_footage(street):
    row = asked_owner(street, ask(street))
    assert [requests.end_due_asks(NOW + timedelta(days=6)), requests.end_due_asks(NOW + timedelta(days=8))] == [0, 1]
    row.refresh_from_db()
    assert row.state == "expired"
    assert not FootageHold.objects.filter(camera=street.home, released_at=None).exists()
    requests.end_due_asks(NOW + timedelta(days=98))
    assert not OwnerAsk.objects.exists()


def test_ending_a_request_ends_what_it_opened(street):
    request = ask(street)
    approve(street, request, asked_owner(street, request))
    requests.take_step(request, "end", by=street.officer, note="Đã tìm thấy xe", later=print, at=NOW)
    assert not Clip.objects.filter(ended_at=None).exists()
    assert not FootageHold.objects.filter(released_at=None).exists()


def test_footage_of_a_closed_case_is_kept_for_a_month_in_case_it_reopens(street):
    ask(street)
    take_case_step(street.case, "close", by=street.officer, note="Xong", at=NOW)
    assert requests.close_clips_of_ended_cases(NOW + timedelta(days=29)) == 0
    assert FootageHold.objects.filter(released_at=None).count() == 1
    assert requests.close_clips_of_ended_cases(NOW + timedelta(days=31)) == 1
    assert FootageHold.objects.filter(released_at=None).count() == 0


def test_T01_the_log_names_no_owner_and_tells_no_officer_of_an_answer(street):
    request = ask(street)
    row = approve(street, request, asked_owner(street, request))
    answers.withdraw(row.pk, by=street.owner, at=NOW)
    lines = [str(vars(line)) for line in Line.objects.all()]
    assert not [line for line in lines if street.owner.username in line or "Phạm Thị Sen" in line]
    told = Line.objects.filter(action__startswith="footage.owner")
    assert {(line.unit, line.case) for line in told} == {("", "")}


def test_a_refusal_and_a_question_write_no_line(street):
    row = asked_owner(street, ask(street))
    before = Line.objects.count()
    answers.refuse_ask(row.pk, by=street.owner, at=NOW)
    assert Line.objects.count() == before


def test_a_household_outside_the_area_is_not_asked(street):
    add_home(street.world, street.owner, at=(MIDDLE[0] + 0.02, MIDDLE[1]))
    assert ask_owners(ask(street).pk, at=NOW) == 1


def test_instants_are_exact_to_the_microsecond():
    assert instant_of(NOW + timedelta(microseconds=1)) == 1795255200000001
