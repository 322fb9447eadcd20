"""What is done with reports: prepare, ask, answer, hand in, sign, correct."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.timezone import now

from binhyen.kernel.accounts.models import User
from binhyen.kernel.audit.record import record
from binhyen.kernel.figures.check import check_text
from binhyen.kernel.measures import Period, registered
from binhyen.kernel.notify.sending import RolesIn, send
from binhyen.kernel.units.authority import Refusal, Refused, authority_of
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.roles import OFFICERS, Role
from binhyen.kernel.workflow.advance import advance
from binhyen.kernel.workflow.deadlines import begin
from binhyen.modules.statistics import rules
from binhyen.modules.statistics.models import Report, ReportPlan, ReportQuestion
from binhyen.modules.statistics.notices import QUESTION_ASKED, REPORT_TO_SIGN
from binhyen.modules.statistics.sealing import content_of, signature_over
from binhyen.modules.statistics.spans import in_order
from binhyen.modules.statistics.tables import Table, differences, table_of
from binhyen.modules.statistics.workflow import REPORT

ID_BYTES = 10
NOT_SIGNED = Refusal("Báo cáo này chưa được ký.", code="not_signed", remedy="Hãy tải sau khi Trưởng công an ký.")


@dataclass(frozen=True)
class Wanted:
    """What a person chose: which measures, in which columns, of which unit and period."""

    unit: Unit
    title: str
    measures: Sequence[str]
    layout: str
    period: Period


@transaction.atomic
def draft_report(wanted: Wanted, *, by: User, plan: ReportPlan | None = None, text: str = "") -> Report:
    """A new draft. Raises Refused."""
    refuse(rules.may_report_for(authority_of(by), wanted.unit))
    report = Report(
        unit=wanted.unit, title=wanted.title, measures=list(wanted.measures), layout=wanted.layout,
        period=wanted.period.code, text=text, plan=plan, made_by=by, public_id=_new_id(),
    )  # fmt: skip
    begin(report, at=now())
    report.save()
    _raise_questions(report)
    record("statistics.report.draft", by=by, subject=report.public_id, unit=report.unit.code)
    return report


def _new_id() -> str:
    letters = base64.b32encode(secrets.token_bytes(ID_BYTES)).decode()
    return "BC-" + "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


@transaction.atomic
def change_draft(report: Report, wanted: Wanted, text: str, *, by: User) -> Report:
    """Write in a draft. Answers to findings that are still there stay."""
    locked = Report.objects.select_for_update(of=("self",)).select_related("unit").get(pk=report.pk)
    refuse(rules.may_change(authority_of(by), locked))
    locked.title, locked.layout, locked.period = wanted.title, wanted.layout, wanted.period.code
    locked.measures, locked.text = list(wanted.measures), text
    locked.save(update_fields=["title", "layout", "period", "measures", "text"])
    _raise_questions(locked)
    record("statistics.report.change", by=by, subject=locked.public_id, unit=locked.unit.code)
    return locked


@transaction.atomic
def drop_draft(report: Report, *, by: User) -> None:
    """Take away a draft that nobody needs. Raises Refused for anything that was signed or waits for it."""
    locked = Report.objects.select_for_update(of=("self",)).select_related("unit").get(pk=report.pk)
    refuse(rules.may_change(authority_of(by), locked))
    record("statistics.report.drop", by=by, subject=locked.public_id, unit=locked.unit.code)
    locked.delete()


def _raise_questions(report: Report) -> None:
    """Keep the questions of findings that are still in the text, add new ones, drop those that were corrected."""
    known = {(each.kind, each.quoted, each.sentence): each for each in report.questions.all()}
    for found in check_text(report.text):
        place = {"start": found.start, "end": found.end}
        kept = known.pop((found.kind, found.text, found.sentence), None)
        if kept is not None:
            report.questions.filter(pk=kept.pk).update(**place)
            continue
        report.questions.create(
            kind=found.kind, quoted=found.text, sentence=found.sentence, found=found.found, expected=found.expected,
            **place,
        )  # fmt: skip
    report.questions.filter(pk__in=[each.pk for each in known.values()]).delete()


# --- what the checker asks -------------------------------------------------------------------------------------------
@transaction.atomic
def ask_unit(question: ReportQuestion, unit: Unit, *, by: User, at: datetime | None = None) -> None:
    """Ask the officers of `unit`, at or below the report's, what is true. Raises Refused."""
    report = question.report
    refuse(rules.may_change(authority_of(by), report))
    if not report.unit.covers(unit):
        raise Refused(Refusal(f"{unit.name} không thuộc {report.unit.name}.", code="wrong_unit",
                              remedy="Hãy chọn một đơn vị trực thuộc trong danh sách."))  # fmt: skip
    question.asked_unit, question.asked_by, question.asked_at = unit, by, at or now()
    question.save(update_fields=["asked_unit", "asked_by", "asked_at"])
    send(
        QUESTION_ASKED, to=RolesIn(OFFICERS, unit), subject="Có một câu hỏi về số liệu báo cáo",
        body=f"{report.unit.name} hỏi về “{question.quoted}” trong báo cáo “{report.title}”: {question.sentence}",
        url=question.get_absolute_url(), dedupe_key=f"question:{question.pk}:{unit.pk}", at=at,
    )  # fmt: skip
    record("statistics.question.ask", by=by, subject=report.public_id, unit=report.unit.code,
           detail={"asked": unit.code, "kind": question.kind})  # fmt: skip


@transaction.atomic
def answer(question: ReportQuestion, words: str, *, by: User, at: datetime | None = None) -> None:
    """What is true of the finding; the report may go on once every one is answered. Raises Refused."""
    refuse(rules.may_answer(authority_of(by), question))
    if not words.strip():
        raise Refused(Refusal("Câu trả lời đang trống.", code="empty", remedy="Hãy viết số nào đúng và vì sao."))
    question.answer, question.answered_by, question.answered_at = words.strip(), by, at or now()
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    report = question.report
    record("statistics.question.answer", by=by, subject=report.public_id, unit=report.unit.code,
           detail={"kind": question.kind})  # fmt: skip


def open_questions(report: Report) -> int:
    """How many findings nobody has answered yet."""
    return int(report.questions.filter(answered_at=None).count())


# --- check, sign, correct --------------------------------------------------------------------------------------------
def live_table(report: Report, *, by: User) -> Table:
    """The figures of now for what the report asks."""
    measures = in_order(registered(), report.measures)
    return table_of(measures, report.layout, report.unit, Period.parse(report.period), authority=authority_of(by))


@transaction.atomic
def check_report(report: Report, *, by: User, at: datetime | None = None) -> Report:
    """Hand it in: from here on its figures stand still. Raises Refused while a finding is unanswered."""
    left = open_questions(report)
    if left:
        raise Refused(Refusal(f"Chưa trình ký được: còn {left} chỗ chưa được trả lời.", code="open_questions",
                              remedy="Hãy sửa lời văn, giải trình, hoặc hỏi đơn vị có số liệu."))  # fmt: skip
    figures = live_table(report, by=by).as_json()
    moved = advance(report, "check", by=by, at=at)
    moved.figures = figures
    moved.save(update_fields=["figures"])
    send(
        REPORT_TO_SIGN, to=RolesIn(frozenset({Role.CHIEF}), moved.unit), subject="Một báo cáo chờ anh/chị ký",
        body=f"{moved.title}, {Period.parse(moved.period).label.lower()}.", url=moved.get_absolute_url(),
        dedupe_key=f"sign:{moved.pk}:{moved.due_at}", at=at,
    )  # fmt: skip
    return moved


def return_report(report: Report, *, by: User, note: str) -> Report:
    """Back to whoever writes it."""
    return advance(report, "return", by=by, note=note)


@transaction.atomic
def sign_report(report: Report, *, by: User, at: datetime | None = None) -> Report:
    """Sign what was checked; whatever it corrects is from now on replaced. Raises Refused where figures have moved."""
    at = at or now()
    locked = Report.objects.select_for_update(of=("self",)).select_related("unit", "corrects").get(pk=report.pk)
    if locked.state == "checked" and REPORT["sign"].allowed(authority_of(by), locked):
        _refuse_moved_figures(locked, by)
        locked.content = content_of(locked, by=by, at=at)
        locked.signature = signature_over(locked.content, public_id=locked.public_id, at=at)
        locked.signed_by, locked.signed_at = by, at
        locked.save(update_fields=["content", "signature", "signed_by", "signed_at"])
    signed = advance(locked, "sign", by=by, at=at)
    if signed.corrects is not None:
        advance(signed.corrects, "supersede", by=None, at=at)
    return signed


def _refuse_moved_figures(report: Report, by: User) -> None:
    moved = differences(Table.of_json(report.figures), live_table(report, by=by))
    if not moved:
        return
    name, column, old, new = moved[0]
    more = f" và {len(moved) - 1} số khác" if len(moved) > 1 else ""
    sentence = f"Số liệu đã đổi từ lúc kiểm tra: {name} ({column}) từ {old} thành {new}{more}."
    raise Refused(Refusal(sentence, code="figures_moved",
                          remedy="Hãy trả báo cáo về “Đang soạn” rồi trình ký lại với số mới."))  # fmt: skip


@transaction.atomic
def correct_report(report: Report, *, by: User) -> Report:
    """A new version of a signed report, as a draft; the signed one stays as it is. Raises Refused."""
    refuse(rules.may_report_for(authority_of(by), report.unit))
    if report.state != "signed":
        raise Refused(Refusal("Chỉ đính chính được bản đã ký mới nhất.", code="wrong_state",
                              remedy="Hãy mở bản thay thế của báo cáo này."))  # fmt: skip
    standing = Report.objects.filter(corrects=report).first()
    if standing is not None:
        return standing
    made = Report(
        unit=report.unit, title=report.title, measures=report.measures, layout=report.layout, period=report.period,
        text=report.text, plan=report.plan, version=report.version + 1, corrects=report, made_by=by,
        public_id=_new_id(),
    )  # fmt: skip
    begin(made, at=now())
    made.save()
    _raise_questions(made)
    record("statistics.report.correct", by=by, subject=made.public_id, unit=made.unit.code,
           detail={"corrects": report.public_id})  # fmt: skip
    return made


def refuse(refusal: Refusal | None) -> None:
    """Raise where a rule said no."""
    if refusal is not None:
        raise Refused(refusal)
