"""Tables of contributions: what is collected for, the ledger, donors' names (sealed), what was published."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.timezone import localdate
from django_scopes import ScopedManager

from binhyen.kernel.screens import KeepHistory, SearchField
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.moving import moves_with_unit, stays_with_unit
from binhyen.kernel.vietnamese.numbers import money_words
from binhyen.modules.contributions.fields import AMOUNT_MAX, DongField

_NEVER = pgtrigger.Update | pgtrigger.Delete


@moves_with_unit(named_by="code", may_clash="name")
class Campaign(models.Model):
    """What people give for. Its code is given out by the ledger and stands on every receipt."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị")
    code = models.CharField("mã đợt", max_length=30, unique=True, editable=False)
    name = models.CharField("tên đợt vận động", max_length=160)
    purpose = models.TextField("dùng vào việc gì", max_length=1000)
    opened_on = models.DateField("bắt đầu ngày")
    closed_on = models.DateField("kết thúc ngày", null=True, blank=True)
    search = SearchField("code", "name", "purpose")

    objects = ScopedManager(unit="unit")

    class Meta:
        verbose_name = "đợt vận động"
        verbose_name_plural = "đợt vận động"
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="one_campaign_per_name")]
        indexes = [
            models.Index(fields=["unit", "opened_on", "id"], name="campaign_by_day"),
            GinIndex(fields=["search"], name="campaign_search"),
        ]
        triggers = [KeepHistory()]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    def clean(self) -> None:
        if self.closed_on and self.opened_on and self.closed_on < self.opened_on:
            raise ValidationError({"closed_on": "Ngày kết thúc phải từ ngày bắt đầu trở đi."})


@stays_with_unit("Sổ đóng góp chỉ ghi thêm: khoản đã nhận đứng tên đơn vị đã nhận.", sum_of="amount")
class Entry(models.Model):
    """One line of the ledger. Never changed and never deleted: a mistake is set right by a line that `corrects` it,
    with what is to be taken off as a negative amount."""

    class Kind(models.TextChoices):
        """In what form it was given."""

        MONEY = "money", "Tiền"
        IN_KIND = "in_kind", "Hiện vật"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị", editable=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="entries", verbose_name="đợt vận động")
    number = models.PositiveIntegerField("số dòng", editable=False)
    code = models.CharField("mã biên nhận", max_length=30, unique=True, editable=False)
    group = models.ForeignKey(
        "groups.Group", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tổ"
    )
    kind = models.CharField("hình thức", max_length=10, choices=Kind.choices)
    amount = DongField("số tiền hoặc giá trị (đồng)")
    what = models.CharField("hiện vật gì", max_length=200, blank=True)
    received_on = models.DateField("nhận ngày")
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="corrections", verbose_name="sửa cho dòng", editable=False
    )
    reason = models.CharField("lý do sửa", max_length=300, blank=True, editable=False)
    statement_hash = models.CharField("mã băm lời ghi", max_length=64, unique=True, null=True, editable=False)
    donor_key = models.CharField("mã ẩn danh người góp", max_length=64, blank=True, editable=False)
    recorded_at = models.DateTimeField("ghi lúc", editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="người ghi", editable=False
    )
    search = SearchField("code", "what")

    objects = ScopedManager(unit="unit")

    class Meta:
        verbose_name = "khoản đóng góp"
        verbose_name_plural = "sổ đóng góp"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="one_entry_per_number"),
            models.CheckConstraint(condition=~models.Q(amount=0), name="entry_is_not_nothing"),
            models.CheckConstraint(
                condition=models.Q(amount__gt=0) | models.Q(corrects__isnull=False), name="gift_is_positive"
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "received_on", "id"], name="entry_by_day"),
            GinIndex(fields=["search"], name="entry_search"),
        ]
        triggers = [
            KeepHistory("statement_hash", "donor_key"),
            pgtrigger.Protect(name="append_only", operation=_NEVER),
        ]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        problems = {}
        if self.kind == self.Kind.IN_KIND and not self.what.strip():
            problems["what"] = "Hãy ghi hiện vật gì, bao nhiêu; giá trị quy ra đồng ghi ở ô số tiền."
        if self.amount is not None and not 0 < self.amount <= AMOUNT_MAX:
            problems["amount"] = f"Số tiền phải từ 1 đến {money_words(AMOUNT_MAX)}."
        if self.received_on and self.received_on > localdate():
            problems["received_on"] = "Ngày nhận không thể sau hôm nay."
        if self.group_id and self.campaign_id and self.group.unit_id != self.campaign.unit_id:
            problems["group"] = "Tổ này thuộc đơn vị khác với đợt vận động. Hãy chọn lại."
        if problems:
            raise ValidationError(problems)


class Donor(models.Model):
    """Who gave, sealed. Apart from the ledger, so that a name can be erased while the sum stays provable."""

    entry = models.OneToOneField(Entry, models.PROTECT, related_name="donor")
    sealed = models.BinaryField("họ tên (niêm phong)")

    objects = ScopedManager(unit="entry__unit")

    class Meta:
        verbose_name = "người góp"
        verbose_name_plural = "người góp"

    def __str__(self) -> str:
        return f"người góp của {self.entry_id}"


class Publication(models.Model):
    """What was published of a campaign, once and for all. `coins` is the public list, packed; the seed that split
    and shuffled the gifts is sealed."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="publications")
    number = models.PositiveIntegerField("lần công bố")
    up_to = models.PositiveIntegerField("đến dòng")
    gifts = models.PositiveIntegerField("số khoản")
    total = DongField("tổng (đồng)")
    header = models.JSONField("phần đầu")
    root = models.CharField("mã gốc", max_length=64)
    coins = models.BinaryField("các mảnh")
    seed = models.BinaryField("hạt giống (niêm phong)")
    published_at = models.DateTimeField("công bố lúc")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = ScopedManager(unit="campaign__unit")

    class Meta:
        verbose_name = "lần công bố đóng góp"
        verbose_name_plural = "các lần công bố đóng góp"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["campaign", "number"], name="one_publication_per_number")]
        triggers = [pgtrigger.Protect(name="append_only", operation=_NEVER)]

    def __str__(self) -> str:
        return f"{self.campaign} lần {self.number}"
