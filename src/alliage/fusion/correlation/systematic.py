"""What two streams are apart for reasons of their own: shifts of place and time, turns, ranges.

Estimated from the pairs that are beyond doubt, by weighted least squares with Huber's weights
(Huber, *Robust Estimation of a Location Parameter*, Annals of Mathematical Statistics 35, 1964)
about a prior that none is large.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from alliage.fusion.matrices import Floats, inverse_and_determinant

HUBER: Final = 1.5
MEDIAN: Final = 1.386
"""What half of squared Mahalanobis distances in two dimensions lie below (chi-square)."""
ASSUMED_PAIRS: Final = 10.0
"""As many pairs as this the placement counts that is assumed beside the one that is seen."""
HALVINGS: Final = 20
SCATTER_OF: Final = 500
"""Pairs of which it is seen how far they scatter: more say no more."""
NONE: Final = 1e-9
"""The standard deviation of what cannot be."""
ITERATIONS: Final = 5


EAST, NORTH, TIME, TURN, OTHER_TURN, RANGE, OTHER_RANGE, STRETCH, OTHER_STRETCH = range(9)
SIZE: Final = 9
BESIDE_M: Final = 1.0
"""Nearer than this to its sensor a thing lies in no direction from it."""


class RangeError(NamedTuple):
    """By how much the ranges of a sensor are too long, at the distance where that is known best."""

    at_m: float
    m: float
    std_m: float
    stretch: float
    """How much more each metre farther away, as a part of it."""
    stretch_std: float


@dataclass(frozen=True)
class Systematic:
    """East, north, time, turns and ranges by which the one stream lies off the other.

    Metres, metres, seconds, twice radians, twice metres and twice parts of one: ``offset`` (9,)
    with ``covariance`` (9, 9), from ``pairs`` pairs. The time is how much later the other stream's
    clock is: what it says of noon was so before noon. The turns are by how much more, clockwise,
    the sensor of the one and that of the other says of each bearing, the ranges by how many metres
    it says too much of each distance, and the stretches by which part of it, where it stands still
    and measures ranges and bearings; else nothing. ``middle`` is the mean of the pairs' designs.
    """

    offset: Floats
    covariance: Floats
    pairs: int = 0
    middle: Floats | None = None

    def at(self, design: Floats) -> Floats:
        """The shift in metres (p, 2) of what is as :func:`design_of` has it."""
        shift: Floats = design @ self.offset
        return shift

    def spread(self, design: Floats) -> Floats:
        """Its covariance (p, 3): east-east, east-north, north-north."""
        found = design @ self.covariance @ design.swapaxes(1, 2)
        return np.stack([found[:, 0, 0], found[:, 0, 1], found[:, 1, 1]], axis=1)

    def in_the_middle(self) -> tuple[Floats, Floats] | None:
        """The shift (2,) where the pairs are on average, and its covariance (2, 2).

        It is known well even where nobody can say what makes it: where all pairs lie to one side of
        a sensor, ranges that are too long look like a shift.
        """
        if self.middle is None:
            return None
        return self.middle @ self.offset, self.middle @ self.covariance @ self.middle.T

    @property
    def east_m(self) -> float:
        """Shift to the east."""
        return float(self.offset[EAST])

    @property
    def north_m(self) -> float:
        """Shift to the north."""
        return float(self.offset[NORTH])

    @property
    def time_offset_s(self) -> float:
        """How much later the other's clock is."""
        return float(self.offset[TIME])

    @property
    def turns_deg(self) -> tuple[float, float]:
        """By how much the sensor of the one is turned clockwise, and that of the other."""
        turn, other = np.degrees(self.offset[[TURN, OTHER_TURN]]).tolist()
        return turn, other

    @property
    def ranges(self) -> tuple[RangeError, RangeError]:
        """By how much the ranges of the one's sensor are too long, and those of the other's."""
        return self._range(RANGE, STRETCH), self._range(OTHER_RANGE, OTHER_STRETCH)

    def _range(self, bias: int, stretch: int) -> RangeError:
        variance, own = self.covariance[stretch, stretch], self.covariance[bias, stretch]
        at_m = max(0.0, -float(own / variance))
        means = self.offset[bias] + at_m * self.offset[stretch]
        spread = self.covariance[bias, bias] + 2.0 * at_m * own + at_m**2 * variance
        return RangeError(
            at_m,
            float(means),
            float(spread**0.5),
            float(self.offset[stretch]),
            float(variance**0.5),
        )

    @property
    def std(self) -> Floats:
        """Standard deviations (9,), as ``offset``."""
        return np.sqrt(np.diag(self.covariance))


class SensorStd(NamedTuple):
    """How wrong a sensor may be before anything is known, as standard deviations; 0: cannot be."""

    turn_rad: float = 0.0
    range_m: float = 0.0
    stretch: float = 0.0


def unknown(
    bias_std_m: float,
    time_offset_std_s: float,
    sensors: tuple[SensorStd, SensorStd] = (SensorStd(), SensorStd()),
) -> Systematic:
    """Nothing is known yet but how large it may be, of the streams and of the sensor of each."""
    of_sensors = np.ravel(np.transpose(sensors)).tolist()  # the two turns, the ranges, the rest
    stds = [bias_std_m, bias_std_m, time_offset_std_s, *of_sensors]
    return Systematic(np.zeros(SIZE), np.diag(np.maximum(stds, NONE)) ** 2.0)


def design_of(velocity: Floats, lever: Floats) -> Floats:
    """What each systematic difference does to a pair's distance, (p, 2, 9).

    Args:
        velocity: of each pair (p, 2).
        lever: where it is from the sensor of the one and from that of the other, east and north of
            both (p, 4), metres; nothing where there is no such sensor.
    """
    design = np.zeros((len(velocity), 2, SIZE))
    design[:, 0, EAST] = design[:, 1, NORTH] = 1.0
    design[:, :, TIME] = velocity
    design[:, 0, TURN], design[:, 1, TURN] = lever[:, 1], -lever[:, 0]
    design[:, 0, OTHER_TURN], design[:, 1, OTHER_TURN] = -lever[:, 3], lever[:, 2]
    design[:, :, RANGE], design[:, :, OTHER_RANGE] = _away(lever[:, :2]), -_away(lever[:, 2:])
    design[:, :, STRETCH], design[:, :, OTHER_STRETCH] = lever[:, :2], -lever[:, 2:]
    return design


def _away(lever: Floats) -> Floats:
    """The direction from a sensor (p, 2), of length one; none of what lies beside it."""
    distance = np.hypot(lever[:, 0], lever[:, 1])[:, None]
    return np.where(distance > BESIDE_M, lever / np.maximum(distance, BESIDE_M), 0.0)


def estimate(prior: Systematic, offset: Floats, covariance: Floats, design: Floats) -> Systematic:
    """The shifts that explain these pairs best.

    Args:
        prior: what is known without them.
        offset: mean distance of each pair (p, 2).
        covariance: of it (p, 2, 2).
        design: of each pair (p, 2, 9), see :func:`design_of`.
    """
    if not len(offset):
        return prior
    inverse, _ = inverse_and_determinant(covariance)
    information = np.linalg.inv(prior.covariance)
    weighted = design.swapaxes(1, 2) @ inverse  # (p, 9, 2)
    found = np.append(np.median(offset, axis=0), prior.offset[TIME:])
    for _ in range(ITERATIONS):
        residual = offset - design @ found
        away = np.sqrt(np.einsum("pi,pij,pj->p", residual, inverse, residual))
        weight = HUBER / np.maximum(away, HUBER)
        total = information + np.einsum("p,pij,pjk->ik", weight, weighted, design)
        right = information @ prior.offset + np.einsum("p,pij,pj->i", weight, weighted, offset)
        found = np.asarray(np.linalg.solve(total, right))
    return Systematic(found, np.linalg.inv(total), len(offset), design.mean(axis=0))


def with_placement_seen(
    found: Systematic,
    prior: Systematic,
    offset: Floats,
    covariance: Floats,
    design: Floats,
    placement_std_m: float,
) -> Systematic:
    """The same shifts, as sure as the pairs' own scatter allows.

    How far apart two sensors see the middle of one thing is not known before, and is assumed to be
    large. It shows in how far the pairs lie from what the shifts explain: ``found`` is estimated
    anew with the placement that makes half of them as near as half should be, and what was assumed
    counts as :data:`ASSUMED_PAIRS` pairs.

    Args:
        found: what :func:`estimate` made of these pairs.
        prior: what is known without them.
        offset: as for :func:`estimate`.
        covariance: of it (p, 2, 2), with the assumed placement along each axis.
        design: as for :func:`estimate`.
        placement_std_m: what was assumed.
    """
    if not len(offset):
        return found
    assumed, some = placement_std_m**2, slice(None, None, 1 + len(offset) // SCATTER_OF)
    own = covariance - assumed * np.eye(2)
    residual = offset[some] - found.at(design[some])
    low, high = 0.0, 16.0 * assumed
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        inverse, _ = inverse_and_determinant(own[some] + middle * np.eye(2))
        away = np.einsum("pi,pij,pj->p", residual, inverse, residual)
        low, high = (middle, high) if np.median(away) > MEDIAN else (low, middle)
    pairs = len(offset)
    placement = (ASSUMED_PAIRS * assumed + pairs * high) / (ASSUMED_PAIRS + pairs)
    return estimate(prior, offset, own + placement * np.eye(2), design)
