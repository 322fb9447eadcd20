"""The user. What a user may do is not here: it follows from memberships in units."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person who signs in: an officer, a household that shares a camera, an auditor.

    `is_staff` and `is_superuser` open nothing in Bình Yên: there is no back door beside the roles.
    """

    full_name = models.CharField("họ và tên", max_length=120)
    first_name = None  # type: ignore[assignment]  # Vietnamese names are written whole, not as first and last
    last_name = None  # type: ignore[assignment]  # as above

    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = "tài khoản"
        verbose_name_plural = "tài khoản"

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self).rsplit(" ", 1)[-1]
