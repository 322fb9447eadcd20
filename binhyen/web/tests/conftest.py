"""People who can sign in, for the shell's own tests."""

import time
from dataclasses import dataclass

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache

PASSWORD = "một câu dài dễ nhớ"


@dataclass
class Account:
    """A person with a password and an authenticator app."""

    user: object
    secret: str
    password: str = PASSWORD

    @property
    def username(self):
        return self.user.username

    def code(self, periods_ahead=0):
        return format_hotp_value(hotp_value(self.secret, int(time.time()) // 30 + periods_ahead))


@pytest.fixture
def account(world, settings):
    """The investigator of commune A, with a second factor. Passwords are hashed cheaply and counts start at zero."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MFA_TOTP_TOLERANCE = 1  # a test may begin in one half minute and end in the next
    cache.clear()
    user = world.people["investigator"]
    user.set_password(PASSWORD)
    user.save()
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return Account(user, secret)
