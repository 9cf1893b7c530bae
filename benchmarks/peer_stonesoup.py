"""Runs Stone Soup's trackers on simulated plots; run by the benchmark environment's own Python.

Stone Soup (MIT) gets what it has of the best: the same models as ours, the true densities and
probabilities, a k-d tree of the plots before its hypothesiser, 2-D assignment, and for JPDA loopy
belief propagation behind the same k-d tree. Reads one JSON object on standard input, prints one.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from fusion_scenario import ACCELERATION_PSD, DETECTION, NOISE_M, SPEED_STD_MPS, make_scenario
from stonesoup.dataassociator.probability import JPDAwithLBP
from stonesoup.dataassociator.tree import DetectionKDTreeGNN2D, DetectionKDTreeMixIn
from stonesoup.deleter.time import UpdateTimeStepsDeleter
from stonesoup.hypothesiser.probability import PDAHypothesiser
from stonesoup.initiator.simple import MultiMeasurementInitiator
from stonesoup.measures import Euclidean
from stonesoup.metricgenerator.ospametric import GOSPAMetric
from stonesoup.models.measurement.linear import LinearGaussian
from stonesoup.models.transition.linear import (
    CombinedLinearGaussianTransitionModel,
    ConstantVelocity,
)
from stonesoup.predictor.kalman import KalmanPredictor
from stonesoup.tracker.simple import MultiTargetMixtureTracker, MultiTargetTracker
from stonesoup.types.detection import Detection
from stonesoup.types.state import GaussianState, State
from stonesoup.updater.kalman import KalmanUpdater

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
GATE_PROBABILITY = 0.999
TREE_RADIUS_M = 150.0  # no gate is longer
POINTS_TO_CONFIRM = 3
MISSES_WHILE_HELD = 2
MISSES_TO_DELETE = 3


class KDTreeJPDAwithLBP(DetectionKDTreeMixIn, JPDAwithLBP):
    """Its JPDA by belief propagation behind its k-d tree, which it does not come with."""

    def associate(self, tracks: Any, detections: Any, timestamp: datetime, **kwargs: Any) -> Any:
        hypotheses = self.generate_hypotheses(tracks, detections, timestamp, **kwargs)
        if not hypotheses or not detections:
            return hypotheses
        return self._compute_multi_hypotheses(tracks, detections, hypotheses, timestamp)


def make_tracker(association: str, scans: Any, clutter_per_m2: float) -> Any:
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


def run(association: str, things: int, scans: int, clutter: float, seed: int) -> dict[str, Any]:
    """Estimates of each scan and the seconds that the tracker took."""
    scenario = make_scenario(things, scans, clutter, seed)
    measured = LinearGaussian(4, (0, 2), np.eye(2) * NOISE_M**2)
    made = []
    for time_s, plots in zip(scenario.times_s, scenario.plots, strict=True):
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


def judge(task: dict[str, Any], cutoff_m: float, estimates: list[Any]) -> float:
    """Mean over time of its own GOSPA, of somebody's estimates."""
    scenario = make_scenario(task["things"], task["scans"], task["clutter"], task["seed"])
    metric = GOSPAMetric(p=2, c=cutoff_m, measure=Euclidean((0, 1)))
    distances = []
    for place, (here, there) in enumerate(zip(estimates, scenario.positions, strict=True)):
        when = BEGIN + timedelta(seconds=scenario.times_s[place])
        tracks = [State(np.array([[e], [n]]), when) for _, e, n in here]
        truths = [State(position[:, None], when) for position in there]
        found, _ = metric.compute_gospa_metric(tracks, truths)
        distances.append(found.value["distance"])
    return float(np.mean(distances))


def main() -> None:
    """One task in, one result out."""
    task = json.load(sys.stdin)
    said = task.pop("judge")
    cutoff_m = task.pop("cutoff_m")
    result = run(**task)
    if said is not None:
        result["own_gospa_m"] = judge(task, cutoff_m, result["estimates"])
        result["own_gospa_of_ours_m"] = judge(task, cutoff_m, said)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
