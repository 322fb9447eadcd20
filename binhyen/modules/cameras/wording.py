"""Words as people search them: without diacritics, in one case."""

import unicodedata

from binhyen.modules.cameras.models import Camera


def unaccented(text: str) -> str:
    """“Ngã ba Chợ Đồn” as “nga ba cho don”."""
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).lower()


def searchable(camera: Camera) -> str:
    """What a search for this camera looks through. Nothing of a household."""
    if camera.is_household:
        return ""
    return unaccented(f"{camera.code} {camera.name} {camera.unit.name}")
