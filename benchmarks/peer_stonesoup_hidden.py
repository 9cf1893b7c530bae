"""Runs Stone Soup on looks of ships without names; run by the benchmark environment's own Python.

Global nearest neighbour behind its k-d tree, nearly constant velocity, tracks that begin with two
plots and end after minutes without one, since ships at rest report every three. Reads one JSON
object on standard input, prints one.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from stonesoup.dataassociator.tree import DetectionKDTreeGNN2D
from stonesoup.deleter.time import UpdateTimeDeleter
from stonesoup.hypothesiser.distance import DistanceHypothesiser
from stonesoup.initiator.simple import MultiMeasurementInitiator
from stonesoup.measures import Mahalanobis
from stonesoup.models.measurement.linear import LinearGaussian
from stonesoup.models.transition.linear import (
    CombinedLinearGaussianTransitionModel,
    ConstantVelocity,
)
from stonesoup.predictor.kalman import KalmanPredictor
from stonesoup.tracker.simple import MultiTargetTracker
from stonesoup.types.detection import Detection
from stonesoup.types.state import GaussianState
from stonesoup.updater.kalman import KalmanUpdater

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def run(
    times_s: list[float],
    plots: list[list[list[float]]],
    noise_m: float,
    speed_std_mps: float,
    acceleration_psd_m2ps3: float,
    gate: float,
    farthest_m: float,
    ends_after_s: float,
) -> dict[str, Any]:
    """Rows ``[number, east, north]`` after each look, and the seconds of processor time."""
    measured = LinearGaussian(4, (0, 2), np.eye(2) * noise_m**2)
    scans = []
    for time_s, places in zip(times_s, plots, strict=True):
        when = BEGIN + timedelta(seconds=time_s)
        values = [np.array(place)[:, None] for place in places]
        scans.append((when, {Detection(v, when, measurement_model=measured) for v in values}))
    model = ConstantVelocity(acceleration_psd_m2ps3)
    predictor = KalmanPredictor(CombinedLinearGaussianTransitionModel([model] * 2))
    updater = KalmanUpdater(measured)
    hypothesiser = DistanceHypothesiser(predictor, updater, Mahalanobis(), missed_distance=gate)
    nearest = DetectionKDTreeGNN2D(hypothesiser, predictor, updater, max_distance=farthest_m)
    spread = np.diag([noise_m**2, speed_std_mps**2] * 2)
    prior = GaussianState(np.zeros((4, 1)), spread, timestamp=BEGIN)
    ends = UpdateTimeDeleter(timedelta(seconds=ends_after_s))
    begins = MultiMeasurementInitiator(prior, ends, nearest, updater, measured, min_points=2)
    names: dict[str, int] = {}
    told = []
    began = time.process_time()
    for _, tracks in MultiTargetTracker(begins, ends, scans, nearest, updater):
        now = [(names.setdefault(t.id, len(names)), t.state_vector) for t in tracks]
        told.append([[number, float(x[0]), float(x[2])] for number, x in now])
    return {"told": told, "cpu_s": time.process_time() - began}


if __name__ == "__main__":
    print(json.dumps(run(**json.load(sys.stdin))))
