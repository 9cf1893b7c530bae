"""Off plan: what is to follow a planned route leaves its corridor, or its times.

Somebody drew the route, said who is to follow it, and perhaps when its corners are to be passed
(:mod:`alliage.detection.plans`). Without times it counts from where a thing came into the corridor
until it leaves that by an end of the line. With times it counts from the first of them until the
thing has arrived: who is not there by then is told, and who falls behind, or is ahead.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from alliage.detection import called
from alliage.detection.contract import Evidence, Finding, Reason
from alliage.detection.features import Feature, Stands
from alliage.detection.plans import CORRIDOR, FOLLOWED_BY, TIMES, Plan, Standing, plan_of, standing
from alliage.detection.rows_by_name import RowsByName
from alliage.detection.scene import Reports, Scene
from alliage.detection.settings import DetectorSettings
from alliage.detection.way_ahead import one_of_each
from alliage.detection.wording import Words, distance, duration, since
from alliage.ontology.cited import Cited
from alliage.ontology.claim import GEOMETRY
from alliage.ontology.derived import plots_of

HEARD_S: Final = 900.0

OVER_US: Final = 43_200_000_000
"""Who has not arrived so long after the last of a plan's times follows it no more."""


class OffPlanSettings(DetectorSettings):
    """How far off the plan, in place and in time."""

    lasts_s: float = Field(
        default=120.0, ge=0, description="For how long it is outside of the corridor."
    )
    margin_s: float = Field(
        default=600.0, ge=30, description="By how much it is behind its times, or ahead."
    )
    place_std_m: float = Field(
        default=20.0, gt=0, description="What is not known of a place that says no uncertainty."
    )


@dataclass(frozen=True, slots=True)
class _Followed:
    """A plan, by what each follower is said to follow it, and what says how it is to be kept."""

    feature: Feature
    plan: Plan
    followers: dict[str, list[Cited]]
    terms: tuple[Cited, ...]


@dataclass(slots=True)
class _Kept:
    """What is kept of one thing and one plan; times are 0 for none."""

    looked_us: int
    """Since when it is looked at."""

    was_inside: bool = False
    has_joined: bool = False
    has_arrived: bool = False
    outside_us: int = 0
    off_time_us: int = 0


_Key = tuple[str, int]


class OffPlan:
    """Things that do not keep to the route that is planned for them."""

    name: ClassVar[str] = "off_plan"
    version: ClassVar[int] = 1
    title: ClassVar[Reason] = Reason("Off the planned route", "Hors de l'itinéraire prévu")
    linger_s: ClassVar[float] = 300.0
    settings_type: ClassVar[type[DetectorSettings]] = OffPlanSettings

    def __init__(self, settings: OffPlanSettings) -> None:
        self.settings = settings
        self._version = -1
        self._followed: dict[str, _Followed] = {}
        self._kept: dict[_Key, _Kept] = {}
        self._told_us: dict[_Key, int] = {}
        self._rows = RowsByName()

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Who is off a plan that it is to follow."""
        if scene.features.version != self._version:
            self._version = scene.features.version
            self._read(scene)
        if not self._followed:
            return
        live = scene.live(HEARD_S)
        for identifier, followed in self._followed.items():
            for thing in self._followers(scene, followed, live).tolist():
                at_us = int(scene.things.valid_us[thing])
                kept = self._kept.setdefault((identifier, thing), _Kept(at_us))
                yield from self._judge(scene, followed, thing, kept)

    def _read(self, scene: Scene) -> None:
        """Read the plans there are; what was kept of one that is now another is forgotten."""
        before, self._followed = self._followed, dict(_plans(scene))
        stay = {
            identifier
            for identifier, now in self._followed.items()
            if identifier in before and _is_same(before[identifier].plan, now.plan)
        }
        self._kept = {key: kept for key, kept in self._kept.items() if key[0] in stay}
        self._told_us = {key: us for key, us in self._told_us.items() if key[0] in self._followed}

    def _followers(
        self, scene: Scene, followed: _Followed, live: NDArray[np.int32]
    ) -> NDArray[np.int32]:
        rows = [self._rows.of(scene, name) for name in followed.followers]
        return one_of_each(scene, live[np.isin(live, np.concatenate(rows))])

    def _judge(
        self, scene: Scene, followed: _Followed, thing: int, kept: _Kept
    ) -> Iterator[Finding]:
        plan, table = followed.plan, scene.things
        at_us = int(table.valid_us[thing])
        now = standing(plan, float(table.lat[thing]), float(table.lon[thing]), at_us)
        margin_s = float(self.settings.column("margin_s", scene, np.array([thing], np.int32))[0])
        if plan.ends_us is not None and at_us > plan.ends_us + OVER_US:
            return
        kept.has_arrived |= now.has_arrived and at_us >= (plan.begins_us or 0)
        is_off = not kept.has_arrived and self._is_outside(plan, now, kept, at_us, margin_s)
        kept.outside_us = (kept.outside_us or at_us) if is_off else 0
        is_late = self._is_off_time(now, kept, margin_s)
        kept.off_time_us = (kept.off_time_us or at_us) if is_late else 0
        lasts_s = float(self.settings.column("lasts_s", scene, np.array([thing], np.int32))[0])
        is_off = is_off and at_us - kept.outside_us >= lasts_s * 1e6
        if is_off or is_late:
            yield self._finding(scene, followed, thing, now, kept, is_off=is_off, is_late=is_late)

    def _is_outside(
        self, plan: Plan, now: Standing, kept: _Kept, at_us: int, margin_s: float
    ) -> bool:
        """Whether it is outside of the corridor and should not be."""
        if now.outside_m == 0.0:
            kept.has_joined = kept.was_inside = True
            return False
        begins_us, ends_us = plan.begins_us, plan.ends_us
        if begins_us is not None and ends_us is not None:
            should_be_there = begins_us + margin_s * 1e6 <= at_us <= ends_us
            has_left = kept.has_joined and at_us >= begins_us
            return should_be_there or has_left
        if now.is_beyond:
            kept.has_joined = False
        return kept.has_joined

    def _is_off_time(self, now: Standing, kept: _Kept, margin_s: float) -> bool:
        """Whether it is in the corridor, or has been, at a time when it should be elsewhere."""
        if kept.has_arrived:
            return now.has_arrived and now.late_s <= -margin_s
        return kept.has_joined and abs(now.late_s) >= margin_s

    def _finding(
        self, scene: Scene, followed: _Followed, thing: int, now: Standing, kept: _Kept, *,
        is_off: bool, is_late: bool,
    ) -> Finding:  # fmt: skip
        table, at_us = scene.things, int(scene.things.valid_us[thing])
        about = self._told_as(scene, followed, thing)
        since_us = min(us for us in (kept.outside_us, kept.off_time_us) if us)
        figures = {"corridor_m": round(followed.plan.corridor_m)}
        if is_off:
            figures["outside_m"] = round(now.outside_m)
        if is_late and not is_off:
            figures["late_s"] = round(now.late_s)
        probability = self._is_outside_by(table.std_m[thing], now.outside_m) if is_off else 0.9
        return Finding(
            things=(about,),
            lat=float(table.lat[thing]),
            lon=float(table.lon[thing]),
            since_us=since_us,
            probability=max(probability, 0.9) if is_late else probability,
            reason=_reason(
                table.name_of(about),
                called.feature(scene, followed.feature),
                now,
                _outside(kept, at_us) if is_off else None,
            ),
            figures=figures,
            evidence=(Evidence(thing, since_us), Evidence(thing, at_us)),
            claims=(*self._said_to_follow(scene, followed, thing), *followed.terms),
            area=followed.feature.identifier,
        )

    def _told_as(self, scene: Scene, followed: _Followed, thing: int) -> int:
        """The row by which a thing is told, whichever of its tracks it is judged by.

        That by which it is told already; else that which the plan names, else one that says who it
        is, before one that a sensor follows.
        """
        table, plan = scene.things, followed.feature.identifier
        lately_us = scene.now_us - round(self.linger_s * 1e6)

        def rank(row: int) -> tuple[bool, bool, bool, bool, int]:
            is_told = self._told_us.get((plan, row), -1) >= lately_us
            is_named = table.identifiers[row] in followed.followers
            is_sensors = plots_of(table.streams[table.stream[row]]) is not None
            return not is_told, not is_named, is_sensors, "name" not in table.words[row], row

        rows = np.flatnonzero(table.stands_for[: table.count] == table.stands_for[thing])
        about = min(rows.tolist(), key=rank)
        self._told_us[plan, about] = scene.now_us
        return int(about)

    def _said_to_follow(self, scene: Scene, followed: _Followed, thing: int) -> Iterator[Cited]:
        for name, claims in followed.followers.items():
            if thing in self._rows.of(scene, name):
                yield from claims

    def _is_outside_by(self, std_m: float, outside_m: float) -> float:
        """How probable it is that it is outside, by what is not known of its place."""
        std_m = self.settings.place_std_m if math.isnan(std_m) else max(std_m, 1.0)
        share = 0.5 * (1.0 + math.erf(outside_m / std_m / math.sqrt(2.0)))
        return round(0.95 * share, 3)


def _plans(scene: Scene) -> Iterator[tuple[str, _Followed]]:
    for identifier, said in scene.features.by_identifier().items():
        followers: dict[str, list[Cited]] = {}
        for one in said:
            for stands in one.said.get(FOLLOWED_BY, {}).values():
                followers.setdefault(str(stands.value), []).append(_cited(one, FOLLOWED_BY, stands))
        drawn = max(said, key=lambda one: _number(one, GEOMETRY))
        if not followers or drawn.geometry is None:
            continue
        latest = _latest(said)
        plan = plan_of({name: stands.value for name, (_, stands) in latest.items()}, drawn.geometry)
        if plan is not None:
            terms = [(name, *latest[name]) for name in (CORRIDOR, TIMES) if name in latest]
            cited = tuple(_cited(one, name, stands) for name, one, stands in terms)
            yield identifier, _Followed(drawn, plan, followers, cited)


def _cited(one: Feature, name: str, stands: Stands) -> Cited:
    return Cited(one.stream, one.identifier, stands.valid_us, name)


def _latest(said: Iterable[Feature]) -> Mapping[str, tuple[Feature, Stands]]:
    """Of each property what was said last, by whichever stream."""
    latest: dict[str, tuple[Feature, Stands]] = {}
    for one in said:
        for name, standing_claims in one.said.items():
            for stands in standing_claims.values():
                if name not in latest or stands.number > latest[name][1].number:
                    latest[name] = one, stands
    return latest


def _number(one: Feature, name: str) -> int:
    """With which number a stream said something of it last; -1: it did not."""
    return max((stands.number for stands in one.said.get(name, {}).values()), default=-1)


def _is_same(one: Plan, other: Plan) -> bool:
    pairs = ((one.points, other.points), (one.timed_us, other.timed_us))
    return one.corridor_m == other.corridor_m and all(np.array_equal(*pair) for pair in pairs)


def _outside(kept: _Kept, at_us: int) -> Words:
    """Since when it is outside; of what was never seen inside, since when it is looked at."""
    if kept.was_inside:
        en, fr = since(kept.outside_us, at_us)
        return f", {en}", f", {fr}"
    en, fr = since(kept.looked_us, at_us)
    return f"; looked at {en}, never in it", f" ; sous observation {fr}, jamais à l'intérieur"


def _reason(name: str, route: tuple[str, str], now: Standing, outside: Words | None) -> Reason:
    """Off the route no place on it is where it is: there nothing is said of its times."""
    en, fr = ("behind", "de retard") if now.late_s > 0 else ("ahead of", "d'avance")
    of_route = called.of_french(route[1])
    if outside is None:
        time = duration(abs(now.late_s))
        return Reason(
            f"{name} is {time[0]} {en} its times on {route[0]}",
            f"{name} a {time[1]} {fr} sur les heures {of_route}",
        )
    away = distance(now.outside_m)
    return Reason(
        f"{name} is {away[0]} outside of the corridor of {route[0]}{outside[0]}",
        f"{name} est à {away[1]} hors du couloir {of_route}{outside[1]}",
    )
