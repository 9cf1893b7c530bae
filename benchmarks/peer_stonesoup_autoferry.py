"""Runs Stone Soup on an Autoferry recording; run by the benchmark environment's own Python.

Global nearest neighbour by Mahalanobis distance, since its sensors differ in what a density means;
extended Kalman updates for radar and cameras; tracks begin with three plots of lidar or radar and
end after seconds without a plot. Reads one JSON object on standard input, prints one.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from autoferry import (
    ACCELERATION_PSD,
    NOISE,
    SPEED_STD_MPS,
    Look,
    read_recording,
)
from stonesoup.dataassociator.neighbour import GNNWith2DAssignment
from stonesoup.deleter.time import UpdateTimeDeleter
from stonesoup.hypothesiser.distance import DistanceHypothesiser
from stonesoup.initiator.simple import MultiMeasurementInitiator, SimpleMeasurementInitiator
from stonesoup.measures import Mahalanobis
from stonesoup.models.measurement.linear import LinearGaussian
from stonesoup.models.measurement.nonlinear import Cartesian2DToBearing, CartesianToBearingRange
from stonesoup.models.transition.linear import (
    CombinedLinearGaussianTransitionModel,
    ConstantVelocity,
)
from stonesoup.predictor.kalman import KalmanPredictor
from stonesoup.tracker.simple import MultiTargetTracker
from stonesoup.types.angle import Bearing
from stonesoup.types.detection import Detection
from stonesoup.types.state import GaussianState
from stonesoup.updater.kalman import ExtendedKalmanUpdater

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
GATE = 3.5  # Mahalanobis distance
POINTS_TO_CONFIRM = 3
SECONDS_WHILE_HELD = 2.0
SECONDS_TO_DELETE = 5.0


def detections(look: Look, when: datetime) -> set[Detection]:
    """The plots of a look. Stone Soup's bearings count anticlockwise from east."""
    noise = np.square(NOISE[look.sensor])
    here = {"translation_offset": look.own[:, None]}
    if look.sensor == "lidar":
        model: Any = LinearGaussian(4, (0, 2), np.diag(noise))
        values = [place[:, None] for place in look.measured()]
    elif look.sensor == "radar":
        model = CartesianToBearingRange(4, (0, 2), np.diag(noise[::-1]), **here)
        values = [
            np.array([[Bearing(np.pi / 2 - bearing)], [distance]], object)
            for distance, bearing in look.measured()
        ]
    else:
        model = Cartesian2DToBearing(4, (0, 2), np.diag(noise), **here)
        values = [np.array([[Bearing(np.pi / 2 - b)]], object) for (b,) in look.measured()]
    return {Detection(value, when, measurement_model=model) for value in values}


def make_tracker(scans: Any) -> MultiTargetTracker:
    """A tracker over ``scans``, pairs of a time and a set of detections."""
    predictor = KalmanPredictor(
        CombinedLinearGaussianTransitionModel([ConstantVelocity(ACCELERATION_PSD)] * 2)
    )
    updater = ExtendedKalmanUpdater(None)
    hypothesiser = DistanceHypothesiser(predictor, updater, Mahalanobis(), missed_distance=GATE)
    nearest = GNNWith2DAssignment(hypothesiser)
    prior = GaussianState(np.zeros((4, 1)), np.diag([9.0, SPEED_STD_MPS**2] * 2), timestamp=BEGIN)
    begin = MultiMeasurementInitiator(
        prior,
        UpdateTimeDeleter(timedelta(seconds=SECONDS_WHILE_HELD)),
        nearest,
        updater,
        min_points=POINTS_TO_CONFIRM,
        initiator=SimpleMeasurementInitiator(prior, skip_non_reversible=True),
    )
    end = UpdateTimeDeleter(timedelta(seconds=SECONDS_TO_DELETE))
    return MultiTargetTracker(begin, end, scans, nearest, updater)


def run(data: str, scenario: int, times_s: list[float]) -> dict[str, Any]:
    """Rows ``[time, number, east, north]`` at some times, and the seconds that it took."""
    scans = []
    for look in read_recording(Path(data), scenario).looks:
        when = BEGIN + timedelta(seconds=look.time_s)
        scans.append((when, detections(look, when)))
    began, names, rows, waiting = time.process_time(), {}, [], list(times_s)
    latest: tuple[float, list[Any]] = (0.0, [])
    for when, tracks in make_tracker(scans):
        now_s = (when - BEGIN).total_seconds()
        while waiting and waiting[0] < now_s:
            rows += moved(*latest, waiting.pop(0))
        states = [(names.setdefault(t.id, len(names)), t.state_vector) for t in tracks]
        latest = (now_s, [(number, *map(float, x[:, 0])) for number, x in states])
    for time_s in waiting:
        rows += moved(*latest, time_s)
    return {"rows": rows, "cpu_s": time.process_time() - began}


def moved(then_s: float, tracks: list[Any], time_s: float) -> list[list[float]]:
    """Tracks at a later time, moved on with their velocities."""
    ahead_s = time_s - then_s
    return [[time_s, n, x + vx * ahead_s, y + vy * ahead_s] for n, x, vx, y, vy in tracks]


if __name__ == "__main__":
    print(json.dumps(run(**json.load(sys.stdin))))
