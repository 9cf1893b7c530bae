"""Text as search compares it: folded words, and how a word sounds.

Folding takes away what two spellings of one word may differ in without anybody's mistake: case,
diacritics, punctuation, and the letters of the north and the east that have an accepted Latin
form. A sound key goes further, for names that were heard and written down by ear.
"""

# ruff: noqa: RUF001 - letters that look alike are what this file is about
from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_LATIN: Final = str.maketrans(
    {
        # Letters that Unicode does not decompose.
        "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss",
        "ħ": "h", "ı": "i", "ŋ": "ng",
        # Cyrillic, simplified after ICAO Doc 9303, part 3, section 6.
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i",
        "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
        "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "",
        "ы": "y", "ь": "", "э": "e", "ю": "iu", "я": "ia", "і": "i", "ї": "i", "є": "ie", "ґ": "g",
    }
)  # fmt: skip

_MARK: Final = "\N{MODIFIER LETTER APOSTROPHE}"
_WORD: Final = re.compile(r"[^\W_]+")
_SOUNDS: Final = [
    (re.compile(pattern), heard)
    for pattern, heard in (
        ("sch|sh", "s"), ("ph", "f"), ("th", "t"), ("ck", "k"), ("kh|gh", "h"), ("qu?", "k"),
        ("c(?=[eiy])", "s"), ("ch", "s"), ("c", "k"), ("x", "ks"), ("w", "v"), ("z", "s"),
        ("ae|aa", "a"), ("oe|ou", "o"), ("ue", "u"), ("[yj]", "i"), (r"(.)\1+", r"\1"),
    )
]  # fmt: skip


def fold(text: str) -> str:
    """The folded words of a text, one blank between them."""
    return " ".join(word for word, _, _ in folded_words(text))


def folded_words(text: str) -> list[tuple[str, int, int]]:
    """Each word folded, with where it begins and ends in the text as it is written."""
    if text.isascii():  # most are, and each step below would change nothing
        return [(m.group().casefold(), m.start(), m.end()) for m in _WORD.finditer(text)]
    found = []
    for match in _WORD.finditer(_composed_marks(text)):
        folded = _fold_word(match.group())
        if folded:
            found.append((folded, match.start(), match.end()))
    return found


def _composed_marks(text: str) -> str:
    """Combining marks as a letter, so that they do not end a word; every place stays the same."""
    return "".join(_MARK if unicodedata.combining(c) else c for c in text)


@lru_cache(4096)
def _fold_word(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word).casefold()
    latin = "".join(c for c in plain if not unicodedata.combining(c)).translate(_LATIN)
    return "".join(c for c in latin if c.isalnum() and c != _MARK)


@lru_cache(4096)
def sound_of(word: str) -> str:
    """How a folded word sounds, roughly, in the languages round the North Sea and the Baltic."""
    for pattern, heard in _SOUNDS:
        word = pattern.sub(heard, word)
    return word
