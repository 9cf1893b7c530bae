"""Collision risk: two ships in open water hold a course and speed that will bring them together.

CPA and TCPA as on a ship's radar (IMO resolution MSC.192(79), 5.25), but with what is not known of
speed and course carried along: what counts is the probability of passing nearer than a safe
distance. Ships pass each other closely all day, and alter course late, so little is said: both have
held course and speed for some time, the meeting is minutes away, it has stayed so for a while,
nobody else is close as in a fairway, and neither overtakes along the other's way. Pilots, tugs
and pleasure craft go close to others as a matter of course.

Who was told of is followed until the two have passed, whether or not one gives way meanwhile: the
last words say how near they came to each other, and when.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.spatial import cKDTree

from alliage.detection.approach import Nearest, Way, nearest
from alliage.detection.columns import Kept
from alliage.detection.contract import Evidence, Finding, Reason
from alliage.detection.passing import Motion, Passing, passing, places_now
from alliage.detection.scene import Reports, Scene
from alliage.detection.settings import DetectorSettings
from alliage.detection.wording import KNOT_MPS, clock, distance
from alliage.geo.flat import EARTH_M, distance_m, turn_deg
from alliage.geo.sphere import on_sphere
from alliage.ontology.derived import plots_of

Rows = NDArray[np.int32]

BUSY: Final = ("at_anchor", "moored", "aground", "engaged_in_fishing", "restricted_manoeuvrability",
                "power_driven_towing_astern", "power_driven_pushing_ahead")  # fmt: skip
CLOSE: Final = frozenset(
    {"pilot", "tug", "towing", "towing_long", "port_tender", "sar", "law_enforcement", "dredging",
     "diving", "anti_pollution", "medical", "local", "sailing", "pleasure", "military"}
)  # fmt: skip
EVERY_US: Final = 30_000_000
"""Pairs are looked for this often: it is the dearest of searches."""

HEARD_S: Final = 45.0
LENGTH_M: Final = 80.0
"""Of a ship that does not say it."""

LENGTH_BY_BEAM: Final = 6.5
"""Of a usual ship."""

MISS_M: Final = 1_000.0
"""Who passes farther off than this is no risk, whatever is not known."""

AS_GOOD_AS_MET_M: Final = 50.0
"""Nearer than this is not told apart: places and ways are not known so well."""

STEADY_DEG: Final = 5.0
STEADY_MPS: Final = 0.8
LOST_S: Final = 80.0
"""Who is silent for so long while they pass: how near that was is not known."""

Pair = tuple[int, int]
"""Rows of the scene's things."""


class CollisionSettings(DetectorSettings):
    """When two ships count as on their way into each other."""

    least_speed_mps: float = Field(default=2 * KNOT_MPS, ge=0, description="Both go faster.")
    ahead_s: float = Field(default=300.0, gt=0, le=3_600, description="They meet within this time.")
    reach_m: float = Field(default=5_000.0, gt=0, le=50_000, description="How far they are apart.")
    safe_m: float = Field(
        default=30.0, ge=0, description="What they should keep between their hulls."
    )
    least_probability: float = Field(default=0.7, ge=0, le=1, description="Less is not told.")
    lasts_s: float = Field(default=60.0, ge=0, description="For how long it has to be so.")
    steady_s: float = Field(
        default=180.0, ge=0, description="For how long both have held course and speed."
    )
    least_turn_deg: float = Field(
        default=15.0, ge=0, le=90, description="Ships on one course are in company, or overtake."
    )
    alone_m: float = Field(
        default=2_000.0, ge=0, description="Nobody else under way is so near to either."
    )
    position_std_m: float = Field(default=15.0, gt=0, description="What is not known of a place.")
    speed_std_mps: float = Field(default=0.15, ge=0, description="What is not known of a speed.")
    course_std_deg: float = Field(
        default=1.0, ge=0, le=30, description="What is not known of a course."
    )


@dataclass(slots=True)
class _Told:
    """A pair that was told of: since when, how probably, at risk until when, and how they came."""

    since_us: int
    probability: float
    risk_us: int
    ways: tuple[Way, Way]


class CollisionRisk:
    """Ships on their way into each other."""

    name: ClassVar[str] = "collision_risk"
    version: ClassVar[int] = 4
    title: ClassVar[Reason] = Reason("Risk of collision", "Risque d'abordage")
    linger_s: ClassVar[float] = 90.0
    settings_type: ClassVar[type[DetectorSettings]] = CollisionSettings

    def __init__(self, settings: CollisionSettings) -> None:
        self.settings = settings
        self._kept = Kept(steady_us=np.int64(0), course=np.float64("nan"), speed=np.float64("nan"))
        self._since: dict[Pair, int] = {}
        self._told: dict[Pair, _Told] = {}

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Pairs that have been on their way into each other for long enough, until they passed."""
        self._kept.grow(scene.things.count)
        self._note_steady(reports)
        for pair, told in self._told.items():
            for ship, way in zip(pair, told.ways, strict=True):
                way.take(ship, reports)
        if scene.now_us % EVERY_US == 0:
            since: dict[Pair, int] = {}
            for pair, probability in self._pairs(scene):
                since[pair] = self._since.get(pair, scene.now_us)
                if scene.now_us - since[pair] >= self.settings.lasts_s * 1e6:
                    self._note_told(scene, pair, since[pair], min(0.99, probability))
                    yield self._finding(scene, pair, since[pair])
            self._since = since
        for pair in sorted(self._told):
            yield from self._followed(scene, pair)

    def _note_told(self, scene: Scene, pair: Pair, since_us: int, probability: float) -> None:
        told = self._told.get(pair)
        if told is None:
            told = self._told[pair] = _Told(since_us, probability, scene.now_us, (Way(), Way()))
            table = scene.things
            for ship, way in zip(pair, told.ways, strict=True):
                way.add(int(table.valid_us[ship]), float(table.lat[ship]), float(table.lon[ship]))
        told.probability, told.risk_us = probability, scene.now_us

    def _followed(self, scene: Scene, pair: Pair) -> Iterable[Finding]:
        """What is to be said of two that were told of and are not said to be at risk now."""
        told, table = self._told[pair], scene.things
        eased_s = (scene.now_us - told.risk_us) / 1e6
        if eased_s == 0:
            return
        found, near = _passing(scene, pair), nearest(*told.ways)
        in_s, is_eased = float(found.in_s[0]), eased_s > self.linger_s
        heard_us = [int(table.valid_us[ship]) for ship in pair]
        lost = [ship for ship in pair if scene.now_us - table.valid_us[ship] > LOST_S * 1e6]
        finding = None
        if in_s <= 0 and near is not None and near.us < min(heard_us):
            if near.distance_m <= MISS_M or is_eased:
                finding = self._passed(scene, pair, near)
        elif lost:
            finding = self._lost(scene, pair, lost[0])
        elif is_eased and max(in_s, eased_s) > 2 * self.settings.ahead_s:
            finding = self._apart(scene, pair)
        if finding is not None:
            del self._told[pair]
            yield finding
        elif in_s > 0 and scene.now_us % EVERY_US == 0:
            yield self._finding(scene, pair, told.since_us)

    def _note_steady(self, reports: Reports) -> None:
        """Since when each has held its course and speed."""
        kept, rows = self._kept, np.flatnonzero(reports.is_last)
        things = reports.thing[rows]
        course, speed = reports.course_deg[rows], reports.speed_mps[rows]
        holds = np.abs(turn_deg(kept["course"][things], course)) <= STEADY_DEG
        holds &= np.abs(speed - kept["speed"][things]) <= STEADY_MPS
        holds &= kept["steady_us"][things] > 0
        begins = things[~holds]
        kept["course"][begins], kept["speed"][begins] = course[~holds], speed[~holds]
        kept["steady_us"][begins] = reports.valid_us[rows[~holds]]

    def _pairs(self, scene: Scene) -> Iterable[tuple[Pair, float]]:
        """Two rows of the scene each, and how probably they come too near."""
        table, own = scene.things, self.settings
        going = self._going(scene)
        held_s = (scene.now_us - self._kept["steady_us"][going]) / 1e6
        steady = going[(held_s >= own.steady_s) & ~table.has_status(BUSY, going)]
        if len(steady) < 2:
            return
        motion = Motion.of(scene, steady)
        tree = cKDTree(on_sphere(motion.lat, motion.lon))
        near = tree.query_pairs(own.reach_m / EARTH_M, output_type="ndarray")
        found = passing(motion.take(near[:, 0]), motion.take(near[:, 1]))
        near = near[(found.in_s > 0) & (found.in_s <= own.ahead_s) & (found.miss_m <= MISS_M)]
        course_deg = table.course_deg[steady]
        turned_deg = turn_deg(course_deg[near[:, 0]], course_deg[near[:, 1]])
        near = near[np.abs(turned_deg) >= own.least_turn_deg]
        found = passing(motion.take(near[:, 0]), motion.take(near[:, 1]))
        one, two = steady[near[:, 0]], steady[near[:, 1]]
        safe_m = own.safe_m + _half_across_m(scene, one, found) + _half_across_m(scene, two, found)
        probability = found.nearer_than(
            safe_m, own.position_std_m, own.speed_std_mps, float(np.radians(own.course_std_deg))
        )
        likely = np.flatnonzero(probability >= own.least_probability)
        alone = self._alone(scene, going, one[likely], two[likely])
        for row in likely[alone].tolist():
            pair = int(min(one[row], two[row])), int(max(one[row], two[row]))
            if not {str(table.words[ship].get("ship_type")) for ship in pair} & CLOSE:
                yield pair, float(probability[row])

    def _going(self, scene: Scene) -> Rows:
        """Ships under way, one row of each object; sensors' tracks are no ships' word."""
        table, live = scene.things, scene.live(HEARD_S)
        says = np.array([plots_of(stream) is None for stream in table.streams], np.bool_)
        going = live[table.speed_mps[live] >= self.settings.least_speed_mps]
        going = going[says[table.stream[going]] & table.is_a("Vessel", going)]
        _, first = np.unique(table.stands_for[going], return_index=True)
        return np.asarray(going[first], np.int32)

    def _alone(self, scene: Scene, going: Rows, one: Rows, two: Rows) -> NDArray[np.bool_]:
        """Whether nobody else under way is close to either of each pair."""
        if not len(one):
            return np.zeros(0, np.bool_)
        tree = cKDTree(on_sphere(*places_now(scene, going)))
        reach = self.settings.alone_m / EARTH_M
        near = [
            tree.query_ball_point(on_sphere(*places_now(scene, ships)), reach)
            for ships in (one, two)
        ]
        rows = zip(one.tolist(), two.tolist(), *near, strict=True)
        return np.array([set(going[[*a, *b]].tolist()) <= {i, j} for i, j, a, b in rows], np.bool_)

    def _finding(self, scene: Scene, pair: Pair, since_us: int) -> Finding:
        """How they pass if they go on, in words that stay true once they have passed."""
        found = _passing(scene, pair)
        in_s, miss_m = float(found.in_s[0]), float(found.miss_m[0])
        (one, two), apart = _names(scene, pair), _apart(scene, pair)
        now, when = clock(scene.now_us), clock(scene.now_us + round(in_s * 1e6))
        near = distance(max(miss_m, AS_GOOD_AS_MET_M))
        if self._told[pair].risk_us == scene.now_us:
            reason = Reason(
                f"{one} and {two} held course and speed and were due to pass within {near[0]} of "
                f"each other at about {when}; at {now} they were {apart[0]} apart",
                f"{one} et {two} gardaient cap et vitesse et devaient passer à moins de {near[1]} "
                f"l'un de l'autre vers {when} ; à {now}, ils étaient à {apart[1]} l'un de l'autre",
            )
        else:
            reason = Reason(
                f"As they went, {one} and {two} were due to pass within {near[0]} of each other "
                f"at about {when}; at {now} they were {apart[0]} apart",
                f"S'ils continuaient ainsi, {one} et {two} devaient passer à moins de {near[1]} "
                f"l'un de l'autre vers {when} ; à {now}, ils étaient à {apart[1]} l'un de l'autre",
            )
        return Finding(
            things=pair,
            since_us=since_us,
            probability=self._told[pair].probability,
            reason=reason,
            figures={"cpa_m": round(miss_m), "tcpa_s": round(in_s)},
            evidence=_last_heard(scene, pair),
        )

    def _passed(self, scene: Scene, pair: Pair, near: Nearest) -> Finding:
        (one, two), far, when = _names(scene, pair), distance(near.distance_m), clock(near.us)
        said = Reason(
            f"{one} and {two} were nearest to each other at {when}, {far[0]} apart, and go apart "
            "again",
            f"{one} et {two} étaient au plus près l'un de l'autre à {when}, à {far[1]}, et "
            "s'éloignent de nouveau",
        )
        seen = [
            Evidence(ship, us)
            for ship, way in zip(pair, self._told[pair].ways, strict=True)
            for us in way.around(near.us)
        ]
        figures = {"cpa_m": round(near.distance_m)}
        return self._last_words(pair, said, figures, tuple(seen), near)

    def _lost(self, scene: Scene, pair: Pair, lost: int) -> Finding:
        (one, two), name = _names(scene, pair), scene.things.name_of(lost)
        said = Reason(
            f"{name} is no longer heard: how near {one} and {two} pass is not known",
            f"{name} n'est plus reçu : on ne sait pas à quelle distance passent {one} et {two}",
        )
        return self._last_words(pair, said, {}, (Evidence(lost, int(scene.things.valid_us[lost])),))

    def _apart(self, scene: Scene, pair: Pair) -> Finding:
        (one, two), far, now = _names(scene, pair), _apart(scene, pair), clock(scene.now_us)
        said = Reason(
            f"{one} and {two} no longer came near each other; at {now} they were {far[0]} apart",
            f"{one} et {two} ne s'approchaient plus ; à {now}, ils étaient à {far[1]} l'un de "
            "l'autre",
        )
        seen = _last_heard(scene, pair)
        return self._last_words(pair, said, {}, seen)

    def _last_words(
        self,
        pair: Pair,
        said: Reason,
        figures: Mapping[str, float],
        seen: tuple[Evidence, ...],
        near: Nearest | None = None,
    ) -> Finding:
        told = self._told[pair]
        return Finding(
            things=pair,
            since_us=told.since_us,
            probability=told.probability,
            reason=said,
            lat=near.lat if near else float("nan"),
            lon=near.lon if near else float("nan"),
            figures=figures,
            evidence=seen,
            is_over=True,
        )


def _names(scene: Scene, pair: Pair) -> tuple[str, str]:
    return scene.things.name_of(pair[0]), scene.things.name_of(pair[1])


def _passing(scene: Scene, pair: Pair) -> Passing:
    one, two = np.array(pair[:1], np.int32), np.array(pair[1:], np.int32)
    return passing(Motion.of(scene, one), Motion.of(scene, two))


def _last_heard(scene: Scene, pair: Pair) -> tuple[Evidence, ...]:
    return tuple(Evidence(ship, int(scene.things.valid_us[ship])) for ship in pair)


def _apart(scene: Scene, pair: Pair) -> tuple[str, str]:
    """How far apart they are now, in words."""
    one, two = (places_now(scene, np.array([ship], np.int32)) for ship in pair)
    return distance(float(distance_m(*one, *two)[0]))


def _half_across_m(scene: Scene, ships: Rows, found: Passing) -> NDArray[np.float64]:
    """Half of what each ship measures across the way in which the two go by each other, (n,)."""
    said = (scene.things.words[ship].get("length_m") for ship in ships.tolist())
    lengths = [float(m) if isinstance(m, (int, float)) and m > 0 else LENGTH_M for m in said]
    angle = np.radians(scene.things.course_deg[ships] - found.toward_deg)
    across = np.abs(np.sin(angle)) + np.abs(np.cos(angle)) / LENGTH_BY_BEAM
    return np.asarray(np.array(lengths) / 2.0 * across)
