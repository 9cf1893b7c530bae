"""Lines of bearing as an Arrow table: one row for each confirmed line and look of its sensor.

There is no place in it but the sensor's: how far away the thing is, nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from alliage.fusion.frame import LocalFrame
from alliage.fusion.lines import BEARING, RATE
from alliage.fusion.step import Estimates
from alliage.fusion.track_table import Columns, time_column


def line_table(
    estimates: Iterable[Estimates], frame: LocalFrame | None = None, is_clock: bool = False
) -> pa.Table:
    """The table; arguments as for :func:`alliage.fusion.track_table`."""
    said = list(estimates)
    if not said:
        raise ValueError("no scan was worked on, so there is nothing to make a table of")
    lines = [one.lines for one in said]
    many = [len(one) for one in lines]
    states = np.concatenate([one.states for one in lines])
    spreads = np.concatenate([one.covariances for one in lines])
    places = np.repeat(np.stack([one.sensor_position_m for one in lines]), many, axis=0)
    columns: Columns = time_column(np.repeat([one.time_s for one in said], many), is_clock)
    columns["line"] = np.concatenate([one.number for one in lines])
    sensors = np.repeat(np.array([one.sensor for one in said], object), many)
    columns["sensor"] = pa.array(sensors.tolist(), pa.utf8()).dictionary_encode()
    north_rad = np.zeros(len(states))
    if frame is not None:
        latitude, longitude = frame.to_degrees(places)
        columns |= {"sensor_latitude_deg": latitude, "sensor_longitude_deg": longitude}
        north_rad = frame.true_north_rad(latitude, longitude)
    columns |= {"sensor_east_m": places[:, 0], "sensor_north_m": places[:, 1]}
    columns |= {
        "bearing_deg": np.degrees(states[:, BEARING] - north_rad) % 360.0,
        "bearing_std_deg": np.degrees(np.sqrt(spreads[:, BEARING, BEARING])),
        "bearing_rate_degps": np.degrees(states[:, RATE]),
        "bearing_rate_std_degps": np.degrees(np.sqrt(spreads[:, RATE, RATE])),
        "existence": np.concatenate([one.existence for one in lines]),
        "seen": np.concatenate([one.seen for one in lines]),
    }
    return pa.table(columns)
