"""Meeting: two ships come together at sea, away from where others rest, and stay together.

After what is published on transfers at sea (Miller et al. 2018, "Identifying global patterns of
transshipment behavior", Frontiers in Marine Science 5:240): two ships within 500 m of each other,
slower than 2 kn, away from anchorages. There two hours are asked for, to find transfers in a year's
data; a watch wants to know earlier, so a quarter of an hour is asked for, but both must have been
under way before. Whose trade it is to go alongside, as pilots, is left out, and so are fishermen
among themselves and pleasure craft among themselves. A tug goes alongside who needs help or is to
be towed: out at sea, and after a third longer, that is told for what it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.spatial import cKDTree

from alliage.detection.columns import Kept
from alliage.detection.contract import Evidence, Finding, Reason
from alliage.detection.pairs import TUGS
from alliage.detection.passing import places_now
from alliage.detection.scene import Reports, Scene
from alliage.detection.settings import DetectorSettings
from alliage.detection.wording import KNOT_MPS, distance, knots, since
from alliage.geo.flat import EARTH_M, distance_m
from alliage.geo.sphere import on_sphere
from alliage.ontology.derived import plots_of

Rows = NDArray[np.int32]

RESTS: Final = ("at_anchor", "moored", "aground")
ALONGSIDE: Final = frozenset(
    {"pilot", "tug", "towing", "towing_long", "port_tender", "sar", "law_enforcement", "dredging",
     "diving", "anti_pollution", "medical", "local"}
)  # fmt: skip
AMONG_THEMSELVES: Final = (frozenset({"fishing"}), frozenset({"sailing", "pleasure"}))
HEARD_S: Final = 600.0
GRACE_US: Final = 300_000_000


class MeetingSettings(DetectorSettings):
    """When two ships count as meeting."""

    near_m: float = Field(default=500.0, gt=0, le=5_000, description="So near they are together.")
    most_speed_mps: float = Field(default=2 * KNOT_MPS, gt=0, description="Neither is faster.")
    lasts_s: float = Field(default=900.0, ge=60, description="For how long they stay together.")
    tug_lasts_s: float = Field(
        default=1_200.0, ge=60, description="For how long they stay together where one is a tug."
    )
    under_way_mps: float = Field(
        default=2.5, gt=0, description="Both were so fast before: what lies there does not meet."
    )
    since_s: float = Field(
        default=14_400.0, ge=600, description="Both were at speed so long ago at most."
    )
    least_way_m: float = Field(
        default=100.0,
        ge=0,
        description="Who reports no status has to drift so far together: what is moored does not.",
    )
    crowd: int = Field(
        default=2, ge=1, le=20, description="Where so many others lie, it is an anchorage."
    )
    crowd_m: float = Field(default=4_000.0, gt=0, description="So near others at rest are counted.")


@dataclass(slots=True)
class _Together:
    since_us: int
    last_us: int
    lat: float
    lon: float


class Meeting:
    """Two ships that come together."""

    name: ClassVar[str] = "meeting"
    version: ClassVar[int] = 3
    title: ClassVar[Reason] = Reason("Meeting at sea", "Rencontre en mer")
    linger_s: ClassVar[float] = 300.0
    settings_type: ClassVar[type[DetectorSettings]] = MeetingSettings

    def __init__(self, settings: MeetingSettings) -> None:
        self.settings = settings
        self._kept = Kept(under_way_us=np.int64(0))
        self._together: dict[tuple[int, int], _Together] = {}

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Pairs that have been together for long enough."""
        self._kept.grow(scene.things.count)
        fast = reports.thing[reports.speed_mps >= self.settings.under_way_mps]
        self._kept["under_way_us"][fast] = scene.now_us
        pairs = self._pairs(scene)
        self._note(scene, pairs)
        for pair, apart_m in pairs.items():
            one = self._together[pair]
            lasts = "tug_lasts_s" if self._kinds(scene, pair) & TUGS else "lasts_s"
            lasts_s = self.settings.column(lasts, scene, np.array(pair, np.int32)).max()
            is_long = scene.now_us - one.since_us >= lasts_s * 1e6
            if is_long and self._is_at_sea(scene, pair, one):
                yield self._finding(scene, pair, one.since_us, apart_m)

    def _is_at_sea(self, scene: Scene, pair: tuple[int, int], one: _Together) -> bool:
        """Both say by their status that they do not lie, or have drifted."""
        table = scene.things
        way_m = float(distance_m(one.lat, one.lon, table.lat[pair[0]], table.lon[pair[0]]))
        says = bool((table.status[list(pair)] >= 0).all())  # and not that they rest: see _came
        return says or way_m >= self.settings.least_way_m

    def _note(self, scene: Scene, pairs: Iterable[tuple[int, int]]) -> None:
        now_us = scene.now_us
        for pair in pairs:
            lat, lon = float(scene.things.lat[pair[0]]), float(scene.things.lon[pair[0]])
            began = _Together(now_us, now_us, lat, lon)
            self._together.setdefault(pair, began).last_us = now_us
        gone = [p for p, one in self._together.items() if now_us - one.last_us > GRACE_US]
        for pair in gone:
            del self._together[pair]

    def _pairs(self, scene: Scene) -> dict[tuple[int, int], float]:
        """Rows of those who are together now and alone at that, with their distance in metres."""
        slow = self._slow(scene)
        if len(slow) < 2:
            return {}
        lat, lon = places_now(scene, slow)
        sphere = on_sphere(lat, lon)
        came = np.flatnonzero(self._came(scene, slow))
        others = self.settings.crowd + 2  # itself and the one it meets
        away, which = cKDTree(sphere).query(
            sphere[came], k=others, distance_upper_bound=self.settings.crowd_m / EARTH_M
        )
        met = (which[:, 1] < len(slow)) & ~np.isfinite(away[:, others - 1])
        met &= away[:, 1] * EARTH_M <= self.settings.near_m
        came, partner = came[met], which[met, 1]
        both = np.isin(partner, came)
        found: dict[tuple[int, int], float] = {}
        for one, two in zip(came[both].tolist(), partner[both].tolist(), strict=True):
            first, second = sorted((int(slow[one]), int(slow[two])))
            if self._is_of_note(scene, first, second):
                apart_m = distance_m(lat[one], lon[one], lat[two], lon[two])
                found[first, second] = float(apart_m)
        return found

    def _slow(self, scene: Scene) -> Rows:
        """Ships that are slow, one row of each object; what sensors follow has no say."""
        table, live = scene.things, scene.live(HEARD_S)
        says = np.array([plots_of(stream) is None for stream in table.streams], np.bool_)
        slow = live[(table.speed_mps[live] <= self.settings.most_speed_mps)]
        slow = slow[says[table.stream[slow]]]
        slow = slow[table.is_a("Vessel", slow)]
        slow = slow[np.lexsort((-table.valid_us[slow], table.stands_for[slow]))]
        _, first = np.unique(table.stands_for[slow], return_index=True)
        return np.asarray(slow[first], np.int32)

    def _came(self, scene: Scene, slow: Rows) -> NDArray[np.bool_]:
        """Which of them were under way before, and do not say that they lie there."""
        since_us = scene.now_us - self._kept["under_way_us"][slow]
        came = since_us <= self.settings.since_s * 1e6
        return np.asarray(came & ~scene.things.has_status(RESTS, slow))

    def _is_of_note(self, scene: Scene, one: int, two: int) -> bool:
        kinds = self._kinds(scene, (one, two))
        if kinds & TUGS:
            return bool(kinds - ALONGSIDE - {""})
        return not (kinds & ALONGSIDE) and not any(kinds <= same for same in AMONG_THEMSELVES)

    def _kinds(self, scene: Scene, pair: tuple[int, int]) -> set[str]:
        return {str(scene.things.words[row].get("ship_type") or "") for row in pair}

    def _finding(
        self, scene: Scene, pair: tuple[int, int], since_us: int, apart_m: float
    ) -> Finding:
        table = scene.things
        kinds = [table.words[row].get("ship_type") for row in pair]
        names = [table.name_of(row) for row in pair]
        fastest_mps = float(table.speed_mps[list(pair)].max())
        begun, apart = since(since_us, scene.now_us), distance(apart_m)
        speed = knots(fastest_mps)
        tankers, tug = kinds == ["tanker", "tanker"], bool(TUGS & set(kinds))
        note = Reason("", "")
        if tankers:
            note = Reason(
                "; both are tankers: a transfer is possible",
                " ; tous deux sont des citernes : un transfert est possible",
            )
        elif tug:
            note = Reason(
                "; one is a tug: a tow, or help", " ; l'un est un remorqueur : remorque, ou secours"
            )
        return Finding(
            things=pair,
            since_us=since_us,
            probability=0.94 if all(kinds) and not tug else 0.7,
            reason=Reason(
                f"{names[0]} and {names[1]} have been together {begun[0]}, {apart[0]} apart at "
                f"{speed[0]} at most, with nobody else around{note.en}",
                f"{names[0]} et {names[1]} sont ensemble {begun[1]}, à {apart[1]} l'un de "
                f"l'autre et à {speed[1]} au plus, sans personne alentour{note.fr}",
            ),
            lat=float(table.lat[list(pair)].mean()),
            lon=float(table.lon[list(pair)].mean()),
            figures={"distance_m": round(apart_m), "speed_mps": round(fastest_mps, 2)},
            evidence=tuple(Evidence(row, int(table.valid_us[row])) for row in pair),
        )
