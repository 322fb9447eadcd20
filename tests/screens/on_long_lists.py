"""Long lists: written by a worker, with a page that shows how far it is. Run by test_tutorial.py."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils.timezone import now
from radios.models import Radio

from binhyen.kernel.audit.models import Line
from binhyen.kernel.screens import jobs, screens_of, taking_out
from binhyen.kernel.screens.models import Export
from binhyen.kernel.screens.pages import taking
from binhyen.kernel.testing.registers import make_example
from binhyen.kernel.units.models import Membership
from binhyen.kernel.units.roles import Role

pytestmark = pytest.mark.usefixtures("all_units")


@pytest.fixture
def chief(world, signed_in):
    return signed_in(world.people[Role.CHIEF])


@pytest.fixture
def officer(world, signed_in):
    return signed_in(world.people[Role.COMMUNE_OFFICER])


@pytest.fixture
def radio(world):
    return make_example(screens_of(Radio), world.commune_a)


@pytest.fixture
def long_list(chief, radio, monkeypatch, settings, tmp_path):
    """The address to which the request for a long list leads."""
    settings.BINHYEN_DATA = tmp_path
    monkeypatch.setattr(taking, "ROWS_WAITED_FOR", dict.fromkeys(taking.KINDS, 0))
    monkeypatch.setattr(taking_out, "ROWS_AT_ONCE", 1)
    answer = chief.get("/bo-dam/danh-sach.csv?band=vhf")
    assert answer.status_code == 302
    return answer.url


def test_F14_a_long_list_shows_its_progress_and_is_taken_when_it_is_done(chief, long_list, monkeypatch):
    assert "0 trong khoảng 1 dòng" in chief.get(long_list).content.decode()
    assert chief.get(f"{long_list}tep/").status_code == 404
    export = Export.objects.get()
    jobs.build_export(SimpleNamespace(job=SimpleNamespace(attempts=0)), export.pk)
    page = chief.get(long_list).content.decode()
    assert "Tải tệp về máy" in page
    monkeypatch.setattr(taking, "ROWS_WAITED_FOR", dict.fromkeys(taking.KINDS, 9))
    content = chief.get(f"{long_list}tep/").getvalue()
    assert content == chief.get("/bo-dam/danh-sach.csv?band=vhf").getvalue()
    assert content.decode("utf-8-sig").count("\n") == 2
    assert [line.detail["rows"] for line in Line.objects.filter(action="radios.radio.export")] == ["1", "1"]
    assert "Bộ đàm" in chief.get("/tai-ve/").content.decode()
    assert taking_out.done_count(export) == 1
    jobs.build_export(SimpleNamespace(job=SimpleNamespace(attempts=0)), export.pk)  # once more: it is done already
    assert Line.objects.filter(action="radios.radio.export").count() == 2


def test_F14_asked_for_twice_it_is_the_same_file_and_another_waits(chief, officer, long_list):
    assert chief.get("/bo-dam/danh-sach.csv?band=vhf").url == long_list
    assert chief.get("/bo-dam/danh-sach.xlsx?band=vhf").status_code == 403
    assert officer.get("/bo-dam/danh-sach.csv?band=vhf").url != long_list


def test_S02_a_file_is_its_owner_s_alone_and_only_while_the_owner_may(chief, officer, long_list, world):
    export = Export.objects.get()
    taking_out.build(export)
    assert {officer.get(url).status_code for url in (long_list, f"{long_list}tep/")} == {404}
    assert "Chưa có tệp nào" in officer.get("/tai-ve/").content.decode()
    Membership.objects.filter(user=export.by).update(role=Role.IT_ADMIN)
    assert chief.get(f"{long_list}tep/").status_code == 403
    Export.objects.update(state="working")
    taking_out.build(Export.objects.get())
    assert (Export.objects.get().state, taking_out.file_of(export).exists()) == ("failed", False)
    assert Export.objects.get().error in chief.get(long_list).content.decode()


def test_T07_a_file_goes_after_a_day_and_then_there_is_nothing_to_take(chief, long_list):
    export = Export.objects.get()
    taking_out.build(export)
    jobs.forget_exports(int(now().timestamp()))
    assert Export.objects.exists()
    taking_out.remove_files(export)
    assert "không còn nữa" in chief.get(f"{long_list}tep/").content.decode()
    taking_out.build(export)
    jobs.forget_exports(int((now() + timedelta(days=1, hours=1)).timestamp()))
    assert (Export.objects.count(), taking_out.file_of(export).exists()) == (0, False)


def test_a_file_that_cannot_be_written_says_so_after_the_last_try(chief, long_list, monkeypatch):
    def fails(*_, **__):
        raise OSError("no space")

    monkeypatch.setattr(taking_out, "write_out", fails)
    for attempts, state in ((0, "working"), (2, "failed")):
        with pytest.raises(OSError, match="no space"):
            jobs.build_export(SimpleNamespace(job=SimpleNamespace(attempts=attempts)), Export.objects.get().pk)
        assert Export.objects.get().state == state
    assert "Không lập được tệp" in chief.get(long_list).content.decode()


def test_a_file_of_a_register_that_is_gone_is_not_there(chief, long_list):
    Export.objects.update(screens="khong_con", state="done")
    assert chief.get(f"{long_list}tep/").status_code == 404
