"""Are ships where their kind does not go, and areas that empty, found by what was learned?

A made-up sea, heard once a minute: a lane of merchant ships both ways (cargo ships, tankers and
passenger ships, as chance has it, busier by day), 12 km south of it one of ferries and fishing
vessels alone. Six days are learned; on the seventh, for each seed, as many as asked for are put in:

- ``strays``: a cargo ship or tanker goes along the ferries' lane (for ``unusual_place``);
- ``empties``: for two hours no ship under way is within one area of about 17 km: all go round it to
  the north (for ``unusual_traffic``), as where something is closed or feared;
- ``fills``: sixty more ships are under way in one area within half an hour.

Found means: an alert of the detector that is for it names the ship, or lies within 20 km of the
area, begins no earlier than an hour before and is told within an hour after it was over. Other
alerts of the two detectors after they begin to speak (five days) are false. The settings are those
that are shipped.

    python -m benchmarks.detection_unusual [--quick] [--seeds N] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from alliage.config_tables import OntologyConfig
from alliage.detection import Alert, Engine, make_detectors
from alliage.geo.flat import distance_m
from alliage.ontology.observation import COMMON, POSITION, Kind, ObservationBatch

FIRST: Final = 101
DAYS: Final = 6
HOUR_S: Final = 3_600
DAY_S: Final = 24 * HOUR_S
BEGIN_S: Final = 1_767_225_600
EVERY_S: Final = 60
LANE_M: Final = 120_000.0
WEST: Final = (57.0, 18.0)
SOUTH_M: Final = 12_000.0
AROUND_M: Final = 15_000.0
FLEET: Final = 60
NEAR_M: Final = 20_000.0
MERCHANTS: Final = (("cargo", 0.55), ("tanker", 0.3), ("passenger", 0.15))
FERRIES: Final = (("passenger", 0.6), ("fishing", 0.4))
FOR: Final = {"strays": "unusual_place", "empties": "unusual_traffic", "fills": "unusual_traffic"}
M_PER_DEG: Final = 111_195.0

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Put:
    """What was put in: what, of which ship or at which place of the lane, and when, seconds."""

    kind: str
    begin_s: float
    end_s: float
    name: str = ""
    east_m: float = 0.0


@dataclass(frozen=True)
class Outcome:
    """What became of it; minutes until it was told, None where it never was."""

    kind: str
    seed: int
    after_min: float | None


@dataclass(frozen=True)
class Ship:
    """One passage along a lane, from its west or its east end, or from ``start_m``."""

    name: str
    ship_type: str
    begin_s: float
    speed_mps: float
    is_west_bound: bool
    south_m: float
    start_m: float = 0.0
    length_m: float = LANE_M


def traffic(chance: np.random.Generator, days: int) -> list[Ship]:
    """Everybody who passes of themselves."""
    ships = []
    for lane, types, by_day, south_m in (
        ("m", MERCHANTS, 26.0, 0.0), ("f", FERRIES, 8.0, SOUTH_M),
    ):  # fmt: skip
        for hour in range(24 * days):
            rate = by_day if 6 <= hour % 24 < 20 else by_day * 0.7
            for nth in range(chance.poisson(rate)):
                kind = chance.choice([t for t, _ in types], p=[p for _, p in types])
                name, begin_s = f"mmsi:{lane}{hour}-{nth}", (hour + chance.uniform()) * HOUR_S
                speed_mps, is_west_bound = chance.normal(7.0, 0.7), bool(chance.integers(2))
                off_m = south_m + chance.normal(0, 700.0)
                ships.append(Ship(name, str(kind), begin_s, speed_mps, is_west_bound, off_m))
    return ships


def put_in(chance: np.random.Generator, count: int) -> tuple[list[Put], list[Ship]]:
    """What is put into the seventh day, and the ships that come of it."""
    put, ships, day_s = [], [], DAYS * DAY_S
    for nth in range(count):
        begin_s = day_s + (nth + chance.uniform(0.1, 0.4)) * 20 * HOUR_S / count
        name, kind = f"mmsi:stray-{nth}", str(chance.choice(["cargo", "tanker"]))
        speed_mps = chance.normal(7.0, 0.7)
        put.append(Put("strays", begin_s, begin_s + LANE_M / speed_mps, name))
        heading = bool(chance.integers(2))
        ships.append(
            Ship(name, kind, begin_s, speed_mps, heading, SOUTH_M + chance.normal(0, 700.0))
        )
    for nth in range(count):
        at_s = day_s + round((nth + 0.5) * 20 / count) * HOUR_S
        east_m = chance.uniform(0.3, 0.7) * LANE_M
        if nth % 2:
            put.append(Put("empties", at_s, at_s + 2 * HOUR_S, "", east_m))
            continue
        put.append(Put("fills", at_s, at_s + 1_800, "", east_m))
        for other in range(FLEET):
            begin_s = at_s + chance.uniform(0, 1_800)
            name, off_m = f"mmsi:fill-{nth}-{other}", chance.normal(0, 1_500.0)
            start_m = east_m + chance.normal(0, 1_500.0)
            ships.append(
                Ship(name, "sailing", begin_s, 3.0, bool(other % 2), off_m, start_m, 8_000.0)
            )
    return put, ships


def reports(ships: list[Ship], put: list[Put]) -> dict[str, NDArray[Any]]:
    """A report a minute of each, in the order of time."""
    columns: dict[str, list[Any]] = defaultdict(list)
    closed = [one for one in put if one.kind == "empties"]
    for number, ship in enumerate(ships):
        first = int(np.ceil(ship.begin_s / EVERY_S)) * EVERY_S
        seconds = np.arange(first, ship.begin_s + ship.length_m / ship.speed_mps, EVERY_S)
        gone_m = ship.speed_mps * (seconds - ship.begin_s)
        east_m = ship.start_m + np.where(ship.is_west_bound, ship.length_m - gone_m, gone_m)
        north_m = np.full(len(seconds), -ship.south_m)
        for one in closed:
            north_m += _detour_m(one, seconds, east_m)
        lat = WEST[0] + north_m / M_PER_DEG
        columns["ship"].append(np.full(len(seconds), number))
        columns["second"].append(seconds)
        columns["lat"].append(lat)
        columns["lon"].append(WEST[1] + east_m / M_PER_DEG / np.cos(np.radians(57.0)))
        columns["speed"].append(np.full(len(seconds), ship.speed_mps))
        columns["course"].append(np.full(len(seconds), 270.0 if ship.is_west_bound else 90.0))
    joined = {name: np.concatenate(parts) for name, parts in columns.items()}
    order = np.argsort(joined["second"], kind="stable")
    return {name: column[order] for name, column in joined.items()}


def _detour_m(one: Put, seconds: Floats, east_m: Floats) -> Floats:
    """How far to the north ships go round an area that is closed."""
    is_then = (seconds >= one.begin_s) & (seconds < one.end_s)
    near = np.clip(2.0 - np.abs(east_m - one.east_m) / 11_000.0, 0.0, 1.0)
    return np.asarray(np.where(is_then, near * 25_000.0, 0.0))


def play(seed: int, count: int) -> tuple[list[Outcome], int, float]:
    """One seed: what became of each, how many alerts are of nothing, and processor seconds."""
    chance = np.random.default_rng(seed)
    put, more = put_in(chance, count)
    ships = traffic(chance, DAYS + 1) + more
    names = ["unusual_place", "unusual_traffic"]
    engine = Engine(OntologyConfig().load(), partial(make_detectors, {}, names), "benchmark")
    begun = time.process_time()
    told: list[Alert] = []
    engine.take("sea", _words(ships))
    for batch in _batches(ships, reports(ships, put)):
        engine.take("sea", batch)
        told += engine.changes()
    told += engine.finish()
    spent_s = time.process_time() - begun
    outcomes = [_outcome(one, told, seed) for one in put]
    false = {a.alert_id for a in told if not any(_is_of(a, one) for one in put)}
    return outcomes, len(false), spent_s


def _words(ships: list[Ship]) -> ObservationBatch:
    begin_us = BEGIN_S * 1_000_000
    rows = [
        {
            "identifier": ship.name,
            "schema": "Vessel",
            "valid": begin_us,
            "ship_type": ship.ship_type,
        }
        for ship in ships
    ]
    return ObservationBatch(Kind.STATIC, pa.RecordBatch.from_pylist(rows))


def _batches(ships: list[Ship], of: dict[str, NDArray[Any]]) -> list[ObservationBatch]:
    """Ten minutes each."""
    fields = {field.name: field for field in (*COMMON, *POSITION)}
    names = pa.array([ship.name for ship in ships])
    edges = np.flatnonzero(np.diff(of["second"] // 600)) + 1
    batches = []
    for part in np.split(np.arange(len(of["second"])), edges):
        valid_us = (BEGIN_S + of["second"][part].astype(np.int64)) * 1_000_000
        named = pa.DictionaryArray.from_arrays(pa.array(of["ship"][part].astype(np.int32)), names)
        columns = {
            "identifier": named, "schema": pa.array(["Vessel"] * len(part)),
            "valid": pa.array(valid_us), "received": pa.array(valid_us),
            "latitude_deg": pa.array(of["lat"][part]), "longitude_deg": pa.array(of["lon"][part]),
            "speed_mps": pa.array(of["speed"][part]), "course_deg": pa.array(of["course"][part]),
        }  # fmt: skip
        cast = {name: column.cast(fields[name].type) for name, column in columns.items()}
        batches.append(ObservationBatch(Kind.POSITION, pa.RecordBatch.from_pydict(cast)))
    return batches


def _is_of(alert: Alert, one: Put) -> bool:
    begin_us, end_us = ((BEGIN_S + s) * 1_000_000 for s in (one.begin_s, one.end_s))
    hour_us = HOUR_S * 1_000_000
    if alert.detector != FOR[one.kind] or not begin_us - hour_us <= alert.start_us:
        return False
    if alert.told_us > end_us + hour_us:
        return False
    if one.name:
        return one.name in alert.identifiers
    lon = WEST[1] + one.east_m / M_PER_DEG / np.cos(np.radians(57.0))
    # Ships that go round an area fill those to the north of it.
    north_m = AROUND_M if one.kind == "empties" else 0.0
    lat = WEST[0] + north_m / M_PER_DEG
    return float(distance_m(alert.lat, alert.lon, lat, lon)) < NEAR_M + north_m


def _outcome(one: Put, told: list[Alert], seed: int) -> Outcome:
    times = [alert.told_us for alert in told if _is_of(alert, one)]
    begin_us = (BEGIN_S + one.begin_s) * 1_000_000
    return Outcome(one.kind, seed, None if not times else (min(times) - begin_us) / 60e6)


def said(outcomes: list[Outcome], false: int, seeds: int, spent_s: float) -> str:
    """The section of the report."""
    by_kind: dict[str, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        by_kind[one.kind].append(one)
    lines = [
        "| kind | detector | put in | found | recall | median minutes to alert |",
        "|---|---|---|---|---|---|",
    ]
    for kind, each in by_kind.items():
        times = [one.after_min for one in each if one.after_min is not None]
        when = f"{median(times):.0f}" if times else "-"
        share = len(times) / len(each)
        row = (kind, FOR[kind], len(each), len(times), f"{share:.2f}", when)
        lines.append("| " + " | ".join(map(str, row)) + " |")
    lines += [
        "",
        f"{seeds} seeds of {DAYS + 1} days, of which detectors speak for two. Alerts of nothing "
        f"that was put in: {false} ({false / seeds / 2:.1f} a day). {spent_s:,.0f} s of one core.",
    ]
    return "\n".join(lines)


def main() -> int:
    """Print the figures; with ``--json`` write them too."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.detection_unusual")
    parser.add_argument("--quick", action="store_true", help="one seed, two of each")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first", type=int, default=FIRST, help="those before are to mend with")
    parser.add_argument("--json", type=Path, help="write everything there")
    arguments = parser.parse_args()
    seeds, count = (1, 2) if arguments.quick else (arguments.seeds, 8)
    outcomes, false, spent_s = list[Outcome](), 0, 0.0
    for seed in range(arguments.first, arguments.first + seeds):
        found, more, took_s = play(seed, count)
        outcomes, false, spent_s = outcomes + found, false + more, spent_s + took_s
    text = said(outcomes, false, seeds, spent_s)
    sys.stdout.write(text + "\n")
    met = sum(one.after_min is not None for one in outcomes) >= 0.95 * len(outcomes)
    if arguments.json:
        runs = [asdict(one) for one in outcomes]
        arguments.json.write_text(json.dumps({"said": text, "met": met, "runs": runs}))
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
