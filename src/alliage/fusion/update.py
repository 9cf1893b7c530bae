"""The filters' update: one or several plots, weighed, for all tracks and modes at once.

One formula serves both associations. Every pair of track and plot has a posterior of its own
(extended Kalman filter, covariance in Joseph's form); a track's new state has the moments of their
mixture with what was predicted, by the probabilities of the pairs. With global nearest neighbour
these are 0 or 1. Sources: Bar-Shalom, Li, Kirubarajan 2001, sections 5.2.3 (update, Joseph's form)
and 10.3.3 (extended filter); Bar-Shalom, Daum, Huang 2009 (mixture over plots); Musicki, Suvorova,
*Tracking in clutter using IMM-IPDA-based algorithms*, IEEE Trans. Aerospace and Electronic Systems
44(1), 2008 (modes).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from alliage.fusion.gating import Pairs
from alliage.fusion.matrices import (
    Floats,
    Ints,
    inverse_and_determinant,
    quadratic_form,
    sum_by,
    symmetric,
    transposed,
)
from alliage.fusion.measurement import Innovation, innovation
from alliage.fusion.motion import POSITION
from alliage.fusion.scan import Scan
from alliage.fusion.tracks import Tracks

LOG_TAU: Final = float(np.log(2.0 * np.pi))
LEAST_WEIGHT: Final = 1e-12


class PairedLikelihoods(NamedTuple):
    """For pairs (p) and modes (m): what the update needs."""

    innovation: Innovation  # (p, m, k), (p, m, k, 2)
    noise: Floats  # (p, 1, k, k)
    precision: Floats  # (p, m, k, k), inverse of the innovation's covariance
    log_by_mode: Floats  # (p, m), log density of the plot if the mode is true
    log: Floats  # (p,), over all modes


def likelihoods(scan: Scan, tracks: Tracks, pairs: Pairs) -> PairedLikelihoods:
    """How well the plots fit to the predicted tracks."""
    places = tracks.states[pairs.track][..., POSITION]
    spread = tracks.covariances[pairs.track][..., POSITION, POSITION]
    found = innovation(scan, scan.values[pairs.plot][:, None], places)
    noise = scan.noise[pairs.plot][:, None]
    total = found.slope @ spread @ transposed(found.slope) + noise
    precision, determinant = inverse_and_determinant(total)
    distance = quadratic_form(precision, found.residual)
    components = found.residual.shape[-1]
    by_mode = -0.5 * (distance + np.log(determinant) + components * LOG_TAU)
    with np.errstate(divide="ignore"):  # a mode may have no weight left
        weighed = by_mode + np.log(tracks.weights[pairs.track])
    overall = np.logaddexp.reduce(weighed, axis=1)
    return PairedLikelihoods(found, noise, precision, by_mode, overall)


def update(
    tracks: Tracks, pairs: Pairs, fit: PairedLikelihoods, probability: Floats
) -> tuple[Floats, Floats, Floats]:
    """States, covariances and mode weights after the plots.

    Args:
        tracks: as predicted, n rows.
        pairs: p pairs, by track.
        fit: of these pairs.
        probability: of each pair (p,); what is missing to 1 in a track is that none is its own.
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


def _posteriors(
    tracks: Tracks, index: Ints, fit: PairedLikelihoods, used: Ints
) -> tuple[Floats, Floats]:
    """States (p, m, d) and covariances (p, m, d, d) if the plot of the pair is the track's."""
    prior, spread = tracks.states[index], tracks.covariances[index]
    slope = fit.innovation.slope[used]
    gain = spread[..., POSITION] @ transposed(slope) @ fit.precision[used]
    moved = prior + (gain @ fit.innovation.residual[used][..., None])[..., 0]
    kept = np.broadcast_to(np.eye(prior.shape[-1]), spread.shape).copy()
    kept[..., POSITION] -= gain @ slope
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
