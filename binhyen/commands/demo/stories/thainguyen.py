"""The self-managed groups of Thái Nguyên: records that add up to what was published of them until August 2022.

Units, people, places and every single record are made up; only the sums are the published ones. "Gần 5 tỷ đồng" was
published as a bound, so an exact sum below it is assumed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from binhyen.commands.demo.stories.made_up import person, shares
from binhyen.kernel.history import acting
from binhyen.kernel.units.authority import across_units
from binhyen.kernel.units.domain import open_unit
from binhyen.kernel.units.models import Unit
from binhyen.modules.contributions.public import Campaign, Entry, enter_many, number_campaign, publish
from binhyen.modules.groups.public import ClusterCamera, Group, Member
from binhyen.modules.movement.public import (
    Dossier,
    EducationTurn,
    Exhibit,
    LessonCard,
    Meeting,
    MovementCase,
    Sanction,
    Session,
)

CODE = "T98"
PLACES = (
    "phường Ban Mai", "phường Suối Trong", "phường Đồi Chè", "phường Rừng Cọ", "phường Hoa Ban", "phường Hoa Đào",
    "phường Hoa Sen", "phường Hoa Sữa", "phường Cầu Đá", "phường Bến Nước", "xã Đồi Sim", "xã Nương Ngô",
    "xã Ruộng Bậc", "xã Giếng Cổ",
)  # fmt: skip
OPENED = date(2020, 9, 1)
YEAR = 2022
LAST_DAY = date(2022, 8, 31)
REPORT_PERIOD = str(YEAR)


@dataclass(frozen=True)
class Figures:
    """The published figures."""

    units: int = 14
    groups: int = 229
    members: int = 1_695
    cameras: int = 1_128
    dong: int = 4_986_500_000
    sessions: int = 1_096
    cases: int = 100
    drug_cases: int = 56
    drug_people: int = 62
    dossiers: int = 12
    education_turns: int = 247
    sanctions: int = 292
    exhibits: int = 165
    advised: int = 41


PUBLISHED = Figures()


def load() -> Unit:
    """Make the story's records, once; returns the unit above all of them."""
    top = Unit.objects.filter(code=CODE).first()
    if top is not None:
        return top
    with transaction.atomic(), across_units(), acting(None, batch="demo:thainguyen"):
        top = open_unit(code=CODE, name="Công an thành phố Bình Yên", level="tinh", valid_from=OPENED)
        units = [
            open_unit(
                code=f"X98{number:03}", name=f"Công an {place}", level="phuong" if "phường" in place else "xa",
                valid_from=OPENED, below=top,
            )
            for number, place in enumerate(PLACES, 1)
        ]  # fmt: skip
        _groups(units)
        _records(units)
        _contributions(units)
        _lessons(units)
    return top


def days(count: int, *, turn: int = 0) -> Iterator[date]:
    """`count` days of the story's year, none after its last."""
    length = (LAST_DAY - date(YEAR, 1, 1)).days + 1
    return (date(YEAR, 1, 1) + timedelta(days=(place * 37 + turn * 11) % length) for place in range(count))


# --- groups ----------------------------------------------------------------------------------------------------------
def _groups(units: list[Unit]) -> None:
    """Groups with their members and clusters, founded one after the other over the story's two years."""
    span = (LAST_DAY - OPENED).days
    groups: list[Group] = []
    for unit, count in zip(units, shares(PUBLISHED.groups, len(units)), strict=True):
        for number in range(1, count + 1):
            founded = OPENED + timedelta(days=len(groups) * 53 % span)
            groups.append(
                Group(unit=unit, code=f"{number:02}", number=f"{unit.code}-{number:02}", founded_on=founded,
                      name=f"Tổ tự quản số {number}", hamlet=f"Tổ dân phố {number}")
            )  # fmt: skip
    Group._base_manager.bulk_create(groups)
    members = zip(groups, shares(PUBLISHED.members, len(groups), turn=2), strict=True)
    Member._base_manager.bulk_create(_member(group, place) for group, part in members for place in range(part))
    cameras = zip(groups, shares(PUBLISHED.cameras, len(groups), turn=5), strict=True)
    ClusterCamera._base_manager.bulk_create(
        ClusterCamera(group=group, code=f"C{place:02}", source="own", added_on=group.founded_on)
        for group, part in cameras
        for place in range(1, part + 1)
    )


def _member(group: Group, place: int) -> Member:
    code = f"{place + 1:02}"
    part = ("leader", "deputy")[place] if place < 2 else "member"
    name = person(int(group.unit.code[1:]) + int(group.code) * 7 + place)
    return Member(group=group, code=code, number=f"{group.number}-{code}", name=name, part=part,
                  joined_on=group.founded_on)  # fmt: skip


# --- what was done ---------------------------------------------------------------------------------------------------
def _records(units: list[Unit]) -> None:
    made: list[tuple[type[Any], int, Any]] = [
        (Session, PUBLISHED.sessions, _session),
        (MovementCase, PUBLISHED.cases, _case),
        (MovementCase, PUBLISHED.drug_cases, _drug_case),
        (Dossier, PUBLISHED.dossiers, _dossier),
        (EducationTurn, PUBLISHED.education_turns, _education),
        (Sanction, PUBLISHED.sanctions, _sanction),
        (Sanction, PUBLISHED.advised, _advised),
        (Exhibit, PUBLISHED.exhibits, _exhibit),
    ]
    for turn, (model, total, make) in enumerate(made):
        parts = shares(total, len(units), turn=turn)
        day = iter(days(total, turn=turn))
        rows = [(unit, place) for unit, part in zip(units, parts, strict=True) for place in range(part)]
        model._base_manager.bulk_create(make(unit, next(day), number) for number, (unit, _) in enumerate(rows, 1))
    for place, unit in enumerate(units):
        Meeting(unit=unit, title="Sơ kết sáu tháng", kind="interim", held_on=date(YEAR, 7, 5 + place % 20),
                minutes="Khen tổ giữ cụm camera sạch, đủ điện\nLắp thêm đèn ngõ tối").save()  # fmt: skip


TOPICS = ("law", "crime", "drugs", "covid", "fire", "traffic")
TITLES = {
    "law": "Phổ biến pháp luật ở tổ dân phố", "crime": "Thủ đoạn trộm cắp, lừa đảo", "drugs": "Tác hại của ma túy",
    "covid": "Phòng, chống dịch COVID-19", "fire": "Chữa cháy ban đầu tại nhà", "traffic": "Đội mũ, đi đúng làn",
}  # fmt: skip


def _session(unit: Unit, day: date, number: int) -> Session:
    topic = TOPICS[number % len(TOPICS)]
    return Session(unit=unit, held_on=day, topic=topic, title=f"{TITLES[topic]}, buổi {number}",
                   place="Nhà văn hóa", listeners=30 + number % 40)  # fmt: skip


def _case(unit: Unit, day: date, number: int) -> MovementCase:
    kind = ("theft", "theft", "gambling", "violence", "other")[number % 5]
    return MovementCase(unit=unit, cleared_on=day, number=f"TB-{number:03}/{YEAR}", kind=kind, source="tip",
                        people=1 + number % 2)  # fmt: skip


def _drug_case(unit: Unit, day: date, number: int) -> MovementCase:
    more = PUBLISHED.drug_people - PUBLISHED.drug_cases
    source = ("camera", "check")[number % 2]
    return MovementCase(unit=unit, cleared_on=day, number=f"MT-{number:03}/{YEAR}", kind="drugs", source=source,
                        people=2 if number <= more else 1)  # fmt: skip


def _dossier(unit: Unit, day: date, number: int) -> Dossier:
    return Dossier(unit=unit, opened_on=day, number=f"CN-{number:03}/{YEAR}", kind="treatment")


def _education(unit: Unit, day: date, number: int) -> EducationTurn:
    form = ("talk", "commitment", "review", "work")[number % 4]
    return EducationTurn(unit=unit, done_on=day, number=f"GD-{number:03}/{YEAR}", form=form)


def _sanction(unit: Unit, day: date, number: int) -> Sanction:
    field = ("traffic", "urban")[number % 2]
    return Sanction(unit=unit, decided_on=day, number=f"XP-{number:03}/{YEAR}", part="decided", field=field)


def _advised(unit: Unit, day: date, number: int) -> Sanction:
    return Sanction(unit=unit, decided_on=day, number=f"TM-{number:03}/{YEAR}", part="advised", field="urban")


def _exhibit(unit: Unit, day: date, number: int) -> Exhibit:
    what = ("Biển quảng cáo", "Bảng hiệu", "Bạt che", "Bàn ghế bày trên vỉa hè")[number % 4]
    return Exhibit(unit=unit, taken_on=day, what=what, quantity=1, record_number=f"BB-{number:03}/{YEAR}",
                   kept_at="Kho của đơn vị", state="held")  # fmt: skip


# --- contributions ---------------------------------------------------------------------------------------------------
GIFTS_OF_A_UNIT = 24
STEP_DONG = 50_000


def _contributions(units: list[Unit]) -> None:
    """A campaign for each unit, its gifts, and the sum of it published."""
    for place, (unit, dong) in enumerate(zip(units, shares(PUBLISHED.dong // STEP_DONG, len(units)), strict=True)):
        campaign = Campaign(unit=unit, name="Cụm camera an ninh", opened_on=OPENED,
                            purpose="Mua, lắp và giữ cụm camera của các tổ tự quản.")  # fmt: skip
        number_campaign(campaign)
        parts = shares(dong, GIFTS_OF_A_UNIT, turn=place)
        gifts = [
            (_gift(campaign, part * STEP_DONG, number, day), person(place * GIFTS_OF_A_UNIT + number))
            for number, (part, day) in enumerate(zip(parts, days(GIFTS_OF_A_UNIT, turn=place), strict=True))
        ]
        enter_many(campaign.pk, gifts, by=None)
        publish(campaign, by=None)


def _gift(campaign: Campaign, dong: int, number: int, day: date) -> Entry:
    is_thing = number % 6 == 5
    what = "Bộ camera, đầu ghi, dây và công lắp" if is_thing else ""
    return Entry(campaign=campaign, kind="in_kind" if is_thing else "money", amount=dong, what=what, received_on=day)


def _lessons(units: list[Unit]) -> None:
    """The model as another unit can copy it."""
    LessonCard(
        unit=units[0], title="Tổ tự quản gắn với cụm camera", written_on=LAST_DAY, shared=True,
        doing="Mỗi cụm camera giao cho một tổ; tổ trưởng là bí thư chi bộ, tổ trưởng dân phố hoặc người có uy tín.\n"
        "Dân góp camera, công an hướng dẫn chỗ đặt; tổ xem lại khi có việc, báo công an.",
        conditions="Cuộc họp dân đồng ý; quy chế giữ hình; người giữ mật khẩu.",
        figure="Vụ trộm trong tổ, một năm", before=31, after=9,
    ).save()  # fmt: skip
