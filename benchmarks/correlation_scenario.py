"""Three nations that report the same 2,000 ships for half an hour, each in its own way.

Ships begin where real ones were in Denmark's feed of 12 November 2013, with their speeds and
courses, where the recording is at hand; where it has too few, others are put beside them, and
without it all are drawn about ports and lanes. Those under way wander a little. Each nation covers
a part of the waters, numbers its tracks by itself, lies some hundred metres off for its own
reasons, has a clock of its own and loses reports; one has its names from paper, typing errors and
all, and one has radars, so that most of its tracks have no name and none a call sign.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from alliage.feeds.ais.options import Options
from alliage.feeds.bulk import decode_file
from alliage.feeds.registry import load_feeds
from alliage.fusion.correlation import SourceRows, source_rows
from alliage.ontology.folding import fold

SHIPS: Final = 2_000
ROUND_S: Final = 10.0
DURATION_S: Final = 1_800.0
METRES_A_DEGREE: Final = 111_195.0
# fmt: off
SYLLABLES: Final = (
    "AN", "BER", "CAR", "DAN", "EL", "FRE", "GOT", "HAV", "IS", "JUT", "KAL", "LIN", "MAR", "NOR",
    "OST", "PER", "RO", "SKA", "TOR", "ULV", "VES", "WIN", "YR", "ZE", "BALT", "SUND", "FJORD",
    "VIK", "HOLM", "BORG", "STRAND", "STJERNE",
)
# fmt: on

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Nation:
    """How one nation sees the ships."""

    name: str
    east_m: float
    north_m: float
    clock_s: float  # later than the true time
    noise_m: float
    loss: float
    covers: tuple[float, float]  # by quantile of the longitude
    named: float  # part of the ships whose names it has
    misspelt: float  # part of these that it has wrong
    called: float  # part whose call sign it has


NATIONS: Final = (
    Nation("north", 0.0, 0.0, 0.0, 10.0, 0.2, (0.0, 0.85), 0.9, 0.02, 0.8),
    Nation("east", 120.0, -80.0, 2.0, 15.0, 0.3, (0.1, 1.0), 0.8, 0.25, 0.5),
    Nation("radar", -90.0, 150.0, -1.5, 30.0, 0.3, (0.05, 0.95), 0.3, 0.1, 0.0),
)


@dataclass(frozen=True)
class Fleet:
    """The truth: where the ships begin, how they go, what they are called."""

    latitude_deg: Floats
    longitude_deg: Floats
    speed_mps: Floats
    course_deg: Floats
    name: list[str]
    call_sign: list[str]
    length_m: Floats


@dataclass
class Reports:
    """What one nation has of its ships at the moment; the latest report of each."""

    nation: Nation
    ship: NDArray[np.int64]
    words: dict[str, list[str]]
    length_m: Floats
    interval_s: Floats
    due_s: Floats
    columns: dict[str, Floats]

    def rows(self) -> SourceRows:
        """As the correlator takes them."""
        heard = np.flatnonzero(np.isfinite(self.columns["time_s"]))
        texts = {name: [words[n] for n in heard] for name, words in self.words.items()}
        identifier = [track_of(self.nation, int(ship)) for ship in self.ship[heard]]
        numbers: dict[str, Any] = {name: column[heard] for name, column in self.columns.items()}
        return source_rows(
            identifier,
            **texts,
            **numbers,
            length_m=self.length_m[heard],
            schema=["Vessel"] * len(heard),
        )


def track_of(nation: Nation, ship: int) -> str:
    """The nation's own number for a ship; its order says nothing."""
    return f"{nation.name}:{ship * 7_919 % 100_003}"


def fleet(seed: int, ships: int = SHIPS) -> Fleet:
    """The ships."""
    rng = np.random.default_rng(seed)
    latitude, longitude, speed, course = _starts(rng, ships)
    names = ["".join(rng.choice(SYLLABLES, rng.integers(3, 5))) for _ in range(ships)]
    calls = ["".join(rng.choice(list("ABCDEFGHJKLMNOPRSTUVXYZ"), 4)) for _ in range(ships)]
    length = np.round(rng.lognormal(4.2, 0.6, ships))
    return Fleet(latitude, longitude, speed, course, names, calls, length)


def rounds(
    truth: Fleet, seed: int, nations: tuple[Nation, ...] = NATIONS
) -> Iterator[tuple[float, list[SourceRows]]]:
    """Every ten seconds the time, and what each nation has."""
    rng = np.random.default_rng(seed + 1)
    seen = [_reports(rng, nation, truth) for nation in nations]
    state = np.stack([truth.longitude_deg, truth.latitude_deg], axis=1)
    course = np.radians(truth.course_deg)
    for step in range(round(DURATION_S / ROUND_S)):
        now_s = step * ROUND_S
        for reports in seen:
            _hear(rng, reports, state, truth.speed_mps, course, now_s)
        yield now_s, [reports.rows() for reports in seen]
        course = course + np.where(truth.speed_mps > 0.5, rng.normal(0.0, 0.02, len(course)), 0.0)
        state = _moved(state, truth.speed_mps, course, ROUND_S)


def _moved(state: Floats, speed: Floats, course: Floats, seconds: float | Floats) -> Floats:
    east, north = np.sin(course) * speed * seconds, np.cos(course) * speed * seconds
    return state + _degrees(state[:, 1], east, north)


def _degrees(latitude_deg: Floats, east_m: Floats, north_m: Floats) -> Floats:
    across = METRES_A_DEGREE * np.cos(np.radians(latitude_deg))
    return np.stack([east_m / across, north_m / METRES_A_DEGREE], axis=1)


def _reports(rng: np.random.Generator, nation: Nation, truth: Fleet) -> Reports:
    west, east = np.quantile(truth.longitude_deg, nation.covers)
    ship = np.flatnonzero((truth.longitude_deg >= west) & (truth.longitude_deg <= east))
    named, called = rng.random(len(ship)) < nation.named, rng.random(len(ship)) < nation.called
    wrong = rng.random(len(ship)) < nation.misspelt
    names = [
        fold(_misspelt(rng, truth.name[n]) if bad else truth.name[n]) if has else ""
        for n, has, bad in zip(ship.tolist(), named, wrong, strict=True)
    ]
    calls = [
        fold(truth.call_sign[n]) if has else ""
        for n, has in zip(ship.tolist(), called, strict=True)
    ]
    at_rest = truth.speed_mps[ship] < 0.5
    interval = np.where(at_rest, 180.0, rng.choice([6.0, 10.0, 30.0], len(ship)))
    if nation.called == 0.0:  # a radar looks at what lies still as often
        interval = np.full(len(ship), 10.0)
    lengths = np.where(named, truth.length_m[ship] + rng.normal(0.0, 2.0, len(ship)), np.nan)
    empty = np.full(len(ship), np.nan)
    columns = ("time_s", "latitude_deg", "longitude_deg", "std_m", "speed_mps", "course_deg")
    return Reports(
        nation,
        ship,
        {"name": names, "call_sign": calls},
        lengths,
        interval,
        rng.uniform(0.0, interval),
        {name: empty.copy() for name in columns},
    )


def _hear(
    rng: np.random.Generator,
    reports: Reports,
    state: Floats,
    speed: Floats,
    course: Floats,
    now_s: float,
) -> None:
    """Take the reports of the last ten seconds; of several the last."""
    due = np.flatnonzero(reports.due_s <= now_s)
    reports.due_s[due] += np.maximum(reports.interval_s[due], ROUND_S)
    due = due[rng.random(len(due)) >= reports.nation.loss]
    ship, nation, n = reports.ship[due], reports.nation, len(due)
    ago = rng.uniform(0.0, ROUND_S, n)
    place = _moved(state[ship], speed[ship], course[ship], -ago)
    noise = rng.normal(0.0, nation.noise_m, (2, n))
    shift = _degrees(place[:, 1], nation.east_m + noise[0], nation.north_m + noise[1])
    moving = speed[ship] > 0.5
    velocity_noise = 0.2 if nation.called else 0.7
    told = np.maximum(0.0, speed[ship] + rng.normal(0.0, velocity_noise, n) * moving)
    toward = course[ship] + rng.normal(0.0, 0.03, n)
    own = reports.columns
    own["time_s"][due] = now_s - ago + nation.clock_s
    own["longitude_deg"][due], own["latitude_deg"][due] = (place + shift).T
    own["std_m"][due] = nation.noise_m
    own["speed_mps"][due], own["course_deg"][due] = told, np.degrees(toward) % 360.0


def _misspelt(rng: np.random.Generator, name: str) -> str:
    at = int(rng.integers(1, len(name)))
    letter = chr(65 + int(rng.integers(26)))
    kind = rng.integers(3)
    return name[:at] + (letter if kind else "") + name[at + (kind < 2) :]


def _starts(rng: np.random.Generator, ships: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Latitudes, longitudes, speeds and courses at the beginning."""
    found = _recorded()
    if found is None:
        found = _drawn(rng, ships)
    order = rng.permutation(len(found))
    extra = rng.choice(len(found), max(0, ships - len(found)))
    beside = found[extra].copy()
    beside[:, :2] += rng.normal(0.0, 0.03, (len(extra), 2))
    rows = np.concatenate([found[order], beside])[:ships]
    return rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3]


def _recorded() -> Floats | None:
    """One row a ship of the recording: latitude, longitude, speed, course."""
    path = Path(os.environ.get("ALLIAGE_DATA", "")) / "ais/denmark-2013-11-12-5min.nmea.gz"
    if not path.is_file():
        return None
    ships: dict[str, list[float]] = {}
    batches = [
        batch
        for found in decode_file(path, load_feeds()["ais"], Options())
        for batch in found.batches
    ]
    for batch in batches:
        names = batch.rows.schema.names
        if "speed_mps" not in names:
            continue
        for row in batch.rows.to_pylist():
            if row["schema"] == "Vessel" and row.get("latitude_deg") is not None:
                speed, course = row.get("speed_mps") or 0.0, row.get("course_deg") or 0.0
                place = [row["latitude_deg"], row["longitude_deg"], speed, course]
                ships[row["identifier"]] = place
    rows = np.array(sorted(ships.values()))
    usual = (np.abs(rows[:, 0] - 56.0) < 4.0) & (np.abs(rows[:, 1] - 11.0) < 6.0)
    return np.asarray(rows[usual & (rows[:, 2] < 25.0)], np.float64)


def _drawn(rng: np.random.Generator, ships: int) -> Floats:
    """About thirty ports, half of the ships near them and at rest, the others at sea."""
    ports = np.stack([rng.uniform(54.5, 57.8, 30), rng.uniform(8.0, 13.5, 30)], axis=1)
    near = rng.random(ships) < 0.5
    place = np.stack([rng.uniform(54.5, 57.8, ships), rng.uniform(8.0, 13.5, ships)], axis=1)
    port = ports[rng.integers(30, size=ships)]
    place[near] = port[near] + rng.normal(0.0, 0.01, (int(near.sum()), 2))
    speed = np.where(near, 0.0, rng.uniform(2.0, 11.0, ships))
    return np.column_stack([place, speed, rng.uniform(0.0, 360.0, ships)])
