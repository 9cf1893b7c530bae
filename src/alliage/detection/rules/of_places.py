"""Conditions of watch rules on places: in an area, near something, how many others are there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from scipy.spatial import cKDTree

from alliage.detection.features import Feature, contains, distance_m
from alliage.detection.rules.of_things import Holds
from alliage.detection.scene import Scene
from alliage.detection.things import Rows
from alliage.detection.wording import Words, distance
from alliage.geo.flat import EARTH_M
from alliage.geo.sphere import on_sphere

FARTHEST_M: Final = 200_000.0
HEARD_NEAR_M: Final = 50_000.0
"""An area is heard of where something is heard this near to it."""


@dataclass(frozen=True, slots=True)
class Inside:
    """Within an area of this name, or in none of it."""

    wanted: bool
    area: str
    cost: ClassVar[int] = 1

    def problem(self) -> Words | None:
        """Areas are found by name when it is looked: they may be drawn later."""
        return None

    def holds(self, scene: Scene, things: Rows) -> Holds:
        """Of an area that nobody knows nothing holds, not even that it is outside."""
        found = np.zeros(len(things), np.bool_)
        areas = scene.features.named(self.area)
        if not areas:
            return found
        lat, lon = scene.things.lat[things], scene.things.lon[things]
        for area in areas:
            found |= contains(area, lat, lon)
        return found if self.wanted else ~found & ~np.isnan(lat)

    def words(self) -> Words:
        """``inside Sund``."""
        return (f"inside {self.area}", f"dans {self.area}") if self.wanted else (
            f"outside {self.area}", f"hors de {self.area}")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Within:
    """No farther than this from the line or outline of something, or inside it."""

    distance_m: float
    area: str
    cost: ClassVar[int] = 1

    def problem(self) -> Words | None:
        """The earth is taken as flat that far."""
        most = f"{FARTHEST_M / 1_000:g} km"
        is_fit = 0 < self.distance_m <= FARTHEST_M
        return None if is_fit else (f"a distance up to {most}", f"une distance jusqu'à {most}")

    def holds(self, scene: Scene, things: Rows) -> Holds:
        """Near any of that name."""
        lat, lon = scene.things.lat[things], scene.things.lon[things]
        found = np.zeros(len(things), np.bool_)
        for feature in scene.features.named(self.area):
            found |= contains(feature, lat, lon)
            found |= distance_m(feature, lat, lon, self.distance_m) <= self.distance_m
        return found

    def words(self) -> Words:
        """``within 2.0 nm of Sund cable``."""
        en, fr = distance(self.distance_m)
        return f"within {en} of {self.area}", f"à moins de {fr} de {self.area}"


@dataclass(frozen=True, slots=True)
class Others:
    """So many others of which the rest of the rule holds are near it."""

    count: int
    distance_m: float
    cost: ClassVar[int] = 3

    def problem(self) -> Words | None:
        """At least one, not too far."""
        if self.count < 1:
            return "at least 1", "au moins 1"
        return Within(self.distance_m, "").problem()

    def holds(self, scene: Scene, things: Rows) -> Holds:
        """Two source tracks of one object are not two."""
        table = scene.things
        objects, first = np.unique(table.stands_for[things], return_index=True)
        if len(objects) <= self.count:
            return np.zeros(len(things), np.bool_)
        places = on_sphere(table.lat[things], table.lon[things])
        places[np.isnan(places).any(axis=1)] = 10.0  # nowhere near anything
        chord = 2.0 * np.sin(self.distance_m / EARTH_M / 2.0)
        near = cKDTree(places[first]).query_ball_point(places, chord, return_length=True)
        return np.asarray((near - 1 >= self.count) & ~np.isnan(table.lat[things]))

    def words(self) -> Words:
        """``with 3 others within 2.0 nm``."""
        en, fr = distance(self.distance_m)
        return f"with {self.count} or more within {en}", f"avec {self.count} autres à moins de {fr}"


@dataclass(frozen=True, slots=True)
class Crowd:
    """So many at least, or at most, are in an area: the rule is then about the area."""

    at_least: bool
    count: int
    area: str

    def problem(self) -> Words | None:
        """At least none is always so."""
        is_fit = self.count >= 1 or not self.at_least
        return None if is_fit else ("at least 1", "au moins 1")

    def areas(self, scene: Scene) -> list[Feature]:
        """Those of that name."""
        return scene.features.named(self.area)

    def count_in(self, area: Feature, scene: Scene, things: Rows) -> int | None:
        """How many objects are in it; None where that is not so, or cannot be known.

        That few are there is said only where something is heard nearby: no data is not nothing.
        """
        table = scene.things
        inside = things[contains(area, table.lat[things], table.lon[things])]
        count = len(np.unique(table.stands_for[inside]))
        if self.at_least:
            return count if count >= self.count else None
        if count > self.count:
            return None
        live = scene.live(600.0)
        lat, lon = table.lat[live], table.lon[live]
        is_near = distance_m(area, lat, lon, HEARD_NEAR_M) <= HEARD_NEAR_M
        return count if (is_near | contains(area, lat, lon)).any() else None

    def words(self, count: int) -> Words:
        """``5 in Sund, at least 3``."""
        en, fr = ("at least", "au moins") if self.at_least else ("at most", "au plus")
        return f"{count}, {en} {self.count}", f"{count}, {fr} {self.count}"
