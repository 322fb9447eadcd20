"""Tables of messages. Who gets one stands under a pseudonym, and what it says is sealed: that a household was asked
for footage must not be read from a dump of the database (T01)."""

import uuid
from datetime import time

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models


class Message(models.Model):
    """One message to one person. `group` is the sending it belongs to; `shown_from` None: not on the page."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.UUIDField("lần gửi", db_index=True)
    recipient_key = models.CharField("người nhận", max_length=64)
    topic = models.CharField("loại tin", max_length=60)
    dedupe_key = models.CharField("để không gửi lại", max_length=64, blank=True)
    sealed = models.BinaryField("nội dung (niêm phong)")
    created_at = models.DateTimeField("tạo lúc", db_index=True)
    shown_from = models.DateTimeField("hiện từ", null=True)
    read_at = models.DateTimeField("đọc lúc", null=True)

    class Meta:
        verbose_name = "tin"
        verbose_name_plural = "tin"
        indexes = [models.Index(fields=["recipient_key", "read_at", "shown_from"], name="message_by_recipient")]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient_key", "topic", "dedupe_key"],
                condition=~models.Q(dedupe_key=""),
                name="one_message_per_dedupe_key",
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.pk}"


class Delivery(models.Model):
    """One message on one channel."""

    class State(models.TextChoices):
        """How far it has come."""

        WAITING = "waiting", "Chờ gửi"
        GATHERED = "gathered", "Chờ bản tin gộp"
        SENDING = "sending", "Đang gửi"
        SENT = "sent", "Đã gửi"
        DROPPED = "dropped", "Không cần gửi nữa"
        FAILED = "failed", "Không gửi được"

    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries")
    channel = models.CharField("kênh", max_length=20)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices)
    due_at = models.DateTimeField("gửi từ")
    interrupted = models.PositiveSmallIntegerField("số lần đứt giữa chừng", default=0)
    ended_at = models.DateTimeField("xong lúc", null=True)
    problem = models.CharField("lỗi", max_length=80, blank=True)

    class Meta:
        verbose_name = "lần chuyển tin"
        verbose_name_plural = "lần chuyển tin"
        constraints = [models.UniqueConstraint(fields=["message", "channel"], name="one_delivery_per_channel")]
        indexes = [models.Index(fields=["state", "due_at"], name="delivery_by_state_and_due")]

    def __str__(self) -> str:
        return f"{self.channel} {self.message_id}"


class Preferences(models.Model):
    """When a person wants to be left in peace, and when digests come. Vietnamese time."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    quiet_from = models.TimeField("giờ yên tĩnh từ", default=time(21))
    quiet_until = models.TimeField("giờ yên tĩnh đến", default=time(6))
    digest_at = models.TimeField("giờ nhận bản tin gộp", default=time(7, 30))
    digest_weekday = models.PositiveSmallIntegerField("thứ nhận bản tin tuần", default=0)

    class Meta:
        verbose_name = "cách nhận tin"
        verbose_name_plural = "cách nhận tin"

    def __str__(self) -> str:
        return f"Cách nhận tin của {self.user_id}"


class TopicChoice(models.Model):
    """What a person chose for one topic: channels beside the topic's own, channels without, and the pace."""

    class Pace(models.TextChoices):
        """How soon messages leave the station."""

        INSTANT = "instant", "Ngay khi có"
        DAILY = "daily", "Gộp mỗi ngày"
        WEEKLY = "weekly", "Gộp mỗi tuần"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    topic = models.CharField("loại tin", max_length=60)
    switched_on = ArrayField(models.CharField(max_length=20), verbose_name="bật", default=list, blank=True)
    switched_off = ArrayField(models.CharField(max_length=20), verbose_name="tắt", default=list, blank=True)
    pace = models.CharField("nhịp", max_length=10, choices=Pace.choices, default=Pace.INSTANT)

    class Meta:
        verbose_name = "lựa chọn theo loại tin"
        verbose_name_plural = "lựa chọn theo loại tin"
        constraints = [models.UniqueConstraint(fields=["user", "topic"], name="one_choice_per_topic")]

    def __str__(self) -> str:
        return f"{self.topic} của {self.user_id}"


class Address(models.Model):
    """Where a person is reached outside the station, sealed. Used only once the person has confirmed it with a code."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    channel = models.CharField("kênh", max_length=20)
    sealed = models.BinaryField("địa chỉ (niêm phong)")
    confirmed_at = models.DateTimeField("xác nhận lúc", null=True)
    code_sealed = models.BinaryField("mã xác nhận (niêm phong)", null=True)
    code_until = models.DateTimeField("mã dùng được đến", null=True)
    code_tries = models.PositiveSmallIntegerField("số lần nhập sai", default=0)
    codes_since = models.DateTimeField("bắt đầu đếm mã", null=True)
    codes_sent = models.PositiveSmallIntegerField("số mã đã gửi", default=0)

    class Meta:
        verbose_name = "địa chỉ nhận tin"
        verbose_name_plural = "địa chỉ nhận tin"
        constraints = [models.UniqueConstraint(fields=["user", "channel"], name="one_address_per_channel")]

    def __str__(self) -> str:
        return f"Địa chỉ {self.channel} của {self.user_id}"


class Device(models.Model):
    """A browser that takes push messages; its subscription is sealed, for whoever has it could write to the person.

    It keeps no time of last use: beside the times of deliveries that would tell who the recipient of a message is.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    endpoint_key = models.CharField("khóa của địa chỉ", max_length=64, unique=True)
    sealed = models.BinaryField("đăng ký (niêm phong)")
    label = models.CharField("tên", max_length=80)
    added_at = models.DateTimeField("thêm lúc")

    class Meta:
        verbose_name = "thiết bị nhận tin"
        verbose_name_plural = "thiết bị nhận tin"
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return f"Thiết bị {self.pk}"


class Escalation(models.Model):
    """Who is told next where nobody of `group` has read by `due_at`. `rungs`: see `escalation.Rung`."""

    group = models.UUIDField("lần gửi", unique=True)
    rungs = models.JSONField("các bậc còn lại")
    due_at = models.DateTimeField("chuyển lên lúc")

    class Meta:
        verbose_name = "việc chờ chuyển lên"
        verbose_name_plural = "việc chờ chuyển lên"

    def __str__(self) -> str:
        return f"Chuyển lên {self.group}"
