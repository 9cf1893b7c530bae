"""What agreement and disagreement of two things' properties say, after Fellegi and Sunter.

*A theory for record linkage*, Journal of the American Statistical Association 64, 1969: each
property is compared on a scale of levels; a level is seen in a share ``m`` of the pairs that are
one thing and a share ``u`` of those that are two. Their ratio is what it says, in bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import log2
from typing import Final

from alliage.fusion.resolution.normal_form import Normal


class Kind(StrEnum):
    """How two values are compared."""

    NAME = "name"
    """Of several words, with numbers that count."""
    WORD = "word"
    """One word of a name: a given name, a family's, a town's."""
    SIGN = "sign"
    """An identifier: a call sign, a number."""
    CHOICE = "choice"
    """Equal or not."""
    SIZE = "size"
    """A quantity, positive."""
    DATE = "date"
    """A day."""
    EMAIL = "email"
    """An address for electronic mail."""


SCALES: Final[dict[Kind, tuple[str, ...]]] = {
    Kind.NAME: ("same", "same_words", "nearly_same", "alike", "other_number", "differs"),
    Kind.WORD: ("same", "nearly_same", "begins_alike", "differs"),
    Kind.SIGN: ("same", "one_character", "differs"),
    Kind.CHOICE: ("same", "differs"),
    Kind.SIZE: ("same", "nearly_same", "differs"),
    Kind.DATE: ("same", "one_character", "nearly_same", "differs"),
    Kind.EMAIL: ("same", "same_before_at", "nearly_same", "differs"),
}
"""By kind its levels, from what says most for one thing to what says most against."""


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a comparison: its share of the pairs that are one thing, and of the others."""

    name: str
    m: float
    u: float

    @property
    def bits(self) -> float:
        """What it says: above nothing for one thing, below for two."""
        return log2(self.m / self.u)


@dataclass(frozen=True, slots=True)
class Comparison:
    """How one property is compared.

    Attributes:
        field: the property.
        kind: of its values.
        normal: the form in which values are compared; of a size they are numbers.
        levels: as :data:`SCALES` has them for the kind.
        by_frequency: whether a value that many bear says less where it is the same.
    """

    field: str
    kind: Kind
    normal: Normal
    levels: tuple[Level, ...]
    by_frequency: bool = False

    def __post_init__(self) -> None:
        names = tuple(level.name for level in self.levels)
        if names != SCALES[self.kind]:
            raise ValueError(f"{self.field}: levels of {self.kind} are {SCALES[self.kind]}")
        for level in self.levels:
            if not (0.0 < level.m < 1.0 and 0.0 < level.u < 1.0):
                raise ValueError(f"{self.field}, {level.name}: 0 < m, u < 1")


@dataclass(frozen=True, slots=True)
class Model:
    """How things of one schema are compared.

    Attributes:
        schema: and all that extend it.
        comparisons: its properties.
        keys: pairs are compared that share a value of one of these: see ``blocking.py``.
        population: how many such things there are at least, of which a table has some: the
            more there are, the less likely it is that two of them are one.
        prior: share of all pairs of rows that are one thing, where that is known; then the
            population does not count.
    """

    schema: str
    comparisons: tuple[Comparison, ...]
    keys: tuple[tuple[str, ...], ...]
    population: int = 1_000
    prior: float | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """The properties that are compared."""
        return tuple(one.field for one in self.comparisons)

    def prior_bits(self, rows: int) -> float:
        """What is to be said for one thing beforehand; ``rows`` of the larger table."""
        if self.prior is not None:
            return log2(self.prior / (1.0 - self.prior))
        return -log2(max(rows, self.population))


def comparison(
    field: str,
    kind: Kind,
    normal: Normal,
    m: tuple[float, ...],
    u: tuple[float, ...],
    by_frequency: bool = False,
) -> Comparison:
    """Make a comparison from its shares, the best level first; the last one is what is left."""
    shares = [(*given, 1.0 - sum(given)) for given in (m, u)]
    levels = tuple(
        Level(name, one, other) for name, one, other in zip(SCALES[kind], *shares, strict=True)
    )
    return Comparison(field, kind, normal, levels, by_frequency)
