"""Patrols, who goes, and what their telephones told of them."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.timezone import localtime
from django_scopes import ScopedManager

from binhyen.kernel.screens import KeepHistory
from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.moving import told_along
from binhyen.kernel.workflow.models import Stateful
from binhyen.modules.groups.models.registers import Group, Member
from binhyen.modules.groups.models.rotas import Shift
from binhyen.modules.groups.workflow import PATROL


@told_along
class Patrol(Stateful):
    """One round of a group. Times of its start and end are the station's, whatever the telephone's clock says."""

    workflow = PATROL
    unit_lookup = "group__unit"

    group = models.ForeignKey(Group, models.PROTECT, related_name="patrols", verbose_name="tổ")
    shift = models.ForeignKey(Shift, models.SET_NULL, null=True, blank=True, related_name="patrols", editable=False)
    route = models.CharField("tuyến", max_length=200)
    planned_at = models.DateTimeField("giờ dự kiến", db_index=True)
    weather = models.CharField("thời tiết", max_length=80, blank=True)
    equipment = models.CharField("phương tiện, công cụ", max_length=200, blank=True)
    started_at = models.DateTimeField("bắt đầu lúc", null=True, editable=False)
    ended_at = models.DateTimeField("kết thúc lúc", null=True, editable=False)
    ended_on = models.DateField("ngày kết thúc", null=True, editable=False, db_index=True)

    objects = ScopedManager(unit="group__unit")

    class Meta:
        verbose_name = "chuyến tuần tra"
        verbose_name_plural = "chuyến tuần tra"
        triggers = [KeepHistory()]

    def __str__(self) -> str:
        return f"{self.group.name}: {self.route}, {localtime(self.planned_at):%d/%m/%Y %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("patrol-detail", args=[self.pk])

    @property
    def unit(self) -> Unit:
        """The unit of the group."""
        return self.group.unit

    def has(self, authority: Authority) -> bool:
        """Whether the person goes on this patrol."""
        if self.pk is None or authority.user is None:
            return False
        going = PatrolMember._base_manager.filter(patrol=self, left_at=None)
        return going.filter(member__user=authority.user).exists()


class PatrolMember(models.Model):
    """Somebody who goes on a patrol, until `left_at` where somebody else took the place."""

    patrol = models.ForeignKey(Patrol, models.CASCADE, related_name="people")
    member = models.ForeignKey(Member, models.PROTECT, related_name="patrols", verbose_name="thành viên")
    left_at = models.DateTimeField("thôi đi lúc", null=True)

    objects = ScopedManager(unit="patrol__group__unit")

    class Meta:
        verbose_name = "người đi tuần"
        verbose_name_plural = "người đi tuần"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["patrol", "member"], name="once_on_a_patrol")]
        triggers = [KeepHistory()]

    def __str__(self) -> str:
        return str(self.member)


class CheckIn(models.Model):
    """What a telephone told once, under an id of its own: where somebody was, what they saw.

    `at` is the station's estimate of when, certainly between `earliest` and `latest`; `proof` says from what. The
    device's own clock is kept as it was. A conflict is taken into the log, or kept beside it, by a person.
    """

    class Kind(models.TextChoices):
        """What is told."""

        START = "start", "Bắt đầu"
        POINT = "point", "Điểm danh"
        SEEN = "seen", "Phát hiện"
        END = "end", "Kết thúc"

    class Proof(models.TextChoices):
        """What the time rests on."""

        MEASURED = "measured", "Đo bằng đồng hồ chạy liên tục"
        BY_CLOCK = "by_clock", "Theo đồng hồ máy, đã bù độ lệch"
        DOUBTFUL = "doubtful", "Đồng hồ máy không khớp"

    class State(models.TextChoices):
        """Whether it belongs to the log."""

        TAKEN = "taken", "Đã vào sổ"
        CONFLICT = "conflict", "Chờ người xem"
        KEPT_OUT = "kept_out", "Để ngoài sổ"

    id = models.UUIDField(primary_key=True, editable=False)
    patrol = models.ForeignKey(Patrol, models.PROTECT, related_name="checkins")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    kind = models.CharField("việc", max_length=8, choices=Kind.choices)
    place = models.CharField("nơi", max_length=120, blank=True)
    text = models.TextField("nội dung", max_length=1000, blank=True)
    latitude = models.FloatField("vĩ độ", null=True)
    longitude = models.FloatField("kinh độ", null=True)
    accuracy_metres = models.FloatField("sai số (m)", null=True)
    at = models.DateTimeField("lúc", db_index=True)
    earliest = models.DateTimeField("sớm nhất")
    latest = models.DateTimeField("muộn nhất")
    proof = models.CharField("căn cứ giờ", max_length=10, choices=Proof.choices)
    device_at = models.DateTimeField("giờ máy")
    clock_offset_ms = models.BigIntegerField("đồng hồ máy lệch (ms)")
    received_at = models.DateTimeField("nhận lúc")
    state = models.CharField("vào sổ", max_length=8, choices=State.choices, default=State.TAKEN)
    conflict = models.CharField("vì sao phải xem", max_length=300, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("xem lúc", null=True)
    decision_note = models.CharField("ghi chú", max_length=200, blank=True)
    case = models.ForeignKey("cases.Case", models.SET_NULL, null=True, related_name="group_observations")

    objects = ScopedManager(unit="patrol__group__unit")

    class Meta:
        verbose_name = "điểm danh tuần tra"
        verbose_name_plural = "điểm danh tuần tra"
        ordering = ["at", "received_at"]
        triggers = [KeepHistory("latitude", "longitude", "accuracy_metres", "place", "text")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {localtime(self.at):%d/%m/%Y %H:%M}"
