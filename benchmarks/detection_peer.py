"""How do two of our detectors do beside what MovingPandas finds in the same reports?

The demo's scenario with its truth (``benchmarks/detection.py``), its AIS sentences decoded once and
given to both. Loitering beside MovingPandas' ``TrajectoryStopDetector``, silence beside its
``ObservationGapSplitter``: each of ours alone in an engine of its own, which takes every report in
as it comes and knows the cables; the peer has all hours at once, stops with a report a minute of
each ship. As the peer cannot tell when it would have said something, it counts as told as soon as
a stay or gap has lasted as long as it asks for, though a gap is seen only at its end.

The peer's settings were chosen on seeds 1 to 4, three hours each (``--choose`` plays them and
prints each that was tried): the best F1 of recall and precision, over the size and the length of a
stay and the length of a gap, each as it comes and with conditions on speed that our detector has
too: a stay begins within an hour of making 3.5 m/s and has a mean of 0.35 m/s or more between
reports; a gap begins at 1.5 m/s or more. Ours has the settings that are shipped, which were made
with seeds 1 to 9. Seed 101 counts.

Found is as in ``benchmarks/detection.py``; false is what matches no true incident of any kind, with
neither joined into incidents. What the peer is not made for and does not do: knowing where
reception is good, and so whether a gap means anything; harbours, anchorages, fishing vessels and
other slow trades; cables; probabilities and reasons; answers while reports come. It is a library
for analysis, and what it finds is right in its own words: a ship in port has stopped. An hour or
three of one seed hold a handful of incidents: recall tells little here, false alerts tell more.

    python -m benchmarks.detection_peer [--quick] [--choose] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from alliage.config_tables import OntologyConfig
from alliage.detection import Alert, Engine
from alliage.detection.contract import Detector
from alliage.detection.detectors.loitering import Loitering, LoiteringSettings
from alliage.detection.detectors.silence import Silence, SilenceSettings
from alliage.exercise.incidents import IncidentKind
from alliage.exercise.scenario import load_scenario
from alliage.exercise.simulation import SECOND_US, Simulation
from alliage.exercise.truth import TrueIncident, Truth
from alliage.geo.flat import distance_m
from alliage.ontology.observation import ObservationBatch
from benchmarks.detection import BEGIN_US, EARLY_US, LATE_US, decoded

PEER_PYTHON: Final = Path(__file__).parents[1] / ".bench-venv/bin/python"
SEED: Final = 101
CHOSEN_ON: Final = range(1, 5)
STOPS: Final = [
    {"diameter_m": diameter_m, "lasts_s": lasts_s, "every_s": 60.0, "helped": helped}
    for diameter_m in (500.0, 750.0, 1_000.0, 2_000.0, 3_700.0)
    for lasts_s in (1_200.0, 2_400.0)
    for helped in (0.0, 1.0)
]
GAPS: Final = [
    {"lasts_s": lasts_s, "helped": helped}
    for lasts_s in (300.0, 600.0, 900.0, 1_800.0, 2_700.0, 3_600.0)
    for helped in (0.0, 1.0)
]
STAYS_CHOSEN: Final = {"diameter_m": 750.0, "lasts_s": 1_200.0, "every_s": 60.0, "helped": 1.0}
GAPS_CHOSEN: Final = {"lasts_s": 1_800.0, "helped": 1.0}


@dataclass(frozen=True)
class Pair:
    """One of our detectors, what it is for, and the peer's settings that were chosen."""

    kind: IncidentKind
    make: Callable[[], Detector]
    chosen: dict[str, float]
    tried: list[dict[str, float]]


PAIRS: Final = {
    "loitering": Pair(
        IncidentKind.LOITERS, lambda: Loitering(LoiteringSettings()), STAYS_CHOSEN, STOPS
    ),
    "silence": Pair(IncidentKind.GOES_DARK, lambda: Silence(SilenceSettings()), GAPS_CHOSEN, GAPS),
}


@dataclass(frozen=True)
class Told:
    """That something is with a ship, since when, until when, and when it was said."""

    identifiers: frozenset[str]
    start_us: int
    end_us: int
    told_us: int


@dataclass(frozen=True)
class Columns:
    """The ships' reports in the order of time: n each, ``ship`` counts in ``names``."""

    names: list[str]
    ship: NDArray[np.int64]
    valid: NDArray[np.int64]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    speed: NDArray[np.float64]


@dataclass(frozen=True)
class Played:
    """Some hours of a seed: what was reported, and what truly happened."""

    parts: list[list[ObservationBatch]]
    columns: Columns
    true: list[TrueIncident]
    until_us: int


@dataclass(frozen=True)
class Figures:
    """How one did: true incidents of the kind, found ones, false alerts and what they took."""

    true: int
    found: int
    alerts: int
    false: int
    cpu_s: float

    @property
    def recall(self) -> float:
        """Found of the true ones."""
        return self.found / self.true if self.true else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of recall and of the share of alerts that are true."""
        precision = 1.0 - self.false / self.alerts if self.alerts else 0.0
        both = self.recall + precision
        return 2.0 * self.recall * precision / both if both else 0.0


def play(seed: int, hours: float) -> Played:
    """Play a seed."""
    simulation = Simulation(load_scenario("baltic"), BEGIN_US, seed=seed)
    parts = list(decoded(simulation, hours))
    until_us = BEGIN_US + round(hours * 3_600) * SECOND_US
    true = Truth(simulation).incidents_between(BEGIN_US, until_us)
    return Played(parts, columns_of(parts), true, until_us)


def columns_of(parts: Sequence[Sequence[ObservationBatch]]) -> Columns:
    """The ships' reports of some batches."""
    wanted = ["identifier", "valid", "latitude_deg", "longitude_deg", "speed_mps"]
    tables = []
    for batch in (batch for part in parts for batch in part):
        names = batch.rows.schema.names
        if "speed_mps" in names and "schema" in names:
            table = pa.table(batch.rows)
            is_ship = pc.equal(table["schema"].cast(pa.string()), "Vessel")
            table = table.filter(is_ship).select(wanted)
            tables.append(table.set_column(0, "identifier", table[0].cast(pa.string())))
    table = pa.concat_tables(tables)
    table = table.filter(pc.is_valid(table["latitude_deg"])).sort_by("valid")
    names, ship = np.unique(table["identifier"].to_numpy().astype(str), return_inverse=True)
    numbers = (table[name].to_numpy().astype(np.float64) for name in wanted[2:])
    return Columns(names.tolist(), ship, table["valid"].cast(pa.int64()).to_numpy(), *numbers)


def ours(played: Played, make: Callable[[], Detector]) -> tuple[list[Told], float]:
    """What one of our detectors tells, and the seconds that it takes."""
    engine = Engine(OntologyConfig().load(), lambda: [make()], "benchmark")
    engine.state("exercise", load_scenario("baltic").infrastructure.to_statements(BEGIN_US))
    alerts: dict[str, Told] = {}

    def note(changes: Sequence[Alert]) -> None:
        for alert in changes:
            first = alerts.get(alert.alert_id)
            told_us = first.told_us if first else alert.told_us
            end_us = alert.end_us or alert.told_us
            alerts[alert.alert_id] = Told(
                frozenset(alert.identifiers), alert.start_us, end_us, told_us
            )

    began = time.process_time()
    for part in played.parts:
        for batch in part:
            engine.take("exercise", batch)
        note(engine.changes())
    note(engine.finish())
    return list(alerts.values()), time.process_time() - began


def peers(
    played: Played, settings: list[dict[str, float]], python: Path = PEER_PYTHON
) -> list[tuple[list[Told], float]]:
    """The same of the peer, for each of some settings."""
    columns = played.columns
    asked = [{name: one[name] for name in one if name != "helped"} for one in settings]
    once = [one for nth, one in enumerate(asked) if one not in asked[:nth]]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reports.npz"
        np.savez(path, ship=columns.ship, valid=columns.valid, lat=columns.lat, lon=columns.lon)
        command = [str(python), str(Path(__file__).with_name("peer_movingpandas.py"))]
        task = json.dumps({"path": str(path), "settings": once})
        done = subprocess.run(command, input=task, stdout=subprocess.PIPE, text=True, check=True)
    answers = json.loads(done.stdout)
    told: list[tuple[list[Told], float]] = []
    for one, asks in zip(settings, asked, strict=True):
        answer = answers[once.index(asks)]
        rows, lasts_us = answer["told"], round(one["lasts_s"] * 1e6)
        if one["helped"]:
            holds = is_slow_stay if "diameter_m" in one else begins_under_way
            rows = [row for row in rows if holds(columns, *row)]
        each = [
            Told(frozenset({columns.names[ship]}), start_us, end_us, start_us + lasts_us)
            for ship, start_us, end_us in rows
        ]
        told.append((each, answer["cpu_s"]))
    return told


def is_slow_stay(columns: Columns, ship: int, start_us: int, end_us: int) -> bool:
    """Whether who stays came at speed, and does not rest."""
    own = np.flatnonzero(columns.ship == ship)
    valid = columns.valid[own]
    before = own[(valid >= start_us - 3_600 * SECOND_US) & (valid <= start_us)]
    during = own[(valid >= start_us) & (valid <= end_us)]
    lat, lon = columns.lat[during], columns.lon[during]
    gone_m = float(np.sum(distance_m(lat[:-1], lon[:-1], lat[1:], lon[1:])))
    came = bool(np.any(columns.speed[before] >= 3.5))
    return came and gone_m >= 0.35 * (end_us - start_us) / 1e6


def begins_under_way(columns: Columns, ship: int, start_us: int, _end_us: int) -> bool:
    """Whether who falls silent made way."""
    last = np.flatnonzero((columns.ship == ship) & (columns.valid == start_us))
    return bool(np.any(columns.speed[last] >= 1.5))


def is_of(told: Told, one: TrueIncident) -> bool:
    """Whether it may be said of a true incident."""
    timely = one.start_us - EARLY_US <= told.start_us <= one.end_us + LATE_US
    timely |= told.start_us <= one.start_us <= told.end_us
    return timely and bool(told.identifiers & {f"mmsi:{mmsi}" for mmsi in one.mmsis})


def judge(played: Played, kind: IncidentKind, told: list[Told], cpu_s: float) -> Figures:
    """Hold what was told against the truth."""
    whole = [
        one
        for one in played.true
        if one.kind is kind and one.start_us >= BEGIN_US and one.end_us < played.until_us
    ]
    found = sum(
        any(is_of(each, one) and each.told_us <= one.end_us + LATE_US for each in told)
        for one in whole
    )
    false = sum(not any(is_of(each, one) for one in played.true) for each in told)
    return Figures(len(whole), found, len(told), false, cpu_s)


def added(figures: Sequence[Figures]) -> Figures:
    """Figures of several seeds together."""
    return Figures(*(sum(column) for column in zip(*map(astuple, figures), strict=True)))


def choose(hours: float) -> str:
    """What each of the peer's settings gives on the seeds for choosing, the best ones first."""
    figures: dict[tuple[str, int], list[Figures]] = defaultdict(list)
    for seed in CHOSEN_ON:
        played = play(seed, hours)
        for name, pair in PAIRS.items():
            for nth, told in enumerate(peers(played, pair.tried)):
                figures[name, nth].append(judge(played, pair.kind, *told))
    together = {key: added(each) for key, each in figures.items()}
    ordered = sorted(together, key=lambda key: (key[0], -together[key].f1))
    return "\n".join(
        f"{name} {PAIRS[name].tried[nth]}: F1 {together[name, nth].f1:.3f}, "
        f"{told_of(together[name, nth])}"
        for name, nth in ordered
    )


def told_of(figures: Figures) -> str:
    """Figures in words."""
    recall = f"recall {figures.recall:.2f}" if figures.true else "no recall"
    return (
        f"found {figures.found} of {figures.true} ({recall}), {figures.alerts} alerts, "
        f"{figures.false} false, {figures.cpu_s:.1f} s"
    )


def compare(played: Played) -> dict[str, tuple[Figures, Figures | None]]:
    """Ours and the peer's figures; none of the peer where it is not installed."""
    figures: dict[str, tuple[Figures, Figures | None]] = {}
    for name, pair in PAIRS.items():
        own = judge(played, pair.kind, *ours(played, pair.make))
        other = None
        if PEER_PYTHON.exists():
            other = judge(played, pair.kind, *peers(played, [pair.chosen])[0])
        figures[name] = own, other
    return figures


def said(figures: dict[str, tuple[Figures, Figures | None]], rows: int, hours: float) -> str:
    """The section of the report."""
    lines = [f"seed {SEED}, {hours:g} h, {rows:,} reports of ships"]
    for name, (own, other) in figures.items():
        lines.append(f"{name:<10} Alliage       {told_of(own)}")
        if other is None:
            lines.append(f"{name:<10} MovingPandas  left out: it is not in .bench-venv")
            continue
        ratio = other.cpu_s / own.cpu_s
        lines.append(f"{name:<10} MovingPandas  {told_of(other)}; {ratio:.1f} times as long")
        lines.append(f"{'':<10} with {PAIRS[name].chosen}")
    return "\n".join(lines)


def main() -> int:
    """Print the figures; with ``--json`` write them too."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.detection_peer")
    parser.add_argument("--quick", action="store_true", help="one hour")
    parser.add_argument("--choose", action="store_true", help="the peer's settings, seeds 1 to 4")
    parser.add_argument("--json", type=Path, help="write everything there")
    arguments = parser.parse_args()
    hours = 1.0 if arguments.quick else 3.0
    if arguments.choose:
        sys.stdout.write(choose(hours) + "\n")
        return 0
    played = play(SEED, hours)
    figures = compare(played)
    sys.stdout.write(said(figures, len(played.columns.ship), hours) + "\n")
    if arguments.json:
        runs: dict[str, Any] = {
            name: {"alliage": asdict(own), "movingpandas": other and asdict(other)}
            for name, (own, other) in figures.items()
        }
        arguments.json.write_text(json.dumps({"seed": SEED, "hours": hours} | runs))
    return 0


if __name__ == "__main__":
    sys.exit(main())
