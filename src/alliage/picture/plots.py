"""What sensors detected lately: the plots of a minute, each stream under one label set apart.

They are for looking at, beside the tracks that a tracker makes of them. A stream's bound is its
own, so that nothing hidden can push out what a reader may see.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from alliage.ontology.audience import Audience
from alliage.ontology.box import Box
from alliage.picture.entry import PictureEntry
from alliage.picture.stream_rows import StreamKey

KEPT_US: Final = 60_000_000
"""How long a plot is kept, by its stream's own time."""
ROWS_AT_MOST: Final = 20_000
"""Of one stream under one label set; the oldest batches go first."""
LEAD_US: Final = 1_000_000
"""How far a plot may be ahead of the picture's clock, which follows the reports."""

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


class SeenPlots(NamedTuple):
    """Plots of one stream under one label set, the newest first: n of each."""

    key: StreamKey
    sensor: list[str]  # identifiers
    valid_us: NDArray[np.int64]
    columns: dict[str, NDArray[np.float64]]  # as COLUMNS names them; NaN where nothing is said


@dataclass(frozen=True)
class _Batch:
    """What one entry brought: plots that measured something."""

    sensor: list[str]
    valid_us: NDArray[np.int64]
    columns: dict[str, NDArray[np.float64]]


@dataclass
class _Stream:
    batches: deque[_Batch] = field(default_factory=deque)
    rows: int = 0
    newest_us: int = 0

    def add(self, batch: _Batch) -> None:
        newest_us = int(batch.valid_us.max())
        if newest_us < self.newest_us - KEPT_US:
            self.batches.clear()  # time was set back: what comes is another run
            self.rows = self.newest_us = 0
        self.newest_us = max(self.newest_us, newest_us)
        self.batches.append(batch)
        self.rows += len(batch.sensor)
        oldest_us = self.newest_us - KEPT_US
        while len(self.batches) > 1 and (
            self.rows > ROWS_AT_MOST or int(self.batches[0].valid_us.max()) < oldest_us
        ):
            self.rows -= len(self.batches.popleft().sensor)


class RecentPlots:
    """The plots of the last minute. Used under the picture's lock."""

    def __init__(self) -> None:
        self._streams: dict[StreamKey, _Stream] = {}

    def add(self, entry: PictureEntry) -> None:
        """Take an entry of plots. Rows that only say that a look ended are none."""
        batch = _plots(entry.observations().rows)
        if batch is not None:
            key = StreamKey(entry.stream, entry.label_set)
            self._streams.setdefault(key, _Stream()).add(batch)

    def forget(self, stream: str) -> None:
        """What this stream reported counts no more."""
        for key in [key for key in self._streams if key.stream == stream]:
            del self._streams[key]

    def seen(
        self, audience: Audience, now_us: int, since_us: int, box: Box | None, at_most: int
    ) -> tuple[list[SeenPlots], bool]:
        """Plots that these readers may see, streams by their names.

        Args:
            audience: whose.
            now_us: the picture's time for these readers.
            since_us: what was detected before is left out.
            box: around plots, and around the sensors of bearings.
            at_most: plots of each stream, the newest.

        Returns:
            The plots, and whether these are all.
        """
        found, complete = [], True
        for key in sorted(key for key in self._streams if audience.sees(key.label_set)):
            plots = _chosen(key, self._streams[key], now_us + LEAD_US, since_us, box)
            if len(plots.sensor) > at_most:
                complete = False
                plots = _where(plots, np.arange(at_most))
            if plots.sensor:
                found.append(plots)
        return found, complete

    def sensors(self) -> dict[StreamKey, tuple[float, float]]:
        """Latitude and longitude of the sensor of each stream that has one, which stands still."""
        places = {key: _place(stream) for key, stream in self._streams.items()}
        return {key: place for key, place in places.items() if place is not None}


def _place(stream: _Stream) -> tuple[float, float] | None:
    batches = stream.batches
    lat, lon = (
        np.concatenate([batch.columns[f"sensor_{axis}_deg"] for batch in batches] or [np.empty(0)])
        for axis in ("latitude", "longitude")
    )
    if not len(lat) or np.isnan(lat).any() or max(np.ptp(lat), np.ptp(lon)) > STANDS_DEG:
        return None
    return float(np.median(lat)), float(np.median(lon))


def _plots(rows: pa.RecordBatch) -> _Batch | None:
    table = {name: _numbers(rows, name) for name in COLUMNS}
    measured = np.isfinite(table["latitude_deg"]) | np.isfinite(table["bearing_deg"])
    if not measured.any():
        return None
    words = rows.column("identifier").cast(pa.utf8()).to_pylist()
    valid = rows.column("valid").cast(pa.int64()).to_numpy(zero_copy_only=False)
    return _Batch(
        sensor=[words[row] for row in np.flatnonzero(measured)],
        valid_us=valid[measured],
        columns={name: values[measured] for name, values in table.items()},
    )


def _numbers(rows: pa.RecordBatch, name: str) -> NDArray[np.float64]:
    if name not in rows.schema.names:
        return np.full(rows.num_rows, np.nan)
    said = pc.cast(rows.column(name), pa.float64())
    numbers: NDArray[np.float64] = pc.fill_null(said, np.nan).to_numpy(zero_copy_only=False)
    return numbers


def _chosen(
    key: StreamKey, stream: _Stream, until_us: int, since_us: int, box: Box | None
) -> SeenPlots:
    batches = stream.batches
    together = SeenPlots(
        key,
        [word for batch in batches for word in batch.sensor],
        np.concatenate([batch.valid_us for batch in batches]),
        {name: np.concatenate([batch.columns[name] for batch in batches]) for name in COLUMNS},
    )
    wanted = (together.valid_us >= since_us) & (together.valid_us <= until_us)
    if box is not None:
        columns = together.columns
        placed = np.isfinite(columns["latitude_deg"])
        lon = np.where(placed, columns["longitude_deg"], columns["sensor_longitude_deg"])
        lat = np.where(placed, columns["latitude_deg"], columns["sensor_latitude_deg"])
        wanted &= box.mask(lon, lat)
    rows = np.flatnonzero(wanted)
    return _where(together, rows[np.argsort(-together.valid_us[rows], kind="stable")])


def _where(plots: SeenPlots, rows: NDArray[np.intp]) -> SeenPlots:
    return SeenPlots(
        plots.key,
        [plots.sensor[row] for row in rows.tolist()],
        plots.valid_us[rows],
        {name: values[rows] for name, values in plots.columns.items()},
    )
