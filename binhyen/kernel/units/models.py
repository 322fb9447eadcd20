"""Tables of units and memberships."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate
from treebeard.mp_tree import MP_Node, MP_NodeManager

from binhyen.kernel.units.roles import Role


class Unit(MP_Node):  # type: ignore[misc]  # treebeard ships no types
    """A police unit: ministry, province, commune, ward or special zone."""

    class Level(models.TextChoices):
        """Levels of the two-tier organisation in force since 2025-07-01."""

        MINISTRY = "bo", "Bộ"
        PROVINCE = "tinh", "Tỉnh, thành phố"
        DISTRICT = "huyen", "Huyện (đã kết thúc từ 01/03/2025)"
        COMMUNE = "xa", "Xã"
        WARD = "phuong", "Phường"
        SPECIAL_ZONE = "dac_khu", "Đặc khu"

    code = models.CharField("mã đơn vị", max_length=20, unique=True)
    name = models.CharField("tên đơn vị", max_length=200)
    level = models.CharField("cấp", max_length=10, choices=Level.choices)
    valid_from = models.DateField("có hiệu lực từ")
    valid_until = models.DateField("hết hiệu lực từ", null=True, blank=True)
    boundary = models.JSONField("địa giới (GeoJSON)", null=True, blank=True)

    objects = MP_NodeManager()

    class Meta:
        verbose_name = "đơn vị"
        verbose_name_plural = "đơn vị"

    def __str__(self) -> str:
        return self.name

    def is_open_on(self, day: date | None = None) -> bool:
        """Whether the unit exists on `day` (today)."""
        day = day or localdate()
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)

    def covers(self, other: "Unit") -> bool:
        """Whether `other` is this unit or stands below it."""
        return bool(other.path.startswith(self.path))

    def with_those_above(self) -> list["Unit"]:
        """This unit and every one above it, the nearest first."""
        paths = [self.path[:end] for end in range(self.steplen, len(self.path) + 1, self.steplen)]
        return list(Unit.objects.filter(path__in=paths).order_by("-path"))


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships by date."""

    def valid_on(self, day: date | None = None) -> "MembershipQuerySet":
        """Memberships that count on `day` (today), in units that exist then."""
        day = day or localdate()
        return self.filter(_valid_on(day), _valid_on(day, "unit__"))


class Membership(models.Model):
    """`user` serves `unit` and everything below it as `role` from `valid_from` until `valid_until` (exclusive)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships")
    role = models.CharField("vai trò", max_length=20, choices=Role.choices)
    valid_from = models.DateField("từ ngày")
    valid_until = models.DateField("đến hết ngày trước", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "thành viên đơn vị"
        verbose_name_plural = "thành viên đơn vị"
        constraints = [
            models.UniqueConstraint(fields=["user", "unit", "role", "valid_from"], name="one_membership_per_start"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.unit}"


class Succession(models.Model):
    """`successor` went on with what `predecessor` did, from `since` on. Several lines of one predecessor: it was split;
    of one successor: units were merged. Where it `hands_over`, the people of a successor read what its closed
    predecessors left."""

    predecessor = models.ForeignKey(Unit, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Unit, models.PROTECT, related_name="inheritances")
    since = models.DateField("từ ngày")
    decision = models.CharField("căn cứ", max_length=300, blank=True)
    hands_over = models.BooleanField("bàn giao dữ liệu", default=True)
    """Whether the predecessor left anything here to read: not so in lists of the past that somebody brought in."""

    class Meta:
        verbose_name = "đơn vị kế tục"
        verbose_name_plural = "đơn vị kế tục"
        indexes = [
            models.Index(fields=["successor"], name="handed_over", condition=models.Q(hands_over=True)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="one_line_per_succession"),
            models.CheckConstraint(
                name="nobody_succeeds_oneself", condition=~models.Q(predecessor=models.F("successor"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


class Stay(models.Model):
    """Row `row` of `model` was `unit`'s until the day `until` (exclusive), when the unit was reorganised and the row
    went on to `then` (none: to where the row stands now). Figures of days before `until` count it where it was."""

    model = models.CharField("loại", max_length=100)
    row = models.BigIntegerField("dòng")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    until = models.DateField("đến hết ngày trước")
    then = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "nơi đã thuộc về"
        verbose_name_plural = "nơi đã thuộc về"
        indexes = [
            models.Index(fields=["model", "row", "until"], name="stay_by_row"),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.row}: {self.unit_id} < {self.until}"


def _valid_on(day: object, prefix: str = "") -> Q:
    still = Q(**{f"{prefix}valid_until__isnull": True}) | Q(**{f"{prefix}valid_until__gt": day})
    return Q(**{f"{prefix}valid_from__lte": day}) & still
