"""Rotas: whose turn it is, and exchanges between two members."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import localtime
from django_scopes import ScopedManager

from binhyen.kernel.screens import KeepHistory
from binhyen.kernel.units.models import Unit
from binhyen.kernel.workflow.models import Stateful
from binhyen.modules.groups.models.registers import Group, Member
from binhyen.modules.groups.workflow import ROTA, SWAP


class Rota(Stateful):
    """The turns of a group from `first_day` to `last_day`, both included. `rules` is what it was worked out from:
    {"rest_hours": 10, "nights_per_week": 3, "left_out": [names]}."""

    workflow = ROTA
    unit_lookup = "group__unit"

    group = models.ForeignKey(Group, models.PROTECT, related_name="rotas", verbose_name="tổ")
    first_day = models.DateField("từ ngày")
    last_day = models.DateField("đến hết ngày")
    rules = models.JSONField("điều kiện", default=dict)
    made_at = models.DateTimeField("lập lúc", auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = ScopedManager(unit="group__unit")

    class Meta:
        verbose_name = "lịch trực"
        verbose_name_plural = "lịch trực"
        ordering = ["-first_day", "-pk"]
        constraints = [models.CheckConstraint(name="rota_has_days", condition=Q(last_day__gte=F("first_day")))]
        indexes = [models.Index(fields=["group", "first_day"], name="rota_by_group")]
        triggers = [KeepHistory()]

    def __str__(self) -> str:
        return f"{self.group.name}, {self.first_day:%d/%m}–{self.last_day:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("rota", args=[self.pk])

    @property
    def unit(self) -> Unit:
        """The unit of the group."""
        return self.group.unit


class Shift(models.Model):
    """One turn of duty of a rota, for `needs` people."""

    rota = models.ForeignKey(Rota, models.CASCADE, related_name="shifts")
    name = models.CharField("ca", max_length=60)
    starts_at = models.DateTimeField("từ")
    ends_at = models.DateTimeField("đến")
    is_night = models.BooleanField("ca đêm", default=False)
    needs = models.PositiveSmallIntegerField("số người")

    objects = ScopedManager(unit="rota__group__unit")

    class Meta:
        verbose_name = "ca trực"
        verbose_name_plural = "ca trực"
        ordering = ["starts_at", "pk"]
        constraints = [models.CheckConstraint(name="shift_has_length", condition=Q(ends_at__gt=F("starts_at")))]

    def __str__(self) -> str:
        return f"{self.name} {localtime(self.starts_at):%d/%m/%Y %H:%M}"

    @property
    def hours(self) -> str:
        """ "19:00–22:00"."""
        return f"{localtime(self.starts_at):%H:%M}–{localtime(self.ends_at):%H:%M}"


class Duty(models.Model):
    """A member's turn. `day` is the day on which the shift begins; `served` once a patrol of it has ended with them."""

    shift = models.ForeignKey(Shift, models.CASCADE, related_name="duties")
    member = models.ForeignKey(Member, models.PROTECT, related_name="duties")
    day = models.DateField("ngày", db_index=True)
    served = models.BooleanField("đã trực", default=False)

    objects = ScopedManager(unit="member__group__unit")

    class Meta:
        verbose_name = "lượt trực"
        verbose_name_plural = "lượt trực"
        ordering = ["shift__starts_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["shift", "member"], name="one_duty_per_shift_and_member")]
        triggers = [KeepHistory()]

    def __str__(self) -> str:
        return f"{self.member.name} · {self.shift}"


class Swap(Stateful):
    """`duty` and `for_duty` change hands, once the other member agrees and whoever leads approves."""

    workflow = SWAP
    unit_lookup = "group__unit"

    group = models.ForeignKey(Group, models.CASCADE, related_name="swaps", verbose_name="tổ")
    duty = models.ForeignKey(Duty, models.CASCADE, related_name="given", verbose_name="lượt xin đổi")
    for_duty = models.ForeignKey(Duty, models.CASCADE, related_name="taken", verbose_name="lấy lượt")
    reason = models.CharField("lý do", max_length=200, blank=True)
    asked_at = models.DateTimeField("đề nghị lúc")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = ScopedManager(unit="group__unit")

    class Meta:
        verbose_name = "đổi ca trực"
        verbose_name_plural = "đổi ca trực"
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["duty"], condition=Q(state__in=["asked", "agreed"]), name="one_open_swap_per_duty"
            )
        ]

    def __str__(self) -> str:
        return f"{self.duty} ↔ {self.for_duty}"

    def get_absolute_url(self) -> str:
        return f"{self.duty.shift.rota.get_absolute_url()}#doi-{self.pk}"

    @property
    def unit(self) -> Unit:
        """The unit of the group."""
        return self.group.unit

    @property
    def asked_member(self) -> Any:
        """Who is asked to exchange; None for a swap that names no duty yet."""
        return self.for_duty.member if self.for_duty_id is not None else None
