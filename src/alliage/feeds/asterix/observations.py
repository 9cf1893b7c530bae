"""Numbered plots to observation batches."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from alliage.feeds.asterix.looks import LookRows
from alliage.feeds.asterix.options import Options
from alliage.feeds.asterix.polar import surface_range_m
from alliage.feeds.asterix.reports import Floats, Ints, Reports
from alliage.feeds.asterix.sensors import Sensor, Sensors, identifier
from alliage.geo.geodesic import destination
from alliage.ontology.observation import COMMON, PLOT, POSITION, WORD, Kind, ObservationBatch

SCHEMA: Final = "Sensor"
_TYPES: Final = {c.name: c.type for part in (COMMON, POSITION, PLOT) for c in part}
_WORDS: Final = ("ASTERIX 034", "ASTERIX 048", "ASTERIX 048 simulated", "ASTERIX 205")
_SIMULATED: Final = 2

Columns = dict[str, Any]


def plot_batch(
    rows: LookRows, reports: Reports, received_us: int, sensors: Sensors, options: Options
) -> ObservationBatch:
    """Plots and ends of looks.

    Args:
        rows: which, at least one.
        reports: what ``rows.report`` counts in, at least one.
        received_us: of ends that no record tells of.
        sensors: those of the connection.
        options: deviations of sensors of which none are known.
    """
    at, is_told = np.array(rows.report, np.int64), np.array(rows.report) >= 0
    codes, which = np.unique(np.array(rows.sensor, np.int64), return_inverse=True)
    known = [sensors[code] for code in codes.tolist()]
    columns: Columns = {
        "identifier": _words(which, [identifier(code) for code in codes.tolist()]),
        "schema": _words(np.zeros(len(at)), [SCHEMA]),
        "valid": np.array(rows.valid_us, np.int64),
        "received": np.where(is_told, reports.received_us[at], received_us),
        "report": _words(_report_words(rows, reports.take(at), sensors), list(_WORDS)),
        **_measured(rows, reports.take(at), *_deviations(known, options)[:, which]),
        "look": np.array(rows.look, np.int64),
        "mode_3a": _squawks(rows, reports.take(at)),
    }
    return _batch(Kind.PLOT, columns)


def place_batch(rows: LookRows, reports: Reports, valid_us: Ints) -> ObservationBatch:
    """Where sensors stand, of those that are due."""
    report, code, latitude, longitude = zip(*rows.places_told, strict=True)
    at = np.array(report, np.int64)
    columns: Columns = {
        "identifier": _words(np.arange(len(at)), [identifier(one) for one in code]),
        "schema": _words(np.zeros(len(at)), [SCHEMA]),
        "valid": valid_us[at],
        "received": reports.received_us[at],
        "latitude_deg": np.array(latitude),
        "longitude_deg": np.array(longitude),
    }
    return _batch(Kind.POSITION, columns)


def _report_words(rows: LookRows, reports: Reports, sensors: Sensors) -> Ints:
    """In the format's own words, as numbers of ``_WORDS``; an end that is not told as its plots."""
    untold = np.array([205 if sensors[code].is_finder else 48 for code in rows.sensor])
    category = np.where(np.array(rows.report) < 0, untold, reports.category)
    simulated = reports.simulated & ~np.array(rows.is_end)
    return np.select([simulated, category == 48, category == 205], [_SIMULATED, 1, 3], 0)


def _measured(rows: LookRows, reports: Reports, range_std: Floats, bearing_std: Floats) -> Columns:
    """The columns of what was measured; an end of a look has measured nothing."""
    is_end = np.array(rows.is_end)
    latitude, longitude, height = np.array(rows.place, np.float64).T
    bearing = np.where(is_end, np.nan, reports.bearing_deg)
    altitude = np.where(is_end, np.nan, reports.altitude_m)
    slant_m = np.where(is_end, np.nan, reports.range_m)
    with np.errstate(invalid="ignore"):  # not a number: not measured, or not known
        range_m = surface_range_m(slant_m, height, np.nan_to_num(altitude, nan=0.0))
        place = destination(latitude, longitude, bearing, range_m)
        across_m = range_m * np.radians(bearing_std)
        is_wide = across_m > range_std
        axis = (bearing + np.where(is_wide, 90.0, 0.0)) % 180.0
    nowhere = np.isnan(place[0])
    return {
        "latitude_deg": place[0],
        "longitude_deg": place[1],
        "position_std_m": np.where(nowhere, np.nan, np.maximum(across_m, range_std)),
        "position_minor_std_m": np.where(nowhere, np.nan, np.minimum(across_m, range_std)),
        "position_axis_deg": np.where(nowhere, np.nan, axis),
        "altitude_m": altitude,
        "range_m": range_m,
        "range_std_m": np.where(np.isnan(range_m), np.nan, range_std),
        "bearing_deg": bearing,
        "bearing_std_deg": np.where(np.isnan(bearing), np.nan, bearing_std),
        "sensor_latitude_deg": latitude,
        "sensor_longitude_deg": longitude,
    }


def _squawks(rows: LookRows, reports: Reports) -> pa.Array:
    """Codes of transponders, four octal digits; none at an end of a look."""
    told = np.where(np.array(rows.is_end), -1, reports.code)
    codes, which = np.unique(told, return_inverse=True)
    words = _words(which.reshape(-1), [f"{max(code, 0):04o}" for code in codes.tolist()])
    return pc.if_else(pa.array(told >= 0), words, pa.scalar(None, WORD))


def _deviations(sensors: list[Sensor], options: Options) -> Floats:
    """Standard deviations of ranges (m) and bearings (degrees), shape (2, n)."""
    return np.array(
        [
            (
                one.options.range_std_m or options.range_std_m,
                one.options.bearing_std_deg
                or (options.finder_std_deg if one.is_finder else options.bearing_std_deg),
            )
            for one in sensors
        ]
    ).T


def _batch(kind: Kind, columns: Columns) -> ObservationBatch:
    """A batch; what is not a number becomes null."""
    arrays = [_array(column, _TYPES[name]) for name, column in columns.items()]
    return ObservationBatch(kind, pa.record_batch(arrays, names=list(columns)))


def _array(column: Any, kind: pa.DataType) -> pa.Array:
    if isinstance(column, pa.Array):
        return column
    values = column if pa.types.is_timestamp(kind) else column.astype(kind.to_pandas_dtype())
    return pa.array(values, kind, from_pandas=True)


def _words(codes: NDArray[np.generic], words: list[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(
        pa.array(codes.astype(np.int32)), pa.array(words, pa.utf8())
    )
