"""What persons keep of a list (views), and the files that they bring in and take out."""

from django.conf import settings
from django.db import models

from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.moving import moves_with_unit


@moves_with_unit()
class SavedView(models.Model):
    """A list's question under a name: the query string. Shared views are seen by everyone who serves the unit."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="người lưu")
    screens = models.CharField("danh sách", max_length=60)
    name = models.CharField("tên", max_length=60)
    query = models.CharField("câu hỏi", max_length=1000)
    unit = models.ForeignKey(
        Unit, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="dùng chung trong đơn vị"
    )

    class Meta:
        verbose_name = "cách xem đã lưu"
        verbose_name_plural = "các cách xem đã lưu"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "screens", "name"], name="one_view_per_name")]

    def __str__(self) -> str:
        return self.name


class Import(models.Model):
    """A file that somebody brings in. It is checked, then taken, in steps that each stand for themselves: a process
    that is killed goes on where it was."""

    class State(models.TextChoices):
        """Where the file is."""

        CHECKING = "checking", "Đang kiểm tra"
        READY = "ready", "Chờ xác nhận"
        TAKING = "taking", "Đang nhập"
        TAKEN = "taken", "Đã nhập"
        UNDOING = "undoing", "Đang hoàn tác"
        UNDONE = "undone", "Đã hoàn tác"

    screens = models.CharField("danh sách", max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người nhập")
    at = models.DateTimeField("lúc", auto_now_add=True)
    file_name = models.CharField("tên tệp", max_length=200)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.CHECKING)
    names = models.JSONField("trường của các cột", default=list)
    lines = models.JSONField("các dòng", default=list)
    line_count = models.PositiveIntegerField("số dòng")
    done_count = models.PositiveIntegerField("số dòng đã xong", default=0)
    new_count = models.PositiveIntegerField("số dòng thêm mới", default=0)
    changed_count = models.PositiveIntegerField("số dòng cập nhật", default=0)
    same_count = models.PositiveIntegerField("số dòng không đổi", default=0)
    problems = models.JSONField("lỗi", default=list)
    bad_lines = models.JSONField("các dòng lỗi", default=list)

    class Meta:
        verbose_name = "lần nhập từ tệp"
        verbose_name_plural = "các lần nhập từ tệp"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def batch(self) -> str:
        """What the history calls the changes of this file."""
        return f"import:{self.pk}"

    @property
    def is_working(self) -> bool:
        """Whether it moves on by itself."""
        return self.state in (self.State.CHECKING, self.State.TAKING, self.State.UNDOING)

    @property
    def percent(self) -> int:
        """How far the present step is."""
        return 100 * self.done_count // self.line_count if self.line_count else 100

    @property
    def good_count(self) -> int:
        """Lines that can be taken."""
        return self.line_count - len(self.bad_lines)


class Export(models.Model):
    """A long list that is written for somebody by a worker. Its file lies in the data folder and goes after a day."""

    class State(models.TextChoices):
        """How far it is."""

        WORKING = "working", "Đang lập"
        DONE = "done", "Đã lập xong"
        FAILED = "failed", "Không lập được"

    screens = models.CharField("danh sách", max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="người tải")
    at = models.DateTimeField("lúc", auto_now_add=True)
    kind = models.CharField("dạng", max_length=4)
    query = models.TextField("câu hỏi")
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.WORKING)
    row_count = models.PositiveIntegerField("số dòng")
    size_bytes = models.BigIntegerField("dung lượng", default=0)
    finished_at = models.DateTimeField("xong lúc", null=True)
    error = models.CharField("lỗi", max_length=400, blank=True)

    class Meta:
        verbose_name = "tệp tải về"
        verbose_name_plural = "tệp tải về"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.screens}.{self.kind}"
