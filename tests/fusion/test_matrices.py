"""Arithmetic on many small matrices, against LAPACK."""

from __future__ import annotations

import numpy as np
import pytest

from alliage.fusion.matrices import inverse_by_blocks


@pytest.mark.parametrize("ahead_s", [0.0, 10.0, 300.0])
def test_inverses_by_blocks_are_those_of_lapack_also_for_states_predicted_far(
    ahead_s: float,
) -> None:
    chance = np.random.default_rng(3)
    root = chance.normal(size=(200, 4, 4)) * np.array([30.0, 30.0, 2.0, 2.0])[:, None]
    onwards = np.eye(4) + ahead_s * np.eye(4, k=2)
    covariances = onwards @ (root @ root.swapaxes(1, 2) + np.eye(4)) @ onwards.T
    found, expected = inverse_by_blocks(covariances), np.linalg.inv(covariances)
    scale = np.sqrt(np.einsum("nii->ni", expected))
    error = (found - expected) / (scale[:, :, None] * scale[:, None, :])
    assert np.abs(error).max() < 1e-7


def test_no_matrices_have_no_inverses() -> None:
    assert inverse_by_blocks(np.empty((0, 4, 4))).shape == (0, 4, 4)
