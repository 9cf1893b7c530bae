"""On which level of each comparison a pair stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from alliage.fusion.correlation.rows import Texts
from alliage.fusion.matrices import Bools, Floats, Ints
from alliage.fusion.resolution.model import Comparison, Kind
from alliage.fusion.resolution.records import Pairs, Records

NOT_SAID: Final = -1
"""The level where one of the two says nothing."""

NEARLY: Final = 0.92
"""Jaro-Winkler similarity from which on two words are one, written differently."""
ALIKE: Final = 0.80
"""The same for names of several words that may be one."""
SAME_SIZE, NEAR_SIZE = 0.02, 0.10
"""Parts of the greater by which sizes differ that are the same, or nearly so."""


def levels(comparison: Comparison, one: Records, other: Records, pairs: Pairs) -> Ints:
    """The level of each pair, as the comparison numbers them; :data:`NOT_SAID` of some."""
    i, j = pairs
    field = comparison.field
    if comparison.kind is Kind.SIZE:
        return _sizes(one.numbers[field][i], other.numbers[field][j])
    mine, yours = one.texts[field][i], other.texts[field][j]
    found = np.full(len(i), NOT_SAID, np.int64)
    said = np.flatnonzero((mine != "") & (yours != ""))
    if not len(said):
        return found
    found[said] = np.where(mine[said] == yours[said], 0, len(comparison.levels) - 1)
    unequal = said[found[said] > 0]
    a, b = np.minimum(mine[unequal], yours[unequal]), np.maximum(mine[unequal], yours[unequal])
    if len(unequal) and comparison.kind in _UNEQUAL:
        found[unequal] = _UNEQUAL[comparison.kind](a, b)
    return found


def _similar(a: Texts, b: Texts) -> Floats:
    alike: Floats = cpdist(
        a.tolist(), b.tolist(), scorer=JaroWinkler.normalized_similarity, dtype=np.float64
    )
    return alike


def _is_one_character_off(a: Texts, b: Texts) -> Bools:
    away = cpdist(a.tolist(), b.tolist(), scorer=OSA.distance, score_cutoff=1)
    return np.asarray(away <= 1, np.bool_)


def _each(texts: Texts, make: Callable[[str], str]) -> Texts:
    made = {text: make(text) for text in set(texts.tolist())}
    return np.array([made[text] for text in texts.tolist()], np.object_)


def _names(a: Texts, b: Texts) -> Ints:
    same_words = _each(a, ordered) == _each(b, ordered)
    same_words |= _each(a, joined) == _each(b, joined)
    same_numbers = _each(a, numbers) == _each(b, numbers)
    same_letters = _each(a, letters) == _each(b, letters)
    alike = np.maximum(_similar(a, b), _similar(_each(a, ordered), _each(b, ordered)))
    choices = [
        same_words,
        same_numbers & (alike >= NEARLY),
        same_numbers & (alike >= ALIKE),
        same_letters,
    ]
    return np.select(choices, [1, 2, 3, 4], 5)


def _words(a: Texts, b: Texts) -> Ints:
    shorter = zip(a.tolist(), b.tolist(), strict=True)
    begins = np.array([x.startswith(y) or y.startswith(x) for x, y in shorter], np.bool_)
    return np.select([_similar(a, b) >= NEARLY, begins], [1, 2], 3)


def _signs(a: Texts, b: Texts) -> Ints:
    return np.where(_is_one_character_off(a, b), 1, 2)


def _dates(a: Texts, b: Texts) -> Ints:
    """Nearly the same: the year, or day and month, in either order."""
    near = [
        x[:4] == y[:4] or x[4:] == y[4:] or (x[4:6], x[6:]) == (y[6:], y[4:6])
        for x, y in zip(a.tolist(), b.tolist(), strict=True)
    ]
    return np.select([_is_one_character_off(a, b), np.array(near, np.bool_)], [1, 2], 3)


def _emails(a: Texts, b: Texts) -> Ints:
    before = _each(a, before_at)
    same = (before == _each(b, before_at)) & (before != "")
    return np.select([same, _similar(a, b) >= NEARLY], [1, 2], 3)


def _sizes(one: Floats, other: Floats) -> Ints:
    with np.errstate(invalid="ignore"):
        away = np.abs(one - other) / np.fmax(one, other)
    said = np.isfinite(away)
    return np.select([~said, away <= SAME_SIZE, away <= NEAR_SIZE], [NOT_SAID, 0, 1], 2)


_UNEQUAL: Final[dict[Kind, Callable[[Texts, Texts], Ints]]] = {
    Kind.NAME: _names,
    Kind.WORD: _words,
    Kind.SIGN: _signs,
    Kind.DATE: _dates,
    Kind.EMAIL: _emails,
}


def ordered(text: str) -> str:
    """The words of a name, sorted."""
    return " ".join(sorted(text.split()))


def joined(text: str) -> str:
    """A name without blanks."""
    return text.replace(" ", "")


def numbers(text: str) -> str:
    """The numbers of a name."""
    return " ".join(word for word in text.split() if word.isdigit())


def letters(text: str) -> str:
    """The words of a name that are no numbers."""
    return " ".join(word for word in text.split() if not word.isdigit())


def before_at(text: str) -> str:
    """Whose address it is."""
    return text.partition("@")[0]
