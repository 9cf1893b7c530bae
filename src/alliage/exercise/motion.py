"""How simulated ships move: closed forms of time, for many ships and moments at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from alliage.exercise.life import Leg
from alliage.exercise.paths import Paths
from alliage.exercise.plane import Floats, offsets_m, shifted

HALF_S: Final = 15.0
"""Speed and course are taken from where a ship is so long before and after."""

LEAST_SPEED_MPS: Final = 0.05
SPREAD_M: Final = 2_500.0
"""Ships keep at most so far from the middle of a lane, however wide it is."""

ROOM_USED: Final = 0.55
_TAPER_M: Final = 4_000.0
"""So far from its ends a ship keeps its distance from a lane's middle; half as far, none."""

_BERTHING_M: Final = 1_500.0
"""On the last metres a ship leaves the path for its berth."""


@dataclass(frozen=True, slots=True)
class Motions:
    """Where ships are and how they go, shape (n,) each.

    Degrees WGS 84, m/s, degrees from true north. ``at_rest``: at its berth or anchor;
    ``present``: in the area at all.
    """

    lon: Floats
    lat: Floats
    speed_mps: Floats
    course_deg: Floats
    at_rest: NDArray[np.bool_]
    present: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Legs:
    """Legs as columns, shape (n,) each; see :class:`alliage.exercise.life.Leg`."""

    rows: Floats

    @classmethod
    def of(cls, legs: Iterable[Leg]) -> Self:
        """Columns of these legs."""
        return cls(np.array([_row(leg) for leg in legs], np.float64).reshape(-1, 17))

    def take(self, chosen: NDArray[np.int64]) -> Legs:
        """Some rows, repeated where asked for."""
        return Legs(self.rows[chosen])


def _row(leg: Leg) -> list[float]:
    flat = [part for part in leg if not isinstance(part, tuple | str)]
    return [*flat, *leg.origin, *leg.goal]


(_PATH, _BACK, _LENGTH, _FROM, _DEPART, _UNTIL, _SPEED, _RAMP, _SIDE, _FROM_SEA, _TO_SEA) = range(
    11
)
_SWING, _SWING_S, _ORIGIN_E, _ORIGIN_N, _GOAL_E, _GOAL_N = range(11, 17)


def place(
    paths: Paths, legs: Legs, time_s: Floats, delay_s: Floats | float = 0.0
) -> tuple[Floats, Floats]:
    """Return longitudes and latitudes, shape (n,).

    Args:
        paths: the ways of the fleet.
        legs: one row for each ship and moment.
        time_s: the moments, seconds since the exercise's zero.
        delay_s: how much later than planned a ship is on its leg.
    """
    column = legs.rows.T
    length, speed, ramp = column[_LENGTH], column[_SPEED], column[_RAMP]
    gone = _gone_m(time_s - delay_s - column[_DEPART], length, speed, ramp)
    back = column[_BACK] > 0
    found = paths.at(column[_PATH].astype(np.int64), np.where(back, length - gone, gone))
    ahead = np.where(back, -1.0, 1.0)
    left = length - gone
    aside = np.minimum(found.room_m * ROOM_USED, SPREAD_M) * column[_SIDE]
    aside = (
        aside
        * ahead
        * _smooth((np.minimum(gone, left) / np.minimum(_TAPER_M, length / 3) - 0.5) * 2)
    )
    reach = np.minimum(_BERTHING_M, length / 3)
    at_origin, at_goal = 1.0 - _smooth(gone / reach), 1.0 - _smooth(left / reach)
    swing = 2 * np.pi * time_s / column[_SWING_S]
    east = found.north * aside + column[_ORIGIN_E] * at_origin + column[_GOAL_E] * at_goal
    north = -found.east * aside + column[_ORIGIN_N] * at_origin + column[_GOAL_N] * at_goal
    return shifted(
        found.lon,
        found.lat,
        east + column[_SWING] * np.sin(swing),
        north + column[_SWING] * np.cos(swing),
    )


def resting(legs: Legs, time_s: Floats, delay_s: Floats | float = 0.0) -> NDArray[np.bool_]:
    """Whether each ship lies at one of its ends."""
    since, whole = _since(legs, time_s, delay_s)
    return np.asarray((since <= 0) | (since >= whole))


def present(legs: Legs, time_s: Floats, delay_s: Floats | float = 0.0) -> NDArray[np.bool_]:
    """Whether each ship is in the area."""
    since, whole = _since(legs, time_s, delay_s)
    column = legs.rows.T
    away = ((since <= 0) & (column[_FROM_SEA] > 0)) | ((since >= whole) & (column[_TO_SEA] > 0))
    return np.asarray(~away)


def velocity(
    before: tuple[Floats, Floats], behind: tuple[Floats, Floats], between_s: float
) -> tuple[Floats, Floats]:
    """Speed (m/s) and course (degrees) from two positions each."""
    east, north = offsets_m(*before, *behind)
    speed = np.hypot(east, north) / between_s
    return np.where(speed < LEAST_SPEED_MPS, 0.0, speed), np.degrees(np.arctan2(east, north)) % 360


def _since(legs: Legs, time_s: Floats, delay_s: Floats | float) -> tuple[Floats, Floats]:
    column = legs.rows.T
    whole = (column[_LENGTH] + 2 * column[_RAMP]) / column[_SPEED]
    return time_s - delay_s - column[_DEPART], whole


def _gone_m(since_s: Floats, length_m: Floats, speed_mps: Floats, ramp_m: Floats) -> Floats:
    """Metres gone so long after leaving: a trapezium of speed over time."""
    ramp_s = 2 * ramp_m / speed_mps
    whole_s = (length_m + 2 * ramp_m) / speed_mps
    since_s = np.clip(since_s, 0.0, whole_s)
    left_s, gain = whole_s - since_s, speed_mps / ramp_s
    cruising = ramp_m + speed_mps * (since_s - ramp_s)
    slowing = length_m - 0.5 * gain * left_s**2
    later = np.where(left_s < ramp_s, slowing, cruising)
    return np.asarray(np.where(since_s < ramp_s, 0.5 * gain * since_s**2, later))


def _smooth(part: Floats) -> Floats:
    """From 0 to 1 without a corner."""
    part = np.clip(part, 0.0, 1.0)
    return np.asarray(part * part * (3.0 - 2.0 * part))
