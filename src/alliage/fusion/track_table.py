"""Tracks as an Arrow table: one row for each confirmed track and scan.

Columns have the names and units of the ontology's position observations where they mean the same.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from alliage.fusion.frame import LocalFrame
from alliage.fusion.matrices import Floats, largest_eigenvalue
from alliage.fusion.motion import POSITION, TURN_RATE
from alliage.fusion.step import Estimates

Columns = dict[str, object]


def track_table(
    estimates: Iterable[Estimates], frame: LocalFrame | None = None, is_clock: bool = False
) -> pa.Table:
    """The table.

    Args:
        estimates: of each scan.
        frame: gives latitudes and longitudes, and courses and axes from true north; without it
            they count from the frame's north.
        is_clock: times are seconds since 1970 and become timestamps.
    """
    said = list(estimates)
    if not said:
        raise ValueError("no scan was worked on, so there is nothing to make a table of")
    time_s = np.concatenate([np.full(len(one), one.time_s) for one in said])
    states = np.concatenate([one.states for one in said])
    covariances = np.concatenate([one.covariances for one in said])
    columns = time_column(time_s, is_clock)
    sensors = [name for one in said for name in [one.sensor] * len(one)]
    columns["track"] = np.concatenate([one.number for one in said])
    columns["sensor"] = pa.array(sensors, pa.utf8()).dictionary_encode()
    north_rad = np.zeros(len(states))
    if frame is not None:
        latitude, longitude = frame.to_degrees(states[:, POSITION])
        columns |= {"latitude_deg": latitude, "longitude_deg": longitude}
        north_rad = frame.true_north_rad(latitude, longitude)
    columns |= {"east_m": states[:, 0], "north_m": states[:, 1]}
    columns |= error_ellipses(covariances[:, POSITION, POSITION], north_rad)
    columns |= _movements(states, north_rad)
    columns["existence"] = np.concatenate([one.existence for one in said])
    columns["seen"] = np.concatenate([one.seen for one in said])
    return pa.table(columns)


def time_column(time_s: Floats, is_clock: bool) -> Columns:
    """Times (n,) in seconds, or as timestamps if they are since 1970."""
    if not is_clock:
        return {"time_s": time_s}
    whole_us = np.round(time_s * 1e6).astype(np.int64)
    return {"time": pa.array(whole_us, pa.timestamp("us", tz="UTC"))}


def _movements(states: Floats, north_rad: Floats) -> Columns:
    v_east, v_north = states[:, 2], states[:, 3]
    course = np.degrees(np.arctan2(v_east, v_north) - north_rad) % 360.0
    columns: Columns = {"speed_mps": np.hypot(v_east, v_north), "course_deg": course}
    if states.shape[1] > TURN_RATE:
        columns["turn_rate_degps"] = -np.degrees(states[:, TURN_RATE])  # positive to starboard
    return columns


def error_ellipses(covariances: Floats, north_rad: Floats | float = 0.0) -> Columns:
    """Standard deviations along both axes of ellipses (n, 2, 2), and where the longer points.

    ``north_rad`` is where true north lies (n,), clockwise from the covariances' own.
    """
    east, both, north = covariances[:, 0, 0], covariances[:, 0, 1], covariances[:, 1, 1]
    longer = largest_eigenvalue(covariances)
    shorter = np.maximum(east + north - longer, 0.0)
    axis = 0.5 * np.arctan2(2.0 * both, north - east) - north_rad  # clockwise from north
    return {
        "position_std_m": np.sqrt(longer),
        "position_minor_std_m": np.sqrt(shorter),
        "position_axis_deg": np.degrees(axis) % 180.0,
    }
