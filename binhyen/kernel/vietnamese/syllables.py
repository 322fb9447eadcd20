"""Which letters can be a Vietnamese syllable: onset, rime and tone, each from a closed set.

Source: the usual description of Vietnamese spelling (chính tả); both places of the tone mark (hòa, hoà) are accepted.
"""

from functools import lru_cache

from binhyen.kernel.vietnamese.folding import split_tone


def set_of(words: str) -> frozenset[str]:
    """The words of a list written as text."""
    return frozenset(words.split())


_ONSETS = set_of("""
b c ch d đ g gh gi h k kh l m n ng ngh nh p ph q qu r s t th tr v x
""")
_OPEN = set_of("""
a ai ao au ay âu ây e eo ê êu i ia iu iêu o oi oe oa oai oay oao oeo ô ôi ơ ơi u ua ui uê uôi uơ uy uya uyu uây
ư ưa ưi ưu ươi ươu y yêu uâ ue uai uay uao uau uêu oo oai iê uyê
""")
_NASAL = set_of("""
am an ang anh ăm ăn ăng âm ân âng em en eng êm ên ênh im in inh iêm iên iêng om on ong oong oan oang oanh oam
oăm oăn oăng oen ôm ôn ông ôông ơm ơn um un ung uôm uôn uông uân uâng uyên uynh uênh uơn ưm ưn ưng ươm ươn ương
yêm yên yêng uan uang uanh uăn uăng uen uyn
""")
_STOPPED = set_of("""
ac ach ap at ăc ăp ăt âc âp ât ec ep et êch êp êt ich ip it iêc iêp iêt oc op ot ooc oac oach oat oap oăc oăt
oet ôc ôp ôt ơp ơt uc up ut uôc uôt uât uêch uyêt uych uyt ưc ưt ươc ươp ươt yêt uac uach uat uăc uăt uêt uyp
uôp
""")
_RIMES = _OPEN | _NASAL
_SHARP_OR_HEAVY = (4, 5)


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """Whether `word` (any case) can be one Vietnamese syllable with its tone: "quốc" can, "quc", "quôc" cannot."""
    letters, tone = split_tone(word)
    for size in (3, 2, 1, 0):
        onset, rime = letters[:size], letters[size:]
        if onset and onset not in _ONSETS:
            continue
        if rime in _RIMES:
            return True
        if rime in _STOPPED and tone in _SHARP_OR_HEAVY:
            return True
    return False


def has_vietnamese_letter(word: str) -> bool:
    """Whether a letter of `word` is one that English does not have."""
    letters, tone = split_tone(word)
    return tone > 0 or any(letter in "ăâđêôơư" for letter in letters)
