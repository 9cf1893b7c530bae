"""What a ship does for ever: legs between places, each with a stay; closed forms of time.

A ship has a round of legs. Each leg has a slot of fixed length, so that the leg of any moment is
found at once; within its slot a ship leaves, sails and lies at its speed of that day, drawn anew
each time. So the fleet never does the same twice, and any moment can be entered directly.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from alliage.exercise.chance import generator

RAMP_M: Final = 1_500.0
"""Distance in which a ship gathers way after an end of its leg, and loses it before one."""

NEVER_S: Final = 1e15
"""A time, in seconds, that does not come."""

Metres = tuple[float, float]
"""East and north."""


class Leg(NamedTuple):
    """One passage with the stays around it. Times in seconds since the exercise's zero.

    Attributes:
        path: number of the path.
        backwards: whether it is sailed from its last point to its first.
        length_m: the path's length.
        from_s: when the slot begins; the ship lies at its berth.
        depart_s: when it leaves.
        until_s: when the slot ends.
        speed_mps: cruising speed.
        ramp_m: see RAMP_M.
        side: part of the room that it keeps to starboard of the path's middle.
        origin: its berth, from the path's end where it starts.
        goal: its berth, from the path's end where it arrives.
        from_sea: whether it comes in from outside the area: not there before it departs.
        to_sea: whether it leaves the area: not there once it has arrived.
        swing_m: how far it lies from its anchor.
        swing_s: how long it takes round its anchor.
        bound_for: the name of where it goes.
    """

    path: int
    backwards: bool
    length_m: float
    from_s: float
    depart_s: float
    until_s: float
    speed_mps: float
    ramp_m: float
    side: float
    origin: Metres = (0.0, 0.0)
    goal: Metres = (0.0, 0.0)
    from_sea: bool = False
    to_sea: bool = False
    swing_m: float = 0.0
    swing_s: float = 3_600.0
    bound_for: str = ""

    @property
    def arrive_s(self) -> float:
        """When it is there, if nothing happens: a ramp is sailed at half the speed on average."""
        return self.depart_s + (self.length_m + 2 * self.ramp_m) / self.speed_mps

    def passes_s(self, along_m: float) -> float:
        """When it passes a point between its ramps, ``along_m`` from the path's first point."""
        gone_m = self.length_m - along_m if self.backwards else along_m
        return self.depart_s + (gone_m + self.ramp_m) / self.speed_mps


class Life(Protocol):
    """What a ship does."""

    def leg_at(self, time_s: float) -> Leg:
        """The leg whose slot holds this time."""
        ...


@dataclass(frozen=True, slots=True)
class Stop:
    """One leg of a round, before a day's speed is drawn."""

    path: int
    backwards: bool
    length_m: float
    origin: Metres = (0.0, 0.0)
    goal: Metres = (0.0, 0.0)
    from_sea: bool = False
    to_sea: bool = False
    bound_for: str = ""


class Round:
    """A closed round of legs.

    Args:
        name: seed and ship; what is drawn depends on it.
        stops: the legs, the last of which ends where the first begins.
        speeds_mps: slowest and fastest cruising speed.
        stay_s: the least time that it lies at each end, and how much longer it may be.
        width: least and greatest part of the room that it keeps to starboard of the middle.
    """

    def __init__(
        self,
        name: str,
        stops: list[Stop],
        speeds_mps: tuple[float, float],
        stay_s: tuple[float, float],
        width: tuple[float, float] = (0.1, 1.0),
    ) -> None:
        self._name = name
        self._stops = stops
        self._speeds_mps = speeds_mps
        self._spare_s = stay_s[1]
        self._width = width
        self._ramps_m = [min(RAMP_M, stop.length_m / 4) for stop in stops]
        slots = [
            (stop.length_m + 2 * ramp_m) / speeds_mps[0] + sum(stay_s)
            for stop, ramp_m in zip(stops, self._ramps_m, strict=True)
        ]
        self._begins = [0.0, *itertools.accumulate(slots)]
        self._phase_s = generator(name, "phase").uniform(0, self._begins[-1])

    def leg_at(self, time_s: float) -> Leg:
        """The leg whose slot holds this time."""
        lap, within_s = divmod(time_s + self._phase_s, self._begins[-1])
        number = min(bisect_right(self._begins, within_s) - 1, len(self._stops) - 1)
        zero_s = lap * self._begins[-1] - self._phase_s
        from_s, until_s = zero_s + self._begins[number], zero_s + self._begins[number + 1]
        stop, chance = self._stops[number], generator(self._name, int(lap), number)
        return Leg(
            stop.path,
            stop.backwards,
            stop.length_m,
            from_s,
            from_s + chance.uniform(0.02, 0.9) * self._spare_s,
            until_s,
            chance.uniform(*self._speeds_mps),
            self._ramps_m[number],
            chance.uniform(*self._width),
            stop.origin,
            stop.goal,
            stop.from_sea,
            stop.to_sea,
            bound_for=stop.bound_for,
        )


@dataclass(frozen=True, slots=True)
class AtAnchor:
    """Swinging slowly round an anchor, for ever."""

    path: int
    anchor: Metres
    swing_m: float
    swing_s: float

    def leg_at(self, _time_s: float) -> Leg:
        """Always the same: it does not leave."""
        return Leg(
            self.path,
            backwards=False,
            length_m=1.0,
            from_s=-NEVER_S,
            depart_s=NEVER_S,
            until_s=NEVER_S,
            speed_mps=1.0,
            ramp_m=0.25,
            side=0.0,
            origin=self.anchor,
            swing_m=self.swing_m,
            swing_s=self.swing_s,
        )
