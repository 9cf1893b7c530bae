"""The tracker that anybody writes first: nearest neighbour with a fixed gate, alpha and beta."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]


@dataclass
class FixedGate:
    """Each plot goes to the nearest track within the gate, the nearest pairs first.

    Args:
        gate_m: how far from its prediction.
        alpha: share of the residual that corrects the place.
        beta: the same for the velocity, once divided by the time that went by.
        carries_on_s: for how long a track without plots moves on; then it stands.
        ends_after_s: a track without plots ends.
    """

    gate_m: float = 200.0
    alpha: float = 0.5
    beta: float = 0.2
    carries_on_s: float = 30.0
    ends_after_s: float = 240.0
    place: Floats = field(default_factory=lambda: np.empty((0, 2)))
    velocity: Floats = field(default_factory=lambda: np.empty((0, 2)))
    seen_s: Floats = field(default_factory=lambda: np.empty(0))
    plots: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    number: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    begun: int = 0

    def take(self, time_s: float, plots: Floats) -> tuple[NDArray[np.int64], Floats]:
        """Numbers and places of tracks with at least two plots, after a look."""
        predicted = self._predicted(time_s)
        track, plot = self._nearest(predicted, plots)
        residual = plots[plot] - predicted[track]
        elapsed_s = np.maximum(time_s - self.seen_s[track], 1.0)[:, None]
        gain = np.where(self.plots[track] == 1, 1.0, self.beta)[:, None]
        self.place[track] = predicted[track] + self.alpha * residual
        self.velocity[track] += gain * residual / elapsed_s
        self.seen_s[track] = time_s
        self.plots[track] += 1
        self._begin(time_s, np.delete(plots, plot, axis=0))
        self._keep(time_s - self.seen_s <= self.ends_after_s)
        told = self.plots >= 2
        return self.number[told], self._predicted(time_s)[told]

    def _predicted(self, time_s: float) -> Floats:
        ahead_s = np.minimum(time_s - self.seen_s, self.carries_on_s)
        return np.asarray(self.place + ahead_s[:, None] * self.velocity)

    def _nearest(
        self, predicted: Floats, plots: Floats
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        chosen: dict[int, int] = {}
        if len(predicted) and len(plots):
            near = cKDTree(predicted).sparse_distance_matrix(
                cKDTree(plots), self.gate_m, output_type="coo_matrix"
            )
            taken: set[int] = set()
            for k in np.argsort(near.data, kind="stable").tolist():
                track, plot = int(near.row[k]), int(near.col[k])
                if track not in chosen and plot not in taken:
                    chosen[track] = plot
                    taken.add(plot)
        return np.array(list(chosen), np.int64), np.array(list(chosen.values()), np.int64)

    def _begin(self, time_s: float, places: Floats) -> None:
        count = len(places)
        self.place = np.concatenate([self.place, places])
        self.velocity = np.concatenate([self.velocity, np.zeros((count, 2))])
        self.seen_s = np.concatenate([self.seen_s, np.full(count, time_s)])
        self.plots = np.concatenate([self.plots, np.ones(count, np.int64)])
        self.number = np.concatenate([self.number, self.begun + np.arange(count)])
        self.begun += count

    def _keep(self, stays: NDArray[np.bool_]) -> None:
        for name in ("place", "velocity", "seen_s", "plots", "number"):
            setattr(self, name, getattr(self, name)[stays])
