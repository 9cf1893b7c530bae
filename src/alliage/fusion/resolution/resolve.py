"""Which rows of tables are one thing, with what speaks for it and against.

The weights of a pair are its explanation: what is to be said beforehand, each property's level,
and what rivals leave of it add up to the score, in bits, without rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import log2
from typing import Final

import numpy as np

from alliage.fusion.correlation.rows import Texts
from alliage.fusion.matrices import Bools, Floats, Ints
from alliage.fusion.resolution.blocking import candidates
from alliage.fusion.resolution.compare import NOT_SAID, levels
from alliage.fusion.resolution.model import Comparison, Model
from alliage.fusion.resolution.records import Pairs, Records

BORROWED_ROWS: Final = 1_000
"""How many rows the model's own share of a value counts beside those of the tables."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which probability on a pair is one thing, and from which on people decide of it."""

    join: float = 0.99
    review: float = 0.5

    def __post_init__(self) -> None:
        if not 0.0 < self.review <= self.join < 1.0:
            raise ValueError(f"0 < review <= join < 1, not {self.review} and {self.join}")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one property says of a pair, or what is said beforehand, in bits."""

    field: str
    level: str
    bits: float


PRIOR: Final = "prior"
RIVALS: Final = "rivals"
"""Fields of evidence that are no properties: how seldom two are one; what others leave of it."""


@dataclass(frozen=True)
class Matches:
    """Pairs that may be one thing, and why; the likeliest first.

    Attributes:
        one: identifiers (p,).
        other: identifiers (p,).
        score: probability that the two are one thing (p,).
        levels: by property the level (p, c).
        bits: by property what it says (p, c).
        prior: what is said beforehand.
        rivals: what others that fit one of the two leave (p,); 0 where they are not weighed.
        comparisons: the c properties.
    """

    one: Texts
    other: Texts
    score: Floats
    levels: Ints
    bits: Floats
    prior: float
    rivals: Floats
    comparisons: tuple[Comparison, ...]

    def __len__(self) -> int:
        return len(self.one)

    def evidence(self, row: int) -> tuple[Evidence, ...]:
        """Everything that counts for a pair; the bits add up to those of its score."""
        said = [Evidence(PRIOR, "", self.prior)]
        for nth, comparison in enumerate(self.comparisons):
            level = int(self.levels[row, nth])
            if level != NOT_SAID:
                name = comparison.levels[level].name
                said.append(Evidence(comparison.field, name, float(self.bits[row, nth])))
        if self.rivals[row] != 0.0:
            said.append(Evidence(RIVALS, "", float(self.rivals[row])))
        return tuple(said)

    def pairs(self) -> Iterator[tuple[str, str, float]]:
        """Both identifiers and the score of each."""
        return zip(self.one.tolist(), self.other.tolist(), self.score.tolist(), strict=True)


def resolve(
    one: Records,
    other: Records | None,
    model: Model,
    least: float = 0.5,
    one_to_one: bool = False,
    apart: tuple[Bools, Bools] | None = None,
) -> Matches:
    """Find the pairs of rows that may be one thing.

    Args:
        one: a table.
        other: another; None: look for duplicates in the one.
        model: how they are compared.
        least: probability from which on a pair is told.
        one_to_one: each thing stands once in either table, so that pairs of one row are rivals.
        apart: rows of the one and of the other that are not compared with each other.
    """
    there = one if other is None else other
    i, j = candidates(one, other, model)
    if apart is not None:
        kept = ~(apart[0][i] & apart[1][j])
        i, j = i[kept], j[kept]
    found = np.stack([levels(c, one, there, (i, j)) for c in model.comparisons], axis=1)
    bits = np.stack(
        [_bits(c, found[:, n], one, there, (i, j)) for n, c in enumerate(model.comparisons)],
        axis=1,
    )
    prior = model.prior_bits(max(len(one), len(there)))
    own = prior + bits.sum(axis=1)
    rivals = _rivals(own, i, j) if one_to_one else np.zeros(len(own))
    score = probability(own + rivals)
    names = one.identifier[i], there.identifier[j]
    rows = np.flatnonzero(score >= least)
    rows = rows[np.lexsort((names[1][rows].astype(str), names[0][rows].astype(str), -score[rows]))]
    return Matches(
        names[0][rows], names[1][rows], score[rows], found[rows], bits[rows], prior, rivals[rows],
        model.comparisons,
    )  # fmt: skip


def probability(bits: Floats) -> Floats:
    """Of what so many bits speak for."""
    made: Floats = 1.0 / (1.0 + np.exp2(-np.clip(bits, -100.0, 100.0)))
    return made


def _bits(
    comparison: Comparison, level: Ints, one: Records, other: Records, pairs: Pairs
) -> Floats:
    """What the level of each pair says; nothing where one of the two says nothing."""
    table = np.array([*(given.bits for given in comparison.levels), 0.0])
    said: Floats = table[level]  # NOT_SAID is the last
    if not comparison.by_frequency:
        return said
    best = comparison.levels[0]
    equal = np.flatnonzero(level == 0)
    values = one.texts[comparison.field][pairs[0][equal]]
    mine = one.bearers(comparison.field)
    yours = mine if other is one else other.bearers(comparison.field)
    rows = len(one) if other is one else len(one) + len(other)
    weights: dict[str, float] = {}
    for value in set(values.tolist()):
        bearers = mine[value] if other is one else mine[value] + yours[value]
        share = (bearers - 2 + best.u * BORROWED_ROWS) / (rows - 2 + BORROWED_ROWS)
        weights[value] = log2(best.m / share)
    said[equal] = [weights[value] for value in values.tolist()]
    return said


def _rivals(own: Floats, i: Ints, j: Ints) -> Floats:
    """What is left of each pair's bits beside the others of its rows.

    Probabilities are odds over one and the odds of all that would be instead.
    """
    odds = np.exp2(np.clip(own, -100.0, 100.0))
    others = _others(i, odds) + _others(j, odds)
    left: Floats = -np.log2(1.0 + others)
    return left


def _others(group: Ints, odds: Floats) -> Floats:
    """Of each the sum of the others of its group; not by taking it from a sum, which rounds."""
    order = np.lexsort((odds, group))
    total = np.zeros(len(odds))
    for rows in np.split(order, np.flatnonzero(np.diff(group[order])) + 1):
        if len(rows) > 1:
            before, after = np.cumsum(odds[rows]), np.cumsum(odds[rows][::-1])[::-1]
            total[rows] = np.append(0.0, before[:-1]) + np.append(after[1:], 0.0)
    return total
