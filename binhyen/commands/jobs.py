"""`binhyen jobs`: the process that does what was queued."""

import argparse
import os
import threading
import time

from binhyen.commands.manage import django_command

AT_ONCE = "3"
"""Jobs side by side: a mail server that does not answer must not keep a package or a household's ask waiting."""

LOOK_EVERY_S = 0.5
LEFT_ALONE_FOR_S = 5.0


def register(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("--one-shot", action="store_true", help="làm hết việc đang chờ rồi thôi")


def run(args: argparse.Namespace) -> int:
    """Work until SIGTERM, or until whoever started this process has died."""
    threading.Thread(target=_follow, args=(os.getppid(),), daemon=True).start()
    django_command("procrastinate", "worker", "--concurrency", AT_ONCE, *(["--one-shot"] if args.one_shot else []))
    return 0


def _follow(parent: int) -> None:
    """End this process soon after `parent`.

    A killed supervisor takes the database with it. The worker, told to stop, would then wait half a minute for a
    connection to say that it stops; a job in hand cannot be finished either, and is taken up again at the next start.
    """
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY_S)
    time.sleep(LEFT_ALONE_FOR_S)
    os._exit(1)
