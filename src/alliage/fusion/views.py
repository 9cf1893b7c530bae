"""Where and when a scan's sensor measures a thing, beside where it is at the scan's time.

A radar that turns meets each thing at a moment of its own, up to a turn before the look is over;
and a sensor's places may be off in a way that lasts (:mod:`alliage.fusion.lasting`). Both are
linear in a track's state: the place that is measured is ``place - age * velocity + error``. So for
a scan the place in every state is replaced by that one, which everything that handles plots then
works on, and put back after it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from alliage.fusion.lasting import Lasting
from alliage.fusion.matrices import Floats, transposed
from alliage.fusion.modes import combined
from alliage.fusion.motion import POSITION, VELOCITY
from alliage.fusion.scan import Scan
from alliage.fusion.tracks import Tracks


def ages_s(scan: Scan, tracks: Tracks) -> Floats:
    """How long before the scan's time its sensor met each thing (n,): where the beam was then."""
    if scan.turn_s is None:
        return np.zeros(len(tracks))
    means, _ = combined(tracks.states, tracks.covariances, tracks.weights)
    east, north = (means[:, POSITION] - scan.sensor_position_m).T
    turned = (np.arctan2(east, north) - scan.turn_begins_rad) % (2.0 * np.pi)
    return np.asarray(scan.turn_s * (1.0 - turned / (2.0 * np.pi)))


def as_seen(tracks: Tracks, scan: Scan, ages: Floats, lasting: Lasting) -> Tracks:
    """Tracks whose place is what the scan's sensor measures but for noise, so many seconds ago."""
    return _moved(tracks, scan, ages, lasting, 1.0)


def as_is(tracks: Tracks, scan: Scan, ages: Floats, lasting: Lasting) -> Tracks:
    """Tracks of :func:`as_seen` whose place is where the things are at the scan's time."""
    return _moved(tracks, scan, ages, lasting, -1.0)


def _moved(tracks: Tracks, scan: Scan, ages: Floats, lasting: Lasting, sign: float) -> Tracks:
    name = scan.sensor.name
    if not len(tracks) or (scan.turn_s is None and name not in lasting):
        return tracks
    size = tracks.states.shape[-1]
    change = np.tile(np.eye(size), (len(tracks), 1, 1, 1))
    change[..., POSITION, VELOCITY] = -sign * ages[:, None, None, None] * np.eye(2)
    if name in lasting:
        begin = size - 2 * (len(lasting) - list(lasting).index(name))
        change[..., POSITION, begin : begin + 2] = sign * np.eye(2)
    return replace(
        tracks,
        states=(change @ tracks.states[..., None])[..., 0],
        covariances=change @ tracks.covariances @ transposed(change),
    )
