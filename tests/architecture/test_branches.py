from tests.architecture.branches import Share, shares


def test_each_package_has_its_own_share_of_branches():
    def file(branches, taken):
        return {"summary": {"num_branches": branches, "covered_branches": taken, "missing_branches": branches - taken}}

    files = {
        "binhyen/kernel/a.py": file(10, 9),
        "binhyen/kernel/b.py": file(30, 20),
        "binhyen/media/c.py": file(2, 2),
        "binhyen/web/d.py": file(100, 0),
    }
    contracts, kernel, media = shares({"files": files})
    assert kernel == Share("kernel", 40, 29, {"binhyen/kernel/b.py": 10, "binhyen/kernel/a.py": 1})
    assert (contracts.branches, kernel.percent, media.percent) == (0, 72.5, 100.0)
