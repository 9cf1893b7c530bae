"""Weather and water reports (message 8, DAC 1, FI 11 and 31) to ENVIRONMENT columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from alliage.feeds.ais.common import Heard, common_columns
from alliage.feeds.ais.messages import LAYOUTS, Form
from alliage.feeds.ais.positions import KNOT_MPS, read_place
from alliage.ontology.observation import ENVIRONMENT, POSITION, Kind, ObservationBatch

WEATHER_FORMS: Final = (Form.WEATHER_236, Form.WEATHER_289)
UNITS_PER_DEGREE: Final = 60_000
NAUTICAL_MILE_M: Final = 1852.0


@dataclass(frozen=True, slots=True)
class Measure:
    """``raw * factor + offset`` for raw values in a range; others are not a measurement."""

    field: str
    factor: float
    offset: float
    smallest: int
    largest: int


_SHARED: Final = {
    "wind_speed_mps": Measure("wspeed", KNOT_MPS, 0, 0, 126),
    "wind_gust_mps": Measure("wgust", KNOT_MPS, 0, 0, 126),
    "wind_direction_deg": Measure("wdir", 1, 0, 0, 359),
    "relative_humidity": Measure("humidity", 0.01, 0, 0, 100),
    "current_speed_mps": Measure("cspeed", KNOT_MPS / 10, 0, 0, 251),
    "current_direction_deg": Measure("cdir", 1, 0, 0, 359),
    "wave_height_m": Measure("waveheight", 0.1, 0, 0, 251),
    "wave_period_s": Measure("waveperiod", 1, 0, 0, 60),
    "wave_direction_deg": Measure("wavedir", 1, 0, 0, 359),
    "swell_height_m": Measure("swellheight", 0.1, 0, 0, 251),
    "swell_period_s": Measure("swellperiod", 1, 0, 0, 60),
    "swell_direction_deg": Measure("swelldir", 1, 0, 0, 359),
    "salinity": Measure("salinity", 0.1, 0, 0, 500),
}
MEASURES: Final[dict[Form, dict[str, Measure]]] = {
    Form.WEATHER_236: _SHARED  # SN.1/Circ.236, annex 2, table 2
    | {
        "air_temperature_degc": Measure("airtemp", 0.1, -60, 0, 1200),
        "dew_point_degc": Measure("dewpoint", 0.1, -20, 0, 700),
        "air_pressure_pa": Measure("pressure", 100, 80_000, 0, 400),
        "visibility_m": Measure("visibility", NAUTICAL_MILE_M / 10, 0, 0, 250),
        "water_level_m": Measure("waterlevel", 0.1, -10, 0, 400),
        "sea_temperature_degc": Measure("watertemp", 0.1, -10, 0, 600),
    },
    Form.WEATHER_289: _SHARED  # SN.1/Circ.289, annex, table 1.1
    | {
        "air_temperature_degc": Measure("airtemp", 0.1, 0, -600, 600),
        "dew_point_degc": Measure("dewpoint", 0.1, 0, -200, 500),
        "air_pressure_pa": Measure("pressure", 100, 79_900, 1, 401),
        "visibility_m": Measure("visibility", NAUTICAL_MILE_M / 10, 0, 0, 126),
        "water_level_m": Measure("waterlevel", 0.01, -10, 0, 4000),
        "sea_temperature_degc": Measure("watertemp", 0.1, 0, -100, 500),
    },
}


def weather_batch(some: Heard, rows: NDArray[np.int64], *, urgent: bool) -> ObservationBatch:
    """Rows of weather reports of one form as one batch."""
    form = Form(int(some.messages.form[rows[0]]))
    layout, columns = LAYOUTS[form], some.messages.take(rows).columns()
    latitude, longitude = read_place(columns, layout, UNITS_PER_DEGREE)
    table = common_columns(some, rows)
    table["latitude_deg"] = pa.array(latitude, from_pandas=True)
    table["longitude_deg"] = pa.array(longitude, from_pandas=True)
    for name in POSITION.names[2:]:
        table[name] = pa.nulls(len(rows), POSITION.field(name).type)
    for name in ENVIRONMENT.names:
        measure = MEASURES[form][name]
        raw = columns.number(layout.field(measure.field))
        values = raw * measure.factor + measure.offset
        values = np.where((raw < measure.smallest) | (raw > measure.largest), np.nan, values)
        table[name] = pa.array(values, ENVIRONMENT.field(name).type, from_pandas=True)
    return ObservationBatch(Kind.ENVIRONMENT, pa.RecordBatch.from_pydict(table), urgent)
