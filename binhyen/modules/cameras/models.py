"""Tables of cameras, what nodes reported of them, who looked, and what is kept.

Nothing of a household stands here in clear: its name, place, owner and stream address are sealed with keys that
lie outside the database, and the owner is found by a pseudonym that only the key's holder can compute.
"""

import uuid
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django_scopes import ScopedManager

from binhyen.contracts import EventKind
from binhyen.contracts.node import CAMERA_CODE, CameraState
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.moving import computed_with_unit, moves_with_unit

HOUSEHOLD_NAME = "Camera hộ gia đình"
"""What stands in place of a household camera's name, for everyone but its owner."""


class Tier(models.IntegerChoices):
    """The three tiers: by whom a camera is run and what follows for who may look."""

    COMMAND = 1, "Tầng 1 · trung tâm chỉ huy"
    COMMUNE = 2, "Tầng 2 · xã, phường"
    HOUSEHOLD = 3, "Tầng 3 · hộ gia đình"


@moves_with_unit(named_by="code", told=models.Q(tier__lt=Tier.HOUSEHOLD))
class Camera(models.Model):
    """A camera. `url_sealed` and `sub_url_sealed` hold the stream addresses with their passwords.

    For tier 3 `name` is always `HOUSEHOLD_NAME` and there is no position: see `HouseholdSeal`.
    """

    code = models.CharField("mã camera", max_length=32, unique=True, validators=[RegexValidator(CAMERA_CODE)])
    name = models.CharField("tên camera", max_length=120)
    search_text = models.CharField(max_length=400, editable=False, default="")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="cameras", verbose_name="đơn vị")
    tier = models.PositiveSmallIntegerField("tầng", choices=Tier.choices)
    url_sealed = models.BinaryField(editable=False)
    sub_url_sealed = models.BinaryField(editable=False, default=bytes)
    retention_days = models.PositiveSmallIntegerField(
        "số ngày lưu", default=30, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    recording = models.BooleanField("ghi hình", default=True)
    latitude = models.FloatField("vĩ độ", null=True, blank=True)
    longitude = models.FloatField("kinh độ", null=True, blank=True)
    heading_degrees = models.FloatField("hướng nhìn (độ)", null=True, blank=True)
    view_degrees = models.FloatField("góc nhìn (độ)", null=True, blank=True)
    view_metres = models.FloatField("tầm nhìn (mét)", null=True, blank=True)
    notice_sign = models.BooleanField("có biển báo", default=False)
    active_from = models.DateField("hoạt động từ")
    active_until = models.DateField("ngừng từ", null=True, blank=True)
    created_at = models.DateTimeField("thêm lúc", auto_now_add=True)
    changed_at = models.DateTimeField("sửa lúc", auto_now=True)

    objects = ScopedManager(unit="unit")

    class Meta:
        verbose_name = "camera"
        verbose_name_plural = "camera"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="no_household_position",
                condition=~models.Q(tier=Tier.HOUSEHOLD)
                | models.Q(latitude=None, longitude=None, heading_degrees=None, name=HOUSEHOLD_NAME),
            )
        ]

    def __str__(self) -> str:
        return self.code if self.is_household else f"{self.name} ({self.code})"

    @property
    def is_household(self) -> bool:
        """Whether a household shares it."""
        return self.tier == Tier.HOUSEHOLD

    def is_active_on(self, day: Any) -> bool:
        """Whether it belongs to the network on `day`."""
        return self.active_from <= day and (self.active_until is None or day < self.active_until)


class HouseholdSeal(models.Model):
    """The owner vault: what a household told of itself, each row under a key of its own that the ring wraps.

    `place_sealed` is opened by the request engine and the map, `person_sealed` (name, address, contact, owner) by the
    owner's own pages and by two people together. `shown_sealed` says in which place of the map the household is
    counted. Lengths tell nothing. `owner_key` is `vault.pseudonym` of the owner's account: it finds an owner's cameras,
    and tells nobody who.
    """

    camera = models.OneToOneField(Camera, models.CASCADE, related_name="household", primary_key=True)
    owner_key = models.CharField(max_length=64, db_index=True)
    key_wrapped = models.BinaryField()
    place_sealed = models.BinaryField()
    person_sealed = models.BinaryField()
    shown_sealed = models.BinaryField()

    objects = ScopedManager(unit="camera__unit")

    class Meta:
        verbose_name = "niêm phong hộ gia đình"
        verbose_name_plural = "niêm phong hộ gia đình"

    def __str__(self) -> str:
        return "niêm phong"


class VaultOpening(models.Model):
    """A chief asked to open what a household told; the second person answered. Open until `open_until`."""

    class Reason(models.TextChoices):
        """Why, coded."""

        LIFE = "tinh_mang", "Tính mạng, sức khỏe người trong nhà đang bị đe dọa"
        OWNER = "chu_yeu_cau", "Chủ camera đề nghị vì mất quyền vào tài khoản"
        ORDER = "quyet_dinh", "Quyết định của tòa án, viện kiểm sát, cơ quan điều tra"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    camera = models.ForeignKey(Camera, models.CASCADE, related_name="openings")
    reason = models.CharField("lý do", max_length=20, choices=Reason.choices)
    case = models.CharField("vụ việc", max_length=40)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("đề nghị lúc")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField("trả lời lúc", null=True)
    open_until = models.DateTimeField("mở đến", null=True)
    told_at = models.DateTimeField("báo chủ camera lúc", null=True)

    objects = ScopedManager(unit="camera__unit")

    class Meta:
        verbose_name = "lần mở niêm phong"
        verbose_name_plural = "lần mở niêm phong"
        constraints = [
            models.CheckConstraint(
                name="opened_by_two", condition=models.Q(answered_by=None) | ~models.Q(answered_by=models.F("asked_by"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.camera_id} {self.asked_at:%d/%m/%Y %H:%M}"


@computed_with_unit("Bản đồ hộ gia đình lập lại mỗi tuần từ nơi camera thuộc về, theo cùng quy tắc ẩn.")
class MapPlace(models.Model):
    """An area of the published map of households: an H3 cell inside a unit, or (`cell` empty) the whole unit.

    Everything here is on the map already: a copy of the database tells no more. `homes` is 0 while the area rests.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+", verbose_name="đơn vị")
    cell = models.CharField("ô H3", max_length=15, blank=True)
    homes = models.PositiveIntegerField("số hộ")
    rests_until = models.DateField("không hiện lại trước ngày", null=True, blank=True)

    objects = ScopedManager(unit="unit")

    class Meta:
        verbose_name = "nơi trên bản đồ hộ gia đình"
        verbose_name_plural = "nơi trên bản đồ hộ gia đình"
        constraints = [
            models.UniqueConstraint(fields=["unit", "cell"], name="one_map_place_per_cell"),
            models.CheckConstraint(name="homes_in_fives", condition=models.Q(homes=5 * (models.F("homes") / 5))),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.cell}: {self.homes}"


class MapPublication(models.Model):
    """A day on which the map of households was published."""

    day = models.DateField("ngày", primary_key=True)

    class Meta:
        verbose_name = "lần công bố bản đồ"
        verbose_name_plural = "lần công bố bản đồ"

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}"


STATE_LABELS = {
    CameraState.CONNECTING: "đang kết nối",
    CameraState.RECORDING: "đang ghi",
    CameraState.SILENT: "im lặng",
    CameraState.FAILING: "mất kết nối",
    CameraState.NO_SPACE: "hết chỗ ghi",
    CameraState.DISABLED: "đã tắt",
}


class CameraReport(models.Model):
    """The last `contracts.CameraStatus` that a node sent of a camera. Instants are microseconds UTC."""

    camera = models.OneToOneField(Camera, models.CASCADE, related_name="report", primary_key=True)
    state = models.CharField("tình trạng", max_length=20, choices=[(s.value, t) for s, t in STATE_LABELS.items()])
    since = models.BigIntegerField("từ lúc")
    frames_per_second = models.FloatField("khung hình/giây", default=0)
    bits_per_second = models.BigIntegerField("bit/giây", default=0)
    last_frame_at = models.BigIntegerField("khung cuối", null=True)
    gaps_last_day = models.IntegerField("gián đoạn 24 giờ", default=0)
    clock_offset_us = models.BigIntegerField("lệch đồng hồ (µs)", null=True)
    codec = models.CharField("mã hóa", max_length=40, blank=True)
    width = models.PositiveIntegerField("rộng", default=0)
    height = models.PositiveIntegerField("cao", default=0)
    error = models.CharField("lỗi", max_length=300, blank=True)
    reported_at = models.DateTimeField("báo lúc")

    objects = ScopedManager(unit="camera__unit")

    class Meta:
        verbose_name = "tình trạng camera"
        verbose_name_plural = "tình trạng camera"

    def __str__(self) -> str:
        return f"{self.camera_id}: {self.state}"


EVENT_LABELS = {
    EventKind.CAMERA_STATE: "đổi tình trạng",
    EventKind.GAP: "gián đoạn ghi",
    EventKind.DISK: "ổ đĩa",
    EventKind.CLOCK_STEP: "đồng hồ bị chỉnh",
    EventKind.NODE_STARTED: "máy ghi khởi động",
}


class CameraEvent(models.Model):
    """News of a node, taken once by its `id`. `camera` is null for news of the node itself."""

    id = models.CharField(primary_key=True, max_length=64)
    kind = models.CharField("loại", max_length=20, choices=[(k.value, t) for k, t in EVENT_LABELS.items()])
    at = models.BigIntegerField("lúc")
    camera = models.ForeignKey(Camera, models.CASCADE, related_name="events", null=True)
    detail = models.JSONField("chi tiết", default=dict)
    received_at = models.DateTimeField("nhận lúc", auto_now_add=True)

    objects = ScopedManager(unit="camera__unit")

    class Meta:
        verbose_name = "sự kiện camera"
        verbose_name_plural = "sự kiện camera"
        ordering = ["-at"]
        indexes = [models.Index(fields=["camera", "-at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class LookKind(models.TextChoices):
    """Ways of looking."""

    LIVE = "live", "Xem trực tiếp"
    PLAYBACK = "playback", "Xem lại"
    SNAPSHOT = "snapshot", "Chụp ảnh"
    EXPORT = "export", "Trích xuất"


class Purpose(models.TextChoices):
    """Why somebody looks: coded, so that looks can be counted and compared."""

    ORDER = "an_ninh", "Theo dõi an ninh, trật tự"
    TRAFFIC = "giao_thong", "Điều hành giao thông"
    CASE = "vu_viec", "Giải quyết vụ việc"
    RESCUE = "cuu_nan", "Cứu nạn, chữa cháy"
    UPKEEP = "kiem_tra", "Kiểm tra tình trạng camera"
    OWN = "chu_camera", "Chủ camera xem camera của mình"
    REQUEST = "tra_loi_yeu_cau", "Chủ camera trả lời yêu cầu hình ảnh"


class Look(models.Model):
    """One look of one person through one camera; the right is asked again while it lasts.

    `window_*` bound what may be seen (microseconds UTC; 0 for live). `case` is the number of a case as the module
    above writes it: no key, since cases stand above. `user` is null for an owner looking through the own camera,
    or the row would tell whose it is: `viewer_key` (a pseudonym of the account) binds both.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    viewer_key = models.CharField(max_length=64)
    viewer_unit = models.CharField("đơn vị của người xem", max_length=200, blank=True)
    camera = models.ForeignKey(Camera, models.PROTECT, related_name="looks")
    kind = models.CharField("cách xem", max_length=10, choices=LookKind.choices)
    purpose = models.CharField("mục đích", max_length=20, choices=Purpose.choices)
    case = models.CharField("vụ việc", max_length=40, blank=True, db_index=True)
    window_start = models.BigIntegerField("từ", default=0)
    window_end = models.BigIntegerField("đến", default=0)
    opened_at = models.DateTimeField("mở lúc")
    ended_at = models.DateTimeField("kết thúc lúc", null=True)
    end_reason = models.CharField("lý do kết thúc", max_length=200, blank=True)
    nonce = models.CharField(max_length=32)
    used_at = models.DateTimeField("vé dùng lúc", null=True)

    objects = ScopedManager(unit="camera__unit")

    class Meta:
        verbose_name = "lượt xem"
        verbose_name_plural = "lượt xem"
        ordering = ["-opened_at"]
        indexes = [models.Index(fields=["camera", "-opened_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.camera_id} {self.opened_at:%d/%m/%Y %H:%M}"


class FootageHold(models.Model):
    """[start, end) of a camera that is kept for `reason` (what the module above calls it) until released."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    camera = models.ForeignKey(Camera, models.PROTECT, related_name="holds")
    start = models.BigIntegerField("từ")
    end = models.BigIntegerField("đến")
    reason = models.CharField("căn cứ", max_length=80, db_index=True)
    placed_at = models.DateTimeField("giữ từ", auto_now_add=True)
    released_at = models.DateTimeField("thôi giữ lúc", null=True)

    objects = ScopedManager(unit="camera__unit")

    class Meta:
        verbose_name = "hình được giữ"
        verbose_name_plural = "hình được giữ"
        constraints = [models.CheckConstraint(name="hold_has_length", condition=models.Q(end__gt=models.F("start")))]

    def __str__(self) -> str:
        return f"{self.camera_id} {self.start}–{self.end}"
