"""Does one core keep up with 100,000 live tracks, 10,000 reports and 5,000 radar plots a second?

The live path without network, log and correlators, in steps of half a second: 20 streams of
identified ships, each under a label set of its own, 10,000 reports a second together, go into the
picture, whose filters take them; a fifth of the ships are reported by a second stream too, so that
their states are combined for each audience. 25 radars, 200 plots a second each, go into the
picture as plots and into their trackers (JPDA, a node's own settings), and the tracks that come
out into the picture as well. Once a second the view of every audience is refreshed: one that sees
everything, or 20 of which each sees 19 of the 20 label sets, so that none shares anything with
another.

Told are seconds of processor time for a second of the streams, and how they grow from 1,000 to
10,000 and 100,000 ships at the same rates of reports and plots. What the streams make is not
counted. Decoding and the signed log are measured in `whole_path`, what clients are sent in
`picture_updates`. The aim: less than one second a second, with 1 and with 20 audiences.

    python -m benchmarks.fusion_scale [--quick] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from operator import ne
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from alliage.fusion import ConstantVelocity, Modes, Sensor, Settings
from alliage.fusion.plot_stream import PlotStream, StreamSettings
from alliage.ontology.audience import Audience, LabelSets
from alliage.ontology.label import Label
from alliage.ontology.observation import ObservationBatch
from alliage.ontology.schema import Ontology
from alliage.picture.picture import Picture
from benchmarks.fleet import SEED, START_US, Entry, Fleet
from benchmarks.radar_plots import DETECTION, FALSE_PLOTS, REACH_M, Radar

SIZES: Final = (1_000, 10_000, 100_000)
AUDIENCES: Final = (1, 20)
STREAMS: Final = 20
RADARS: Final = 25
SHIPS_OF_A_RADAR: Final = 500
REPORTS_A_SECOND: Final = 10_000
STEP_S: Final = 0.5
SETTLING_S: Final = 10
MEASURED_S: Final = 20
PLOTS: Final = "observations:plot"
LABELS: Final = [
    Label.make("ALLIAGE", "SECRET", ["FRA"], {"Net": [str(number)]}) for number in range(STREAMS)
]


class Clock:
    """Seconds of processor time by part of the work."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self.seconds: list[float] = []
        self.runs = False

    @contextmanager
    def __call__(self, part: str) -> Iterator[None]:
        """Count what is done meanwhile, once the settling is over."""
        began = time.process_time()
        yield
        if self.runs:
            took = time.process_time() - began
            self.spent[part] = self.spent.get(part, 0.0) + took
            self.seconds[-1] += took


class Streams:
    """What comes in: reports of ships that are known, by stream, and plots of radars."""

    def __init__(self, ships: int) -> None:
        self._chance = np.random.default_rng(SEED)
        self._fleet = Fleet(ships)
        again = self._chance.permutation(ships)[: ships // 5]
        self.ship = np.concatenate([np.arange(ships), again])
        self._stream = np.concatenate(
            [np.arange(ships) % STREAMS, (again + 1 + again % 7) % STREAMS]
        )
        self._radars = [Radar(number, SHIPS_OF_A_RADAR) for number in range(RADARS)]

    def everything(self) -> list[Entry]:
        """One report of each ship by each stream that has it, at the beginning."""
        return self._entries(np.arange(len(self.ship)), np.full(len(self.ship), START_US), 0)

    def reports(self, begin_s: float, number: int) -> list[Entry]:
        """Reports of one step, the ships by chance and each at its own moment."""
        count = round(REPORTS_A_SECOND * STEP_S)
        rows = self._chance.integers(0, len(self.ship), count)
        moments = begin_s + np.sort(self._chance.random(count)) * STEP_S
        return self._entries(rows, START_US + np.round(moments * 1e6).astype(np.int64), number)

    def plots(self, begin_s: float) -> list[ObservationBatch]:
        """What each radar's beam met in one step."""
        return [radar.between(begin_s, begin_s + STEP_S) for radar in self._radars]

    def _entries(
        self, rows: NDArray[np.int64], valid_us: NDArray[np.int64], number: int
    ) -> list[Entry]:
        entries = []
        for stream in range(STREAMS):
            chosen = self._stream[rows] == stream
            batch = self._fleet.reports(self.ship[rows[chosen]], valid_us[chosen])
            known_us = int(valid_us.max())
            entries.append(Entry(number + stream, batch, known_us, f"ships-{stream}", stream))
        return entries


def audiences(count: int, label_sets: LabelSets) -> list[Audience]:
    """One that sees everything, or several of which each lacks another label."""
    if count == 1:
        return [Audience("everything", lambda _label: True, label_sets)]
    return [
        Audience(f"without {label}", partial(ne, label), label_sets) for label in LABELS[:count]
    ]


def make_picture() -> tuple[Picture, LabelSets]:
    """An empty picture that knows the labels."""
    label_sets = LabelSets()
    for label in LABELS:
        label_sets.intern(frozenset([label]))
    return Picture(Ontology.load(), label_sets, lambda stream, word: f"{stream} {word}"), label_sets


def make_trackers() -> list[PlotStream]:
    """One for each radar, set up as a node does by default."""
    clutter_per_m2 = FALSE_PLOTS / (np.pi * REACH_M**2)
    sensor = Sensor("sensor", DETECTION, clutter_per_m2, max_range_m=REACH_M)
    tracker = Settings(modes=Modes([ConstantVelocity(0.05)]), late_s=10.0)
    return [PlotStream(f"radar-{n}", StreamSettings(sensor, tracker)) for n in range(RADARS)]


def measure(ships: int, readers: int, settling_s: int, measured_s: int) -> dict[str, Any]:
    """What a second takes, in all and by part."""
    streams, trackers, clock = Streams(ships), make_trackers(), Clock()
    picture, label_sets = make_picture()
    audience = audiences(readers, label_sets)
    picture.apply(streams.everything())
    number, told = STREAMS, 0
    for second in range(settling_s + measured_s):
        clock.runs = second >= settling_s
        clock.seconds += [0.0] * clock.runs
        for begin_s in np.arange(second, second + 1, STEP_S).tolist():
            entries, plots = streams.reports(begin_s, number), streams.plots(begin_s)
            number += STREAMS
            now_us = START_US + round((begin_s + STEP_S) * 1e6)
            with clock("reports"):
                picture.apply(entries)
            for radar, (tracker, batch) in enumerate(zip(trackers, plots, strict=True)):
                with clock("plots"):
                    tracks = tracker.take([batch])
                under = radar % STREAMS
                entries = [
                    Entry(number, batch, now_us, f"radar-{radar}", under, PLOTS),
                    *(Entry(number, one, now_us, tracker.stream, under) for one in tracks),
                ]
                number += 1
                told += clock.runs * sum(one.rows.num_rows for one in tracks)
                with clock("plots into the picture"):
                    picture.apply(entries)
        for one in audience:
            with clock("views"):
                picture.view(one, now_us)
    totals = [picture.view(one, now_us).totals() for one in audience]
    return {
        "total_s": sum(clock.seconds) / measured_s,
        "parts_s": {part: spent / measured_s for part, spent in clock.spent.items()},
        "worst_second_s": max(clock.seconds),
        "tracks_seen": [one.tracks for one in totals],
        "radar_tracks_told_a_second": told / measured_s,
    }


def line(ships: int, readers: int, found: dict[str, Any]) -> str:
    """One line of the table."""
    parts = ", ".join(f"{part} {spent:.3f}" for part, spent in found["parts_s"].items())
    return (
        f"{ships:>7,} ships, {readers:>2} audiences: {found['total_s']:.3f} s, in the worst second "
        f"{found['worst_second_s']:.3f} ({parts})"
    )


def main() -> int:
    """Print the figures; exit code 1 where it is slower than real time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--quick", action="store_true", help="fewer ships and seconds")
    arguments = parser.parse_args()
    sizes = SIZES[:2] if arguments.quick else SIZES
    settling_s, measured_s = (5, 3) if arguments.quick else (SETTLING_S, MEASURED_S)
    results: dict[str, dict[str, Any]] = {}
    print("Processor time for a second of the streams:")
    for readers in AUDIENCES:
        for ships in sizes:
            found = measure(ships, readers, settling_s, measured_s)
            results[f"{ships} ships, {readers} audiences"] = found
            print(line(ships, readers, found), flush=True)
    in_time = all(found["total_s"] < 1.0 for found in results.values())
    print(f"The aim, less than a second a second: {'reached' if in_time else 'MISSED'}")
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=2))
    return 0 if in_time else 1


if __name__ == "__main__":
    sys.exit(main())
