"""Which pairs are compared at all: those that share a key.

A key is made of one field or several; a suffix says what of it: ``_sound`` as it is heard,
``_head`` and ``_tail`` its first and last four letters, ``_word`` each of its longer words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import product
from typing import Final

import numpy as np

from alliage.fusion.matrices import Ints
from alliage.fusion.resolution.model import Model
from alliage.fusion.resolution.records import Pairs, Records
from alliage.ontology.folding import sound_of

LARGEST_BLOCK: Final = 20_000
"""Pairs that share one value of a key; where there are more, that value says too little."""

_LETTERS: Final = 4


def _head(text: str) -> list[str]:
    return [text.replace(" ", "")[:_LETTERS]]


def _tail(text: str) -> list[str]:
    return [text.replace(" ", "")[-_LETTERS:]]


def _sound(text: str) -> list[str]:
    return ["".join(sorted(sound_of(word) for word in text.split()))]


def _words(text: str) -> list[str]:
    return [sound_of(word) for word in text.split() if len(word) >= _LETTERS]


_PARTS: Final[dict[str, Callable[[str], list[str]]]] = {
    "sound": _sound,
    "head": _head,
    "tail": _tail,
    "word": _words,
}


def candidates(one: Records, other: Records | None, model: Model) -> Pairs:
    """Pairs of rows that share a key, each once, in order.

    Args:
        one: a table.
        other: another; None: the same, of which each pair is taken once.
        model: has the keys.
    """
    rows = max(len(one if other is None else other), 1)
    found = [np.zeros(0, np.int64)]
    for key in model.keys:
        mine = _blocks(one, key)
        yours = mine if other is None else _blocks(other, key)
        for value, left in mine.items():
            right = yours.get(value)
            if right is not None and len(left) * len(right) <= LARGEST_BLOCK:
                found.append((left[:, None] * rows + right).ravel())
    i, j = np.divmod(np.unique(np.concatenate(found)), rows)
    if other is None:
        i, j = i[i < j], j[i < j]
    return i, j


def _blocks(records: Records, key: Sequence[str]) -> dict[tuple[str, ...], Ints]:
    """By value of a key the rows that have it, in order."""
    parts = [_values(records, name) for name in key]
    blocks: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for row, values in enumerate(zip(*parts, strict=True)):
        for value in dict.fromkeys(product(*values)):
            blocks[value].append(row)
    return {value: np.array(found, np.int64) for value, found in blocks.items()}


def _values(records: Records, name: str) -> list[list[str]]:
    field, _, part = name.rpartition("_")
    make = _PARTS.get(part) if field in records.texts else None
    if make is None:
        return [[text] if text else [] for text in records.texts[name]]
    made = {text: [value for value in make(text) if value] for text in set(records.texts[field])}
    return [made[text] for text in records.texts[field]]
