"""`binhyen manage`: Django's own commands, for who maintains the installation."""

import argparse
import os


def register(parser: argparse.ArgumentParser) -> None:
    """Everything after `manage` is Django's."""
    parser.add_argument("arguments", nargs=argparse.REMAINDER)


def run(args: argparse.Namespace) -> int:
    """Hand over to Django."""
    django_command(*args.arguments)
    return 0


def django_command(*arguments: str) -> None:
    """One of Django's management commands on this installation."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "binhyen.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["binhyen manage", *arguments])
