"""Words without their marks, as people type who are in a hurry."""

import unicodedata


def without_diacritics(text: str) -> str:
    """`text` in lower case without Vietnamese marks, as people type who are in a hurry."""
    plain = text.lower().replace("đ", "d")
    return "".join(each for each in unicodedata.normalize("NFD", plain) if not unicodedata.combining(each))
