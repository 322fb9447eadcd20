"""A moment is two steps away: as people type it, with and without diacritics."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from binhyen.modules.cameras.moments import MomentUnclear, read_moment

AT = datetime(2026, 11, 21, 14, 5, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("14:00", "2026-11-21 14:00:00"),
        ("22:40", "2026-11-20 22:40:00"),
        ("22:40 hôm qua", "2026-11-20 22:40:00"),
        ("22h40 hom qua", "2026-11-20 22:40:00"),
        ("6h hôm nay", "2026-11-21 06:00:00"),
        ("7 giờ 5 hôm kia", "2026-11-19 07:05:00"),
        ("22g40p10", "2026-11-20 22:40:10"),
        ("20/11 6:15", "2026-11-20 06:15:00"),
        ("6:15:30 20-11-2025", "2025-11-20 06:15:30"),
        ("23:00 31/12", "2025-12-31 23:00:00"),
        ("0:00 29/2/2024", "2024-02-29 00:00:00"),
    ],
)
def test_what_people_type_is_understood(typed, meant):
    assert f"{read_moment(typed, at=AT):%Y-%m-%d %H:%M:%S}" == meant


@pytest.mark.parametrize("typed", ["", "hôm qua", "25:00", "12:61", "30/2/2026 6:00", "6:00 29/2", "sáng sớm", "20/11"])
def test_what_is_no_moment_is_not_guessed(typed):
    with pytest.raises(MomentUnclear):
        read_moment(typed, at=AT)
