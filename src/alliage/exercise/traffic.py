"""The ships under way with what happens to them: true motion and told position, at any moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alliage.exercise.incidents import Incident
from alliage.exercise.life import Leg, Life
from alliage.exercise.motion import HALF_S, Legs, Motions, place, present, resting, velocity
from alliage.exercise.plane import Floats, shifted
from alliage.exercise.voyages import Ways

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Moment:
    """Ships at moments, shape (n,) each: how they truly move, and what they tell."""

    ships: Numbers
    time_s: Floats
    true: Motions
    told: Motions
    status: Numbers
    """Navigational status where an incident changes it, else -1."""
    silent: NDArray[np.bool_]


class Traffic:
    """Motion of all that is afloat; keeps the legs of the moment, and computes any others anew."""

    def __init__(self, ways: Ways, lives: Sequence[Life]) -> None:
        self.ways = ways
        self._lives = lives
        self._legs: list[Leg] = [life.leg_at(0.0) for life in lives]
        self._rows = Legs.of(self._legs).rows
        self._from_s = np.array([leg.from_s for leg in self._legs])
        self._until_s = np.array([leg.until_s for leg in self._legs])

    def legs_at(self, time_s: float) -> tuple[list[Leg], Legs]:
        """The leg of every ship and boat at one time."""
        stale = np.flatnonzero((time_s < self._from_s) | (time_s >= self._until_s))
        if len(stale):
            fresh = [self._lives[number].leg_at(time_s) for number in stale.tolist()]
            self._rows = self._rows.copy()
            self._rows[stale] = Legs.of(fresh).rows
            for number, leg in zip(stale.tolist(), fresh, strict=True):
                self._legs[number] = leg
                self._from_s[number], self._until_s[number] = leg.from_s, leg.until_s
        return self._legs, Legs(self._rows)

    def at(
        self, time_s: float, ships: Numbers, times_s: Floats, incidents: Sequence[Incident]
    ) -> Moment:
        """Motions of these ships at these times.

        Args:
            time_s: a time shortly before all of them; says which legs are sailed.
            ships: numbers of ships or boats, shape (n,).
            times_s: seconds since the exercise's zero, shape (n,).
            incidents: those that have consequences then.
        """
        legs = self.legs_at(time_s)[1].take(ships)
        rows = _concerned(ships, times_s, incidents)
        before, now, behind = (
            self._positions(legs, times_s + step_s, rows) for step_s in (-HALF_S, 0.0, HALF_S)
        )
        delay_s = _delays(times_s, rows)
        rest, here = resting(legs, times_s, delay_s), present(legs, times_s, delay_s)
        speed, course = velocity(before, behind, 2 * HALF_S)
        true = Motions(*now, speed, course, rest, here)
        status, silent = np.full(len(ships), -1), np.zeros(len(ships), np.bool_)
        for incident, _, chosen in rows:
            during = (times_s >= incident.start_s) & (times_s < incident.end_s)
            silent[chosen] |= incident.silent(times_s[chosen])
            if incident.status is not None:
                status[chosen] = np.where(during[chosen], incident.status, status[chosen])
        told = _told(true, times_s, (before, now, behind), rows)
        return Moment(ships, times_s, true, told, status, silent)

    def _positions(
        self, legs: Legs, times_s: Floats, rows: list[tuple[Incident, int, Numbers]]
    ) -> tuple[Floats, Floats]:
        lon, lat = place(self.ways.paths, legs, times_s, _delays(times_s, rows))
        for incident, number, chosen in rows:
            east, north = incident.shift(number, times_s[chosen])
            lon[chosen], lat[chosen] = shifted(lon[chosen], lat[chosen], east, north)
        return lon, lat


def _concerned(
    ships: Numbers, times_s: Floats, incidents: Sequence[Incident]
) -> list[tuple[Incident, int, Numbers]]:
    """Incidents with each of their ships and the rows in which it has consequences."""
    rows = [
        (
            incident,
            number,
            np.flatnonzero((ships == number) & (times_s < incident.release_of(number))),
        )
        for incident in incidents
        for number in incident.ships
    ]
    return [row for row in rows if len(row[2])]


def _delays(times_s: Floats, rows: list[tuple[Incident, int, Numbers]]) -> Floats:
    delay_s = np.zeros(len(times_s))
    for incident, _, chosen in rows:
        delay_s[chosen] += incident.delay_s(times_s[chosen])
    return delay_s


def _told(
    true: Motions,
    times_s: Floats,
    positions: tuple[tuple[Floats, Floats], ...],
    rows: list[tuple[Incident, int, Numbers]],
) -> Motions:
    """The true motions, but for those who lie: their speed and course fit their false way."""
    liars = [row for row in rows if row[0].lie_m != (0.0, 0.0)]
    if not liars:
        return true
    lon, lat, speed, course = (
        column.copy() for column in (true.lon, true.lat, true.speed_mps, true.course_deg)
    )
    for incident, _, chosen in liars:
        before, now, behind = (
            incident.told(times_s[chosen] + step_s, where[0][chosen], where[1][chosen])
            for step_s, where in zip((-HALF_S, 0.0, HALF_S), positions, strict=True)
        )
        lon[chosen], lat[chosen] = now
        lies = (times_s[chosen] >= incident.start_s + HALF_S) & (
            times_s[chosen] < incident.end_s - HALF_S
        )
        false_speed, false_course = velocity(before, behind, 2 * HALF_S)
        speed[chosen] = np.where(lies, false_speed, speed[chosen])
        course[chosen] = np.where(lies, false_course, course[chosen])
    return Motions(lon, lat, speed, course, true.at_rest, true.present)
