"""Runs Stone Soup's trackers on simulated plots; run by the benchmark environment's own Python.

Stone Soup (MIT) gets what it has of the best: the same models as ours, the true densities and
probabilities, a k-d tree of the plots before its hypothesiser, 2-D assignment, and for JPDA loopy
belief propagation behind the same k-d tree. Reads one JSON object on standard input, prints one.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import datetime, timedelta

import numpy as np
from fusion_scenario import ACCELERATION_PSD, DETECTION, NOISE_M, SPEED_STD_MPS, make_scenario
from stonesoup.dataassociator.probability import JPDAwithLBP
from stonesoup.dataassociator.tree import DetectionKDTreeGNN2D, DetectionKDTreeMixIn
from stonesoup.deleter.time import UpdateTimeStepsDeleter
from stonesoup.hypothesiser.probability import PDAHypothesiser
from stonesoup.initiator.simple import MultiMeasurementInitiator
from stonesoup.models.measurement.linear import LinearGaussian
from stonesoup.models.transition.linear import (
    CombinedLinearGaussianTransitionModel,
    ConstantVelocity,
)
from stonesoup.predictor.kalman import KalmanPredictor
from stonesoup.tracker.simple import MultiTargetMixtureTracker, MultiTargetTracker
from stonesoup.types.detection import Detection
from stonesoup.types.state import GaussianState
from stonesoup.updater.kalman import KalmanUpdater

BEGIN = datetime(2026, 1, 1)
GATE_PROBABILITY = 0.999
TREE_RADIUS_M = 150.0  # no gate is longer
POINTS_TO_CONFIRM = 3
MISSES_WHILE_HELD = 1
MISSES_TO_DELETE = 3


class KDTreeJPDAwithLBP(DetectionKDTreeMixIn, JPDAwithLBP):
    """Its JPDA by belief propagation behind its k-d tree, which it does not come with."""

    def associate(self, tracks, detections, timestamp, **kwargs):
        hypotheses = self.generate_hypotheses(tracks, detections, timestamp, **kwargs)
        if not hypotheses or not detections:
            return hypotheses
        return self._compute_multi_hypotheses(tracks, detections, hypotheses, timestamp)


def make_tracker(association, scans, clutter_per_m2):
    """A tracker over ``scans``, pairs of a time and a set of detections."""
    predictor = KalmanPredictor(
        CombinedLinearGaussianTransitionModel([ConstantVelocity(ACCELERATION_PSD)] * 2)
    )
    measured = LinearGaussian(4, (0, 2), np.eye(2) * NOISE_M**2)
    updater = KalmanUpdater(measured)
    hypothesiser = PDAHypothesiser(
        predictor,
        updater,
        clutter_spatial_density=clutter_per_m2,
        prob_detect=DETECTION,
        prob_gate=GATE_PROBABILITY,
    )
    tree = {"predictor": predictor, "updater": updater, "max_distance": TREE_RADIUS_M}
    nearest = DetectionKDTreeGNN2D(hypothesiser, **tree)
    joint = KDTreeJPDAwithLBP(hypothesiser=hypothesiser, **tree)
    prior = GaussianState(
        np.zeros((4, 1)), np.diag([NOISE_M**2, SPEED_STD_MPS**2] * 2), timestamp=BEGIN
    )
    initiator = MultiMeasurementInitiator(
        prior,
        UpdateTimeStepsDeleter(MISSES_WHILE_HELD),
        nearest,
        updater,
        measured,
        min_points=POINTS_TO_CONFIRM,
    )
    tracker = MultiTargetTracker if association == "gnn" else MultiTargetMixtureTracker
    return tracker(
        initiator,
        UpdateTimeStepsDeleter(MISSES_TO_DELETE),
        scans,
        nearest if association == "gnn" else joint,
        updater,
    )


def run(association, things, scans, clutter, seed):
    """Estimates of each scan and the seconds that the tracker took."""
    scenario = make_scenario(things, scans, clutter, seed)
    measured = LinearGaussian(4, (0, 2), np.eye(2) * NOISE_M**2)
    made = []
    for time_s, plots in zip(scenario.times_s, scenario.plots):
        when = BEGIN + timedelta(seconds=time_s)
        made.append(
            (when, {Detection(plot[:, None], when, measurement_model=measured) for plot in plots})
        )
    tracker = make_tracker(association, made, scenario.clutter_per_m2)
    wall, cpu = time.perf_counter(), time.process_time()
    names, estimates = {}, []
    for _, tracks in tracker:
        now = [(names.setdefault(t.id, len(names)), t.state_vector) for t in tracks]
        estimates.append([[number, float(x[0]), float(x[2])] for number, x in now])
    took = {"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}
    return {**took, "estimates": estimates}


if __name__ == "__main__":
    print(json.dumps(run(**json.load(sys.stdin))))
