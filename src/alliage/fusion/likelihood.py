"""How well plots fit to predicted tracks, mode by mode.

Source: Bar-Shalom, Li, Kirubarajan 2001, sections 5.4 (innovations), 11.6.6 (modes).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from alliage.fusion.gating import Pairs
from alliage.fusion.matrices import Bools, Floats, inverse_and_determinant, quadratic_form
from alliage.fusion.measurement import Innovation, innovation
from alliage.fusion.motion import POSITION
from alliage.fusion.scan import Scan
from alliage.fusion.tracks import Tracks

LOG_TAU: Final = float(np.log(2.0 * np.pi))


class Fit(NamedTuple):
    """For pairs (p) and modes (m): everything that association and update need."""

    innovation: Innovation  # (p, m, k), (p, m, k, 2)
    noise: Floats  # (p, 1, k, k)
    precision: Floats  # (p, m, k, k), inverse of the innovation's covariance
    distance: Floats  # (p, m), squared Mahalanobis distance of the innovation
    log_by_mode: Floats  # (p, m), log density of the plot if the mode is true
    log: Floats  # (p,), over all modes

    def where(self, chosen: Bools) -> Fit:
        """Some of the pairs."""
        return Fit(self.innovation.where(chosen), *(column[chosen] for column in self[1:]))


def likelihoods(scan: Scan, tracks: Tracks, pairs: Pairs) -> Fit:
    """Innovations of the pairs and how probable they are."""
    places = tracks.states[pairs.track][..., POSITION]
    found = innovation(scan, scan.values[pairs.plot][:, None], places)
    return fitted(found, scan, tracks, pairs)


def fitted(found: Innovation, scan: Scan, tracks: Tracks, pairs: Pairs) -> Fit:
    """How probable innovations (p, m, k) of pairs are."""
    spread = tracks.covariances[pairs.track][..., POSITION, POSITION]
    noise = scan.noise[pairs.plot][:, None]
    precision, determinant = inverse_and_determinant(found.spread(spread) + noise)
    distance = quadratic_form(precision, found.residual)
    components = found.residual.shape[-1]
    by_mode = -0.5 * (distance + np.log(determinant) + components * LOG_TAU)
    overall = np.logaddexp.reduce(by_mode + np.log(tracks.weights[pairs.track]), axis=1)
    return Fit(found, noise, precision, distance, by_mode, overall)
