"""Who passes where, which way and how fast: learned by kind of ship, on H3 cells.

A ship is looked at every two minutes while it is under way. When it has come into another cell,
that is a passage: of its kind, in one of eight directions, at a class of speed. It is counted in
cells of about 2 km, fine enough to part the two lanes of a separation scheme, and in such of about
6 km for what kinds of ship a place knows. Passages are told to detectors before they are learned.
Old ones fade, so that traffic may change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from alliage.detection.columns import Kept
from alliage.detection.grid import WAY, cells_of, parents_of
from alliage.detection.hours import Hours
from alliage.detection.learned import Tables
from alliage.detection.passed import COURSES, Passed
from alliage.ontology.derived import plots_of

if TYPE_CHECKING:
    from alliage.detection.scene import Reports, Scene

Rows = NDArray[np.int32]
Numbers = NDArray[np.int64]

EVERY_US: Final = 120_000_000
LEAST_MPS: Final = 1.0
AWAY_US: Final = 60_000_000
"""Of a longer time in which nothing came no more is counted as heard."""

DAY_S: Final = 86_400.0

RESTS: Final = ("at_anchor", "moored", "aground")

CARGO, TANKER, PASSENGER, FAST, FISHING, LEISURE, WORKING, OTHER = range(8)
NAMES: Final = (
    ("cargo ships", "cargos"), ("tankers", "navires-citernes"),
    ("passenger ships", "navires à passagers"), ("fast craft", "engins rapides"),
    ("fishing vessels", "navires de pêche"), ("pleasure craft", "bateaux de plaisance"),
    ("working vessels", "navires de servitude"), ("ships", "navires"),
)  # fmt: skip
"""What many of a kind are called, in English and in French."""

_TYPES: Final[Mapping[Any, int]] = {
    "cargo": CARGO, "tanker": TANKER, "passenger": PASSENGER, "high_speed": FAST,
    "wing_in_ground": FAST, "fishing": FISHING, "sailing": LEISURE, "pleasure": LEISURE,
} | dict.fromkeys((
    "towing", "towing_long", "dredging", "diving", "military", "pilot", "sar", "tug", "port_tender",
    "anti_pollution", "law_enforcement", "local", "medical",
), WORKING)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Passages:
    """Ships that came into another cell, columns of one length (n,).

    Attributes:
        row: of the look's reports.
        thing: of the scene's things.
        kind: as :data:`CARGO`.
        cell: the cell, in H3.
        course: direction, in eighths of a turn from north.
        speed_mps: over ground.
    """

    row: NDArray[np.intp]
    thing: Rows
    kind: Numbers
    cell: Numbers
    course: Numbers
    speed_mps: NDArray[np.float64]

    def take(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> Passages:
        """Some of them."""
        return Passages(
            self.row[chosen], self.thing[chosen], self.kind[chosen], self.cell[chosen],
            self.course[chosen], self.speed_mps[chosen],
        )  # fmt: skip


_NONE: Final = Passages(
    np.empty(0, np.intp), np.empty(0, np.int32), np.empty(0, np.int64), np.empty(0, np.int64),
    np.empty(0, np.int64), np.empty(0),
)  # fmt: skip


class Traffic:
    """The passages of this look, and what was learned of earlier ones."""

    name: ClassVar[str] = "traffic"
    version: ClassVar[int] = 1

    def __init__(self) -> None:
        self.ways = _NONE
        """Passages into small cells."""
        self.places = _NONE
        """Passages into larger ones."""
        self.passed = Passed()
        self.hours = Hours()
        self.listened_s = 0.0
        """For how long in all it was learned."""
        self._faded_s = 0.0
        self._now_us = 0
        self._heard_s = 0.0
        self._kept = Kept(us=np.int64(0), cell=np.int64(0), place=np.int64(0))

    @property
    def days(self) -> float:
        """For how many days it was learned."""
        return self.listened_s / DAY_S

    def see(self, scene: Scene, reports: Reports) -> None:
        """Find the passages of a look."""
        table, kept = scene.things, self._kept
        kept.grow(table.count)
        self._heard_s = min(max(scene.now_us - self._now_us, 0), AWAY_US) / 1e6
        self._now_us = scene.now_us
        rows = np.flatnonzero(reports.is_last & (reports.speed_mps >= LEAST_MPS))
        things = reports.thing[rows]
        says = np.array([plots_of(stream) is None for stream in table.streams], np.bool_)
        root = table.stands_for[things]
        use = (reports.valid_us[rows] - kept["us"][root] >= EVERY_US) & says[table.stream[things]]
        rows, things, root = rows[use], things[use], root[use]
        use = table.is_a("Vessel", things) & ~table.has_status(RESTS, things)
        use &= np.isfinite(reports.course_deg[rows] + reports.lat[rows] + reports.lon[rows])
        root, first = np.unique(root[use], return_index=True)  # two streams may hear one ship
        rows, things = rows[use][first], things[use][first]
        kept["us"][root] = reports.valid_us[rows]
        cells = cells_of(reports.lat[rows], reports.lon[rows], WAY)
        came = cells != kept["cell"][root]
        rows, things, root, cells = rows[came], things[came], root[came], cells[came]
        places, areas = parents_of(cells)
        self.ways = Passages(
            rows, things, self._kinds(scene, things), cells, octants(reports.course_deg[rows]),
            reports.speed_mps[rows],
        )  # fmt: skip
        moved = places != kept["place"][root]
        self.places = replace(self.ways.take(moved), cell=places[moved])
        kept["cell"][root], kept["place"][root] = cells, places
        self.hours.see(scene, root, areas, self._heard_s)

    def learn(self, scene: Scene) -> None:
        """Count the passages of this look, once detectors have looked at them."""
        if not scene.teaches:
            return
        self.listened_s += self._heard_s
        for one in (self.ways, self.places):
            self.passed.add(one.cell, one.kind, one.course, one.speed_mps)
        if self.listened_s - self._faded_s >= DAY_S:
            self._faded_s = self.listened_s
            self.passed.fade()

    def forget_ways(self) -> None:
        """Time has gone back: what was learned stays, where things were does not."""
        self._kept["us"][:] = 0
        self.hours.begin_anew()

    def _kinds(self, scene: Scene, things: Rows) -> Numbers:
        words = scene.things.words
        return np.array(
            [_TYPES.get(words[row].get("ship_type"), OTHER) for row in things], np.int64
        )

    def dump(self, scene: Scene) -> Tables:
        """What was learned."""
        times = np.array([self.listened_s, self._faded_s])
        return {"times": times, **self.passed.dump(), **self.hours.dump()}

    def load(self, scene: Scene, tables: Tables) -> None:
        """Take back what :meth:`dump` gave out."""
        self.listened_s, self._faded_s = tables["times"].tolist()
        self.passed.load(tables)
        self.hours.load(tables)


def octants(course_deg: NDArray[np.float64]) -> Numbers:
    """Directions in eighths of a turn from north, (n,)."""
    return np.floor(((course_deg + 22.5) % 360.0) / 45.0).astype(np.int64) % COURSES
