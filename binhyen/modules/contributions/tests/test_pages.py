"""Pages of officers, of the public, of donors; the command."""

import json

import pgtrigger
import pytest

from binhyen.__main__ import main
from binhyen.kernel.audit.models import Line
from binhyen.kernel.units.authority import across_units
from binhyen.kernel.units.roles import Role
from binhyen.kernel.upkeep.erasing import erase_again, read_journal
from binhyen.kernel.upkeep.models import Erasure
from binhyen.modules.contributions import ledger, publishing
from binhyen.modules.contributions.models import Donor, Entry
from binhyen.modules.contributions.pages import receipt_url


@pytest.fixture
def chief(world, signed_in):
    return signed_in(world.people[Role.CHIEF])


@pytest.fixture
def form(campaign):
    return {"campaign": campaign.pk, "kind": "money", "amount": "2.000.000 đ", "what": "", "received_on": "21/11/2025"}


def test_money_is_written_as_people_write_it_and_the_donor_is_named_on_the_receipt_alone(
    chief, form, client, all_units
):
    answer = chief.post("/so-dong-gop/them/", {**form, "donor": "Đặng Thị Lan"})
    entry = Entry.objects.get()
    assert (answer.status_code, entry.amount, str(entry.recorded_by)) == (302, 2_000_000, "Nguyễn Trưởng công an A")
    pages = [chief.get(url).content.decode() for url in (answer.url, "/so-dong-gop/")]
    assert [page for page in pages if "Đặng Thị Lan" in page] == []
    assert "Đặng Thị Lan" in client.get(receipt_url(entry)).content.decode()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"amount": "2,5"}, "không phải số tiền"),
        ({"amount": "2.50"}, "không phải số tiền"),
        ({"amount": "0"}, "từ 1 đến"),
        ({"amount": "99.000.000.000"}, "từ 1 đến"),
        ({"amount": ""}, "Chưa nhập “Số tiền hoặc giá trị (đồng)”"),
        ({"kind": "in_kind"}, "Hãy ghi hiện vật gì"),
        ({"received_on": "01/01/2099"}, "không thể sau hôm nay"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field_and_nothing_is_lost(chief, form, changed, sentence):
    answer = chief.post("/so-dong-gop/them/", {**form, "donor": "Lan", **changed})
    page = answer.content.decode()
    assert (answer.status_code, sentence in page, 'value="Lan"' in page) == (422, True, True)
    with across_units():
        assert Entry.objects.count() == 0


def test_five_thousand_is_not_read_as_five(chief, form, all_units):
    chief.post("/so-dong-gop/them/", {**form, "amount": "5.000"})
    assert Entry.objects.get().amount == 5_000


def test_a_gift_is_set_right_on_its_page(chief, give, all_units):
    gift = give(20_000_000)
    assert chief.post(f"/so-dong-gop/{gift.pk}/sua-sai/", {"right_amount": "x", "reason": ""}).status_code == 422
    sent = {"right_amount": "2.000.000", "reason": "Ghi thừa số 0"}
    assert chief.post(f"/so-dong-gop/{gift.pk}/sua-sai/", sent).status_code == 302
    page = chief.get(f"/so-dong-gop/{gift.pk}/").content.decode()
    assert "2.000.000\N{NO-BREAK SPACE}đ" in page
    assert "Ghi thừa số 0" in page
    line = gift.corrections.get()
    assert "Đây là dòng sửa" in chief.get(f"/so-dong-gop/{line.pk}/").content.decode()
    assert chief.get(f"/so-dong-gop/{line.pk}/sua-sai/").status_code == 404


def test_reading_a_donor_s_name_leaves_a_line(chief, give):
    gift = give(100_000, "Đặng Thị Lan")
    assert "Đặng Thị Lan" in chief.post(f"/so-dong-gop/{gift.pk}/nguoi-gop/").content.decode()
    line = Line.objects.latest("number")
    assert (line.action, line.subject) == ("contributions.donor.read", gift.code)


def test_a_name_is_erased_on_request_and_again_in_a_restored_backup(chief, give, all_units):
    gift = give(100_000, "Đặng Thị Lan")
    was = Donor.objects.get()
    assert chief.post(f"/so-dong-gop/{gift.pk}/viec/", {"viec": "erase_donor"}).status_code == 302
    assert (ledger.donor_name(gift), Entry.objects.count()) == (None, 1)
    journal = read_journal()
    with pgtrigger.ignore("upkeep.Erasure:append_only"):
        Erasure.objects.all().delete()
    was.save(force_insert=True)  # as a backup from before would bring it back
    assert erase_again(journal) == {"contributions.donor": 1}
    assert ledger.donor_name(gift) is None


def test_a_chief_publishes_from_the_campaign_s_page(chief, five, campaign, client):
    url = f"/dot-van-dong/{campaign.pk}/"
    assert client.get(f"/dong-gop/{campaign.pk}/").status_code == 404
    assert chief.post(f"{url}viec/", {"viec": "publish"}).status_code == 302
    page = client.get(f"/dong-gop/{campaign.pk}/").content.decode()
    assert "1.475.000\N{NO-BREAK SPACE}đ" in page
    assert 'value="publish"' not in chief.get(url).content.decode()  # nothing new waits
    assert "1.475.000\N{NO-BREAK SPACE}đ" in client.get("/dong-gop/").content.decode()


def test_an_empty_public_list_says_why(client, campaign):
    assert "Chưa có đợt vận động nào công bố tổng." in client.get("/dong-gop/").content.decode()


def test_T09_a_receipt_opens_with_its_own_secret_alone(five, client):
    own, other = receipt_url(five[0]), receipt_url(five[1])
    token = other.rstrip("/").rsplit("/", 1)[1]
    wrong = [f"/bien-nhan/{five[0].code}/{token}/", f"/bien-nhan/{five[0].code}/x/", f"/bien-nhan/KHONG-1/{token}/"]
    assert [client.get(url).status_code for url in (own, *wrong)] == [200, 404, 404, 404]
    answer = client.get(own)
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("private, no-store", "no-referrer")


def test_a_receipt_tells_where_the_gift_stands(five, campaign, client, all_units):
    url = receipt_url(five[0])
    assert "Chờ công bố" in client.get(url).content.decode()
    assert client.get(f"{url}bien-nhan.json").status_code == 404
    publishing.publish(campaign, by=None)
    assert "Có trong tổng" in client.get(url).content.decode()
    ledger.correct(five[0], right_amount=1_000, reason="Đếm lại", by=None)
    page = client.get(url).content.decode()
    assert "chưa có trong lần công bố này" in page
    ledger.erase_donor(five[0], by=None)
    assert "xóa theo yêu cầu" in client.get(url).content.decode()
    assert client.get(f"{url}bien-nhan.json").status_code == 404


@pytest.fixture
def files(five, campaign, client, tmp_path):
    """The public file and a donor's, as downloaded; and the published root."""
    with across_units():
        root = publishing.publish(campaign, by=None).root
    addresses = {"tong": f"/dong-gop/{campaign.pk}/1.json", "bien-nhan": f"{receipt_url(five[0])}bien-nhan.json"}
    for name, url in addresses.items():
        (tmp_path / f"{name}.json").write_bytes(client.get(url).content)
    return tmp_path, root


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("tong", "đúng 1475000 đồng"), ("bien-nhan", "100000 đồng của khoản X99001-1-00001 nằm trong tổng 1475000 đồng")],
)
def test_T09_a_stranger_verifies_a_file_with_the_command(files, capsys, name, sentence):
    folder, root = files
    assert main(["contributions", "verify", str(folder / f"{name}.json"), "--root", root]) == 0
    assert sentence in capsys.readouterr().out
    assert main(["contributions", "verify", str(folder / f"{name}.json"), "--root", "ab" * 32, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["ok"] is False


def test_the_command_says_what_it_could_not_compare_and_what_it_cannot_read(files, capsys):
    folder, _ = files
    (folder / "hong.json").write_text("{")
    runs = [
        main(["contributions", "verify", str(folder / name)]) for name in ("bien-nhan.json", "hong.json", "khong.json")
    ]
    said = capsys.readouterr()
    assert runs == [0, 2, 2]
    assert "Hãy so mã gốc này" in said.out
    assert "không phải tệp JSON" in said.err


def test_T09_one_changed_digit_in_a_file_is_found(files, capsys):
    folder, _ = files
    file = json.loads((folder / "tong.json").read_text())
    file["header"]["total"] -= 1
    (folder / "tong.json").write_text(json.dumps(file))
    assert main(["contributions", "verify", str(folder / "tong.json")]) == 1
    assert "Mã gốc không khớp" in capsys.readouterr().err
