"""The incidents of an exercise: civil, scripted, closed forms of time, with their exact truth.

An incident changes what one ship (or two) does within its slot of time: it delays it on its leg,
shifts it aside, silences its transponder or makes it lie. The delay is taken from the stay at the
next port, so that afterwards everything is as if nothing had been.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alliage.exercise.plane import METRES_PER_DEGREE, Floats, LonLat

SLOWING_S: Final = 240.0
NOT_UNDER_COMMAND: Final = 2
BEACON_DRIFT_MPS: Final = 0.25


class IncidentKind(StrEnum):
    """What can happen."""

    GOES_DARK = "goes_dark"
    MEETING = "meeting"
    LOITERS = "loiters"
    SPOOFS = "spoofs"
    DRIFTS = "drifts"
    DISTRESS = "distress"


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident, as it truly is. Times in seconds since the exercise's zero.

    Attributes:
        kind: what happens.
        ship: number of the ship in the fleet.
        start_s: when it begins.
        end_s: when it is over.
        release_s: until when it has consequences for the ship: the end of its slot of time.
        place: where the ship is when it begins.
        other: the other ship of a meeting, else None.
        about: the cable or pipeline of a loiterer, else "".
        slow_to: part of its speed that the ship keeps in between; 1 where it does not slow down.
        closing_s: how long the other ship needs to come alongside, and to return.
        shift_mps: drift to the east and to the north.
        shift_m: the way of a meeting's other ship to the first one.
        lie_m: how far off a false position is, to the east and to the north.
        lie_creeps: whether the false position moves away gradually; else it jumps and circles.
        other_release_s: until when it has consequences for the other ship.
    """

    kind: IncidentKind
    ship: int
    start_s: float
    end_s: float
    release_s: float
    place: LonLat
    other: int | None = None
    about: str = ""
    slow_to: float = 1.0
    closing_s: float = 0.0
    shift_mps: tuple[float, float] = (0.0, 0.0)
    shift_m: tuple[float, float] = (0.0, 0.0)
    lie_m: tuple[float, float] = (0.0, 0.0)
    lie_creeps: bool = False
    other_release_s: float = 0.0

    def release_of(self, ship: int) -> float:
        """Until when it has consequences for one of its ships."""
        return self.release_s if ship == self.ship else self.other_release_s

    @property
    def last_release_s(self) -> float:
        """Until when it has consequences at all."""
        return max(self.release_s, self.other_release_s)

    @property
    def ships(self) -> tuple[int, ...]:
        """Numbers of those who take part."""
        return (self.ship,) if self.other is None else (self.ship, self.other)

    def active(self, time_s: float) -> bool:
        """Whether it is going on."""
        return self.start_s <= time_s < self.end_s

    def delay_s(self, time_s: Floats) -> Floats:
        """How far behind its plan a ship is; grows while it is slow, then stays."""
        lasts_s = self.end_s - self.start_s
        slowing_s = min(SLOWING_S, lasts_s / 3)
        since = np.clip(time_s - self.start_s, 0.0, lasts_s)
        left = lasts_s - since
        full = since - slowing_s / 2
        late = lasts_s - slowing_s - left**2 / (2 * slowing_s)
        slowed = np.where(since < slowing_s, since**2 / (2 * slowing_s), full)
        lost = np.where(left < slowing_s, late, slowed)
        return np.asarray((1.0 - self.slow_to) * lost)

    @property
    def whole_delay_s(self) -> float:
        """The delay that remains."""
        return float(self.delay_s(np.array([self.end_s]))[0])

    def shift(self, ship: int, time_s: Floats) -> tuple[Floats, Floats]:
        """Metres to the east and north that a ship is away from its leg."""
        lasts_s = self.end_s - self.start_s
        since = time_s - self.start_s - SLOWING_S
        if self.kind is IncidentKind.MEETING:
            if ship != self.other:
                return np.zeros_like(time_s), np.zeros_like(time_s)
            back = (self.end_s - SLOWING_S - time_s) / self.closing_s
            part = _smooth(since / self.closing_s) * _smooth(back)
            return self.shift_m[0] * part, self.shift_m[1] * part
        if self.kind is IncidentKind.LOITERS:
            part = _smooth(since / 600.0) * _smooth((self.end_s - time_s) / 600.0)
            return self.shift_m[0] * part * np.sin(since / 300.0), self.shift_m[1] * part * np.sin(
                since / 210.0
            )
        adrift_s = np.clip(since, 0.0, max(0.0, lasts_s - SLOWING_S))
        home = 1.0 - _smooth((time_s - self.end_s) / max(1.0, 0.8 * (self.release_s - self.end_s)))
        return self.shift_mps[0] * adrift_s * home, self.shift_mps[1] * adrift_s * home

    def told(self, time_s: Floats, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """What the ship's transponder says its position is."""
        if self.kind is not IncidentKind.SPOOFS:
            return lon, lat
        lies = (time_s >= self.start_s) & (time_s < self.end_s)
        shrink = METRES_PER_DEGREE * np.cos(np.radians(self.place[1]))
        part = np.clip((time_s - self.start_s) / (self.end_s - self.start_s), 0.0, 1.0)
        if self.lie_creeps:
            false_lon = lon + part * self.lie_m[0] / shrink
            false_lat = lat + part * self.lie_m[1] / METRES_PER_DEGREE
        else:
            angle = (time_s - self.start_s) / 160.0
            false_lon = self.place[0] + (self.lie_m[0] + 800 * np.sin(angle)) / shrink
            false_lat = self.place[1] + (self.lie_m[1] + 800 * np.cos(angle)) / METRES_PER_DEGREE
        return np.where(lies, false_lon, lon), np.where(lies, false_lat, lat)

    def silent(self, time_s: Floats) -> NDArray[np.bool_]:
        """When nothing is heard of the ship."""
        dark = self.kind is IncidentKind.GOES_DARK
        return np.asarray(dark & (time_s >= self.start_s) & (time_s < self.end_s))

    @property
    def status(self) -> int | None:
        """The navigational status that the ship shows meanwhile, where it is another one."""
        powerless = (IncidentKind.DRIFTS, IncidentKind.DISTRESS)
        return NOT_UNDER_COMMAND if self.kind in powerless else None

    def beacon(self, time_s: float) -> LonLat:
        """Where the beacon of a call for help is: it drifts away from where it fell."""
        gone_m = BEACON_DRIFT_MPS * max(0.0, time_s - self.start_s)
        shrink = METRES_PER_DEGREE * float(np.cos(np.radians(self.place[1])))
        return self.place[0] + gone_m / shrink, self.place[1] - gone_m / METRES_PER_DEGREE / 2


def _smooth(part: Floats) -> Floats:
    part = np.clip(part, 0.0, 1.0)
    return np.asarray(part * part * (3.0 - 2.0 * part))
