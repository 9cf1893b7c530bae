"""Planned routes: lines that somebody drew, which things are to keep to within a corridor.

A line may say when its corners are to be passed; in between time goes with the way. Corners are
joined as a map draws them, straight on Mercator's projection, in pieces so short that each is
straight on the plane that touches the earth there (:mod:`alliage.geo.flat`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from alliage.geo.flat import distance_m, offset_m
from alliage.ontology.claim import Value
from alliage.ontology.corner_times import read_corner_times

Floats = NDArray[np.float64]

FOLLOWED_BY: Final = "followed_by"
CORRIDOR: Final = "corridor_m"
TIMES: Final = "passes_at"

USUAL_CORRIDOR_M: Final = 1_852.0
"""To either side, where nobody says how wide it is."""

PIECE_M: Final = 10_000.0
MOST_PIECES: Final = 4_000

_LINE: Final = 1
"""Of shapely's types of geometry."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A line to keep to.

    Attributes:
        corridor_m: how far from it one may be.
        points: ends of its pieces as longitude and latitude in degrees, (n, 2).
        along_m: how far along the line each is, (n,).
        timed_m: how far along those corners are that have a time, (k,); k may be 0.
        timed_us: when these are to be passed, (k,).
    """

    corridor_m: float
    points: Floats
    along_m: Floats
    timed_m: Floats
    timed_us: Floats

    @property
    def begins_us(self) -> float | None:
        """The first of its times; None where it has none."""
        return float(self.timed_us[0]) if len(self.timed_us) else None

    @property
    def ends_us(self) -> float | None:
        """The last of its times."""
        return float(self.timed_us[-1]) if len(self.timed_us) else None


@dataclass(frozen=True, slots=True)
class Standing:
    """How something stands to a plan.

    Attributes:
        outside_m: how far it is outside of the corridor, 0 for not at all.
        along_m: how far along the line the place is that is nearest.
        is_beyond: whether that is an end of the line.
        late_s: by how much it is behind the times, negative where it is ahead; NaN where they do
            not say, as before the first of them.
        has_arrived: whether it is where the last of the times is, or further.
    """

    outside_m: float
    along_m: float
    is_beyond: bool
    late_s: float
    has_arrived: bool


def plan_of(values: Mapping[str, Value], geometry: Any) -> Plan | None:
    """Read what was said of a line; None where it is no single line.

    Args:
        values: by property what counts of it.
        geometry: as shapely has it.
    """
    if geometry is None or shapely.get_type_id(geometry) != _LINE:
        return None
    corners = shapely.get_coordinates(geometry)
    points, corner_m, along_m = _pieces(corners)
    times = []
    if values.get(TIMES):
        try:
            times = read_corner_times(str(values[TIMES]))
        except ValueError:  # of a source that nobody checks
            times = []
    times = [one for one in times if one.corner <= len(corners)]
    corridor = values.get(CORRIDOR)
    return Plan(
        corridor_m=float(corridor) if isinstance(corridor, int | float) else USUAL_CORRIDOR_M,
        points=points,
        along_m=along_m,
        timed_m=np.array([corner_m[one.corner - 1] for one in times]),
        timed_us=np.array([one.at_us for one in times], np.float64),
    )


def standing(plan: Plan, lat: float, lon: float, at_us: float) -> Standing:
    """How something that is at a place at a time stands to a plan.

    Where the line comes by twice, the part counts where it should be by now.
    """
    beside_m, along_m = _to_pieces(plan, lat, lon)
    nearest = int(np.argmin(beside_m))
    if len(plan.timed_us) > 1:
        edge = np.concatenate([[np.inf], beside_m, [np.inf]])
        is_near = (beside_m <= edge[:-2]) & (beside_m <= edge[2:]) & (beside_m <= plan.corridor_m)
        if near := np.flatnonzero(is_near).tolist():
            due_m = float(np.interp(at_us, plan.timed_us, plan.timed_m))
            nearest = min(near, key=lambda piece: abs(float(along_m[piece]) - due_m))
    there_m = float(along_m[nearest])
    outside_m = max(0.0, float(beside_m[nearest]) - plan.corridor_m)
    whole_m = float(plan.along_m[-1])
    has_arrived = bool(
        len(plan.timed_m)
        and outside_m == 0.0
        and there_m >= min(float(plan.timed_m[-1]), whole_m) - plan.corridor_m
    )
    return Standing(
        outside_m=outside_m,
        along_m=there_m,
        is_beyond=there_m <= 0.0 or there_m >= whole_m,
        late_s=_late_s(plan, there_m, at_us, has_arrived),
        has_arrived=has_arrived,
    )


def _late_s(plan: Plan, there_m: float, at_us: float, has_arrived: bool) -> float:
    if not len(plan.timed_us) or at_us < plan.timed_us[0]:
        return float("nan")
    if has_arrived:
        return min(0.0, (at_us - float(plan.timed_us[-1])) / 1e6)
    due_us = float(np.interp(there_m, plan.timed_m, plan.timed_us))
    return (at_us - due_us) / 1e6


def _pieces(corners: Floats) -> tuple[Floats, Floats, Floats]:
    """Points of the line (n, 2), how far along its corners are (m,), and how far the points."""
    lon, lat = corners[:, 0], np.clip(corners[:, 1], -89.0, 89.0)
    lon = lon[0] + np.concatenate([[0.0], np.cumsum((np.diff(lon) + 180.0) % 360.0 - 180.0)])
    north = np.arcsinh(np.tan(np.radians(lat)))
    leg_m = distance_m(lat[:-1], lon[:-1], lat[1:], lon[1:])
    piece_m = max(PIECE_M, float(leg_m.sum()) / MOST_PIECES)
    many = np.maximum(np.ceil(leg_m / piece_m), 1.0).astype(int)
    steps = np.concatenate([*(leg + np.arange(n) / n for leg, n in enumerate(many.tolist())),
                            [len(leg_m)]])  # fmt: skip
    at = np.arange(len(corners))
    fine_lat = np.degrees(np.arctan(np.sinh(np.interp(steps, at, north))))
    fine_lon = np.interp(steps, at, lon)
    gone_m = distance_m(fine_lat[:-1], fine_lon[:-1], fine_lat[1:], fine_lon[1:])
    along_m = np.concatenate([[0.0], np.cumsum(gone_m)])
    corner_m = np.interp(at, steps, along_m)
    return np.stack([fine_lon, fine_lat], axis=1), corner_m, along_m


def _to_pieces(plan: Plan, lat: float, lon: float) -> tuple[Floats, Floats]:
    """Of each piece how far it is away, and how far along the line its nearest place, (n - 1,)."""
    east, north = offset_m(lat, lon, plan.points[:, 1], plan.points[:, 0])
    de, dn = np.diff(east), np.diff(north)
    share = -(east[:-1] * de + north[:-1] * dn) / np.maximum(de**2 + dn**2, 1e-9)
    share = np.clip(share, 0.0, 1.0)
    beside_m = np.hypot(east[:-1] + share * de, north[:-1] + share * dn)
    return np.asarray(beside_m), np.asarray(plan.along_m[:-1] + share * np.diff(plan.along_m))
