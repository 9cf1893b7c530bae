"""What is remembered of pairs: weighted sums of their comparisons, and what was told of them.

A table of arrays, one row a pair, by key. Old comparisons fade; what a pair's tracks have not
reported anew is not counted twice.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from alliage.fusion.correlation.compare import Comparison
from alliage.fusion.correlation.settings import CorrelationSettings
from alliage.fusion.correlation.systematic import Systematic, design_of
from alliage.fusion.matrices import Bools, Floats, Ints, inverse_and_determinant, quadratic_form

NOTHING, SAME, RIVAL, DIFFERENT = range(4)
"""What was told of a pair."""

Column = npt.NDArray[Any]

_COLUMNS: Final[dict[str, tuple[type, int, float]]] = {
    "weight": (np.float64, 0, 0.0),
    "weight_squared": (np.float64, 0, 0.0),
    "offset": (np.float64, 2, 0.0),
    "covariance": (np.float64, 3, 0.0),
    "scatter": (np.float64, 0, 0.0),
    "count": (np.float64, 0, 0.0),
    "moving": (np.float64, 0, 0.0),
    "velocity_offset": (np.float64, 2, 0.0),
    "velocity_weight": (np.float64, 0, 0.0),
    "velocity_weight_squared": (np.float64, 0, 0.0),
    "velocity": (np.float64, 2, 0.0),
    "lever": (np.float64, 4, 0.0),
    "positions": (np.int64, 0, 0),
    "distance_m": (np.float64, 0, 0.0),
    "first_s": (np.float64, 0, np.nan),
    "last_s": (np.float64, 0, np.nan),
    "one_s": (np.float64, 0, -np.inf),
    "other_s": (np.float64, 0, -np.inf),
    "misses": (np.int64, 0, 0),
    "above": (np.int64, 0, 0),
    "below": (np.int64, 0, 0),
    "beside": (np.int64, 0, 0),
    "told": (np.int64, 0, NOTHING),
}
"""Name, type, values a row (0: one, flat) and what a new pair has."""


class Pairs:
    """The table. ``key`` ascends; each other column has its sums in the order of the keys.

    ``weight`` is the sum of the comparisons' precisions and weighs ``offset``, ``covariance``,
    ``velocity`` and ``lever``, likewise ``velocity_weight`` that of velocities ``velocity_offset``;
    ``count`` is the sum of what is left of each comparison, and
    ``scatter`` that of their squared Mahalanobis distances; ``moving`` counts those whose speeds
    are known. ``positions`` and ``distance_m`` do not fade: they are told. ``misses`` counts
    comparisons beyond the gate in a row; ``above``, ``below`` and ``beside`` the rounds in a row
    that asked for a change of mind.
    """

    def __init__(self) -> None:
        self.key: Ints = np.zeros(0, np.int64)
        self._columns: dict[str, Column] = {name: _fresh(name, 0) for name in _COLUMNS}

    def __len__(self) -> int:
        return len(self.key)

    def __getitem__(self, name: str) -> Column:
        return self._columns[name]

    def admit(self, keys: Ints) -> None:
        """Give a row to each of these pairs that has none; they ascend."""
        place = np.minimum(np.searchsorted(self.key, keys), max(0, len(self.key) - 1))
        fresh = keys[self.key[place] != keys] if len(self.key) else keys
        if not len(fresh):
            return
        joined = np.concatenate([self.key, fresh])
        order = np.argsort(joined, kind="stable")
        self.key = joined[order]
        for name, column in self._columns.items():
            self._columns[name] = np.concatenate([column, _fresh(name, len(fresh))])[order]

    def keep(self, chosen: Bools) -> None:
        """Forget the others."""
        if not chosen.all():
            self.key = self.key[chosen]
            self._columns = {name: column[chosen] for name, column in self._columns.items()}

    def forget_comparisons(self, rows: Bools) -> None:
        """What was compared of these pairs counts no more; what was told stays."""
        for name in _COLUMNS:
            if name != "told":
                self._columns[name][rows] = _COLUMNS[name][2]

    def fade(self, factor: float) -> None:
        """Old comparisons count less."""
        for name in (
            "weight", "offset", "covariance", "velocity", "lever", "scatter", "count",
            "moving", "velocity_offset", "velocity_weight",
        ):  # fmt: skip
            self._columns[name] *= factor
        for name in ("weight_squared", "velocity_weight_squared"):
            self._columns[name] *= factor**2

    def add(self, rows: Ints, found: Comparison, distance: Floats, residual_m: Floats) -> None:
        """Count comparisons, one for each of these rows.

        Args:
            rows: of the table (p,), none twice.
            found: the comparisons.
            distance: their squared Mahalanobis distances (p,).
            residual_m: how far apart the two were, beside the systematic difference (p,).
        """
        own = self._columns
        weight = 2.0 / (found.covariance[:, 0] + found.covariance[:, 2])
        own["weight"][rows] += weight
        own["weight_squared"][rows] += weight**2
        own["offset"][rows] += weight[:, None] * found.offset
        own["covariance"][rows] += weight[:, None] * found.covariance
        own["velocity"][rows] += weight[:, None] * found.velocity
        own["lever"][rows] += weight[:, None] * found.lever
        own["count"][rows] += 1.0
        own["scatter"][rows] += distance
        moving = rows[found.is_moving_known]
        own["moving"][moving] += 1.0
        weight = 1.0 / found.velocity_variance[found.is_moving_known]
        own["velocity_weight"][moving] += weight
        own["velocity_weight_squared"][moving] += weight**2
        own["velocity_offset"][moving] += (
            weight[:, None] * found.velocity_offset[found.is_moving_known]
        )
        own["positions"][rows] += 1
        own["distance_m"][rows] += residual_m

    # --- means; of rows that were compared

    def mean_offset(self, rows: Ints) -> Floats:
        """Mean distance east and north (p, 2), the systematic difference in it."""
        mean: Floats = self["offset"][rows] / self["weight"][rows, None]
        return mean

    def mean_design(self, rows: Ints) -> Floats:
        """What systematic differences do to each on average (p, 2, 9)."""
        weight = self["weight"][rows, None]
        return design_of(self["velocity"][rows] / weight, self["lever"][rows] / weight)

    def offset_covariance(self, rows: Ints, at_most: float, placement_std_m: float) -> Floats:
        """Covariance (p, 2, 2) of the mean distance of one thing, without the systematic part."""
        reports = self["weight"][rows] ** 2 / self["weight_squared"][rows]
        one = self["covariance"][rows] / self["weight"][rows, None]
        mean = one / np.minimum(reports, at_most)[:, None]
        return _square(mean, placement_std_m**2)

    def expected_covariance(
        self, rows: Ints, systematic: Systematic, at_most: float, placement_std_m: float
    ) -> Floats:
        """Covariance (p, 2, 2) of the mean distance of one thing, the systematic part in it."""
        covariance = self.offset_covariance(rows, at_most, placement_std_m)
        return covariance + _square(systematic.spread(self.mean_design(rows)), 0.0)

    def expected_std_m(
        self, rows: Ints, systematic: Systematic, settings: CorrelationSettings
    ) -> Floats:
        """How far apart one thing may be seen on the mean, along each axis (p,)."""
        at_most, placement_std_m = settings.reports_at_most, settings.placement_std_m
        return along_an_axis(self.expected_covariance(rows, systematic, at_most, placement_std_m))

    def position_log_density(
        self, rows: Ints, systematic: Systematic, covariance: Floats
    ) -> Floats:
        """Log density per square metre (p,) of the mean distance, if the two are one thing.

        Comparisons that scatter more than their errors allow lower it: ships that pass each other
        are at the same place in the mean, too. ``covariance`` is the expected one.
        """
        left = self.mean_offset(rows) - systematic.at(self.mean_design(rows))
        inverse, determinant = inverse_and_determinant(covariance)
        too_much = np.maximum(0.0, self["scatter"][rows] - 4.0 * self["count"][rows])
        density: Floats = -0.5 * quadratic_form(inverse, left) - np.log(2.0 * np.pi)
        return density - 0.5 * np.log(determinant) - 0.25 * too_much

    def mean_velocity_offset(self, rows: Ints) -> Floats:
        """Mean difference of velocities east and north (p, 2); nothing where none are known.

        How a track moves is hardly known when it begins: what is known better weighs more.
        """
        weight = np.maximum(self["velocity_weight"][rows], 1e-9)
        mean: Floats = self["velocity_offset"][rows] / weight[:, None]
        return mean

    def velocity_log_density(self, rows: Ints, at_most: float) -> Floats:
        """Log density per (m/s)^2 (p,) of the mean difference of velocities, if one thing."""
        weight = np.maximum(self["velocity_weight"][rows], 1e-9)
        mean = self.mean_velocity_offset(rows)
        reports = weight**2 / np.maximum(self["velocity_weight_squared"][rows], 1e-18)
        variance = np.maximum(1.0, reports / at_most) / weight + 0.09
        density: Floats = -0.5 * (mean**2).sum(axis=1) / variance - np.log(2.0 * np.pi * variance)
        return density


def along_an_axis(covariance: Floats) -> Floats:
    """Of covariances (p, 2, 2) the standard deviation along each axis, on the mean of both (p,)."""
    return np.asarray(np.sqrt(0.5 * (covariance[:, 0, 0] + covariance[:, 1, 1])))


def _fresh(name: str, rows: int) -> Column:
    kind, width, value = _COLUMNS[name]
    return np.full((rows, width) if width else rows, value, dtype=kind)


def _square(three: Floats, added: float) -> Floats:
    """East-east, east-north, north-north (p, 3) as matrices (p, 2, 2), and this on the axes."""
    made = np.empty((len(three), 2, 2))
    made[:, 0, 0], made[:, 1, 1] = three[:, 0] + added, three[:, 2] + added
    made[:, 0, 1] = made[:, 1, 0] = three[:, 1]
    return made


def mahalanobis_squared(offset: Floats, three: Floats, added: float) -> Floats:
    """Of offsets (p, 2) with covariances (p, 3) and this variance along each axis besides."""
    inverse, _ = inverse_and_determinant(_square(three, added))
    return quadratic_form(inverse, offset)
