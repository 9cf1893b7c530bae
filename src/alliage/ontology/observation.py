"""Observations: immutable reports and measurements, as Arrow record batches.

Every batch has the :data:`COMMON` columns and then, by kind, the columns that its source reports.
A column that is absent, and a null, both mean "not reported". Angles are degrees clockwise from
true north, positions WGS 84, everything else SI with the unit in the name.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import pyarrow as pa

TIME: Final = pa.timestamp("us", tz="UTC")
WORD: Final = pa.dictionary(pa.int32(), pa.utf8())

COMMON: Final = pa.schema(
    [
        pa.field("identifier", WORD, nullable=False),  # "mmsi:219012345": scheme, colon, value
        pa.field("schema", WORD, nullable=False),  # ontology schema of the thing, "Vessel"
        pa.field("valid", TIME, nullable=False),  # when it was so
        pa.field("recorded", TIME),  # when its origin wrote it, by the origin's clock
        pa.field("received", TIME, nullable=False),  # when this node's transport had the bytes
        pa.field("receivers", pa.list_(WORD)),  # stations that heard it, e.g. ["2190067"]
        pa.field("report", WORD),  # message type in the format's own words, "AIS 1"
    ]
)

POSITION: Final = pa.schema(
    [
        pa.field("latitude_deg", pa.float64()),
        pa.field("longitude_deg", pa.float64()),
        pa.field("position_std_m", pa.float32()),  # standard deviation of each, or the longer, axis
        pa.field("position_minor_std_m", pa.float32()),  # of the shorter axis of an error ellipse
        pa.field("position_axis_deg", pa.float32()),  # which way its longer axis points, 0..180
        pa.field("altitude_m", pa.float32()),  # above the WGS 84 ellipsoid or MSL, see the feed
        pa.field("speed_mps", pa.float32()),  # over ground
        pa.field("course_deg", pa.float32()),  # over ground
        pa.field("heading_deg", pa.float32()),
        pa.field("turn_rate_degps", pa.float32()),  # positive to starboard
        pa.field("navigation_status", WORD),  # a value of the ontology's navigation_status
    ]
)

ESTIMATE: Final = pa.schema(
    [
        pa.field("velocity_std_mps", pa.float32()),  # standard deviation in each direction
        pa.field("existence", pa.float32()),  # 0..1, that there is such a thing at all
        pa.field("nis", pa.float32()),  # squared Mahalanobis distance of the plot taken
    ]
)
"""What a tracker says beside POSITION. The log keeps it; the history of positions does not."""

ENVIRONMENT: Final = pa.schema(
    [
        pa.field("wind_speed_mps", pa.float32()),
        pa.field("wind_gust_mps", pa.float32()),
        pa.field("wind_direction_deg", pa.float32()),  # where it comes from
        pa.field("air_temperature_degc", pa.float32()),
        pa.field("dew_point_degc", pa.float32()),
        pa.field("relative_humidity", pa.float32()),  # 0..1
        pa.field("air_pressure_pa", pa.float32()),
        pa.field("visibility_m", pa.float32()),
        pa.field("water_level_m", pa.float32()),  # relative to the local datum
        pa.field("current_speed_mps", pa.float32()),  # at the surface
        pa.field("current_direction_deg", pa.float32()),  # where it flows to
        pa.field("wave_height_m", pa.float32()),  # significant
        pa.field("wave_period_s", pa.float32()),
        pa.field("wave_direction_deg", pa.float32()),
        pa.field("swell_height_m", pa.float32()),
        pa.field("swell_period_s", pa.float32()),
        pa.field("swell_direction_deg", pa.float32()),
        pa.field("sea_temperature_degc", pa.float32()),
        pa.field("salinity", pa.float32()),  # practical salinity, dimensionless
    ]
)

TEXT: Final = pa.schema(
    [
        pa.field("text", pa.utf8()),
        pa.field("addressee", WORD),  # an identifier; null for a broadcast
    ]
)

PLOT: Final = pa.schema(
    [
        # Where what was detected is: none for a bearing alone.
        *[POSITION.field(n) for n in ("latitude_deg", "longitude_deg", "position_std_m")],
        *[POSITION.field(n) for n in ("position_minor_std_m", "position_axis_deg", "altitude_m")],
        pa.field("range_m", pa.float64()),  # along the surface, from the sensor
        pa.field("range_std_m", pa.float32()),
        pa.field("bearing_deg", pa.float64()),  # from the sensor
        pa.field("bearing_std_deg", pa.float32()),
        pa.field("sensor_latitude_deg", pa.float64()),  # where the sensor was at that moment
        pa.field("sensor_longitude_deg", pa.float64()),
        pa.field("look", pa.int64()),  # number of the sensor's look (scan, turn), rising
        pa.field("mode_3a", WORD),  # code that a transponder answered, four octal digits: "7700"
    ]
)
"""A detection by a sensor that does not know what it sees. The identifier is the sensor's. A row
that measured nothing says that a look ended: one that saw nothing has that row alone."""

LINE: Final = pa.schema(
    [
        *[PLOT.field(n) for n in ("bearing_deg", "bearing_std_deg")],
        pa.field("bearing_rate_degps", pa.float32()),  # how fast it changes, clockwise
        pa.field("bearing_rate_std_degps", pa.float32()),
        *[PLOT.field(n) for n in ("sensor_latitude_deg", "sensor_longitude_deg")],
        ESTIMATE.field("existence"),
    ]
)
"""A line of bearing, as a tracker follows it: which way a thing is from a sensor, and not how far.
The identifier is the line's, ``receivers`` names the sensor. It has no place but the sensor's."""


class Kind(StrEnum):
    """What a batch's rows say."""

    POSITION = "position"  # where something is and how it moves: COMMON + POSITION (+ ESTIMATE)
    STATIC = "static"  # properties of a thing: COMMON + columns named as ontology properties
    ENVIRONMENT = "environment"  # weather and water at a place: COMMON + POSITION + ENVIRONMENT
    TEXT = "text"  # words that somebody sent: COMMON + POSITION + TEXT
    PLOT = "plot"  # detections by a sensor without knowledge of what they are: COMMON + PLOT
    LINE = "line"  # which way something is from a sensor, followed over time: COMMON + LINE


@dataclass(frozen=True, slots=True)
class ObservationBatch:
    """Rows of one kind; ``urgent`` ones (distress) are written at once, not with the next flush."""

    kind: Kind
    rows: pa.RecordBatch
    urgent: bool = False


FIXED_COLUMNS: Final = {
    field.name: field
    for schema in (COMMON, POSITION, ESTIMATE, ENVIRONMENT, TEXT, PLOT, LINE)
    for field in schema
}
"""Every column whose name and type this module fixes; all others are ontology properties."""


def check_batch(batch: ObservationBatch, static_types: dict[str, pa.DataType]) -> None:
    """Refuse a batch that does not keep the contract.

    Args:
        batch: what a decoder made.
        static_types: Arrow type of every ontology property that a static report may carry.

    Raises:
        ValueError: names the column, what it has and what it should have.
    """
    names = batch.rows.schema.names
    for field in COMMON:
        if not field.nullable and field.name not in names:
            raise ValueError(f"a {batch.kind} batch lacks the column {field.name!r}")
    for field in batch.rows.schema:
        fixed = FIXED_COLUMNS.get(field.name)
        wanted = static_types.get(field.name) if fixed is None else fixed.type
        if wanted is None:
            raise ValueError(
                f"a {batch.kind} batch has the column {field.name!r}, which is neither an "
                "observation column nor an ontology property: see docs/reference/observations.md"
            )
        if field.type != wanted:
            raise ValueError(f"column {field.name!r} is {field.type}, the contract says {wanted}")


class BatchCheck:
    """:func:`check_batch` for a stream: columns that were seen and found good cost nothing."""

    def __init__(self, static_types: dict[str, pa.DataType]) -> None:
        """``static_types`` as :func:`check_batch` takes them."""
        self._static_types = static_types
        self._good: dict[Kind, list[pa.Schema]] = {kind: [] for kind in Kind}

    def __call__(self, batch: ObservationBatch) -> None:
        """Refuse a batch that does not keep the contract.

        Raises:
            ValueError: as :func:`check_batch`.
        """
        columns = batch.rows.schema
        good = self._good[batch.kind]
        if not any(columns.equals(known) for known in good):
            check_batch(batch, self._static_types)
            good.append(columns)
