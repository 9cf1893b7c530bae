"""Which look of its sensor each plot belongs to, and where looks end.

A radar's look is a turn, from one north marker to the next. A radar that sends none is known by its
sectors beginning anew, and one that sends neither by the bearings of its plots doing so, or by
a turn's time going by. A direction finder looks everywhere at once: bearings of nearly the same
time are one look.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from alliage.feeds.asterix.reports import Event, Ints, Reports
from alliage.feeds.asterix.sensors import Sensor, Sensors, TurnBy

SECOND_US: Final = 1_000_000
_BACK_DEG: Final = 180.0
"""A bearing that falls by more than this has passed north; a smaller fall is disorder."""


PlaceTold = tuple[int, int, float, float]
"""Number of the report, code of the sensor, its latitude and longitude."""


@dataclass(slots=True)
class LookRows:
    """Rows of plots and of looks' ends, in order."""

    report: list[int] = field(default_factory=list)  # -1 at an end that no record tells of
    sensor: list[int] = field(default_factory=list)
    look: list[int] = field(default_factory=list)
    valid_us: list[int] = field(default_factory=list)
    is_end: list[bool] = field(default_factory=list)
    place: list[tuple[float, float, float]] = field(default_factory=list)  # of the sensor then
    places_told: list[PlaceTold] = field(default_factory=list)

    def add(self, report: int, sensor: Sensor, valid_us: int, *, is_end: bool = False) -> None:
        """Add a row of a sensor's look."""
        self.report.append(report)
        self.sensor.append(sensor.code)
        self.look.append(sensor.look)
        self.valid_us.append(valid_us)
        self.is_end.append(is_end)
        self.place.append((sensor.latitude_deg, sensor.longitude_deg, sensor.height_m))


def find_looks(sensors: Sensors, finder_look_us: int, reports: Reports, valid_us: Ints) -> LookRows:
    """Number the looks of some reports, which follow those that were numbered before."""
    rows = LookRows()
    columns = (
        reports.event.tolist(),
        reports.sensor.tolist(),
        valid_us.tolist(),
        reports.bearing_deg.tolist(),
        np.nan_to_num(reports.period_s * 1e6, nan=0.0).tolist(),
        np.stack((reports.latitude_deg, reports.longitude_deg, reports.height_m), -1).tolist(),
    )
    for report, (event, code, at_us, bearing_deg, period_us, place) in enumerate(
        zip(*columns, strict=True)
    ):
        sensor = sensors[code]
        if place[0] == place[0]:  # a number
            sensor.place(*place)
        if sensor.tells_place(at_us):
            rows.places_told.append((report, code, sensor.latitude_deg, sensor.longitude_deg))
        if event == Event.PLOT:
            _plot(rows, report, sensor, at_us, bearing_deg)
        elif event == Event.BEARING:
            sensor.is_finder = True
            if sensor.is_open and not 0 <= at_us - sensor.began_us <= finder_look_us:
                _end(rows, sensor)
            _add(rows, report, sensor, at_us)
        elif event == Event.NORTH:
            sensor.turn_by = TurnBy.NORTH
            sensor.period_us = period_us or sensor.period_us
            _turn(rows, report, sensor, at_us)
        elif event == Event.SECTOR and sensor.turn_by < TurnBy.NORTH:
            if sensor.turn_by == TurnBy.SECTORS and sensor.azimuth_deg - bearing_deg > _BACK_DEG:
                _turn(rows, report, sensor, at_us)
            sensor.turn_by, sensor.azimuth_deg = TurnBy.SECTORS, bearing_deg
    return rows


def end_bearings(sensors: Sensors) -> LookRows:
    """End the looks of direction finders: it has been silent for longer than any lasts."""
    rows = LookRows()
    for sensor in sensors.values():
        if sensor.is_finder and sensor.is_open:
            _end(rows, sensor)
    return rows


def _plot(rows: LookRows, report: int, sensor: Sensor, at_us: int, bearing_deg: float) -> None:
    if sensor.turn_by == TurnBy.PLOTS:
        passed_north = sensor.azimuth_deg - bearing_deg > _BACK_DEG
        if sensor.is_open and (passed_north or at_us - sensor.began_us >= sensor.period_us):
            _end(rows, sensor)
        sensor.azimuth_deg = bearing_deg
    _add(rows, report, sensor, at_us)


def _turn(rows: LookRows, report: int, sensor: Sensor, at_us: int) -> None:
    """One turn ends and the next begins, whether or not anything was seen."""
    if sensor.is_open:
        rows.add(report, sensor, at_us, is_end=True)
    _begin(sensor, at_us)


def _add(rows: LookRows, report: int, sensor: Sensor, at_us: int) -> None:
    if not sensor.is_open:
        _begin(sensor, at_us)
    rows.add(report, sensor, at_us)
    sensor.latest_us = at_us


def _end(rows: LookRows, sensor: Sensor) -> None:
    rows.add(-1, sensor, sensor.latest_us, is_end=True)
    sensor.is_open = False


def _begin(sensor: Sensor, at_us: int) -> None:
    """Looks are numbered by the second in which they begin, so that they rise after a restart."""
    sensor.look = max(sensor.look + 1, at_us // SECOND_US)
    sensor.is_open, sensor.began_us = True, at_us
