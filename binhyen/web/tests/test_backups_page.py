"""“Sao lưu” and what waits on “Hôm nay”, with backups of every age."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from binhyen.kernel.units.roles import Role
from binhyen.kernel.upkeep.taken import NAME, Taken, note_taken


@pytest.fixture
def keeper(world, signed_in, settings, tmp_path):
    settings.BINHYEN_DATA = tmp_path
    return signed_in(world.people[Role.IT_ADMIN])


def take(folder, hours_ago):
    at = (now() - timedelta(hours=hours_ago)).isoformat()
    note_taken(folder, Taken(str(folder / f"{hours_ago}.binhyen-backup"), at, 3_000_000, "0" * 64, with_keys=True))


def test_without_a_backup_the_page_says_what_to_do_and_it_waits_on_today(keeper, tmp_path):
    page = keeper.get("/sao-luu/").content.decode()
    assert "Chưa có bản sao lưu nào" in page
    assert f"binhyen backup /mnt/sao-luu --data {tmp_path}" in page
    assert "Sao lưu dữ liệu của đơn vị" in keeper.get("/hom-nay/").content.decode()


def test_a_fresh_backup_is_told_and_nothing_waits(keeper, tmp_path):
    take(tmp_path, 72)
    assert "Bản mới nhất cách đây 3 ngày" in keeper.get("/hom-nay/").content.decode()
    take(tmp_path, 3)
    (tmp_path / "3.binhyen-backup").touch()
    answer = keeper.get("/sao-luu/")
    assert [(row.taken.size_bytes, row.is_there) for row in answer.context["rows"]] == [
        (3_000_000, True), (3_000_000, False),
    ]  # fmt: skip
    assert (answer.context["age"], answer.context["is_old"]) == ("3 giờ", False)
    assert str(tmp_path / "binhyen.erasures") in answer.content.decode()
    assert "Sao lưu dữ liệu của đơn vị" not in keeper.get("/hom-nay/").content.decode()


def test_a_damaged_list_is_said(keeper, tmp_path):
    (tmp_path / NAME).write_text("x")
    assert "bị hỏng" in keeper.get("/sao-luu/").content.decode()
    assert "Chưa có bản sao lưu nào" in keeper.get("/hom-nay/").content.decode()
