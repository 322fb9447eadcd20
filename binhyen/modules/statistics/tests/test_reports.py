"""A report from its draft to the version that corrects it."""

import json
import subprocess
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from binhyen.kernel.audit.models import Line
from binhyen.kernel.measures import Period
from binhyen.kernel.notify.models import Message
from binhyen.kernel.units.authority import Refused, across_units, authority_of
from binhyen.kernel.units.roles import Role
from binhyen.modules.statistics import domain, planning
from binhyen.modules.statistics.domain import Wanted
from binhyen.modules.statistics.jobs import make_reports
from binhyen.modules.statistics.models import Every, Layout, Report
from binhyen.modules.statistics.pages.comparison import correction_of
from binhyen.modules.statistics.screens import waiting_questions, waiting_reports
from binhyen.modules.statistics.sealing import is_whole
from binhyen.modules.statistics.tables import Table

TRAP = "Thu nhận 5.680 hồ sơ, gồm 2.366 hồ sơ trẻ dưới 6 tuổi, 2.877 hồ sơ trẻ lớn và 438 hồ sơ còn lại."
CODES = ["vu-viec-tiep-nhan", "vu-viec-da-giai-quyet", "ty-le-giai-quyet"]

pytestmark = pytest.mark.usefixtures("all_units")


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.BINHYEN_KEYS = tmp_path


@pytest.fixture
def wanted(world):
    return Wanted(world.province, "Báo cáo tháng", CODES, Layout.COMPARE, Period.parse("2026-11"))


@pytest.fixture
def draft(counted, wanted, chief):
    return domain.draft_report(wanted, by=chief)


@pytest.fixture
def signed(draft, chief):
    domain.check_report(draft, by=chief)
    return domain.sign_report(draft, by=chief)


def texts(table):
    return {row.code: [cell.text for cell in row.cells] for row in table.rows}


def refused(verb, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        verb(*args, **kwargs)
    return refusal.value.refusal.code


def solve(case):
    type(case).objects.filter(pk=case.pk).update(ended_at=datetime(2026, 11, 20, tzinfo=UTC), state="closed")


def test_figures_are_those_of_now_until_handed_in_and_stand_still_afterwards(draft, counted, chief):
    assert texts(domain.live_table(draft, by=chief)) == {
        "vu-viec-tiep-nhan": ["4", "2", "+2", "+100,0\xa0%"],
        "vu-viec-da-giai-quyet": ["1", "0", "+1", "—"],
        "ty-le-giai-quyet": ["25,00\xa0%", "0,00\xa0%", "+25,00\xa0điểm\xa0%", "—"],
    }
    solve(counted[3])
    assert texts(domain.live_table(draft, by=chief))["vu-viec-da-giai-quyet"][0] == "2"
    checked = domain.check_report(draft, by=chief)
    solve(counted[2])
    stands = Table.of_json(Report.objects.get(pk=checked.pk).figures)
    assert texts(stands)["vu-viec-da-giai-quyet"][0] == "2"
    assert stands.rows[0].cells[0].url == "/thong-ke/vu-viec-tiep-nhan/?don-vi=T99&ky=2026-11"


def test_units_and_periods_are_columns_too(counted, world, chief, wanted):
    units = domain.draft_report(Wanted(world.province, "x", CODES[:1], Layout.UNITS, wanted.period), by=chief)
    table = domain.live_table(units, by=chief)
    assert [column.label for column in table.columns] == ["Toàn đơn vị", "Công an xã An Hòa", "Công an xã Bình Minh"]
    assert texts(table) == {"vu-viec-tiep-nhan": ["4", "3", "1"]}
    periods = domain.draft_report(Wanted(world.commune_a, "x", CODES[:1], Layout.PERIODS, wanted.period), by=chief)
    assert texts(domain.live_table(periods, by=chief)) == {"vu-viec-tiep-nhan": ["0", "0", "0", "0", "2", "3"]}


def test_figures_that_moved_after_the_check_are_not_signed(draft, counted, chief):
    domain.check_report(draft, by=chief)
    solve(counted[3])
    assert refused(domain.sign_report, draft, by=chief) == "figures_moved"
    draft.refresh_from_db()
    assert (draft.state, draft.signature) == ("checked", "")
    domain.return_report(draft, by=chief, note="Số đã đổi")
    domain.check_report(draft, by=chief)
    assert domain.sign_report(draft, by=chief).state == "signed"


def test_only_a_chief_signs(draft, world, chief):
    officer = world.people[Role.COMMUNE_OFFICER]
    own = domain.draft_report(Wanted(world.commune_a, "x", CODES, Layout.COMPARE, Period.parse("2026-11")), by=officer)
    domain.check_report(own, by=officer)
    assert refused(domain.sign_report, own, by=officer) == "wrong_role"
    assert refused(domain.draft_report, Wanted(world.province, "x", CODES, Layout.COMPARE, Period.parse("2026")),
                   by=officer) == "wrong_unit"  # fmt: skip
    assert Report.objects.get(pk=own.pk).content == ""


def test_T06_what_is_signed_can_be_proved_and_any_changed_byte_is_found(signed):
    content, signature = signed.content.encode(), signed.signature
    facts = json.loads(content)
    assert (facts["id"], facts["unit"]["name"], facts["figures"]["rows"][0]["cells"][0]["text"]) == (
        signed.public_id, "Công an tỉnh Bình Yên", "4",
    )  # fmt: skip
    assert is_whole(content, signature)
    assert not is_whole(content.replace(b'"4"', b'"5"'), signature)
    assert not is_whole(content, signature.replace("report", "evidence"))


@pytest.mark.skipif(subprocess.run(["which", "minisign"], capture_output=True).returncode != 0, reason="no minisign")
def test_T06_minisign_accepts_a_report(signed, tmp_path):
    from binhyen.modules.statistics.sealing import report_key

    (tmp_path / "r.json").write_text(signed.content)
    (tmp_path / "r.json.minisig").write_text(signed.signature)
    command = ["minisign", "-V", "-m", str(tmp_path / "r.json"), "-P", report_key().public_key.base64]
    assert subprocess.run(command, capture_output=True).returncode == 0


def test_the_database_refuses_to_change_or_delete_a_signed_report(signed):
    def attempts():
        rows = Report.objects.filter(pk=signed.pk)
        yield lambda: rows.update(title="Tên khác")
        yield lambda: rows.update(figures={"columns": [], "rows": []})
        yield lambda: rows.update(content=signed.content.replace('"4"', '"5"'))
        yield lambda: rows.update(state="draft")
        yield lambda: rows.update(state="superseded", title="Tên khác")
        yield lambda: rows.delete()

    for attempt in attempts():
        with pytest.raises(ProgrammingError, match="is signed and never changes"), transaction.atomic():
            attempt()
    assert Report.objects.get(pk=signed.pk).content == signed.content


def test_nothing_is_signed_without_a_signature(draft):
    with pytest.raises(IntegrityError, match="signed_report_has_its_signature"), transaction.atomic():
        Report.objects.filter(pk=draft.pk).update(state="signed")


def test_a_correction_is_a_new_version_that_shows_the_difference(signed, counted, chief):
    solve(counted[3])
    correction = domain.correct_report(signed, by=chief)
    assert domain.correct_report(signed, by=chief) == correction
    wanted = Wanted(signed.unit, signed.title, CODES, signed.layout, Period.parse(signed.period))
    correction = domain.change_draft(correction, wanted, "Đã cộng thêm một vụ.", by=chief)
    shown = correction_of(correction, domain.live_table(correction, by=chief))
    assert ("Vụ việc đã giải quyết", "Tháng 11/2026", "1", "2") in shown.figures
    assert shown.words == [("+", "Đã cộng thêm một vụ.")]
    domain.check_report(correction, by=chief)
    now = domain.sign_report(correction, by=chief)
    before = Report.objects.get(pk=signed.pk)
    assert (now.version, now.state, before.state, before.content) == (2, "signed", "superseded", signed.content)
    assert json.loads(now.content)["corrects"]["id"] == signed.public_id
    assert refused(domain.correct_report, before, by=chief) == "wrong_state"


# --- what the checker asks -------------------------------------------------------------------------------------------
def test_a_report_waits_until_every_finding_is_answered(counted, wanted, chief, world):
    report = domain.draft_report(wanted, by=chief, text=TRAP)
    (question,) = report.questions.all()
    assert (question.quoted, question.expected) == ("5.680", "5.681")
    assert refused(domain.check_report, report, by=chief) == "open_questions"
    domain.ask_unit(question, world.commune_a, by=chief)
    officer = world.people[Role.COMMUNE_OFFICER]
    assert [item.url for item in waiting_questions(authority_of(officer))] == [question.get_absolute_url()]
    assert Message.objects.filter(topic="statistics.question").count() == 4  # everyone who does police work there
    assert refused(domain.answer, question, "  ", by=officer) == "empty"
    assert refused(domain.answer, question, "Không phải việc tôi", by=world.outsiders[Role.CHIEF]) == "wrong_unit"
    domain.answer(question, "5.681 mới đúng.", by=officer)
    checked = domain.check_report(report, by=chief)
    assert [item.url for item in waiting_reports(authority_of(chief))] == [report.get_absolute_url()]
    assert list(waiting_questions(authority_of(officer))) == []
    assert refused(domain.answer, question, "Muộn", by=officer) == "not_a_draft"
    signed = domain.sign_report(checked, by=chief)
    assert json.loads(signed.content)["answers"][0]["answer"] == "5.681 mới đúng."


def test_a_question_goes_when_its_sentence_is_corrected_and_stays_answered_while_it_stands(draft, wanted, chief):
    report = domain.change_draft(draft, wanted, TRAP, by=chief)
    (question,) = report.questions.all()
    domain.answer(question, "Theo số của huyện.", by=chief)
    domain.change_draft(report, wanted, f"Mở đầu.\n{TRAP}", by=chief)
    (moved,) = report.questions.all()
    assert (moved.pk, moved.answer, moved.start - question.start) == (question.pk, "Theo số của huyện.", 8)
    domain.change_draft(report, wanted, TRAP.replace("5.680", "5.681"), by=chief)
    assert list(report.questions.all()) == []


def test_a_unit_outside_is_not_asked(counted, world, chief):
    officer = world.people[Role.CHIEF]
    wanted = Wanted(world.commune_a, "x", CODES, Layout.COMPARE, Period.parse("2026-11"))
    (question,) = domain.draft_report(wanted, by=officer, text=TRAP).questions.all()
    assert refused(domain.ask_unit, question, world.commune_b, by=officer) == "wrong_unit"


def test_a_draft_can_be_dropped_and_nothing_else(draft, signed, chief, wanted):
    other = domain.draft_report(wanted, by=chief)
    domain.drop_draft(other, by=chief)
    assert list(Report.objects.all()) == [signed]
    assert refused(domain.drop_draft, signed, by=chief) == "not_a_draft"
    actions = Line.objects.filter(action__startswith="statistics.report.").values_list("action", flat=True)
    assert "statistics.report.sign" in actions


# --- reports that make themselves ------------------------------------------------------------------------------------
def local(day, hour=8):
    return datetime(2026, 11 if day < 31 else 12, day, hour - 7 if hour >= 7 else 0, tzinfo=UTC)


def test_a_report_makes_itself_once_on_its_working_day(counted, world, wanted, chief):
    plan = planning.plan_report(wanted, every=Every.MONTH, workday=3, by=chief)
    type(plan).objects.filter(pk=plan.pk).update(made_at=local(1))
    plan.refresh_from_db()
    # November 2026 begins on a Sunday: its third working day is Wednesday the 4th.
    assert planning.due_on(plan, Period.parse("2026-10")).date().isoformat() == "2026-11-04"
    assert planning.make_due_reports(local(3)) == []
    (made,) = planning.make_due_reports(local(4))
    assert (made.period, made.plan, made.state) == ("2026-10", plan, "draft")
    assert planning.make_due_reports(local(4, 12)) == []
    assert [item.url for item in waiting_reports(authority_of(chief))] == [made.get_absolute_url()]
    assert Message.objects.filter(topic="statistics.report-drafted").count() == 1
    planning.end_plan(plan, by=chief)
    with across_units():
        assert planning.make_due_reports(datetime(2026, 12, 20, tzinfo=UTC)) == []


def test_F13_a_worker_killed_between_two_reports_leaves_none_half_made_and_none_twice(
    counted, wanted, chief, monkeypatch
):
    for _ in range(2):
        plan = planning.plan_report(wanted, every=Every.MONTH, workday=1, by=chief)
        type(plan).objects.filter(pk=plan.pk).update(made_at=local(1))
    sent = iter([None])

    def dies_at_the_second(*args, **kwargs):
        next(sent)

    with monkeypatch.context() as patched:
        patched.setattr(planning, "send", dies_at_the_second)
        with pytest.raises(StopIteration):
            planning.make_due_reports(local(4))
    assert Report.objects.count() == 1
    assert len(planning.make_due_reports(local(4))) == 1
    assert planning.make_due_reports(local(4)) == []
    made_for = list(Report.objects.values_list("plan_id", flat=True))
    assert len(made_for) == len(set(made_for)) == 2


def test_a_plan_makes_no_report_of_the_time_before_it(counted, wanted, chief):
    plan = planning.plan_report(wanted, every=Every.QUARTER, workday=2, by=chief)
    type(plan).objects.filter(pk=plan.pk).update(made_at=datetime(2026, 11, 10, tzinfo=UTC))
    assert planning.make_due_reports(datetime(2026, 12, 1, tzinfo=UTC)) == []
    make_reports(int(datetime(2027, 1, 20, tzinfo=UTC).timestamp()))  # as the worker calls it
    assert Report.objects.get().period == "2026-Q4"


def test_where_who_planned_it_left_the_chief_gets_the_draft_and_where_nobody_is_left_nobody(counted, world, caplog):
    officer, chief = world.people[Role.COMMUNE_OFFICER], world.people[Role.CHIEF]
    wanted = Wanted(world.commune_a, "Báo cáo xã", CODES, Layout.COMPARE, Period.parse("2026-10"))
    plan = planning.plan_report(wanted, every=Every.MONTH, workday=1, by=officer)
    type(plan).objects.filter(pk=plan.pk).update(made_at=local(1))
    officer.memberships.all().delete()
    (made,) = planning.make_due_reports(local(4))
    assert (made.made_by, [item.url for item in waiting_reports(authority_of(chief))]) == (
        chief, [made.get_absolute_url()],
    )  # fmt: skip
    chief.memberships.all().delete()
    assert planning.make_due_reports(datetime(2026, 12, 10, tzinfo=UTC)) == []
    assert "không còn ai lập báo cáo" in caplog.text
