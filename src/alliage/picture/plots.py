"""What sensors detected lately: the plots of a minute, each stream under one label set apart.

They are for looking at, beside the tracks that a tracker makes of them.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from alliage.ontology.box import Box
from alliage.picture.recent import Batch, RecentRows, Stream, numbers_of, times_of, words_of
from alliage.picture.stream_rows import StreamKey

COLUMNS: Final = (
    "latitude_deg",
    "longitude_deg",
    "position_std_m",
    "position_minor_std_m",
    "position_axis_deg",
    "bearing_deg",
    "bearing_std_deg",
    "range_m",
    "sensor_latitude_deg",
    "sensor_longitude_deg",
)


STANDS_DEG: Final = 1e-3
"""What moves no farther within a minute, some 100 m, stands still: others wander with a ship."""


class RecentPlots(RecentRows):
    """The plots of the last minute; rows that only say that a look ended are none."""

    def sensors(self) -> dict[StreamKey, tuple[float, float]]:
        """Latitude and longitude of the sensor of each stream that has one, which stands still."""
        places = {key: _place(stream) for key, stream in self._streams.items()}
        return {key: place for key, place in places.items() if place is not None}

    def _read(self, rows: pa.RecordBatch) -> Batch | None:
        table = numbers_of(rows, COLUMNS)
        measured = np.isfinite(table["latitude_deg"]) | np.isfinite(table["bearing_deg"])
        if not measured.any():
            return None
        words = words_of(rows, "identifier")  # a plot's is its sensor's
        return Batch(words, words, times_of(rows), table).where(np.flatnonzero(measured))

    def _within(self, rows: Batch, box: Box) -> NDArray[np.bool_]:
        columns = rows.columns
        placed = np.isfinite(columns["latitude_deg"])
        lon = np.where(placed, columns["longitude_deg"], columns["sensor_longitude_deg"])
        lat = np.where(placed, columns["latitude_deg"], columns["sensor_latitude_deg"])
        return box.mask(lon, lat)


def _place(stream: Stream) -> tuple[float, float] | None:
    batches = stream.batches
    lat, lon = (
        np.concatenate([batch.columns[f"sensor_{axis}_deg"] for batch in batches] or [np.empty(0)])
        for axis in ("latitude", "longitude")
    )
    if not len(lat) or np.isnan(lat).any() or max(np.ptp(lat), np.ptp(lon)) > STANDS_DEG:
        return None
    return float(np.median(lat)), float(np.median(lon))
