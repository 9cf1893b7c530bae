"""The Autoferry recordings: scans of four sensors on a small ferry, and two boats' GPS.

Frame: north and east of a fixed place, turned into our east and north. Radar and lidar give
places relative to the ferry, infrared and electro-optical cameras bearings. Needs NumPy alone, so
that a peer's environment can use it too.

Two systematic differences are taken out. They were noticed against the truth and are estimated
without it, where radar alone and lidar alone follow the same boats. The radar's tracks lie 0.9 s
behind the lidar's along their way: its looks come once in a turn of 1.7 s, stamped at its end as it
seems, and what the beam met is half a turn older on average, so they are dated half a turn back
(they still come when they came; ``autoferry_registration.py`` finds more). And the
lidar's places lie 2.4 m nearer than the radar's: it sees near sides, and is moved out by that.

Source: Helgesen et al., *Heterogeneous multi-sensor tracking for an autonomous surface vehicle in a
littoral environment*, Ocean Engineering 252, 2022.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

SCENARIOS = (2, 3, 4, 16)
SENSORS = {1: "lidar", 2: "radar", 3: "infrared", 4: "camera"}
ACTIVE = ("lidar", "radar")

NOISE = {  # standard deviations: metres east and north; metres and radians; radians
    "lidar": (3.0, 3.0),
    "radar": (5.0, np.radians(2.5)),
    "infrared": (np.radians(8.0),),
    "camera": (np.radians(6.0),),
}
DETECTION = {"lidar": 0.25, "radar": 0.9, "infrared": 0.05, "camera": 0.05}
REACH_M = {"lidar": 130.0, "radar": 400.0}
CLUTTER_PER_M2 = 1e-5
NEAR_SIDE_M = 2.4
ACCELERATION_PSD = 0.1
SPEED_STD_MPS = 5.0


@dataclass(frozen=True)
class Look:
    """One scan: values (k, 2), east and north from the ferry, or (k, 1), radians from north."""

    time_s: float
    came_s: float
    sensor: str
    values: np.ndarray
    own: np.ndarray

    def measured(self) -> np.ndarray:
        """Lidar: places east and north. Radar: ranges and bearings. Cameras: bearings."""
        if self.sensor == "lidar":
            distance = np.hypot(*self.values.T)[:, None]
            return np.asarray(
                self.own + self.values * (1.0 + NEAR_SIDE_M / np.maximum(distance, 1.0))
            )
        if self.sensor == "radar":
            east, north = self.values.T
            return np.column_stack([np.hypot(east, north), np.arctan2(east, north)])
        return self.values


@dataclass(frozen=True)
class Recording:
    """Looks in the order of time, and the two boats (t, 2, 2) at their times (t)."""

    looks: list[Look]
    times_s: np.ndarray
    boats: np.ndarray


def read_recording(data: Path, scenario: int) -> Recording:
    """A scenario; times count from its begin."""
    stem = data / "multisensor" / f"scenario{scenario}" / f"scenario{scenario}"
    detections = json.loads(Path(f"{stem}_detections.json").read_text(encoding="utf-8"))
    truths = json.loads(Path(f"{stem}_groundTruth.json").read_text(encoding="utf-8"))
    begin = min(one["time"] for one in detections)
    radar = sorted(one["time"] for one in detections if SENSORS[one["sensorID"]] == "radar")
    half_a_turn_s = float(np.median(np.diff(radar))) / 2.0
    looks, times, boats = [], [], []
    for one, truth in zip(detections, truths, strict=True):
        sensor = SENSORS[one["sensorID"]]
        given = np.array(one["measurement"] if one["measurement"] is not None else [], float)
        if sensor in ACTIVE:
            values = given.reshape(2, -1)[::-1].T if given.size else np.empty((0, 2))
        else:
            values = given.reshape(-1, 1)
        own = np.array(one["ownshipPosition"][1::-1], float)
        came_s = one["time"] - begin
        time_s = came_s - half_a_turn_s if sensor == "radar" else came_s
        looks.append(Look(time_s, came_s, sensor, values, own))
        both = sorted(truth, key=lambda boat: boat["targetID"])
        times.append(came_s)
        boats.append([boat["position"][1::-1] for boat in both])
    order = np.argsort(times, kind="stable")
    looks.sort(key=lambda look: look.time_s)
    return Recording(looks, np.array(times)[order], np.array(boats, float)[order])
