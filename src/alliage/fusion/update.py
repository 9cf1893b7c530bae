"""The filters' update: one or several plots, weighed, for all tracks and modes at once.

One formula serves both associations. Every pair of track and plot has a posterior of its own
(extended Kalman filter, covariance in Joseph's form); a track's new state has the moments of their
mixture with what was predicted, by the probabilities of the pairs, provided that the track follows
something at all. With global nearest neighbour these are 0 or 1. Sources: Bar-Shalom, Li,
Kirubarajan 2001, sections 5.2.3 (update, Joseph's form) and 10.3.3 (extended filter); Bar-Shalom,
Daum, Huang 2009 (mixture over plots); Musicki, Suvorova, *Tracking in clutter using IMM-IPDA-based
algorithms*, IEEE Trans. Aerospace and Electronic Systems 44(1), 2008 (modes).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from alliage.fusion.gating import Pairs
from alliage.fusion.likelihood import Fit
from alliage.fusion.matrices import Floats, Ints, sum_by, symmetric, transposed
from alliage.fusion.motion import POSITION
from alliage.fusion.tracks import Tracks

LEAST_WEIGHT: Final = 1e-12


def update(
    tracks: Tracks, pairs: Pairs, fit: Fit, probability: Floats
) -> tuple[Floats, Floats, Floats]:
    """States, covariances and mode weights after the plots.

    Args:
        tracks: as predicted, n rows.
        pairs: p pairs, by track.
        fit: of these pairs.
        probability: of each pair (p,), provided that its track follows something; what is missing
            to 1 in a track is that it follows something and none is its own.
    """
    used = np.flatnonzero(probability > 0.0)
    if not len(used):
        return tracks.states, tracks.covariances, tracks.weights
    index, probability = pairs.track[used], probability[used]
    moved, spread = _posteriors(tracks, index, fit, used)
    mode_share = np.exp(fit.log_by_mode[used] - fit.log[used, None]) * tracks.weights[index]
    if (probability == 1.0).all():  # one plot each: nothing to mix
        rows, mixed = index, (moved, spread, np.maximum(mode_share, LEAST_WEIGHT))
    else:
        rows, mixed = _mixed(tracks, index, probability, mode_share, moved, spread)
    columns = tracks.states.copy(), tracks.covariances.copy(), tracks.weights.copy()
    for column, values in zip(columns, mixed, strict=True):
        column[rows] = values
    columns[2][rows] /= columns[2][rows].sum(axis=1, keepdims=True)
    return columns


def _posteriors(tracks: Tracks, index: Ints, fit: Fit, used: Ints) -> tuple[Floats, Floats]:
    """States (p, m, d) and covariances (p, m, d, d) if the plot of the pair is the track's."""
    prior, spread = tracks.states[index], tracks.covariances[index]
    found = fit.innovation.where(used)
    shared = spread[..., POSITION]  # of state and position, then of state and measurement
    if found.slope is not None:
        shared = shared @ transposed(found.slope)
    gain = shared @ fit.precision[used]
    moved = prior + (gain @ found.residual[..., None])[..., 0]
    kept = np.broadcast_to(np.eye(prior.shape[-1]), spread.shape).copy()
    kept[..., POSITION] -= gain if found.slope is None else gain @ found.slope
    narrowed = kept @ spread @ transposed(kept)
    narrowed += gain @ fit.noise[used] @ transposed(gain)
    return moved, symmetric(narrowed)


def _mixed(
    tracks: Tracks,
    index: Ints,
    probability: Floats,
    mode_share: Floats,
    moved: Floats,
    spread: Floats,
) -> tuple[Ints, tuple[Floats, Floats, Floats]]:
    """Rows that have pairs, and mean, covariance and weight of their mixtures, mode by mode."""
    rows, place = np.unique(index, return_inverse=True)
    count = len(rows)
    prior = tracks.select(rows)
    share = probability[:, None] * mode_share  # (p, m): of plot and mode together
    none = np.maximum(1.0 - sum_by(place, probability, count), 0.0)[:, None] * prior.weights
    weights = none + sum_by(place, share, count)
    weights = np.maximum(weights, LEAST_WEIGHT)  # a mode is never given up for good
    # Relative to the prediction, so that large coordinates cost no digits.
    step = moved - prior.states[place]
    mean_step = sum_by(place, share[..., None] * step, count) / weights[..., None]
    apart = step - mean_step[place]
    scattered = spread + apart[..., :, None] * apart[..., None, :]
    covariances = sum_by(place, share[..., None, None] * scattered, count)
    outer = mean_step[..., :, None] * mean_step[..., None, :]
    covariances += none[..., None, None] * (prior.covariances + outer)
    covariances /= weights[..., None, None]
    unsupported = weights <= LEAST_WEIGHT  # keeps its prediction
    covariances[unsupported] = prior.covariances[unsupported]
    states = prior.states + np.where(unsupported[..., None], 0.0, mean_step)
    return rows, (states, covariances, weights)
