"""Writes ``tests/fusion/golden_metrics.json``: scenes, and what Stone Soup's metric classes say.

Run by the benchmark environment's own Python when the scenes change; the tests need no Stone Soup:

    .bench-venv/bin/python benchmarks/golden_metrics.py
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from stonesoup.measures import Euclidean
from stonesoup.metricgenerator.manager import MultiManager
from stonesoup.metricgenerator.ospametric import GOSPAMetric, OSPAMetric
from stonesoup.metricgenerator.tracktotruthmetrics import SIAPMetrics
from stonesoup.types.association import AssociationSet, TimeRangeAssociation
from stonesoup.types.groundtruth import GroundTruthPath
from stonesoup.types.state import State
from stonesoup.types.time import TimeRange
from stonesoup.types.track import Track

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
CUTOFF_M = 100.0
INSTANT = timedelta(milliseconds=1)  # no time range is empty
TARGET = Path(__file__).parents[1] / "tests/fusion/golden_metrics.json"


def scene(seed: int) -> dict[str, Any]:
    """Truths that wander, tracks near most of them, doubles and tracks of nothing."""
    chance = np.random.default_rng(seed)
    count = int(chance.integers(1, 9))
    begin = chance.uniform(0.0, 900.0, (count, 2))
    speed = chance.normal(0.0, 10.0, (count, 2))
    truths, tracks = [], []
    for time in range(8):
        for thing in range(count):
            place = begin[thing] + speed[thing] * time
            if chance.random() < 0.9:
                truths.append([time, thing, *place])
            for copy in range(int(chance.choice([0, 1, 1, 1, 2]))):
                near = place + chance.normal(0.0, 35.0, 2)
                tracks.append([time, 10 * thing + copy, *near])
        if chance.random() < 0.4:
            tracks.append([time, 999, *chance.uniform(0.0, 900.0, 2)])
    return {"truths": truths, "tracks": tracks}


def paths(rows: list[list[float]], kind: type) -> dict[int, Any]:
    """Stone Soup's objects by number."""
    found: dict[int, Any] = {}
    for time, number, east, north in rows:
        state = State(np.array([[east], [north]]), BEGIN + timedelta(seconds=time))
        found.setdefault(int(number), kind()).append(state)
    return found


def associations(made: dict[str, Any], truths: dict[int, Any], tracks: dict[int, Any]) -> Any:
    """Each track with the nearest truth closer than the cutoff, time by time."""
    pairs = set()
    for time, number, *place in made["tracks"]:
        there = [row for row in made["truths"] if row[0] == time]
        distances = [float(np.hypot(r[2] - place[0], r[3] - place[1])) for r in there]
        if distances and min(distances) < CUTOFF_M:
            truth = int(there[int(np.argmin(distances))][1])
            when = BEGIN + timedelta(seconds=time)
            both = {truths[truth], tracks[int(number)]}
            pairs.add(TimeRangeAssociation(both, TimeRange(when, when + INSTANT)))
    return AssociationSet(pairs)


def judged(made: dict[str, Any]) -> dict[str, Any]:
    """Figures of Stone Soup."""
    truths, tracks = paths(made["truths"], GroundTruthPath), paths(made["tracks"], Track)
    place = Euclidean((0, 1))
    gospa = GOSPAMetric(p=2, c=CUTOFF_M, measure=place, generator_name="gospa")
    first_order = GOSPAMetric(p=1, c=CUTOFF_M, measure=place, generator_name="gospa1")
    ospa = OSPAMetric(p=2, c=CUTOFF_M, measure=place, generator_name="ospa")
    mean_of_order_1 = OSPAMetric(p=1, c=CUTOFF_M, measure=place, generator_name="ospa1")
    siap = SIAPMetrics(position_measure=place, velocity_measure=place, generator_name="siap")
    manager = MultiManager([gospa, first_order, ospa, mean_of_order_1, siap])
    manager.add_data({"groundtruth_paths": set(truths.values()), "tracks": set(tracks.values())})
    manager.association_set = associations(made, truths, tracks)
    found = manager.generate_metrics()

    def over_time(name: str, title: str, key: str | None = None) -> list[float]:
        values = found[name][title].value
        return [float(one.value if key is None else one.value[key]) for one in values]

    parts = ("distance", "localisation", "missed", "false")
    return {
        **{key: over_time("gospa", "GOSPA Metrics", key) for key in parts},
        "distance_of_order_1": over_time("gospa1", "GOSPA Metrics", "distance"),
        "ospa": over_time("ospa", "OSPA distances"),
        "ospa_of_order_1": over_time("ospa1", "OSPA distances"),
        "completeness": found["siap"]["SIAP Completeness"].value,
        "ambiguity": found["siap"]["SIAP Ambiguity"].value,
        "spuriousness": found["siap"]["SIAP Spuriousness"].value,
        "position_error_m": float(found["siap"]["SIAP Position Accuracy"].value),
    }


def main() -> None:
    """Write the file."""
    scenes = [scene(seed) for seed in range(12)]
    golden = [{**made, "stone_soup": judged(made)} for made in scenes]
    TARGET.write_text(json.dumps(golden) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
