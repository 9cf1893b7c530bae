"""Real ships' reports with the names taken away, as looks of a sensor that knows no identities.

Two recordings of AIS: the Solent on 12 January 2016 (84 minutes, the text file that comes with
Stone Soup) and Denmark's feed on 12 November 2013 (five minutes). Every ten seconds there is a
look. A ship that reported since the last one gives one plot: its latest report, carried on by its
own speed and course to the end of the look, with 20 m of noise in each direction. A ship that did
not report gives none, so ships under way are seen in most looks, and ships at rest, which report
every three minutes, in one of eighteen.

The truth is where a ship was at the end of every look from its first plot to its last, on straight
lines between its reports. Needs NumPy alone, but for Denmark's bytes.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

PERIOD_S: Final = 10.0
NOISE_M: Final = 20.0
MPS_A_KNOT: Final = 1852.0 / 3600.0
MOVING_MPS: Final = 0.5
"""A ship whose median speed is lower is at rest."""
EARTH_M: Final = 6_371_008.8
FASTEST_MPS: Final = 50.0

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Reports:
    """Rows of a recording in the order of time: n each."""

    time_s: Floats
    ship: Ints
    place_m: Floats  # (n, 2), east and north
    velocity_mps: Floats  # (n, 2), zero where it is not said


@dataclass(frozen=True)
class Look:
    """What was seen at one moment, and what was there: plots (k, 2), k ships, and t true ones."""

    time_s: float
    plots: Floats
    ship_of_plot: Ints  # for the judge alone
    ship: Ints
    place_m: Floats  # (t, 2)


@dataclass(frozen=True)
class Hidden:
    """A recording as looks, and what is known of its ships: plots and whether they move."""

    looks: list[Look]
    plots: dict[int, int]
    moving: dict[int, bool]


def read_solent(data: Path) -> Reports:
    """The Solent's reports; ``data`` is the folder of recordings."""
    with (data / "ais/SolentAIS_20160112_130211.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    at = [datetime.fromisoformat(row["Time"]).replace(tzinfo=UTC).timestamp() for row in rows]

    def numbers(name: str) -> Floats:
        return np.array([float(row[name] or "nan") for row in rows])

    return make_reports(
        np.array(at),
        [row["MMSI"] for row in rows],
        numbers("Latitude_degrees"),
        numbers("Longitude_degrees"),
        numbers("SOG_knots") * MPS_A_KNOT,
        numbers("COG_degrees"),
    )


def make_reports(
    time_s: Floats, names: list[str], lat: Floats, lon: Floats, speed: Floats, course: Floats
) -> Reports:
    """Reports with places in a plane about their middle; impossible ones are left out."""
    speed, course = np.nan_to_num(speed), np.nan_to_num(course)
    good = (np.abs(lat) <= 90.0) & (np.abs(lon) <= 180.0) & (speed < FASTEST_MPS)
    middle_lat, middle_lon = np.median(lat[good]), np.median(lon[good])
    good &= (np.abs(lat - middle_lat) < 5.0) & (np.abs(lon - middle_lon) < 10.0)
    east = np.radians(lon - middle_lon) * EARTH_M * np.cos(np.radians(middle_lat))
    place = np.column_stack([east, np.radians(lat - middle_lat) * EARTH_M])
    toward = np.radians(course)
    velocity = speed[:, None] * np.column_stack([np.sin(toward), np.cos(toward)])
    _, ship = np.unique(names, return_inverse=True)
    order = np.flatnonzero(good)[np.argsort(time_s[good], kind="stable")]
    began_s = float(time_s[order[0]])
    return Reports(time_s[order] - began_s, ship[order], place[order], velocity[order])


def hide(reports: Reports, begin_s: float, end_s: float, seed: int = 0) -> Hidden:
    """The looks of part of a recording."""
    chance = np.random.default_rng(seed)
    ends = np.arange(begin_s + PERIOD_S, end_s + 1e-6, PERIOD_S)
    within = (reports.time_s > begin_s) & (reports.time_s <= ends[-1])
    look_of = np.ceil((reports.time_s - begin_s) / PERIOD_S).astype(np.int64) - 1
    chosen: list[NDArray[np.intp]] = []
    for look in range(len(ends)):
        rows = np.flatnonzero(within & (look_of == look))
        latest = {int(reports.ship[row]): row for row in rows}  # a later row takes its place
        chosen.append(np.array(sorted(latest.values()), np.intp))
    truth, moving = _truth(reports, np.flatnonzero(within), ends, chosen)
    looks: list[Look] = []
    plots: dict[int, int] = {}
    for nth, (end, rows) in enumerate(zip(ends.tolist(), chosen, strict=True)):
        rows = chance.permutation(rows)
        ahead = (end - reports.time_s[rows])[:, None] * reports.velocity_mps[rows]
        seen = reports.place_m[rows] + ahead
        seen = seen + chance.normal(0.0, NOISE_M, seen.shape)
        for ship in reports.ship[rows].tolist():
            plots[ship] = plots.get(ship, 0) + 1
        here = [(ship, place[nth]) for ship, place in truth.items() if np.isfinite(place[nth, 0])]
        places = np.array([place for _, place in here]).reshape(-1, 2)
        there = np.array([ship for ship, _ in here], np.int64)
        looks.append(Look(end, seen, reports.ship[rows], there, places))
    return Hidden(looks, plots, moving)


def _truth(
    reports: Reports, within: NDArray[np.intp], ends: Floats, chosen: list[Any]
) -> tuple[dict[int, Floats], dict[int, bool]]:
    """By ship where it was at the end of each look (looks, 2), NaN where it is not judged."""
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    for look, rows in enumerate(chosen):
        for ship in reports.ship[rows].tolist():
            first.setdefault(ship, look)
            last[ship] = look
    places, moving = {}, {}
    for ship in first:
        rows = within[reports.ship[within] == ship]
        rows = rows[np.unique(reports.time_s[rows], return_index=True)[1]]
        speed = np.hypot(*reports.velocity_mps[rows].T)
        moving[ship] = bool(np.median(speed) >= MOVING_MPS)
        times, known = reports.time_s[rows], reports.place_m[rows]
        after = np.maximum(ends - times[-1], 0.0)[:, None] * reports.velocity_mps[rows[-1]]
        place = np.column_stack([np.interp(ends, times, known[:, axis]) for axis in (0, 1)])
        place = place + after
        judged = (np.arange(len(ends)) >= first[ship]) & (np.arange(len(ends)) <= last[ship])
        places[ship] = np.where(judged[:, None], place, np.nan)
    return places, moving
