"""Things that addresses name, for every unit: a module that brings a new kind of thing adds it to `Things`.

`PARAMETERS` says which thing a parameter means, by the route's name where the same word means two things.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils.timezone import localdate, now

from binhyen.kernel.accounts.models import User
from binhyen.kernel.measures import Period
from binhyen.kernel.notify.models import Device, Message
from binhyen.kernel.notify.sending import send
from binhyen.kernel.notify.topics import ESCALATED
from binhyen.kernel.screens.declaration import Screens, all_screens
from binhyen.kernel.screens.models import Export, Import
from binhyen.kernel.screens.policy import Action
from binhyen.kernel.testing.registers import make_example, person_for
from binhyen.kernel.testing.world import SINCE, World, make_person, make_unit
from binhyen.kernel.units.models import Membership, Unit
from binhyen.kernel.units.roles import Role
from binhyen.modules.cameras.models import Camera
from binhyen.modules.cameras.public import add_camera, add_household_camera
from binhyen.modules.cases.domain import add_person
from binhyen.modules.cases.models import Case, CasePerson
from binhyen.modules.cases.public import CaseFacts, open_case
from binhyen.modules.contributions.ledger import enter, link_token, number_campaign
from binhyen.modules.contributions.models import Campaign, Entry
from binhyen.modules.contributions.publishing import publish
from binhyen.modules.footage.geometry import circle
from binhyen.modules.footage.models import EvidencePackage, FootageRequest, OwnerAsk
from binhyen.modules.footage.packages import Chosen, ask_for_package
from binhyen.modules.footage.requests import Asked, ask_for_footage, ask_owners
from binhyen.modules.groups.models import CheckIn, Duty, Group, Member, Rota, Shift, Swap
from binhyen.modules.groups.public import add_member
from binhyen.modules.statistics.domain import Wanted, check_report, draft_report, mark_of, sign_report
from binhyen.modules.statistics.models import Report, ReportPlan, ReportQuestion
from binhyen.modules.statistics.planning import plan_report

MIDDLE = (21.63, 105.64)


@dataclass
class Things:
    """One of each kind, in one unit. `home` is the camera of the unit's first household, `neighbour` of another.
    `message`, `device` and `export` are the investigator's; `rows` are the example of every register, and a file of
    each, by the register's name."""

    camera: Camera
    home: Camera
    neighbour: Camera
    case: Case
    person: CasePerson
    request: FootageRequest
    ask: OwnerAsk
    package: EvidencePackage
    message: Message
    device: Device
    duty: Duty
    swap: Swap
    checkin: CheckIn
    gift: Entry
    report: Report
    signed_report: Report
    question: ReportQuestion
    plan: ReportPlan
    export: Export
    rows: dict[str, Any] = field(default_factory=dict)


SCOPES = ("own", "other", "closed")


@dataclass
class Stage:
    """Everything that may be asked for. `people` by role serve commune A and served the closed unit."""

    people: dict[str, User]
    own: Things
    other: Things
    closed: Things


def make_stage(world: World) -> Stage:
    """Build it; runs across units."""
    closing = make_unit("X99003", "Công an xã Cũ", Unit.Level.COMMUNE, below=world.province)
    guests = {role: make_person(f"c.{role}", f"Lê {role.label} C", role, closing) for role in Role}
    for role, user in world.people.items():
        Membership.objects.create(user=user, unit=closing, role=role, valid_from=SINCE)
    stage = Stage(
        people=world.people,
        own=_things(world.commune_a, world.people, "AN", 0.0),
        other=_things(world.commune_b, world.outsiders, "BI", 0.2),
        closed=_things(closing, guests, "CU", 0.4),
    )
    closing.valid_until = localdate()
    closing.save()
    return stage


def _things(unit: Unit, people: dict[str, User], mark: str, east: float) -> Things:
    at = (MIDDLE[0], MIDDLE[1] + east)
    officer, owner = people[Role.INVESTIGATOR], people[Role.CAMERA_OWNER]
    camera = add_camera(
        by=None, unit=unit, tier=2, name=f"Ngã tư {mark}", url="rtsp://192.168.7.20/1", code=f"{mark}-01",
        latitude=at[0], longitude=at[1],
    )  # fmt: skip
    neighbour_owner = make_person(f"hang-xom.{mark}", "Hàng Xóm", Role.CAMERA_OWNER, unit)
    home, neighbour = _household(owner, unit, at), _household(neighbour_owner, unit, at)
    case = open_case(CaseFacts("trom-cap", "Mất xe máy"), unit=unit, by=officer)
    request = ask_for_footage(case, _asked(at), by=officer, later=lambda _: None)
    report = draft_report(
        _wanted(unit),
        by=officer,
        text="Lập 5.680 hồ sơ, gồm 2.366 hồ sơ mới, 2.877 hồ sơ cấp đổi và 438 hồ sơ cấp lại.",
    )
    ask_owners(request.pk)
    clip = request.clips.get(camera=camera.code)
    rows = {name: row for screens in all_screens() for name, row in _register(screens, unit, people)}
    return Things(
        **_of_group(rows["group"], rows["patrol"], people),
        camera=camera,
        home=home,
        neighbour=neighbour,
        case=case,
        person=add_person(case, part="witness", name="Người Làm Chứng", by=officer),
        request=request,
        ask=OwnerAsk.objects.get(request=request, camera=home.code),
        package=ask_for_package(request, [Chosen(clip, clip.window)], by=officer, later=lambda _: None),
        message=send(ESCALATED, to=officer, subject=f"Cần xử lý: {case.number}", url="/hom-nay/")[0],
        device=Device.objects.create(user=officer, endpoint_key=mark, sealed=b"", label="Chrome", added_at=now()),
        rows=rows,
        gift=_gift(unit),
        report=report,
        signed_report=_signed(unit, people),
        question=report.questions.get(),
        plan=plan_report(_wanted(unit), every="month", workday=3, by=officer),
        export=Export.objects.create(screens="thu", by=officer, kind="csv", query="", row_count=1),
    )


def _of_group(group: Group, patrol: Any, people: dict[str, User]) -> dict[str, Any]:
    """A published rota in which the person with the leader's role and the one with the member's role exchange turns."""
    Member.objects.filter(group=group).update(part=Member.Part.MEMBER)
    pair = [
        add_member(group, code=f"9{n}", name=f"Người {n}", joined_on=SINCE, part=part, user=people[role], by=None)
        for n, (role, part) in enumerate([(Role.GROUP_LEADER, "leader"), (Role.GROUP_MEMBER, "member")])
    ]
    rules = {"rest_hours": 10, "nights_per_week": 3, "left_out": []}
    first = localdate() + timedelta(days=1)
    rota = Rota.objects.create(
        group=group, first_day=first, last_day=first + timedelta(days=6), state="published", rules=rules
    )
    duties = [_duty(rota, member, days) for days, member in enumerate(pair, 1)]
    swap = Swap.objects.create(
        group=group,
        duty=duties[1],
        for_duty=duties[0],
        state="agreed",
        asked_at=now(),
        asked_by=people[Role.GROUP_MEMBER],
    )
    at = now()
    checkin = CheckIn.objects.create(
        id=uuid4(), patrol=patrol, member=pair[1], kind="seen", text="Đèn hỏng", at=at, earliest=at, latest=at,
        proof="measured", device_at=at, clock_offset_ms=0, received_at=at, state="conflict", conflict="Gửi muộn.",
    )  # fmt: skip
    return {"duty": duties[1], "swap": swap, "checkin": checkin}


def _duty(rota: Rota, member: Member, days: int) -> Duty:
    starts_at = now() + timedelta(days=days)
    shift = Shift.objects.create(
        rota=rota, name="Ca tối", starts_at=starts_at, ends_at=starts_at + timedelta(hours=3), needs=1
    )
    return Duty.objects.create(shift=shift, member=member, day=localdate(starts_at))


def _gift(unit: Unit) -> Entry:
    """A gift whose campaign has published its sum."""
    campaign = Campaign(unit=unit, name="Mua đèn chiếu sáng", purpose="Đèn cho ngõ tối", opened_on=SINCE)
    number_campaign(campaign)
    gifts = [
        enter(Entry(campaign=campaign, kind="money", amount=100_000, received_on=SINCE), by=None, donor=f"Người {n}")
        for n in range(5)
    ]
    publish(campaign, by=None)
    return gifts[0]


def _register(screens: Screens, unit: Unit, people: dict[str, User]) -> list[tuple[str, Any]]:
    officer = person_for(people, screens, Action.BRING_IN) or people[Role.CHIEF]
    file = Import.objects.create(screens=screens.name, by=officer, file_name="thu.csv", line_count=0, state="ready")
    return [(screens.name, make_example(screens, unit)), (f"{screens.name}-import", file)]


def _wanted(unit: Unit) -> Wanted:
    return Wanted(unit, "Báo cáo tháng", ["vu-viec-tiep-nhan"], "compare", Period.parse("2026-11"))


def _signed(unit: Unit, people: dict[str, User]) -> Report:
    chief = people[Role.CHIEF]
    report = draft_report(_wanted(unit), by=chief)
    return sign_report(check_report(report, by=chief), by=chief)


def _household(owner: User, unit: Unit, at: tuple[float, float]) -> Camera:
    return add_household_camera(
        by=None, owner=owner, unit=unit, name="Cổng nhà", url="rtsp://192.168.7.21/1", address="Số 7",
        latitude=at[0], longitude=at[1],
    )  # fmt: skip


def _asked(at: tuple[float, float]) -> Asked:
    return Asked(
        area=circle(*at, 200),
        start=now() - timedelta(hours=3),
        end=now() - timedelta(hours=1),
        purpose="Tìm xe máy bị lấy trộm",
        legal_basis="Bộ luật Tố tụng hình sự 2015, Điều 147",
    )


PARAMETERS: dict[str, Any] = {
    "code": lambda things: things.camera.code,
    "pk": lambda things: things.case.pk,
    "case": lambda things: things.case.pk,
    "person": lambda things: things.person.pk,
    "token": lambda things: link_token(things.gift.code),
    "package_id": lambda things: things.package.package_id,
}
"""What a parameter names, unless `BY_ROUTE` says otherwise."""

BY_ROUTE: dict[tuple[str, str], Any] = {
    ("rota-draft", "pk"): lambda things: things.rows["group"].pk,
    ("rota", "pk"): lambda things: things.duty.shift.rota_id,
    ("rota-step", "pk"): lambda things: things.duty.shift.rota_id,
    ("swap-ask", "pk"): lambda things: things.duty.pk,
    ("swap-step", "pk"): lambda things: things.swap.pk,
    ("shift-patrol", "pk"): lambda things: things.duty.shift_id,
    ("checkin-decide", "pk"): lambda things: things.checkin.pk,
    ("checkin-hand-over", "pk"): lambda things: things.checkin.pk,
    ("footage-request", "pk"): lambda things: things.request.pk,
    ("footage-step", "pk"): lambda things: things.request.pk,
    ("footage-package-ask", "pk"): lambda things: things.request.pk,
    ("owner-ask", "pk"): lambda things: things.ask.pk,
    ("owner-receipt", "pk"): lambda things: things.ask.pk,
    ("owner-answer", "pk"): lambda things: things.ask.pk,
    **{
        (f"report{page}", "pk"): lambda things: things.report.pk
        for page in ("", "-edit", "-step", "-drop", "-csv", "-xlsx", "-pdf")
    },
    **{
        (f"report-{page}", "pk"): lambda things: things.signed_report.pk for page in ("correct", "content", "signature")
    },
    ("report-prove", "public_id"): lambda things: things.signed_report.public_id,
    ("report-question", "pk"): lambda things: things.question.pk,
    ("report-question-ask", "pk"): lambda things: things.question.pk,
    ("report-plan-end", "pk"): lambda things: things.plan.pk,
    ("export", "pk"): lambda things: things.export.pk,
    ("export-file", "pk"): lambda things: things.export.pk,
    ("notice", "pk"): lambda things: things.message.pk,
    ("notice_read", "pk"): lambda things: things.message.pk,
    ("notice_device_remove", "pk"): lambda things: things.device.pk,
    ("notice_device_try", "pk"): lambda things: things.device.pk,
    ("contributions-correct", "pk"): lambda things: things.gift.pk,
    ("contributions-donor", "pk"): lambda things: things.gift.pk,
    ("contributions-campaign", "pk"): lambda things: things.gift.campaign_id,
    ("contributions-file", "pk"): lambda things: things.gift.campaign_id,
    ("contributions-receipt", "code"): lambda things: things.gift.code,
    ("contributions-receipt-file", "code"): lambda things: things.gift.code,
    ("movement-tasks", "pk"): lambda things: things.rows["meeting"].pk,
    ("movement-citations", "pk"): lambda things: things.rows["nomination"].pk,
    ("movement-adopt", "pk"): lambda things: things.rows["lessoncard"].pk,
    ("own_camera", "code"): lambda things: things.home.code,
    ("own_camera_words", "code"): lambda things: things.home.code,
    ("own_camera_recording", "code"): lambda things: things.home.code,
    ("own_camera_end", "code"): lambda things: things.home.code,
}

CONSTANTS: dict[tuple[str, str], Any] = {
    ("workflow", "name"): "vu-viec",
    ("contributions-file", "number"): 1,
    ("measure", "code"): "vu-viec-tiep-nhan",
    ("notice_off", "token"): "khong-phai-cua-chung-toi",
    ("notice_browser_file", "name"): "nhan-tin",
    **{(f"statistics-measure{page}", "code"): "vu-viec-tiep-nhan" for page in ("", "-csv", "-xlsx", "-pdf")},
}
"""Parameters that name nothing of a unit, by route and parameter: a value that every scope shares."""


def things_for(route_name: str, parameters: tuple[str, ...], stage: Stage) -> dict[str, dict[str, Any]]:
    """Values of a route's parameters for each thing to try: `-` alone where it has none.

    Raises KeyError for a parameter that nobody has given an example for.
    """
    named = [name for name in parameters if (route_name, name) not in CONSTANTS]
    constants = {name: CONSTANTS[route_name, name] for name in parameters if (route_name, name) in CONSTANTS}
    if not named:
        return {"-": constants}
    found = {
        scope: constants | {name: _example(route_name, name)(getattr(stage, scope)) for name in named}
        for scope in SCOPES
    }
    if "code" in named:
        found["home"] = found["own"] | {"code": stage.own.neighbour.code}
    return found


def _example(route_name: str, parameter: str) -> Any:
    return BY_ROUTE.get((route_name, parameter)) or _of_register(route_name) or PARAMETERS[parameter]


def _of_register(route_name: str) -> Any:
    """The example of the register whose page this is: its row, or its file."""
    register, page = register_of(route_name), route_name.partition("-")[2]
    if register is None:
        return None
    thing = f"{register.name}-import" if page.startswith("import-") else register.name
    return lambda things: things.rows[thing].pk


def register_of(route_name: str) -> Screens | None:
    """The register whose page this is; the API names its operations with an underscore."""
    known = {screens.name: screens for screens in all_screens()}
    return known.get(route_name.partition("-")[0]) or known.get(route_name.partition("_")[0])


Form = dict[str, Any]


def _report_form(things: Things) -> Form:
    unit = things.report.unit.code
    return {"ten": "Báo cáo", "don_vi": unit, "ky": "2026", "cot": "compare", "chi_so": "vu-viec-tiep-nhan"}


FORMS: dict[str, dict[str, Any]] = {
    "camera_look": {
        "live": lambda things: {"kind": "live", "purpose": "an_ninh"},
        "playback": lambda things: {
            "kind": "playback", "purpose": "vu_viec", "case": things.case.number,
            "from": things.request.start, "to": things.request.end,
        },
        "still": lambda things: {
            "kind": "snapshot", "purpose": "vu_viec", "case": things.case.number, "at": things.request.start,
        },
    },
    "owner-answer": {
        "refuse": lambda things: {"answer": "refuse"},
        "withdraw": lambda things: {"answer": "withdraw"},
    },
    "own_camera_recording": {"off": lambda things: {"recording": "0"}},
    "case-step": {
        "start": lambda things: {"step": "investigate"},
        "close": lambda things: {"step": "close", "note": "Đã giải quyết xong."},
    },
    "case-note": {"text": lambda things: {"text": "Đã xác minh tại chỗ."}},
    "case-person": {"name": lambda things: {"part": "witness", "name": "Người Thử"}},
    "rota-step": {"withdraw": lambda things: {"buoc": "withdraw", "ghi_chu": "Lập lại"}},
    "swap-step": {"approve": lambda things: {"buoc": "approve"}},
    "patrol-step": {"start": lambda things: {"buoc": "start"}},
    "checkin-decide": {"take": lambda things: {"vao_so": "1"}},
    "contributions-correct": {"right": lambda things: {"right_amount": "90.000", "reason": "Đếm lại."}},
    "report-create": {"save": lambda things: _report_form(things)},
    "report-edit": {"save": lambda things: _report_form(things) | {"_seen": mark_of(things.report)}},
    "report-step": {
        "check": lambda things: {"buoc": "check"},
        "sign": lambda things: {"buoc": "sign"},
    },
    "report-question": {"answer": lambda things: {"tra_loi": "Số đúng là 6."}},
    "report-question-ask": {"unit": lambda things: {"don_vi": things.report.unit.code}},
    "footage-step": {"end": lambda things: {"step": "end", "note": "Không cần nữa."}},
}  # fmt: skip
"""Forms as people send them, by route and a word for each: an empty form says little about who may."""


def forms_for(route_name: str, things: Things) -> dict[str, Form]:
    """What to send to a route besides the empty form, by the method's name in the table."""
    return {f"POST:{word}": make(things) for word, make in FORMS.get(route_name, {}).items()}
