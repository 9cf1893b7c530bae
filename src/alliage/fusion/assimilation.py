"""What the plots of a look make of tracks: associated, updated, and more or less probable."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from scipy.special import expit

from alliage.fusion import existence
from alliage.fusion.gating import Pairs
from alliage.fusion.joint import associate
from alliage.fusion.likelihood import Fit
from alliage.fusion.matrices import Bools, Floats
from alliage.fusion.nearest import assign
from alliage.fusion.scan import Scan
from alliage.fusion.settings import Association, Settings
from alliage.fusion.tracks import Tracks
from alliage.fusion.update import update

DECIDED_AS_IF: Final = 0.5
"""Least existence with which a track competes for plots under global nearest neighbour."""


def assimilated(
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


def looked(tracks: Tracks, could_be_seen: Bools, hit: Bools, *, goes_on: bool) -> Tracks:
    """Tracks that remember whether this look saw them; a look that goes on is still the same."""
    if goes_on:
        return replace(tracks, looks=tracks.looks | hit.astype(np.uint64))
    looks = (tracks.looks << np.uint64(1)) | hit.astype(np.uint64)
    return replace(
        tracks,
        looks=np.where(could_be_seen, looks, tracks.looks),
        looked=tracks.looked + could_be_seen,
    )
