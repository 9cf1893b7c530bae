"""Formation: aircraft fly close together on one course, as traffic that is kept apart does not.

Controlled traffic is kept 5 nautical miles or 1,000 feet apart (ICAO Doc 4444, 5.3 and 8.7). Who
flies within a mile of another at one height and speed for minutes, and keeps its place beside it,
does so on purpose: who is overtaken on the same airway slides by. Only what one stream tells of
both counts: two streams may tell of one aircraft under two names. Another formation begins where
one joins or leaves, so that a change is told as such.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from alliage.detection.contract import Evidence, Finding, Reason
from alliage.detection.passing import places_now, velocity_mps
from alliage.detection.scene import Reports, Scene
from alliage.detection.settings import DetectorSettings
from alliage.detection.wording import Words, number, since, some
from alliage.geo.flat import EARTH_M, offset_m, turn_deg
from alliage.geo.sphere import on_sphere
from alliage.ontology.derived import plots_of

Rows = NDArray[np.int32]
Pairs = NDArray[np.intp]
Offsets = NDArray[np.float64]

HEARD_S: Final = 30.0
GRACE_US: Final = 40_000_000
"""A report that is missed parts nobody."""


class FormationSettings(DetectorSettings):
    """What counts as flying together."""

    near_m: float = Field(default=1_852.0, gt=0, description="So near they are together.")
    height_m: float = Field(default=150.0, gt=0, description="They fly no farther apart in height.")
    turn_deg: float = Field(
        default=12.0, gt=0, le=90, description="Their courses differ by no more."
    )
    speed_share: float = Field(
        default=0.12, gt=0, le=1, description="Speeds differ by no more than this part."
    )
    least_speed_mps: float = Field(
        default=45.0, gt=0, description="Slower ones fly about an aerodrome, or glide together."
    )
    least_altitude_m: float = Field(
        default=1_200.0, ge=0, description="Lower ones may come to runways that lie side by side."
    )
    lasts_s: float = Field(default=600.0, ge=30, description="For how long they stay together.")
    keeps_m: float = Field(
        default=400.0,
        gt=0,
        description="While together nobody moves farther along or beside the others.",
    )


@dataclass(slots=True)
class _Group:
    """Since and until when some are together, and how they lay to each other at first."""

    since_us: int
    last_us: int
    lay_m: Offsets
    is_told: bool = False


class Formation:
    """Aircraft that fly together."""

    name: ClassVar[str] = "formation"
    version: ClassVar[int] = 2
    title: ClassVar[Reason] = Reason("Flying in formation", "Vol en formation")
    linger_s: ClassVar[float] = 60.0
    settings_type: ClassVar[type[DetectorSettings]] = FormationSettings

    def __init__(self, settings: FormationSettings) -> None:
        self.settings = settings
        self._together: dict[tuple[int, ...], _Group] = {}

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Groups that have stayed together for long enough."""
        for rows in self._groups(scene):
            group = self._kept(scene, rows)
            if scene.now_us - group.since_us >= self.settings.lasts_s * 1e6:
                group.is_told = True
                yield self._finding(scene, rows, group.since_us)
        self._together = {
            rows: group
            for rows, group in self._together.items()
            if scene.now_us - group.last_us <= GRACE_US
        }

    def _kept(self, scene: Scene, rows: tuple[int, ...]) -> _Group:
        """A group as it is by now: who moves among the others begins anew, until it is told."""
        lie_m = _offsets_m(scene, rows)
        group = self._together.get(rows)
        if group is None or (not group.is_told and self._moves(lie_m - group.lay_m)):
            group = self._together[rows] = _Group(scene.now_us, scene.now_us, lie_m)
        group.last_us = scene.now_us
        return group

    def _moves(self, moved_m: Offsets) -> bool:
        return bool(np.max(np.ptp(moved_m, axis=1)) > self.settings.keeps_m)

    def _groups(self, scene: Scene) -> Iterator[tuple[int, ...]]:
        """Rows of those who are together now."""
        flying = self._flying(scene)
        pairs = self._pairs(scene, flying)
        if not len(pairs):
            return
        shape = (len(flying), len(flying))
        links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=shape)
        _, group_of = connected_components(links, directed=False)
        for group in np.unique(group_of[pairs[:, 0]]).tolist():
            yield tuple(sorted(flying[group_of == group].tolist()))

    def _flying(self, scene: Scene) -> Rows:
        """Aircraft that tell of their height, speed and course; not what sensors follow."""
        table, live = scene.things, scene.live(HEARD_S)
        says = np.array([plots_of(stream) is None for stream in table.streams], np.bool_)
        live = live[says[table.stream[live]]]
        live = live[table.speed_mps[live] >= self.settings.least_speed_mps]
        live = live[table.altitude_m[live] >= self.settings.least_altitude_m]
        live = live[~np.isnan(table.course_deg[live])]
        return np.asarray(live[table.is_a("Aircraft", live)], np.int32)

    def _pairs(self, scene: Scene, flying: Rows) -> Pairs:
        """Places in ``flying`` of those who are together, two by two, (n, 2)."""
        if len(flying) < 2:
            return np.empty((0, 2), np.intp)
        table = scene.things
        lat, lon = places_now(scene, flying)
        near = cKDTree(on_sphere(lat, lon)).query_pairs(
            self.settings.near_m / EARTH_M, output_type="ndarray"
        )
        one, two = flying[near[:, 0]], flying[near[:, 1]]
        fast = np.maximum(table.speed_mps[one], table.speed_mps[two])
        alike = table.stream[one] == table.stream[two]
        alike &= table.stands_for[one] != table.stands_for[two]
        apart_m = np.abs(table.altitude_m[one] - table.altitude_m[two])
        alike &= apart_m <= self.settings.height_m
        turns = np.abs(turn_deg(table.course_deg[one], table.course_deg[two]))
        alike &= turns <= self.settings.turn_deg
        slower = np.abs(table.speed_mps[one] - table.speed_mps[two])
        alike &= slower <= self.settings.speed_share * fast
        return np.asarray(near[alike], np.intp)

    def _finding(self, scene: Scene, group: tuple[int, ...], since_us: int) -> Finding:
        table = scene.things
        names = _together([table.name_of(row) for row in group])
        begun = since(since_us, scene.now_us)
        height_m = round(float(np.mean(table.altitude_m[list(group)])), -2)
        height = number(height_m)
        return Finding(
            things=group,
            since_us=since_us,
            probability=0.5,
            reason=Reason(
                f"{names[0]} have flown together at {height[0]} m {begun[0]}",
                f"{names[1]} volent ensemble à {height[1]} m {begun[1]}",
            ),
            figures={"together": len(group), "altitude_m": height_m},
            evidence=tuple(Evidence(row, int(table.valid_us[row])) for row in group),
        )


def _offsets_m(scene: Scene, rows: tuple[int, ...]) -> Offsets:
    """Where each is by the first, in metres along their course and to starboard, (2, n)."""
    of = np.array(rows, np.int32)
    lat, lon = places_now(scene, of)
    east, north = offset_m(lat[0], lon[0], lat, lon)
    goes_east, goes_north = velocity_mps(scene, of)
    toward = np.arctan2(goes_east.sum(), goes_north.sum())
    along = east * np.sin(toward) + north * np.cos(toward)
    return np.array([along, east * np.cos(toward) - north * np.sin(toward)])


def _together(names: list[str]) -> Words:
    if len(names) == 2:
        return " and ".join(names), " et ".join(names)
    return some(names)
