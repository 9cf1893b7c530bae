"""Runs MovingPandas on ships' reports; run by the benchmark environment's own Python.

Stops (`TrajectoryStopDetector`) and gaps (`ObservationGapSplitter`) of every ship, in metres on the
plane of EPSG:3035. Reads one JSON object on standard input, prints one.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

import geopandas as gpd
import movingpandas as mpd
import numpy as np
import pandas as pd


def run(path: str, settings: list[dict[str, float]]) -> list[dict[str, Any]]:
    """For each settings rows ``[ship, start_us, end_us]`` and the seconds of processor time.

    ``path`` holds the columns; settings with a ``diameter_m`` ask for stops of at least
    ``lasts_s``, others for gaps of more.
    """
    columns = np.load(path)
    told = []
    for one in settings:
        began = time.process_time()
        every_s = one.get("every_s", 0.0)
        ships = trajectories({name: columns[name] for name in columns}, every_s)
        found = list(stops(ships, one) if "diameter_m" in one else gaps(ships, one))
        told.append({"told": found, "cpu_s": time.process_time() - began})
    return told


def trajectories(columns: dict[str, Any], every_s: float) -> mpd.TrajectoryCollection:
    """A trajectory for each ship, with at most one report in so many seconds."""
    rows = pd.DataFrame(columns)
    if every_s:
        rows["slot"] = rows["valid"] // round(every_s * 1e6)
        rows = rows.drop_duplicates(["ship", "slot"])
    rows["t"] = pd.to_datetime(rows["valid"], unit="us")
    places = gpd.points_from_xy(rows["lon"], rows["lat"], crs=4326).to_crs(3035)
    frame = gpd.GeoDataFrame(rows[["ship", "t"]], geometry=places)
    return mpd.TrajectoryCollection(frame, "ship", t="t")


def stops(ships: mpd.TrajectoryCollection, one: dict[str, float]) -> Iterator[list[int]]:
    """Stays of ships within a diameter."""
    lasts = timedelta(seconds=one["lasts_s"])
    for stay in mpd.TrajectoryStopDetector(ships).get_stop_time_ranges(one["diameter_m"], lasts):
        yield [int(stay.traj_id), micros(stay.t_0), micros(stay.t_n)]


def gaps(ships: mpd.TrajectoryCollection, one: dict[str, float]) -> Iterator[list[int]]:
    """What lies between the parts of a split trajectory."""
    gap = timedelta(seconds=one["lasts_s"])
    for ship in ships.trajectories:
        parts = mpd.ObservationGapSplitter(ship).split(gap=gap).trajectories
        for before, after in pairwise(parts):
            yield [int(ship.id), micros(before.get_end_time()), micros(after.get_start_time())]


def micros(when: Any) -> int:
    """Microseconds since 1970."""
    return int(pd.Timestamp(when).value // 1_000)


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    print(json.dumps(run(**json.load(sys.stdin))))
