"""The registers of the movement."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.timezone import now

from binhyen.kernel.screens import (
    Action,
    Column,
    Facts,
    History,
    MenuEntry,
    MenuGroup,
    Screens,
    Steps,
    UnitPolicy,
    add_menu_entry,
)
from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.roles import OFFICERS
from binhyen.kernel.workflow.deadlines import begin
from binhyen.modules.groups.public import READERS, OwnGroup
from binhyen.modules.movement import citing, tasks
from binhyen.modules.movement.models import (
    Adoption,
    Dossier,
    EducationTurn,
    Exhibit,
    LessonCard,
    Meeting,
    MovementCase,
    Nomination,
    Sanction,
    Session,
    Task,
)
from binhyen.modules.movement.workflow import KEEPERS, WRITERS

MOVEMENT = MenuGroup("Phong trào", "flag")
POLICY = UnitPolicy(see=OFFICERS, change=KEEPERS)


def own_group(unit: str = "unit", group: str = "group") -> OwnGroup:
    """What a group does: its leader writes it down, its people see it; the rest is the officers'."""
    rest = {"delete": KEEPERS, "bring_in": KEEPERS, "take_out": OFFICERS}
    return OwnGroup(see=READERS, change=WRITERS, unit=unit, group=group, **rest)


add_menu_entry(MenuEntry("Báo cáo phong trào", "movement-report", "report", 70, frozenset(OFFICERS), MOVEMENT))
add_menu_entry(MenuEntry("Học bài của nơi khác", "movement-lessons", "bulb", 80, frozenset(OFFICERS), MOVEMENT))


@dataclass(frozen=True)
class MinuteLines:
    """The minutes line by line, and which lines have become tasks."""

    title: str = "Biên bản và việc phải làm"
    template: str = "movement/_minutes.html"

    def context(self, screens: Screens, authority: Authority, row: Meeting) -> dict[str, Any]:
        """Tasks whose line was changed since stand below."""
        given = {task.text: task for task in row.tasks.select_related("who").order_by("pk")}
        lines = [(line, given.pop(line[:300], None)) for line in row.lines]
        may = bool(row.lines) and screens.policy.may(authority, Action.CHANGE, row) is None
        url = reverse("movement-tasks", args=[row.pk]) if may else ""
        return {"lines": lines, "others": list(given.values()), "url": url}


@dataclass(frozen=True)
class Cited:
    """What a nomination stands on."""

    title: str = "Hồ sơ dẫn chứng"
    template: str = "movement/_cited.html"

    def context(self, screens: Screens, authority: Authority, row: Nomination) -> dict[str, Any]:
        """Counted by the registers themselves."""
        may = row.state == "draft" and authority.holds(KEEPERS, row.unit)
        url = reverse("movement-citations", args=[row.pk]) if may else ""
        groups = [
            (theirs.title, [(theirs.url_of(each), str(each)) for each in rows]) for theirs, rows in citing.cited(row)
        ]
        return {"counted": citing.counted(row), "groups": groups, "url": url}


@dataclass(frozen=True)
class Adopted:
    """Who has taken a lesson over."""

    title: str = "Đơn vị làm theo"
    template: str = "movement/_adopted.html"

    def context(self, screens: Screens, authority: Authority, row: LessonCard) -> dict[str, Any]:
        """Every unit, those that are not the person's too: a lesson that is copied is no secret."""
        adoptions = Adoption._base_manager.filter(card=row)
        return {"adoptions": list(adoptions.select_related("unit").order_by("adopted_on"))}


class SessionScreens(Screens):
    """Buổi tuyên truyền."""

    model, slug, icon, position, menu_group = Session, "tuyen-truyen", "speakerphone", 71, MOVEMENT
    columns = "title", "topic", "held_on", "place", "listeners", "unit"
    filters = "topic", "held_on", "group", "unit"
    order = "-held_on"
    fields = "unit", "group", "title", "topic", "held_on", "place", "listeners", "note"
    key = "unit", "held_on", "title"
    policy = own_group()
    example = {"group": "", "title": "Phòng trộm xe máy", "topic": "Phòng, chống tội phạm", "held_on": "21/11/2025",
               "place": "Nhà văn hóa xóm Đông", "listeners": "45", "note": ""}  # fmt: skip


class MeetingScreens(Screens):
    """Cuộc họp."""

    model, slug, icon, position, menu_group = Meeting, "hop", "users", 72, MOVEMENT
    columns = "title", "kind", "held_on", "unit"
    filters = "kind", "held_on", "group", "unit"
    order = "-held_on"
    fields = "unit", "group", "title", "kind", "held_on", "minutes", "note"
    key = "unit", "held_on", "title"
    panels = Facts(("title", "kind", "held_on", "group", "unit", "note")), MinuteLines(), History()
    policy = own_group()
    example = {"group": "", "title": "Giao ban tháng 11", "kind": "Giao ban", "held_on": "21/11/2025", "note": "",
               "minutes": "Đèn đường xóm Đông hỏng"}  # fmt: skip


class TaskScreens(Screens):
    """Việc sau họp."""

    model, slug, icon, position, menu_group = Task, "viec-sau-hop", "checklist", 73, MOVEMENT
    columns = "text", "who", "due_on", "state", "meeting", "unit"
    filters = "state", "who", "due_on", "unit"
    order = "due_on"
    fields = "meeting", "text", "who", "due_on"
    key = "meeting", "text"
    choices = {"who": tasks.people_for}
    panels = Facts(("text", "who", "due_on", "state", "meeting")), Steps(), History()
    policy = own_group("meeting__unit", "meeting__group")
    example = {"text": "Báo điện lực sửa đèn xóm Đông", "who": "", "due_on": "28/11/2025"}

    def save(self, row: Task, *, by: Any, is_new: bool) -> None:
        """The deadline follows the day."""
        tasks.start(row)


class CaseScreens(Screens):
    """Vụ việc từ phong trào."""

    model, slug, icon, position, menu_group = MovementCase, "vu-viec-phong-trao", "shield-check", 74, MOVEMENT
    columns = "number", "kind", "source", "cleared_on", "people", "unit"
    filters = "kind", "source", "cleared_on", "unit"
    order = "-cleared_on"
    fields = "unit", "number", "kind", "source", "cleared_on", "people", "note"
    key = "unit", "number"
    policy = POLICY
    example = {"number": "PT-12/2025", "kind": "Trộm cắp tài sản", "source": "Tin báo của tổ, của người dân",
               "cleared_on": "21/11/2025", "people": "1", "note": ""}  # fmt: skip


class EducationScreens(Screens):
    """Lượt giáo dục, cảm hóa."""

    model, slug, icon, position, menu_group = EducationTurn, "giao-duc-cam-hoa", "heart", 75, MOVEMENT
    columns = "number", "form", "done_on", "unit"
    filters = "form", "done_on", "unit"
    order = "-done_on"
    fields = "unit", "number", "form", "done_on", "note"
    key = "unit", "done_on", "number", "form"
    policy = POLICY
    example = {"number": "GD-07/2025", "form": "Viết cam kết", "done_on": "21/11/2025", "note": ""}


class DossierScreens(Screens):
    """Hồ sơ đề nghị."""

    model, slug, icon, position, menu_group = Dossier, "ho-so-de-nghi", "folder", 76, MOVEMENT
    columns = "number", "kind", "opened_on", "decision", "unit"
    filters = "kind", "opened_on", "unit"
    order = "-opened_on"
    fields = "unit", "number", "kind", "opened_on", "decision", "note"
    key = "unit", "number"
    policy = POLICY
    example = {"number": "HS-03/2025", "kind": "Cai nghiện bắt buộc", "opened_on": "21/11/2025", "decision": "",
               "note": ""}  # fmt: skip


class SanctionScreens(Screens):
    """Xử phạt hành chính."""

    model, slug, icon, position, menu_group = Sanction, "xu-phat", "gavel", 77, MOVEMENT
    columns = "number", "part", "field", "decided_on", "unit"
    filters = "part", "field", "decided_on", "unit"
    order = "-decided_on"
    fields = "unit", "number", "part", "field", "decided_on", "note"
    key = "unit", "number"
    policy = POLICY
    example = {"number": "XP-41/2025", "part": "Tham mưu xử phạt", "field": "Trật tự đô thị",
               "decided_on": "21/11/2025", "note": ""}  # fmt: skip


class ExhibitScreens(Screens):
    """Tang vật tạm giữ."""

    model, slug, icon, position, menu_group = Exhibit, "tang-vat", "package", 78, MOVEMENT
    columns = "what", "quantity", "record_number", "taken_on", "kept_at", "state", "unit"
    filters = "state", "taken_on", "unit"
    order = "-taken_on"
    fields = "unit", "what", "quantity", "record_number", "taken_on", "kept_at", "state", "note"
    key = "unit", "record_number", "what"
    policy = POLICY
    example = {"what": "Biển quảng cáo", "quantity": "2", "record_number": "BB-15/2025", "taken_on": "21/11/2025",
               "kept_at": "Kho công an xã", "state": "Đang tạm giữ", "note": ""}  # fmt: skip


class NominationScreens(Screens):
    """Đề nghị khen thưởng."""

    model, slug, icon, position, menu_group = Nomination, "de-nghi-khen", "medal", 79, MOVEMENT
    columns = (
        "name", "whom", "form", "last_day", "state", Column("counted", "Dẫn chứng", citing.counted), "unit",
    )  # fmt: skip
    filters = "state", "whom", "form", "last_day", "unit"
    order = "-last_day"
    fields = "unit", "name", "whom", "form", "reason", "first_day", "last_day"
    key = "unit", "name", "last_day"
    panels = Facts(), Cited(), Steps(), History()
    policy = POLICY
    example = {"name": "Tổ tự quản xóm Đông", "whom": "Tập thể", "form": "Giấy khen", "reason": "Giữ bình yên ngõ xóm.",
               "first_day": "01/01/2025", "last_day": "30/11/2025"}  # fmt: skip

    def save(self, row: Nomination, *, by: Any, is_new: bool) -> None:
        """A new one begins as a draft."""
        if is_new:
            begin(row, at=now())
        row.save()


class LessonScreens(Screens):
    """Bài học kinh nghiệm."""

    model, slug, icon, position, menu_group = LessonCard, "bai-hoc", "bulb", 81, MOVEMENT
    columns = "title", "figure", "before", "after", "written_on", "shared", "unit"
    filters = "shared", "written_on", "unit"
    order = "-written_on"
    fields = "unit", "title", "doing", "conditions", "figure", "before", "after", "written_on", "shared"
    key = "unit", "title"
    panels = Facts(), Adopted(), History()
    policy = POLICY
    example = {"title": "Đèn trước cổng, camera ngõ", "doing": "Mỗi nhà một đèn, mỗi ngõ một camera.",
               "conditions": "", "figure": "Số vụ trộm trong năm", "before": "12", "after": "3",
               "written_on": "21/11/2025", "shared": "có"}  # fmt: skip
