"""One scan: predict, gate, associate, update, begin and end tracks.

A pure function of what was and what came, which is what makes going back for a late scan simple.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from scipy.special import expit

from alliage.fusion import existence, lifecycle
from alliage.fusion.gating import Pairs, candidates
from alliage.fusion.joint import associate
from alliage.fusion.likelihood import Fit, likelihoods
from alliage.fusion.matrices import (
    Bools,
    Floats,
    Ints,
    inverse_and_determinant,
    quadratic_form,
    sum_by,
)
from alliage.fusion.measurement import innovation
from alliage.fusion.modes import combined
from alliage.fusion.motion import POSITION
from alliage.fusion.nearest import assign
from alliage.fusion.scan import COMPONENTS, Scan
from alliage.fusion.settings import Association, Settings
from alliage.fusion.tracks import Tracks
from alliage.fusion.update import update

DECIDED_AS_IF: Final = 0.5
"""Least existence with which a track competes for plots under global nearest neighbour."""


Mixture = tuple[Floats, Floats]
"""Mean places (n, 2) that all modes predict together, and their covariances (n, 2, 2)."""


@dataclass(frozen=True, eq=False)
class State:
    """Everything a tracker knows at one moment."""

    tracks: Tracks
    time_s: float | None = None
    given: Floats = field(default_factory=lambda: np.empty(0))
    """Probability (n,) that a track's plot was in the latest look so far."""


@dataclass(frozen=True, eq=False)
class Estimates:
    """The confirmed tracks after a scan: n rows."""

    time_s: float
    sensor: str
    number: Ints  # (n,)
    states: Floats  # (n, d)
    covariances: Floats  # (n, d, d)
    existence: Floats  # (n,)
    seen: Bools  # (n,), whether a plot of this scan is probably the track's
    nis: Floats  # (n,), that plot's squared Mahalanobis distance from the prediction, or NaN
    components: int  # degrees of freedom of `nis`

    def __len__(self) -> int:
        return len(self.number)


def step(state: State, scan: Scan, settings: Settings) -> tuple[State, Estimates]:
    """What a scan makes of a state that is not younger; what begins has no number yet."""
    tracks = _predicted(state, scan.time_s, settings)
    mean, spread = combined(tracks.states, tracks.covariances, tracks.weights)
    means, spreads = mean[:, POSITION], spread[:, POSITION, POSITION]
    given = state.given if scan.share_before > 0.0 else np.zeros(len(tracks))
    detection = existence.detection(scan, means, given, settings.gate_probability)
    threshold = settings.gate_threshold(COMPONENTS[scan.kind])
    near = candidates(scan, means, spreads, threshold)
    near = near.where(detection[near.track] > 0.0)
    fit = likelihoods(scan, tracks, near)
    within = fit.distance.min(axis=1) <= threshold  # the gate: near enough under some mode
    pairs, fit = near.where(within), fit.where(within)
    tracks, probability, share = _updated(tracks, scan, pairs, fit, detection, settings)
    hit = sum_by(pairs.track, probability, len(tracks)) >= 0.5
    given = np.minimum(given + sum_by(pairs.track, share, len(tracks)), 1.0)
    tracks = _looked(tracks, detection > 0.0, hit, goes_on=scan.share_before > 0.0)
    nis = _nis_of_likeliest(scan, pairs, fit, probability, hit, (means, spreads))
    explained = np.bincount(pairs.plot, probability, len(scan)).astype(np.float64)
    tracks = replace(tracks, confirmed=lifecycle.confirmed(tracks, settings.confirmation))
    stays = lifecycle.standing(tracks, settings)
    shown = stays & lifecycle.shown(tracks, settings.confirmation)
    estimates = _estimates(tracks, scan, hit, nis, shown)
    new = lifecycle.begun(scan, 1.0 - explained, settings)
    given = np.concatenate([given[stays], np.ones(len(new))])
    return State(tracks.select(stays).and_also(new), scan.time_s, given), estimates


def _predicted(state: State, time_s: float, settings: Settings) -> Tracks:
    tracks = state.tracks
    elapsed_s = 0.0 if state.time_s is None else time_s - state.time_s
    if not len(tracks) or elapsed_s == 0.0:
        return tracks
    states, covariances, weights = settings.modes.predict(
        tracks.states, tracks.covariances, tracks.weights, elapsed_s
    )
    survived = tracks.existence * np.exp(-elapsed_s / settings.mean_lifetime_s)
    return replace(
        tracks, states=states, covariances=covariances, weights=weights, existence=survived
    )


def _updated(
    tracks: Tracks, scan: Scan, pairs: Pairs, fit: Fit, detection: Floats, settings: Settings
) -> tuple[Tracks, Floats, Floats]:
    """Tracks after the plots, and the probability of each pair: at all, and if its track exists."""
    # Plots of no track: clutter, and the first plots of what is new.
    others = scan.clutter_density / (1.0 - settings.existence_at_start)
    ratio = fit.log - np.log(others[pairs.plot])
    there, seen = tracks.existence[pairs.track], detection[pairs.track]
    log_weight = existence.log_weights(there, seen, ratio)
    if settings.association is Association.NEAREST:
        # A decision for one plot asks which it would be, not whether there is a thing at all.
        gain = existence.log_weights(np.maximum(there, DECIDED_AS_IF), seen, ratio)
        probability = assign(pairs.track, pairs.plot, gain).astype(np.float64)
        # Nor does it prove that there is one.
        belief = probability * expit(log_weight)
        existing = existence.updated(tracks.existence, detection, pairs.track, belief)
        share = probability
    else:
        probability = associate(pairs.track, pairs.plot, log_weight, settings.enumerate_at_most)
        existing = existence.updated(tracks.existence, detection, pairs.track, probability)
        share = existence.if_existing(existing, pairs.track, probability)
    states, covariances, weights = update(tracks, pairs, fit, share)
    after = replace(
        tracks, states=states, covariances=covariances, weights=weights, existence=existing
    )
    return after, probability, share


def _looked(tracks: Tracks, could_be_seen: Bools, hit: Bools, *, goes_on: bool) -> Tracks:
    """Tracks that remember whether this look saw them; a look that goes on is still the same."""
    if goes_on:
        return replace(tracks, looks=tracks.looks | hit.astype(np.uint64))
    looks = (tracks.looks << np.uint64(1)) | hit.astype(np.uint64)
    return replace(
        tracks,
        looks=np.where(could_be_seen, looks, tracks.looks),
        looked=tracks.looked + could_be_seen,
    )


def _nis_of_likeliest(
    scan: Scan, pairs: Pairs, fit: Fit, probability: Floats, hit: Bools, mixture: Mixture
) -> Floats:
    """Normalised innovation squared (n,) of each seen track's most probable plot, else NaN.

    Against what all modes predict together: the mean and covariance of their mixture, which the
    innovation of a filter that is right has on average (BLK sections 1.4.16 and 5.4.2). The mode
    that it fits best, after the fact, would make it small.
    """
    nis = np.full(len(hit), np.nan)
    order = np.argsort(probability, kind="stable")
    likeliest = np.zeros(len(hit), np.int64)
    likeliest[pairs.track[order]] = order
    seen = np.flatnonzero(hit)
    pair = likeliest[seen]
    if fit.distance.shape[1] == 1:  # the mixture is its only mode
        nis[seen] = fit.distance[pair, 0]
        return nis
    means, spreads = mixture
    plot = pairs.plot[pair]
    found = innovation(scan, scan.values[plot], means[seen])
    precision, _ = inverse_and_determinant(found.spread(spreads[seen]) + scan.noise[plot])
    nis[seen] = quadratic_form(precision, found.residual)
    return nis


def _estimates(tracks: Tracks, scan: Scan, hit: Bools, nis: Floats, shown: Bools) -> Estimates:
    rows = tracks.select(shown)
    states, covariances = combined(rows.states, rows.covariances, rows.weights)
    return Estimates(
        time_s=scan.time_s,
        sensor=scan.sensor.name,
        number=rows.number,
        states=states,
        covariances=covariances,
        existence=rows.existence,
        seen=hit[shown],
        nis=nis[shown],
        components=COMPONENTS[scan.kind],
    )
