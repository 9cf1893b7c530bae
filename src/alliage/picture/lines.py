"""Lines of bearing of the last minute: what trackers follow of things whose place nobody knows.

Each line stands as it was last told. One that is told no more is gone within the minute, as plots
are; it has no state that could be predicted to now, since its thing has no place.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from alliage.ontology.box import Box
from alliage.picture.recent import Batch, RecentRows, numbers_of, times_of, words_of

COLUMNS: Final = (
    "bearing_deg",
    "bearing_std_deg",
    "bearing_rate_degps",
    "bearing_rate_std_degps",
    "sensor_latitude_deg",
    "sensor_longitude_deg",
    "existence",
)
REACH_M: Final = 40_000.0
"""How far a line is drawn: nearer sensors than this have lines that may cross a box."""


class RecentLines(RecentRows):
    """The lines of the last minute, each as it was told last."""

    def _read(self, rows: pa.RecordBatch) -> Batch | None:
        table = numbers_of(rows, COLUMNS)
        told = np.isfinite(
            table["bearing_deg"] + table["sensor_latitude_deg"] + table["sensor_longitude_deg"]
        )
        if not told.any():
            return None
        batch = Batch(words_of(rows, "identifier"), _sensors(rows), times_of(rows), table)
        return batch.where(np.flatnonzero(told))

    def _within(self, rows: Batch, box: Box) -> NDArray[np.bool_]:
        at = rows.columns
        near = box.widened(REACH_M)
        return near.mask(at["sensor_longitude_deg"], at["sensor_latitude_deg"])

    def _chosen(self, rows: Batch) -> Batch:
        _, newest = np.unique(np.array(rows.identifier, object), return_index=True)
        return rows.where(np.sort(newest))


def _sensors(rows: pa.RecordBatch) -> list[str]:
    """The sensor of each line; empty where none is named."""
    if "receivers" not in rows.schema.names:
        return [""] * rows.num_rows
    return [said[0] if said else "" for said in rows.column("receivers").to_pylist()]
