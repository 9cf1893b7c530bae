"""Ships over the Danish waters and the Baltic for some days, as their AIS would report them.

A third lies at anchor or at a berth and reports every three minutes; the others sail legs between
random places, reporting every 2 to 10 seconds by their speed (ITU-R M.1371-5, annex 1, table 1),
of which a coastal network keeps one in a few. Positions have GPS noise and AIS's steps of 1/600000
degree, speeds tenths of a knot, courses tenths of a degree; a report is received about a second
after its time and known with the next commit, of which there are five a second.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

SEED: Final = 20261128
START_US: Final = 1_780_272_000_000_000  # 2026-06-01T00:00:00Z
WEST, SOUTH, EAST, NORTH = 7.0, 53.5, 21.0, 59.0
REPORTS_A_DAY: Final = 13_700_000  # five billion a year
SHIPS_AT_ONCE: Final = 3_000
AT_ANCHOR: Final = 1 / 3
METRES_A_DEGREE: Final = 111_120.0
KNOT_MPS: Final = 1852 / 3600
HOUR_US: Final = 3_600_000_000
COMMIT_US: Final = 200_000

Columns = dict[str, NDArray]  # type: ignore[type-arg]


@dataclass
class _Fleet:
    """Where ships are and how they go; one array each, shape (ships,)."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    speed: NDArray[np.float64]
    course: NDArray[np.float64]
    moored: NDArray[np.bool_]
    interval_s: NDArray[np.float64]


def hours(rows: int) -> Iterator[Columns]:
    """About so many reports, an hour at a time, in the order in which they were received.

    Columns: ``ship`` (number), ``valid_us``, ``received_us``, ``known_us``, ``longitude_deg``,
    ``latitude_deg``, ``speed_mps``, ``course_deg``, ``heading_deg``, ``status``, ``station``.
    """
    rng = np.random.default_rng(SEED)
    fleet = _fleet(rng)
    made, hour = 0, 0
    while made < rows:
        columns = _hour(rng, fleet, START_US + hour * HOUR_US)
        keep = min(len(columns["ship"]), rows - made)
        yield {name: column[:keep] for name, column in columns.items()}
        made, hour = made + keep, hour + 1


def _fleet(rng: np.random.Generator) -> _Fleet:
    n = SHIPS_AT_ONCE
    moored = rng.random(n) < AT_ANCHOR
    speed = np.where(moored, 0.0, np.clip(rng.normal(12, 4, n), 3, 25)) * KNOT_MPS
    # Ships gather: half of them near some twenty ports and straits.
    ports = np.column_stack([rng.uniform(WEST, EAST, 20), rng.uniform(SOUTH, NORTH, 20)])
    near = ports[rng.integers(0, 20, n)] + rng.normal(0, 0.25, (n, 2))
    wide = np.column_stack([rng.uniform(WEST, EAST, n), rng.uniform(SOUTH, NORTH, n)])
    place = np.where(rng.random((n, 1)) < 0.5, near, wide)
    interval_s = np.where(
        moored, 180.0, rng.choice([2.0, 3.3, 6.0, 10.0], n, p=[0.1, 0.2, 0.3, 0.4])
    )
    scale = n * 86_400 / REPORTS_A_DAY / np.mean(1 / interval_s) ** -1
    interval_s = np.where(moored, 180.0, interval_s * scale)
    return _Fleet(place[:, 0], place[:, 1], speed, rng.uniform(0, 360, n), moored, interval_s)


def _hour(rng: np.random.Generator, fleet: _Fleet, start_us: int) -> Columns:
    """One hour of reports of every ship; the fleet is moved on."""
    counts = np.maximum(1, (3600 / fleet.interval_s)).astype(np.int64)
    ship = np.repeat(np.arange(len(counts)), counts)
    first = np.repeat(np.cumsum(counts) - counts, counts)
    step = np.arange(len(ship)) - first
    jitter = rng.uniform(0, 0.3, len(ship))
    seconds = (step + jitter) * 3600 / counts[ship]
    course = fleet.course[ship] + 3 * np.sin(seconds / 300 + ship)
    east, north = np.sin(np.radians(course)), np.cos(np.radians(course))
    sailed_m = fleet.speed[ship] * seconds
    noise = rng.normal(0, 3, (2, len(ship)))
    lat = fleet.lat[ship] + (sailed_m * north + noise[0]) / METRES_A_DEGREE
    across = METRES_A_DEGREE * np.cos(np.radians(lat))
    lon = fleet.lon[ship] + (sailed_m * east + noise[1]) / across
    _move_on(rng, fleet)
    return _reports(rng, fleet, ship, start_us, seconds, lon, lat, course)


def _reports(
    rng: np.random.Generator,
    fleet: _Fleet,
    ship: NDArray[np.int64],
    start_us: int,
    seconds: NDArray[np.float64],
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    course: NDArray[np.float64],
) -> Columns:
    n = len(ship)
    valid = start_us + (seconds * 1e3).astype(np.int64) * 1_000
    received = valid + rng.exponential(800_000, n).astype(np.int64)
    knots10 = np.clip(np.round(fleet.speed[ship] / KNOT_MPS * 10 + rng.normal(0, 1, n)), 0, 1022)
    tenths = np.round(course * 10 + rng.normal(0, 8, n)) % 3600
    columns: Columns = {
        "ship": ship,
        "valid_us": valid,
        "received_us": received,
        "known_us": -(-received // COMMIT_US) * COMMIT_US,
        "longitude_deg": np.round(lon * 600_000) / 600_000,
        "latitude_deg": np.round(lat * 600_000) / 600_000,
        "speed_mps": (knots10 * KNOT_MPS / 10).astype(np.float32),
        "course_deg": (tenths * 0.1).astype(np.float32),
        "heading_deg": (np.round(course + rng.normal(0, 1, n)) % 360).astype(np.float32),
        "status": np.where(fleet.moored[ship], 1, 0),
        "station": ((lon - WEST) * 2).astype(np.int64) % 30,
    }
    order = np.argsort(received, kind="stable")
    return {name: column[order] for name, column in columns.items()}


def _move_on(rng: np.random.Generator, fleet: _Fleet) -> None:
    """To the next hour: a leg may end, and nobody leaves these waters."""
    sailed_deg = fleet.speed * 3600 / METRES_A_DEGREE
    fleet.lat = fleet.lat + sailed_deg * np.cos(np.radians(fleet.course))
    fleet.lon = fleet.lon + sailed_deg * np.sin(np.radians(fleet.course)) * 1.8
    outside = (fleet.lon < WEST) | (fleet.lon > EAST) | (fleet.lat < SOUTH) | (fleet.lat > NORTH)
    home = np.degrees(np.arctan2((WEST + EAST) / 2 - fleet.lon, (SOUTH + NORTH) / 2 - fleet.lat))
    turns = rng.random(len(fleet.lon)) < 0.2
    fresh = (fleet.course + rng.normal(0, 40, len(fleet.lon))) % 360
    fleet.course = np.where(outside, home % 360, np.where(turns, fresh, fleet.course))
