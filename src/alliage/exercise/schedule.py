"""Which incidents there are at a time: the recurring ones, and those injected.

Time is cut into watches of six hours. The ships are dealt into four crews and a reserve; the
incidents of one watch happen to one crew only, and have no consequences eighteen hours after it. So
what happens in a watch depends on nothing before it, and any moment can be entered directly.
Injects take ships of the reserve.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final, Literal

from alliage.exercise.casting import Call, Casting
from alliage.exercise.chance import generator
from alliage.exercise.fleet import Ship
from alliage.exercise.incidents import Incident, IncidentKind
from alliage.exercise.plane import LonLat
from alliage.exercise.scenario import Scenario

WATCH_S: Final = 6 * 3_600
CREWS: Final = 4
_RESERVE: Final = CREWS
_RELEASE_S: Final = (CREWS - 1) * WATCH_S
_LATER_S: Final = 600.0
_TRIES: Final = 24
_KEPT: Final = 64


Refusal = Literal["ship_unknown", "ship_unfit", "no_ship_fits"]


class InjectError(ValueError):
    """An incident cannot be injected; says why.

    Attributes:
        refusal: the same for programs; None where the kind is unknown.
    """

    def __init__(self, text: str, refusal: Refusal | None = None) -> None:
        super().__init__(text)
        self.refusal = refusal


class Schedule:
    """The incidents of one scenario."""

    def __init__(
        self, scenario: Scenario, seed: int, fleet: Sequence[Ship], casting: Casting
    ) -> None:
        self._scenario = scenario
        self._seed = seed
        self._fleet = fleet
        self._casting = casting
        self._watches: OrderedDict[int, list[Incident]] = OrderedDict()
        self._lock = threading.RLock()  # trainers look from other threads
        self.injected: list[Incident] = []
        dealt = generator(seed, "crews")
        self._crews: list[list[int]] = [[] for _ in range(CREWS + 1)]
        for ship in fleet:
            crew = dealt.randrange(CREWS + 1)
            if ship.group == "merchant":
                self._crews[crew].append(ship.number)

    def at(self, time_s: float) -> list[Incident]:
        """Incidents that go on, or still have consequences."""
        return self.between(time_s, time_s)

    def between(self, from_s: float, until_s: float) -> list[Incident]:
        """Incidents that have consequences in this time, in the order in which they begin."""
        with self._lock:
            return self._between(from_s, until_s)

    def _between(self, from_s: float, until_s: float) -> list[Incident]:
        first = math.floor((from_s - _RELEASE_S - WATCH_S) / WATCH_S)
        watches = range(first, math.floor(until_s / WATCH_S) + 1)
        planned = [incident for watch in watches for incident in self._watch(watch)]
        found = [
            incident
            for incident in planned + self.injected
            if incident.start_s <= until_s and from_s < incident.last_release_s
        ]
        return sorted(found, key=lambda incident: (incident.start_s, incident.ship))

    def inject(
        self,
        kind: IncidentKind,
        time_s: float,
        lasts_s: float,
        near: LonLat | None = None,
        ship: str | None = None,
    ) -> Incident:
        """Make an incident happen from ``time_s`` on.

        Raises:
            InjectError: no ship fits now, or the one named does not.
        """
        with self._lock:
            return self._inject(kind, time_s, lasts_s, near, ship)

    def _inject(
        self,
        kind: IncidentKind,
        time_s: float,
        lasts_s: float,
        near: LonLat | None,
        ship: str | None,
    ) -> Incident:
        chance = generator(self._seed, "inject", kind, round(time_s), len(self.injected))
        call = Call(kind, time_s, lasts_s, self._free(ship, time_s), chance, near)
        incident = self._casting.incident(call)
        if incident is None:
            who = f"{ship} cannot" if ship else "no ship can"
            raise InjectError(
                f"{who} do {kind.value!r} now: it must be under way, within range of a station, "
                "and have water and time enough; try another ship, place or a little later",
                "ship_unfit" if ship else "no_ship_fits",
            )
        self.injected.append(incident)
        return incident

    def _free(self, name: str | None, time_s: float) -> list[int]:
        """Ships of the reserve (or the one named) to whom nothing happens."""
        busy = {number for incident in self.at(time_s) for number in incident.ships}
        busy |= {number for incident in self.injected for number in incident.ships
                 if time_s < incident.last_release_s}  # fmt: skip
        reserve = self._crews[_RESERVE]
        if name is None:
            return [number for number in reserve if number not in busy]
        fleet = self._fleet
        named = [ship.number for ship in fleet if ship.name == name and ship.number in reserve]
        if not named:
            some = ", ".join(fleet[number].name for number in reserve[:5])
            raise InjectError(
                f"no ship called {name!r} can be chosen; ships that can: {some}", "ship_unknown"
            )
        return [number for number in named if number not in busy]

    def reserve_names(self) -> list[str]:
        """Names of the ships to whom injects can happen."""
        return [self._fleet[number].name for number in self._crews[_RESERVE]]

    def _watch(self, watch: int) -> list[Incident]:
        """The incidents that begin in one watch; the same whenever it is asked for."""
        known = self._watches.get(watch)
        if known is None:
            known = self._watches[watch] = self._plan(watch)
            while len(self._watches) > _KEPT:
                self._watches.popitem(last=False)
        return known

    def _plan(self, watch: int) -> list[Incident]:
        begin_s = watch * WATCH_S
        free = set(self._crews[watch % CREWS])
        planned: list[Incident] = []
        for time_s, kind, number in sorted(self._wanted(begin_s)):
            recurring = self._scenario.incidents[kind]
            chance = generator(self._seed, "incident", kind, number)
            lasts_s = chance.uniform(*recurring.lasts)
            for attempt in range(_TRIES):
                call = Call(
                    kind, time_s + attempt * _LATER_S, lasts_s, sorted(free), chance,
                    latest_release_s=begin_s + WATCH_S + _RELEASE_S,
                )  # fmt: skip
                incident = self._casting.incident(call)
                if incident is not None:
                    planned.append(incident)
                    free -= set(incident.ships)
                    break
        return planned

    def _wanted(self, begin_s: float) -> list[tuple[float, IncidentKind, int]]:
        """When which kinds are due in a watch: their own rhythm, each time a little off it."""
        wanted = []
        for kind, recurring in self._scenario.incidents.items():
            every_s = recurring.every
            for number in range(
                math.floor(begin_s / every_s) - 1, math.ceil((begin_s + WATCH_S) / every_s) + 1
            ):
                chance = generator(self._seed, "when", kind, number)
                time_s = (number + chance.uniform(0.1, 0.9)) * every_s
                if begin_s <= time_s < begin_s + WATCH_S:
                    wanted.append((time_s, kind, number))
        return wanted
