"""The columns of a table of plots, as NumPy sees them."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from alliage.fusion.frame import LocalFrame
from alliage.fusion.matrices import Floats

Words = npt.NDArray[Any]
Figures = dict[str, Floats]

FIGURES: Final = (
    "east_m", "north_m", "latitude_deg", "longitude_deg", "range_m", "bearing_deg",
    "sensor_east_m", "sensor_north_m", "sensor_latitude_deg", "sensor_longitude_deg",
    "position_std_m", "position_minor_std_m", "position_axis_deg", "range_std_m", "bearing_std_deg",
)  # fmt: skip
"""Columns of numbers that a table of plots may have."""


class PlotsError(ValueError):
    """A table has no usable plots, or lacks what makes them plots: the message says what."""


def figures_of(table: pa.Table, name: str) -> Floats:
    """A column of numbers, NaN where it says nothing."""
    if name not in table.column_names:
        return np.full(table.num_rows, np.nan)
    try:
        column = pc.cast(table[name], pa.float64())
    except pa.ArrowInvalid as error:
        raise PlotsError(f"column {name!r} does not hold numbers: {error}") from None
    return np.asarray(pc.fill_null(column, float("nan")).to_numpy(), np.float64)


def times_of(table: pa.Table) -> tuple[Floats, bool]:
    """Seconds of each row, NaN where there are none, and whether they are of the clock."""
    if "time_s" in table.column_names:
        return figures_of(table, "time_s"), False
    if "time" not in table.column_names:
        raise PlotsError("there is no column 'time' (a timestamp) and none 'time_s' (seconds)")
    try:
        column = pc.cast(table["time"], pa.timestamp("us", tz="UTC"))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise PlotsError(f"column 'time' does not hold timestamps: {error}") from None
    known = np.asarray(pc.is_valid(column))
    whole_us = np.asarray(pc.fill_null(pc.cast(column, pa.int64()), 0), np.int64)
    return np.where(known, whole_us / 1e6, np.nan), True


def names_of(table: pa.Table) -> Words:
    """The sensor of each row, an empty text where there is none."""
    if "sensor" not in table.column_names:
        return np.full(table.num_rows, "", object)
    named = pc.fill_null(pc.cast(table["sensor"], pa.utf8()), "")
    return np.array(named.to_pylist(), object)


def frame_of(figures: Figures) -> LocalFrame | None:
    """A frame at the middle of what the table says in degrees."""
    for before in ("", "sensor_"):
        latitude, longitude = figures[f"{before}latitude_deg"], figures[f"{before}longitude_deg"]
        known = (np.abs(latitude) <= 90.0) & (np.abs(longitude) <= 180.0)
        if known.any():
            first = np.radians(longitude[known][0])
            apart = np.radians(longitude[known]) - first
            middle = first + np.arctan2(np.sin(apart).mean(), np.cos(apart).mean())
            turned = (np.degrees(middle) + 180.0) % 360.0 - 180.0
            return LocalFrame(float(np.median(latitude[known])), float(turned))
    return None


def bring_into(frame: LocalFrame, figures: Figures) -> None:
    """Turn degrees into metres, and true bearings and axes into the frame's.

    A bearing leans as the meridian does at its sensor, an ellipse as at its own place.
    """
    for before in ("", "sensor_"):
        latitude, longitude = figures[f"{before}latitude_deg"], figures[f"{before}longitude_deg"]
        known = (np.abs(latitude) <= 90.0) & (np.abs(longitude) <= 180.0)
        local = frame.to_local(latitude[known], longitude[known])
        for axis, name in enumerate(("east_m", "north_m")):
            figures[f"{before}{name}"] = figures[f"{before}{name}"].copy()
            figures[f"{before}{name}"][known] = local[:, axis]
        direction = "bearing_deg" if before else "position_axis_deg"
        lean = np.degrees(frame.true_north_rad(latitude[known], longitude[known]))
        figures[direction] = figures[direction].copy()
        figures[direction][known] += lean
