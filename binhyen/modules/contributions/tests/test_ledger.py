"""The ledger and what is published of it."""

import json

import pytest
from django.db import Error, transaction

from binhyen.kernel.audit.models import Line
from binhyen.kernel.units.authority import Refused
from binhyen.kernel.units.roles import Role
from binhyen.modules.contributions import ledger, publishing
from binhyen.modules.contributions.models import Donor, Entry, Publication
from binhyen.modules.contributions.proof.publication import check_publication
from binhyen.modules.contributions.proof.receipt import check_receipt

pytestmark = pytest.mark.usefixtures("all_units")


@pytest.mark.parametrize("table", ["contributions_entry", "contributions_publication"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET number = 99", "DELETE FROM {}"])
def test_T09_the_database_itself_refuses_to_change_or_delete_a_line(five, campaign, world, table, statement):
    from django.db import connection

    publishing.publish(campaign, by=world.people[Role.CHIEF])
    with pytest.raises(Error, match="append_only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


def test_a_mistake_is_set_right_by_another_line(give, campaign, world):
    gift = give(20_000_000, "Đặng Thị Lan")
    line = ledger.correct(gift, right_amount=2_000_000, reason="Ghi thừa một số 0", by=world.people[Role.CHIEF])
    assert (line.amount, line.corrects, line.number) == (-18_000_000, gift, 2)
    gift.refresh_from_db()
    assert (gift.amount, ledger.net_of(gift)) == (20_000_000, 2_000_000)


@pytest.mark.parametrize("right_amount", [300_000, -1])
def test_a_correction_that_changes_nothing_or_goes_below_nothing_is_refused(give, right_amount):
    gift = give(300_000)
    with pytest.raises(Refused, match="không có gì để sửa"):
        ledger.correct(gift, right_amount=right_amount, reason="x", by=None)
    assert Entry.objects.count() == 1


def test_a_gift_after_the_end_of_a_campaign_is_refused(give, campaign):
    campaign.closed_on = "2025-11-20"
    campaign.save()
    with pytest.raises(Refused, match="đã kết thúc"):
        give(100_000)


def test_codes_of_campaigns_stay_apart_when_one_was_deleted(campaign, world):
    from binhyen.modules.contributions.models import Campaign

    others = []
    for name in ("Hai", "Ba"):
        others.append(Campaign(unit=world.commune_a, name=name, purpose="x", opened_on="2025-01-01"))
        ledger.number_campaign(others[-1])
    campaign.delete()
    last = Campaign(unit=world.commune_a, name="Bốn", purpose="x", opened_on="2025-01-01")
    ledger.number_campaign(last)
    assert [each.code for each in (*others, last)] == ["X99001-2", "X99001-3", "X99001-4"]


# --- publishing ------------------------------------------------------------------------------------------------------
def test_T09_the_published_sum_moves_only_when_five_donors_stand_behind_the_step(five, give, campaign, world):
    chief = world.people[Role.CHIEF]
    first = publishing.publish(campaign, by=chief)
    assert (first.total, first.gifts) == (1_475_000, 5)
    for n in range(4):
        give(10_000, f"Mới {n}")
    give(5_000, "Mới 0")
    with pytest.raises(Refused, match="của 4 người"):
        publishing.publish(campaign, by=chief)
    give(7_000, "Mới 4")
    second = publishing.publish(campaign, by=chief)
    assert (second.total, second.number, second.header["previous"]) == (1_527_000, 2, first.root)
    line = Line.objects.filter(action="contributions.publication.publish").first()
    assert line.detail == {"total": "1527000", "gifts": "11", "root": second.root}


def test_T09_donors_without_a_name_count_as_one_and_what_came_to_nothing_as_none(give, campaign):
    for _ in range(6):
        give(10_000)
    wrong = give(30_000, "Người ghi nhầm")
    ledger.correct(wrong, right_amount=0, reason="Ghi nhầm đợt", by=None)
    assert publishing.waiting_donors(campaign, 0) == 1


def test_T09_one_donor_written_with_and_without_marks_is_one(give, campaign):
    for name in ("Đặng Thị Lan", "dang thi lan", "Đặng  thị LAN "):
        give(10_000, name)
    assert publishing.waiting_donors(campaign, 0) == 1


def test_T09_the_public_file_adds_up_and_names_nobody(five, campaign):
    file = publishing.public_file(publishing.publish(campaign, by=None))
    assert check_publication(json.loads(json.dumps(file))).total == 1_475_000
    said = json.dumps(file, ensure_ascii=False)
    told = [word for gift in five for word in (gift.code, gift.statement_hash, gift.donor_key, f"Người {gift.amount}")]
    assert [word for word in told if word in said] == []


def test_T09_a_donor_s_file_proves_the_own_gift_net_of_corrections(five, campaign):
    ledger.correct(five[0], right_amount=90_000, reason="Đếm lại", by=None)
    publication = publishing.publish(campaign, by=None)
    file = json.loads(json.dumps(publishing.receipt_file(five[0], publication)))
    checked = check_receipt(file, root=publication.root)
    assert (checked.amount, checked.statement["donor"], publication.total) == (90_000, "Người 100000", 1_465_000)


def test_T09_a_gift_that_was_taken_out_is_missing_from_its_donor_s_own_proof(five, campaign):
    """A keeper who lowers the sum must lower somebody's gift: that donor sees it."""
    publishing.publish(campaign, by=None)
    for gift in five:
        ledger.correct(gift, right_amount=gift.amount // 2, reason="…", by=None)
    second = publishing.publish(campaign, by=None)
    amounts = [check_receipt(publishing.receipt_file(gift, second)).amount for gift in five]
    assert amounts == [gift.amount // 2 for gift in five]


def test_names_are_sealed_and_can_be_erased_while_the_sum_stays(five, campaign):
    stored = bytes(Donor.objects.get(entry=five[0]).sealed)
    assert "Người".encode() not in stored
    assert ledger.donor_name(five[0]) == "Người 100000"
    ledger.erase_donor(five[0], by=None)
    publication = publishing.publish(campaign, by=None)
    assert (ledger.donor_name(five[0]), publishing.receipt_file(five[0], publication)) == (None, None)
    assert check_publication(publishing.public_file(publication)).total == 1_475_000


def test_T09_what_the_database_holds_without_the_keys_shows_no_gift_of_a_named_person(five, campaign):
    publishing.publish(campaign, by=None)
    rows = [*Donor.objects.values(), *Publication.objects.values("seed"), *Entry.objects.values("donor_key")]
    assert [
        row for row in rows if "Người" in str(row) or b"Ng" in b"".join(v for v in row.values() if isinstance(v, bytes))
    ] == []
