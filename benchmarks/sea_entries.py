"""The reports of `sea_traffic.py` as entries of a log, which the history takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Final

import numpy as np
import pyarrow as pa

from alliage.ontology.observation import TIME, Kind, ObservationBatch
from benchmarks.sea_traffic import SHIPS_AT_ONCE, Columns

STREAM: Final = "denmark"
COMMITS_AT_ONCE_US: Final = 5_000_000
"""Some commits are handed over as one entry, so that making them takes little of the time."""
_NUMBERS: Final = count(1)
_SHIPS: Final = pa.array([f"mmsi:{219_000_000 + ship}" for ship in range(SHIPS_AT_ONCE)])
_STATIONS: Final = pa.array([f"219{station:04d}" for station in range(30)])
_STATUS: Final = pa.array(["under_way_using_engine", "at_anchor"])
_VESSEL: Final = pa.array(["Vessel"])
_REPORT: Final = pa.array(["AIS 1"])


@dataclass(frozen=True)
class Entry:
    """A committed entry, as the history needs it."""

    number: int
    batch: ObservationBatch
    known_us: int
    stream: str = STREAM
    label_set: int = 0
    kind: str = "observations:position"
    _content: None = None

    @property
    def entry_id(self) -> str:
        """Its id."""
        return f"{self.number:032x}"

    @property
    def rows(self) -> int:
        """How many."""
        return int(self.batch.rows.num_rows)

    def observations(self) -> ObservationBatch:
        """The rows."""
        return self.batch


def identifier(ship: int) -> str:
    """What the stream calls it."""
    return str(_SHIPS[ship].as_py())


def entries(hour: Columns) -> Iterator[Entry]:
    """The reports of an hour, entry by entry."""
    beats = hour["known_us"] // COMMITS_AT_ONCE_US
    cuts = np.flatnonzero(np.diff(beats)) + 1
    for begin, end in zip(np.r_[0, cuts], np.r_[cuts, len(beats)], strict=True):
        part = {name: column[begin:end] for name, column in hour.items()}
        yield Entry(next(_NUMBERS), _batch(part), int(part["known_us"][-1]))


def _batch(hour: Columns) -> ObservationBatch:
    rows = len(hour["ship"])
    same = pa.array(np.zeros(rows, np.int32))
    heard = _words(hour["station"], _STATIONS)
    columns = {
        "identifier": _words(hour["ship"], _SHIPS),
        "schema": pa.DictionaryArray.from_arrays(same, _VESSEL),
        "valid": pa.array(hour["valid_us"]).cast(TIME),
        "received": pa.array(hour["received_us"]).cast(TIME),
        "receivers": pa.ListArray.from_arrays(pa.array(np.arange(rows + 1, dtype=np.int32)), heard),
        "report": pa.DictionaryArray.from_arrays(same, _REPORT),
        "latitude_deg": pa.array(hour["latitude_deg"]),
        "longitude_deg": pa.array(hour["longitude_deg"]),
        "position_std_m": pa.array(np.full(rows, 5, np.float32)),
        "speed_mps": pa.array(hour["speed_mps"]),
        "course_deg": pa.array(hour["course_deg"]),
        "heading_deg": pa.array(hour["heading_deg"]),
        "navigation_status": _words(hour["status"], _STATUS),
    }
    return ObservationBatch(Kind.POSITION, pa.RecordBatch.from_pydict(columns))


def _words(numbers: np.ndarray, words: pa.Array) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(numbers.astype(np.int32)), words)
