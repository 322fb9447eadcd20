"""The tables of figures. Rows are written by triggers and by the folding of what they wrote; never by hand."""

from django.db import models

from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.moving import computed_with_unit


@computed_with_unit("Số liệu tính lại từ các dòng; kỳ trước ngày sắp xếp giữ nguyên.")
class Cell(models.Model):
    """What one measure came to in one unit on one day, in one month or one year, for one kind: `count` and `total` with
    all units below, `own_count` and `own_total` of the unit's own rows. For a stock it is what came and went then; the
    figure at a day is the sum of all cells up to it."""

    class Grain(models.TextChoices):
        """What `day` stands for: itself, or the month or the year that begins with it."""

        DAY = "d", "Ngày"
        MONTH = "m", "Tháng"
        YEAR = "y", "Năm"

    # Its index has the numbers as well (see the migration): they are read without looking a row up.
    pk = models.CompositePrimaryKey("unit", "measure", "grain", "day", "kind")
    unit = models.ForeignKey(Unit, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    measure = models.CharField("chỉ số", max_length=60)
    grain = models.CharField("mức", max_length=1, choices=Grain.choices)
    day = models.DateField("ngày")
    kind = models.CharField("loại", max_length=60)
    count = models.BigIntegerField("số dòng")
    total = models.DecimalField("tổng", max_digits=24, decimal_places=4)
    own_count = models.BigIntegerField("số dòng của riêng đơn vị")
    own_total = models.DecimalField("tổng của riêng đơn vị", max_digits=24, decimal_places=4)

    class Meta:
        verbose_name = verbose_name_plural = "ô số liệu"

    def __str__(self) -> str:
        return f"{self.measure} {self.day} {self.kind}: {self.count}"


@computed_with_unit("Số liệu tính lại từ các dòng; kỳ trước ngày sắp xếp giữ nguyên.")
class Change(models.Model):
    """What a trigger saw and nobody has folded into cells yet. Only ever appended, so that two people who write at the
    same time never wait for each other, nor can stop each other for good."""

    measure = models.CharField("chỉ số", max_length=60)
    unit = models.ForeignKey(Unit, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    day = models.DateField("ngày")
    kind = models.CharField("loại", max_length=60)
    count = models.BigIntegerField("số dòng")
    total = models.DecimalField("tổng", max_digits=24, decimal_places=4)

    class Meta:
        verbose_name = verbose_name_plural = "thay đổi chưa gộp"

    def __str__(self) -> str:
        return f"{self.measure} {self.day} {self.kind}: {self.count:+d}"
