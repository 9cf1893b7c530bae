"""Interacting multiple models: every track as a mixture over the ways it may move.

Blom, Bar-Shalom, *The interacting multiple model algorithm for systems with Markovian switching
coefficients*, IEEE Trans. Automatic Control 33(8), 1988. States are (n, m, d), covariances
(n, m, d, d), weights of the modes (n, m); one model alone is m = 1 and costs no mixing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.linalg import expm

from alliage.fusion.lasting import Lasting, wandered
from alliage.fusion.matrices import Floats, transposed
from alliage.fusion.motion import ConstantVelocity, MotionModel

NOTHING: Final[Lasting] = {}


class Modes:
    """The models of an IMM and how long each lasts.

    Args:
        models: one or more, all with the same dimensions.
        mean_stay_s: for each model, how long a thing stays in it on average; then it goes to any
            of the others. Switching is a Markov process in continuous time, so that the time
            between scans may vary and may be nothing.

    Raises:
        ValueError: no model, dimensions that differ, or stays that do not fit.
    """

    def __init__(
        self,
        models: Sequence[MotionModel] = (ConstantVelocity(),),
        mean_stay_s: Sequence[float] | None = None,
    ) -> None:
        self.models = tuple(models)
        if len({model.dimensions for model in self.models}) != 1:
            raise ValueError("the modes of a filter are one or more models of the same dimensions")
        stays = [60.0] * len(self.models) if mean_stay_s is None else list(mean_stay_s)
        if len(stays) != len(self.models) or not all(stay > 0.0 for stay in stays):
            raise ValueError("mean_stay_s has one positive number for each model")
        self._leaving_rates = 1.0 / np.array(stays)

    def __len__(self) -> int:
        return len(self.models)

    @property
    def dimensions(self) -> int:
        """Components of a state."""
        return self.models[0].dimensions

    @property
    def first_weights(self) -> Floats:
        """Weights (m,) of the modes of a track that begins: where switching settles."""
        stays = 1.0 / self._leaving_rates
        return np.asarray(stays / stays.sum())

    def switching(self, elapsed_s: float) -> Floats:
        """Probabilities (m, m): from the mode of the row to that of the column."""
        count = len(self)
        if count == 1:
            return np.ones((1, 1))
        rates = np.tile(self._leaving_rates[:, None] / (count - 1), (1, count))
        np.fill_diagonal(rates, -self._leaving_rates)
        return np.asarray(expm(rates * elapsed_s))

    def predict(
        self,
        states: Floats,
        covariances: Floats,
        weights: Floats,
        elapsed_s: float,
        lasting: Lasting = NOTHING,
    ) -> tuple[Floats, Floats, Floats]:
        """Mix, then let every model predict; the same shapes, and the predicted weights."""
        if elapsed_s == 0.0:
            return states, covariances, weights
        if len(self) > 1:
            states, covariances, weights = self._mixed(states, covariances, weights, elapsed_s)
        moved, spread = np.empty_like(states), np.empty_like(covariances)
        for mode, model in enumerate(self.models):
            moved[:, mode], spread[:, mode] = _predicted(
                model, states[:, mode], covariances[:, mode], elapsed_s, lasting
            )
        return moved, spread, weights

    def _mixed(
        self, states: Floats, covariances: Floats, weights: Floats, elapsed_s: float
    ) -> tuple[Floats, Floats, Floats]:
        """What each mode starts from (BLK section 11.6.6, steps 1 and 2)."""
        joint = weights[:, :, None] * self.switching(elapsed_s)  # (n, from, to)
        predicted = joint.sum(axis=1)
        share = joint / predicted[:, None, :]
        mean = np.einsum("nij,nid->njd", share, states)
        apart = states[:, :, None, :] - mean[:, None, :, :]  # (n, from, to, d)
        spread = np.einsum("nij,nide->njde", share, covariances)
        spread += np.einsum("nij,nijd,nije->njde", share, apart, apart)
        return mean, spread, predicted


def _predicted(
    model: MotionModel, states: Floats, covariances: Floats, elapsed_s: float, lasting: Lasting
) -> tuple[Floats, Floats]:
    """What one model predicts (n, d), and how errors that last beside it go on."""
    size = model.dimensions
    if not lasting:
        return model.predict(states, covariances, elapsed_s)
    left, new = wandered(lasting, elapsed_s)
    moved, spread = states.copy(), covariances.copy()
    moved[:, :size], spread[:, :size, :size] = model.predict(
        states[:, :size], covariances[:, :size, :size], elapsed_s
    )
    moved[:, size:] *= left
    across = model.slope(states[:, :size], elapsed_s) @ covariances[:, :size, size:] * left
    spread[:, :size, size:], spread[:, size:, :size] = across, transposed(across)
    spread[:, size:, size:] = left[:, None] * covariances[:, size:, size:] * left + np.diag(new)
    return moved, spread


def combined(states: Floats, covariances: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Mean (n, d) and covariance (n, d, d) of the mixtures (BLK section 1.4.16)."""
    if states.shape[1] == 1:
        return states[:, 0], covariances[:, 0]
    mean = np.einsum("nm,nmd->nd", weights, states)
    apart = states - mean[:, None]
    spread = np.einsum("nm,nmde->nde", weights, covariances)
    return mean, spread + np.einsum("nm,nmd,nme->nde", weights, apart, apart)
