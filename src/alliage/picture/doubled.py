"""Which objects of one audience are another of its objects once more, and not shown beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from alliage.ontology.audience import Audience
from alliage.picture.staleness import LIVE
from alliage.picture.tracks import SourceTracks

if TYPE_CHECKING:
    from alliage.picture.objects import Objects

Rows = NDArray[np.intp]


class Doubled:
    """Finds them from what machines said that these readers may see; under the picture's lock."""

    def __init__(self, tracks: SourceTracks, audience: Audience) -> None:
        self._tracks = tracks
        self._audience = audience
        self._read: tuple[int, int] | None = None
        self._pairs: Rows = np.zeros((0, 2), np.intp)
        """Source tracks that are one of another stream's things, and the likeliest of these."""

    def rows(self, objects: Objects, state: NDArray[np.uint8]) -> Rows:
        """Objects that trackers alone follow and that add no thing to one that is live.

        Of two that trackers follow the elder is shown, so that one always is.
        """
        read = self._tracks.joins.doubles_version, len(objects.object_of)
        if read != self._read:
            self._pairs, self._read = self._found(), read
        if not len(self._pairs):
            return np.zeros(0, np.intp)
        own, other = objects.object_of[self._pairs].T
        visible = (own >= 0) & (other >= 0) & (own != other)
        own, other = own[visible], other[visible]
        elder = (objects.awaited[other] < 0) | (other < own)
        chosen = (objects.awaited[own] >= 0) & elder & (state[other] == LIVE)
        return np.unique(own[chosen])

    def _found(self) -> Rows:
        tracks, found = self._tracks, []
        for one in tracks.joins.doubles(self._audience, tracks.retractions):
            own = tracks.row_in(one.streams, one.identifier, self._audience)
            if own is None:
                continue
            others = [stream for stream in one.streams if stream != own[1]]
            other = tracks.row_in(others, one.other, self._audience)
            if other is not None:
                found.append((own[0], other[0]))
        return np.array(found, np.intp).reshape(-1, 2)
