"""The peers of the live picture: the same state at hand, and JSON for each client."""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson

from alliage.picture.session import SHARED_US
from alliage.picture.view import PictureView

COLUMNS = ("lon", "lat", "std", "altitude", "speed", "course", "heading", "valid_us", "state")


class PlainJson:
    """What a plain server does for one client; it refreshes the view as often as we do."""

    def __init__(self, view: PictureView, box: list[float]) -> None:
        self._view = view
        self._box = box
        self._version = 0

    def batch(self, now_us: int) -> bytes:
        """One document: every track in view."""
        with self._view.lock:
            self._view.refresh(now_us, max_age_us=SHARED_US)
            return orjson.dumps({"type": "tracks", "tracks": self._tracks(since=-1)})

    def messages(self, now_us: int) -> list[bytes]:
        """A message for each track in view that was heard since the last time."""
        with self._view.lock:
            self._view.refresh(now_us, max_age_us=SHARED_US)
            tracks = self._tracks(since=self._version)
            self._version = self._view.objects.version
            return [orjson.dumps({"type": "track", **track}) for track in tracks]

    def _tracks(self, since: int) -> list[dict[str, Any]]:
        objects, n = self._view.objects, self._view.objects.count
        lon, lat = objects.lon[:n], objects.lat[:n]
        west, south, east, north = self._box
        inside = (lon >= west) & (lat >= south) & (lon <= east) & (lat <= north)
        rows = np.flatnonzero(inside & (objects.changed_at[:n] > since))
        columns = [getattr(objects, name)[rows].tolist() for name in COLUMNS]
        return [
            dict(zip(COLUMNS, values, strict=True), id=self._view.words(row).track)
            for row, *values in zip(rows.tolist(), *columns, strict=True)
        ]
