"""Transfer: a tanker and another ship lie side by side for an hour, away from where others lie.

Oil goes from ship to ship alongside, stopped or at steerage way (OCIMF and others, Ship to Ship
Transfer Guide, 2013); done in secret it hides where a cargo is from. A meeting says that two ships
came together; this says that they are made fast: as near as their sides allow, on one heading or
the opposite one, at one speed, for long. Small craft alongside bring stores and pilots, and are
left out, as are ships whose types nobody claims.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from alliage.detection.columns import Kept as KeptColumns
from alliage.detection.contract import Evidence, Finding, Reason
from alliage.detection.pairs import Keeping, Kept, Pairs, Rows, near_pairs, ships
from alliage.detection.scene import Reports, Scene
from alliage.detection.settings import DetectorSettings
from alliage.detection.wording import KNOT_MPS, distance, since
from alliage.geo.flat import distance_m, turn_deg

CARRIERS: Final = frozenset({"tanker", "cargo"})
RESTS: Final = ("at_anchor", "moored", "aground")
"""Where both say the same of these they lie at a berth, or each at its own anchor."""

RESTS_MPS: Final = 0.5


class TransferSettings(DetectorSettings):
    """When two ships count as made fast to each other."""

    near_m: float = Field(
        default=300.0, gt=0, le=2_000, description="So near are antennas of ships side by side."
    )
    change_m: float = Field(
        default=100.0, gt=0, description="By so much at most their distance changes."
    )
    most_speed_mps: float = Field(default=6 * KNOT_MPS, gt=0, description="Neither is faster.")
    speed_mps: float = Field(default=0.4, gt=0, description="By so much speeds differ at most.")
    heading_deg: float = Field(
        default=15.0, gt=0, le=45, description="By so much headings differ, or from the opposite."
    )
    least_length_m: float = Field(default=50.0, ge=0, description="Shorter ones carry no cargo.")
    lasts_s: float = Field(default=3_600.0, ge=600, description="For how long it has to be so.")
    under_way_mps: float = Field(default=2.5, gt=0, description="Both were so fast before.")
    since_s: float = Field(
        default=43_200.0, ge=600, description="Both were at speed so long ago at most."
    )
    crowd: int = Field(default=2, ge=1, le=20, description="Where so many others lie is a port.")
    crowd_m: float = Field(default=4_000.0, gt=0, description="So near others at rest are counted.")


class Transfer:
    """Two ships made fast to each other at sea, one of them a tanker."""

    name: ClassVar[str] = "transfer"
    version: ClassVar[int] = 1
    title: ClassVar[Reason] = Reason("Transfer from ship to ship", "Transbordement en mer")
    linger_s: ClassVar[float] = 600.0
    settings_type: ClassVar[type[DetectorSettings]] = TransferSettings

    def __init__(self, settings: TransferSettings) -> None:
        self.settings = settings
        self._keeping = Keeping()
        self._came = KeptColumns(under_way_us=np.int64(0))

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Pairs that have lain side by side for long enough."""
        self._came.grow(scene.things.count)
        fast = reports.thing[reports.speed_mps >= self.settings.under_way_mps]
        self._came["under_way_us"][fast] = scene.now_us
        some = ships(scene)
        pairs = self._side_by_side(scene, some)
        for one, two, kept in self._keeping.note(pairs, scene.now_us, self.settings.change_m):
            lasts_s = self.settings.column("lasts_s", scene, np.array([one, two], np.int32)).max()
            is_long = scene.now_us - kept.since_us >= lasts_s * 1e6
            if is_long and not self._is_crowded(scene, some, one, two):
                yield self._finding(scene, one, two, kept)

    def _side_by_side(self, scene: Scene, some: Rows) -> Pairs:
        table, settings = scene.things, self.settings
        some = some[(table.speed_mps[some] <= settings.most_speed_mps)]
        came_s = (scene.now_us - self._came["under_way_us"][some]) / 1e6
        some = some[(came_s <= settings.since_s) & self._carries(scene, some)]
        pairs = near_pairs(scene, some, settings.near_m)
        one, two = pairs.one, pairs.two
        fits = np.abs(table.speed_mps[one] - table.speed_mps[two]) <= settings.speed_mps
        turned = np.abs(turn_deg(table.heading_deg[one], table.heading_deg[two]))
        aligned = np.minimum(turned, 180.0 - turned) <= settings.heading_deg
        fits &= aligned | np.isnan(turned)
        fits &= ~((table.status[one] == table.status[two]) & table.has_status(RESTS, one))
        fits &= table.is_of({"tanker"}, one) | table.is_of({"tanker"}, two)
        return pairs.part(fits)

    def _carries(self, scene: Scene, some: Rows) -> NDArray[np.bool_]:
        """Which of them carry cargo, by what they claim of type and size."""
        lengths = [scene.things.words[row].get("length_m") for row in some.tolist()]
        is_long = [not isinstance(m, int | float) or m >= self.settings.least_length_m
                   for m in lengths]  # fmt: skip
        return scene.things.is_of(CARRIERS, some) & np.array(is_long, np.bool_)

    def _is_crowded(self, scene: Scene, some: Rows, one: int, two: int) -> bool:
        table = scene.things
        others = some[(table.speed_mps[some] <= RESTS_MPS) & (some != one) & (some != two)]
        away_m = distance_m(table.lat[one], table.lon[one], table.lat[others], table.lon[others])
        return bool((away_m <= self.settings.crowd_m).sum() >= self.settings.crowd)

    def _finding(self, scene: Scene, one: int, two: int, kept: Kept) -> Finding:
        table = scene.things
        names, lasts_s = [table.name_of(row) for row in (one, two)], scene.now_us - kept.since_us
        begun, apart = since(kept.since_us, scene.now_us), distance(kept.most_m)
        both = bool(table.is_of({"tanker"}, np.array([one, two], np.int32)).all())
        headings = bool(np.isfinite(table.heading_deg[[one, two]]).all())
        return Finding(
            things=(one, two),
            since_us=kept.since_us,
            probability=0.55 + 0.15 * both + 0.15 * headings,
            reason=Reason(
                f"{names[0]} and {names[1]} have lain side by side {begun[0]}, {apart[0]} apart "
                f"at most, as ships do between which cargo goes",
                f"{names[0]} et {names[1]} sont bord à bord {begun[1]}, à {apart[1]} au plus "
                f"l'un de l'autre, comme pour un transbordement",
            ),
            figures={"distance_m": round(kept.most_m), "lasts_s": round(lasts_s / 1e6)},
            evidence=tuple(Evidence(row, int(table.valid_us[row])) for row in (one, two)),
        )
