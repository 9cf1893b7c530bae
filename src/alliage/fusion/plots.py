"""Tables of plots become scans.

A table has one row for each plot: its time, what was measured, perhaps its uncertainty, perhaps
the sensor and where that was. Columns that are absent or null take the defaults of
:class:`Reading`. Rows that cannot be used are counted by reason and left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

import numpy as np
import pyarrow as pa

from alliage.fusion.frame import LocalFrame
from alliage.fusion.matrices import Bools, Floats, Ints, symmetric
from alliage.fusion.scan import Kind, Scan, Sensor
from alliage.fusion.table import (
    FIGURES,
    Figures,
    PlotsError,
    Words,
    bring_into,
    figures_of,
    frame_of,
    names_of,
    times_of,
)

LOOKS_AT_MOST: Final = 1_000_000
"""Periods that a table may span; more is a mistake in its times or the period."""


@dataclass(frozen=True)
class Reading:
    """How a table is read.

    Args:
        sensors: by name; rows of others, and without a name, are ``default_sensor``'s.
        default_sensor: who measured what no sensor of that name is known for.
        position_std_m: of positions, in each direction, where a row does not say.
        range_std_m: of ranges.
        bearing_std_deg: of bearings.
        period_s: rows of a sensor within a period are one scan, at their mean time, and periods
            without rows are looks that saw nothing, from where the sensor then was. Without it rows
            of the same time are a scan.
        frame: where east and north are counted from; by default the middle of the first scan.
    """

    sensors: tuple[Sensor, ...] = ()
    default_sensor: Sensor = field(default_factory=lambda: Sensor("sensor"))
    position_std_m: float = 20.0
    range_std_m: float = 20.0
    bearing_std_deg: float = 1.0
    period_s: float | None = None
    frame: LocalFrame | None = None


@dataclass(frozen=True, eq=False)
class Plots:
    """What a table held."""

    scans: list[Scan]
    frame: LocalFrame | None  # None: the table speaks of east and north alone
    is_clock: bool  # whether times are seconds since 1970, not of a scale of the table's own
    rows: int
    rejected: Counter[str]  # rows that were left out, by reason


def read_plots(table: pa.Table, reading: Reading | None = None) -> Plots:
    """Scans of a table, in the order of time.

    The table's columns, of which it needs a time and a measurement:

    - ``time`` (a timestamp), or ``time_s``;
    - ``east_m`` and ``north_m``, or ``latitude_deg`` and ``longitude_deg``, or ``range_m`` and
      ``bearing_deg``, or ``bearing_deg`` alone, clockwise from true north;
    - ``position_std_m`` and, for an ellipse, ``position_minor_std_m`` and ``position_axis_deg``;
      ``range_std_m``, ``bearing_std_deg``;
    - ``sensor``, and where it was: ``sensor_east_m`` and ``sensor_north_m``, or
      ``sensor_latitude_deg`` and ``sensor_longitude_deg``. In a table without degrees a sensor that
      says nothing of its place is where east and north are counted from.

    Raises:
        PlotsError: no column of times or measurements, or one that holds no numbers.
    """
    reading = Reading() if reading is None else reading
    figures = {name: figures_of(table, name) for name in FIGURES}
    time_s, is_clock = times_of(table)
    frame = reading.frame or frame_of(figures)
    if frame is not None:
        bring_into(frame, figures)
    kinds = _kinds(figures)
    in_degrees = frame is not None and reading.frame is None
    wrong = _reasons(time_s, figures, kinds, sensor_needs_place=in_degrees)
    good = wrong == ""
    scans = _scans(good, time_s, names_of(table), kinds, figures, reading)
    if not scans:
        raise PlotsError(
            "no usable plots: a row needs a time and a position, a range and bearing or a bearing"
        )
    return Plots(scans, frame, is_clock, table.num_rows, Counter(wrong[~good].tolist()))


def _kinds(figures: Figures) -> Words:
    """The kind of each row, or an empty text."""
    there = {name: np.isfinite(column) for name, column in figures.items()}
    kinds = np.full(len(figures["east_m"]), "", object)
    kinds[there["bearing_deg"]] = Kind.BEARING
    kinds[there["bearing_deg"] & there["range_m"]] = Kind.RANGE_BEARING
    kinds[there["east_m"] & there["north_m"]] = Kind.POSITION
    return kinds


def _reasons(time_s: Floats, figures: Figures, kinds: Words, *, sensor_needs_place: bool) -> Words:
    """Why each row cannot be used; empty where it can."""
    there = [np.isfinite(figures[f"sensor_{axis}_m"]) for axis in ("east", "north")]
    half = there[0] != there[1]
    nowhere = sensor_needs_place & (kinds != "") & (kinds != Kind.POSITION) & ~there[0]
    reasons = np.full(len(time_s), "", object)
    reasons[figures["range_m"] < 0.0] = "a negative range"
    reasons[_bad_deviation(figures)] = "a standard deviation that is not positive"
    reasons[nowhere] = "no position of the sensor"
    reasons[half] = "half a position of the sensor"
    reasons[kinds == ""] = "nothing measured"
    for before, what in (("sensor_", "a sensor's place"), ("", "a place")):
        of_sensor = nowhere if before else kinds == ""
        reasons[of_sensor & _off_the_earth(figures, before)] = f"{what} that is not on the earth"
    reasons[~np.isfinite(time_s)] = "no time"
    return reasons


def _off_the_earth(figures: Figures, before: str) -> Bools:
    latitude, longitude = (figures[f"{before}{name}_deg"] for name in ("latitude", "longitude"))
    return np.asarray((np.abs(latitude) > 90.0) | (np.abs(longitude) > 180.0))


def _bad_deviation(figures: Figures) -> Bools:
    bad = np.zeros(len(figures["position_std_m"]), np.bool_)
    for name in ("position_std_m", "position_minor_std_m", "range_std_m", "bearing_std_deg"):
        bad |= (figures[name] <= 0.0) | np.isinf(figures[name])
    return bad


def _scans(
    good: Bools,
    time_s: Floats,
    names: Words,
    kinds: Words,
    figures: Figures,
    reading: Reading,
) -> list[Scan]:
    """Scans of the good rows, by time, sensor and kind."""
    known = {sensor.name: sensor for sensor in reading.sensors}
    scans: list[Scan] = []
    for name in sorted(set(names[good])):
        sensor = known.get(name) or replace(reading.default_sensor, name=name or "sensor")
        its = good & (names == name)
        path = _Path(np.flatnonzero(its), time_s, figures)
        usual = max(Kind, key=lambda kind: int((kinds[its] == kind).sum()))
        for look, at_s in _looks(np.flatnonzero(its), time_s, reading.period_s):
            place, before = path.of(look, at_s), 0.0
            for kind in Kind:
                rows = look[kinds[look] == kind]
                share = len(rows) / len(look) if len(look) else float(kind is usual)
                if share:
                    scan = _scan(rows, at_s, sensor, kind, figures, reading, place)
                    if share < 1.0:
                        scan = replace(scan, share=share, share_before=before)
                    scans.append(scan)
                    before += share
    return sorted(scans, key=lambda scan: (scan.time_s, scan.sensor.name))


def _looks(rows: Ints, time_s: Floats, period_s: float | None) -> Iterator[tuple[Ints, float]]:
    """Rows of one sensor, look by look, with the time of each."""
    if not len(rows):
        return
    rows = rows[np.argsort(time_s[rows], kind="stable")]
    times_s = time_s[rows]
    if period_s is None:
        ends = np.flatnonzero(np.diff(times_s)) + 1
        for look in np.split(rows, ends):
            yield look, float(time_s[look[0]])
        return
    number = np.floor((times_s - times_s[0]) / period_s + 1e-9).astype(np.int64)
    if number[-1] > LOOKS_AT_MOST:
        raise PlotsError(f"{number[-1]:,} periods of {period_s} s: is period_s too short?")
    edges = np.searchsorted(number, np.arange(number[-1] + 2))
    for period, (begin, end) in enumerate(pairwise(edges)):
        nominal_s = float(times_s[0]) + period * period_s
        at_s = float(np.mean(times_s[begin:end])) if end > begin else nominal_s
        yield rows[begin:end], at_s


class _Path:
    """Where a sensor was, as far as its rows say; where east and north are counted from, if none.

    A look that saw nothing has no row to say it: the sensor was on its way between those that do.
    """

    def __init__(self, rows: Ints, time_s: Floats, figures: Figures) -> None:
        places = np.stack([figures["sensor_east_m"], figures["sensor_north_m"]], axis=-1)
        known = rows[np.isfinite(places[rows]).all(axis=1)]
        known = known[np.argsort(time_s[known], kind="stable")]
        self._places = places
        self._known_s, self._known = time_s[known], places[known]

    def of(self, rows: Ints, time_s: float) -> Floats:
        """East and north (2,) at the time of a look with these rows."""
        said = self._places[rows]
        said = said[np.isfinite(said).all(axis=1)]
        if len(said):
            return np.asarray(said.mean(axis=0))
        if not len(self._known):
            return np.zeros(2)
        return np.array([np.interp(time_s, self._known_s, axis) for axis in self._known.T])


def _scan(
    rows: Ints,
    time_s: float,
    sensor: Sensor,
    kind: Kind,
    figures: Figures,
    reading: Reading,
    place: Floats,
) -> Scan:
    def column(name: str, default: float | Floats) -> Floats:
        values = figures[name][rows]
        return np.where(np.isfinite(values), values, default)

    bearing = np.radians(column("bearing_deg", 0.0))
    bearing_std = np.radians(column("bearing_std_deg", reading.bearing_std_deg))
    if kind is Kind.POSITION:
        values = [column("east_m", 0.0), column("north_m", 0.0)]
        longer = column("position_std_m", reading.position_std_m)
        shorter = column("position_minor_std_m", longer)
        noise = _ellipse(longer, shorter, np.radians(column("position_axis_deg", 0.0)))
    elif kind is Kind.RANGE_BEARING:
        values = [column("range_m", 0.0), bearing]
        noise = _diagonal(column("range_std_m", reading.range_std_m), bearing_std)
    else:
        values, noise = [bearing], _diagonal(bearing_std)
    return Scan(time_s, sensor, kind, np.stack(values, axis=-1), noise, place)


def _diagonal(*deviations: Floats) -> Floats:
    return np.stack(deviations, axis=-1)[:, :, None] ** 2 * np.eye(len(deviations))


def _ellipse(longer: Floats, shorter: Floats, axis_rad: Floats) -> Floats:
    """Covariances (k, 2, 2) of ellipses whose longer axis points that way, from north."""
    along = np.stack([np.sin(axis_rad), np.cos(axis_rad)], axis=-1)
    across = np.stack([along[:, 1], -along[:, 0]], axis=-1)
    axes = np.stack([along * longer[:, None], across * shorter[:, None]], axis=-1)
    return symmetric(axes @ axes.swapaxes(1, 2))
