"""S06 for every register that takes files in."""

import tempfile
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from binhyen.kernel.screens.declaration import Screens, all_screens
from binhyen.kernel.screens.models import Import
from binhyen.kernel.screens.policy import Action
from binhyen.kernel.screens.urls import urls_of
from binhyen.kernel.testing.hostile_files import hostile_files, hostile_names, multipart
from binhyen.kernel.testing.registers import every_register, make_example, person_for
from binhyen.kernel.testing.world import World
from binhyen.kernel.units.authority import across_units


def _first() -> Screens | None:
    """One register is tried with every file, the others with a few: they all read files through the same code."""
    return next((each for each in all_screens() if each.key and each.fields), None)


@pytest.mark.parametrize("screens", every_register())
class UploadContracts:
    """Each test is one way of doing harm with a file."""

    @pytest.fixture
    def client(self, screens: Screens, world: World, signed_in: Any) -> Any:
        person = person_for(world.people, screens, Action.BRING_IN)
        if person is None or f"{screens.name}-import" not in {pattern.name for pattern in urls_of(screens)}:
            pytest.skip("nothing comes in by file")
        return signed_in(person)

    def test_S06_a_file_that_is_not_what_it_says_is_refused(self, screens: Screens, client: Any) -> None:
        answers, files = {}, hostile_files() if screens is _first() else islice(hostile_files(), 0, None, 7)
        for name, content in files:
            answer = client.post(screens.url("import"), {"tep": SimpleUploadedFile(name, content)})
            answers[name] = (answer.status_code, b"root:" in answer.content)
        assert answers == dict.fromkeys(answers, (422, False))
        with across_units():
            assert (Import.objects.count(), screens.model._base_manager.count()) == (0, 0)

    def test_S06_a_name_leads_nowhere(self, screens: Screens, client: Any, world: World) -> None:
        if screens is not _first():
            pytest.skip("one register stands for all: names are read in one place")
        make_example(screens, world.commune_a)
        content = client.get(screens.url("export-csv")).getvalue()
        before = {path.name for path in Path(tempfile.gettempdir()).iterdir()}
        for name in hostile_names():
            body, kind = multipart("tep", name, content)
            answer = client.post(screens.url("import"), body, content_type=kind)
            assert answer.status_code in (302, 400, 422), name
        kept = Import.objects.values_list("file_name", flat=True)
        assert not [name for name in kept if "/" in name or "\\" in name or "\0" in name]
        after = {path.name for path in Path(tempfile.gettempdir()).iterdir()}
        assert not [name for name in after - before if "lot-ra" in name]
