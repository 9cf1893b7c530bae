"""Position messages to POSITION columns: SI units, sentinels to null, flags to deviations."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from alliage.feeds.ais.codes import NAVIGATION_STATUS, word_column
from alliage.feeds.ais.common import Heard, common_columns
from alliage.feeds.ais.fields import Columns, Layout
from alliage.feeds.ais.messages import LAYOUTS, Form
from alliage.feeds.ais.options import Options
from alliage.ontology.observation import POSITION, Kind, ObservationBatch

KNOT_MPS: Final = 1852 / 3600
POSITION_FORMS: Final = (
    Form.CLASS_A_POSITION,
    Form.BASE_STATION,
    Form.SAR_AIRCRAFT,
    Form.CLASS_B_POSITION,
    Form.CLASS_B_EXTENDED,
    Form.AID_TO_NAVIGATION,
    Form.LONG_RANGE,
)
LONG_RANGE_STEP_STD_M: Final = 185.2 / 12**0.5
"""Type 27 gives tenths of a minute of arc: an error spread evenly over 185.2 m."""


@dataclass(frozen=True, slots=True)
class Scale:
    """What raw numbers mean: ``raw * factor`` up to ``largest``, beyond that "not reported"."""

    factor: float
    largest: int

    def table(self, width: int) -> NDArray[np.float32]:
        """The meaning of every value of a field so wide; NaN for "not reported"."""
        return _table(self, width)


@dataclass(frozen=True, slots=True)
class Scales:
    """Scales of one kind of position message (M.1371-5, tables 48, 59, 70 and 84)."""

    degree: int  # units in one degree of latitude and longitude
    speed: Scale
    course: Scale


_FINE: Final = Scales(600_000, Scale(KNOT_MPS / 10, 1022), Scale(0.1, 3599))  # 1022: 102.2 kn up
_SCALES: Final = {
    Form.SAR_AIRCRAFT: Scales(600_000, Scale(KNOT_MPS, 1022), Scale(0.1, 3599)),
    Form.LONG_RANGE: Scales(600, Scale(KNOT_MPS, 62), Scale(1.0, 359)),
}
_ALTITUDE: Final = Scale(1.0, 4094)  # 4094: 4094 m and higher; 4095 not available
_HEADING: Final = Scale(1.0, 359)  # 511 not available


def position_batch(
    some: Heard, rows: NDArray[np.int64], options: Options, *, urgent: bool
) -> ObservationBatch:
    """Rows of position messages as one batch, in order."""
    columns = common_columns(some, rows) | position_columns(some, rows, options)
    return ObservationBatch(Kind.POSITION, pa.RecordBatch.from_pydict(columns), urgent)


def position_columns(some: Heard, rows: NDArray[np.int64], options: Options) -> dict[str, pa.Array]:
    """POSITION columns of these messages, of any position forms."""
    form = some.messages.form[rows]
    present = np.flatnonzero(np.bincount(form, minlength=len(Form)))
    numbers = {
        name: np.full(len(rows), np.nan, POSITION.field(name).type.to_pandas_dtype())
        for name in POSITION.names[:-1]
    }
    status = np.full(len(rows), -1, np.int64)
    for one in present.tolist():
        where = slice(None) if len(present) == 1 else np.flatnonzero(form == one)
        found = _decode(some.messages.take(rows[where]).columns(), Form(one), options)
        status[where] = found.pop("navigation_status", -1)
        for name, values in found.items():
            numbers[name][where] = values
    columns: dict[str, pa.Array] = {
        name: pa.array(values, POSITION.field(name).type, from_pandas=True)
        for name, values in numbers.items()
    }
    columns["navigation_status"] = word_column(status, NAVIGATION_STATUS)
    return columns


def _decode(columns: Columns, form: Form, options: Options) -> dict[str, NDArray]:  # type: ignore[type-arg]
    """Columns that this form reports, NaN where a message does not."""
    layout, scales = LAYOUTS[form], _SCALES.get(form, _FINE)
    latitude, longitude = read_place(columns, layout, scales.degree)
    found: dict[str, NDArray] = {  # type: ignore[type-arg]
        "latitude_deg": latitude,
        "longitude_deg": longitude,
        "position_std_m": _deviation(columns, layout, form, options),
    }
    found["position_std_m"][np.isnan(latitude)] = np.nan
    named = {f.name for f in layout.fields}
    for name, column, scale in (
        ("speed", "speed_mps", scales.speed),
        ("course", "course_deg", scales.course),
        ("heading", "heading_deg", _HEADING),
        ("alt", "altitude_m", _ALTITUDE),
    ):
        if name in named:
            field = layout.field(name)
            found[column] = scale.table(field.width)[columns.number(field)]
    if "turn" in named:
        found["turn_rate_degps"] = _TURN_RATES[columns.number(layout.field("turn"))]
    if "status" in named:
        found["navigation_status"] = columns.number(layout.field("status"))
    return found


def read_place(
    columns: Columns, layout: Layout, units_per_degree: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Latitude and longitude in degrees; both NaN where either is out of range (91, 181)."""
    latitude = columns.number(layout.field("lat")) / units_per_degree
    longitude = columns.number(layout.field("lon")) / units_per_degree
    absent = (np.abs(latitude) > 90) | (np.abs(longitude) > 180)
    latitude[absent] = np.nan
    longitude[absent] = np.nan
    return latitude, longitude


def turn_rate(raw: NDArray[np.int64]) -> NDArray[np.float64]:
    """Degrees per second to starboard of ROT_AIS = 4.733 sqrt(ROT) with ROT in degrees a minute.

    +-127 say "turning at more than 5 degrees in 30 s, no indicator" and -128 "not available":
    both give no rate (M.1371-5, table 48, "Rate of turn").
    """
    rate = (np.sign(raw) * np.square(raw / 4.733) / 60).astype(np.float64)
    rate[np.abs(raw) > 126] = np.nan
    return rate


@lru_cache
def _table(scale: Scale, width: int) -> NDArray[np.float32]:
    raw = np.arange(1 << width)
    return np.where(raw > scale.largest, np.nan, raw * scale.factor).astype(np.float32)


_TURN_RATES: Final = np.roll(turn_rate(np.arange(-128, 128)), 128).astype(np.float32)
"""By raw value: 0 to 127, then -128 to -1, as negative indices find them."""


def _deviation(
    columns: Columns, layout: Layout, form: Form, options: Options
) -> NDArray[np.float32]:
    """Standard deviation of each axis in metres, from the accuracy flag: see the README."""
    deviations = np.array([options.position_std_low_m, options.position_std_high_m], np.float32)
    if form is Form.LONG_RANGE:
        deviations = np.hypot(deviations, np.float32(LONG_RANGE_STEP_STD_M))
    return deviations[columns.number(layout.field("accuracy"))]
