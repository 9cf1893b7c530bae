"""One scan: predict, gate, associate, update, begin and end tracks.

A pure function of what was and what came, which is what makes going back for a late scan simple.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from alliage.fusion import crossing, existence, hidden, lifecycle
from alliage.fusion.assimilation import assimilated, looked
from alliage.fusion.gating import Pairs, Predicted, candidates
from alliage.fusion.lasting import widened
from alliage.fusion.likelihood import Fit, likelihoods
from alliage.fusion.lines import (
    LineEstimates,
    Lines,
    begun,
    concerns_lines,
    followed,
    predicted,
    told,
)
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
from alliage.fusion.scan import COMPONENTS, Scan
from alliage.fusion.settings import Settings
from alliage.fusion.tracks import Tracks
from alliage.fusion.views import ages_s, as_is, as_seen

SILENT_S: Final = 60.0
"""The lines of a sensor that has looked no more for so long are crossed with no others."""

Mixture = tuple[Floats, Floats]
"""Mean places (n, 2) that all modes predict together, and their covariances (n, 2, 2)."""


@dataclass(frozen=True, eq=False)
class State:
    """Everything a tracker knows at one moment."""

    tracks: Tracks
    time_s: float | None = None
    given: Floats = field(default_factory=lambda: np.empty(0))
    """Probability (n,) that a track's plot was in the latest look so far."""
    lines: Mapping[str, Lines] = field(default_factory=dict)
    """Of each sensor, by its name, that has given bearings alone."""


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
    lines: LineEstimates = field(default_factory=LineEstimates.none)  # of the sensor that looked

    def __len__(self) -> int:
        return len(self.number)


def step(state: State, scan: Scan, settings: Settings) -> tuple[State, Estimates]:
    """What a scan makes of a state that is not younger; what begins has no number yet."""
    tracks = _predicted(state, scan.time_s, settings)
    ages = ages_s(scan, tracks)
    tracks = as_seen(tracks, scan, ages, settings.lasting)
    mean, spread = combined(tracks.states, tracks.covariances, tracks.weights)
    means, spreads = mean[:, POSITION], spread[:, POSITION, POSITION]
    given = state.given if scan.share_before > 0.0 else np.zeros(len(tracks))
    if_visible = existence.detection(scan, means, given, settings.gate_probability)
    detection = if_visible * hidden.visible(tracks, settings.hidden, scan.sensor.name)
    threshold = settings.gate_threshold(COMPONENTS[scan.kind])
    by_mode = tracks.states[..., POSITION], tracks.covariances[..., POSITION, POSITION]
    near = candidates(scan, Predicted(*by_mode, means, spreads), threshold)
    near = near.where(detection[near.track] > 0.0)
    fit = likelihoods(scan, tracks, near)
    within = fit.distance.min(axis=1) <= threshold  # the gate: near enough under some mode
    pairs, fit = near.where(within), fit.where(within)
    tracks, probability, share = assimilated(tracks, scan, pairs, fit, detection, settings)
    hit = sum_by(pairs.track, probability, len(tracks)) >= 0.5
    seen = np.minimum(sum_by(pairs.track, share, len(tracks)), 1.0)
    given = np.minimum(given + seen, 1.0)
    tracks = hidden.learned(tracks, settings.hidden, scan.sensor.name, if_visible, seen)
    tracks = looked(tracks, detection > 0.0, hit, goes_on=scan.share_before > 0.0)
    nis = _nis_of_likeliest(scan, pairs, fit, probability, hit, (means, spreads))
    explained = np.bincount(pairs.plot, probability, len(scan)).astype(np.float64)
    tracks = as_is(tracks, scan, ages, settings.lasting)
    tracks = replace(tracks, confirmed=lifecycle.confirmed(tracks, settings.confirmation))
    stays = lifecycle.standing(tracks, settings)
    shown = stays & lifecycle.shown(tracks, settings.confirmation)
    estimates = _estimates(tracks, scan, hit, nis, shown, settings.modes.dimensions)
    new = widened(lifecycle.begun(scan, 1.0 - explained, settings), settings.lasting)
    new = hidden.first_seen(new, settings.hidden, scan.sensor.name)
    new = as_is(new, scan, ages_s(scan, new), settings.lasting)
    lines = state.lines
    if concerns_lines(scan) and (len(scan) or scan.sensor.name in lines):
        owned = np.bincount(pairs.plot, probability * tracks.confirmed[pairs.track], len(scan))
        its, said, new = _lines(lines, scan, explained, owned.astype(np.float64), settings)
        lines, estimates = {**lines, scan.sensor.name: its}, replace(estimates, lines=said)
    given = np.concatenate([given[stays], np.ones(len(new))])
    return State(tracks.select(stays).and_also(new), scan.time_s, given, lines), estimates


def _lines(
    lines: Mapping[str, Lines], scan: Scan, explained: Floats, owned: Floats, settings: Settings
) -> tuple[Lines, LineEstimates, Tracks]:
    """The lines of the scan's sensor, what is told of them, and tracks that begin where some cross.

    Args:
        lines: of every sensor.
        scan: bearings, or a look that saw nothing.
        explained: probability (k,) that a plot belongs to a track.
        owned: that it belongs to a confirmed one (k,).
        settings: of the tracker.
    """
    found = followed(lines.get(scan.sensor.name), scan, owned, settings)
    begins = begun(scan, 1.0 - explained - found.explained, settings)
    others = [
        replace(theirs, tracks=predicted(theirs, scan.time_s, settings))
        for name, theirs in sorted(lines.items())
        if name != scan.sensor.name and scan.time_s - theirs.time_s <= SILENT_S
    ]
    free = np.append(1.0 - explained, 0.0)[found.plot] >= lifecycle.UNEXPLAINED_FROM
    free &= found.shown  # a line without a plot has -1, which is the last
    plot = np.where(free, found.plot, -1)
    crossings = crossing.begun(found.lines, plot, scan, others, settings)
    with_new = replace(found.lines, tracks=found.lines.tracks.and_also(begins))
    crossings = hidden.first_seen(crossings, settings.hidden, scan.sensor.name)
    return with_new, told(found), widened(crossings, settings.lasting)


def _predicted(state: State, time_s: float, settings: Settings) -> Tracks:
    tracks = state.tracks
    elapsed_s = 0.0 if state.time_s is None else time_s - state.time_s
    if not len(tracks) or elapsed_s == 0.0:
        return tracks
    states, covariances, weights = settings.modes.predict(
        tracks.states, tracks.covariances, tracks.weights, elapsed_s, settings.lasting
    )
    survived = tracks.existence * np.exp(-elapsed_s / settings.mean_lifetime_s)
    return replace(
        tracks,
        states=states,
        covariances=covariances,
        weights=weights,
        existence=survived,
        visible=hidden.wandered(tracks.visible, settings.hidden, elapsed_s),
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


def _estimates(
    tracks: Tracks, scan: Scan, hit: Bools, nis: Floats, shown: Bools, size: int
) -> Estimates:
    rows = tracks.select(shown)
    states, covariances = combined(rows.states, rows.covariances, rows.weights)
    return Estimates(
        time_s=scan.time_s,
        sensor=scan.sensor.name,
        number=rows.number,
        states=states[:, :size],
        covariances=covariances[:, :size, :size],
        existence=rows.existence,
        seen=hit[shown],
        nis=nis[shown],
        components=COMPONENTS[scan.kind],
    )
