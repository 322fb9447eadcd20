"""Registers the accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """User accounts."""

    name = "binhyen.kernel.accounts"
    label = "accounts"
    verbose_name = "Tài khoản"
