"""Misses that last: for a while a sensor does not see a thing at all, though others may.

One boat is behind another, two are one plot, a hull turns its narrow side: then a sensor misses the
same thing in look after look. Taken for misses that are new in each look, three of them prove that
there is no such thing, while another sensor sees it.

So a track may bear, for each sensor that is named in ``Settings.hidden``, the probability that the
sensor can see the thing if it exists: a Markov chain of two states beside existence (the "Markov
chain two" of Musicki, Evans, Stankovic, *Integrated probabilistic data association*, IEEE Trans.
Automatic Control 39(6), 1994: a thing exists and is observable, exists and is not, or does not
exist), in continuous time and one of each sensor. The first misses say that there may be nothing;
those that follow say little more than that the sensor does not see it now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from alliage.fusion.existence import LEAST
from alliage.fusion.matrices import Floats
from alliage.fusion.tracks import Tracks


@dataclass(frozen=True)
class Hidden:
    """How much of the time a sensor does not see a thing within reach, and how long that lasts.

    What it sees it detects with its detection probability, which is that of looks at what is not
    hidden.

    Args:
        share: of the time, in (0, 1).
        time_constant_s: after which a third is left of what was known of it.
    """

    share: float
    time_constant_s: float

    def __post_init__(self) -> None:
        if not (0.0 < self.share < 1.0 and self.time_constant_s > 0.0):
            raise ValueError("share must lie between 0 and 1 and time_constant_s be positive")


Hiding = Mapping[str, Hidden]
"""By the name of the sensor."""


def first_seen(tracks: Tracks, hiding: Hiding, sensor: str) -> Tracks:
    """Tracks that have just begun: the sensor sees them, of the others what is usual is known."""
    if not hiding:
        return tracks
    columns = np.tile([1.0 - one.share for one in hiding.values()], (len(tracks), 1))
    if sensor in hiding:
        columns[:, list(hiding).index(sensor)] = 1.0 - LEAST
    return replace(tracks, visible=columns)


def wandered(visible: Floats, hiding: Hiding, elapsed_s: float) -> Floats:
    """Probabilities (n, k) that each of k sensors sees a thing, a while later."""
    usual = np.array([1.0 - one.share for one in hiding.values()])
    left = np.exp([-elapsed_s / one.time_constant_s for one in hiding.values()])
    return np.asarray(usual + (visible - usual) * left)


def visible(tracks: Tracks, hiding: Hiding, sensor: str) -> Floats:
    """Probability (n,) that a sensor can see each track's thing, if it exists."""
    if sensor not in hiding:
        return np.ones(len(tracks))
    return np.asarray(tracks.visible[:, list(hiding).index(sensor)])


def learned(tracks: Tracks, hiding: Hiding, sensor: str, detection: Floats, seen: Floats) -> Tracks:
    """Tracks after a look of a sensor.

    Args:
        tracks: n rows.
        hiding: of all sensors that it is known of.
        sensor: that looked.
        detection: probability (n,) of a plot of a thing that the sensor can see.
        seen: probability (n,) that the look had one of the track's, if it exists.
    """
    if sensor not in hiding:
        return tracks
    before = visible(tracks, hiding, sensor)
    missed = before * (1.0 - detection) / (1.0 - before * detection)
    after = np.clip(seen + (1.0 - seen) * missed, LEAST, 1.0 - LEAST)
    columns = tracks.visible.copy()
    columns[:, list(hiding).index(sensor)] = after
    return replace(tracks, visible=columns)
