"""Five hundred people on the busiest pages of the real web process, over sockets that stay open (F14)."""

import json

import pytest

from tests.station.running import binhyen

pytestmark = [
    pytest.mark.slow,
    pytest.mark.reported("how long people wait, and whether any gives up, hangs on what else the machine does"),
    pytest.mark.timeout(500),
]
ROWS = 50_000


@pytest.fixture(scope="module")
def found():
    done = binhyen("bench", "users", "--rows", str(ROWS), "--users", "500", "--seconds", "30", within_s=450)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_F14_500_people_get_every_page_while_one_takes_out_everything(found):
    assert (found["alone_failures"], found["beside_export_failures"], found["said"]) == (0, 0, [])
    assert found["alone_requests"] + found["beside_export_requests"] > 500


def test_F14_the_export_of_everything_is_whole_and_showed_its_progress(found):
    assert (found["export_rows"], found["progress_looks"] > 0) == (ROWS, True)


def test_F14_people_wait_no_longer_while_one_takes_out_everything(found):
    assert found["beside_export_p95_ms"] < 2000
    assert found["beside_vs_alone"] < 2
