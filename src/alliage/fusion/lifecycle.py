"""Tracks begin, stand and fall."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from alliage.fusion.matrices import Bools, Floats, Ints, largest_eigenvalue
from alliage.fusion.measurement import to_positions
from alliage.fusion.modes import Modes
from alliage.fusion.motion import POSITION, TURN_RATE, VELOCITY
from alliage.fusion.scan import Kind, Scan
from alliage.fusion.settings import ByCount, ByExistence, Settings
from alliage.fusion.tracks import Tracks

UNEXPLAINED_FROM: Final = 0.8
"""A plot begins a track if it belongs to none with at least this probability."""


def begun(scan: Scan, unexplained: Floats, settings: Settings) -> Tracks:
    """New tracks, one for each plot (k) that none explains: ``unexplained`` is how surely.

    A track begins with the plot's position and a velocity that is not known: one-point initiation
    (Mallick, La Scala, *Comparison of single-point and two-point difference track initiation
    algorithms using position measurements*, Acta Automatica Sinica 34(3), 2008). Bearings alone
    begin lines instead (:mod:`alliage.fusion.lines`). Instead of a number each bears ``-1 - p`` for
    its plot p.
    """
    modes = settings.modes
    if scan.kind is Kind.BEARING:
        return Tracks.none(len(modes), modes.dimensions)
    plots = np.flatnonzero(unexplained >= UNEXPLAINED_FROM)
    places, noise = (of_all[plots] for of_all in to_positions(scan))
    means, spreads = np.zeros((len(plots), 4)), np.zeros((len(plots), 4, 4))
    means[:, POSITION] = places
    spreads[:, POSITION, POSITION] = noise
    spreads[:, VELOCITY, VELOCITY] = np.eye(2) * settings.speed_std_mps**2
    certain = settings.existence_at_start * unexplained[plots]
    return with_places(-1 - plots, means, spreads, certain, modes)


def with_places(
    number: Ints, means: Floats, spreads: Floats, existence: Floats, modes: Modes
) -> Tracks:
    """New tracks with means (n, 4) of position and velocity, alike under all modes."""
    count, size = len(number), modes.dimensions
    states = np.zeros((count, len(modes), size))
    covariances = np.zeros((count, len(modes), size, size))
    states[..., :TURN_RATE] = means[:, None]
    covariances[..., :TURN_RATE, :TURN_RATE] = spreads[:, None]
    if size > TURN_RATE:
        rates = [max(model.turn_rate_std_radps, 1e-6) for model in modes.models]
        covariances[..., TURN_RATE, TURN_RATE] = np.square(rates)
    tracks = fresh(number, states, covariances, existence)
    return replace(tracks, weights=np.tile(modes.first_weights, (count, 1)))


def fresh(number: Ints, states: Floats, covariances: Floats, existence: Floats) -> Tracks:
    """Tracks that were seen once, all modes alike: states (n, m, d)."""
    count, modes = states.shape[:2]
    return Tracks(
        number=number,
        states=states,
        covariances=covariances,
        weights=np.full((count, modes), 1.0 / modes),
        existence=existence,
        confirmed=np.zeros(count, np.bool_),
        looks=np.ones(count, np.uint64),
        looked=np.ones(count, np.int64),
        visible=np.empty((count, 0)),
    )


def confirmed(tracks: Tracks, rule: ByExistence | ByCount) -> Bools:
    """Which tracks stand: once confirmed, until they fall."""
    if isinstance(rule, ByExistence):
        return tracks.confirmed | (tracks.existence >= rule.confirm_from)
    return tracks.confirmed | (_plots_in(tracks, rule.looks) >= rule.plots)


def shown(tracks: Tracks, rule: ByExistence | ByCount) -> Bools:
    """Which tracks are told to others."""
    if isinstance(rule, ByExistence):
        return tracks.confirmed & (tracks.existence >= rule.show_from)
    return tracks.confirmed


def standing(tracks: Tracks, settings: Settings) -> Bools:
    """Which tracks do not fall, and are not lost: their place is known well enough."""
    variance = largest_eigenvalue(tracks.covariances[..., POSITION, POSITION]).min(axis=1)
    known: Bools = variance <= settings.lost_beyond_m**2
    return supported(tracks, settings.confirmation) & known


def supported(tracks: Tracks, rule: ByExistence | ByCount) -> Bools:
    """Which tracks are seen often enough to go on."""
    if isinstance(rule, ByExistence):
        return tracks.existence >= rule.delete_below
    left = np.maximum(rule.looks - tracks.looked, 0)
    possible = _plots_in(tracks, rule.looks) + left >= rule.plots
    seen = _plots_in(tracks, rule.misses) > 0
    return np.asarray(np.where(tracks.confirmed, seen, possible))


def _plots_in(tracks: Tracks, looks: int) -> Ints:
    """Plots in so many latest looks (n,)."""
    mask = np.uint64((1 << looks) - 1)
    return np.asarray(np.bitwise_count(tracks.looks & mask), np.int64)
