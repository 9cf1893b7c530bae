"""How far do forecasts miss on real recordings, and are their areas honest?

Beside going straight on. Every five minutes of each thing's reports a forecast is made with what
was learned until then and no later, and held against where the thing was, interpolated between its
own reports. A share inside of 50 and 90 in a hundred is honest: larger areas are too careful,
smaller ones lie. Things at rest are left out: nobody is praised for knowing that a moored ship
stays. Of FRIO and the Solent the water is learned within the recording alone, which is an hour and
a half; of the air round Paris within three hours. Speed: 20,000 things, half an hour ahead.

Up to six hours ahead no recording is long enough: with `--exercise` the demo's traffic is played
for so many hours, through its AIS sentences, and each of its ships is asked for every half hour.
Of some of them it is asked as well when they will be where they truly are some time later, and
whether they come within the interval that is told (90 of 100 should).

    ALLIAGE_DATA=... python -m benchmarks.forecast [--quick] [--exercise HOURS] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alliage.config_tables import OntologyConfig
from alliage.detection import Engine, Reports, Scene
from alliage.detection.forecast import Forecast, Forecaster, States
from alliage.detection.forecast.forecaster import domains
from alliage.exercise.scenario import load_scenario
from alliage.exercise.simulation import Simulation
from alliage.exercise.truth import Truth
from alliage.feeds.bulk import decode_file
from alliage.feeds.registry import guess_feed
from alliage.geo.flat import distance_m, moved, offset_m
from alliage.ontology.observation import ObservationBatch
from benchmarks.arrivals import Arrivals, said_of_arrivals
from benchmarks.detection import BEGIN_US, decoded
from tests.detection.recordings import paris, solent

AHEAD_S = (300.0, 900.0, 1_800.0)
HOURS_AHEAD_S = (*AHEAD_S, 3_600.0, 10_800.0, 21_600.0)
EVERY_US = 300_000_000
SELDOM_US = 1_800_000_000
THINNED_US = 60_000_000
"""Of an exercise a report a minute is kept, to hold forecasts against."""

LONGEST_STEP_S = 240.0
"""Between two reports further apart nobody knows where a thing was."""

MANY = 20_000

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """What became of the forecasts of one recording, so far ahead."""

    recording: str
    ahead_min: int
    forecasts: int
    ours_m: float
    straight_m: float
    ours_mean_m: float
    straight_mean_m: float
    inside_50: float
    inside_90: float


@dataclass
class Asked:
    """Forecasts of one horizon: from when, of what, and where to."""

    thing: list[int] = field(default_factory=list)
    when_us: list[int] = field(default_factory=list)
    rows: list[tuple[float, ...]] = field(default_factory=list)


class Watching(Forecaster):
    """A forecaster that is asked at every look, before it learns more; keeps its answers."""

    def __init__(
        self,
        ahead_s: Sequence[float] = AHEAD_S,
        every_us: int = EVERY_US,
        thinned_us: int = 0,
        arrivals: Arrivals | None = None,
    ) -> None:
        super().__init__()
        self.arrivals = arrivals
        self.asked = {one: Asked() for one in ahead_s}
        self._every_us, self._thinned_us = every_us, thinned_us
        self.ways: dict[int, list[tuple[int, float, float]]] = {}
        self._last: dict[int, int] = {}

    def learn(self, scene: Scene, reports: Reports) -> None:
        for nth in np.flatnonzero(reports.is_last).tolist():
            place = int(reports.valid_us[nth]), float(reports.lat[nth]), float(reports.lon[nth])
            way = self.ways.setdefault(int(reports.thing[nth]), [])
            if not way or place[0] - way[-1][0] >= self._thinned_us:
                way.append(place)
        self._ask(scene, reports)
        super().learn(scene, reports)

    def _ask(self, scene: Scene, reports: Reports) -> None:
        use = reports.is_last & ~np.isnan(reports.speed_mps) & ~np.isnan(reports.course_deg)
        things = reports.thing.tolist()
        due = [
            nth
            for nth in np.flatnonzero(use).tolist()
            if reports.valid_us[nth] - self._last.get(things[nth], 0) >= self._every_us
        ]
        if not due:
            return
        rows = np.array(due)
        states = States(
            reports.lat[rows], reports.lon[rows], reports.speed_mps[rows],
            reports.course_deg[rows], domains(scene, reports.thing[rows]),
        )  # fmt: skip
        # Of those at rest too: whoever asks of each as it begins to move asks at its worst moment.
        self._last.update((things[nth], int(reports.valid_us[nth])) for nth in due)
        moving = states.speed_class > 0
        rows, states = rows[moving], states.take(moving)
        if self.arrivals is not None:
            asked_of = reports.thing[rows].tolist(), reports.valid_us[rows].tolist()
            self.arrivals.ask(self, scene, *asked_of, states)
        for ahead_s, asked in self.asked.items():
            self._remember(asked, reports, rows, states, self.forecast(states, ahead_s), ahead_s)

    def _remember(
        self,
        asked: Asked,
        reports: Reports,
        rows: Any,
        states: States,
        made: Forecast,
        ahead_s: float,
    ) -> None:
        course = np.radians(states.course_deg)
        way_m = states.speed_mps * ahead_s
        straight = moved(states.lat, states.lon, way_m * np.sin(course), way_m * np.cos(course))
        asked.thing += reports.thing[rows].tolist()
        asked.when_us += (reports.valid_us[rows] + round(ahead_s * 1e6)).tolist()
        columns = (
            made.lat, made.lon, made.axis_deg, *made.half, *made.most, *straight,
        )  # fmt: skip
        asked.rows += np.stack(columns, axis=1).tolist()


def judged(name: str, of: Watching) -> Iterator[Row]:
    """Hold what was asked against where things were."""
    times = {thing: [us for us, _, _ in way] for thing, way in of.ways.items()}
    for ahead_s, asked in of.asked.items():
        found = [
            (row, place)
            for thing, when_us, row in zip(asked.thing, asked.when_us, asked.rows, strict=True)
            if (place := _place(times[thing], of.ways[thing], when_us)) is not None
        ]
        if not found:
            continue
        made, was = np.array([row for row, _ in found]), np.array([place for _, place in found])
        lat, lon, axis, half_a, half_c, most_a, most_c, straight_lat, straight_lon = made.T
        ours = distance_m(lat, lon, was[:, 0], was[:, 1])
        straight = distance_m(straight_lat, straight_lon, was[:, 0], was[:, 1])
        east, north = offset_m(lat, lon, was[:, 0], was[:, 1])
        turn = np.radians(axis)
        along = east * np.sin(turn) + north * np.cos(turn)
        across = east * np.cos(turn) - north * np.sin(turn)
        yield Row(
            name, round(ahead_s / 60), len(found), float(np.median(ours)),
            float(np.median(straight)), float(ours.mean()), float(straight.mean()),
            float(np.mean(np.hypot(along / half_a, across / half_c) <= 1.0)),
            float(np.mean(np.hypot(along / most_a, across / most_c) <= 1.0)),
        )  # fmt: skip


def _place(
    times: list[int], way: list[tuple[int, float, float]], when_us: int
) -> tuple[float, float] | None:
    after = bisect_left(times, when_us)
    if not 0 < after < len(way):
        return None
    (us, lat, lon), (next_us, next_lat, next_lon) = way[after - 1], way[after]
    if next_us - us > LONGEST_STEP_S * 1e6:
        return None
    share = (when_us - us) / (next_us - us)
    return lat + share * (next_lat - lat), lon + share * (next_lon - lon)


def played(batches: Iterable[ObservationBatch], watching: Watching) -> Watching:
    """A recording through an engine without detectors."""
    engine = Engine(OntologyConfig().load(), list, "benchmark")
    engine.scene.forecaster = watching
    for batch in batches:
        engine.take("recording", batch)
    engine.finish()
    return watching


def recorded(data_dir: Path, quick: bool) -> dict[str, Watching]:
    """The real ones."""
    recordings: dict[str, Iterable[ObservationBatch]] = {
        "Solent": [solent(data_dir)], "FRIO": frio(data_dir),
    }  # fmt: skip
    if not quick:
        recordings["Paris"] = [paris(data_dir)]
    return {name: played(batches, Watching()) for name, batches in recordings.items()}


def exercise(hours: float, seed: int) -> Watching:
    """The demo's traffic."""
    simulation = Simulation(load_scenario("baltic"), BEGIN_US, seed=seed)
    batches = (batch for some in decoded(simulation, hours) for batch in some)
    arrivals = Arrivals(Truth(simulation), seed)
    return played(batches, Watching(HOURS_AHEAD_S, SELDOM_US, THINNED_US, arrivals))


def frio(data_dir: Path) -> Iterator[ObservationBatch]:
    """One ship that drifts in the end."""
    path = data_dir / "ais/frio-drift-2014-09-28.nmea"
    feed = guess_feed(path)
    for part in decode_file(path, feed, feed.options_model()):
        yield from part.batches


def seconds_of_many(of: Forecaster, runs: int) -> float:
    """The median time to forecast :data:`MANY` things half an hour ahead."""
    random = np.random.default_rng(1)
    states = States(
        random.uniform(54, 60, MANY), random.uniform(8, 24, MANY), random.uniform(0, 12, MANY),
        random.uniform(0, 360, MANY), np.zeros(MANY, np.int64),
    )  # fmt: skip
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        of.forecast(states, 1_800.0)
        times.append(time.perf_counter() - begun)
    return median(times)


def said(rows: list[Row], seconds: float) -> str:
    """The section of the report."""
    lines = [
        "| recording | min ahead | forecasts | median miss m | straight on | mean miss m "
        "| straight on | inside 50 % | inside 90 % |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.recording} | {row.ahead_min} | {row.forecasts:,} | {row.ours_m:,.0f} "
        f"| {row.straight_m:,.0f} | {row.ours_mean_m:,.0f} | {row.straight_mean_m:,.0f} "
        f"| {row.inside_50:.0%} | {row.inside_90:.0%} |"
        for row in rows
    ]
    lines += ["", f"{MANY:,} things, 30 minutes ahead: {seconds * 1000:.0f} ms (aim: below 1 s)."]
    return "\n".join(lines)


def main() -> int:
    """Print the figures; with ``--json`` write them too."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.forecast", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="without Paris")
    parser.add_argument("--json", type=Path, help="write everything there")
    parser.add_argument("--exercise", type=float, metavar="HOURS", help="of the demo instead")
    parser.add_argument("--seed", type=int, default=301, help="of the exercise; 9: its making")
    arguments = parser.parse_args()
    if arguments.exercise:
        watched = {"exercise": exercise(arguments.exercise, arguments.seed)}
    else:
        watched = recorded(Path(os.environ["ALLIAGE_DATA"]), arguments.quick)
    rows = [row for name, of in watched.items() for row in judged(name, of)]
    seconds = seconds_of_many(next(iter(watched.values())), 3 if arguments.quick else 15)
    text, met = said(rows, seconds), seconds < 1.0
    came = [one for of in watched.values() if of.arrivals for one in of.arrivals.came]
    if came:
        text += "\n\n" + "\n".join(said_of_arrivals(came))
    sys.stdout.write(text + "\n")
    if arguments.json:
        runs = {"rows": [asdict(row) for row in rows], "seconds": seconds}
        arguments.json.write_text(json.dumps({"said": text, "met": met, "runs": runs}))
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
