"""What speaks for two tracks being one thing, beside what speaks for two things.

The ratio of two likelihoods, as a logarithm: that one thing is seen so far apart by two sensors,
and that another thing happens to be there, by how many things are about (Bar-Shalom, Chen,
*Multisensor track-to-track association for tracks with dependent errors*, 43rd IEEE Conference on
Decision and Control, 2004). Speeds likewise; attributes add theirs.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from alliage.fusion.correlation.attributes import AreRelated, Compared, compare_attributes
from alliage.fusion.correlation.compare import Motion
from alliage.fusion.correlation.memory import Pairs, along_an_axis
from alliage.fusion.correlation.neighbours import velocity_density
from alliage.fusion.correlation.rows import SourceRows
from alliage.fusion.correlation.settings import CorrelationSettings
from alliage.fusion.correlation.systematic import Systematic
from alliage.fusion.matrices import Bools, Floats, Ints


class Round(NamedTuple):
    """Both streams' rows of one round, how they move, and which rows the table's pairs are."""

    one: SourceRows
    other: SourceRows
    moves: tuple[Motion, Motion]
    density: tuple[Floats, Floats]  # of the other stream's things, by row
    i: Ints  # by pair the row of the one; -1: not there
    j: Ints


class Weighed(NamedTuple):
    """The pairs that are compared: rows of the table, log-likelihood ratios and probabilities."""

    rows: Ints
    log_odds: Floats
    score: Floats
    is_disputed: Bools
    """Whether others fit one of the two nearly as well."""
    attributes: Compared
    places: Floats
    """What their places say, a part of ``log_odds``."""
    ways: Floats
    """What their speeds and courses say, likewise."""
    rivals: Floats
    """What others that fit take from it: with ``log_odds`` it makes the score."""
    density: Floats
    """Things per square metre that might be there by chance."""
    std_m: Floats
    """How far apart one thing may be seen on the mean: standard deviation along each axis."""

    def weights(self, at: int) -> tuple[tuple[str, float], ...]:
        """What each part says of one pair, in nats; their sum is the score as log odds."""
        parts = {"place": self.places, "way": self.ways, **self.attributes.parts}
        parts["rivals"] = self.rivals
        said = ((name, float(values[at])) for name, values in parts.items())
        return tuple((name, weight) for name, weight in said if abs(weight) >= 0.005)


def weigh(
    seen: Round,
    pairs: Pairs,
    rows: Ints,
    systematic: Systematic,
    settings: CorrelationSettings,
    are_related: AreRelated,
) -> Weighed:
    """Log-likelihood ratios of "one thing" against "two", and what rivals leave of them."""
    i, j, at_most = seen.i[rows], seen.j[rows], settings.reports_at_most
    others = np.maximum(seen.density[0][i], seen.density[1][j])
    others = np.maximum(others, settings.density_floor)
    spread = pairs.expected_covariance(rows, systematic, at_most, settings.placement_std_m)
    places = pairs.position_log_density(rows, systematic, spread) - np.log(others)
    places = np.clip(places, -20.0, 12.0)
    mine, yours = seen.moves
    usual = np.maximum(
        velocity_density(yours.velocity[yours.is_known], mine.velocity[i]),
        velocity_density(mine.velocity[mine.is_known], yours.velocity[j]),
    )
    ways = np.clip(pairs.velocity_log_density(rows, at_most) - np.log(usual), -8.0, 3.0)
    ways[pairs["moving"][rows] < 0.5] = 0.0
    attributes = compare_attributes(seen.one, seen.other, i, j, are_related)
    log_odds = places + ways + attributes.log_odds
    odds = np.exp(np.clip(log_odds, -30.0, 30.0))
    rivals = np.maximum(_sums(i, odds) + _sums(j, odds) - 2.0 * odds, 0.0)
    score = odds / (1.0 + odds + rivals)
    std_m = along_an_axis(spread)
    is_disputed, left = rivals > 0.05 * odds, -np.log1p(rivals)
    return Weighed(
        rows, log_odds, score, is_disputed, attributes, places, ways, left, others, std_m
    )


def _sums(group: Ints, values: Floats) -> Floats:
    """For each value the sum of its group."""
    total: Floats = np.bincount(group, values).astype(np.float64)
    return total[group]
