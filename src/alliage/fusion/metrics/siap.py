"""Single integrated air picture metrics: is everything there, once, and nothing else?

Votruba, Nisley, Rothrock, Zombro, *Single Integrated Air Picture (SIAP) metrics implementation*,
SIAP System Engineering Task Force, 2001.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from alliage.fusion.matrices import Floats, Ints
from alliage.fusion.metrics.gospa import match
from alliage.fusion.metrics.over_time import Points, moments


class Siap(NamedTuple):
    """Figures over all moments; NaN where there is nothing to say."""

    completeness: float  # share of the truths that some track follows; 1 is best
    ambiguity: float  # tracks on a followed truth; 1 is best
    spuriousness: float  # share of the tracks that follow no truth; 0 is best
    position_error_m: float  # mean distance of tracks to the truths that they follow
    switches: int  # how often a truth went from one track to another


def siap(tracks: Points, truths: Points, cutoff_m: float) -> Siap:
    """Completeness, ambiguity, spuriousness, accuracy and changes of tracks.

    A track follows the nearest truth, if that is closer than the cutoff; several may follow one.
    For the switches a truth has one track at a time, the one that GOSPA gives it; that it has none
    for a while is no switch.
    """
    truth_count = track_count = followed = following = switches = 0
    error_m = 0.0
    held: dict[int, int] = {}
    for _, here, there in moments(tracks, truths):
        truth_count += len(there)
        track_count += len(here)
        nearest, distance_m = _nearest(here.position_m, there.position_m, cutoff_m)
        following += len(nearest)
        followed += len(np.unique(nearest))
        error_m += float(distance_m.sum())
        matches = match(here.position_m, there.position_m, cutoff_m)
        now = zip(
            there.number[matches.truth].tolist(),
            here.number[matches.estimate].tolist(),
            strict=True,
        )
        for truth, track in now:
            switches += held.get(truth, track) != track
            held[truth] = track
    return Siap(
        completeness=_ratio(followed, truth_count),
        ambiguity=_ratio(following, followed),
        spuriousness=_ratio(track_count - following, track_count),
        position_error_m=_ratio(error_m, following),
        switches=switches,
    )


def _nearest(tracks: Floats, truths: Floats, cutoff_m: float) -> tuple[Ints, Floats]:
    """For each track that follows a truth, that truth's row and how far it is."""
    if not len(tracks) or not len(truths):
        return np.empty(0, np.int64), np.empty(0)
    distance_m, row = cKDTree(truths).query(tracks)
    close = distance_m < cutoff_m
    return row[close], distance_m[close]


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")
