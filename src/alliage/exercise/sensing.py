"""What simulated sensors send: every look a function of scenario, seed, sensor and its number.

A radar's beam meets each ship at a moment of its own within the turn, and measures it as it truly
is then. Noise is a hash of sensor, look and ship, so that any look can be played next.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from alliage.exercise.chance import normal, uniform
from alliage.exercise.plane import Floats, offsets_m
from alliage.exercise.sensors import AREA_CODE, Finder, Radar
from alliage.exercise.simulation import SECOND_US, ZERO_US, Simulation
from alliage.exercise.traffic import Numbers
from alliage.feeds.asterix.encode import bearings, north_marker, plots
from alliage.feeds.asterix.polar import slant_range_m
from alliage.geo.geodesic import distance_and_bearing

Flags = NDArray[np.bool_]

_SEEN, _RANGE, _BEARING, _CLUTTER = range(20, 24)
"""What a draw is for, apart from those of the radio traffic."""

_WATCH_S: Final = 300.0
_WAY_M: Final = 10_000.0
"""So long it is remembered who is near; no ship goes so far in that time."""

_CHANNEL: Final = "156.800"
"""Channel 16 of maritime VHF."""


class Sent(NamedTuple):
    """The bytes of one look, and when it was over: microseconds UTC, the exercise's time."""

    data: bytes
    at_us: int


class Seen(NamedTuple):
    """What was measured in one look, shape (n,) each; seconds since the exercises' zero."""

    time_s: Floats
    range_m: Floats
    bearing_deg: Floats


class Sensing:
    """One sensor at work in a simulation. Used by one at a time.

    Args:
        number: its SIC.
        sensor: what it is like.
    """

    def __init__(self, number: int, sensor: Radar | Finder) -> None:
        self._number = number
        self._sensor = sensor
        self._watch = -1
        self._near: Numbers = np.zeros(0, np.int64)

    @property
    def period_s(self) -> float:
        """How long a look takes."""
        return self._sensor.period_s

    def play(
        self, simulation: Simulation, from_us: int, until_us: int, begins: bool, every: int = 1
    ) -> list[Sent]:
        """The looks that end after ``from_us`` and not after ``until_us``.

        Args:
            simulation: in whose waters it stands.
            from_us: UTC.
            until_us: the same.
            begins: whether nothing was sent before; a radar then says first where it stands.
            every: of so many looks one is sent.
        """
        period_s = self._sensor.period_s
        first, last = (math.floor(simulation.seconds(us) / period_s) for us in (from_us, until_us))
        sent: list[Sent] = []
        for look in range(first + -first % every, last, every):
            data = self._bytes(simulation, look, begins and not sent)
            sent.append(Sent(data, ZERO_US + round((look + 1) * period_s * SECOND_US)))
        return [one for one in sent if one.data]

    # --- as it is sent

    def _bytes(self, simulation: Simulation, look: int, begins: bool) -> bytes:
        sensor, seen = self._sensor, self.seen(simulation, look)
        told_s = self._told_s(seen.time_s)
        if isinstance(sensor, Finder):
            lon, lat = sensor.position
            return bearings(AREA_CODE, self._number, told_s, seen.bearing_deg, lat, lon, _CHANNEL)
        slant_m = slant_range_m(seen.range_m, sensor.height_m, 0.0)
        turn = plots(AREA_CODE, self._number, told_s, slant_m, seen.bearing_deg)
        before = self._north(sensor, look) if begins else b""
        return before + turn + self._north(sensor, look + 1)

    def _north(self, radar: Radar, look: int) -> bytes:
        """The marker with which a turn begins, and the one before ends."""
        (lon, lat), period_s = radar.position, radar.period_s
        time_s = float(self._told_s(look * period_s))
        return north_marker(AREA_CODE, self._number, time_s, period_s, lat, lon, radar.height_m)

    def _told_s(self, time_s: Floats | float) -> Floats:
        """By its own clock, seconds since 1970."""
        return np.asarray(time_s + ZERO_US / SECOND_US + self._sensor.clock_offset_s)

    # --- as it is measured

    def seen(self, simulation: Simulation, look: int) -> Seen:
        """What a look measures, in the order of time: ships, and what is none."""
        sensor = self._sensor
        ships, true = self._true(simulation, look)
        drawn = (simulation.seed, self._number, look, ships)
        sees = uniform(*drawn, _SEEN) < sensor.detection
        range_m, bearing_deg = true.range_m, true.bearing_deg + sensor.bearing_bias_deg
        bearing_deg = bearing_deg + sensor.bearing_std_deg * normal(*drawn, _BEARING)
        if isinstance(sensor, Radar):
            noise_m = sensor.range_std_m * normal(*drawn, _RANGE)
            range_m = np.maximum(range_m + sensor.range_bias_m + noise_m, 0.0)
        measured = Seen(true.time_s, range_m, bearing_deg % 360.0)
        both = [
            np.concatenate([real[sees], false])
            for real, false in zip(measured, self._clutter(simulation, look), strict=True)
        ]
        order = np.argsort(both[0], kind="stable")
        return Seen(*(column[order] for column in both))

    def _true(self, simulation: Simulation, look: int) -> tuple[Numbers, Seen]:
        """Ships within range, each at the moment of the look when the sensor sees it."""
        sensor, begin_s = self._sensor, look * self._sensor.period_s
        ships = self._ships_near(simulation, begin_s)
        times_s = np.full(len(ships), begin_s + 0.5 * sensor.period_s)
        if isinstance(sensor, Radar):
            halfway = self._at(simulation, begin_s, ships, times_s)[1]
            times_s = begin_s + halfway.bearing_deg / 360.0 * sensor.period_s
        stands_out, true = self._at(simulation, begin_s, ships, times_s)
        within = stands_out & (true.range_m < sensor.range_km * 1_000)
        return ships[within], Seen(*(column[within] for column in true))

    def _at(
        self, simulation: Simulation, begin_s: float, ships: Numbers, times_s: Floats
    ) -> tuple[Flags, Seen]:
        """Where ships are at moments of a look, and whether they stand out from the land.

        One at its berth does not; one at anchor does.
        """
        incidents = simulation.schedule.between(begin_s, begin_s + self._sensor.period_s)
        true = simulation.traffic.at(begin_s, ships, times_s, incidents).true
        lon, lat = self._sensor.position
        range_m, bearing_deg = distance_and_bearing(lat, lon, true.lat, true.lon)
        at_berth = true.at_rest & ~simulation.anchors[ships]
        return true.present & ~at_berth, Seen(times_s, range_m, bearing_deg)

    def _ships_near(self, simulation: Simulation, time_s: float) -> Numbers:
        """Ships and boats that may come within range; found anew every five minutes."""
        watch = math.floor(time_s / _WATCH_S)
        if watch != self._watch:
            begin_s, (lon, lat) = watch * _WATCH_S, self._sensor.position
            ships = np.arange(len(simulation.lives))
            incidents = simulation.schedule.at(begin_s)
            times_s = np.full(len(ships), begin_s)
            true = simulation.traffic.at(begin_s, ships, times_s, incidents).true
            far_m = np.hypot(*offsets_m(np.array([lon]), np.array([lat]), true.lon, true.lat))
            near = far_m < self._sensor.range_km * 1_000 + _WAY_M
            self._watch, self._near = watch, ships[near]
        return self._near

    def _clutter(self, simulation: Simulation, look: int) -> Seen:
        """Plots of nothing, evenly over the area within range."""
        sensor = self._sensor
        dice = np.random.default_rng([simulation.seed, self._number, look % 2**64, _CLUTTER])
        part, turned = dice.random((2, dice.poisson(sensor.clutter)))
        is_radar = isinstance(sensor, Radar)
        time_s = (look + (turned if is_radar else np.full(len(turned), 0.5))) * sensor.period_s
        return Seen(time_s, sensor.range_km * 1_000 * np.sqrt(part), 360.0 * turned)
