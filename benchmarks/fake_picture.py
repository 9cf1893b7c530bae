"""Batches of the picture's protocol for as many tracks as one likes, without a node."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alliage.picture.encode import encode_frame

SIDES = ("1", "3", "4", "5")  # unknown, friend, neutral, hostile
TRAIL_POINTS = 20


class FakePicture:
    """Tracks anywhere in the box that a client looks at; they move, come and go."""

    def __init__(self) -> None:
        self.bbox = [7.0, 54.0, 15.0, 58.0]
        self._rng = np.random.default_rng(1)
        self._seq = 0
        self._given = 0
        self._ids: NDArray[np.uint32] = np.zeros(0, dtype=np.uint32)

    def begin(self, tracks: int) -> list[bytes]:
        """Everything anew: so many tracks."""
        self._ids = self._numbers(tracks)
        self._place(tracks)
        return [self._tracks(self._ids, reset=True)]

    def move(self, replace: int = 0) -> list[bytes]:
        """Every track has moved; some went and as many others came, with trails of their own."""
        gone, self._ids = self._ids[:replace], self._ids[replace:]
        fresh = self._numbers(replace)
        self._ids = np.concatenate([self._ids, fresh])
        self._lon += self._rng.normal(0, 1e-3, len(self._lon))
        frames = [self._tracks(fresh, removed=gone.tolist())]
        return [*frames, self._trails()] if replace else frames

    def nothing(self) -> list[bytes]:
        """A batch that tells the time."""
        self._seq += 1
        return [encode_frame({**self._header(), "rows": 0})]

    def _numbers(self, tracks: int) -> NDArray[np.uint32]:
        first = self._given + 1
        self._given += tracks
        return np.arange(first, self._given + 1, dtype=np.uint32)

    def _place(self, tracks: int) -> None:
        west, south, east, north = self.bbox
        self._lon = west + self._rng.random(tracks) * (east - west)
        self._lat = south + self._rng.random(tracks) * (north - south)

    def _header(self) -> dict[str, Any]:
        return {
            "type": "tracks",
            "seq": self._seq,
            "clock_us": time.time_ns() // 1_000,
            "clock": "live",
            "total": len(self._ids),
            "banner": {"text": "EXERCISE", "classification": "UNCLASSIFIED"},
        }

    def _tracks(
        self, described: NDArray[np.uint32], reset: bool = False, removed: list[int] | None = None
    ) -> bytes:
        self._seq += 1
        n = len(self._ids)
        unknown = np.full(n, np.nan)
        course = (self._ids * 37) % 360
        header = {
            **self._header(),
            "reset": reset,
            "aggregated": False,
            "rows": n,
            "removed": removed or [],
            "labels": {"1": "ALLIAGE UNCLASSIFIED"} if reset else {},
            "strings": {str(number): _words(number) for number in described.tolist()},
        }
        return encode_frame(
            header,
            [
                ("id", "u4", self._ids),
                ("lon", "f8", self._lon),
                ("lat", "f8", self._lat),
                ("speed", "f4", self._ids % 15),
                ("course", "f4", course),
                ("heading", "f4", course),
                ("std", "f4", np.full(n, 10.0)),
                ("altitude", "f4", unknown),
                ("valid", "f8", np.full(n, header["clock_us"])),
                ("state", "u1", np.zeros(n)),
                ("label", "i4", np.ones(n)),
            ],
        )

    def _trails(self) -> bytes:
        back = np.arange(TRAIL_POINTS, 0, -1)
        n = len(self._ids)
        return encode_frame(
            {"type": "trails", "seq": self._seq, "rows": n},
            [
                ("id", "u4", self._ids),
                ("count", "u4", np.full(n, TRAIL_POINTS)),
                ("lon", "f4", (self._lon[:, None] - back * 1e-3).ravel()),
                ("lat", "f4", np.repeat(self._lat, TRAIL_POINTS)),
                ("valid", "f8", np.zeros(n * TRAIL_POINTS)),
            ],
        )


def _words(number: int) -> dict[str, Any]:
    return {
        "track": f"track-{number}",
        "object": f"track-{number}",
        "name": f"SHIP {number}",
        "schema": "Vessel",
        "sidc": f"100{SIDES[number % 4]}3000001401000000",
        "identifier": f"mmsi:{219_000_000 + number}",
        "sources": ["bench"],
    }
