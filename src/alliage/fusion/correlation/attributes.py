"""What names, call signs, kinds and sizes say of a pair: each adds or subtracts once, in nats.

What one of the two does not say counts nothing. The weights are log-likelihood ratios by rough
measure: two ships of a sea seldom share a name, one ship's name is often misspelt, lengths are
entered carelessly, and the kind is a matter of opinion.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist

from alliage.fusion.correlation.rows import SourceRows, Texts
from alliage.fusion.matrices import Bools, Floats, Ints

NAMES: Final = ("name", "call_sign", "kind", "length_m", "schema")

_AGREES: Final = {"name": 5.0, "call_sign": 6.0, "kind": 0.7, "length_m": 1.0, "schema": 0.0}
_ALMOST: Final = {"name": 3.0, "call_sign": 3.0}
_DIFFERS: Final = {"name": -4.0, "call_sign": -3.0, "kind": -1.5, "length_m": -2.0, "schema": -8.0}
_ALIKE: Final = {"name": (0.85, 0.6), "call_sign": (0.8, 0.8)}
"""Similarity from which on two texts are nearly the same, and below which they differ."""

VAGUE: Final = frozenset({"", "other"})

AreRelated = Callable[[str, str], bool]
"""Whether something can be of both these kinds of schema."""


def alike_or_general(one: str, other: str) -> bool:
    """The same schema, or one of them says no more than that there is something."""
    return one == other or "Thing" in (one, other)


class Compared(NamedTuple):
    """By pair the sum of what attributes say, and by attribute its part of it and 1, 0 or -1."""

    log_odds: Floats  # (p,)
    parts: dict[str, Floats]
    signs: dict[str, Ints]


def compare_attributes(
    one: SourceRows, other: SourceRows, i: Ints, j: Ints, are_related: AreRelated
) -> Compared:
    """Compare row ``i`` of the one with row ``j`` of the other, each (p,)."""
    parts, signs = {}, {}
    for name in ("name", "call_sign"):
        texts = getattr(one, name), getattr(other, name)
        parts[name], signs[name] = _texts_compared(name, *texts, i, j)
    for name, agree, differ in (
        ("kind", *_kinds(one.kind, other.kind, i, j)),
        ("length_m", *_lengths(one.length_m[i], other.length_m[j])),
        ("schema", *_schemata(one.schema, other.schema, i, j, are_related)),
    ):
        parts[name] = np.where(agree, _AGREES[name], np.where(differ, _DIFFERS[name], 0.0))
        signs[name] = agree.astype(np.int64) - differ
    return Compared(np.sum(list(parts.values()), axis=0), parts, signs)


def _texts_compared(name: str, one: Texts, other: Texts, i: Ints, j: Ints) -> tuple[Floats, Ints]:
    """What texts say that somebody may have misspelt. What many bear says less."""
    said = np.flatnonzero((one != "")[i] & (other != "")[j])
    total, sign = np.zeros(len(i)), np.zeros(len(i), np.int64)
    if not len(said):
        return total, sign
    a, b = one[i[said]], other[j[said]]
    alike = cpdist(a.tolist(), b.tolist(), scorer=Indel.normalized_similarity, dtype=np.float64)
    almost, differs = _ALIKE[name]
    near = (alike >= almost) & (alike < 1.0)
    numbered = np.zeros(len(said), np.bool_)
    numbered[near] = [_digits(x) != _digits(y) for x, y in zip(a[near], b[near], strict=True)]
    common = np.log(np.maximum(_bearers(one)[i[said]], _bearers(other)[j[said]]))
    agreed = np.where(alike == 1.0, _AGREES[name], _ALMOST[name]) - common
    agrees, differ = (near | (alike == 1.0)) & ~numbered, numbered | (alike < differs)
    total[said] = np.where(agrees, np.maximum(agreed, 0.0), np.where(differ, _DIFFERS[name], 0.0))
    sign[said] = agrees.astype(np.int64) - differ
    return total, sign


def _digits(text: str) -> str:
    """SEA BIRD 12 is not SEA BIRD 13, alike as they are."""
    return "".join(filter(str.isdigit, text))


def _bearers(texts: Texts) -> Ints:
    """How many rows have each row's text."""
    _, inverse, counts = np.unique(texts.astype(str), return_inverse=True, return_counts=True)
    return np.asarray(counts[inverse], np.int64)


def _kinds(one: Texts, other: Texts, i: Ints, j: Ints) -> tuple[Bools, Bools]:
    clear = np.array([word not in VAGUE for word in one], np.bool_)[i]
    clear = clear & np.array([word not in VAGUE for word in other], np.bool_)[j]
    same = np.asarray(one[i] == other[j], np.bool_)
    return clear & same, clear & ~same


def _lengths(one: Floats, other: Floats) -> tuple[Bools, Bools]:
    away = np.abs(one - other)
    longer = np.fmax(one, other)
    with np.errstate(invalid="ignore"):
        return away <= np.maximum(5.0, 0.1 * longer), away > np.maximum(10.0, 0.3 * longer)


def _schemata(
    one: Texts, other: Texts, i: Ints, j: Ints, are_related: AreRelated
) -> tuple[Bools, Bools]:
    """Agreeing says nothing: nearly everything is of the kind of its neighbours."""
    ones, a = np.unique(one.astype(str), return_inverse=True)
    others, b = np.unique(other.astype(str), return_inverse=True)
    apart = np.array(
        [[bool(x) and bool(y) and not are_related(x, y) for y in others] for x in ones], np.bool_
    ).reshape(len(ones), len(others))
    return np.zeros(len(i), np.bool_), apart[a[i], b[j]]
