"""Things that jumped and are not back: alone, or several alike at the same time."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

from alliage.detection.jumps import Jump, Jumps
from alliage.detection.scene import Reports, Scene
from alliage.geo.flat import distance_m

SETTLE_US: Final = 150_000_000
"""So long after a jump it is clear who jumped with it: slow transponders report in 30 s."""

LEAST_ALIKE: Final = 4
ALIKE_M: Final = 5_000.0
ALIKE_SHARE: Final = 0.2
REGION_M: Final = 150_000.0
_BACK_M: Final = 5_000.0
_BACK_SPEED: Final = 1.3


@dataclass(slots=True)
class Group:
    """Jumps alike, the first one first; those that came later are only counted."""

    jumps: list[Jump]
    others: int = 0
    things: set[int] = field(default_factory=set)
    """Those that are not back."""


@dataclass(slots=True)
class _Displaced:
    jump: Jump
    is_settled: bool = False
    group: Group | None = None


class Displaced:
    """The things of a scene that jumped and are not back. Takes each look's reports once."""

    def __init__(self, lasts_s: float) -> None:
        """``lasts_s``: how long it goes on where the positions do not come back."""
        self._jumps = Jumps()
        self._off: dict[int, _Displaced] = {}
        self._groups: list[Group] = []
        self._lasts_us = round(lasts_s * 1e6)

    def take(self, scene: Scene, reports: Reports) -> None:
        """Take in a look's reports."""
        for jump in self._jumps.take(scene, reports):
            self._note(jump)
        for thing, one in list(self._off.items()):
            if scene.now_us - one.jump.after.valid_us > self._lasts_us:
                self._come_back(thing)
            elif not one.is_settled and one.jump.after.valid_us <= scene.now_us - SETTLE_US:
                self._settle(one)
        self._groups = [group for group in self._groups if group.things]

    def alone(self) -> list[Jump]:
        """Of each thing that jumped with no others its jump, once that is clear."""
        return [one.jump for one in self._off.values() if one.is_settled and one.group is None]

    def groups(self) -> list[Group]:
        """Those that jumped alike."""
        return self._groups

    def _note(self, jump: Jump) -> None:
        known = self._off.get(jump.thing)
        if known is None:
            self._off[jump.thing] = _Displaced(jump)
        elif _is_back(known.jump, jump):
            self._come_back(jump.thing)

    def _come_back(self, thing: int) -> None:
        group = self._off.pop(thing).group
        if group is not None:
            group.things.discard(thing)

    def _settle(self, one: _Displaced) -> None:
        one.is_settled = True
        for group in self._groups:
            if _alike(group.jumps[0], one.jump):
                one.group = group
                group.others += 1
                group.things.add(one.jump.thing)
                return
        alike = [
            other
            for other in self._off.values()
            if other.group is None
            and abs(other.jump.after.valid_us - one.jump.after.valid_us) <= SETTLE_US
            and _alike(one.jump, other.jump)
        ]
        if len(alike) >= LEAST_ALIKE:
            jumps = sorted((o.jump for o in alike), key=lambda jump: jump.after.valid_us)
            group = Group(jumps, things={jump.thing for jump in jumps})
            self._groups.append(group)
            for other in alike:
                other.is_settled, other.group = True, group


def _is_back(jump: Jump, later: Jump) -> bool:
    """Whether a later jump leads to where the thing may have got to from before the first one."""
    before, now = jump.before, later.after
    passed_s = (now.valid_us - before.valid_us) / 1e6
    speed_mps = 0.0 if math.isnan(before.speed_mps) else before.speed_mps
    far_m = float(distance_m(before.lat, before.lon, now.lat, now.lon))
    return far_m <= _BACK_M + _BACK_SPEED * speed_mps * passed_s


def _alike(one: Jump, other: Jump) -> bool:
    """Whether two things near each other jumped to one place, or by one offset."""
    if distance_m(one.before.lat, one.before.lon, other.before.lat, other.before.lon) > REGION_M:
        return False
    (east, north), (its_east, its_north) = one.offset_m, other.offset_m
    apart_m = math.hypot(east - its_east, north - its_north)
    if apart_m <= max(ALIKE_M / 5, ALIKE_SHARE * one.distance_m):
        return True
    landed_m = distance_m(one.after.lat, one.after.lon, other.after.lat, other.after.lon)
    return bool(landed_m <= ALIKE_M)
