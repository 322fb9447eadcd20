"""The registers: groups, members, leave, cameras.

A member's telephone number is sealed with a key outside the database: it is in no list, file, history or API answer.
"""

from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import localdate
from django_scopes import ScopedManager

from binhyen.kernel.screens import KeepHistory, SearchField, VietnameseOrder
from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.moving import moves_with_unit, told_along
from binhyen.kernel.units.roles import GROUP_ROLES, Role


@moves_with_unit(named_by="number", may_clash="code")
class Group(models.Model):
    """A group of people who keep the order of their hamlet together, of one unit.

    `number` (unit's code, group's code) names it without doubt. It is written when the group is founded or gets another
    code, and stays when the group goes on to another unit: papers and cards carry it.
    """

    class Kind(models.TextChoices):
        """What founds the group, and so what it may do."""

        SELF_MANAGED = "tu_quan", "Tổ tự quản về ANTT gắn với cụm camera"
        SECURITY_TEAM = "bao_ve", "Tổ bảo vệ an ninh, trật tự (Luật 30/2023/QH15)"
        OTHER = "khac", "Mô hình tự quản khác"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị")
    code = models.CharField("mã tổ", max_length=20)
    number = models.CharField("số hiệu", max_length=48, unique=True, editable=False)
    name = models.CharField("tên tổ", max_length=120)
    name_order = VietnameseOrder("name")
    kind = models.CharField("loại hình", max_length=10, choices=Kind.choices, default=Kind.SELF_MANAGED)
    hamlet = models.CharField("xóm, tổ dân phố", max_length=120)
    founded_on = models.DateField("ngày thành lập")
    closed_on = models.DateField("ngày giải thể", null=True, blank=True)
    decision = models.CharField("quyết định thành lập", max_length=120, blank=True)
    trained_on = models.DateField("tập huấn gần nhất", null=True, blank=True)
    training = models.CharField("nội dung tập huấn", max_length=200, blank=True)
    search = SearchField("name", "number", "hamlet")

    objects = ScopedManager(unit="unit")

    class Meta:
        verbose_name = "tổ tự quản"
        verbose_name_plural = "tổ tự quản"
        constraints = [
            models.UniqueConstraint(fields=["unit", "code"], name="one_group_per_code"),
            models.CheckConstraint(
                name="group_closes_after_founding",
                condition=Q(closed_on=None) | Q(closed_on__gte=F("founded_on")),
                violation_error_message="“Ngày giải thể” phải từ “Ngày thành lập” trở đi. Hãy sửa một trong hai ngày.",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "name_order", "id"], name="group_by_name"),
            models.Index(fields=["unit", "founded_on", "id"], name="group_by_founding"),
            GinIndex(fields=["search"], name="group_search"),
        ]
        triggers = [KeepHistory()]

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"

    def save(self, *args: Any, **options: Any) -> None:
        if not self.number.endswith(f"-{self.code}"):
            self.number = f"{self.unit.code}-{self.code}"
            if Group._base_manager.filter(number=self.number).exclude(pk=self.pk).exists():
                self.number += f"-{self.founded_on:%Y}"  # a group that went on to another unit has kept it
        super().save(*args, **options)

    def get_absolute_url(self) -> str:
        return reverse("group-detail", args=[self.pk])

    def member_of(self, authority: Authority) -> "Member | None":
        """The person as a member of this group today; None for one who is none, or has no role in its unit."""
        if self.pk is None or authority.user is None or not authority.holds(GROUP_ROLES, self.unit):
            return None
        return Member.serving_on().filter(group=self, user=authority.user).first()

    def is_led_by(self, authority: Authority) -> bool:
        """Whether the person leads the group, as its leader or deputy, with an account of that role."""
        member = self.member_of(authority) if authority.holds({Role.GROUP_LEADER}, self.unit) else None
        return member is not None and member.part in Member.LEADING

    def is_open_on(self, day: Any = None) -> bool:
        """Whether the group exists on `day` (today)."""
        day = day or localdate()
        return self.founded_on <= day and (self.closed_on is None or day < self.closed_on)


@told_along
class Member(models.Model):
    """Somebody of a group, from `joined_on` until `left_on` (exclusive). `user` is the account, where there is one."""

    class Part(models.TextChoices):
        """What the person is in the group."""

        LEADER = "leader", "Tổ trưởng"
        DEPUTY = "deputy", "Tổ phó"
        MEMBER = "member", "Tổ viên"

    LEADING = (Part.LEADER, Part.DEPUTY)

    group = models.ForeignKey(Group, models.PROTECT, related_name="members", verbose_name="tổ")
    code = models.CharField("mã thành viên", max_length=20)
    number = models.CharField("số hiệu", max_length=70, unique=True, editable=False)
    name = models.CharField("họ và tên", max_length=120)
    name_order = VietnameseOrder("name")
    part = models.CharField("chức danh", max_length=10, choices=Part.choices, default=Part.MEMBER)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tài khoản"
    )
    joined_on = models.DateField("ngày tham gia", db_index=True)
    left_on = models.DateField("ngày thôi tham gia", null=True, blank=True)
    trained_on = models.DateField("tập huấn gần nhất", null=True, blank=True)
    training = models.CharField("nội dung tập huấn", max_length=200, blank=True)
    search = SearchField("name", "number")

    objects = ScopedManager(unit="group__unit")

    class Meta:
        verbose_name = "thành viên tổ"
        verbose_name_plural = "thành viên tổ"
        constraints = [
            models.UniqueConstraint(fields=["group", "code"], name="one_member_per_code"),
            models.UniqueConstraint(
                fields=["group", "user"],
                condition=Q(left_on=None),
                name="one_current_member_per_account",
                violation_error_message="Tài khoản này đã thuộc một thành viên khác của tổ. Hãy chọn tài khoản khác.",
            ),
            models.UniqueConstraint(
                fields=["group"],
                condition=Q(part="leader", left_on=None),
                name="one_leader_per_group",
                violation_error_message="Tổ đã có tổ trưởng. Hãy ghi ngày thôi hoặc đổi chức danh người ấy trước.",
            ),
            models.CheckConstraint(
                name="member_leaves_after_joining",
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")),
                violation_error_message="“Ngày thôi tham gia” phải từ “Ngày tham gia” trở đi. Hãy sửa một trong hai.",
            ),
        ]
        indexes = [
            models.Index(fields=["name_order", "id"], name="member_by_name"),
            GinIndex(fields=["search"], name="member_search"),
        ]
        triggers = [KeepHistory()]

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"

    def save(self, *args: Any, **options: Any) -> None:
        self.number = f"{self.group.number}-{self.code}"
        super().save(*args, **options)

    def get_absolute_url(self) -> str:
        return reverse("member-detail", args=[self.pk])

    @property
    def unit(self) -> Unit:
        """The unit of the group."""
        return self.group.unit

    @property
    def initial(self) -> str:
        """The first letter of the given name, which stands last."""
        return self.name.split()[-1][:1].upper() if self.name.split() else ""

    @classmethod
    def serving_on(cls, day: Any = None) -> "models.QuerySet[Member]":
        """Members of any unit that belong to their group on `day` (today)."""
        day = day or localdate()
        return cls._base_manager.filter(Q(left_on=None) | Q(left_on__gt=day), joined_on__lte=day)

    def serves_on(self, day: Any = None) -> bool:
        """Whether the person belongs to the group on `day` (today)."""
        day = day or localdate()
        return self.joined_on <= day and (self.left_on is None or day < self.left_on)


class MemberPhone(models.Model):
    """A member's telephone number, sealed; a table of its own, so that neither lists nor the history hold it."""

    member = models.OneToOneField(Member, models.CASCADE, related_name="phone", primary_key=True)
    sealed = models.BinaryField()

    objects = ScopedManager(unit="member__group__unit")

    class Meta:
        verbose_name = "số điện thoại niêm phong"
        verbose_name_plural = "số điện thoại niêm phong"

    def __str__(self) -> str:
        return "số điện thoại niêm phong"


class Leave(models.Model):
    """Days on which a member takes no duty, both included."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="leaves", verbose_name="thành viên")
    first_day = models.DateField("nghỉ từ ngày", db_index=True)
    last_day = models.DateField("đến hết ngày")
    reason = models.CharField("lý do", max_length=120, blank=True)

    objects = ScopedManager(unit="member__group__unit")

    class Meta:
        verbose_name = "ngày nghỉ"
        verbose_name_plural = "ngày nghỉ của tổ viên"
        constraints = [
            models.UniqueConstraint(fields=["member", "first_day"], name="one_leave_per_start"),
            models.CheckConstraint(
                name="leave_has_days",
                condition=Q(last_day__gte=F("first_day")),
                violation_error_message="“Đến hết ngày” phải từ “Nghỉ từ ngày” trở đi. Hãy sửa một trong hai ngày.",
            ),
        ]
        triggers = [KeepHistory()]

    def __str__(self) -> str:
        return f"{self.member.name} {self.first_day:%d/%m/%Y}–{self.last_day:%d/%m/%Y}"


class ClusterCamera(models.Model):
    """A camera of a group's cluster, counted from `added_on` until `removed_on` (exclusive).

    A station's own camera is named. A household's is not: its row holds a pseudonym that only the key's holder can
    compute (for not counting it twice), so that no row tells which household of which hamlet has a camera.
    """

    class Source(models.TextChoices):
        """Whose camera it is."""

        STATION = "station", "Camera của đơn vị"
        HOUSEHOLD = "household", "Camera hộ gia đình đã kết nối"
        OWN = "own", "Camera người dân tự quản, chưa kết nối"

    group = models.ForeignKey(Group, models.PROTECT, related_name="cameras", verbose_name="tổ")
    code = models.CharField("số trong cụm", max_length=20)
    source = models.CharField("nguồn", max_length=10, choices=Source.choices, default=Source.OWN)
    camera = models.ForeignKey(
        "cameras.Camera", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="camera của đơn vị"
    )
    camera_key = models.CharField("mã giấu tên", max_length=64, blank=True, editable=False)
    added_on = models.DateField("vào cụm từ", db_index=True)
    removed_on = models.DateField("rời cụm từ", null=True, blank=True)

    objects = ScopedManager(unit="group__unit")

    class Meta:
        verbose_name = "camera của tổ"
        verbose_name_plural = "camera của tổ"
        constraints = [
            models.UniqueConstraint(fields=["group", "code"], name="one_cluster_camera_per_code"),
            models.UniqueConstraint(
                fields=["camera"],
                condition=Q(removed_on=None),
                name="one_cluster_per_camera",
                violation_error_message="Camera này đang thuộc cụm của một tổ. Hãy ghi ngày rời cụm cũ trước.",
            ),
            models.UniqueConstraint(
                fields=["camera_key"],
                condition=Q(removed_on=None) & ~Q(camera_key=""),
                name="one_cluster_per_household",
            ),
            models.CheckConstraint(
                name="only_the_station_s_cameras_are_named",
                condition=Q(source="station", camera__isnull=False) | (~Q(source="station") & Q(camera=None)),
                violation_error_message="Chỉ “Camera của đơn vị” được ghi tên; camera của người dân chỉ được đếm. "
                "Hãy chọn lại “Nguồn” hoặc bỏ trống “Camera của đơn vị”.",
            ),
        ]
        triggers = [KeepHistory()]

    def __str__(self) -> str:
        return f"{self.code} · {self.get_source_display()}"
