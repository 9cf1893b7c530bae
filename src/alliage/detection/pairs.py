"""Ships that keep together: who is near whom, how they lie to each other, and since when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from alliage.detection.passing import places_now
from alliage.detection.scene import Scene
from alliage.geo.flat import EARTH_M, offset_m
from alliage.geo.sphere import on_sphere
from alliage.ontology.derived import plots_of

Floats = NDArray[np.float64]
Rows = NDArray[np.int32]
Flags = NDArray[np.bool_]

HEARD_S: Final = 600.0
GRACE_US: Final = 300_000_000
"""A report that is missed parts nobody."""

TUGS: Final = frozenset({"tug", "towing", "towing_long"})


def ships(scene: Scene) -> Rows:
    """Ships that are heard, one row of each object; what sensors follow has no say."""
    table, live = scene.things, scene.live(HEARD_S)
    says = np.array([plots_of(stream) is None for stream in table.streams], np.bool_)
    live = live[says[table.stream[live]]]
    live = live[table.is_a("Vessel", live)]
    live = live[np.lexsort((-table.valid_us[live], table.stands_for[live]))]
    _, first = np.unique(table.stands_for[live], return_index=True)
    return np.asarray(live[first], np.int32)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Ships two by two, (n,) each: rows, and where the second is from the first, metres."""

    one: Rows
    two: Rows
    east_m: Floats
    north_m: Floats

    @property
    def apart_m(self) -> Floats:
        """Metres between them."""
        return np.asarray(np.hypot(self.east_m, self.north_m))

    @property
    def toward_deg(self) -> Floats:
        """Which way the second is from the first."""
        return np.asarray(np.degrees(np.arctan2(self.east_m, self.north_m)) % 360.0)

    def part(self, which: Flags) -> Pairs:
        """Some of them."""
        return Pairs(self.one[which], self.two[which], self.east_m[which], self.north_m[which])


def near_pairs(scene: Scene, some: Rows, near_m: float) -> Pairs:
    """Those of some ships that are so near each other, by where they would be now."""
    if len(some) < 2:
        some = some[:0]
        return Pairs(some, some, np.zeros(0), np.zeros(0))
    lat, lon = places_now(scene, some)
    found = cKDTree(on_sphere(lat, lon)).query_pairs(near_m / EARTH_M, output_type="ndarray")
    first, second = found[:, 0], found[:, 1]
    east, north = offset_m(lat[first], lon[first], lat[second], lon[second])
    return Pairs(some[first], some[second], np.asarray(east), np.asarray(north))


@dataclass(slots=True)
class Kept:
    """A pair that keeps together: since and until when, microseconds, and how near, metres."""

    since_us: int
    last_us: int
    least_m: float
    most_m: float


class Keeping:
    """Since when each pair keeps together; one whose distance changes by too much begins anew."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, int], Kept] = {}

    def note(
        self, pairs: Pairs, now_us: int, most_change_m: float
    ) -> Iterable[tuple[int, int, Kept]]:
        """Those who are together now, first and second, each with what is known of them."""
        for one, two, apart_m in zip(
            pairs.one.tolist(), pairs.two.tolist(), pairs.apart_m.tolist(), strict=True
        ):
            kept = self._kept.get((one, two)) or Kept(now_us, now_us, apart_m, apart_m)
            kept.least_m, kept.most_m = min(kept.least_m, apart_m), max(kept.most_m, apart_m)
            if kept.most_m - kept.least_m > most_change_m:
                kept = Kept(now_us, now_us, apart_m, apart_m)
            kept.last_us = now_us
            self._kept[one, two] = kept
            yield one, two, kept
        self._kept = {p: k for p, k in self._kept.items() if now_us - k.last_us <= GRACE_US}
