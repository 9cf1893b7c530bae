"""Places where the lines of two sensors cross: how a track begins with bearings alone.

Two bearings and their rates, from two known places, are four numbers; so are a position and a
velocity. The crossing is solved in closed form, its covariance is carried over by the Jacobian, and
what is known beforehand of velocities is put in as one more measurement of them. Refused is what
such a Gaussian cannot honestly say: lines so nearly parallel, or so badly known, that the distance
from a sensor is uncertain by more than :data:`DISTANCE_SHARE` of itself.

Which lines are one thing's is not known: with two things and two sensors, two of four crossings are
ghosts. The lines of two sensors are associated as plots are with tracks, every choice weighed with
all others (:mod:`alliage.fusion.joint`): by the speed that a crossing would take, and by what a
third sensor sees there. A track begins where the answer is clear; else lines stay lines.

Source of the linearisation: Bar-Shalom, Li, Kirubarajan 2001, section
10.3.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from alliage.fusion.joint import associate
from alliage.fusion.lifecycle import with_places
from alliage.fusion.lines import BEARING, Lines
from alliage.fusion.matrices import (
    Bools,
    Floats,
    Ints,
    inverse_and_determinant,
    largest_eigenvalue,
    quadratic_form,
    symmetric,
)
from alliage.fusion.measurement import NEAREST_M
from alliage.fusion.motion import POSITION, VELOCITY
from alliage.fusion.scan import Scan
from alliage.fusion.settings import Settings
from alliage.fusion.tracks import Tracks

DISTANCE_SHARE: Final = 0.3
"""Beyond it, as a share of the distance, a Gaussian says too little of where along a line it is."""
LEAST_SINE: Final = 0.02
"""Lines that differ by less, a degree or so, do not cross anywhere in particular."""
CLEAR: Final = 0.8
"""A track begins where two lines are one thing's with this probability."""
ONE_THING: Final = 10.0
"""Odds that two lines which cross are one thing's, if neither crosses another: it is likelier that
both sensors see a thing than that each sees one which the other misses."""
BACKED: Final = 20.0
"""What it adds to the odds that a third sensor's line passes there too: few would by chance."""
PAIRS_AT_MOST: Final = 200_000
"""Of lines that may cross: where more do, as in a storm of clutter, no crossing is clear."""
UNBACKED: Final = 0.1
"""What it takes from them that a third sensor, which reaches there, has no line there."""


class Looks(NamedTuple):
    """Lines (n), of one or several sensors, at one moment."""

    place_m: Floats  # (n, 2), of each line's sensor
    velocity_mps: Floats  # (n, 2), of the sensor
    reach_m: Floats  # (n,), of the sensor, perhaps infinite
    states: Floats  # (n, 2): bearing and rate
    covariances: Floats  # (n, 2, 2)
    existence: Floats  # (n,)

    def where(self, rows: Bools | Ints) -> Looks:
        """Some of the rows."""
        return Looks(*(column[rows] for column in self))


class Crossings(NamedTuple):
    """States where pairs (p) of lines cross."""

    means: Floats  # (p, 4): position and velocity
    spreads: Floats  # (p, 4, 4)
    surprise: Floats  # (p,), squared Mahalanobis distance of the velocity from what is usual


def _looks(lines: Lines) -> Looks:
    tracks, reach_m = lines.tracks, lines.sensor.max_range_m
    return Looks(
        np.tile(lines.place_m, (len(tracks), 1)),
        np.tile(lines.velocity_mps, (len(tracks), 1)),
        np.full(len(tracks), np.inf if reach_m is None else reach_m),
        tracks.states[:, 0],
        tracks.covariances[:, 0],
        tracks.existence,
    )


def cross(one: Looks, other: Looks, settings: Settings) -> tuple[Crossings, Bools]:
    """Where lines cross, pair by pair (p), how well that is known, and whether it is of use."""
    towards, beside = _directions(one.states[:, BEARING]), _directions(other.states[:, BEARING])
    apart = other.place_m - one.place_m
    sine = _cross(towards, beside)
    sound = np.where(np.abs(sine) >= LEAST_SINE, sine, 1.0)
    here_m, there_m = _cross(apart, beside) / sound, _cross(apart, towards) / sound
    usable = (np.abs(sine) >= LEAST_SINE) & (here_m > NEAREST_M) & (there_m > NEAREST_M)
    usable &= (here_m <= one.reach_m) & (there_m <= other.reach_m)
    here_m, there_m = np.where(usable, here_m, 1.0), np.where(usable, there_m, 1.0)
    place = one.place_m + here_m[:, None] * towards
    velocity = _velocity(one, other, here_m, there_m, sound)
    means = np.concatenate([place, velocity], axis=1)
    slope = np.concatenate([_slope(one, means), _slope(other, means)], axis=1)
    slope[~usable] = np.eye(4)
    measured = np.zeros((len(means), 4, 4))
    measured[:, :2, :2], measured[:, 2:, 2:] = one.covariances, other.covariances
    back = np.linalg.inv(slope)
    means, spreads, surprise = _with_usual_speeds(
        means, symmetric(back @ measured @ back.swapaxes(1, 2)), settings.speed_std_mps
    )
    spread = spreads[:, POSITION, POSITION]
    usable &= surprise <= settings.gate_threshold(2)
    usable &= quadratic_form(spread, towards) <= (DISTANCE_SHARE * here_m) ** 2
    usable &= quadratic_form(spread, beside) <= (DISTANCE_SHARE * there_m) ** 2
    usable &= largest_eigenvalue(spread) <= settings.lost_beyond_m**2
    return Crossings(means, spreads, surprise), usable


def begun(
    mine: Lines, plot: Ints, scan: Scan, others: Sequence[Lines], settings: Settings
) -> Tracks:
    """Tracks that begin where lines that have just been seen cross those of other sensors.

    Args:
        mine: lines (n) of the sensor that looked.
        plot: of each of them (n,) that may begin a track, else -1.
        scan: that look, with k plots. Instead of a number the track that begins with plot p bears
            ``-1 - k - p``.
        others: lines of each other sensor, as of the scan's time.
        settings: of the tracker.
    """
    many = [len(one.tracks) for one in others]
    pairs = len(plot) * sum(many)
    if not (plot >= 0).any() or not 0 < pairs <= PAIRS_AT_MOST:
        return Tracks.none(len(settings.modes), settings.modes.dimensions)
    here, of_sensor = _looks(mine), np.repeat(np.arange(len(others)), many)
    columns = zip(*(_looks(one) for one in others), strict=True)
    every = Looks(*(np.concatenate(several) for several in columns))
    row, column = np.divmod(np.arange(pairs), len(of_sensor))
    found, usable = cross(here.where(row), every.where(column), settings)
    row, column = row[usable], column[usable]
    found = Crossings(*(values[usable] for values in found))
    there = here.existence[row] * every.existence[column]
    same = _same(row, column, of_sensor[column], found, there, others, settings)
    confirmed = np.concatenate([one.tracks.confirmed for one in others])
    clear = (plot[row] >= 0) & confirmed[column] & (same >= CLEAR)
    order = np.flatnonzero(clear)[np.argsort(-same[clear], kind="stable")]
    _, first = np.unique(row[order], return_index=True)  # not the same again with a third sensor
    chosen = order[first]
    return with_places(
        -1 - len(scan) - plot[row[chosen]],
        found.means[chosen],
        found.spreads[chosen],
        there[chosen] * same[chosen],
        settings.modes,
    )


def _same(
    row: Ints,
    column: Ints,
    sensor: Ints,
    found: Crossings,
    there: Floats,
    others: Sequence[Lines],
    settings: Settings,
) -> Floats:
    """Probability (p,) that the two lines of each crossing are one thing's.

    Args:
        row: which of the lines that looked (p,), ascending.
        column: which of the others (p,).
        sensor: whose that is (p,).
        found: the crossings.
        there: probability that there are two such lines at all (p,).
        others: the lines of these sensors.
        settings: of the tracker.
    """
    log_odds = np.log(there * ONE_THING) - 0.5 * found.surprise
    for begin, end in pairwise(np.searchsorted(row, np.arange(row.max(initial=-1) + 2))):
        one = slice(begin, end)
        places, its = found.means[one, POSITION], sensor[one]
        agrees = _agree(places, found.spreads[one, POSITION, POSITION])
        for third, lines in enumerate(others):
            backed = (agrees & (its[None] == third)).any(axis=1)
            asked = _reaches(lines, places) & (its != third)
            log_odds[one] += np.where(asked, np.log(np.where(backed, BACKED, UNBACKED)), 0.0)
    same = np.zeros(len(row))
    for each in np.unique(sensor):  # a line is one thing's at most, and so is each of the others
        rows = np.flatnonzero(sensor == each)
        same[rows] = associate(row[rows], column[rows], log_odds[rows], settings.enumerate_at_most)
    return same


def _reaches(lines: Lines, places: Floats) -> Bools:
    """Whether a sensor reaches places (p, 2)."""
    reach_m = lines.sensor.max_range_m
    distance: Floats = np.hypot(*(places - lines.place_m).T)
    return distance <= (np.inf if reach_m is None else reach_m)


def _agree(places: Floats, spreads: Floats) -> Bools:
    """Whether each two of some places may be one (p, p): three standard deviations."""
    precision, _ = inverse_and_determinant(spreads[:, None] + spreads[None])
    near: Bools = quadratic_form(precision, places[:, None] - places[None]) <= 9.0
    return near


def _directions(bearing_rad: Floats) -> Floats:
    return np.stack([np.sin(bearing_rad), np.cos(bearing_rad)], axis=-1)


def _cross(one: Floats, other: Floats) -> Floats:
    product: Floats = one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]
    return product


def _velocity(one: Looks, other: Looks, here_m: Floats, there_m: Floats, sine: Floats) -> Floats:
    """The velocity (p, 2) that turns both lines as fast as they turn."""
    across = []
    for lines, distance_m in ((one, here_m), (other, there_m)):
        bearing, rate = lines.states.T
        axis = np.stack([np.cos(bearing), -np.sin(bearing)], axis=-1)
        across.append((axis, distance_m * rate + (axis * lines.velocity_mps).sum(axis=1)))
    (a, speed_a), (b, speed_b) = across
    east = (speed_a * b[:, 1] - speed_b * a[:, 1]) / sine
    north = (a[:, 0] * speed_b - b[:, 0] * speed_a) / sine
    return np.stack([east, north], axis=-1)


def _slope(lines: Looks, means: Floats) -> Floats:
    """Of bearing and rate by position and velocity (p, 2, 4)."""
    east, north = (means[:, POSITION] - lines.place_m).T
    v_east, v_north = (means[:, VELOCITY] - lines.velocity_mps).T
    square = np.maximum(east**2 + north**2, NEAREST_M**2)
    rate = (north * v_east - east * v_north) / square
    slope = np.zeros((len(means), 2, 4))
    slope[:, 0, 0], slope[:, 0, 1] = north / square, -east / square
    slope[:, 1, 0] = (-v_north - 2.0 * east * rate) / square
    slope[:, 1, 1] = (v_east - 2.0 * north * rate) / square
    slope[:, 1, 2], slope[:, 1, 3] = north / square, -east / square
    return slope


def _with_usual_speeds(
    means: Floats, spreads: Floats, speed_std_mps: float
) -> tuple[Floats, Floats, Floats]:
    """Means, spreads and the surprise (p,) after what is known of velocities beforehand."""
    velocity = means[:, VELOCITY]
    beside = spreads[:, VELOCITY, VELOCITY] + np.eye(2) * speed_std_mps**2
    precision, _ = inverse_and_determinant(beside)
    gain = spreads[:, :, VELOCITY] @ precision
    means = means - (gain @ velocity[..., None])[..., 0]
    narrowed = symmetric(spreads - gain @ spreads[:, VELOCITY, :])
    return means, narrowed, quadratic_form(precision, velocity)
